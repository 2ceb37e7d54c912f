#include "codec/ocsp/cert_id.h"

#include "codec/pkix/certificate.h"

namespace signet::ocsp {

Result<asn1::Encoded<CertID>> read_cert_id(asn1::Reader& reader) {
  const auto element = TRY(reader.read(asn1::kSequence));
  auto fields = TRY(reader.enter(element));
  CertID cert_id;
  cert_id.hash_algorithm = TRY(pkix::read_algorithm_identifier(fields));
  cert_id.issuer_name_hash = TRY(fields.read_octet_string());
  cert_id.issuer_key_hash = TRY(fields.read_octet_string());
  cert_id.serial_number = TRY(pkix::read_serial_number(fields));
  TRY(fields.finish());
  return asn1::Encoded<CertID>{std::move(cert_id), to_bytes(element.tlv)};
}

Bytes write_cert_id(const CertID& cert_id) {
  asn1::Writer writer;
  writer.sequence([&] {
    pkix::write_algorithm_identifier(writer, cert_id.hash_algorithm);
    writer.octet_string(cert_id.issuer_name_hash);
    writer.octet_string(cert_id.issuer_key_hash);
    writer.integer(cert_id.serial_number);
  });
  return std::move(writer).take();
}

}  // namespace signet::ocsp
