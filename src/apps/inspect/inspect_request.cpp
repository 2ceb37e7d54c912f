#include "apps/inspect/inspect_request.h"

#include "apps/inspect/inspect_controls.h"
#include "apps/inspect/inspect_extensions.h"
#include "apps/inspect/object_names.h"
#include "base/overloaded.h"
#include "codec/pkix/oids.h"

namespace signet::tool {
namespace {

const char* const kNotShown = "present; a secret, not shown";

AnnotatedTree request_attribute_tree(const pkix::Attribute& attribute,
                                     const pkix::CertificationRequestInfo& info) {
  if (attribute.type == pkix::oid::kExtensionRequest) {
    const auto extensions = pkix::requested_extensions(info);
    if (!extensions.ok()) return undecoded("extensionRequest", extensions.error());
    return extensions_tree("extensionRequest", *extensions);
  }
  if (attribute.type == pkix::oid::kChallengePassword) return {"challengePassword", kNotShown};
  AnnotatedTree tree{name_of(attribute.type)};
  for (const auto& value : attribute.values) tree.add(control_value_tree(attribute.type, value));
  return tree;
}

AnnotatedTree crmf_control_tree(const crmf::AttributeTypeAndValue& control) {
  const bool secret =
      control.type == crmf::oid::kRegToken || control.type == crmf::oid::kAuthenticator;
  if (secret) return {name_of(control.type), kNotShown};
  AnnotatedTree tree{name_of(control.type)};
  return tree.add(control_value_tree(control.type, control.value));
}

AnnotatedTree signing_key_tree(const crmf::PopoSigningKey& popo, const crmf::CertReqMsg& message) {
  AnnotatedTree tree{"popo", "signature (POPOSigningKey)"};
  if (popo.poposk_input) tree.add("poposkInput", "present; CMC forbids it");
  const auto& key = message.cert_req.value.cert_template.public_key;
  if (!key) {
    return tree.add({.name = "signature",
                     .value = algorithm_text(popo.algorithm_identifier),
                     .check = Check::not_checked,
                     .remark = "the template has no publicKey"});
  }
  return tree.add(check_signature(*key, popo.algorithm_identifier, message.cert_req.der,
                                  popo.signature, "possession proven by the key in the request"));
}

std::string method_text(const crmf::PopoPrivKey& method) {
  return std::visit(
      Overloaded{[](const crmf::ThisMessage&) { return "thisMessage"; },
                 [](crmf::SubsequentMessage message) {
                   return message == crmf::SubsequentMessage::encrCert
                              ? "subsequentMessage encrCert (indirect; CMC forbids it)"
                              : "subsequentMessage challengeResp";
                 },
                 [](const crmf::DhMac&) { return "dhMAC"; },
                 [](const crmf::PkMacValue&) { return "agreeMAC"; },
                 [](const crmf::EncryptedKey&) { return "encryptedKey"; }},
      method);
}

AnnotatedTree popo_tree(const crmf::CertReqMsg& message) {
  if (!message.popo) return {"popo", "absent: possession is not proven here"};
  return std::visit(
      Overloaded{[](const crmf::RaVerified&) {
                   return AnnotatedTree{"popo", "raVerified: an RA says so"};
                 },
                 [&](const crmf::PopoSigningKey& popo) { return signing_key_tree(popo, message); },
                 [](const crmf::KeyEncipherment& popo) {
                   return AnnotatedTree{"popo", "keyEncipherment, " + method_text(popo.method)};
                 },
                 [](const crmf::KeyAgreement& popo) {
                   return AnnotatedTree{"popo", "keyAgreement, " + method_text(popo.method)};
                 }},
      *message.popo);
}

}  // namespace

AnnotatedTree certification_request_tree(const pkix::CertificationRequest& request) {
  const auto& info = request.info.value;
  AnnotatedTree tree{"CertificationRequest", "PKCS#10 for " + name_text(info.subject)};
  tree.add("version", std::to_string(info.version))
      .add("subject", name_text(info.subject))
      .add(public_key_tree("subjectPKInfo", info.subject_public_key_info));
  AnnotatedTree attributes{"attributes", std::to_string(info.attributes.size())};
  for (const auto& attribute : info.attributes)
    attributes.add(request_attribute_tree(attribute, info));
  tree.add(std::move(attributes));
  return tree.add(check_signature(info.subject_public_key_info, request.signature_algorithm,
                                  request.info.der, request.signature,
                                  "possession proven by the key in the request"));
}

AnnotatedTree cert_template_tree(const crmf::CertTemplate& cert_template) {
  AnnotatedTree tree{"certTemplate"};
  if (cert_template.version) tree.add("version", std::to_string(*cert_template.version));
  if (cert_template.serial_number) {
    tree.add("serialNumber", integer_text(*cert_template.serial_number));
  }
  if (cert_template.signing_alg) tree.add("signingAlg", algorithm_text(*cert_template.signing_alg));
  if (cert_template.issuer) tree.add("issuer", name_text(*cert_template.issuer));
  if (const auto& validity = cert_template.validity) {
    if (validity->not_before) tree.add("notBefore", to_text(*validity->not_before));
    if (validity->not_after) tree.add("notAfter", to_text(*validity->not_after));
  }
  if (cert_template.subject) tree.add("subject", name_text(*cert_template.subject));
  if (cert_template.public_key) {
    tree.add(public_key_tree("publicKey", *cert_template.public_key));
  }
  if (!cert_template.extensions.empty()) {
    tree.add(extensions_tree("extensions", cert_template.extensions));
  }
  return tree;
}

AnnotatedTree cert_req_msg_tree(const crmf::CertReqMsg& message) {
  const auto& request = message.cert_req.value;
  const auto& subject = request.cert_template.subject;
  AnnotatedTree tree{"CertReqMsg", "CRMF for " + (subject ? name_text(*subject) : "no subject")};
  tree.add("certReqId", integer_text(request.cert_req_id))
      .add(cert_template_tree(request.cert_template));
  if (!request.controls.empty()) {
    AnnotatedTree controls{"controls", std::to_string(request.controls.size())};
    for (const auto& control : request.controls) controls.add(crmf_control_tree(control));
    tree.add(std::move(controls));
  }
  tree.add(popo_tree(message));
  if (!message.reg_info.empty()) tree.add("regInfo", "present; CMC forbids it, not shown");
  return tree;
}

}  // namespace signet::tool
