#include "apps/inspect/inspect_proofs.h"

#include "apps/inspect/inspect_parts.h"
#include "codec/cmc/controls.h"
#include "proof/witness/identity_proof.h"
#include "proof/witness/pop_link.h"

namespace signet::tool {
namespace {

/// What the proofs of one message are made from.
struct ProofMaterial {
  const cmc::PKIData& pki_data;
  const SecretBytes* secret;
  std::optional<std::string> identification = {};
  std::optional<Bytes> random = {};

  [[nodiscard]] proof::SharedKnowledge alone() const { return {*secret, std::nullopt}; }
  [[nodiscard]] proof::SharedKnowledge joined() const {
    proof::SharedKnowledge known{*secret, std::nullopt};
    if (identification) known.identification = *identification;
    return known;
  }
};

const Bytes* single_value(const cmc::PKIData& pki_data, const asn1::Oid& type) {
  const auto* control = cmc::find_control(pki_data.control_sequence, type);
  return control == nullptr || control->attr_values.size() != 1 ? nullptr
                                                                : &control->attr_values.front();
}

ProofMaterial material_of(const cmc::PKIData& pki_data, const SecretBytes* secret) {
  ProofMaterial material{pki_data, secret};
  if (const auto* value = single_value(pki_data, cmc::oid::kIdentification)) {
    auto text = cmc::read_utf8_value(*value);
    if (text.ok()) material.identification = *std::move(text);
  }
  if (const auto* value = single_value(pki_data, cmc::oid::kPopLinkRandom)) {
    auto random = cmc::read_octets_value(*value);
    if (random.ok()) material.random = *std::move(random);
  }
  return material;
}

AnnotatedTree unchecked(AnnotatedTree tree, std::string why) {
  tree.check = Check::not_checked;
  tree.remark = std::move(why);
  return tree;
}

AnnotatedTree judged(AnnotatedTree tree, bool holds, std::string how) {
  tree.check = holds ? Check::verified : Check::broken;
  tree.remark = holds ? std::move(how) : "not made with this secret, or over something else";
  return tree;
}

constexpr const char* kNoSecret = "give the secret with --secret-file to check it";

std::string identity_key_text(const ProofMaterial& material) {
  return material.identification
             ? "key: hash of secret and identification \"" + *material.identification + "\""
             : "key: hash of the secret alone";
}

AnnotatedTree identity_v2_tree(const ProofMaterial& material, const Bytes& value) {
  const auto size = octets_text(material.pki_data.req_sequence_der.size());
  AnnotatedTree tree{"identityProofV2", "over reqSequence, " + size};
  const auto proof = cmc::read_identity_proof_v2(value);
  if (!proof.ok()) return undecoded("identityProofV2", proof.error());
  const auto hash = crypto::digest_algorithm(proof->proof_alg_id);
  const auto mac = crypto::mac_algorithm(proof->mac_alg_id);
  if (!hash.ok() || !mac.ok()) return unchecked(tree, "by algorithms that are not offered here");
  if (material.secret == nullptr) return unchecked(tree, kNoSecret);
  const auto witness = proof::identity_proof_v2_witness({*hash, *mac}, material.joined(),
                                                        material.pki_data.req_sequence_der);
  return judged(tree, constant_time_equal(witness, proof->witness), identity_key_text(material));
}

AnnotatedTree identity_v1_tree(const ProofMaterial& material, const Bytes& value) {
  const auto size = octets_text(material.pki_data.req_sequence_der.size());
  AnnotatedTree tree{"identityProof", "over reqSequence, " + size};
  const auto claimed = cmc::read_octets_value(value);
  if (!claimed.ok()) return undecoded("identityProof", claimed.error());
  if (material.secret == nullptr) return unchecked(tree, kNoSecret);
  const auto witness =
      proof::identity_proof_v1_witness(material.joined(), material.pki_data.req_sequence_der);
  return judged(tree, constant_time_equal(witness, *claimed), identity_key_text(material));
}

AnnotatedTree link_tree(const ProofMaterial& material, const cmc::TaggedRequest& request,
                        ByteView value) {
  AnnotatedTree tree{"popLinkWitnessV2",
                     "of request " + std::to_string(request.body_part_id().value)};
  const auto claimed = cmc::read_pop_link_witness_v2(value);
  if (!claimed.ok()) return undecoded("popLinkWitnessV2", claimed.error());
  if (!material.random) return unchecked(tree, "the message has no popLinkRandom");
  tree.value += ", over popLinkRandom, " + octets_text(material.random->size());
  if (material.secret == nullptr) return unchecked(tree, kNoSecret);
  const auto made_with = [&](const proof::SharedKnowledge& known) {
    const auto witness = proof::pop_link_v2_witness(
        claimed->key_gen_algorithm, claimed->mac_algorithm, known, *material.random);
    return witness.ok() && constant_time_equal(*witness, claimed->witness);
  };
  if (made_with(material.alone()))
    return judged(tree, true, "key: of the secret alone (RFC 10002)");
  return judged(tree, made_with(material.joined()),
                "key: of secret and identification joined, as Dogtag makes it");
}

}  // namespace

AnnotatedTree secret_proofs_tree(const cmc::PKIData& pki_data, const SecretBytes* secret) {
  const auto material = material_of(pki_data, secret);
  AnnotatedTree tree{"proofs by a shared secret"};
  if (const auto* value = single_value(pki_data, cmc::oid::kIdentityProofV2)) {
    tree.add(identity_v2_tree(material, *value));
  }
  if (const auto* value = single_value(pki_data, cmc::oid::kIdentityProof)) {
    tree.add(identity_v1_tree(material, *value));
  }
  for (const auto& request : pki_data.req_sequence) {
    for (const auto value : request.attribute_values(cmc::oid::kPopLinkWitnessV2)) {
      tree.add(link_tree(material, request, value));
    }
  }
  return tree;
}

}  // namespace signet::tool
