#pragma once

#include "store/records.h"

namespace signet::store {

// What columns hold that is no plain value, for every engine with tables.

/// storage_failed: a row that we never write.
Error damaged(std::string_view what);

/// Faults: storage_failed, for a number above `last`'s or below 0.
template <typename Enumeration>
Result<Enumeration> to_enumerator(std::int64_t number, Enumeration last, std::string_view what) {
  if (number < 0 || number > static_cast<std::int64_t>(last)) return damaged(what);
  return static_cast<Enumeration>(number);
}
Result<CertificateStatus> to_status(std::int64_t number);
Result<ChallengeState> to_challenge_state(std::int64_t number);
Result<pkix::CRLReason> to_reason(std::int64_t number);

/// SEQUENCE OF INTEGER
Bytes write_serial_numbers(const std::vector<Integer>& serial_numbers);
/// Faults: storage_failed.
Result<std::vector<Integer>> read_serial_numbers(ByteView der);

inline constexpr std::size_t kMarkOctets = 8;
/// By which certificates of one subject are found: the first octets of its SHA-256.
Bytes subject_mark(ByteView subject_der);

}  // namespace signet::store
