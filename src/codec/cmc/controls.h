#pragma once

#include "codec/cmc/pki_data.h"
#include "codec/pkix/crl_reason.h"

/// The values of CMC's controls and attributes, RFC 10002 §6 and §7. Each pair reads and writes one
/// attrValue (whole TLV). Readers consume all input. Faults: malformed, trailing_data, too_large.
namespace signet::cmc {

using pkix::AlgorithmIdentifier;

// --- plain values: identification UTF8String; identityProof, dataReturn, senderNonce,
//     recipientNonce, regInfo, responseInfo, queryPending, popLinkRandom, popLinkWitness
//     OCTET STRING; transactionId INTEGER; batchRequests/Responses BodyPartList;
//     raIdentityWitness, responseBody BodyPartPath; authData BodyPartID
Result<std::string> read_utf8_value(ByteView der);
Bytes write_utf8_value(std::string_view text);
Result<Bytes> read_octets_value(ByteView der);
Bytes write_octets_value(ByteView octets);
Result<asn1::Integer> read_integer_value(ByteView der);
Bytes write_integer_value(const asn1::Integer& value);
Result<BodyPartList> read_body_part_list_value(ByteView der);
Bytes write_body_part_list_value(const BodyPartList& ids);
Result<BodyPartID> read_body_part_id_value(ByteView der);
Bytes write_body_part_id_value(BodyPartID id);

/// §6.2.1, control 34
struct IdentityProofV2 {
  AlgorithmIdentifier proof_alg_id;
  AlgorithmIdentifier mac_alg_id;
  Bytes witness;
  bool operator==(const IdentityProofV2&) const = default;
};
Result<IdentityProofV2> read_identity_proof_v2(ByteView der);
Bytes write_identity_proof_v2(const IdentityProofV2& proof);

/// §6.3.1.1, attribute 33
struct PopLinkWitnessV2 {
  AlgorithmIdentifier key_gen_algorithm;
  AlgorithmIdentifier mac_algorithm;
  Bytes witness;
  bool operator==(const PopLinkWitnessV2&) const = default;
};
Result<PopLinkWitnessV2> read_pop_link_witness_v2(ByteView der);
Bytes write_pop_link_witness_v2(const PopLinkWitnessV2& witness);

/// §6.7, control 9. `request` stands as its octets when written.
struct EncryptedPOP {
  TaggedRequest request;
  cms::ContentInfo cms;
  AlgorithmIdentifier the_pop_alg_id;
  AlgorithmIdentifier witness_alg_id;
  Bytes witness;
};
Result<EncryptedPOP> read_encrypted_pop(ByteView der);
struct EncryptedPOPParts {
  Bytes tagged_request_der;
  Bytes content_info_der;
  AlgorithmIdentifier the_pop_alg_id;
  AlgorithmIdentifier witness_alg_id;
  Bytes witness;
};
Bytes write_encrypted_pop(const EncryptedPOPParts& parts);

/// §6.7, control 10
struct DecryptedPOP {
  BodyPartID body_part_id;
  AlgorithmIdentifier the_pop_alg_id;
  Bytes the_pop;
  bool operator==(const DecryptedPOP&) const = default;
};
Result<DecryptedPOP> read_decrypted_pop(ByteView der);
Bytes write_decrypted_pop(const DecryptedPOP& pop);

/// §6.8, control 11
struct LraPopWitness {
  BodyPartID pki_data_bodyid;
  std::vector<BodyPartID> body_ids;
  bool operator==(const LraPopWitness&) const = default;
};
Result<LraPopWitness> read_lra_pop_witness(ByteView der);
Bytes write_lra_pop_witness(const LraPopWitness& witness);

/// §6.5.2, control 8
struct AddExtensions {
  BodyPartID pki_data_reference;
  std::vector<BodyPartID> cert_references;
  pkix::Extensions extensions;
  bool operator==(const AddExtensions&) const = default;
};
Result<AddExtensions> read_add_extensions(ByteView der);
Bytes write_add_extensions(const AddExtensions& value);

/// §6.5.1, control 31. replace DEFAULT TRUE, left out when TRUE.
struct ModCertTemplate {
  BodyPartPath pki_data_reference;
  BodyPartList cert_references;
  bool replace = true;
  crmf::CertTemplate cert_template;
  bool operator==(const ModCertTemplate&) const = default;
};
Result<ModCertTemplate> read_mod_cert_template(ByteView der);
Bytes write_mod_cert_template(const ModCertTemplate& value);

/// §6.9, control 15. A bare Name in place of the GeneralName, as Dogtag's client sends, is read
/// too.
struct GetCert {
  pkix::GeneralName issuer_name;
  asn1::Integer serial_number;
  bool operator==(const GetCert&) const = default;
};
Result<GetCert> read_get_cert(ByteView der);
Bytes write_get_cert(const GetCert& value);

/// §6.10, control 16. reasons: ReasonFlags as a BIT STRING.
struct GetCRL {
  pkix::Name issuer_name;
  std::optional<pkix::GeneralName> crl_name;
  std::optional<Time> time;
  std::optional<asn1::BitString> reasons;
  bool operator==(const GetCRL&) const = default;
};
Result<GetCRL> read_get_crl(ByteView der);
Bytes write_get_crl(const GetCRL& value);

/// §6.11, control 17. sharedSecret is a secret: never printed by inspection.
struct RevokeRequest {
  pkix::Name issuer_name;
  asn1::Integer serial_number;
  pkix::CRLReason reason = pkix::CRLReason::unspecified;
  std::optional<Time> invalidity_date;
  std::optional<Bytes> shared_secret;
  std::optional<std::string> comment;
  bool operator==(const RevokeRequest&) const = default;
};
Result<RevokeRequest> read_revoke_request(ByteView der);
Bytes write_revoke_request(const RevokeRequest& value);

/// §6.14, control 24: CMCCertId ::= IssuerAndSerialNumber
Result<cms::IssuerAndSerialNumber> read_cmc_cert_id(ByteView der);
Bytes write_cmc_cert_id(const cms::IssuerAndSerialNumber& id);

/// §6.15, control 26
struct PublishTrustAnchors {
  asn1::Integer seq_number;
  AlgorithmIdentifier hash_algorithm;
  std::vector<Bytes> anchor_hashes;
  bool operator==(const PublishTrustAnchors&) const = default;
};
Result<PublishTrustAnchors> read_publish_trust_anchors(ByteView der);
Bytes write_publish_trust_anchors(const PublishTrustAnchors& value);

/// §6.18, control 30
struct CMCPublicationInfo {
  AlgorithmIdentifier hash_alg;
  std::vector<Bytes> cert_hashes;
  crmf::PKIPublicationInfo pub_info;
  bool operator==(const CMCPublicationInfo&) const = default;
};
Result<CMCPublicationInfo> read_cmc_publication_info(ByteView der);
Bytes write_cmc_publication_info(const CMCPublicationInfo& value);

/// §6.19, control 32 (ControlList in the text)
struct ControlsProcessed {
  std::vector<BodyPartReference> body_list;
  bool operator==(const ControlsProcessed&) const = default;
};
Result<ControlsProcessed> read_controls_processed(ByteView der);
Bytes write_controls_processed(const ControlsProcessed& value);

/// §7.1, attribute 36. At least one field. subjectAlt is written with [1]; read with and without
/// (AMB-8).
struct ChangeSubjectName {
  std::optional<pkix::Name> subject;
  std::optional<pkix::GeneralNames> subject_alt;
  bool operator==(const ChangeSubjectName&) const = default;
};
Result<ChangeSubjectName> read_change_subject_name(ByteView der);
Bytes write_change_subject_name(const ChangeSubjectName& value);

/// id-alg-noSignature's signature value: DER OCTET STRING of SHA-1(CertificationRequestInfo), §C.1.
Bytes write_no_signature_value(ByteView sha1_digest);

/// What the standard says of a control: its name, and where it may stand.
enum class Direction { to_server, to_client, both, inside_request };
struct ControlKind {
  asn1::Oid type;
  std::string_view name;  ///< "popLinkRandom"
  Direction direction;
  bool repeatable;  ///< may appear more than once in one message (digest §3 item 8)
};
/// The row of the table for this identifier; null when RFC 10002 does not define it.
const ControlKind* find_control_kind(const asn1::Oid& type);

}  // namespace signet::cmc
