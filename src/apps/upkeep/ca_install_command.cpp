#include "apps/upkeep/ca_install_command.h"

#include <filesystem>

#include "apps/tool/report.h"
#include "apps/upkeep/listening_place.h"
#include "apps/upkeep/subordinate_authority.h"
#include "base/encoding.h"
#include "crypto/digest.h"

namespace signet::tool {
namespace {

struct InstallCommand {
  std::string directory;
  std::string certificate;
  std::vector<std::string> chain;
};

Result<std::vector<pkix::Certificate>> read_all(const InstallCommand& command) {
  auto certificates = TRY(read_certificates_file(command.certificate));
  for (const auto& file : command.chain) {
    const auto more = TRY(read_certificates_file(file));
    certificates.insert(certificates.end(), more.begin(), more.end());
  }
  return certificates;
}

Json installed_to_json(const std::vector<pkix::Certificate>& chain, const std::string& next) {
  const auto& own = chain.front();
  const auto& root = chain.back();
  return {{"ok", true},
          {"subject", pkix::to_text(own->subject)},
          {"issuer", pkix::to_text(own->issuer)},
          {"not_after", signet::to_text(own->validity.not_after)},
          {"root", pkix::to_text(root->subject)},
          {"root_sha256", to_hex(crypto::sha256(root.der))},
          {"next", next}};
}

void print_chain(const std::vector<pkix::Certificate>& chain, std::ostream& out) {
  const auto& own = chain.front();
  const auto& root = chain.back();
  out << "authority      " << printable(pkix::to_text(own->subject)) << ", until "
      << signet::to_text(own->validity.not_after) << "\n"
      << "certified by   " << printable(pkix::to_text(own->issuer)) << "\n"
      << "root           " << printable(pkix::to_text(root->subject)) << "\n"
      << "               SHA-256 " << to_hex(crypto::sha256(root.der))
      << ": compare it with what its operator says\n";
}

/// With it, all that `signet ca init` makes is there, and told as there.
void print_first(const CertifiedAuthority& certified, Context& context) {
  const auto& made = certified.made;
  const auto next = "signetd --config " + made.configuration;
  if (context.json) {
    auto json = installed_to_json(certified.chain, next);
    json.update({{"configuration", made.configuration},
                 {"certificate", made.certificate},
                 {"agent_certificate", made.agent_certificate},
                 {"agent_key", made.agent_key},
                 {"agent_pkcs12", made.agent_pkcs12},
                 {"listens", listening_place(certified.wanted)}});
    return write_json(context.out, json);
  }
  print_chain(certified.chain, context.out);
  context.out << "first agent    " << certified.wanted.agent << "  (" << made.agent_certificate
              << ", " << made.agent_pkcs12 << ")\n"
              << "configuration  " << made.configuration << "\n"
              << "listens        " << listening_text(certified.wanted, made.configuration) << "\n"
              << "next           " << next << "\n";
}

void print_further(const std::vector<pkix::Certificate>& chain, Context& context) {
  const std::string next = "restart signetd";
  if (context.json) return write_json(context.out, installed_to_json(chain, next));
  print_chain(chain, context.out);
  context.out << "next           " << next << "\n";
}

bool serves(const std::string& directory) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::path(directory) / "signetd.toml", ignored);
}

Result<void> install(const InstallCommand& command, Context& context) {
  const SystemClock clock;
  const auto certificates = TRY(read_all(command));
  if (serves(command.directory)) {
    print_further(TRY(install_further_certificate(command.directory, certificates, clock)),
                  context);
    return {};
  }
  print_first(TRY(install_first_certificate(command.directory, certificates, clock)), context);
  return {};
}

}  // namespace

void add_ca_install_command(CLI::App& ca, Context& context) {
  auto wanted = std::make_shared<InstallCommand>();
  auto* command = ca.add_subcommand("install-certificate",
                                    "Install the certificate that another authority gave this one");
  command->add_option("--directory", wanted->directory, "Folder of the authority")
      ->required()
      ->type_name("DIR");
  command
      ->add_option("--certificate", wanted->certificate,
                   "The certificate; those above it may follow in the same file")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--chain", wanted->chain,
                   "Certificates above it, up to the root; may be given more than once")
      ->type_name("FILE");
  command->footer(
      "Example:\n  signet ca install-certificate --directory /srv/signet --certificate ca.pem "
      "--chain root.pem");
  command->callback([wanted, &context] { report(context, install(*wanted, context)); });
}

}  // namespace signet::tool
