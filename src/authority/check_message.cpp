#include "authority/check_message.h"

#include <set>

#include "codec/cmc/bare_names.h"
#include "codec/cmc/concerning.h"

namespace signet::authority {
namespace {

using cmc::BodyPartID;
using cmc::TaggedAttribute;

Error concerning_parts(Fault fault, std::string detail, std::vector<std::uint32_t> parts) {
  return Error{fault, std::move(detail), std::move(parts)};
}

std::vector<BodyPartID> ids_of_controls(const cmc::PKIData& data) {
  std::vector<BodyPartID> ids;
  for (const auto& control : data.control_sequence) ids.push_back(control.body_part_id);
  return ids;
}

std::vector<BodyPartID> ids_of_others(const cmc::PKIData& data) {
  std::vector<BodyPartID> ids;
  for (const auto& request : data.req_sequence) ids.push_back(request.body_part_id());
  for (const auto& message : data.cms_sequence) ids.push_back(message.body_part_id);
  for (const auto& message : data.other_msg_sequence) ids.push_back(message.body_part_id);
  return ids;
}

Result<void> check_distinct(const std::vector<BodyPartID>& ids) {
  std::set<BodyPartID> seen;
  for (const auto id : ids) {
    //= E45 RFC 10002 §3.2.2: 0 stands for the PKIData itself, so no element may bear it
    if (id == cmc::kThisPKIData) {
      return Error{Fault::duplicate_body_part,
                   "an element has bodyPartID 0, which is reserved for "
                   "the message itself; number from 1"};
    }
    //= E44 RFC 10002 §3.2.2: an id stands once in a PKIData
    if (!seen.insert(id).second) {
      return concerning_parts(Fault::duplicate_body_part,
                              "bodyPartID " + std::to_string(id.value) +
                                  " stands twice in the message; each element needs its own",
                              {id.value});
    }
  }
  return {};
}

Result<void> check_body_part_ids(const cmc::PKIData& data, const MessageRules& rules,
                                 proof::UsedTolerances& used) {
  const auto controls = ids_of_controls(data);
  const auto others = ids_of_others(data);
  auto all = controls;
  all.insert(all.end(), others.begin(), others.end());
  auto distinct = check_distinct(all);
  if (distinct.ok() || !rules.shared_body_part_ids) return distinct;
  TRY(check_distinct(controls));
  TRY(check_distinct(others));
  used.push_back({Tolerance::shared_body_part_ids, "a control with the id of another element",
                  BodyPartID{distinct.error().body_parts.front()}});
  return {};
}

/// Controls of RFC 10002 that this authority acts on, or may pass over without harm.
bool is_offered(const asn1::Oid& type) {
  using namespace cmc::oid;
  return type == kTransactionId || type == kSenderNonce || type == kRecipientNonce ||
         type == kDataReturn || type == kRegInfo || type == kIdentification ||
         type == kIdentityProof || type == kIdentityProofV2 || type == kStatusInfo ||
         type == kStatusInfoV2 || type == kPopLinkRandom || type == kLraPOPWitness ||
         type == kDecryptedPOP || type == kRevokeRequest || type == kGetCert || type == kGetCRL ||
         type == kQueryPending || type == kConfirmCertAcceptance || type == kBatchRequests ||
         type == kModCertTemplate || type == kAddExtensions || type == kControlProcessed ||
         type == kRaIdentityWitness || type == kAuthData;
}

Result<void> check_control_kind(const TaggedAttribute& control, const MessageRules& rules,
                                std::set<asn1::Oid>& seen) {
  const auto* kind = cmc::find_control_kind(control.attr_type);
  if (kind == nullptr) return {};  // seen by check_all_known
  const std::string known(kind->name);
  //= E146 RFC 10002 §6.21: responseBody never stands in a PKIData
  if (kind->direction == cmc::Direction::to_client ||
      kind->direction == cmc::Direction::inside_request) {
    return Error{Fault::misplaced_control, "control " + known + " (" + control.attr_type.to_text() +
                                               ") does not belong in the controls of a request"};
  }
  TRY(check_single(control, "control " + known, seen));
  const bool is_publication = control.attr_type == cmc::oid::kPublishCert;
  if (is_publication ? !rules.publishes : !is_offered(control.attr_type)) {
    return Error{Fault::unsupported_control,
                 "control " + known + " is not offered by this authority"};
  }
  return {};
}

Result<void> check_issuer_name(const TaggedAttribute& control, const MessageRules& rules,
                               proof::UsedTolerances& used) {
  if (!cmc::names_issuer_bare(control)) return {};
  if (!rules.bare_names) {
    const auto* kind = cmc::find_control_kind(control.attr_type);
    return Error{Fault::malformed,
                 "control " + std::string(kind->name) +
                     " names its issuer by another form than the standard's, as Dogtag's client "
                     "does ([compatibility] bare_names would take it)"};
  }
  used.push_back({Tolerance::bare_names, "an issuer named by another form than the standard's",
                  control.body_part_id});
  return {};
}

/// But for those that a registration authority has acted on.
Result<void> check_all_known(const std::vector<TaggedAttribute>& controls,
                             const MessageRules& rules) {
  std::string types;
  std::vector<std::uint32_t> parts;
  for (const auto& control : controls) {
    const bool is_known = cmc::find_control_kind(control.attr_type) != nullptr;
    //= E26 RFC 10002 §6.19: an unknown control that an RA has acted on is passed over
    if (is_known || rules.processed.count(control.body_part_id) != 0) continue;
    types += (types.empty() ? "" : ", ") + control.attr_type.to_text();
    parts.push_back(control.body_part_id.value);
  }
  if (parts.empty()) return {};
  //= E23 RFC 10002 §3.2.1.1: an unknown control at the final server fails the whole PKIData
  //= E24 RFC 10002 §3.2.1.1: with badRequest
  //= E25 RFC 10002 §3.2.1.1: and the bodyList names each such control
  return concerning_parts(Fault::unknown_control,
                          "not known here: control " + types + "; leave it out", std::move(parts));
}

Result<void> check_control(const TaggedAttribute& control, const MessageRules& rules,
                           std::set<asn1::Oid>& seen, proof::UsedTolerances& used) {
  TRY(check_control_kind(control, rules, seen));
  return check_issuer_name(control, rules, used);
}

Result<void> check_controls(const std::vector<TaggedAttribute>& controls, const MessageRules& rules,
                            proof::UsedTolerances& used) {
  TRY(check_all_known(controls, rules));
  std::set<asn1::Oid> seen;
  for (const auto& control : controls) {
    TRY(concerning(control.body_part_id, check_control(control, rules, seen, used)));
  }
  return {};
}

/// Controls that speak of certification requests, in a message that has none in any layer: whoever
/// sent them would believe that they were acted on.
Result<void> check_stray_controls(const cmc::PKIData& data) {
  if (!data.req_sequence.empty() || !data.cms_sequence.empty()) return {};
  for (const auto& control : data.control_sequence) {
    using namespace cmc::oid;
    const auto& type = control.attr_type;
    if (type != kPopLinkRandom && type != kDecryptedPOP && type != kLraPOPWitness) continue;
    const std::string name(cmc::find_control_kind(type)->name);
    return concerning_parts(Fault::misplaced_control,
                            "control " + name + " stands in a message without requests",
                            {control.body_part_id.value});
  }
  return {};
}

Result<void> check_request_types(const cmc::PKIData& data) {
  std::string types;
  std::vector<std::uint32_t> parts;
  for (const auto& request : data.req_sequence) {
    const auto* other = std::get_if<cmc::OtherReqMsg>(&request.choice);
    if (other == nullptr) continue;
    types += (types.empty() ? "" : ", ") + other->request_message_type.to_text();
    parts.push_back(other->body_part_id.value);
  }
  if (parts.empty()) return {};
  //= E20 RFC 10002 §3.2.1: and then no other certification request is processed
  return concerning_parts(
      Fault::unsupported_request_type,
      "request message type " + types + " is not supported; send PKCS#10 or CRMF",
      std::move(parts));
}

Result<void> check_layer(const cmc::FullPkiRequest& message, const MessageRules& rules,
                         proof::UsedTolerances& used) {
  if (!message.bare) return {};
  if (rules.bare_revocation) {
    used.push_back({Tolerance::bare_revocation, "a PKIData in no CMS layer but id-data"});
    return {};
  }
  return Error{Fault::unsupported_message,
               "the PKIData stands in an id-data instead of a SignedData, in which a revocation by "
               "secret has no signers ([compatibility] bare_revocation would take it)"};
}

Result<void> check_signing_time(const envelope::OpenedRequest& request, const MessageRules& rules) {
  if (!request.signing_time()) return {};
  const auto difference = *request.signing_time() > rules.now ? *request.signing_time() - rules.now
                                                              : rules.now - *request.signing_time();
  if (difference <= rules.signing_time_window) return {};
  return Error{Fault::stale_time, "the message says it was signed at " +
                                      to_text(*request.signing_time()) + ", here it is " +
                                      to_text(rules.now) + "; set the clock and sign anew"};
}

}  // namespace

Result<void> check_single(const TaggedAttribute& control, const std::string& told_as,
                          std::set<asn1::Oid>& seen) {
  const auto* kind = cmc::find_control_kind(control.attr_type);
  const bool is_repeatable = kind != nullptr && kind->repeatable;
  if (!seen.insert(control.attr_type).second && !is_repeatable) {
    return Error{Fault::duplicate_control, told_as + " stands twice"};
  }
  const auto values = control.attr_values.size();
  if (values == 1) return {};
  return Error{Fault::malformed,
               told_as + " has " + std::to_string(values) + " values instead of one"};
}

Result<void> check_message(const envelope::OpenedRequest& request, const MessageRules& rules,
                           proof::UsedTolerances& used) {
  const auto* full = std::get_if<cmc::FullPkiRequest>(&request.message());
  if (full == nullptr) return {};
  TRY(check_layer(*full, rules, used));
  TRY(check_body_part_ids(full->pki_data, rules, used));
  TRY(check_controls(full->pki_data.control_sequence, rules, used));
  TRY(check_stray_controls(full->pki_data));
  TRY(check_request_types(full->pki_data));
  return check_signing_time(request, rules);
}

}  // namespace signet::authority
