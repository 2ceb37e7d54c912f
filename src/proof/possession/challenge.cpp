#include "proof/possession/challenge.h"

#include <algorithm>

#include "codec/cmc/concerning.h"
#include "codec/pkix/oids.h"
#include "crypto/cipher.h"
#include "proof/identity/legacy_algorithms.h"
#include "proof/possession/challenge_search.h"
#include "proof/possession/dogtag_challenge.h"
#include "proof/possession/possession_failed.h"
#include "proof/witness/encrypted_pop.h"

namespace signet::proof {
namespace {

constexpr std::size_t kIdOctets = 16;
constexpr std::size_t kSeedOctets = 32;
constexpr std::size_t kMostAnswers = 64;

/// So that a sealed seed opens in no other row, and for nobody else.
Bytes place_of(const store::PendingChallenge& challenge) {
  constexpr std::uint8_t kChallenges = 2;  // 1 stands before shared secrets (token_vault)
  Bytes place{kChallenges};
  append(place, challenge.id);
  append(place, challenge.requester_hash);
  return place;
}

/// Unguessable; a positive INTEGER of its full length, as which Dogtag's client sends it back.
Result<Bytes> make_id(RandomSource& random) {
  auto id = TRY(random.octets(kIdOctets));
  id.front() = static_cast<std::uint8_t>((id.front() & 0x3F) | 0x40);
  return id;
}

/// What stands behind the random octets of a seed: a secret that is given to the same person later
/// has another one.
Bytes mark_of_secret(const ProvenIdentity& identity) {
  const auto* secret = identity.secret();
  return secret == nullptr ? Bytes{} : crypto::sha256(secret->token_id);
}

SecretBytes proof_value_of(const SecretBytes& seed, const cmc::TaggedRequest& request) {
  return SecretBytes(crypto::mac(crypto::MacAlgorithm::hmac_sha512, seed.view(), request.der));
}

pkix::Integer to_integer(cmc::BodyPartID id) {
  Bytes magnitude;
  for (const int shift : {24, 16, 8, 0}) {
    magnitude.push_back(static_cast<std::uint8_t>(id.value >> shift));
  }
  return pkix::Integer::from_unsigned(magnitude);
}

/// The recipient that the challenge names.
cms::RecipientIdentifier recipient_of(const cmc::TaggedRequest& request) {
  const auto extensions = request.extensions();
  if (extensions.ok()) {
    const auto* asked = pkix::find_extension(*extensions, pkix::oid::kSubjectKeyIdentifier);
    if (asked != nullptr) {
      auto identifier = pkix::read_subject_key_identifier(asked->extn_value);
      //= E109 RFC 10002 §6.7: the recipient is named by the SKI that was asked for
      if (identifier.ok()) return cms::SubjectKeyIdentifier{std::move(identifier).value()};
    }
  }
  //= E110 RFC 10002 §6.7: else by the NULL name and the request's bodyPartID
  return cms::IssuerAndSerialNumber{pkix::Name{}, to_integer(request.body_part_id())};
}

Result<cmc::EncryptedPOPParts> make_standard(const ChallengeDue& due, const SecretBytes& value,
                                             const ChallengeRules& rules, RandomSource& random) {
  const auto& request = *due.request;
  cmc::EncryptedPOPParts parts;
  //= E108 RFC 10002 §6.7: the request goes back as it came
  parts.tagged_request_der = request.der;
  parts.content_info_der = TRY(envelope::seal_encrypted({.content_type = cms::oid::kData,
                                                         .content = value.view(),
                                                         .recipient = due.key,
                                                         .rid = recipient_of(request),
                                                         .style = rules.style},
                                                        random));
  //= B33 RFC 10004 §5.1: SHA-1 is for those who turn it on
  const auto hash = rules.sha1 ? crypto::DigestAlgorithm::sha1 : crypto::DigestAlgorithm::sha256;
  parts.the_pop_alg_id = crypto::algorithm_identifier(
      rules.sha1 ? crypto::MacAlgorithm::hmac_sha1 : crypto::MacAlgorithm::hmac_sha256);
  parts.witness_alg_id = crypto::algorithm_identifier(hash);
  parts.witness = pop_proof_value_witness(hash, value);
  return parts;
}

Result<std::vector<cmc::DecryptedPOP>> answers_in(const cmc::PkiRequest& message) {
  std::vector<cmc::DecryptedPOP> answers;
  for (const auto* control :
       cmc::find_controls(cmc::controls_of(message), cmc::oid::kDecryptedPOP)) {
    answers.push_back(TRY(
        concerning(control->body_part_id, cmc::read_decrypted_pop(control->attr_values.front()))));
    if (answers.size() > kMostAnswers) return Error{Fault::too_large, "too many decryptedPOP"};
  }
  return answers;
}

/// To its owner only, who may know what became of it.
Result<void> check_open(const store::PendingChallenge& challenge, Time now) {
  switch (challenge.state) {
    case store::ChallengeState::open:
      if (now <= challenge.expires_at) return {};
      return possession_failed("the challenge expired at " + to_text(challenge.expires_at) +
                               ": send the request without decryptedPOP to get another one");
    case store::ChallengeState::answered:
      return possession_failed("the challenge was answered before, and its certificate issued");
    case store::ChallengeState::failed:
      return possession_failed("the challenge was answered wrongly too often: begin anew");
    case store::ChallengeState::withdrawn:
      return possession_failed("the challenge was given up: begin anew");
  }
  return possession_failed("the challenge is in no known state");
}

struct Answered {
  store::PendingChallenge challenge;
  SecretBytes seed;
};

Result<Answered> find_answered(const cmc::PkiRequest& message, const ChallengeBinding& binding,
                               const AnswerContext& context) {
  if (context.vault == nullptr || !context.rules) {
    return possession_failed("decryptedPOP answers a challenge, and none is offered here");
  }
  auto found = TRY(find_challenge_answered(message, binding, context.store));
  TRY(check_open(found, binding.received_at));
  auto seed = context.vault->seed_of(found);
  if (!seed.ok()) {
    return Error{Fault::internal, "a challenge's seed does not open: " + seed.error().detail};
  }
  return Answered{std::move(found), std::move(seed).value()};
}

/// What is wrong with all answers names each of their controls; what is wrong with us names none.
Error naming_answers(const cmc::PkiRequest& message, Error why) {
  if (why.fault != Fault::possession_failed && why.fault != Fault::identity_mismatch) return why;
  for (const auto* control :
       cmc::find_controls(cmc::controls_of(message), cmc::oid::kDecryptedPOP)) {
    why.body_parts.push_back(control->body_part_id.value);
  }
  return why;
}

}  // namespace

Result<store::PendingChallenge> ChallengeVault::begin(const ChallengeBinding& binding,
                                                      const ChallengeRules& rules,
                                                      RandomSource& random) const {
  store::PendingChallenge challenge;
  challenge.id = TRY(make_id(random));
  challenge.requester_hash = binding.identity.requester_hash();
  challenge.req_sequence = to_bytes(binding.req_sequence);
  challenge.profile_id = binding.profile_id;
  challenge.transaction_id = binding.transaction_id;
  challenge.form = binding.form;
  challenge.created_at = binding.received_at;
  challenge.expires_at = binding.received_at + rules.lifetime;
  auto seed = TRY(random.octets(kSeedOctets));
  append(seed, mark_of_secret(binding.identity));
  challenge.sealed_seed = TRY(key_.seal(place_of(challenge), SecretBytes(std::move(seed)), random));
  return challenge;
}

Result<SecretBytes> ChallengeVault::seed_of(const store::PendingChallenge& challenge) const {
  return key_.open(place_of(challenge), challenge.sealed_seed);
}

//= B32 RFC 10004 §5.1: a server that verifies POP offers encryptedPOP and decryptedPOP
//= E107 RFC 10002 §6.7: a key that cannot sign proves itself by decrypting
Result<cmc::EncryptedPOPParts> make_encrypted_pop(const ChallengeDue& due, const SecretBytes& seed,
                                                  store::ChallengeForm form,
                                                  const ChallengeRules& rules,
                                                  RandomSource& random) {
  const auto value = proof_value_of(seed, *due.request);
  return form == store::ChallengeForm::dogtag ? make_dogtag_challenge(due, value, random)
                                              : make_standard(due, value, rules, random);
}

std::optional<UsedTolerance> tolerance_in_challenge(const cmc::TaggedRequest& request,
                                                    store::ChallengeForm form,
                                                    const ChallengeRules& rules) {
  const auto id = request.body_part_id();
  if (form == store::ChallengeForm::dogtag) {
    return UsedTolerance{Tolerance::dogtag_challenge,
                         "the key is challenged in the form that Dogtag's client reads", id};
  }
  if (!rules.sha1) return std::nullopt;
  return UsedTolerance{Tolerance::sha1_challenge, "the key is challenged with SHA-1", id};
}

AnsweredChallenge::AnsweredChallenge(store::PendingChallenge challenge, SecretBytes seed,
                                     const ProvenIdentity& identity,
                                     std::vector<cmc::DecryptedPOP> answers,
                                     const AnswerContext& context)
    : challenge_(std::move(challenge)),
      seed_(std::move(seed)),
      answers_(std::move(answers)),
      context_(&context),
      is_by_same_secret_(seed_.size() >= kSeedOctets &&
                         equal(seed_.view().subspan(kSeedOctets), mark_of_secret(identity))) {}

const cmc::DecryptedPOP* AnsweredChallenge::answer_for(const cmc::TaggedRequest& request) const {
  const auto found = std::find_if(answers_.begin(), answers_.end(), [&](const auto& answer) {
    return answer.body_part_id == request.body_part_id();
  });
  if (found != answers_.end()) return &*found;
  const bool lone = answers_.size() == 1;
  if (!lone || !context_->rules->loose_reference) return nullptr;
  tolerate(Tolerance::loose_pop_reference, "the only decryptedPOP names another body part",
           request.body_part_id());
  return &answers_.front();
}

store::ChallengeChange AnsweredChallenge::change(store::ChallengeEvent event) const {
  return {challenge_.id, event, context_->rules->most_wrong_answers};
}

store::ChallengeChange AnsweredChallenge::closing() const {
  return change(store::ChallengeEvent::answered);
}

/// What thePOP was made with.
Result<crypto::MacAlgorithm> AnsweredChallenge::algorithm_of(const cmc::DecryptedPOP& answer,
                                                             cmc::BodyPartID request) const {
  const auto named = crypto::mac_algorithm(answer.the_pop_alg_id);
  if (challenge_.form == store::ChallengeForm::dogtag) {
    // It names a cipher there; its MAC is always HMAC-SHA256.
    constexpr auto kAlways = crypto::MacAlgorithm::hmac_sha256;
    if (!named.ok() || *named != kAlways) {
      tolerate(Tolerance::dogtag_challenge, "thePOPAlgID names no MAC", request);
    }
    return kAlways;
  }
  if (!named.ok() || !is_legacy(*named)) return named;
  if (context_->rules->sha1 && *named == crypto::MacAlgorithm::hmac_sha1) {
    tolerate(Tolerance::sha1_challenge, "thePOP by HMAC-SHA1, as it was asked for", request);
    return named;
  }
  if (!context_->rules->legacy_proofs) {
    return Error{Fault::unsupported_algorithm,
                 "decryptedPOP uses SHA-1 or SHA-224: copy thePOPAlgID from encryptedPOP"};
  }
  tolerate(Tolerance::legacy_proofs, "thePOP by HMAC of SHA-1 or SHA-224", request);
  return named;
}

//= C46 RFC 10004 §5.2: decryptedPOP is verified
//= E114 RFC 10002 §6.7: without the right thePOP nothing is issued
Result<void> AnsweredChallenge::check(const cmc::TaggedRequest& request) const {
  const auto* answer = answer_for(request);
  if (answer == nullptr) {
    return possession_failed(
        "no decryptedPOP of the message names this request, whose key must prove itself");
  }
  const auto algorithm = TRY(algorithm_of(*answer, request.body_part_id()));
  const auto expected = the_pop(algorithm, proof_value_of(seed_, request), request.der);
  if (constant_time_equal(expected, answer->the_pop)) return {};
  context_->wrong_answer = change(store::ChallengeEvent::answered_wrongly);
  return possession_failed(
      "thePOP is not the one that the key's owner would have sent: decrypt the challenge with the "
      "request's own key, and compute the MAC over the request as it stands in encryptedPOP");
}

Result<std::optional<AnsweredChallenge>> find_answered_challenge(const cmc::PkiRequest& message,
                                                                 const ChallengeBinding& binding,
                                                                 const AnswerContext& context) {
  auto answers = TRY(answers_in(message));
  if (answers.empty()) return std::optional<AnsweredChallenge>{};
  auto answered = find_answered(message, binding, context);
  if (!answered.ok()) return naming_answers(message, std::move(answered).error());
  auto& [challenge, seed] = *answered;
  return std::optional{AnsweredChallenge{std::move(challenge), std::move(seed), binding.identity,
                                         std::move(answers), context}};
}

}  // namespace signet::proof
