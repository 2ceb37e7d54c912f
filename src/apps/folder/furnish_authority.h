#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "apps/folder/authority_configuration.h"
#include "apps/folder/new_authority.h"
#include "crypto/private_key.h"

namespace signet::tool {

/// An authority's key, and its certificate with the chain above it, own first.
struct AuthorityIdentity {
  const crypto::PrivateKey& key;
  const std::vector<pkix::Certificate>& chain;
};

/// Whether it is an IP address, and no name.
bool is_address(const std::string& host);
/// An address to listen on. Faults: malformed.
Result<void> check_address(const std::string& address);
/// An IP address or a host name (policy::is_host_name) for a TLS certificate, whose first label may
/// be "*". Faults: malformed.
Result<void> check_host(const std::string& host);
/// Checks what was asked for before anything is written; where the profiles will come from.
/// Faults: malformed (host, address), bad_configuration (no profiles).
Result<std::string> check_wanted(const NewAuthority& wanted);

/// Somebody with a key and a certificate, of the new authority or brought along.
struct Holder {
  std::unique_ptr<crypto::PrivateKey> key;
  pkix::Certificate certificate;
  std::vector<pkix::Certificate> chain = {};  ///< of one that was brought along; else ours
  bool is_ours = true;                        ///< the new authority issued it
};
struct FirstHolders {
  Holder tls;
  std::optional<Holder> agent;  ///< none where agents have certificates already
  Holder encryption;            ///< what messages are encrypted to
  Holder cmc;                   ///< signs responses
};
/// Each touches no disk. Faults: malformed (a name or host), signing_failed.
Result<FirstHolders> make_first_holders(const NewAuthority& wanted,
                                        const AuthorityIdentity& authority, Time now);
Result<Holder> make_tls(const NewAuthority& wanted, const AuthorityIdentity& authority, Time now);
Result<Holder> make_agent(const NewAuthority& wanted, const AuthorityIdentity& authority, Time now);
Result<Holder> make_encryption(const NewAuthority& wanted, const AuthorityIdentity& authority,
                               Time now);
/// As strong as the authority's own key.
Result<Holder> make_cmc(const AuthorityIdentity& authority, Time now);

/// Writes all that an authority needs beside its key and configuration: ca.pem, the first holders'
/// files, profiles, store and journal. The holders' certificates go on record: only what the store
/// holds counts as ours. Faults: storage_failed.
Result<void> furnish(const NewAuthority& wanted, const std::vector<pkix::Certificate>& chain,
                     const FirstHolders& holders,
                     const std::vector<std::filesystem::path>& profiles, const Clock& clock);

/// Writes signetd.toml: the last thing, since with it there is an authority. Address, port, key and
/// passphrase are those of `wanted`. Faults: storage_failed.
Result<MadeAuthority> configure(const NewAuthority& wanted, AuthorityConfiguration configuration);

/// Both, for an authority that is new: with all profiles of a folder, its first agent configured.
Result<MadeAuthority> establish(const NewAuthority& wanted,
                                const std::vector<pkix::Certificate>& chain,
                                const FirstHolders& holders, const std::string& profiles,
                                const Clock& clock);

}  // namespace signet::tool
