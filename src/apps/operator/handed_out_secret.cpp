#include "apps/operator/handed_out_secret.h"

#include "adapters/files/file.h"
#include "apps/tool/secret_options.h"
#include "proof/identity/token_rules.h"

namespace signet::tool {
namespace {

constexpr mode_t kSecretMode = 0600;

}  // namespace

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

Result<KeptSecret> KeptSecret::keep(const HandedOutSecret& wanted, const SecretBytes& secret) {
  KeptSecret kept;
  kept.place_ = wanted.out;
  if (wanted.out.empty()) return kept;
  if (files::is_left_in_place(wanted.out)) {
    TRY(files::write_secret_file(wanted.out, secret.view()));
    return kept;
  }
  kept.left_ = files::replacements_beside(wanted.out);
  kept.file_.emplace(TRY(files::Replacement::beside(wanted.out)));
  TRY(kept.file_->fill(secret.view(), kSecretMode));
  return kept;
}

Result<void> KeptSecret::put_in_place() {
  if (!file_) return {};
  const auto placed = file_->take_place_of(place_);
  if (placed.ok() || !file_->file().is_open()) return placed;
  file_->stay();
  return Error{placed.error().fault,
               placed.error().detail + ": the secret is in force, and stands in " + file_->name()};
}

Error KeptSecret::give_up(Error why) {
  if (why.fault != Fault::in_doubt || !file_) return why;
  file_->stay();
  why.detail += ": the secret, in force or not, stands in " + file_->name();
  return why;
}

void tell_of_left(const KeptSecret& kept, std::ostream& err) {
  for (const auto& name : kept.left()) {
    err << "Beside it is " << printable(name)
        << ", of a run that did not end: its secret may be in force. If `signet secret list` shows "
           "it, hand out that one or revoke it; then remove the file\n";
  }
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
