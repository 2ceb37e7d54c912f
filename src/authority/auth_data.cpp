#include "authority/auth_data.h"

#include <set>

#include "authority/check_message.h"
#include "authority/exchange.h"
#include "codec/cmc/controls.h"
#include "envelope/authenticated_data.h"
#include "proof/witness/shared_knowledge.h"

namespace signet::authority {
namespace {

Result<cms::AuthenticatedData> find_authenticated(const cmc::PKIData& data,
                                                  const cmc::TaggedAttribute& control) {
  const auto id = TRY(cmc::read_body_part_id_value(control.attr_values.front()));
  const auto* message = cmc::find_message(data.cms_sequence, id);
  const auto named = "authData names " + std::to_string(id.value);
  if (message == nullptr) {
    return Error{Fault::dangling_reference,
                 named + ", but cmsSequence holds no message of that bodyPartID"};
  }
  const auto& info = message->content_info;
  if (info.content_type != cms::oid::kAuthenticatedData) {
    return Error{Fault::malformed, named + ", which is a ContentInfo of type " +
                                       info.content_type.to_text() +
                                       " instead of an AuthenticatedData"};
  }
  auto authenticated = TRY(cms::read_authenticated_data(info.content));
  const auto& type = authenticated.encap_content_info.e_content_type;
  //= E134 RFC 10002 §6.16: what is authenticated is a PKIData
  if (type == cmc::oid::kPKIData) return authenticated;
  return Error{Fault::malformed, named + ", which is over content of type " + type.to_text() +
                                     " instead of a PKIData (1.3.6.1.5.5.7.12.2)"};
}

/// The secret that proved who sends the message.
Result<SecretBytes> proven_password(const proof::ProvenIdentity& identity) {
  if (identity.secret() == nullptr) {
    return Error{Fault::auth_data_failed,
                 "authData is MACed under the shared secret by which the message proves who sends "
                 "it, and " +
                     identity.name() + " is known otherwise: put its controls into the message"};
  }
  const std::string_view identification = identity.identification();
  return proof::SharedKnowledge{identity.secret()->octets, identification}.password();
}

//= E134 RFC 10002 §6.16: nothing of it is looked at before the MAC has verified
Result<void> check_auth_data_mac(const cms::AuthenticatedData& authenticated,
                                 const SecretBytes& password) {
  auto verified = envelope::verify_mac(authenticated, password);
  if (verified.ok() || verified.error().fault != Fault::mac_mismatch) return verified;
  return Error{Fault::auth_data_failed,
               "the MAC of what authData names does not verify with the identification and shared "
               "secret that prove who sends the message"};
}

Result<void> check_holds_controls_alone(const cmc::PKIData& inside) {
  if (inside.req_sequence.empty() && inside.cms_sequence.empty() &&
      inside.other_msg_sequence.empty()) {
    return {};
  }
  return Error{Fault::unsupported_message,
               "authData brings controls alone here: put certification requests, and messages to "
               "be forwarded, into the message itself"};
}

Result<void> check_brought_ids(const std::vector<cmc::TaggedAttribute>& controls) {
  std::set<cmc::BodyPartID> seen{cmc::kThisPKIData};
  for (const auto& control : controls) {
    if (seen.insert(control.body_part_id).second) continue;
    return Error{Fault::duplicate_body_part, "bodyPartID " +
                                                 std::to_string(control.body_part_id.value) +
                                                 " stands twice in what authData brings, or is 0"};
  }
  return {};
}

/// Of what says whose message and which one it goes with.
bool ties_to_message(const asn1::Oid& type) {
  using namespace cmc::oid;
  return type == kIdentification || type == kTransactionId || type == kSenderNonce;
}

Result<void> check_brought_kind(const cmc::TaggedAttribute& control, std::set<asn1::Oid>& seen) {
  const auto& type = control.attr_type;
  const auto* kind = cmc::find_control_kind(type);
  if (kind == nullptr) {
    return Error{Fault::unknown_control,
                 "control " + type.to_text() + " in authData is not known here; leave it out"};
  }
  const auto named = "control " + std::string(kind->name) + " in authData";
  if (kind->direction == cmc::Direction::to_client ||
      kind->direction == cmc::Direction::inside_request) {
    return Error{Fault::misplaced_control, named + " does not belong in a request"};
  }
  if (!ties_to_message(type) && type != cmc::oid::kRegInfo) {
    return Error{Fault::unsupported_control,
                 named + " is not taken: put it into the message itself"};
  }
  return check_single(control, named, seen);
}

/// By its octets: the message says it in the same words.
Result<void> check_is_of_message(const cmc::TaggedAttribute& control,
                                 const std::vector<cmc::TaggedAttribute>& own) {
  if (!ties_to_message(control.attr_type)) return {};
  const auto* said = cmc::find_control(own, control.attr_type);
  if (said != nullptr && said->attr_values == control.attr_values) return {};
  const auto* kind = cmc::find_control_kind(control.attr_type);
  return Error{Fault::auth_data_failed, "the " + std::string(kind->name) +
                                            " in authData is not the message's own: it was "
                                            "authenticated for another message"};
}

Result<void> check_brought_controls(const std::vector<cmc::TaggedAttribute>& controls,
                                    const std::vector<cmc::TaggedAttribute>& own) {
  TRY(check_brought_ids(controls));
  std::set<asn1::Oid> seen;
  for (const auto& control : controls) TRY(check_brought_kind(control, seen));
  for (const auto& control : controls) TRY(check_is_of_message(control, own));
  return check_exchange(controls);
}

/// All that it brings is of one person, and each costs a derivation.
Result<const cmc::TaggedAttribute*> only_auth_data(
    const std::vector<cmc::TaggedAttribute>& controls) {
  const auto found = cmc::find_controls(controls, cmc::oid::kAuthData);
  if (found.size() > 1) {
    return Error{Fault::duplicate_control,
                 "control authData stands twice: a message brings one here",
                 {found[1]->body_part_id.value}};
  }
  return found.empty() ? nullptr : found.front();
}

Result<AuthData> open_named(const cmc::PKIData& data, const cmc::TaggedAttribute& control,
                            const proof::ProvenIdentity& identity, bool may_take_time) {
  const auto authenticated = TRY(find_authenticated(data, control));
  auto password = TRY(proven_password(identity));
  if (!may_take_time) return proof::takes_time();
  TRY(check_auth_data_mac(authenticated, password));
  auto inside = TRY(cmc::read_pki_data(*authenticated.encap_content_info.e_content));
  TRY(check_holds_controls_alone(inside));
  TRY(check_brought_controls(inside.control_sequence, data.control_sequence));
  return AuthData{control.body_part_id, std::move(inside.control_sequence), std::move(password)};
}

}  // namespace

//= C75 RFC 10004 §5.2: authData is acted on
Result<std::optional<AuthData>> open_auth_data(const cmc::PkiRequest& message,
                                               const proof::ProvenIdentity& identity,
                                               bool may_take_time) {
  const auto* control = TRY(only_auth_data(cmc::controls_of(message)));
  if (control == nullptr) return std::optional<AuthData>();
  const auto& data = std::get<cmc::FullPkiRequest>(message).pki_data;
  auto opened = open_named(data, *control, identity, may_take_time);
  if (opened.ok()) return std::optional(std::move(opened).value());
  auto error = std::move(opened).error();
  error.body_parts = {control->body_part_id.value};  // ids inside are not the message's
  return error;
}

}  // namespace signet::authority
