#pragma once

#include <optional>
#include <string>

#include "codec/pkix/certificate.h"

namespace signet::issuance {

/// The shards that belong to one key of the authority: it signs their CRLs. A certificate's shard
/// says thereby which key issued it.
struct ShardRange {
  std::uint32_t first = 0;
  std::optional<std::uint32_t> end = {};  ///< the next key's first; none: the key that issues now
  [[nodiscard]] bool holds(std::uint32_t shard) const {
    return first <= shard && (!end || shard < *end);
  }
  bool operator==(const ShardRange&) const = default;
};

/// Where an authority's CRLs are found. Its certificates are spread over shards, each with CRLs of
/// its own; "{shard}" in an address stands for the shard's number.
struct CrlPoints {
  std::uint32_t shards = 1;  ///< new certificates are spread over so many
  ShardRange of_key = {};    ///< this key's; new certificates use the first `shards` of them
  /// The first shards of the authority's earlier keys, whose CRLs are still published.
  std::vector<std::uint32_t> of_earlier_keys = {};
  std::string uri;        ///< of the full CRLs; empty: certificates do not name them
  std::string delta_uri;  ///< of the deltas; empty: nothing names them
  /// Former addresses of the full CRLs: certificates of shard 0 name them still.
  std::vector<std::string> earlier_uris;
  bool freshest_in_certificates = false;  ///< they name the deltas too
};

/// Of a new certificate: by its serial number, the last ten octets of which are random.
std::uint32_t choose_shard(const CrlPoints& points, const pkix::Integer& serial_number);

/// By what a shard's full CRL is named: what its issuingDistributionPoint says, where there are
/// several shards. Empty where certificates name none.
pkix::GeneralNames names_of_shard(const CrlPoints& points, std::uint32_t shard);
/// The same for its deltas.
pkix::GeneralNames names_of_deltas(const CrlPoints& points, std::uint32_t shard);

/// Chooses a new certificate's shard, and adds to the extensions where its CRLs are:
/// cRLDistributionPoints (RFC 5280 §4.2.1.13), and freshestCRL (§4.2.1.15) where wanted. One that
/// names a place already, by its profile, belongs to the first shard of the key.
std::uint32_t place(const CrlPoints& points, const pkix::Integer& serial_number,
                    pkix::Extensions& extensions);

}  // namespace signet::issuance
