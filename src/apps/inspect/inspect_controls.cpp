#include "apps/inspect/inspect_controls.h"

#include <map>
#include <utility>

#include "apps/inspect/inspect_cms.h"
#include "apps/inspect/inspect_extensions.h"
#include "apps/inspect/inspect_pki_data.h"
#include "apps/inspect/inspect_request.h"
#include "apps/inspect/object_names.h"
#include "apps/tool/body_part_text.h"
#include "base/overloaded.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/status.h"

namespace signet::tool {
namespace {

namespace oid = cmc::oid;

/// Shows one value as the tree "value". A malformed one is the Error that reading gave.
using ShowControl = Result<AnnotatedTree> (*)(ByteView value, const Scope& scope);

AnnotatedTree value_tree(std::string text) {
  return {"value", std::move(text)};
}

// ------------------------------------------------------------------------- plain values

Result<AnnotatedTree> show_text(ByteView value, const Scope&) {
  return value_tree("\"" + TRY(cmc::read_utf8_value(value)) + "\"");
}

Result<AnnotatedTree> show_octets(ByteView value, const Scope&) {
  const auto octets = TRY(cmc::read_octets_value(value));
  return value_tree(hex_text(octets));
}

Result<AnnotatedTree> show_text_or_octets(ByteView value, const Scope&) {
  const auto octets = TRY(cmc::read_octets_value(value));
  return value_tree(text_or_hex(octets));
}

Result<AnnotatedTree> show_integer(ByteView value, const Scope&) {
  return value_tree(integer_text(TRY(cmc::read_integer_value(value))));
}

std::string ids_text(const std::vector<cmc::BodyPartID>& ids) {
  std::string text;
  for (const auto id : ids) text += (text.empty() ? "" : ", ") + std::to_string(id.value);
  return text;
}

Result<AnnotatedTree> show_ids(ByteView value, const Scope&) {
  return value_tree(ids_text(TRY(cmc::read_body_part_list_value(value))));
}

Result<AnnotatedTree> show_path(ByteView value, const Scope&) {
  return value_tree(body_part_text(TRY(cmc::read_body_part_list_value(value))));
}

Result<AnnotatedTree> show_id(ByteView value, const Scope&) {
  return value_tree(std::to_string(TRY(cmc::read_body_part_id_value(value)).value));
}

// ------------------------------------------------------------------------- status

void add_other_info(AnnotatedTree& tree, const cmc::OtherStatusInfo& other) {
  std::visit(
      Overloaded{[&](cmc::CMCFailInfo fail_info) { tree.add("failInfo", cmc::to_text(fail_info)); },
                 [&](const cmc::PendInfo& pending) {
                   AnnotatedTree info{"pendInfo"};
                   info.add("pendToken", text_or_hex(pending.pend_token))
                       .add("pendTime", to_text(pending.pend_time));
                   tree.add(std::move(info));
                 },
                 [&](const cmc::ExtendedFailInfo& extended) {
                   AnnotatedTree info{"extendedFailInfo", name_of(extended.fail_info_oid)};
                   tree.add(info.add(asn1_tree("failInfoValue", extended.fail_info_value)));
                 }},
      other);
}

Result<AnnotatedTree> show_status_v2(ByteView value, const Scope&) {
  const auto status = TRY(cmc::read_cmc_status_info_v2(value));
  AnnotatedTree tree{"value", "CMCStatusInfoV2"};
  tree.add("cMCStatus", std::string(cmc::to_text(status.cmc_status)));
  std::string parts;
  for (const auto& part : status.body_list) {
    parts += (parts.empty() ? "" : ", ") + body_part_text(part);
  }
  tree.add("bodyList", parts);
  if (status.status_string) tree.add("statusString", *status.status_string);
  if (status.other_info) add_other_info(tree, *status.other_info);
  return tree;
}

Result<AnnotatedTree> show_status_v1(ByteView value, const Scope&) {
  const auto status = TRY(cmc::read_cmc_status_info(value));
  AnnotatedTree tree{"value", "CMCStatusInfo"};
  tree.add("cMCStatus", std::string(cmc::to_text(status.cmc_status)))
      .add("bodyList", ids_text(status.body_list));
  if (status.status_string) tree.add("statusString", *status.status_string);
  if (!status.other_info) return tree;
  std::visit([&](const auto& other) { add_other_info(tree, other); }, *status.other_info);
  return tree;
}

// ------------------------------------------------------------------------- identity, possession

Result<AnnotatedTree> show_identity_proof(ByteView value, const Scope&) {
  const auto proof = TRY(cmc::read_identity_proof_v2(value));
  AnnotatedTree tree{"value", "IdentityProofV2"};
  return tree.add("proofAlgID", algorithm_text(proof.proof_alg_id))
      .add("macAlgID", algorithm_text(proof.mac_alg_id))
      .add("witness", hex_text(proof.witness));
}

Result<AnnotatedTree> show_link_witness(ByteView value, const Scope&) {
  const auto witness = TRY(cmc::read_pop_link_witness_v2(value));
  AnnotatedTree tree{"value", "PopLinkWitnessV2"};
  return tree.add("keyGenAlgorithm", algorithm_text(witness.key_gen_algorithm))
      .add("macAlgorithm", algorithm_text(witness.mac_algorithm))
      .add("witness", hex_text(witness.witness));
}

Result<AnnotatedTree> show_encrypted_pop(ByteView value, const Scope& scope) {
  const auto pop = TRY(cmc::read_encrypted_pop(value));
  AnnotatedTree tree{"value", "EncryptedPOP"};
  return tree.add(tagged_request_tree(pop.request))
      .add(content_info_tree(pop.cms, scope.inside()))
      .add("thePOPAlgID", algorithm_text(pop.the_pop_alg_id))
      .add("witnessAlgID", algorithm_text(pop.witness_alg_id))
      .add("witness", hex_text(pop.witness));
}

Result<AnnotatedTree> show_decrypted_pop(ByteView value, const Scope&) {
  const auto pop = TRY(cmc::read_decrypted_pop(value));
  AnnotatedTree tree{"value", "DecryptedPOP"};
  return tree.add("bodyPartID", std::to_string(pop.body_part_id.value))
      .add("thePOPAlgID", algorithm_text(pop.the_pop_alg_id))
      .add("thePOP", hex_text(pop.the_pop));
}

Result<AnnotatedTree> show_lra_witness(ByteView value, const Scope&) {
  const auto witness = TRY(cmc::read_lra_pop_witness(value));
  AnnotatedTree tree{"value", "LraPopWitness"};
  return tree.add("pkiDataBodyid", std::to_string(witness.pki_data_bodyid.value))
      .add("bodyIds", ids_text(witness.body_ids));
}

// ------------------------------------------------------------------------- what an RA changes

Result<AnnotatedTree> show_add_extensions(ByteView value, const Scope&) {
  const auto added = TRY(cmc::read_add_extensions(value));
  AnnotatedTree tree{"value", "AddExtensions"};
  return tree.add("pkiDataReference", std::to_string(added.pki_data_reference.value))
      .add("certReferences", ids_text(added.cert_references))
      .add(extensions_tree("extensions", added.extensions));
}

/// What is left out has values that mean nothing (RFC 10002 §6.5.1).
AnnotatedTree left_out_tree(crmf::CertTemplate fields) {
  const auto extensions = std::exchange(fields.extensions, {});
  auto tree = cert_template_tree(fields);
  for (const auto& extension : extensions) tree.add("extension", name_of(extension.extn_id));
  return tree;
}

Result<AnnotatedTree> show_mod_cert_template(ByteView value, const Scope&) {
  const auto changes = TRY(cmc::read_mod_cert_template(value));
  AnnotatedTree tree{"value", "ModCertTemplate"};
  tree.add("pkiDataReference", body_part_text(changes.pki_data_reference))
      .add("certReferences", ids_text(changes.cert_references));
  if (changes.replace) {
    return tree.add("replace", "TRUE").add(cert_template_tree(changes.cert_template));
  }
  return tree
      .add({.name = "replace",
            .value = "FALSE",
            .remark = "these fields are left out, whatever their values"})
      .add(left_out_tree(changes.cert_template));
}

Result<AnnotatedTree> show_controls_processed(ByteView value, const Scope&) {
  const auto processed = TRY(cmc::read_controls_processed(value));
  AnnotatedTree tree{"value", "ControlsProcessed"};
  for (const auto& part : processed.body_list) {
    tree.add("bodyPart", body_part_text(part));
  }
  return tree;
}

Result<AnnotatedTree> show_change_subject_name(ByteView value, const Scope&) {
  const auto change = TRY(cmc::read_change_subject_name(value));
  AnnotatedTree tree{"value", "ChangeSubjectName"};
  if (change.subject) tree.add("subject", name_text(*change.subject));
  if (change.subject_alt) tree.add(general_names_tree("subjectAlt", *change.subject_alt));
  return tree;
}

// ------------------------------------------------------------------------- certificates, CRLs

Result<AnnotatedTree> show_get_cert(ByteView value, const Scope&) {
  const auto wanted = TRY(cmc::read_get_cert(value));
  AnnotatedTree tree{"value", "GetCert"};
  return tree.add("issuerName", pkix::to_text(wanted.issuer_name))
      .add("serialNumber", integer_text(wanted.serial_number));
}

Result<AnnotatedTree> show_get_crl(ByteView value, const Scope&) {
  const auto wanted = TRY(cmc::read_get_crl(value));
  AnnotatedTree tree{"value", "GetCRL"};
  tree.add("issuerName", name_text(wanted.issuer_name));
  if (wanted.crl_name) tree.add("cRLName", pkix::to_text(*wanted.crl_name));
  if (wanted.time) tree.add("time", to_text(*wanted.time));
  if (wanted.reasons) tree.add("reasons", to_hex(wanted.reasons->octets));
  return tree;
}

/// sharedSecret revokes a certificate for whoever knows it: only its presence is told.
Result<AnnotatedTree> show_revoke_request(ByteView value, const Scope&) {
  const auto wanted = TRY(cmc::read_revoke_request(value));
  AnnotatedTree tree{"value", "RevokeRequest"};
  tree.add("issuerName", name_text(wanted.issuer_name))
      .add("serialNumber", integer_text(wanted.serial_number))
      .add("reason", std::string(pkix::to_text(wanted.reason)));
  if (wanted.invalidity_date) tree.add("invalidityDate", to_text(*wanted.invalidity_date));
  if (wanted.shared_secret) tree.add("sharedSecret", "present; a secret, not shown");
  if (wanted.comment) tree.add("comment", "\"" + *wanted.comment + "\"");
  return tree;
}

Result<AnnotatedTree> show_cert_id(ByteView value, const Scope&) {
  const auto id = TRY(cmc::read_cmc_cert_id(value));
  AnnotatedTree tree{"value", "CMCCertId"};
  return tree.add("issuer", name_text(id.issuer))
      .add("serialNumber", integer_text(id.serial_number));
}

AnnotatedTree hashes_tree(std::string name, const std::vector<Bytes>& hashes) {
  AnnotatedTree tree{std::move(name), std::to_string(hashes.size())};
  for (const auto& hash : hashes) tree.add("hash", hex_text(hash));
  return tree;
}

Result<AnnotatedTree> show_trust_anchors(ByteView value, const Scope&) {
  const auto anchors = TRY(cmc::read_publish_trust_anchors(value));
  AnnotatedTree tree{"value", "PublishTrustAnchors"};
  return tree.add("seqNumber", integer_text(anchors.seq_number))
      .add("hashAlgorithm", algorithm_text(anchors.hash_algorithm))
      .add(hashes_tree("anchorHashes", anchors.anchor_hashes));
}

Result<AnnotatedTree> show_publication(ByteView value, const Scope&) {
  const auto info = TRY(cmc::read_cmc_publication_info(value));
  AnnotatedTree tree{"value", "CMCPublicationInfo"};
  return tree.add("hashAlg", algorithm_text(info.hash_alg))
      .add(hashes_tree("certHashes", info.cert_hashes))
      .add("action", info.pub_info.action == 0 ? "dontPublish" : "pleasePublish");
}

const std::map<asn1::Oid, ShowControl>& known_controls() {
  static const std::map<asn1::Oid, ShowControl> known{
      {oid::kStatusInfo, show_status_v1},
      {oid::kStatusInfoV2, show_status_v2},
      {oid::kIdentification, show_text},
      {oid::kIdentityProof, show_octets},
      {oid::kIdentityProofV2, show_identity_proof},
      {oid::kDataReturn, show_text_or_octets},
      {oid::kTransactionId, show_integer},
      {oid::kSenderNonce, show_octets},
      {oid::kRecipientNonce, show_octets},
      {oid::kAddExtensions, show_add_extensions},
      {oid::kModCertTemplate, show_mod_cert_template},
      {oid::kEncryptedPOP, show_encrypted_pop},
      {oid::kDecryptedPOP, show_decrypted_pop},
      {oid::kLraPOPWitness, show_lra_witness},
      {oid::kPopLinkRandom, show_octets},
      {oid::kPopLinkWitness, show_octets},
      {oid::kPopLinkWitnessV2, show_link_witness},
      {oid::kGetCert, show_get_cert},
      {oid::kGetCRL, show_get_crl},
      {oid::kRevokeRequest, show_revoke_request},
      {oid::kRegInfo, show_text_or_octets},
      {oid::kResponseInfo, show_text_or_octets},
      {oid::kQueryPending, show_text_or_octets},
      {oid::kConfirmCertAcceptance, show_cert_id},
      {oid::kTrustedAnchors, show_trust_anchors},
      {oid::kAuthData, show_id},
      {oid::kBatchRequests, show_ids},
      {oid::kBatchResponses, show_ids},
      {oid::kPublishCert, show_publication},
      {oid::kControlProcessed, show_controls_processed},
      {oid::kRaIdentityWitness, show_path},
      {oid::kResponseBody, show_path},
      {oid::kChangeSubjectName, show_change_subject_name},
  };
  return known;
}

}  // namespace

AnnotatedTree control_value_tree(const asn1::Oid& type, ByteView value, const Scope& scope) {
  const auto known = known_controls().find(type);
  if (known == known_controls().end()) return asn1_tree("value", value);
  auto shown = known->second(value, scope);
  if (!shown.ok()) return undecoded("value", shown.error());
  return std::move(shown).value();
}

}  // namespace signet::tool
