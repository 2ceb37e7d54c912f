#pragma once

#include <array>

#include "codec/pkix/tbs_cert_list_writer.h"
#include "issuance/issuer.h"

namespace signet::issuance {

struct CrlInput {
  std::uint64_t number = 1;  ///< cRLNumber
  Time this_update;
  Time next_update;
  pkix::AlgorithmIdentifier signature_algorithm;
  std::uint32_t shard = 0;
  std::optional<std::uint64_t> base_number = {};  ///< of a delta; none: a full one
  Bytes issuing_point = {};        ///< issuingDistributionPoint's value; empty: all certificates
  pkix::GeneralNames deltas = {};  ///< freshestCRL of a full one; empty: none
};

/// A CRL of the issuer (RFC 5280 §5) from entries that come one after another: cRLNumber and
/// authorityKeyIdentifier; critical issuingDistributionPoint (§5.2.5), deltaCRLIndicator (§5.2.4)
/// and freshestCRL (§5.2.6) as the input says; each entry with its reasonCode, unless it is
/// unspecified, and its invalidityDate where there is one. Verified with the issuer's own
/// certificate before it leaves.
class CrlBuilder {
 public:
  CrlBuilder(const Issuer& issuer, CrlInput input);

  /// One that is valid again is listed with removeFromCRL: for deltas.
  void add(const store::StatusEntry& entry);
  [[nodiscard]] std::size_t entries() const { return writer_.entries(); }
  /// Once, at the end. `last_change`: up to which change of status it tells. Faults:
  /// signing_failed, internal.
  Result<store::CrlRecord> sign(std::uint64_t last_change);

 private:
  [[nodiscard]] const Bytes& reason_alone(pkix::CRLReason reason);
  [[nodiscard]] pkix::Extensions crl_extensions() const;

  const Issuer& issuer_;
  CrlInput input_;
  pkix::TbsCertListWriter writer_;
  std::array<Bytes, pkix::kCRLReasons>
      reasons_;  ///< extensions of an entry with this reason and no date
};

/// Whether the issuer's key signed a CRL. Its entries are not read. Faults: malformed,
/// bad_signature, unsupported_algorithm.
Result<void> check_crl_signature(ByteView der, const Issuer& issuer);

}  // namespace signet::issuance
