#include "codec/cmc/controls.h"
#include "codec/cmc/status.h"
#include "codec/pkix/oids.h"
#include "support/codec_table.h"
#include "support/message_builder.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using asn1::Integer;
using asn1::Writer;
using pkix::AlgorithmIdentifier;

const Bytes kNull{0x05, 0x00};
const Time kNoon{std::chrono::seconds{1795435200}};  // 2026-11-23T12:00:00Z
const AlgorithmIdentifier kSha256{pkix::oid::kSha256, {}};
const AlgorithmIdentifier kHmacSha256{pkix::oid::kHmacWithSha256, kNull};
const AlgorithmIdentifier kEcdsa{pkix::oid::kEcdsaWithSha256, {}};
const AlgorithmIdentifier kAesWrap{pkix::oid::kAes256Wrap, {}};
const asn1::BitString kSignature{{0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01}, 0};
const asn1::Oid kPrivate{"1.3.6.1.4.1.99999.1"};

Bytes octets_from(std::uint8_t first, std::size_t count) {
  Bytes made(count);
  for (auto& octet : made) octet = first++;
  return made;
}

template <typename Write>
Bytes written(Write&& write) {
  Writer writer;
  write(writer);
  return std::move(writer).take();
}

pkix::Name name_of(std::string_view text) {
  return unwrap(pkix::name_from_text(text));
}

pkix::SubjectPublicKeyInfo public_key() {
  pkix::SubjectPublicKeyInfo key;
  key.der = written([](Writer& writer) {
    writer.sequence([&] {
      pkix::write_algorithm_identifier(writer, {pkix::oid::kEd25519, {}});
      writer.bit_string({octets_from(1, 32), 0});
    });
  });
  return key;
}

pkix::Extensions extensions() {
  return {{pkix::oid::kSubjectKeyIdentifier, false,
           pkix::write_subject_key_identifier(octets_from(0x40, 20))},
          {pkix::oid::kKeyUsage, true, pkix::write_key_usage({1})}};
}

pkix::Certificate certificate() {
  pkix::TBSCertificate tbs;
  tbs.serial_number = Integer::from(0x1001);
  tbs.signature = kEcdsa;
  tbs.issuer = name_of("CN=Test CA,O=Test");
  tbs.validity = {kNoon, kNoon + std::chrono::days{90}};
  tbs.subject = name_of("CN=Alice,O=Test");
  tbs.subject_public_key_info = public_key();
  tbs.extensions = extensions();
  return unwrap(pkix::read_certificate(
      pkix::write_certificate(pkix::write_tbs_certificate(tbs), kEcdsa, kSignature)));
}

pkix::CertificateList revocation_list() {
  pkix::TBSCertList tbs;
  tbs.signature = kEcdsa;
  tbs.issuer = name_of("CN=Test CA,O=Test");
  tbs.this_update = kNoon;
  tbs.next_update = kNoon + std::chrono::days{1};
  tbs.revoked_certificates = {{Integer::from(7), kNoon, {}}};
  return unwrap(pkix::read_certificate_list(
      pkix::write_certificate_list(pkix::write_tbs_cert_list(tbs), kEcdsa, kSignature)));
}

Bytes certification_request() {
  pkix::CertificationRequestInfo info;
  info.subject = name_of("CN=Alice,O=Test");
  info.subject_public_key_info = public_key();
  info.attributes = {
      pkix::extension_request(extensions()),
      {cmc::oid::kPopLinkWitnessV2,
       {cmc::write_pop_link_witness_v2({kSha256, kHmacSha256, octets_from(0, 32)})}}};
  return pkix::write_certification_request(pkix::write_certification_request_info(info), kEcdsa,
                                           kSignature);
}

std::vector<pkix::Attribute> attributes(const asn1::Oid& content_type) {
  return {{pkix::oid::kContentType, {written([&](Writer& writer) { writer.oid(content_type); })}},
          {pkix::oid::kMessageDigest, {cmc::write_octets_value(octets_from(0x20, 32))}}};
}

// ------------------------------------------------------------------------------------- CMS

cms::SignerInfo signer(cms::SignerIdentifier sid) {
  cms::SignerInfo made;
  made.sid = std::move(sid);
  made.digest_algorithm = kSha256;
  made.signed_attrs = attributes(cmc::oid::kPKIData);
  made.signature_algorithm = kEcdsa;
  made.signature = kSignature.octets;
  return made;
}

cms::IssuerAndSerialNumber alice() {
  return {name_of("CN=Test CA,O=Test"), Integer::from(0x1001)};
}

cms::SignedData request_in_signed_data() {
  cms::SignedData made;
  made.digest_algorithms = {kSha256};
  made.encap_content_info = {cmc::oid::kPKIData, cmc::write_pki_data({})};
  made.certificates = {certificate()};
  made.signer_infos = {signer(alice()), signer(cms::SubjectKeyIdentifier{octets_from(0x40, 20)})};
  made.signer_infos[0].unsigned_attrs = {
      {cmc::oid::kCMCUnsignedData,
       {cmc::write_cmc_unsigned_data({{cmc::BodyPartID{2}}, kPrivate, kNull})}}};
  return made;
}

cms::SignedData certs_only() {
  cms::SignedData made;
  made.encap_content_info = {cms::oid::kData, std::nullopt};
  made.certificates = {certificate()};
  made.crls = {revocation_list()};
  return made;
}

cms::KeyAgreeRecipientInfo key_agreement() {
  cms::KeyAgreeRecipientInfo made;
  made.originator = cms::OriginatorPublicKey{{pkix::oid::kX25519, {}}, {octets_from(0x60, 32), 0}};
  made.ukm = octets_from(0, 8);
  made.key_encryption_algorithm = kAesWrap;
  made.recipient_encrypted_keys = {
      {cms::SubjectKeyIdentifier{octets_from(0x40, 20)}, octets_from(0x80, 40)},
      {alice(), octets_from(0x90, 40)}};
  return made;
}

cms::PasswordRecipientInfo password() {
  const auto derivation = cms::write_pbkdf2_parameters({octets_from(0, 16), 2048, 32, kHmacSha256});
  return {0, AlgorithmIdentifier{pkix::oid::kPbkdf2, derivation}, kAesWrap, octets_from(0, 40)};
}

cms::EncryptedContentInfo encrypted(const asn1::Oid& content_type) {
  const auto parameters = cms::write_gcm_parameters({octets_from(0, 12), 16});
  return {content_type, {pkix::oid::kAes256Gcm, parameters}, octets_from(0xA0, 48)};
}

cms::EnvelopedData enveloped() {
  cms::EnvelopedData made;
  made.originator_info = cms::OriginatorInfo{{certificate()}, {}};
  made.recipient_infos = {cms::KeyTransRecipientInfo{
                              0, alice(), {pkix::oid::kRsaEncryption, kNull}, octets_from(0, 64)},
                          key_agreement(),
                          cms::KekRecipientInfo{4, octets_from(0, 4), kAesWrap, octets_from(0, 40)},
                          cms::OtherRecipientInfo{kPrivate, kNull}};
  made.encrypted_content_info = encrypted(cms::oid::kSignedData);
  made.unprotected_attrs = {{kPrivate, {kNull}}};
  return made;
}

cms::AuthEnvelopedData auth_enveloped() {
  cms::AuthEnvelopedData made;
  made.recipient_infos = {cms::KeyTransRecipientInfo{
      2, cms::SubjectKeyIdentifier{{1, 2}}, {pkix::oid::kRsaesOaep, {}}, octets_from(0, 64)}};
  made.auth_encrypted_content_info = encrypted(cms::oid::kSignedData);
  made.auth_attrs = attributes(cms::oid::kSignedData);
  made.mac = octets_from(0xB0, 16);
  made.unauth_attrs = {{kPrivate, {kNull}}};
  return made;
}

cms::AuthenticatedData authenticated() {
  cms::AuthenticatedData made;
  made.recipient_infos = {password()};
  made.mac_algorithm = kHmacSha256;
  made.digest_algorithm = kSha256;
  made.encap_content_info = {cmc::oid::kPKIData, cmc::write_pki_data({})};
  made.auth_attrs = attributes(cmc::oid::kPKIData);
  made.mac = octets_from(0xC0, 32);
  return made;
}

// ------------------------------------------------------------------------------------ CRMF

crmf::CertTemplate small_template() {
  crmf::CertTemplate made;
  made.subject = name_of("CN=Alice,O=Test");
  made.public_key = public_key();
  made.extensions = extensions();
  return made;
}

crmf::CertTemplate full_template() {
  auto made = small_template();
  made.version = 2;
  made.serial_number = Integer::from(7);
  made.signing_alg = kEcdsa;
  made.issuer = name_of("CN=Test CA");
  made.validity = crmf::OptionalValidity{kNoon, std::nullopt};
  made.issuer_uid = asn1::BitString{{1}, 0};
  made.subject_uid = asn1::BitString{{0x80}, 7};
  return made;
}

Bytes cert_template(const crmf::CertTemplate& value) {
  return written([&](Writer& writer) { crmf::write_cert_template(writer, value); });
}

Bytes cert_req_msg(std::uint32_t id, const std::optional<crmf::ProofOfPossession>& popo) {
  crmf::CertRequest request;
  request.cert_req_id = Integer::from(id);
  request.cert_template = small_template();
  request.controls = {{cmc::oid::kPopLinkWitness, cmc::write_octets_value(octets_from(0, 20))}};
  return crmf::write_cert_req_msg(crmf::write_cert_request(request), popo);
}

Bytes publication_info() {
  const crmf::PKIPublicationInfo info{
      1, {{3, pkix::UniformResourceIdentifier{"ldap://directory.test"}}, {0, std::nullopt}}};
  return written([&](Writer& writer) { crmf::write_pki_publication_info(writer, info); });
}

// ------------------------------------------------------------------------------------- CMC

cms::ContentInfo content_info(const asn1::Oid& type, Bytes content) {
  return {type, std::move(content), {}};
}

Bytes other_request(std::uint32_t id) {
  return written([&](Writer& writer) {
    writer.constructed(asn1::context_constructed(2), [&] {
      cmc::write_body_part_id(writer, cmc::BodyPartID{id});
      writer.oid(kPrivate);
      writer.raw(kNull);
    });
  });
}

cmc::PKIDataParts full_request() {
  cmc::PKIDataParts parts;
  parts.control_sequence = {
      control(1, cmc::oid::kTransactionId, cmc::write_integer_value(Integer::from(42))),
      control(2, cmc::oid::kSenderNonce, cmc::write_octets_value(octets_from(0, 16))),
      control(3, kPrivate, kNull)};
  parts.tagged_requests = {
      cmc::write_tagged_request(cmc::BodyPartID{4}, certification_request()),
      cmc::write_tagged_request(cert_req_msg(5, crmf::PopoSigningKey{{}, kEcdsa, kSignature})),
      other_request(6)};
  parts.cms_sequence = {
      {cmc::BodyPartID{7}, content_info(cms::oid::kData, cmc::write_octets_value({}))}};
  parts.other_msg_sequence = {{cmc::BodyPartID{0xFFFFFFFF}, kPrivate, kNull}};
  return parts;
}

cmc::PKIResponse full_response() {
  cmc::PKIResponse response;
  response.control_sequence = {
      control(1, cmc::oid::kStatusInfoV2,
              cmc::write_cmc_status_info_v2(
                  {cmc::CMCStatus::success, {cmc::BodyPartID{4}}, std::nullopt, std::nullopt})),
      control(2, cmc::oid::kRecipientNonce, cmc::write_octets_value(octets_from(0, 16)))};
  response.cms_sequence = {
      {cmc::BodyPartID{3}, content_info(cms::oid::kData, cmc::write_octets_value({}))}};
  response.other_msg_sequence = {{cmc::BodyPartID{4}, kPrivate, kNull}};
  return response;
}

/// Controls under a MAC of their own, and the authData that names them.
cmc::TaggedAttribute auth_data() {
  return control(7, cmc::oid::kAuthData, cmc::write_body_part_id_value(cmc::BodyPartID{8}));
}
cmc::TaggedContentInfo authenticated_item() {
  return {cmc::BodyPartID{8}, content_info(cms::oid::kAuthenticatedData,
                                           cms::write_authenticated_data(authenticated()))};
}

Bytes status(cmc::CMCStatus cmc_status, std::optional<cmc::OtherStatusInfo> other) {
  return cmc::write_cmc_status_info_v2({cmc_status,
                                        {cmc::BodyPartID{1}, cmc::BodyPartPath{{1}, {201}}},
                                        "gr\xC3\xBC\xC3\x9F dich",
                                        std::move(other)});
}

Bytes encrypted_pop() {
  const auto envelope = cms::write_auth_enveloped_data(auth_enveloped());
  return cmc::write_encrypted_pop(
      {cmc::write_tagged_request(
           cert_req_msg(201, crmf::KeyEncipherment{crmf::SubsequentMessage::challengeResp})),
       cms::write_content_info(cms::oid::kAuthEnvelopedData, envelope), kHmacSha256, kSha256,
       octets_from(0, 32)});
}

pkix::GeneralNames alternative_names() {
  return {pkix::DnsName{"host.test"}, pkix::IpAddress{{192, 0, 2, 1}}};
}

}  // namespace

std::vector<Sample> cms_samples() {
  return {
      {"ContentInfo", "data", cms::write_content_info(cms::oid::kData, kNull)},
      {"SignedData", "request", cms::write_signed_data(request_in_signed_data())},
      {"SignedData", "certs-only", cms::write_signed_data(certs_only())},
      {"EnvelopedData", "all-recipients", cms::write_enveloped_data(enveloped())},
      {"AuthEnvelopedData", "attributes", cms::write_auth_enveloped_data(auth_enveloped())},
      {"AuthenticatedData", "password", cms::write_authenticated_data(authenticated())},
      {"GcmParameters", "icv-16", cms::write_gcm_parameters({octets_from(0, 12), 16})},
      {"GcmParameters", "icv-12", cms::write_gcm_parameters({octets_from(0, 12), 12})},
      {"Pbkdf2Parameters", "sha-256",
       cms::write_pbkdf2_parameters({octets_from(0, 16), 2048, 32, kHmacSha256})},
  };
}

std::vector<Sample> crmf_samples() {
  using crmf::KeyAgreement;
  using crmf::KeyEncipherment;
  const auto encrypted_key =
      asn1::with_tag(cms::write_enveloped_data(enveloped()), asn1::context_constructed(4));
  const crmf::PopoSigningKey with_input{Bytes{0xA0, 0x02, 0x05, 0x00}, kEcdsa, kSignature};
  Writer messages;
  messages.sequence([&] { messages.raw(cert_req_msg(1, std::nullopt)); });
  return {
      {"CertReqMsg", "signature", cert_req_msg(1, with_input)},
      {"CertReqMsg", "ra-verified", cert_req_msg(2, crmf::RaVerified{})},
      {"CertReqMsg", "challenge",
       cert_req_msg(3, KeyEncipherment{crmf::SubsequentMessage::challengeResp})},
      {"CertReqMsg", "this-message",
       cert_req_msg(4, KeyEncipherment{crmf::ThisMessage{kSignature}})},
      {"CertReqMsg", "dh-mac", cert_req_msg(5, KeyAgreement{crmf::DhMac{kSignature}})},
      {"CertReqMsg", "agree-mac",
       cert_req_msg(6, KeyAgreement{crmf::PkMacValue{kHmacSha256, kSignature}})},
      {"CertReqMsg", "encrypted-key",
       cert_req_msg(7, KeyEncipherment{crmf::EncryptedKey{encrypted_key}})},
      {"CertReqMessages", "one", std::move(messages).take()},
      {"CertTemplate", "full", cert_template(full_template())},
      {"CertTemplate", "empty", cert_template({})},
      {"PKIPublicationInfo", "two-places", publication_info()},
  };
}

std::vector<Sample> pki_data_samples() {
  return {
      {"PKIData", "full", cmc::write_pki_data(full_request())},
      {"PKIData", "empty", cmc::write_pki_data({})},
      {"PKIData", "auth-data",
       cmc::write_pki_data({{auth_data()}, {}, {authenticated_item()}, {}})},
      {"TaggedRequest", "tcr",
       cmc::write_tagged_request(cmc::BodyPartID{1}, certification_request())},
      {"TaggedRequest", "crm", cmc::write_tagged_request(cert_req_msg(201, std::nullopt))},
      {"TaggedRequest", "orm", other_request(3)},
      {"CMCUnsignedData", "path",
       cmc::write_cmc_unsigned_data({{cmc::BodyPartID{2}, cmc::BodyPartID{201}}, kPrivate, kNull})},
  };
}

std::vector<Sample> pki_response_samples() {
  using cmc::CMCStatus;
  return {
      {"PKIResponse", "full", cmc::write_pki_response(full_response())},
      {"PKIResponse", "empty", cmc::write_pki_response({})},
      {"PKIResponse", "auth-data",
       cmc::write_pki_response({{auth_data()}, {authenticated_item()}, {}})},
      {"CMCStatusInfoV2", "failed", status(CMCStatus::failed, cmc::CMCFailInfo::badIdentity)},
      {"CMCStatusInfoV2", "pending",
       status(CMCStatus::pending, cmc::PendInfo{octets_from(0, 8), kNoon})},
      {"CMCStatusInfoV2", "extended",
       status(CMCStatus::failed, cmc::ExtendedFailInfo{kPrivate, kNull})},
      {"CMCStatusInfo", "failed",
       cmc::write_cmc_status_info(
           {CMCStatus::failed, {cmc::kThisPKIData}, std::nullopt, cmc::CMCFailInfo{1042}})},
      {"CMCStatusInfo", "partial",
       cmc::write_cmc_status_info({CMCStatus::partial,
                                   {cmc::BodyPartID{1}, cmc::BodyPartID{2}},
                                   "later",
                                   cmc::PendInfo{octets_from(0, 8), kNoon}})},
  };
}

std::vector<Sample> control_samples() {
  using cmc::BodyPartID;
  const auto issuer = name_of("CN=Test CA,O=Test");
  const cmc::BodyPartList ids{{1}, {4294967295}};
  const crmf::PKIPublicationInfo dont_publish{0, {}};
  return {
      {"UTF8String", "identification", cmc::write_utf8_value("alice@example.test")},
      {"OctetString", "nonce", cmc::write_octets_value(octets_from(0, 16))},
      {"Integer", "transaction", cmc::write_integer_value(Integer::from(10132985123483401))},
      {"BodyPartList", "two", cmc::write_body_part_list_value(ids)},
      {"BodyPartID", "largest", cmc::write_body_part_id_value({4294967295})},
      {"IdentityProofV2", "sha-256",
       cmc::write_identity_proof_v2({kSha256, kHmacSha256, octets_from(0, 32)})},
      {"PopLinkWitnessV2", "sha-256",
       cmc::write_pop_link_witness_v2({kSha256, kHmacSha256, octets_from(0, 32)})},
      {"EncryptedPOP", "aes-gcm", encrypted_pop()},
      {"DecryptedPOP", "sha-256",
       cmc::write_decrypted_pop({BodyPartID{201}, kHmacSha256, octets_from(0, 32)})},
      {"LraPopWitness", "this", cmc::write_lra_pop_witness({cmc::kThisPKIData, ids})},
      {"AddExtensions", "two",
       cmc::write_add_extensions({cmc::kThisPKIData, {BodyPartID{1}}, extensions()})},
      {"ModCertTemplate", "replace",
       cmc::write_mod_cert_template({{cmc::kThisPKIData}, ids, true, full_template()})},
      {"ModCertTemplate", "delete",
       cmc::write_mod_cert_template({{BodyPartID{2}}, ids, false, small_template()})},
      {"GetCert", "directory-name", cmc::write_get_cert({issuer, Integer::from(7)})},
      {"GetCRL", "issuer", cmc::write_get_crl({issuer, {}, {}, {}})},
      {"GetCRL", "partition",
       cmc::write_get_crl({issuer, pkix::UniformResourceIdentifier{"http://crl.test/1"}, kNoon,
                           asn1::BitString{{0x60}, 5}})},
      {"RevokeRequest", "plain",
       cmc::write_revoke_request(
           {issuer, Integer::from(7), pkix::CRLReason::keyCompromise, {}, {}, {}})},
      {"RevokeRequest", "secret",
       cmc::write_revoke_request({issuer, Integer::from(7), pkix::CRLReason::aACompromise, kNoon,
                                  octets_from(0x30, 10), "lost"})},
      {"CMCCertId", "alice", cmc::write_cmc_cert_id(alice())},
      {"PublishTrustAnchors", "two",
       cmc::write_publish_trust_anchors(
           {Integer::from(3), kSha256, {octets_from(0, 32), octets_from(1, 32)}})},
      {"CMCPublicationInfo", "dont-publish",
       cmc::write_cmc_publication_info({kSha256, {octets_from(0, 32)}, dont_publish})},
      {"ControlsProcessed", "id-and-path",
       cmc::write_controls_processed({{BodyPartID{1}, cmc::BodyPartPath{{2}, {102}}}})},
      {"ChangeSubjectName", "both",
       cmc::write_change_subject_name({name_of("CN=New Name"), alternative_names()})},
      {"ChangeSubjectName", "null-name",
       cmc::write_change_subject_name({pkix::Name{}, std::nullopt})},
      {"ChangeSubjectName", "alternative",
       cmc::write_change_subject_name({std::nullopt, alternative_names()})},
  };
}

}  // namespace signet::test
