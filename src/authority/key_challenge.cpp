#include "authority/key_challenge.h"

#include "authority/exchange.h"
#include "authority/refusal.h"
#include "authority/waiting_bound.h"
#include "codec/cmc/concerning.h"
#include "codec/cmc/controls.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;

/// encryptedPOP for each. `tolerated`: where it is noted that their form is not the standard's.
Result<Granted> challenge_keys(const Parts& parts, const std::vector<proof::ChallengeDue>& due,
                               store::PendingChallenge challenge,
                               proof::UsedTolerances& tolerated) {
  const auto seed = TRY(parts.challenge_vault->seed_of(challenge));
  const auto& rules = parts.possession_rules.challenges.value();
  Granted granted;
  for (const auto& each : due) {
    const auto id = each.request->body_part_id();
    const auto used = proof::tolerance_in_challenge(*each.request, challenge.form, rules);
    if (used) tolerated.push_back(*used);
    auto made = TRY(
        concerning(id, proof::make_encrypted_pop(each, seed, challenge.form, rules, parts.random)));
    granted.outcomes.emplace_back(Challenged{id, std::move(made)});
  }
  granted.changes.challenge = std::move(challenge);
  return granted;
}

}  // namespace

proof::ChallengeBinding challenge_binding(const Attempt& attempt) {
  const auto& message = attempt.asker.request.message();
  const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  return {.identity = attempt.asker.identity,
          .req_sequence = full != nullptr ? ByteView(full->pki_data.req_sequence_der) : ByteView(),
          .profile_id = attempt.profile.id(),
          .transaction_id = transaction_of(message),
          .form = attempt.challenge_form,
          .received_at = attempt.received_at};
}

Result<Granted> begin_challenge(const Attempt& attempt,
                                const std::vector<proof::ChallengeDue>& due) {
  const auto& [parts, request, identity, now, trail] = attempt.asker;
  TRY(check_may_wait(attempt));
  auto challenge = TRY(parts.challenge_vault->begin(
      challenge_binding(attempt), parts.possession_rules.challenges.value(), parts.random));
  auto granted = TRY(challenge_keys(parts, due, std::move(challenge), trail.tolerated()));
  trail.challenged(granted.outcomes, *granted.changes.challenge);
  return granted;
}

Result<std::optional<Granted>> challenge_again(const Asker& asker, const cmc::BodyPartList& vouched,
                                               ByteView challenge_id) {
  const auto& [parts, request, identity, now, trail] = asker;
  auto challenge = TRY(parts.challenges.find_challenge(challenge_id));
  const bool is_offered = parts.challenge_vault && parts.possession_rules.challenges;
  if (!challenge || !is_offered) return std::optional<Granted>();
  const proof::LinkRules rules{parts.identity_rules.secrets, trail.tolerated()};
  const auto& message = request.message();
  const auto link = proof::may_link_as_signer(identity, rules.secrets)
                        ? TRY(proof::link_shown_before(message, identity, rules, *challenge))
                        : TRY(proof::read_link_demand(message, identity, rules));
  const proof::PossessionContext context{.identity = identity,
                                         .link = link,
                                         .rules = parts.possession_rules,
                                         .signer_request = proof::signer_request(request),
                                         .vouched = vouched};
  std::vector<proof::ChallengeDue> due;
  for (const auto* wanted : request.certification_requests()) {
    auto possession = TRY(proof::prove_possession(*wanted, context));
    if (auto* one = std::get_if<proof::ChallengeDue>(&possession)) due.push_back(std::move(*one));
  }
  return std::optional{TRY(challenge_keys(parts, due, std::move(*challenge), trail.tolerated()))};
}

}  // namespace signet::authority
