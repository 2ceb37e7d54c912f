#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <span>

#include "audit/event.h"

namespace signet::audit {

/// The last link of the chain: what the next record is bound to.
struct ChainHead {
  std::uint64_t sequence = 0;  ///< of the last record; 0 before the first
  Bytes hash = Bytes(32, 0);   ///< SHA-256; zeros before the first
  bool operator==(const ChainHead&) const = default;
};

/// One line (without the line feed): a JSON object whose members stand in this order:
///   sequence, time, event, outcome, fields {…}, previous (hex), hash (hex)
///   hash = SHA-256 of the line's octets from '{' up to and without `,"hash":`
/// `head` moves on to this record.
std::string write_record(const Event& event, ChainHead& head);
/// The same, each line with its line feed, one behind another.
std::string write_records(std::span<const Event* const> events, ChainHead& head);

struct Record {
  std::uint64_t sequence = 0;
  Event event;
  Bytes previous;
  Bytes hash;
};
/// The form that write_record gives, and a hash that fits. Does not look at what went before: see
/// verify_chain. Faults: malformed.
Result<Record> read_record(std::string_view line);

/// What a walk over a journal found.
struct ChainReport {
  std::uint64_t records = 0;
  ChainHead head;
  /// The first record that does not hold: its line (from 1) and why. None when all hold.
  struct Break {
    std::uint64_t line = 0;
    std::string reason;
  };
  std::optional<Break> first_break;
};
ChainReport verify_chain(std::istream& journal);

}  // namespace signet::audit
