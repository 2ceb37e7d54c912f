#pragma once

#include "adapters/takeover/certificate_record.h"

namespace signet::takeover {

/// What an export holds, found before anything of it is taken.
struct Surveyed {
  RequestIndex requests;
  std::optional<std::uint64_t> last_crl_number;  ///< the highest, deltas' too
  /// Lines at which certificates begin that stood there before, octet for octet; sorted.
  std::vector<std::uint64_t> repeated;
  std::uint64_t certificates = 0;   ///< that name the authority as their issuer
  std::uint64_t shifted_dates = 0;  ///< of these: the record has another notBefore
  std::chrono::seconds shift{0};    ///< of the first of these
};

/// Looks at each entry of an export once. Memory: 24 octets a certificate, and the RequestIndex.
class Survey {
 public:
  /// The authority outlives it.
  Survey(const IssuingAuthority& authority, ToUtc to_utc)
      : authority_(authority), to_utc_(std::move(to_utc)) {}

  /// Faults: malformed, where the export says itself that it was cut short.
  Result<void> see(const ldif::Entry& entry);
  /// Faults: already_exists, when one serial number was given to two certificates.
  Result<Surveyed> finish() &&;

 private:
  struct Seen {
    std::uint64_t serial = 0;       ///< of a hash
    std::uint64_t certificate = 0;  ///< likewise
    std::uint64_t line = 0;
  };
  void see_certificate(const ldif::Entry& entry);
  void see_request(const ldif::Entry& entry);
  void see_issuing_point(const ldif::Entry& entry);

  const IssuingAuthority& authority_;
  ToUtc to_utc_;
  Surveyed surveyed_;
  std::vector<Seen> seen_;
};

/// Whether a request has brought what was asked for.
bool is_complete(const ldif::Entry& request);

}  // namespace signet::takeover
