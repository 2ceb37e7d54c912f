#include "apps/inspect/inspect_pki_data.h"

#include "apps/inspect/inspect_cms.h"
#include "apps/inspect/inspect_controls.h"
#include "apps/inspect/inspect_proofs.h"
#include "apps/inspect/inspect_request.h"
#include "apps/inspect/object_names.h"
#include "base/overloaded.h"
#include "codec/cmc/controls.h"

namespace signet::tool {
namespace {

std::string body_part(cmc::BodyPartID id) {
  return "body part " + std::to_string(id.value);
}

/// A control with one value has the value's parts right below its name.
AnnotatedTree control_tree(const cmc::TaggedAttribute& control, const Scope& scope) {
  AnnotatedTree tree{.name = name_of(control.attr_type), .remark = body_part(control.body_part_id)};
  if (cmc::find_control_kind(control.attr_type) == nullptr) {
    tree.remark += "; not a control of RFC 10002";
  }
  if (control.attr_values.size() == 1) {
    auto value = control_value_tree(control.attr_type, control.attr_values.front(), scope);
    tree.value = std::move(value.value);
    if (!value.remark.empty()) tree.remark += "; " + value.remark;
    tree.children = std::move(value.children);
    return tree;
  }
  tree.value = std::to_string(control.attr_values.size()) + " values instead of one";
  for (const auto& value : control.attr_values) {
    tree.add(control_value_tree(control.attr_type, value, scope));
  }
  return tree;
}

AnnotatedTree controls_tree(const std::vector<cmc::TaggedAttribute>& controls, const Scope& scope) {
  AnnotatedTree tree{"controlSequence", std::to_string(controls.size())};
  for (const auto& control : controls) tree.add(control_tree(control, scope));
  return tree;
}

AnnotatedTree messages_tree(const std::vector<cmc::TaggedContentInfo>& messages,
                            const Scope& scope) {
  AnnotatedTree tree{"cmsSequence", std::to_string(messages.size())};
  for (const auto& message : messages) {
    auto content = content_info_tree(message.content_info, scope);
    content.remark = body_part(message.body_part_id);
    tree.add(std::move(content));
  }
  return tree;
}

AnnotatedTree others_tree(const std::vector<cmc::OtherMsg>& others) {
  AnnotatedTree tree{"otherMsgSequence", std::to_string(others.size())};
  for (const auto& other : others) {
    AnnotatedTree message{.name = name_of(other.other_msg_type),
                          .remark = body_part(other.body_part_id)};
    tree.add(message.add(asn1_tree("otherMsgValue", other.other_msg_value)));
  }
  return tree;
}

}  // namespace

AnnotatedTree tagged_request_tree(const cmc::TaggedRequest& request) {
  auto tree = std::visit(
      Overloaded{[](const cmc::TaggedCertificationRequest& tcr) {
                   AnnotatedTree tagged{"tcr"};
                   return tagged.add(certification_request_tree(tcr.certification_request));
                 },
                 [](const cmc::TaggedCertReqMsg& crm) {
                   AnnotatedTree tagged{"crm"};
                   return tagged.add(cert_req_msg_tree(crm.cert_req_msg));
                 },
                 [](const cmc::OtherReqMsg& orm) {
                   AnnotatedTree tagged{"orm", name_of(orm.request_message_type)};
                   return tagged.add(asn1_tree("requestMessageValue", orm.request_message_value));
                 }},
      request.choice);
  tree.remark = body_part(request.body_part_id());
  return tree;
}

AnnotatedTree pki_data_tree(const cmc::PKIData& pki_data, const Scope& scope) {
  AnnotatedTree requests{"reqSequence", std::to_string(pki_data.req_sequence.size())};
  for (const auto& request : pki_data.req_sequence) requests.add(tagged_request_tree(request));
  AnnotatedTree tree{"PKIData"};
  tree.add(controls_tree(pki_data.control_sequence, scope))
      .add(std::move(requests))
      .add(messages_tree(pki_data.cms_sequence, scope))
      .add(others_tree(pki_data.other_msg_sequence));
  auto proofs = secret_proofs_tree(pki_data, scope.secret);
  if (!proofs.children.empty()) tree.add(std::move(proofs));
  return tree;
}

AnnotatedTree pki_response_tree(const cmc::PKIResponse& response, const Scope& scope) {
  AnnotatedTree tree{"PKIResponse"};
  return tree.add(controls_tree(response.control_sequence, scope))
      .add(messages_tree(response.cms_sequence, scope))
      .add(others_tree(response.other_msg_sequence));
}

}  // namespace signet::tool
