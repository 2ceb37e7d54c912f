#pragma once

#include "adapters/files/generations_file.h"
#include "apps/configuration/configuration.h"
#include "authority/response_signer.h"
#include "base/log.h"

namespace signet::server {

/// The certificates of an authority, one chain for each key that it had; the oldest first.
struct AuthorityCertificates {
  std::vector<std::vector<pkix::Certificate>> chains;  ///< own first, root last
  std::vector<pkix::Certificate> cross;                ///< by one key for another
  std::vector<issuance::ShardRange> shards;            ///< of each key
  std::optional<Time> rolled_over;                     ///< when the last key took over

  [[nodiscard]] std::vector<pkix::Certificate> own() const;
  /// The roots above them, each once, the last key's first.
  [[nodiscard]] std::vector<pkix::Certificate> anchors() const;
  /// The chains alone: for who trusts every root there is. Cross-certificates among anchors would
  /// lead a path in circles.
  [[nodiscard]] std::vector<pkix::Certificate> without_cross() const;
  /// What others are shown: of the last key first, and before each certificate of a key the one by
  /// which another key vouches for it, so that who trusts any of the keys finds its way. Without
  /// the roots of earlier keys: who trusts them has them, others would be led astray.
  [[nodiscard]] std::vector<pkix::Certificate> shown() const;
};
/// From the configuration and the file `generations` beside it. Faults: bad_configuration and those
/// of reading.
Result<AuthorityCertificates> read_authority_certificates(const Configuration& configuration);

/// One key, and what it issued.
struct AuthorityKey {
  issuance::Issuer issuer;
  issuance::ShardRange shards;
  pkix::AlgorithmIdentifier signature_algorithm;
};
/// All keys, the oldest first; the last issues. `certificates`: as read. Faults: as
/// issuance::Issuer::make and read_key; bad_configuration when [authority] signing_algorithm does
/// not fit the key that issues.
Result<std::vector<AuthorityKey>> read_authority_keys(const Configuration& configuration,
                                                      const AuthorityCertificates& certificates);

/// What signs responses, from the files that the configuration names; null: the authority's own key
/// does, as where [compatibility] authority_signs. `authority`: as make_response_signer. One that
/// has ended, or soon will, is no fault: the log tells of it. Faults: as make_response_signer and
/// read_key.
Result<std::shared_ptr<const authority::ResponseSigner>> read_response_signer(
    const Configuration& configuration, const std::vector<pkix::Certificate>& authority, Log& log);

}  // namespace signet::server
