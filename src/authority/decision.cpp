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
#include "codec/cmc/controls.h"
#include "proof/witness/shared_knowledge.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;

/// By what one message is decided, and what is told of it.
struct DecisionBasis {
  const Parts& parts;
  const policy::ProfileSet& offered;
  const Traces& traces;
};

/// Only of what asks for certificates: nothing else has a profile. One that is not offered may be
/// any text.
void tell_profile(const DecisionBasis& basis, const cmc::PkiRequest& message,
                  const std::string& profile_id) {
  const auto* profile = basis.offered.find(profile_id);
  if (profile == nullptr || cmc::requests_of(message).empty()) return;
  basis.traces.trail.ask_under(profile->id());
}

Result<envelope::OpenedRequest> open(const Parts& parts, crypto::PublicKeyCache& keys,
                                     const ReceivedMessage& received, AuditTrail& trail) {
  const StoreCertificates certificates{parts.store, parts.issuer.certificate()};
  auto opened = envelope::open_request(received.message, certificates, keys);
  if (!opened.ok()) trail.signer_refused(opened.error());
  if (!received.confidentiality.is_malleable()) return opened;
  if (!opened.ok()) return envelope::not_opened(&opened.error());
  const auto bound = check_bound(*opened);
  if (!bound.ok()) return envelope::not_opened(&bound.error());
  return opened;
}

/// Of a malleable message that a certificate's holder signed nothing is told before it is known
/// that he sent it too: the certificates beside what was signed may have been altered.
/// That a key must be derived first is told to nobody.
Error hide_until_proven(const envelope::OpenedRequest& opened, const Error& why) {
  if (why.fault == Fault::takes_time) return why;
  const auto& signer = opened.signers().front();
  return std::holds_alternative<envelope::RequestKeySigner>(signer) ? why
                                                                    : envelope::not_opened(&why);
}

Result<void> check(const DecisionBasis& basis, const ReceivedMessage& received,
                   const envelope::OpenedRequest& opened, const Asserted& asserted,
                   Time received_at) {
  const auto& [parts, offered, traces] = basis;
  auto& trail = traces.trail;
  const auto& settings = parts.settings;
  TRY(check_same_signer(received.confidentiality, opened));
  const auto used =
      TRY(check_message(opened, {.signing_time_window = settings.signing_time_window,
                                 .now = received_at,
                                 .shared_body_part_ids = settings.shared_body_part_ids,
                                 .bare_revocation = settings.bare_revocation,
                                 .bare_names = settings.bare_names,
                                 .publishes = !settings.published.none(),
                                 .processed = asserted.processed}));
  for (const auto& tolerance : received.tolerated) trail.tolerated(tolerance);
  for (const auto& tolerance : used) trail.tolerated(tolerance);
  TRY(check_simple_path(offered, received.inquiry.profile_id, received.message));
  return check_exchange(cmc::controls_of(received.message));
}

Result<proof::ProvenIdentity> authenticate(const DecisionBasis& basis, const Inquiry& inquiry,
                                           const envelope::OpenedRequest& opened,
                                           const Asserted& asserted, proof::SignerMustBe must_be) {
  const auto& [parts, offered, traces] = basis;
  auto& trail = traces.trail;
  auto context = identity_context(parts, offered, traces.wrong.proof);
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
  if (identity->old_mac()) trail.tolerated({"legacy_proofs", *identity->old_mac()});
  return identity;
}

/// A message may take its own signer's certificate out of force. When it comes again, because its
/// answer was lost, the signer is who it was.
Result<proof::SignerMustBe> signer_must_be(const Parts& parts, const Inquiry& inquiry,
                                           const envelope::OpenedRequest& opened) {
  const auto& message = opened.message();
  const auto& signers = opened.signers();
  const auto* signer =
      signers.size() == 1 ? std::get_if<envelope::CertificateSigner>(&signers.front()) : nullptr;
  const bool may_end_its_signer = asks_to_revoke(message) || asks_to_confirm(message);
  if (!may_end_its_signer || signer == nullptr) return proof::SignerMustBe::in_force;
  store::AnsweredRequest asked;
  asked.request_digest = crypto::sha256(inquiry.octets);
  asked.requester_hash = crypto::sha256(signer->certificate->der);
  asked.sender_nonce = exchange_of(cmc::controls_of(message)).sender_nonce.value_or(Bytes());
  const auto seen = TRY(parts.store.seen_before(asked));
  return seen.answer ? proof::SignerMustBe::on_record : proof::SignerMustBe::in_force;
}

/// Who asks, whether that may be by a certificate of the past, and what agents say of the message.
struct Asker {
  proof::ProvenIdentity identity;
  proof::SignerMustBe must_be;
  Assertions assertions;
  Asserted asserted;
};

/// What the message asserts itself, and what is asserted around it.
Result<Assertions> all_assertions(const ReceivedMessage& received) {
  auto all = TRY(read_assertions(cmc::controls_of(received.message)));
  if (const auto& around = received.inquiry.forwarding) {
    all.insert(all.end(), around->assertions.begin(), around->assertions.end());
  }
  return all;
}

Result<Asker> find_asker(const DecisionBasis& basis, const ReceivedMessage& received,
                         const envelope::OpenedRequest& opened) {
  auto assertions = TRY(all_assertions(received));
  auto asserted = TRY(assert_about(received.message, assertions));
  TRY(check(basis, received, opened, asserted, basis.parts.clock.now()));
  const auto must_be = TRY(signer_must_be(basis.parts, received.inquiry, opened));
  auto identity = TRY(authenticate(basis, received.inquiry, opened, asserted, must_be));
  tell_profile(basis, received.message,
               profile_id_of(basis.parts.settings, received.inquiry.profile_id, identity));
  TRY(check_may_assert(identity, received.message));
  return Asker{std::move(identity), must_be, std::move(assertions), std::move(asserted)};
}

/// An expired certificate is renewed, and may ask what became of that; it does nothing else.
Result<void> check_may_ask(const proof::ProvenIdentity& identity, const cmc::PkiRequest& message) {
  if (!identity.is_expired()) return {};
  const bool does_more =
      asks_to_revoke(message) || asks_to_retrieve(message) || asks_to_publish(message);
  const bool renews = !cmc::requests_of(message).empty();
  if (!does_more && (renews || asks_to_poll(message) || asks_to_confirm(message))) return {};
  return Error{Fault::untrusted_signer,
               "the certificate of " + identity.name() + " expired at " +
                   to_text((*identity.certificate())->validity.not_after) +
                   ": it may sign for its own renewal, and for nothing else"};
}

Result<void> check_nonce_fresh(const store::Seen& seen) {
  if (!seen.nonce) return {};
  return Error{Fault::replayed,
               "this senderNonce was used before by the same requester in another message; make a "
               "new message with a fresh nonce"};
}

bool only_publishes(const envelope::OpenedRequest& opened) {
  return asks_to_publish(opened.message()) && opened.certification_requests().empty();
}

/// What a message that was not answered before is granted, but for confirmations and publications
/// beside nothing that is to be certified.
Result<Enrollment> grant_new(const DecisionBasis& basis, const Inquiry& inquiry,
                             const envelope::OpenedRequest& opened, const Asker& asker,
                             const AuthData* auth_data) {
  const auto& [parts, offered, traces] = basis;
  const auto& identity = asker.identity;
  const auto& message = opened.message();
  if (asks_to_poll(message)) return poll(parts, opened, identity);
  // Also by a secret that is used up: by the very enrollment that is confirmed.
  const bool only_confirms = asks_to_confirm(message) && opened.certification_requests().empty();
  if (only_confirms && !asks_to_revoke(message)) return retrieve(parts, opened);
  TRY(proof::check_secret_usable(identity, parts.clock.now()));
  auto retrieved = TRY(retrieve(parts, opened));
  if (asks_to_revoke(message)) return revoke(parts, opened, identity, traces.trail);
  if (only_retrieves(opened) || only_publishes(opened)) return retrieved;
  const auto* profile = TRY(choose_profile(parts, offered, inquiry.profile_id, opened, identity));
  const bool as_dogtag = inquiry.over_dogtag_path && parts.settings.dogtag_challenge;
  auto granted = TRY(enroll(
      parts,
      {.request = opened,
       .identity = identity,
       .offered = offered,
       .profile = *profile,
       .challenge_form = as_dogtag ? store::ChallengeForm::dogtag : store::ChallengeForm::standard,
       .inquiry = inquiry,
       .received_at = parts.clock.now(),
       .asserted = asker.asserted,
       .auth_data = auth_data},
      traces));
  add_retrieved(std::move(retrieved), granted);
  return granted;
}

Result<Enrollment> enroll_new(const DecisionBasis& basis, const Inquiry& inquiry,
                              const envelope::OpenedRequest& opened, const Asker& asker,
                              const store::Seen& seen, const AuthData* auth_data) {
  TRY(check_nonce_fresh(seen));
  auto granted = TRY(grant_new(basis, inquiry, opened, asker, auth_data));
  // Beside requests, enroll has seen to it before anything was signed.
  if (opened.certification_requests().empty()) {
    TRY(confirm(basis.parts, opened, asker.identity, basis.traces.trail, granted));
    TRY(publish(basis.parts, opened, asker.identity, basis.traces.trail, granted));
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

/// Under what an answer goes out.
struct UnderSecret {
  std::optional<SecretBytes> password;
  std::optional<AuthData> auth_data;
};

Decision answer_again(Enrollment earlier, UnderSecret under, AuditTrail& trail) {
  trail.answered_again();
  return {std::move(earlier), std::nullopt, std::move(under.password), std::move(under.auth_data)};
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
  auto& trail = traces.trail;
  const auto offered = parts.profiles->take();
  const DecisionBasis basis{parts, *offered, traces};
  tell_profile(basis, message, inquiry.profile_id);
  const auto opened = TRY(open(parts, keys, received, trail));
  auto asker = find_asker(basis, received, opened);
  if (!asker.ok()) {
    return received.confidentiality.is_malleable() ? hide_until_proven(opened, asker.error())
                                                   : asker.error();
  }
  auto& identity = asker->identity;
  TRY(check_may_ask(identity, message));
  auto auth_data = TRY(open_auth_data(message, identity, inquiry.may_take_time));

  auto recalled = TRY(recall(parts, inquiry, opened, identity));
  auto forwarded = TRY(find_forwarded(message, asker->assertions, inquiry, identity));
  if (!forwarded.empty()) return forward(recalled, std::move(forwarded));

  auto& [asked, seen] = recalled;
  const Asking asking{opened, identity, asker->asserted};
  if (auto earlier = TRY(find_earlier(parts, asked, seen, asking))) {
    return answer_again(std::move(*earlier),
                        {password_of(received, opened, identity), std::move(auth_data)}, trail);
  }
  if (seen.answer) return answered_to_another();
  if (asker->must_be != proof::SignerMustBe::in_force) {
    // It came before, and what it asked for is asked anew.
    identity =
        TRY(authenticate(basis, inquiry, opened, asker->asserted, proof::SignerMustBe::in_force));
  }
  auto enrollment =
      enroll_new(basis, inquiry, opened, *asker, seen, auth_data ? &*auth_data : nullptr);
  if (!enrollment.ok()) {
    // The same message over another connection may have been granted since: its nonce, key or
    // secret is what this one met, and its answer is this one's too.
    const auto since = TRY(parts.store.seen_before(asked));
    if (auto earlier = TRY(find_earlier(parts, asked, since, asking))) {
      return answer_again(std::move(*earlier),
                          {password_of(received, opened, identity), std::move(auth_data)}, trail);
    }
    return std::move(enrollment).error();
  }
  for (const auto& record : enrollment->changes.certificates) {
    asked.serial_numbers.push_back(record.serial_number);
  }
  if (enrollment->changes.challenge) asked.challenge_id = enrollment->changes.challenge->id;
  if (enrollment->changes.pending) asked.pending_id = enrollment->changes.pending->id;
  return Decision{std::move(*enrollment), std::move(asked), password_of(received, opened, identity),
                  std::move(auth_data)};
}

Result<Enrollment> decide_approved(const Parts& parts, crypto::PublicKeyCache& keys,
                                   const ReceivedMessage& received, const ApprovedEarlier& approved,
                                   const Traces& traces) {
  const auto offered = parts.profiles->take();
  const DecisionBasis basis{parts, *offered, traces};
  tell_profile(basis, received.message, received.inquiry.profile_id);
  const auto opened = TRY(open(parts, keys, received, traces.trail));
  const auto asserted = asserted_of_waiting(received.message);
  TRY(check(basis, received, opened, asserted, approved.received_at));
  auto context = identity_context(parts, *offered, traces.wrong.proof);
  context.may_have_been_forwarded = true;
  const auto identity = TRY(proof::prove_identity(opened, received.inquiry.peer, context));
  TRY(proof::check_secret_usable(identity, approved.received_at));
  const auto auth_data = TRY(open_auth_data(received.message, identity, context.may_take_time));
  const auto* profile =
      TRY(choose_profile(parts, *offered, received.inquiry.profile_id, opened, identity));
  return enroll(parts,
                {.request = opened,
                 .identity = identity,
                 .offered = *offered,
                 .profile = *profile,
                 .challenge_form = store::ChallengeForm::standard,
                 .inquiry = received.inquiry,
                 .received_at = approved.received_at,
                 .asserted = asserted,
                 .auth_data = auth_data ? &*auth_data : nullptr,
                 .approved = &approved.changes},
                traces);
}

}  // namespace signet::authority
