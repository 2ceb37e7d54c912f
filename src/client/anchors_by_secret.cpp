#include "client/anchors_by_secret.h"

#include "client/anchor_rules.h"
#include "client/one_control.h"
#include "client/pki_response.h"
#include "client/verdicts.h"
#include "codec/cmc/oids.h"
#include "envelope/authenticated_data.h"
#include "envelope/signed_attributes.h"
#include "proof/witness/shared_knowledge.h"

namespace signet::client {
namespace {

Result<cms::AuthenticatedData> read_named(const cmc::PKIResponse& response, cmc::BodyPartID id) {
  const auto* message = cmc::find_message(response.cms_sequence, id);
  if (message == nullptr) {
    return Error{Fault::dangling_reference, "authData of the answer names body part " +
                                                std::to_string(id.value) +
                                                ", which is no message in it"};
  }
  const auto& info = message->content_info;
  if (info.content_type != cms::oid::kAuthenticatedData) {
    return Error{Fault::malformed, "authData of the answer names a ContentInfo of type " +
                                       info.content_type.to_text() +
                                       " instead of an AuthenticatedData"};
  }
  auto authenticated = TRY(cms::read_authenticated_data(info.content));
  const auto& type = authenticated.encap_content_info.e_content_type;
  //= E134 RFC 10002 §6.16: a PKIData, in a response too
  if (type == cmc::oid::kPKIData) return authenticated;
  return Error{Fault::malformed, "authData of the answer is over content of type " +
                                     type.to_text() + " instead of a PKIData (1.3.6.1.5.5.7.12.2)"};
}

//= E134 RFC 10002 §6.16: the MAC comes first
//= E135 RFC 10002 §6.16: what does not authenticate is told as that
Result<void> check_mac_of_holder(const cms::AuthenticatedData& authenticated,
                                 const SecretHolder& holder) {
  const std::string_view identification = holder.identification;
  const proof::SharedKnowledge both{holder.secret, identification};
  auto verified = envelope::verify_mac(authenticated, both.password());
  if (verified.ok() || verified.error().fault != Fault::mac_mismatch) return verified;
  return Error{Fault::auth_data_failed,
               "the MAC of what authData of the answer names does not verify with this "
               "identification and secret: whoever answered does not know the secret, or knows "
               "another one"};
}

Error of_another_message(std::string_view name) {
  return {Fault::auth_data_failed, "the " + std::string(name) +
                                       " in authData of the answer is not ours: it was made for "
                                       "another message"};
}

/// What is there must be ours: the answer around it says the same, and must.
Result<void> check_for_us(const std::vector<cmc::TaggedAttribute>& controls,
                          const SecretChecks& checks) {
  const auto differs = [&](const asn1::Oid& type, const Bytes& ours) {
    const auto* control = cmc::find_control(controls, type);
    return control != nullptr && control->attr_values != std::vector<Bytes>{ours};
  };
  const auto& sent = checks.sent;
  if (differs(cmc::oid::kIdentification, cmc::write_utf8_value(checks.holder.identification))) {
    return of_another_message("identification");
  }
  if (differs(cmc::oid::kTransactionId, cmc::write_integer_value(sent.transaction_id))) {
    return of_another_message("transactionId");
  }
  if (differs(cmc::oid::kRecipientNonce, cmc::write_octets_value(sent.sender_nonce))) {
    return of_another_message("recipientNonce");
  }
  return {};
}

Result<void> check_all_roots(const std::vector<pkix::Certificate>& anchors) {
  for (const auto& anchor : anchors) {
    if (TRY(is_root(anchor))) continue;
    return Error{Fault::untrusted_signer, "the answer names " + pkix::to_text(anchor->subject) +
                                              " as a trust anchor, which is no root"};
  }
  return {};
}

Result<std::vector<cmc::TaggedAttribute>> controls_under(
    const cms::AuthenticatedData& authenticated) {
  auto inside = TRY(cmc::read_pki_data(*authenticated.encap_content_info.e_content));
  if (inside.req_sequence.empty() && inside.cms_sequence.empty() &&
      inside.other_msg_sequence.empty()) {
    return std::move(inside.control_sequence);
  }
  return Error{Fault::malformed, "authData of the answer holds requests or messages"};
}

/// The anchors, and the number of their set.
struct NamedAnchors {
  asn1::Integer sequence_number;
  std::vector<pkix::Certificate> anchors;
};

Result<NamedAnchors> take_anchors_under(const cms::AuthenticatedData& authenticated,
                                        const std::vector<pkix::Certificate>& certificates,
                                        const SecretChecks& checks) {
  //= E128 RFC 10002 §6.15: a MAC stands for the signature of who is trusted already
  TRY(check_mac_of_holder(authenticated, checks.holder));
  const auto made_at = TRY(envelope::signing_time(authenticated));
  TRY(check_near_now(made_at, checks.now));
  const auto controls = TRY(controls_under(authenticated));
  TRY(check_for_us(controls, checks));
  const auto control = TRY(read_anchor_control(controls));
  if (!control) {
    return Error{Fault::malformed, "authData of the answer names no trust anchors"};
  }
  auto anchors = TRY(named_anchors(*control, certificates));
  TRY(check_all_roots(anchors));
  return NamedAnchors{control->seq_number, std::move(anchors)};
}

/// A refusal most of the time, which helps whoever believes it.
Error says_nothing_under_secret(const std::vector<cmc::TaggedAttribute>& controls) {
  std::string text =
      "the answer says nothing under the secret (authData), so nothing shows who answered";
  const auto verdicts = read_verdicts(controls);
  if (!verdicts.ok()) return {Fault::untrusted_signer, std::move(text)};
  for (const auto& verdict : *verdicts) {
    text += ". It says, and nobody vouches for that: " + std::string(cmc::to_text(verdict.status));
    if (verdict.fail_info) text += ", " + cmc::to_text(*verdict.fail_info);
    if (!verdict.text.empty()) text += ": " + verdict.text;
  }
  return {Fault::untrusted_signer, std::move(text)};
}

}  // namespace

//= C73 RFC 10004 §5.2: authData is read
std::optional<Result<PublishedAnchors>> find_anchors_by_secret(
    const cmc::PKIResponse& response, const std::vector<pkix::Certificate>& certificates,
    const SecretChecks& checks) {
  const auto id =
      read_control(response.control_sequence, cmc::oid::kAuthData, cmc::read_body_part_id_value);
  if (!id.ok()) return Result<PublishedAnchors>(id.error());
  if (!*id) return std::nullopt;
  const auto authenticated = read_named(response, **id);
  if (!authenticated.ok()) return Result<PublishedAnchors>(authenticated.error());
  auto named = take_anchors_under(*authenticated, certificates, checks);
  if (!named.ok()) return Result<PublishedAnchors>(std::move(named).error());
  auto authority = named->anchors.front()->subject;
  return PublishedAnchors{std::move(authority), std::move(named->sequence_number),
                          std::move(named->anchors)};
}

Result<PublishedAnchors> demand_anchors_by_secret(const UnverifiedResponse& answer,
                                                  const SecretChecks& checks) {
  if (!answer.response.ok()) return answer.response.error();
  auto found = find_anchors_by_secret(*answer.response, answer.certificates(), checks);
  if (found) return *std::move(found);
  return says_nothing_under_secret(answer.response->control_sequence);
}

}  // namespace signet::client
