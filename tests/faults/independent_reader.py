"""Looks at what a server left behind, without any of the server's code: SQLite's own reader for the
store, JSON and SHA-256 for the journal (src/audit/chain.h says what a record is), the DER itself for
serial numbers."""
import hashlib
import json
import sqlite3


def certificates(store):
    """DER -> who asked, of every certificate on record."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
        return dict(database.execute("SELECT certificate_der, requester FROM certificate"))


def open_requests(store):
    """How many requests wait for an agent."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
        return database.execute("SELECT count(*) FROM pending_request WHERE state = 0").fetchone()[0]


def integrity(store):
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
        return database.execute("PRAGMA integrity_check").fetchone()[0]


def journal(path):
    """(records, the first thing that is wrong or None, serial numbers of CERT_REQUEST_PROCESSED)."""
    previous, serials, records = "0" * 64, set(), 0
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            body, mark, _ = line.rpartition(b',"hash":')
            if not line.endswith(b"\n") or not mark:
                return records, f"line {number} is cut off", serials
            record = json.loads(line)
            if record["sequence"] != number:
                return records, f"line {number} has sequence {record['sequence']}", serials
            if record["previous"] != previous:
                return records, f"line {number} does not follow the one before", serials
            if hashlib.sha256(body).hexdigest() != record["hash"]:
                return records, f"line {number} does not have its hash", serials
            previous, records = record["hash"], records + 1
            if record["event"] == "CERT_REQUEST_PROCESSED":
                serials.add(record["fields"].get("CertSerialNum"))
    return records, None, serials


def _element(octets, at):
    """(start of the contents, end) of the DER element at `at`."""
    length, start = octets[at + 1], at + 2
    if length & 0x80:
        octets_of_length = length & 0x7F
        length = int.from_bytes(octets[start:start + octets_of_length], "big")
        start += octets_of_length
    return start, start + length


def serial_number(certificate):
    """As the journal writes it."""
    tbs, _ = _element(certificate, 0)
    first, _ = _element(certificate, tbs)
    if certificate[first] == 0xA0:  # version
        _, first = _element(certificate, first)
    start, end = _element(certificate, first)
    return "0x" + (certificate[start:end].lstrip(b"\0").hex() or "00")
