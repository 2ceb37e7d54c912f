#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/files/generations_file.h"
#include "apps/tool/holder_files.h"
#include "base/clock.h"
#include "crypto/private_key.h"
#include "store/certificate_store.h"

namespace signet::tool {

/// An authority that was made: what its signetd.toml says, as far as those look at it who care for
/// its keys. Paths are absolute; what is not set is empty.
struct AuthorityFolder {
  std::string directory;
  std::string configuration;
  HolderFiles first;  ///< the authority's first key, with its chain
  std::vector<files::Generation> generations;
  HolderFiles tls;
  HolderFiles cmc;
  HolderFiles encryption;
  HolderFiles agent;  ///< the first agent's, in no setting: agent.pem, where it is still there
  std::string store;  ///< its file; empty: a database that nodes share, or the server's memory
  std::string store_key;
  std::string journal;
  std::string profiles;
  bool profiles_from_store = false;
  std::string generations_file;
  std::uint32_t crl_shards = 1;
  std::string crl_uri;
  std::string delta_uri;
  std::string signing_algorithm;

  /// The key that issues.
  [[nodiscard]] HolderFiles current() const;
  /// Its CRL shards begin here.
  [[nodiscard]] std::uint32_t first_crl_shard() const;
};

/// Faults: bad_configuration (no such file), those of read_folder_configuration and of
/// files::read_generations.
Result<AuthorityFolder> read_authority_folder(const std::string& directory);

/// The key that issues, its certificate, and those above it.
struct IssuingKey {
  std::vector<pkix::Certificate> chain;
  std::unique_ptr<crypto::PrivateKey> key;
};
/// Faults: as read_key_file; bad_configuration when they do not belong together.
Result<IssuingKey> open_issuing_key(const AuthorityFolder& folder);
/// That an authority whose certificate this is may issue now. Faults: bad_configuration, with what
/// to do.
Result<void> check_in_force(const pkix::Certificate& own, Time now);
/// Faults: as open_authority_store.
Result<std::unique_ptr<store::Engine>> open_store(const AuthorityFolder& folder);
/// For who only asks. Faults: as look_into_authority_store.
Result<std::unique_ptr<const store::Engine>> look_into_store(const AuthorityFolder& folder);

/// What lies between a certificate that this key issued and the roots that others may trust: this
/// authority's certificate where it is no root itself, those above it, and the cross-certificates
/// by which earlier keys vouch for later ones.
Result<std::vector<pkix::Certificate>> links_of(const AuthorityFolder& folder,
                                                const IssuingKey& issuing);

/// The certificates of all keys of the authority, the first one's first.
Result<std::vector<pkix::Certificate>> own_certificates(const AuthorityFolder& folder);

}  // namespace signet::tool
