#include "apps/operator/secret_revoke_command.h"

#include "apps/operator/shared_tokens.h"
#include "apps/tool/report.h"

namespace signet::tool {
namespace {

struct WithdrawnSecret {
  std::string directory;
  std::string identification;
};

Result<void> revoke_secret(const WithdrawnSecret& wanted, Context& context, const Clock& clock) {
  TRY(revoke_token(wanted.directory, wanted.identification, clock));
  if (context.json) {
    write_json(context.out, {{"ok", true}, {"identification", wanted.identification}});
  } else {
    context.out << "revoked         " << printable(wanted.identification) << "\n";
  }
  return {};
}

}  // namespace

void add_secret_revoke_command(CLI::App& secret, Context& context,
                               const Surroundings& surroundings) {
  auto wanted = std::make_shared<WithdrawnSecret>();
  auto* command = secret.add_subcommand("revoke", "Take a secret back");
  command->add_option("--directory", wanted->directory, "The authority's folder")
      ->required()
      ->type_name("DIR");
  command->add_option("IDENTIFICATION", wanted->identification, "Who it is for")->required();
  command->callback([wanted, &context, &surroundings] {
    report(context, revoke_secret(*wanted, context, surroundings.clock));
  });
}

}  // namespace signet::tool
