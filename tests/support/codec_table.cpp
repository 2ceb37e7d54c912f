#include "support/codec_table.h"

#include <cstdio>
#include <cstdlib>

#include "codec/asn1/whole.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/status.h"

namespace signet::test {
namespace {

using asn1::Limits;
using asn1::Reader;
using asn1::Writer;

template <auto kRead, auto kWrite>
Result<Bytes> rewrite(ByteView octets) {
  return kWrite(TRY(kRead(octets)));
}

/// For a reader that takes limits and is called with those that it has by default.
template <auto kRead, auto kWrite>
Result<Bytes> rewrite_message(ByteView octets) {
  return kWrite(TRY(kRead(octets, Limits::ber())));
}

/// For a reader and a writer that work at a place within a message.
template <auto kRead, auto kWrite>
Result<Bytes> rewrite_in_place(ByteView octets) {
  const auto value =
      TRY(asn1::read_whole(octets, Limits::der(), [](Reader& reader) { return kRead(reader); }));
  Writer writer;
  kWrite(writer, value);
  return std::move(writer).take();
}

Result<cms::ContentInfo> read_content_info(ByteView octets) {
  return cms::read_content_info(octets);
}
Bytes write_content_info(const cms::ContentInfo& value) {
  return cms::write_content_info(value.content_type, value.content);
}

Result<cms::EnvelopedData> read_enveloped_data(ByteView octets) {
  return cms::read_enveloped_data(octets);
}

Result<crmf::CertReqMsg> read_cert_req_msg(Reader& reader) {
  return crmf::read_cert_req_msg(reader);
}
/// Once by its octets and once by its values, which must come to the same when read.
void write_cert_req_msg(Writer& writer, const crmf::CertReqMsg& value) {
  const auto by_value =
      crmf::write_cert_req_msg(crmf::write_cert_request(value.cert_req.value), value.popo);
  const auto read = asn1::read_whole(by_value, Limits::der(), read_cert_req_msg);
  CHECK(read.ok());
  CHECK(read->cert_req.value == value.cert_req.value);
  CHECK(read->popo == value.popo);
  writer.raw(crmf::write_cert_req_msg(value.cert_req.der, value.popo));
}

Result<std::vector<crmf::CertReqMsg>> read_cert_req_messages(ByteView octets) {
  return crmf::read_cert_req_messages(octets);
}
Bytes write_cert_req_messages(const std::vector<crmf::CertReqMsg>& values) {
  Writer writer;
  writer.sequence([&] {
    for (const auto& value : values) write_cert_req_msg(writer, value);
  });
  return std::move(writer).take();
}

Result<cmc::TaggedRequest> read_tagged_request(ByteView octets) {
  return asn1::read_whole(octets, Limits::ber(), cmc::read_tagged_request);
}
Bytes write_tagged_request(const cmc::TaggedRequest& value) {
  // Asked for so that a fuzzer sees them asked for.
  static_cast<void>(value.public_key());
  static_cast<void>(value.subject());
  static_cast<void>(value.extensions());
  return value.der;
}

Bytes write_pki_data(const cmc::PKIData& value) {
  cmc::PKIDataParts parts;
  parts.control_sequence = value.control_sequence;
  for (const auto& request : value.req_sequence) {
    parts.tagged_requests.push_back(write_tagged_request(request));
  }
  parts.cms_sequence = value.cms_sequence;
  parts.other_msg_sequence = value.other_msg_sequence;
  return cmc::write_pki_data(parts);
}

Bytes write_encrypted_pop(const cmc::EncryptedPOP& value) {
  return cmc::write_encrypted_pop({value.request.der, value.cms.der, value.the_pop_alg_id,
                                   value.witness_alg_id, value.witness});
}

}  // namespace

const std::vector<Codec>& cms_codecs() {
  static const std::vector<Codec> kCodecs{
      {"ContentInfo", rewrite<read_content_info, write_content_info>},
      {"SignedData", rewrite_message<cms::read_signed_data, cms::write_signed_data>},
      {"EnvelopedData", rewrite<read_enveloped_data, cms::write_enveloped_data>},
      {"AuthEnvelopedData",
       rewrite_message<cms::read_auth_enveloped_data, cms::write_auth_enveloped_data>},
      {"AuthenticatedData",
       rewrite_message<cms::read_authenticated_data, cms::write_authenticated_data>},
      {"GcmParameters", rewrite<cms::read_gcm_parameters, cms::write_gcm_parameters>},
      {"Pbkdf2Parameters", rewrite<cms::read_pbkdf2_parameters, cms::write_pbkdf2_parameters>}};
  return kCodecs;
}

const std::vector<Codec>& crmf_codecs() {
  static const std::vector<Codec> kCodecs{
      {"CertReqMsg", rewrite_in_place<read_cert_req_msg, write_cert_req_msg>},
      {"CertReqMessages", rewrite<read_cert_req_messages, write_cert_req_messages>},
      {"CertTemplate", rewrite_in_place<crmf::read_cert_template, crmf::write_cert_template>},
      {"PKIPublicationInfo",
       rewrite_in_place<crmf::read_pki_publication_info, crmf::write_pki_publication_info>}};
  return kCodecs;
}

const std::vector<Codec>& pki_data_codecs() {
  static const std::vector<Codec> kCodecs{
      {"PKIData", rewrite_message<cmc::read_pki_data, write_pki_data>},
      {"TaggedRequest", rewrite<read_tagged_request, write_tagged_request>},
      {"CMCUnsignedData", rewrite<cmc::read_cmc_unsigned_data, cmc::write_cmc_unsigned_data>}};
  return kCodecs;
}

const std::vector<Codec>& pki_response_codecs() {
  static const std::vector<Codec> kCodecs{
      {"PKIResponse", rewrite_message<cmc::read_pki_response, cmc::write_pki_response>},
      {"CMCStatusInfoV2", rewrite<cmc::read_cmc_status_info_v2, cmc::write_cmc_status_info_v2>},
      {"CMCStatusInfo", rewrite<cmc::read_cmc_status_info, cmc::write_cmc_status_info>}};
  return kCodecs;
}

const std::vector<Codec>& control_codecs() {
  static const std::vector<Codec> kCodecs{
      {"UTF8String", rewrite<cmc::read_utf8_value, cmc::write_utf8_value>},
      {"OctetString", rewrite<cmc::read_octets_value, cmc::write_octets_value>},
      {"Integer", rewrite<cmc::read_integer_value, cmc::write_integer_value>},
      {"BodyPartList", rewrite<cmc::read_body_part_list_value, cmc::write_body_part_list_value>},
      {"BodyPartID", rewrite<cmc::read_body_part_id_value, cmc::write_body_part_id_value>},
      {"IdentityProofV2", rewrite<cmc::read_identity_proof_v2, cmc::write_identity_proof_v2>},
      {"PopLinkWitnessV2", rewrite<cmc::read_pop_link_witness_v2, cmc::write_pop_link_witness_v2>},
      {"EncryptedPOP", rewrite<cmc::read_encrypted_pop, write_encrypted_pop>},
      {"DecryptedPOP", rewrite<cmc::read_decrypted_pop, cmc::write_decrypted_pop>},
      {"LraPopWitness", rewrite<cmc::read_lra_pop_witness, cmc::write_lra_pop_witness>},
      {"AddExtensions", rewrite<cmc::read_add_extensions, cmc::write_add_extensions>},
      {"ModCertTemplate", rewrite<cmc::read_mod_cert_template, cmc::write_mod_cert_template>},
      {"GetCert", rewrite<cmc::read_get_cert, cmc::write_get_cert>},
      {"GetCRL", rewrite<cmc::read_get_crl, cmc::write_get_crl>},
      {"RevokeRequest", rewrite<cmc::read_revoke_request, cmc::write_revoke_request>},
      {"CMCCertId", rewrite<cmc::read_cmc_cert_id, cmc::write_cmc_cert_id>},
      {"PublishTrustAnchors",
       rewrite<cmc::read_publish_trust_anchors, cmc::write_publish_trust_anchors>},
      {"CMCPublicationInfo",
       rewrite<cmc::read_cmc_publication_info, cmc::write_cmc_publication_info>},
      {"ControlsProcessed", rewrite<cmc::read_controls_processed, cmc::write_controls_processed>},
      {"ChangeSubjectName", rewrite<cmc::read_change_subject_name, cmc::write_change_subject_name>},
  };
  return kCodecs;
}

void check_round_trips(const std::vector<Codec>& codecs, ByteView octets) {
  for (const auto& codec : codecs) {
    const auto written = codec.rewrite(octets);
    if (!written) continue;
    const auto again = codec.rewrite(*written);
    if (again && *again == *written) continue;
    std::fprintf(stderr, "%s does not read what it wrote: %s\n", codec.name.data(),
                 again ? "other octets" : again.error().detail.c_str());
    std::abort();
  }
}

}  // namespace signet::test
