#include "support/reseal.h"

#include "envelope/signed_data.h"

namespace signet::test {

cms::SignedData signed_data_of(ByteView message) {
  const auto content = cms::read_content_info(message).value();
  return cms::read_signed_data(content.content).value();
}

Bytes write_message(const cms::SignedData& signed_data) {
  return cms::write_content_info(cms::oid::kSignedData, cms::write_signed_data(signed_data));
}

cmc::PKIDataParts parts_of(ByteView message) {
  auto data = cmc::read_pki_data(*signed_data_of(message).encap_content_info.e_content).value();
  cmc::PKIDataParts parts;
  parts.control_sequence = std::move(data.control_sequence);
  for (auto& request : data.req_sequence) parts.tagged_requests.push_back(std::move(request.der));
  parts.cms_sequence = std::move(data.cms_sequence);
  parts.other_msg_sequence = std::move(data.other_msg_sequence);
  return parts;
}

Bytes seal(const cmc::PKIDataParts& parts, const Holder& signer, std::optional<Time> signing_time) {
  return seal_content(cmc::write_pki_data(parts), cmc::oid::kPKIData, signer, signing_time);
}

Bytes seal_content(ByteView content, const asn1::Oid& content_type, const Holder& signer,
                   std::optional<Time> signing_time) {
  return envelope::seal_signed_data(
             {.content_type = content_type,
              .content = content,
              .key = *signer.key,
              .signature_algorithm = crypto::default_signature_algorithm(*signer.key).value(),
              .sid = cms::IssuerAndSerialNumber{signer.certificate->issuer,
                                                signer.certificate->serial_number},
              .certificates = {signer.certificate.der},
              .signing_time = signing_time})
      .value();
}

}  // namespace signet::test
