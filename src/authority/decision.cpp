#include "authority/decision.h"

#include "authority/check_message.h"
#include "authority/confidentiality.h"
#include "authority/confirmation.h"
#include "authority/earlier_answer.h"
#include "authority/exchange.h"
#include "authority/identity_context.h"
#include "authority/pending.h"
#include "authority/profile_choice.h"
#include "authority/publish_cert.h"
#include "authority/retrieval.h"
#include "authority/revocation.h"
#include "authority/store_certificates.h"
#include "authority/unsigned_message.h"
#include "codec/cmc/controls.h"
#include "proof/possession/given_up_challenge.h"
#include "proof/witness/shared_knowledge.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;

/// What is decided on, and by what.
struct DecisionBasis {
  const Parts& parts;
  const policy::ProfileSet& offered;
  const ReceivedMessage& received;
  const Traces& traces;
};

/// Only of what asks for certificates: nothing else has a profile. One that is not offered may be
/// any text.
void tell_profile(const DecisionBasis& basis, const std::string& profile_id) {
  const auto* profile = basis.offered.find(profile_id);
  if (profile == nullptr || cmc::requests_of(basis.received.message).empty()) return;
  basis.traces.trail.ask_under(profile->id());
}

Result<envelope::OpenedRequest> open(const DecisionBasis& basis, crypto::PublicKeyCache& keys) {
  const auto& [parts, offered, received, traces] = basis;
  const StoreCertificates certificates{parts.store, parts.issuer.certificate()};
  auto opened = envelope::open_request(received.message, certificates, keys);
  if (!opened.ok()) traces.trail.signer_refused(opened.error());
  if (!received.confidentiality.is_malleable()) return opened;
  if (!opened.ok()) return envelope::does_not_decrypt(&opened.error());
  const auto bound = check_bound(*opened);
  if (!bound.ok()) return envelope::does_not_decrypt(&bound.error());
  return opened;
}

/// A malleable (CBC) message signed by a certificate's key: until it is known that the sender is
/// that holder, every refusal reads "does not decrypt", because an attacker may have exchanged the
/// unsigned certificates beside it, and would learn from the difference. Exempt: takes_time, which
/// never reaches the peer.
Error hide_until_proven(const envelope::OpenedRequest& opened, const Error& why) {
  if (why.fault == Fault::takes_time) return why;
  const auto& signer = opened.signers().front();
  return std::holds_alternative<envelope::RequestKeySigner>(signer)
             ? why
             : envelope::does_not_decrypt(&why);
}

Result<void> check(const DecisionBasis& basis, const envelope::OpenedRequest& opened,
                   const Asserted& asserted, Time received_at) {
  const auto& [parts, offered, received, traces] = basis;
  const auto& settings = parts.settings;
  TRY(check_same_signer(received.confidentiality, opened));
  const MessageRules rules{.signing_time_window = settings.signing_time_window,
                           .now = received_at,
                           .shared_body_part_ids = settings.shared_body_part_ids,
                           .bare_revocation = settings.bare_revocation,
                           .bare_names = settings.bare_names,
                           .publishes = !settings.published.none(),
                           .processed = asserted.processed};
  TRY(check_message(opened, rules, traces.trail.tolerated()));
  TRY(check_simple_path(offered, received.inquiry.profile_id, received.message));
  return check_exchange(cmc::controls_of(received.message));
}

Result<proof::ProvenIdentity> authenticate(const DecisionBasis& basis,
                                           const envelope::OpenedRequest& opened,
                                           const Asserted& asserted, proof::SignerMustBe must_be) {
  const auto& [parts, offered, received, traces] = basis;
  const auto& inquiry = received.inquiry;
  auto& trail = traces.trail;
  auto context =
      identity_context(parts, offered, received.now, traces.wrong.proof, trail.tolerated());
  context.signer_must_be = must_be;
  context.may_take_time = inquiry.may_take_time;
  const proof::ForwardedBy forwarded_by{asserted.witness.get()};
  if (inquiry.forwarding != nullptr) context.forwarded_by = &forwarded_by;
  auto identity = proof::prove_identity(opened, inquiry.peer, context);
  if (!identity.ok()) {
    trail.identity_refused(opened, identity.error());
    return identity;
  }
  if (asks_to_revoke(opened.message())) trail.set_request_type("revocation");
  trail.identify(identity->name());
  trail.identity_proven(*identity);
  return identity;
}

/// A message may take its own signer's certificate out of force. When it comes again, because its
/// answer was lost, the signer is who it was.
Result<proof::SignerMustBe> signer_must_be(const DecisionBasis& basis,
                                           const envelope::OpenedRequest& opened) {
  const auto& message = opened.message();
  const auto& signers = opened.signers();
  const auto* signer =
      signers.size() == 1 ? std::get_if<envelope::CertificateSigner>(&signers.front()) : nullptr;
  const bool may_end_its_signer = asks_to_revoke(message) || asks_to_confirm(message);
  if (!may_end_its_signer || signer == nullptr) return proof::SignerMustBe::in_force;
  const auto asked = request_record(basis.received, crypto::sha256(signer->certificate->der));
  const auto seen = TRY(basis.parts.store.seen_before(asked));
  return seen.answer ? proof::SignerMustBe::on_record : proof::SignerMustBe::in_force;
}

/// Who sends the message, whether that may be by a certificate of the past, what agents say of the
/// message, and what its authData brings.
struct Sender {
  proof::ProvenIdentity identity;
  proof::SignerMustBe must_be;
  Assertions assertions;
  Asserted asserted;
  std::optional<AuthData> auth_data = {};
};

/// What the message asserts itself, and what is asserted around it.
Result<Assertions> all_assertions(const ReceivedMessage& received) {
  auto all = TRY(read_assertions(cmc::controls_of(received.message)));
  if (const auto& forwarding = received.inquiry.forwarding) {
    all.insert(all.end(), forwarding->assertions.begin(), forwarding->assertions.end());
  }
  return all;
}

Result<Sender> find_sender(const DecisionBasis& basis, const envelope::OpenedRequest& opened) {
  const auto& received = basis.received;
  auto assertions = TRY(all_assertions(received));
  auto asserted = TRY(assert_about(received.message, assertions));
  TRY(check(basis, opened, asserted, received.now));
  const auto must_be = TRY(signer_must_be(basis, opened));
  auto identity = TRY(authenticate(basis, opened, asserted, must_be));
  tell_profile(basis, profile_id_of(basis.parts.settings, received.inquiry.profile_id, identity));
  TRY(check_may_assert(identity, received.message));
  return Sender{std::move(identity), must_be, std::move(assertions), std::move(asserted)};
}

/// An expired certificate is renewed, and may ask what became of that; it does nothing else.
Result<void> check_may_ask(const proof::ProvenIdentity& identity, const cmc::PkiRequest& message) {
  if (!identity.is_expired()) return {};
  const bool does_more =
      asks_to_revoke(message) || asks_to_retrieve(message) || asks_to_publish(message);
  const bool renews = !cmc::requests_of(message).empty() || proof::gives_up_challenge(message);
  if (!does_more && (renews || asks_to_poll(message) || asks_to_confirm(message))) return {};
  return Error{Fault::untrusted_signer,
               "the certificate of " + identity.name() + " expired at " +
                   to_text((*identity.certificate())->validity.not_after) +
                   ": it may sign for its own renewal, and for nothing else"};
}

Result<void> check_nonce_fresh(const store::Seen& seen) {
  if (!seen.nonce_used) return {};
  return Error{Fault::replayed,
               "this senderNonce was used before by the same requester in another message; make a "
               "new message with a fresh nonce"};
}

bool only_publishes(const envelope::OpenedRequest& opened) {
  return asks_to_publish(opened.message()) && opened.certification_requests().empty();
}

/// What a message is granted, but for confirmations and publications beside nothing that is to be
/// certified.
Result<Granted> grant_asked(const DecisionBasis& basis, const Sender& sender, const Asker& asker) {
  const auto& [parts, offered, received, traces] = basis;
  const auto& inquiry = received.inquiry;
  const auto& opened = asker.request;
  const auto& message = opened.message();
  if (asks_to_poll(message)) return poll(asker);
  // Also by a secret that is used up: by the very enrollment that is confirmed.
  const bool only_confirms = asks_to_confirm(message) && opened.certification_requests().empty();
  const bool only_ends =
      (only_confirms || proof::gives_up_challenge(message)) && !asks_to_revoke(message);
  if (!only_ends || asks_to_retrieve(message)) {
    TRY(proof::check_secret_usable(asker.identity, asker.now));
  }
  auto retrieved = TRY(retrieve(asker));
  if (only_ends) return retrieved;
  if (asks_to_revoke(message)) return revoke(asker);
  if (only_retrieves(opened) || only_publishes(opened)) return retrieved;
  const auto* profile = TRY(choose_profile(asker, offered, inquiry.profile_id));
  const bool as_dogtag = inquiry.over_dogtag_path && parts.settings.dogtag_challenge;
  auto granted = TRY(enroll(
      {.asker = asker,
       .offered = offered,
       .profile = *profile,
       .challenge_form = as_dogtag ? store::ChallengeForm::dogtag : store::ChallengeForm::standard,
       .inquiry = inquiry,
       .received_at = asker.now,
       .asserted = sender.asserted,
       .auth_data = sender.auth_data ? &*sender.auth_data : nullptr},
      traces.wrong));
  add_retrieved(std::move(retrieved), granted);
  return granted;
}

/// A requester that cannot answer its challenge gives it up.
Result<void> give_up_challenge(const Asker& asker, Granted& granted) {
  const auto& message = asker.request.message();
  if (!proof::gives_up_challenge(message)) return {};
  TRY(check_end_is_covered(asker, cmc::kThisPKIData));
  auto given_up = TRY(proof::find_withdrawn_challenge(
      {message, asker.identity, transaction_of(message), asker.now}, asker.parts.challenges));
  if (!given_up) return {};
  asker.trail.challenge_withdrawn(*given_up);
  granted.changes.challenge_change = std::move(given_up);
  return {};
}

/// What a message that was not answered before is granted.
Result<Granted> grant_new(const DecisionBasis& basis, const Sender& sender, const Asker& asker,
                          const store::Seen& seen) {
  TRY(check_nonce_fresh(seen));
  auto granted = TRY(grant_asked(basis, sender, asker));
  // Beside requests, enroll has seen to it before anything was signed.
  if (asker.request.certification_requests().empty()) {
    TRY(give_up_challenge(asker, granted));
    TRY(confirm(asker, granted));
    TRY(publish(asker, granted));
  }
  return granted;
}

/// An AuthenticatedData is answered in kind: who knows the secret knows who answers. What was
/// encrypted is answered signed, since only a SignedData stands inside an encryption (§5).
std::optional<SecretBytes> password_of(const ReceivedMessage& received,
                                       const envelope::OpenedRequest& opened,
                                       const proof::ProvenIdentity& identity) {
  if (received.confidentiality.shape != envelope::EncryptionShape::none) return std::nullopt;
  const auto& signers = opened.signers();
  const bool by_mac =
      signers.size() == 1 && std::holds_alternative<envelope::SecretMac>(signers.front());
  if (!by_mac || identity.secret() == nullptr) return std::nullopt;
  const std::string_view identification = identity.identification();
  return proof::SharedKnowledge{identity.secret()->octets, identification}.password();
}

Error answered_to_another() {
  return {Fault::replayed,
          "this very message was answered before, to somebody else or with a challenge that is "
          "gone: make a new one (a Simple PKI Request: for another key)"};
}

/// A retry is forwarded again: each message in it is one by itself.
Result<Decision> forward(const Recalled& recalled, std::vector<Forwarded> forwarded) {
  const auto& [asked, seen] = recalled;
  Decision decision;
  decision.forwarded = std::move(forwarded);
  if (!seen.answer) {
    TRY(check_nonce_fresh(seen));
    decision.answered = asked;
    return decision;
  }
  if (seen.answer->requester_hash != asked.requester_hash) return answered_to_another();
  return decision;
}

/// What the very message was told before; none when it was not.
Result<std::optional<Decision>> tell_again(const Asker& asker, const Recalled& recalled,
                                           const Asserted& asserted) {
  auto earlier = TRY(find_earlier(asker, recalled, asserted));
  if (!earlier) return std::optional<Decision>();
  asker.trail.answered_again();
  Decision again;
  again.granted = std::move(*earlier);
  return std::optional(std::move(again));
}

/// What a retry of the message will be told by.
store::AnsweredRequest answered_by(store::AnsweredRequest asked, const Granted& granted) {
  const auto& changes = granted.changes;
  for (const auto& record : changes.certificates) {
    asked.serial_numbers.push_back(record.serial_number);
  }
  if (changes.challenge) asked.challenge_id = changes.challenge->id;
  if (changes.pending) asked.pending_id = changes.pending->id;
  return asked;
}

/// What was told before is told again; else the message is granted what it asks for.
Result<Decision> grant_once(const DecisionBasis& basis, Sender& sender, const Asker& asker,
                            Recalled recalled) {
  auto& [asked, seen] = recalled;
  if (auto again = TRY(tell_again(asker, recalled, sender.asserted))) return std::move(*again);
  if (seen.answer) return answered_to_another();
  if (sender.must_be != proof::SignerMustBe::in_force) {
    // It came before, and what it asked for is asked anew.
    sender.identity =
        TRY(authenticate(basis, asker.request, sender.asserted, proof::SignerMustBe::in_force));
  }
  auto granted = grant_new(basis, sender, asker, seen);
  if (granted.ok()) {
    Decision decision;
    decision.answered = answered_by(std::move(asked), *granted);
    decision.granted = std::move(granted).value();
    return decision;
  }
  // The same message over another connection may have been granted since: its nonce, key or
  // secret is what this one met, and its answer is this one's too.
  seen = TRY(basis.parts.store.seen_before(asked));
  if (auto again = TRY(tell_again(asker, recalled, sender.asserted))) return std::move(*again);
  return std::move(granted).error();
}

/// What an agent vouches for or changes does not wait; a control that is unknown here was acted on,
/// or the message would have been refused when it came.
Asserted asserted_of_waiting(const cmc::PkiRequest& message) {
  Asserted asserted;
  for (const auto& control : cmc::controls_of(message)) {
    asserted.processed.insert(control.body_part_id);
  }
  return asserted;
}

}  // namespace

Result<Decision> decide(const Parts& parts, crypto::PublicKeyCache& keys,
                        const ReceivedMessage& received, const Traces& traces) {
  const auto& inquiry = received.inquiry;
  const auto& message = received.message;
  const auto offered = parts.profiles->take();
  const DecisionBasis basis{parts, *offered, received, traces};
  tell_profile(basis, inquiry.profile_id);
  const auto opened = TRY(open(basis, keys));
  auto sender = find_sender(basis, opened);
  if (!sender.ok()) {
    return received.confidentiality.is_malleable() ? hide_until_proven(opened, sender.error())
                                                   : sender.error();
  }
  const auto& identity = sender->identity;
  TRY(check_may_ask(identity, message));
  sender->auth_data = TRY(open_auth_data(message, identity, inquiry.may_take_time));

  const Asker asker{parts, opened, identity, received.now, traces.trail};
  auto recalled = TRY(recall(asker, received));
  auto forwarded = TRY(find_forwarded(message, sender->assertions, inquiry, identity));
  if (!forwarded.empty()) return forward(recalled, std::move(forwarded));

  auto decision = TRY(grant_once(basis, *sender, asker, std::move(recalled)));
  decision.password = password_of(received, opened, identity);
  decision.auth_data = std::move(sender->auth_data);
  return decision;
}

Result<Granted> decide_approved(const Parts& parts, crypto::PublicKeyCache& keys,
                                const ReceivedMessage& received, const ApprovedEarlier& approved,
                                const Traces& traces) {
  const auto offered = parts.profiles->take();
  const DecisionBasis basis{parts, *offered, received, traces};
  tell_profile(basis, received.inquiry.profile_id);
  const auto opened = TRY(open(basis, keys));
  const auto asserted = asserted_of_waiting(received.message);
  TRY(check(basis, opened, asserted, approved.received_at));
  auto context =
      identity_context(parts, *offered, received.now, traces.wrong.proof, traces.trail.tolerated());
  context.may_have_been_forwarded = true;
  const auto identity = TRY(proof::prove_identity(opened, received.inquiry.peer, context));
  TRY(proof::check_secret_usable(identity, approved.received_at));
  const auto auth_data = TRY(open_auth_data(received.message, identity, context.may_take_time));
  const Asker asker{parts, opened, identity, received.now, traces.trail};
  const auto* profile = TRY(choose_profile(asker, *offered, received.inquiry.profile_id));
  return enroll({.asker = asker,
                 .offered = *offered,
                 .profile = *profile,
                 .challenge_form = store::ChallengeForm::standard,
                 .inquiry = received.inquiry,
                 .received_at = approved.received_at,
                 .asserted = asserted,
                 .auth_data = auth_data ? &*auth_data : nullptr,
                 .approved = &approved.changes},
                traces.wrong);
}

}  // namespace signet::authority
