#include "apps/operator/secret_locks.h"

#include <map>

#include "apps/folder/configured_secrets.h"
#include "apps/folder/folder_configuration.h"
#include "apps/tool/serial_text.h"
#include "base/encoding.h"
#include "codec/pkix/name_strings.h"
#include "proof/identity/revocation_secret.h"
#include "proof/identity/standing.h"

namespace signet::tool {
namespace {

/// The certificate whose revocation secret this is; its id tells, whatever others are called.
std::optional<asn1::Integer> certificate_of(const store::FailedToken& token) {
  const auto serial_number = serial_from_text(token.history.identification);
  if (!serial_number.ok()) return std::nullopt;
  if (proof::revocation_token_id(*serial_number) != token.token_id) return std::nullopt;
  return *serial_number;
}

/// As a directory compares what is not case-sensitive.
std::string folded(std::string_view text) {
  return lower_case(pkix::fold_blanks(text));
}

/// Those of the store by their ids: what they are called is on record there.
Result<std::map<Bytes, std::string>> kept_in_store(const store::Engine& engine) {
  std::map<Bytes, std::string> kept;
  for (const auto& token : TRY(engine.list_tokens())) kept[token.id] = token.identification;
  return kept;
}

}  // namespace

bool is_found_by(const LockedSecret& secret, std::string_view identification) {
  if (secret.identification == identification) return true;
  return secret.is_in_directory && folded(secret.identification) == folded(identification);
}

Result<LockRules> LockRules::of_folder(const std::string& directory) {
  const auto configuration = TRY(read_folder_configuration(directory));
  const auto settings = configuration ? configuration->secrets : server::Configuration::Secrets{};
  return LockRules{static_cast<std::size_t>(settings.most_failures),
                   std::chrono::minutes{settings.lock_minutes}};
}

std::optional<Time> LockRules::locked_until(const store::TokenHistory& history, Time now) const {
  proof::SecretRules rules;
  rules.most_failures = most_failures_;
  rules.lock_time = lock_time_;
  return proof::locked_until(history, rules, now);
}

Result<std::vector<LockedSecret>> locked_secrets(const std::string& directory,
                                                 const store::Engine& engine, Time now) {
  const auto rules = TRY(LockRules::of_folder(directory));
  const auto configured = TRY(read_configured_secrets(directory));
  const auto kept = TRY(kept_in_store(engine));
  std::vector<LockedSecret> locked;
  for (const auto& [token_id, history] : TRY(engine.failed_tokens(rules.most_failures()))) {
    const auto until = rules.locked_until(history, now);
    if (!until) continue;
    LockedSecret secret{.token_id = token_id,
                        .identification = history.identification,
                        .serial_number = certificate_of({token_id, history}),
                        .place = configured.place.empty() ? "elsewhere" : configured.place,
                        .failures = history.failures,
                        .since = *history.last_failure_at,
                        .until = *until};
    const auto ours = kept.find(token_id);
    if (ours != kept.end()) secret.identification = ours->second;
    if (ours != kept.end() || secret.serial_number) secret.place = "the store";
    if (secret.serial_number) secret.identification.clear();
    secret.is_in_directory = configured.source == server::SecretsFrom::ldap && ours == kept.end() &&
                             !secret.serial_number && !history.identification.empty();
    locked.push_back(std::move(secret));
  }
  return locked;
}

}  // namespace signet::tool
