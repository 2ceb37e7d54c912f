#include "apps/inspect/inspect_cms.h"

#include "apps/inspect/inspect_certificate.h"
#include "apps/inspect/inspect_pki_data.h"
#include "apps/inspect/inspect_signer.h"
#include "apps/inspect/object_names.h"
#include "codec/cmc/controls.h"
#include "envelope/authenticated_data.h"
#include "proof/witness/shared_knowledge.h"

namespace signet::tool {
namespace {

AnnotatedTree not_shown(ByteView content) {
  return {"eContent", octets_text(content.size()) + ", not shown"};
}

AnnotatedTree pki_data_or_fault(ByteView content, const Scope& scope) {
  const auto read = cmc::read_pki_data(content);
  return read.ok() ? pki_data_tree(*read, scope) : undecoded("PKIData", read.error());
}

/// What stands inside a signed or authenticated layer.
AnnotatedTree content_tree(const cms::EncapsulatedContentInfo& content, const Scope& scope) {
  AnnotatedTree tree{"encapContentInfo", name_of(content.e_content_type)};
  if (!content.e_content) return tree.add("eContent", "absent");
  if (scope.is_deepest()) return tree.add(not_shown(*content.e_content));
  if (content.e_content_type == cmc::oid::kPKIData) {
    return tree.add(pki_data_or_fault(*content.e_content, scope.inside()));
  }
  if (content.e_content_type == cmc::oid::kPKIResponse) {
    const auto read = cmc::read_pki_response(*content.e_content);
    return tree.add(read.ok() ? pki_response_tree(*read, scope.inside())
                              : undecoded("PKIResponse", read.error()));
  }
  return tree.add(not_shown(*content.e_content));
}

std::string signed_data_kind(const cms::SignedData& signed_data) {
  const auto& content = signed_data.encap_content_info;
  if (content.e_content_type == cmc::oid::kPKIData) return "Full PKI Request";
  if (content.e_content_type == cmc::oid::kPKIResponse) return "Full PKI Response";
  const bool nothing_signed = !content.e_content && signed_data.signer_infos.empty();
  if (!nothing_signed) return "";
  return signed_data.certificates.empty() ? "neither content nor signers: the server cannot sign"
                                          : "certs-only: Simple PKI Response";
}

AnnotatedTree signed_data_tree(const cms::SignedData& signed_data, const Scope& outer) {
  auto scope = outer;
  const auto& carried = signed_data.certificates;
  scope.certificates.insert(scope.certificates.end(), carried.begin(), carried.end());
  const auto& content = signed_data.encap_content_info;
  std::optional<cmc::PKIData> pki_data;
  if (content.e_content_type == cmc::oid::kPKIData && content.e_content) {
    auto read = cmc::read_pki_data(*content.e_content);
    if (read.ok()) pki_data = std::move(read).value();
  }

  AnnotatedTree tree{"SignedData", signed_data_kind(signed_data)};
  tree.add("version", std::to_string(signed_data.version)).add(content_tree(content, scope));
  AnnotatedTree certificates{"certificates", std::to_string(carried.size())};
  if (signed_data.has_empty_certificates) certificates.remark = "present and empty";
  for (const auto& one : carried) certificates.add(certificate_tree(one, scope));
  tree.add(std::move(certificates));
  if (signed_data.other_certificates != 0) {
    tree.add("certificates that are not X.509", std::to_string(signed_data.other_certificates));
  }
  for (const auto& list : signed_data.crls) tree.add(certificate_list_tree(list, scope));
  AnnotatedTree signers{"signerInfos", std::to_string(signed_data.signer_infos.size())};
  for (const auto& signer : signed_data.signer_infos) {
    signers.add(signer_tree(signed_data, signer, pki_data ? &*pki_data : nullptr));
  }
  return tree.add(std::move(signers));
}

AnnotatedTree encrypted_tree(std::string name, const cms::EncryptedContentInfo& content) {
  AnnotatedTree tree{std::move(name), name_of(content.content_type)};
  tree.add("contentEncryptionAlgorithm", algorithm_text(content.content_encryption_algorithm));
  if (content.encrypted_content) {
    tree.add("encryptedContent", octets_text(content.encrypted_content->size()));
  }
  return tree;
}

AnnotatedTree enveloped_data_tree(const cms::EnvelopedData& enveloped) {
  AnnotatedTree tree{"EnvelopedData", "encrypted"};
  return tree.add("version", std::to_string(enveloped.version))
      .add(recipients_tree(enveloped.recipient_infos))
      .add(encrypted_tree("encryptedContentInfo", enveloped.encrypted_content_info));
}

AnnotatedTree mac_tree(ByteView mac) {
  return {.name = "mac",
          .value = hex_text(mac),
          .check = Check::not_checked,
          .remark = "it takes the recipient's key or secret"};
}

AnnotatedTree auth_enveloped_data_tree(const cms::AuthEnvelopedData& enveloped) {
  AnnotatedTree tree{"AuthEnvelopedData", "encrypted and authenticated"};
  tree.add("version", std::to_string(enveloped.version))
      .add(recipients_tree(enveloped.recipient_infos))
      .add(encrypted_tree("authEncryptedContentInfo", enveloped.auth_encrypted_content_info));
  if (enveloped.auth_attrs_der) tree.add(attributes_tree("authAttrs", enveloped.auth_attrs));
  return tree.add(mac_tree(enveloped.mac));
}

/// Whose secret, as what it covers says (AMB-9).
std::optional<std::string> identification_in(const cms::EncapsulatedContentInfo& content) {
  if (content.e_content_type != cmc::oid::kPKIData || !content.e_content) return std::nullopt;
  const auto read = cmc::read_pki_data(*content.e_content);
  if (!read.ok()) return std::nullopt;
  const auto* control = cmc::find_control(read->control_sequence, cmc::oid::kIdentification);
  if (control == nullptr || control->attr_values.size() != 1) return std::nullopt;
  auto text = cmc::read_utf8_value(control->attr_values.front());
  return text.ok() ? std::optional(*std::move(text)) : std::nullopt;
}

AnnotatedTree secret_mac_tree(const cms::AuthenticatedData& data, const SecretBytes* secret) {
  auto tree = mac_tree(data.mac);
  if (secret == nullptr) return tree;
  const auto identification = identification_in(data.encap_content_info);
  if (!identification) {
    tree.remark = "what it covers does not say whose secret it is";
    return tree;
  }
  const proof::SharedKnowledge both{*secret, *identification};
  const auto verified = envelope::verify_mac(data, both.password());
  tree.check = verified.ok() ? Check::verified : Check::broken;
  tree.remark = verified.ok() ? "key: from identification \"" + *identification + "\" and secret"
                              : verified.error().detail;
  return tree;
}

AnnotatedTree authenticated_data_tree(const cms::AuthenticatedData& data, const Scope& scope) {
  AnnotatedTree tree{"AuthenticatedData", "authenticated by MAC"};
  tree.add("version", std::to_string(data.version))
      .add(recipients_tree(data.recipient_infos))
      .add("macAlgorithm", algorithm_text(data.mac_algorithm));
  if (data.digest_algorithm) tree.add("digestAlgorithm", algorithm_text(*data.digest_algorithm));
  tree.add(content_tree(data.encap_content_info, scope));
  if (data.auth_attrs_der) tree.add(attributes_tree("authAttrs", data.auth_attrs));
  return tree.add(secret_mac_tree(data, scope.secret));
}

/// Dogtag's unsigned revocation is a PKIData in an OCTET STRING of type id-data.
AnnotatedTree data_tree(ByteView content, const Scope& scope) {
  asn1::Budget budget{asn1::Limits::ber()};
  asn1::Reader reader{content, budget};
  const auto octets = reader.read_octet_string();
  if (!octets.ok()) return undecoded("id-data", octets.error());
  const auto pki_data = cmc::read_pki_data(*octets);
  if (!pki_data.ok()) return {"id-data", octets_text(octets->size()) + ", not shown"};
  AnnotatedTree tree{"id-data", "a PKIData that nobody signed"};
  return tree.add(pki_data_tree(*pki_data, scope.inside()));
}

template <typename Value, typename ToTree>
AnnotatedTree read_and_show(const char* name, Result<Value> read, ToTree to_tree) {
  return read.ok() ? to_tree(*read) : undecoded(name, read.error());
}

AnnotatedTree layer_tree(const cms::ContentInfo& info, const Scope& scope) {
  const auto& type = info.content_type;
  if (type == cms::oid::kSignedData) {
    return read_and_show("SignedData", cms::read_signed_data(info.content),
                         [&](const auto& data) { return signed_data_tree(data, scope); });
  }
  if (type == cms::oid::kEnvelopedData) {
    return read_and_show("EnvelopedData", cms::read_enveloped_data(info.content),
                         enveloped_data_tree);
  }
  if (type == cms::oid::kAuthEnvelopedData) {
    return read_and_show("AuthEnvelopedData", cms::read_auth_enveloped_data(info.content),
                         auth_enveloped_data_tree);
  }
  if (type == cms::oid::kAuthenticatedData) {
    return read_and_show("AuthenticatedData", cms::read_authenticated_data(info.content),
                         [&](const auto& data) { return authenticated_data_tree(data, scope); });
  }
  if (type == cms::oid::kData) return data_tree(info.content, scope);
  return asn1_tree("content", info.content);
}

}  // namespace

AnnotatedTree content_info_tree(const cms::ContentInfo& content_info, const Scope& scope) {
  AnnotatedTree tree{"ContentInfo", name_of(content_info.content_type)};
  if (scope.is_deepest()) {
    return tree.add("content", octets_text(content_info.content.size()) + ", too deep to show");
  }
  return tree.add(layer_tree(content_info, scope));
}

}  // namespace signet::tool
