#!/usr/bin/env python3
"""Ciphertexts whose PKCS#1 padding is wrong, and what an OpenSSL with implicit rejection (3.2 or
later; here the one inside pyca/cryptography) gives for them: ./generate-wrong-padding.py
Reads rsa2048.pem, writes wrong-padding.txt: kind, ciphertext and answer in hexadecimal."""
import secrets
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

key = load_pem_private_key(open("rsa2048.pem", "rb").read(), None)
public = key.public_key().public_numbers()
octets = 256


def encrypt(block):
    return pow(int.from_bytes(block, "big"), public.e, public.n).to_bytes(octets, "big")


def nonzero(count):
    return bytes(1 + secrets.randbelow(255) for _ in range(count))


blocks = {
    "random": bytes([0]) + secrets.token_bytes(255),
    "first-octet-1": b"\x01\x02" + nonzero(221) + b"\x00" + bytes(32),
    "block-type-1": b"\x00\x01" + b"\xff" * 221 + b"\x00" + bytes(32),
    "no-separator": b"\x00\x02" + nonzero(254),
    "padding-of-7": b"\x00\x02" + nonzero(7) + b"\x00" + nonzero(246),
    "right-padding-of-8": b"\x00\x02" + nonzero(8) + b"\x00" + nonzero(245),
    "right-empty-message": b"\x00\x02" + nonzero(253) + b"\x00",
}
with open("wrong-padding.txt", "w") as out:
    for kind, block in blocks.items():
        ciphertext = encrypt(block)
        answer = key.decrypt(ciphertext, padding.PKCS1v15())
        assert not kind.startswith("right") or block.endswith(b"\x00" + answer)
        out.write(f"{kind} {ciphertext.hex()} {answer.hex() or '-'}\n")
