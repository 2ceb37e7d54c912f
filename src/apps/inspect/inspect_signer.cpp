#include "apps/inspect/inspect_signer.h"

#include "apps/inspect/object_names.h"
#include "apps/tool/body_part_text.h"
#include "codec/cmc/oids.h"
#include "codec/pkix/oids.h"
#include "envelope/signed_data.h"

namespace signet::tool {
namespace {

/// Whose key a signature is checked with.
struct Verifier {
  pkix::SubjectPublicKeyInfo key;
  std::string description;
};

bool asks_for(const cmc::TaggedRequest& request, const Bytes& identifier) {
  const auto extensions = request.extensions();
  if (!extensions.ok()) return false;
  const auto* found = pkix::find_extension(*extensions, pkix::oid::kSubjectKeyIdentifier);
  if (found == nullptr) return false;
  const auto read = pkix::read_subject_key_identifier(found->extn_value);
  return read.ok() && *read == identifier;
}

std::optional<Verifier> find_request_key(const cms::SignerIdentifier& sid,
                                         const cmc::PKIData& pki_data) {
  const auto* identifier = std::get_if<cms::SubjectKeyIdentifier>(&sid);
  if (identifier == nullptr) return std::nullopt;
  for (const auto& request : pki_data.req_sequence) {
    if (request.public_key() == nullptr || !asks_for(request, identifier->octets)) continue;
    return Verifier{*request.public_key(), "by the key of request " +
                                               std::to_string(request.body_part_id().value) +
                                               ", which proves no identity"};
  }
  return std::nullopt;
}

std::optional<Verifier> find_verifier(const cms::SignedData& signed_data,
                                      const cms::SignerIdentifier& sid,
                                      const cmc::PKIData* pki_data) {
  if (const auto* carried = envelope::find_signer_certificate(signed_data, sid)) {
    return Verifier{(*carried)->subject_public_key_info, "by " + name_text((*carried)->subject)};
  }
  return pki_data != nullptr ? find_request_key(sid, *pki_data) : std::nullopt;
}

Result<void> verify_signer(const cms::SignedData& signed_data, const cms::SignerInfo& signer,
                           const std::optional<Verifier>& verifier) {
  if (!verifier) {
    return Error{Fault::untrusted_signer, "the signer's certificate is not in the message"};
  }
  const auto key = TRY(crypto::PublicKey::from(verifier->key));
  return envelope::verify_signer(signed_data, signer, key);
}

Result<std::string> attribute_text(const pkix::Attribute& attribute, ByteView value) {
  asn1::Budget budget{asn1::Limits::ber()};
  asn1::Reader reader{value, budget};
  if (attribute.type == pkix::oid::kContentType) return name_of(TRY(reader.read_oid()));
  if (attribute.type == pkix::oid::kMessageDigest) {
    return hex_text(TRY(reader.read_octet_string()));
  }
  if (attribute.type == pkix::oid::kSigningTime) return to_text(TRY(reader.read_time()));
  if (attribute.type == cmc::oid::kCMCUnsignedData) {
    const auto data = TRY(cmc::read_cmc_unsigned_data(value));
    return name_of(data.identifier) + " for body part " + body_part_text(data.body_part_path);
  }
  return octets_text(value.size());
}

AnnotatedTree signer_attribute_tree(const pkix::Attribute& attribute) {
  AnnotatedTree tree{name_of(attribute.type)};
  for (const auto& value : attribute.values) {
    const auto text = attribute_text(attribute, value);
    if (!text.ok()) return undecoded(std::move(tree.name), text.error());
    tree.value += (tree.value.empty() ? "" : "; ") + *text;
  }
  return tree;
}

}  // namespace

AnnotatedTree attributes_tree(std::string name, const std::vector<pkix::Attribute>& attributes) {
  AnnotatedTree tree{std::move(name), std::to_string(attributes.size())};
  for (const auto& attribute : attributes) tree.add(signer_attribute_tree(attribute));
  return tree;
}

AnnotatedTree signer_tree(const cms::SignedData& signed_data, const cms::SignerInfo& signer,
                          const cmc::PKIData* pki_data) {
  const auto verifier = find_verifier(signed_data, signer.sid, pki_data);
  AnnotatedTree tree{"SignerInfo"};
  tree.add("version", std::to_string(signer.version))
      .add("sid", identifier_text(signer.sid))
      .add("digestAlgorithm", algorithm_text(signer.digest_algorithm));
  if (signer.signed_attrs_der) tree.add(attributes_tree("signedAttrs", signer.signed_attrs));
  tree.add(signature_tree(signer.signature_algorithm, verify_signer(signed_data, signer, verifier),
                          verifier ? verifier->description : ""));
  if (!signer.unsigned_attrs.empty()) {
    tree.add(attributes_tree("unsignedAttrs", signer.unsigned_attrs));
  }
  return tree;
}

}  // namespace signet::tool
