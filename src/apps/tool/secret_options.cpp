#include "apps/tool/secret_options.h"

#include <cstdlib>

#include "adapters/files/file.h"
#include "apps/tool/terminal.h"
#include "apps/tool/usage.h"

namespace signet::tool {
namespace {

constexpr const char* kVariable = "SIGNET_SECRET";

Result<SecretBytes> find_secret(const SecretOptions& options) {
  if (!options.secret_file.empty()) return files::read_passphrase_file(options.secret_file);
  if (const char* value = std::getenv(kVariable)) return SecretBytes{std::string_view{value}};
  if (auto asked = ask_terminal("Shared secret: ")) return std::move(*asked);
  return Error{
      Fault::bad_configuration,
      "no shared secret: give --secret-file, or SIGNET_SECRET in the environment, or start "
      "the command at a terminal to be asked"};
}

CLI::Option* add_secret_file_option(CLI::App& command, SecretOptions& options) {
  return command
      .add_option("--secret-file", options.secret_file,
                  "File whose first line is the shared secret (else SIGNET_SECRET, else asked for)")
      ->type_name("FILE");
}

}  // namespace

void add_secret_holder_options(CLI::App& command, SecretOptions& options) {
  auto* identity =
      command
          .add_option(
              "--identity", options.identity,
              "Whose shared secret an answer in an AuthenticatedData is MACed under, or what "
              "an answer says of trust anchors (authData)")
          ->type_name("NAME");
  add_secret_file_option(command, options)->needs(identity);
}

void add_secret_options(CLI::App& command, SecretOptions& options) {
  auto* identity = command
                       .add_option("--identity", options.identity,
                                   "Who asks, by the name that goes with a shared secret: no "
                                   "certificate is needed, the new key signs")
                       ->type_name("NAME");
  add_secret_file_option(command, options)->needs(identity);
  auto* none = command
                   .add_flag("--no-link", options.without_link,
                             "Do not tie the request to the secret (popLinkWitnessV2)")
                   ->needs(identity);
  command
      .add_flag("--dogtag-link", options.dogtag_link,
                "Tie it by Dogtag's rule: the key is of secret and identification joined")
      ->needs(identity)
      ->excludes(none);
  command
      .add_flag("--authenticated-data", options.authenticated_data,
                "Protect the message by a MAC under the secret (AuthenticatedData) instead of a "
                "signature and identityProofV2")
      ->needs(identity);
  put_options_under(
      command, "By a shared secret",
      {"--identity", "--secret-file", "--no-link", "--dogtag-link", "--authenticated-data"});
}

Result<SecretBytes> read_shared_secret(const SecretOptions& options) {
  auto secret = TRY(find_secret(options));
  if (!secret.empty()) return secret;
  return Error{Fault::bad_configuration,
               options.secret_file.empty()
                   ? "the shared secret is empty"
                   : options.secret_file + ": its first line, the shared secret, is empty"};
}

Result<std::optional<SecretProof>> read_secret_proof(const SecretOptions& options,
                                                     RandomSource& random) {
  if (options.identity.empty()) return std::optional<SecretProof>{};
  auto secret = TRY(read_shared_secret(options));
  SecretProof proof{.identification = options.identity,
                    .secret = std::move(secret),
                    .link_random = {},
                    .authenticated_data = options.authenticated_data};
  if (options.dogtag_link) proof.link_key = client::LinkKey::of_secret_and_identification;
  if (!options.without_link) proof.link_random = TRY(client::make_link_random(random));
  return std::optional<SecretProof>{std::move(proof)};
}

}  // namespace signet::tool
