#include "client/seal_message.h"

#include "codec/cmc/oids.h"
#include "codec/pkix/oids.h"
#include "envelope/signed_data.h"

namespace signet::client {

Result<void> check_signer(const MessageSigner& signer) {
  if (signer.certificate->subject_public_key_info == signer.key.public_key_info()) return {};
  return Error{Fault::signing_failed, "the signer's key does not belong to its certificate (" +
                                          pkix::to_text(signer.certificate->subject) + ")"};
}

Result<Bytes> sign_message(ByteView pki_data, const MessageSigner& signer,
                           std::vector<pkix::Attribute> unsigned_attributes) {
  TRY(check_signer(signer));
  const auto algorithm = TRY(crypto::default_signature_algorithm(signer.key));
  std::vector<Bytes> certificates{signer.certificate.der};
  for (const auto& certificate : signer.chain) {
    if (certificate != signer.certificate) certificates.push_back(certificate.der);
  }
  const auto& named = signer.certificate;
  return envelope::seal_signed_data({
      .content_type = cmc::oid::kPKIData,
      .content = pki_data,
      .key = signer.key,
      .signature_algorithm = algorithm,
      .sid = cms::IssuerAndSerialNumber{named->issuer, named->serial_number},
      .certificates = std::move(certificates),
      .signing_time = std::nullopt,
      .unsigned_attributes = std::move(unsigned_attributes),
  });
}

Result<Bytes> key_identifier_of(const std::vector<Bytes>& tagged_requests,
                                const crypto::PrivateKey& key) {
  for (const auto& der : tagged_requests) {
    asn1::Budget budget{asn1::Limits::der()};
    asn1::Reader reader{der, budget};
    const auto request = TRY(cmc::read_tagged_request(reader));
    if (request.public_key() == nullptr || *request.public_key() != key.public_key_info()) continue;
    const auto extensions = TRY(request.extensions());
    const auto* found = pkix::find_extension(extensions, pkix::oid::kSubjectKeyIdentifier);
    if (found != nullptr) return pkix::read_subject_key_identifier(found->extn_value);
    return Error{Fault::malformed,
                 "the request whose key signs the message asks for no subjectKeyIdentifier: make "
                 "it with that extension"};
  }
  return Error{Fault::signing_failed, "no request of the message is for the key that signs it"};
}

Result<Bytes> sign_by_request(ByteView pki_data, const std::vector<Bytes>& tagged_requests,
                              const crypto::PrivateKey& key) {
  auto identifier = TRY(key_identifier_of(tagged_requests, key));
  const auto algorithm = TRY(crypto::default_signature_algorithm(key));
  //= E11 RFC 10002 §3.2: the key of a request is named by its subjectKeyIdentifier
  return envelope::seal_signed_data({
      .content_type = cmc::oid::kPKIData,
      .content = pki_data,
      .key = key,
      .signature_algorithm = algorithm,
      .sid = cms::SubjectKeyIdentifier{std::move(identifier)},
      .certificates = {},
      .signing_time = std::nullopt,
  });
}

Bytes leave_unsigned(ByteView pki_data, UnsignedForm form) {
  if (form == UnsignedForm::data) {
    asn1::Writer writer;
    writer.octet_string(pki_data);
    return cms::write_content_info(cms::oid::kData, writer.view());
  }
  cms::SignedData signed_data;
  signed_data.encap_content_info = {cmc::oid::kPKIData, to_bytes(pki_data)};
  return cms::write_content_info(cms::oid::kSignedData, cms::write_signed_data(signed_data));
}

}  // namespace signet::client
