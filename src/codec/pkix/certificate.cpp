#include "codec/pkix/certificate.h"

#include <algorithm>

#include "base/encoding.h"
#include "codec/asn1/whole.h"
#include "codec/pkix/oids.h"
#include "codec/pkix/signed_parts.h"

namespace signet::pkix {
namespace {

using asn1::context;
using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;

/// Version ::= INTEGER { v1(0), v2(1), v3(2) }, [0] EXPLICIT DEFAULT v1
Result<int> read_version(Reader& tbs) {
  auto explicit_tag = TRY(tbs.enter_optional(context_constructed(0)));
  if (!explicit_tag) return 1;
  const auto version = TRY(explicit_tag->read_small_integer());
  TRY(explicit_tag->finish());
  if (version != 1 && version != 2) {
    return Error{Fault::malformed, "certificate version " + std::to_string(version) +
                                       "; only 1 (v2) and 2 (v3) are written"};
  }
  return static_cast<int>(version) + 1;
}

Result<Validity> read_validity(Reader& tbs) {
  auto fields = TRY(tbs.enter(asn1::kSequence));
  Validity validity;
  // Either form of Time is read, also GeneralizedTime before 2050: it says the same.
  validity.not_before = TRY(fields.read_time());
  validity.not_after = TRY(fields.read_time());
  TRY(fields.finish());
  return validity;
}

Result<std::optional<BitString>> read_unique_id(Reader& tbs, std::uint32_t number, int version) {
  if (!tbs.next_is(context(number))) return std::optional<BitString>();
  if (version == 1) return Error{Fault::malformed, "a v1 certificate with a unique identifier"};
  return std::optional<BitString>(TRY(tbs.read_bit_string(context(number))));
}

Result<Extensions> read_version_3_extensions(Reader& tbs, int version) {
  auto explicit_tag = TRY(tbs.enter_optional(context_constructed(3)));
  if (!explicit_tag) return Extensions();
  if (version != 3) {
    return Error{Fault::malformed,
                 "a v" + std::to_string(version) + " certificate with extensions"};
  }
  auto extensions = TRY(read_extensions(*explicit_tag));
  TRY(explicit_tag->finish());
  return extensions;
}

/// TBSCertificate ::= SEQUENCE { version, serialNumber, signature, issuer, validity, subject,
///   subjectPublicKeyInfo, issuerUniqueID [1], subjectUniqueID [2], extensions [3] EXPLICIT }
Result<TBSCertificate> read_tbs(Reader tbs) {
  TBSCertificate value;
  value.version = TRY(read_version(tbs));
  value.serial_number = TRY(read_serial_number(tbs));
  value.signature = TRY(read_algorithm_identifier(tbs));
  value.issuer = TRY(read_name(tbs));
  value.validity = TRY(read_validity(tbs));
  value.subject = TRY(read_name(tbs));
  value.subject_public_key_info = TRY(read_subject_public_key_info(tbs));
  value.issuer_unique_id = TRY(read_unique_id(tbs, 1, value.version));
  value.subject_unique_id = TRY(read_unique_id(tbs, 2, value.version));
  value.extensions = TRY(read_version_3_extensions(tbs, value.version));
  TRY(tbs.finish());
  return value;
}

void write_validity(Writer& writer, const Validity& validity) {
  writer.sequence([&] {
    writer.time(validity.not_before);
    writer.time(validity.not_after);
  });
}

}  // namespace

Result<Integer> read_serial_number(Reader& reader) {
  // RFC 5280 §4.1.2.2 gives 20 octets, positive; roots that have more, or 0, are still trusted.
  constexpr std::size_t kMaximumSerialOctets = 64;
  auto serial_number = TRY(reader.read_integer());
  if (serial_number.octets.size() > kMaximumSerialOctets) {
    return Error{Fault::too_large, "a serial number of " +
                                       std::to_string(serial_number.octets.size()) +
                                       " octets; at most 64 are read"};
  }
  return serial_number;
}

Result<Certificate> read_certificate(ByteView der) {
  return asn1::read_whole(der, asn1::Limits::der(),
                          [](Reader& reader) { return read_certificate(reader); });
}

Result<Certificate> read_certificate(Reader& reader) {
  // DER also inside a message in BER: RFC 5280 §4.1.1.3 signs the DER of tbsCertificate.
  if (reader.rules() == asn1::Rules::ber) {
    return read_certificate(TRY(reader.read(asn1::kSequence)).tlv);
  }
  Certificate certificate;
  auto parts = TRY(read_signed(reader));
  certificate.tbs.value = TRY(read_tbs(parts.to_be_signed));
  if (parts.signature_algorithm != certificate->signature) {
    return Error{Fault::malformed,
                 "signatureAlgorithm differs from the signature field inside the "
                 "certificate (RFC 5280 §4.1.1.2)"};
  }
  certificate.tbs.der = to_bytes(parts.to_be_signed_der);
  certificate.signature_algorithm = std::move(parts.signature_algorithm);
  certificate.signature_value = std::move(parts.signature);
  certificate.der = to_bytes(parts.der);
  return certificate;
}

Bytes write_tbs_certificate(const TBSCertificate& tbs) {
  Writer writer;
  writer.sequence([&] {
    if (tbs.version > 1) {
      writer.constructed(context_constructed(0), [&] { writer.integer(tbs.version - 1); });
    }
    writer.integer(tbs.serial_number);
    write_algorithm_identifier(writer, tbs.signature);
    write_name(writer, tbs.issuer);
    write_validity(writer, tbs.validity);
    write_name(writer, tbs.subject);
    writer.raw(tbs.subject_public_key_info.der);
    if (tbs.issuer_unique_id) writer.bit_string(*tbs.issuer_unique_id, context(1));
    if (tbs.subject_unique_id) writer.bit_string(*tbs.subject_unique_id, context(2));
    if (!tbs.extensions.empty()) {
      writer.constructed(context_constructed(3), [&] { write_extensions(writer, tbs.extensions); });
    }
  });
  return std::move(writer).take();
}

Result<ByteView> tbs_tlv_of(ByteView certificate_der) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{certificate_der, budget};
  auto certificate = TRY(outer.enter(asn1::kSequence));
  return TRY(certificate.read(asn1::kSequence)).tlv;
}

Bytes write_certificate(ByteView tbs_der, const AlgorithmIdentifier& algorithm,
                        const BitString& signature) {
  return write_signed(tbs_der, algorithm, signature);
}

std::optional<Bytes> Certificate::subject_key_identifier() const {
  const auto* extension = find_extension(tbs.value.extensions, oid::kSubjectKeyIdentifier);
  if (extension == nullptr) return std::nullopt;
  auto identifier = read_subject_key_identifier(extension->extn_value);
  if (!identifier) return std::nullopt;
  return std::move(identifier).value();
}

bool Certificate::has_extended_key_usage(const Oid& purpose) const {
  const auto* extension = find_extension(tbs.value.extensions, oid::kExtendedKeyUsage);
  if (extension == nullptr) return false;
  const auto purposes = read_extended_key_usage(extension->extn_value);
  return purposes && std::find(purposes->begin(), purposes->end(), purpose) != purposes->end();
}

std::string to_pem(const std::vector<Certificate>& certificates) {
  std::string pem;
  for (const auto& certificate : certificates) {
    pem += signet::to_pem("CERTIFICATE", certificate.der);
  }
  return pem;
}

}  // namespace signet::pkix
