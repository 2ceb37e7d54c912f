#pragma once

#include <string>

#include "codec/pkix/certificate.h"

namespace signet::issuance {

/// Where an authority's CRLs are found. Its certificates are spread over shards, each with CRLs of
/// its own; "{shard}" in an address stands for the shard's number.
struct CrlPoints {
  std::uint32_t shards = 1;  ///< over so many new certificates are spread
  std::string uri;           ///< of the full CRLs; empty: certificates do not name them
  std::string delta_uri;     ///< of the deltas; empty: nothing names them
  /// By which certificates of shard 0 name their CRL besides.
  std::vector<std::string> earlier_uris;
  bool freshest_in_certificates = false;  ///< they name the deltas too
};

/// Of a new certificate: by its serial number, whose octets are random.
std::uint32_t choose_shard(const CrlPoints& points, const pkix::Integer& serial_number);

/// By what a shard's full CRL is named: what its issuingDistributionPoint says, where there are
/// several shards. Empty where certificates name none.
pkix::GeneralNames names_of_shard(const CrlPoints& points, std::uint32_t shard);
/// The same for its deltas.
pkix::GeneralNames names_of_deltas(const CrlPoints& points, std::uint32_t shard);

/// Chooses a new certificate's shard, and adds to the extensions where its CRLs are:
/// cRLDistributionPoints (RFC 5280 §4.2.1.13), and freshestCRL (§4.2.1.15) where wanted. One that
/// names a place already, by its profile, belongs to shard 0.
std::uint32_t place(const CrlPoints& points, const pkix::Integer& serial_number,
                    pkix::Extensions& extensions);

}  // namespace signet::issuance
