#include "apps/operator/shared_tokens.h"

#include <filesystem>
#include <vector>

#include "adapters/files/file.h"
#include "apps/folder/authority_store.h"
#include "apps/folder/configured_secrets.h"
#include "apps/folder/operator_journal.h"
#include "audit/event.h"
#include "base/encoding.h"
#include "proof/identity/revocation_verifier.h"
#include "store/engine_rules.h"

namespace signet::tool {
namespace {

constexpr std::size_t kTokenIdOctets = 16;
constexpr std::size_t kMostIdentificationOctets = 1024;

std::string file_in(const std::string& directory, const char* name) {
  return (std::filesystem::path{directory} / name).string();
}

/// Never made anew here: what was sealed under a lost key would stay closed, and nobody would know.
Result<proof::TokenVault> open_vault(const std::string& directory) {
  const auto path = file_in(directory, "store.key");
  auto octets = files::read_file(path);
  if (!octets.ok()) {
    return Error{octets.error().fault, octets.error().detail +
                                           ": it opens the shared secrets in the store; restore it "
                                           "from a backup"};
  }
  auto key = crypto::SealingKey::with_octets(SecretBytes{*std::move(octets)});
  if (!key.ok()) return Error{key.error().fault, path + ": " + key.error().detail};
  return proof::TokenVault{*std::move(key)};
}

std::string when_text(const std::optional<Time>& time) {
  return time ? signet::to_text(*time) : "never";
}

/// Done to the store, on record first; and that it was not done, too, where that is known.
template <typename Do>
Result<void> do_on_record(const OperatorDeed& deed, const Clock& clock, Do do_it) {
  TRY(record_by_operator(deed.directory, deed.event, deed.fields, clock));
  const Result<void> done = do_it();
  if (done.ok() || done.error().fault == Fault::in_doubt) return done;
  return undone(deed, done.error(), clock);
}

OperatorDeed creation_of(const std::string& directory, const store::SharedToken& token) {
  return {directory,
          "SHARED_SECRET_CREATED",
          {{"Identification", token.identification},
           {"TokenID", to_hex(token.id)},
           {"SubjectID", token.subject},
           {"Expires", when_text(token.expires_at)},
           {"Uses", std::to_string(token.uses_allowed)}}};
}

}  // namespace

Result<Tokens> open_tokens(const std::string& directory) {
  auto engine = TRY(open_authority_store(directory));
  auto vault = TRY(open_vault(directory));
  return Tokens{directory, std::move(engine), std::move(vault)};
}

Result<void> check_identification(const std::string& identification) {
  if (!identification.empty() && identification.size() <= kMostIdentificationOctets) return {};
  return Error{Fault::malformed, "an identification has 1 to 1024 octets"};
}

Result<void> check_token_subject(const std::string& subject) {
  if (subject.empty()) return {};
  const auto name = pkix::name_from_text(subject);
  if (name.ok()) return {};
  return Error{name.error().fault, "--subject: " + name.error().detail};
}

Result<store::SharedToken> add_token(const Tokens& tokens, const NewSecret& wanted,
                                     const Surroundings& surroundings) {
  TRY(check_identification(wanted.identification));
  TRY(check_token_subject(wanted.subject));
  // Before it is recorded: what will not be done is not on record.
  if (TRY(tokens.engine->find_token(wanted.identification))) {
    return store::token_exists(wanted.identification);
  }
  store::SharedToken token;
  token.id = TRY(surroundings.random.octets(kTokenIdOctets));
  token.identification = wanted.identification;
  token.subject = wanted.subject;
  token.created_at = surroundings.clock.now();
  token.expires_at = wanted.expires_at;
  token.uses_allowed = wanted.uses_allowed;
  token.sealed_secret = TRY(tokens.vault.seal(token, wanted.secret, surroundings.random));
  TRY(do_on_record(creation_of(tokens.directory, token), surroundings.clock,
                   [&] { return tokens.engine->add_token(token); }));
  return token;
}

Result<void> revoke_token(const std::string& directory, const std::string& identification,
                          const Clock& clock) {
  const auto engine = TRY(open_authority_store(directory));
  const auto token = TRY(engine->find_token(identification));
  if (!token) {
    const auto place = TRY(read_configured_secrets(directory)).place;
    return Error{Fault::unknown_identity,
                 "no secret in force for '" + identification + "'" +
                     (place.empty() ? "" : "; the server looks for them in " + place)};
  }
  return do_on_record({directory,
                       "SHARED_SECRET_REVOKED",
                       {{"Identification", token->identification}, {"TokenID", to_hex(token->id)}}},
                      clock, [&] { return engine->revoke_token(token->id); });
}

Result<void> unlock_secret(const std::string& directory, store::Engine& engine,
                           const LockedSecret& secret, const Clock& clock) {
  OperatorDeed deed{
      directory, "SHARED_SECRET_UNLOCKED", {{"Identification", secret.identification}}};
  if (secret.serial_number) {
    deed.event = "REVOCATION_SECRET_UNLOCKED";
    deed.fields = {{"CertSerialNum", "0x" + secret.serial_number->to_hex()}};
  }
  deed.fields.push_back({"TokenID", to_hex(secret.token_id)});
  deed.fields.push_back({"Failures", std::to_string(secret.failures)});
  return do_on_record(deed, clock, [&] { return engine.forget_failures(secret.token_id); });
}

Result<void> put_revocation_secret(const std::string& directory, const asn1::Integer& serial_number,
                                   const SecretBytes& secret, const Surroundings& surroundings) {
  const auto engine = TRY(open_authority_store(directory));
  if (!TRY(engine->find_certificate(serial_number))) {
    return store::certificate_not_found(serial_number);
  }
  auto verifier = TRY(proof::make_revocation_verifier(secret, surroundings.random));
  const store::RevocationSecret registered{serial_number, std::move(verifier)};
  return do_on_record({directory,
                       "REVOCATION_SECRET_REGISTERED",
                       {{"CertSerialNum", "0x" + serial_number.to_hex()}}},
                      surroundings.clock,
                      [&] { return engine->put_revocation_secret(registered); });
}

}  // namespace signet::tool
