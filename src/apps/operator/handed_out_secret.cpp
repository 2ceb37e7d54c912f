#include "apps/operator/handed_out_secret.h"

#include "adapters/files/file.h"
#include "apps/tool/secret_options.h"
#include "proof/identity/token_rules.h"

namespace signet::tool {

void add_out_option(CLI::App& command, HandedOutSecret& wanted) {
  command
      .add_option("--out", wanted.out, "Write the secret here (mode 0600) instead of showing it")
      ->type_name("FILE");
}

Result<SecretBytes> obtain_secret(const HandedOutSecret& wanted, const std::string& identification,
                                  RandomSource& random) {
  if (!wanted.chosen && wanted.secret_file.empty()) return proof::generate_secret(random);
  auto secret = TRY(read_shared_secret({.identity = {}, .secret_file = wanted.secret_file}));
  TRY(proof::check_chosen_secret(secret, identification));
  return secret;
}

Result<void> keep_secret(const HandedOutSecret& wanted, const SecretBytes& secret) {
  if (wanted.out.empty()) return {};
  return files::write_secret_file(wanted.out, secret.view());
}

void tell_secret(const HandedOutSecret& wanted, const SecretBytes& secret, Json& json) {
  if (wanted.is_shown()) json["secret"] = std::string(secret.text());
  if (!wanted.out.empty()) json["secret_file"] = wanted.out;
}

void print_secret(const HandedOutSecret& wanted, const SecretBytes& secret, std::ostream& out) {
  if (wanted.is_shown()) out << "secret          " << secret.text() << "\n";
  if (!wanted.out.empty()) out << "secret          in " << wanted.out << "\n";
}

}  // namespace signet::tool
