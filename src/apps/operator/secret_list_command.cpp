#include "apps/operator/secret_list_command.h"

#include <iomanip>

#include "apps/folder/authority_store.h"
#include "apps/folder/configured_secrets.h"
#include "apps/operator/secret_locks.h"
#include "apps/operator/token_text.h"
#include "apps/tool/report.h"

namespace signet::tool {
namespace {

std::string state_of(const store::SharedToken& token, const store::TokenHistory& history,
                     const LockRules& rules, Time now) {
  if (token.revoked) return "revoked";
  if (token.uses_allowed != 0 && history.uses >= token.uses_allowed) return "used up";
  if (token.expires_at && *token.expires_at < now) return "expired";
  return rules.locked_until(history, now) ? "locked" : "in force";
}

void print_token(std::ostream& out, const store::SharedToken& token,
                 const store::TokenHistory& history, const std::string& state) {
  out << std::left << std::setw(10) << state << std::setw(24) << printable(token.identification)
      << " used " << history.uses << " of "
      << (token.uses_allowed == 0 ? "any" : std::to_string(token.uses_allowed)) << ", wrong "
      << history.failures << ", "
      << (token.expires_at ? "until " + signet::to_text(*token.expires_at) : "no expiry");
  if (!token.subject.empty()) out << ", " << printable(token.subject);
  out << "\n";
}

/// Those that the server reads are not these.
void tell_other_source(const ConfiguredSecrets& secrets, const Context& context) {
  if (secrets.source == server::SecretsFrom::store) return;
  if (secrets.place.empty()) {
    context.err << "The server accepts no shared secrets ([secrets] source in signetd.toml)\n";
    return;
  }
  context.err << "The server looks for shared secrets in " << printable(secrets.place)
              << ", not among these. Which of those are locked after wrong proofs is told by "
                 "signet secret locks; one opens again after [secrets] lock_minutes, at once by "
                 "signet secret unlock, or when "
              << (secrets.source == server::SecretsFrom::ldap
                      ? "it is wrapped anew (signet secret wrap)"
                      : "another one is put in its place")
              << "\n";
}

Result<void> list_secrets(const std::string& directory, Context& context, const Clock& clock) {
  const auto engine = TRY(open_authority_store(directory));
  const auto configured = TRY(read_configured_secrets(directory));
  const auto rules = TRY(LockRules::of_folder(directory));
  Json secrets = Json::array();
  for (const auto& token : TRY(engine->list_tokens())) {
    const auto history = TRY(engine->token_history(token.id));
    const auto state = state_of(token, history, rules, clock.now());
    auto json = token_to_json(token);
    json["state"] = state;
    json["uses"] = history.uses;
    json["failures"] = history.failures;
    secrets.push_back(std::move(json));
    if (!context.json) print_token(context.out, token, history, state);
  }
  if (context.json) write_json(context.out, {{"ok", true}, {"secrets", secrets}});
  tell_other_source(configured, context);
  return {};
}

}  // namespace

void add_secret_list_command(CLI::App& secret, Context& context, const Surroundings& surroundings) {
  auto directory = std::make_shared<std::string>();
  auto* command = secret.add_subcommand("list", "Show them all, but no secret itself");
  command->add_option("--directory", *directory, "The authority's folder")
      ->required()
      ->type_name("DIR");
  command->callback([directory, &context, &surroundings] {
    report(context, list_secrets(*directory, context, surroundings.clock));
  });
}

}  // namespace signet::tool
