#include "authority/certificate_authority.h"

#include <algorithm>

#include "authority/agent_desk.h"
#include "authority/confidentiality.h"
#include "authority/decision.h"
#include "authority/forwarded_batch.h"
#include "authority/overdue.h"
#include "authority/refusal.h"
#include "authority/response.h"
#include "authority/revocation.h"
#include "envelope/signed_data.h"

namespace signet::authority {
namespace {

bool holds_only_status(const cmc::PkiRequest& message) {
  const auto is_status = [](const cmc::TaggedAttribute& control) {
    return control.attr_type == cmc::oid::kStatusInfo ||
           control.attr_type == cmc::oid::kStatusInfoV2;
  };
  const auto& controls = cmc::controls_of(message);
  return cmc::requests_of(message).empty() && !controls.empty() &&
         std::all_of(controls.begin(), controls.end(), is_status);
}

/// The certificates around each response, DER.
std::vector<Bytes> shown(const CertificateAuthority::Parts& parts) {
  const auto& more = parts.shown_certificates;
  std::vector<Bytes> all;
  for (const auto& each : more.empty() ? parts.issuer.chain() : more) all.push_back(each.der);
  return all;
}

/// Whether the octets are a CMS message at all, so that a CMC answer makes sense to its sender.
bool is_cms(ByteView octets) {
  return cms::read_content_info(octets).ok();
}

/// Whether no reply is owed: two parties that tell each other of broken status messages would never
/// end.
bool deserves_silence(const cmc::PkiRequest* message, const Error& why) {
  //= E42 RFC 10002 §3.2.1.3.4: a bad message of nothing but status is not answered
  const bool is_unproven = why.fault == Fault::bad_signature || why.fault == Fault::mac_mismatch ||
                           why.fault == Fault::untrusted_signer;
  return message != nullptr && is_unproven && holds_only_status(*message);
}

void record_received(const Inquiry& inquiry, const Result<ReceivedMessage>& received,
                     AuditTrail& trail) {
  const bool encrypted =
      received.ok() && received->confidentiality.shape != envelope::EncryptionShape::none;
  const auto* message = received.ok() ? &received->message : nullptr;
  if (!encrypted && may_hold_revocation_secret(inquiry.octets, message)) {
    return trail.request_with_secret_received(inquiry.octets);
  }
  trail.request_received(inquiry.octets);
}

/// Whether what is granted goes out under the key that signs responses: not as certificates alone,
/// and not under a MAC.
bool is_answered_signed(const ReceivedMessage& received) {
  const bool is_encrypted = received.confidentiality.shape != envelope::EncryptionShape::none;
  const auto* full = std::get_if<cmc::FullPkiRequest>(&received.message);
  const bool by_mac = full != nullptr && full->authenticated_data && !is_encrypted;
  return !by_mac &&
         !is_answered_simply({.request = received.message, .is_encrypted = is_encrypted});
}

Addressee addressee(const ReceivedMessage& received, const Decision& decision) {
  return {.request = received.message,
          .password = decision.password ? &*decision.password : nullptr,
          .anchors_under = decision.auth_data ? &decision.auth_data->password : nullptr,
          .is_encrypted = received.confidentiality.shape != envelope::EncryptionShape::none};
}

std::string forwarder_of(const Inquiry& inquiry) {
  return inquiry.forwarding == nullptr ? std::string{} : inquiry.forwarding->agent->name();
}

/// The steps end with Fault::takes_time where a password-derived key is needed and this thread may
/// not wait. That is no refusal: the message is queued and decided again
/// (Service::Impl::take_time).
bool takes_time(const Result<Decision>& decision) {
  return !decision.ok() && decision.error().fault == Fault::takes_time;
}

/// Of messages in a message only so many may take time.
Result<Decision> within_account(const Inquiry& inquiry, Result<Decision> decision) {
  const auto& forwarding = inquiry.forwarding;
  if (forwarding != nullptr && takes_time(decision)) {
    TRY(forwarding->account->take_time(forwarding->place));
  }
  return decision;
}

/// The messages inside are asked before there is an answer to the one around them.
AwaitsForwarded forward_all(ForwardedBatch batch) {
  AwaitsForwarded awaits;
  for (const auto& each : batch.decision.forwarded) awaits.forwarded.push_back(each.inquiry);
  awaits.batch = std::make_shared<ForwardedBatch>(std::move(batch));
  return awaits;
}

/// A message that is not answered, or could not be, is told of in the answer around it.
std::optional<Error> why_unanswered(const Answer& answer) {
  if (answer.kind == ResponseKind::simple || answer.kind == ResponseKind::full) return std::nullopt;
  return answer.refusal.value_or(Error{Fault::internal, "it could not be answered"});
}

std::vector<ForwardedAnswer> forwarded_answers(const std::vector<Forwarded>& forwarded,
                                               std::vector<Answer> answers) {
  std::vector<ForwardedAnswer> told;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto why = why_unanswered(answers[i]);
    told.push_back({forwarded[i].item, why ? Bytes{} : std::move(answers[i].octets), why});
  }
  return told;
}

void hand_over(AuditTrail& trail, Answer& answer) {
  answer.tolerated = trail.tolerated();
  answer.commit.events = trail.take();
}

}  // namespace

struct CertificateAuthority::Impl {
  explicit Impl(Parts given)
      : parts(std::move(given)),
        writer({.issuer = parts.issuer,
                .algorithm = parts.facts.default_signature_algorithm,
                .chain = shown(parts),
                .announcement = parts.announcement,
                .anchors_by_secret = parts.anchors_by_secret,
                .clock = parts.clock,
                .random = parts.random}),
        desk(parts),
        overdue(parts) {
    writer.delegate_to(parts.response_signer);
  }

  /// The response to what was granted or refused, encrypted where the request was.
  Result<Bytes> write(const ReceivedMessage& received, const Decision& decision, AuditTrail& trail);
  Result<Bytes> write(const ReceivedMessage* received, const Exchange& exchange, const Error& why,
                      AuditTrail& trail);
  Answer grant(const ReceivedMessage& received, Decision decision, AuditTrail& trail);
  Result<Bytes> write_batch(const ForwardedBatch& batch,
                            const std::vector<ForwardedAnswer>& answers, AuditTrail& trail);
  Answer refuse(const ReceivedMessage* received, const Error& why, AuditTrail& trail);
  Answer refuse(const ReceivedMessage* received, const Exchange& exchange, const Error& why,
                AuditTrail& trail);
  Answer refuse_unreadable(const Inquiry& inquiry, const Error& why, AuditTrail& trail);
  void log_refusal(const Error& why) const;

  Parts parts;
  ResponseWriter writer;
  crypto::PublicKeyCache keys;
  AgentDesk desk;
  OverdueConfirmations overdue;
};

CertificateAuthority::CertificateAuthority(Parts parts)
    : impl_(std::make_unique<Impl>(std::move(parts))) {}

CertificateAuthority::~CertificateAuthority() = default;

Reply CertificateAuthority::respond(const Inquiry& inquiry) {
  AuditTrail trail{impl_->parts.clock, inquiry.peer, forwarder_of(inquiry)};
  auto received = receive(impl_->parts, inquiry, trail.tolerated());
  record_received(inquiry, received, trail);
  if (!received.ok()) return impl_->refuse_unreadable(inquiry, received.error(), trail);
  if (is_answered_signed(*received)) {
    const auto able = impl_->writer.check_can_sign();
    if (!able.ok()) return impl_->refuse(&*received, able.error(), trail);
  }

  WrongAnswers wrong;
  auto decision =
      within_account(inquiry, decide(impl_->parts, impl_->keys, *received, {trail, wrong}));
  if (takes_time(decision)) return TakesTime{};
  if (!decision.ok()) {
    // Nothing of a message that may have been altered comes back in its answer.
    const bool is_hidden = received->confidentiality.is_malleable() &&
                           decision.error().fault == Fault::decryption_failed;
    auto answer = impl_->refuse(is_hidden ? nullptr : &*received, decision.error(), trail);
    answer.commit.token_failure = std::move(wrong.proof);
    answer.commit.challenge_change = std::move(wrong.challenge);
    return answer;
  }
  if (!decision->forwarded.empty()) {
    return forward_all(
        {std::move(received).value(), std::move(decision).value(), std::move(trail)});
  }
  return impl_->grant(*received, std::move(decision).value(), trail);
}

Answer CertificateAuthority::answer_batch(const AwaitsForwarded& awaits,
                                          std::vector<Answer> answers) {
  auto& [received, decision, trail] = *awaits.batch;
  Answer answer;
  for (const auto& each : answers) answer.issued += each.issued;
  auto octets = impl_->write_batch(
      *awaits.batch, forwarded_answers(decision.forwarded, std::move(answers)), trail);
  if (!octets.ok()) return impl_->refuse(&received, octets.error(), trail);
  answer.octets = std::move(octets).value();
  answer.commit.tells_of_record = !decision.answered.has_value();
  answer.commit.answered = std::move(decision.answered);
  hand_over(trail, answer);
  return answer;
}

Answer CertificateAuthority::refuse(const Inquiry& inquiry, const Error& why,
                                    proof::UsedTolerances tolerated) {
  AuditTrail trail{impl_->parts.clock, inquiry.peer, forwarder_of(inquiry)};
  const auto received = receive(impl_->parts, inquiry, trail.tolerated());
  if (!tolerated.empty()) trail.tolerated() = std::move(tolerated);  // and what receive noted
  const bool is_told = received.ok() && !received->confidentiality.is_malleable();
  return impl_->refuse(is_told ? &*received : nullptr, why, trail);
}

void CertificateAuthority::sign_responses_with(std::shared_ptr<const ResponseSigner> signer) {
  impl_->writer.delegate_to(std::move(signer));
}

AgentDesk& CertificateAuthority::desk() {
  return impl_->desk;
}

Result<std::size_t> CertificateAuthority::settle_overdue() {
  return impl_->overdue.settle();
}

Bytes CertificateAuthority::certificate_chain() const {
  return envelope::seal_certificates_only(shown(impl_->parts));
}

const issuance::Issuer& CertificateAuthority::issuer() const {
  return impl_->parts.issuer;
}

Result<Bytes> CertificateAuthority::Impl::write(const ReceivedMessage& received,
                                                const Decision& decision, AuditTrail& trail) {
  const auto& granted = decision.granted;
  const auto& challenge = granted.changes.challenge;
  const auto to = addressee(received, decision);
  auto written = challenge ? writer.write_challenge(to, granted.outcomes, *challenge)
                 : granted.pend_info
                     ? writer.write_pending(to, granted.outcomes, *granted.pend_info)
                     : writer.write_success(to, granted.outcomes);
  const auto octets = TRY(std::move(written));
  auto in_kind = TRY(answer_in_kind(writer, received, octets, parts.random));
  trail.response_sent(octets);
  return in_kind;
}

Result<Bytes> CertificateAuthority::Impl::write(const ReceivedMessage* received,
                                                const Exchange& exchange, const Error& why,
                                                AuditTrail& trail) {
  auto octets =
      TRY(writer.write_refusal(received != nullptr ? &received->message : nullptr, exchange, why));
  auto in_kind =
      received == nullptr ? octets : TRY(answer_in_kind(writer, *received, octets, parts.random));
  trail.response_sent(octets);
  return in_kind;
}

Result<Bytes> CertificateAuthority::Impl::write_batch(const ForwardedBatch& batch,
                                                      const std::vector<ForwardedAnswer>& answers,
                                                      AuditTrail& trail) {
  const auto octets = TRY(writer.write_batch(addressee(batch.received, batch.decision), answers));
  auto in_kind = TRY(answer_in_kind(writer, batch.received, octets, parts.random));
  trail.response_sent(octets);
  return in_kind;
}

Answer CertificateAuthority::Impl::grant(const ReceivedMessage& received, Decision decision,
                                         AuditTrail& trail) {
  auto octets = write(received, decision, trail);
  if (!octets.ok()) return refuse(&received, octets.error(), trail);

  const bool is_final = !decision.granted.changes.challenge && !decision.granted.pend_info;
  const bool simple = is_final && is_answered_simply(addressee(received, decision));
  Answer answer;
  answer.kind = simple ? ResponseKind::simple : ResponseKind::full;
  answer.octets = std::move(octets).value();
  answer.commit = std::move(decision.granted.changes);
  answer.issued = answer.commit.certificates.size();
  if (!decision.answered) answer.commit.challenge.reset();  // sent again, it stands already
  answer.commit.tells_of_record = !decision.answered.has_value();
  answer.commit.answered = std::move(decision.answered);
  hand_over(trail, answer);
  add_to_outbox(parts.settings.published, received.now, answer.commit);
  return answer;
}

Answer CertificateAuthority::Impl::refuse(const ReceivedMessage* received, const Error& given,
                                          AuditTrail& trail) {
  const auto exchange =
      received != nullptr ? exchange_of(cmc::controls_of(received->message)) : Exchange{};
  return refuse(received, exchange, given, trail);
}

Answer CertificateAuthority::Impl::refuse(const ReceivedMessage* received, const Exchange& exchange,
                                          const Error& given, AuditTrail& trail) {
  const auto why =
      in_short(received != nullptr ? naming_its_control(given, received->message) : given);
  log_refusal(why);
  trail.request_rejected(why);
  Answer answer;
  answer.refusal = why;
  if (deserves_silence(received != nullptr ? &received->message : nullptr, why)) {
    answer.kind = ResponseKind::none;
  } else if (auto octets = write(received, exchange, why, trail); octets.ok()) {
    answer.octets = std::move(octets).value();
  } else {
    answer.kind = ResponseKind::unable;
    answer.is_for_now = may_pass_by_itself(octets.error().fault);
    answer.octets = ResponseWriter::write_unable();
  }
  hand_over(trail, answer);
  return answer;
}

Answer CertificateAuthority::Impl::refuse_unreadable(const Inquiry& inquiry, const Error& given,
                                                     AuditTrail& trail) {
  const auto why = in_short(given);
  //= E08 RFC 10002 §3.2: a Full request is always answered, also one that cannot be read
  if (is_cms(inquiry.octets)) {
    //= E101 RFC 10002 §6.6: with what of its transaction can be read
    const auto legible = cmc::legible_parts_of(inquiry.octets);
    return refuse(nullptr, exchange_of(legible.controls), why, trail);
  }
  log_refusal(why);
  trail.request_rejected(why);
  Answer answer;
  answer.kind = ResponseKind::none;
  answer.refusal = why;
  hand_over(trail, answer);
  return answer;
}

void CertificateAuthority::Impl::log_refusal(const Error& why) const {
  const auto told =
      why.confidential.empty() ? why.detail : why.detail + " [" + why.confidential + "]";
  parts.log.write(is_our_failure(why.fault) ? Log::Level::warning : Log::Level::info, "refused",
                  {{"fault", to_text(why.fault)}, {"why", told}});
}

}  // namespace signet::authority
