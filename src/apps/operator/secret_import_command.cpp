#include "apps/operator/secret_import_command.h"

#include "adapters/files/secret_file.h"
#include "apps/folder/configured_secrets.h"
#include "apps/operator/shared_tokens.h"
#include "apps/tool/report.h"
#include "proof/identity/token_rules.h"

namespace signet::tool {
namespace {

struct ImportCommand {
  std::string directory;
  std::string file;
};

/// All of the file, or, when one line will not do, none of it.
Result<void> import_secrets(const ImportCommand& wanted, Context& context,
                            const Surroundings& surroundings) {
  TRY(check_secrets_are_in_store(wanted.directory));
  const auto tokens = TRY(open_tokens(wanted.directory));
  const auto file = TRY(files::SecretFile::read(wanted.file));
  for (const auto& [identification, entry] : file.entries()) {
    auto checked = proof::check_chosen_secret(entry.secret, identification);
    if (checked.ok()) checked = check_token_subject(entry.subject);
    if (!checked.ok()) {
      return Error{checked.error().fault, "'" + identification + "': " + checked.error().detail};
    }
    if (TRY(tokens.engine->find_token(identification))) {
      return Error{Fault::already_exists,
                   "a secret for '" + identification + "' stands already: nothing was imported"};
    }
  }
  for (const auto& [identification, entry] : file.entries()) {
    TRY(add_token(
        tokens,
        {.identification = identification, .secret = entry.secret, .subject = entry.subject},
        surroundings));
  }
  if (context.json) {
    write_json(context.out, {{"ok", true}, {"imported", file.entries().size()}});
  } else {
    context.out << "imported        " << file.entries().size() << " secrets\n";
  }
  return {};
}

}  // namespace

void add_secret_import_command(CLI::App& secret, Context& context,
                               const Surroundings& surroundings) {
  auto wanted = std::make_shared<ImportCommand>();
  auto* command = secret.add_subcommand("import", "Take over many from a file");
  command->add_option("--directory", wanted->directory, "The authority's folder")
      ->required()
      ->type_name("DIR");
  command->add_option("FILE", wanted->file, "Lines of identification, tab, secret[, tab, name]")
      ->required();
  command->callback([wanted, &context, &surroundings] {
    report(context, import_secrets(*wanted, context, surroundings));
  });
}

}  // namespace signet::tool
