#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "base/secret_bytes.h"
#include "client/build_request.h"

namespace signet::tool {

/// Which shared secret proves who asks, as the command line says it. The secret itself never stands
/// there: it comes from a file, from SIGNET_SECRET, or is asked for.
struct SecretOptions {
  std::string identity;  ///< identification; empty: no shared secret is used
  std::string secret_file;
  bool without_link = false;
  bool dogtag_link = false;
  bool authenticated_data = false;
};
void add_secret_options(CLI::App& command, SecretOptions& options);
/// Only whose secret it is: for who reads an answer, and proves nothing.
void add_secret_holder_options(CLI::App& command, SecretOptions& options);

/// The shared secret: first line of the file, else SIGNET_SECRET, else typed in at the terminal.
/// Faults: bad_configuration when there is none of these, or an empty one; as files::read_file.
Result<SecretBytes> read_shared_secret(const SecretOptions& options);

/// Somebody with a shared secret, and how requests are tied to it.
struct SecretProof {
  std::string identification;
  SecretBytes secret;
  std::optional<Bytes> link_random;  ///< none: no link
  client::LinkKey link_key = client::LinkKey::of_secret;
  bool authenticated_data = false;
  bool wants_anchors = false;  ///< asks what is to be trusted, in its first message

  [[nodiscard]] client::SecretHolder holder() const { return {identification, secret}; }
};
/// None when the options name nobody. Faults: as read_shared_secret.
Result<std::optional<SecretProof>> read_secret_proof(const SecretOptions& options,
                                                     RandomSource& random);

}  // namespace signet::tool
