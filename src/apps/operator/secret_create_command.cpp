#include "apps/operator/secret_create_command.h"

#include "apps/folder/configured_secrets.h"
#include "apps/operator/handed_out_secret.h"
#include "apps/operator/shared_tokens.h"
#include "apps/operator/token_text.h"
#include "apps/tool/duration.h"
#include "apps/tool/report.h"
#include "apps/tool/telling_stream.h"
#include "apps/tool/usage.h"

namespace signet::tool {
namespace {

struct CreateCommand {
  std::string directory;
  std::string identification;
  std::string subject;
  std::string expires;
  std::size_t uses = 1;
  HandedOutSecret handed_out;
};

/// Without a name of its own, the secret stands for that of its identification.
std::string name_brought_by(const store::SharedToken& token) {
  return printable(token.subject.empty() ? "UID=" + token.identification : token.subject);
}

void print_created(const CreateCommand& wanted, const store::SharedToken& token,
                   const SecretBytes& secret, Context& context) {
  auto& out = telling_stream(context, {wanted.handed_out.out});
  if (context.json) {
    auto json = token_to_json(token);
    json["ok"] = true;
    tell_secret(wanted.handed_out, secret, json);
    return write_json(out, json);
  }
  out << "identification  " << printable(token.identification) << "\n"
      << "certificates    of " << name_brought_by(token) << "\n";
  print_secret(wanted.handed_out, secret, out);
  context.err << "Hand both to their owner over a channel that you trust; the secret is not shown "
                 "again. Next, on the owner's machine:\n  signet enroll --url … --ca ca.pem "
                 "--identity "
              << printable(token.identification) << " --secret-file FILE --output DIR\n";
}

Result<void> create(const CreateCommand& wanted, Context& context,
                    const Surroundings& surroundings) {
  std::optional<Time> expires_at;
  if (!wanted.expires.empty()) {
    expires_at = surroundings.clock.now() + TRY(duration_from_text(wanted.expires));
  }
  TRY(check_secrets_are_in_store(wanted.directory));
  const auto tokens = TRY(open_tokens(wanted.directory));
  const auto secret =
      TRY(obtain_secret(wanted.handed_out, wanted.identification, surroundings.random));
  auto kept = TRY(KeptSecret::keep(wanted.handed_out, secret));
  tell_of_left(kept, context.err);
  const auto token = add_token(tokens,
                               {.identification = wanted.identification,
                                .secret = secret,
                                .subject = wanted.subject,
                                .expires_at = expires_at,
                                .uses_allowed = wanted.uses},
                               surroundings);
  if (!token.ok()) return kept.give_up(token.error());
  TRY(kept.put_in_place());
  print_created(wanted, *token, secret, context);
  return {};
}

void add_create_options(CLI::App& command, CreateCommand& wanted) {
  command
      .add_option("--subject", wanted.subject,
                  "Name in the certificates that it brings; UID=IDENTIFICATION when not given")
      ->type_name("NAME")
      ->check(taken_by(check_token_subject));
  command.add_option("--expires", wanted.expires, "When it ends: 30d, 12h, 90m")
      ->type_name("DURATION")
      ->check(taken_by(duration_from_text));
  command
      .add_option("--uses", wanted.uses,
                  "For how many messages that were granted; 0: without limit")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  auto* chosen =
      command.add_flag("--chosen", wanted.handed_out.chosen,
                       "Take a secret that somebody chose, from SIGNET_SECRET or typed in");
  command
      .add_option("--secret-file", wanted.handed_out.secret_file,
                  "Take a secret that somebody chose: the first line of this file")
      ->type_name("FILE")
      ->excludes(chosen);
  add_out_option(command, wanted.handed_out);
}

}  // namespace

void add_secret_create_command(CLI::App& secret, Context& context,
                               const Surroundings& surroundings) {
  auto wanted = std::make_shared<CreateCommand>();
  auto* command = secret.add_subcommand("create", "Make a secret for somebody");
  command->add_option("--directory", wanted->directory, "The authority's folder")
      ->required()
      ->type_name("DIR");
  command->add_option("IDENTIFICATION", wanted->identification, "Who it is for")
      ->required()
      ->check(taken_by(check_identification));
  add_create_options(*command, *wanted);
  command->footer("Example:\n  signet secret create alice --directory /srv/signet --expires 30d");
  command->callback([wanted, &context, &surroundings] {
    report(context, create(*wanted, context, surroundings));
  });
}

}  // namespace signet::tool
