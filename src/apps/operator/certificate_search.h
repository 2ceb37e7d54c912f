#pragma once

#include <functional>
#include <optional>
#include <string>

#include "store/certificate_store.h"

namespace signet::tool {

/// What a certificate is worth by now, in one word.
enum class CertificateState { valid, revoked, held, expired };
/// A revoked one stays so when it expires; one on hold expires as others do.
CertificateState state_of(const store::CertificateRecord& record, Time now);
std::string_view state_name(CertificateState state);
/// Faults: malformed.
Result<CertificateState> state_from_text(std::string_view text);

/// Which certificates are wanted: those that all of this holds of.
struct CertificateWish {
  /// A whole name, as it stands or in its usual spellings (pkix::respelled); or a part of its text
  /// (RFC 4514), in any case. Empty: any.
  std::string subject = {};
  std::optional<store::Integer> serial = {};
  std::optional<Bytes> key_hash = {};  ///< crypto::key_hash
  std::optional<CertificateState> state = {};
  std::string profile = {};                              ///< its id; empty: any
  std::optional<Time> issued_since = {};                 ///< inclusive
  std::optional<Time> issued_until = {};                 ///< exclusive
  std::optional<std::chrono::seconds> ends_within = {};  ///< not yet at an end, but by then
};

/// Hands over the wanted certificates, newest first, until `take` says false. By index where serial
/// number, key or whole name are given; else by a walk through the store that holds one page. Where
/// certificates have the whole name, they are all that is found by it.
/// Faults: storage_failed.
Result<void> for_each_certificate(const store::CertificateStore& store, const CertificateWish& wish,
                                  Time now,
                                  const std::function<bool(const store::CertificateRecord&)>& take);

/// RFC 4514; hexadecimal with a leading '#' for what is no name.
std::string subject_text(const store::CertificateRecord& record);

}  // namespace signet::tool
