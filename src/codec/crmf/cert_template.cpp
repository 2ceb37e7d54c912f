#include "codec/crmf/crmf.h"

/// CertTemplate ::= SEQUENCE {
///   version [0] INTEGER, serialNumber [1] INTEGER, signingAlg [2] AlgorithmIdentifier,
///   issuer [3] EXPLICIT Name, validity [4] OptionalValidity, subject [5] EXPLICIT Name,
///   publicKey [6] SubjectPublicKeyInfo, issuerUID [7] BIT STRING, subjectUID [8] BIT STRING,
///   extensions [9] Extensions }, each IMPLICIT unless it says otherwise, and OPTIONAL
namespace signet::crmf {
namespace {

using asn1::context;
using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;

constexpr auto kVersion = context(0);
constexpr auto kSerialNumber = context(1);
constexpr auto kSigningAlg = context_constructed(2);
constexpr auto kIssuer = context_constructed(3);
constexpr auto kValidity = context_constructed(4);
constexpr auto kSubject = context_constructed(5);
constexpr auto kPublicKey = context_constructed(6);
constexpr auto kIssuerUid = context(7);
constexpr auto kSubjectUid = context(8);
constexpr auto kExtensions = context_constructed(9);

constexpr auto kNotBefore = context_constructed(0);
constexpr auto kNotAfter = context_constructed(1);

Result<std::optional<pkix::Name>> read_optional_name(Reader& reader, asn1::Tag tag) {
  auto explicit_tag = TRY(reader.enter_optional(tag));
  if (!explicit_tag) return std::optional<pkix::Name>();
  auto name = TRY(pkix::read_name(*explicit_tag));
  TRY(explicit_tag->finish());
  return std::optional<pkix::Name>(std::move(name));
}

Result<std::optional<Time>> read_optional_time(Reader& reader, asn1::Tag tag) {
  auto explicit_tag = TRY(reader.enter_optional(tag));
  if (!explicit_tag) return std::optional<Time>();
  const auto time = TRY(explicit_tag->read_time());
  TRY(explicit_tag->finish());
  return std::optional<Time>(time);
}

/// OptionalValidity ::= SEQUENCE { notBefore [0] EXPLICIT Time OPTIONAL,
///   notAfter [1] EXPLICIT Time OPTIONAL }, at least one of them
Result<std::optional<OptionalValidity>> read_optional_validity(Reader& reader) {
  auto fields = TRY(reader.enter_optional(kValidity));
  if (!fields) return std::optional<OptionalValidity>();
  OptionalValidity validity;
  validity.not_before = TRY(read_optional_time(*fields, kNotBefore));
  validity.not_after = TRY(read_optional_time(*fields, kNotAfter));
  TRY(fields->finish());
  if (!validity.not_before && !validity.not_after) {
    return Error{Fault::malformed, "validity without notBefore and notAfter before octet " +
                                       std::to_string(fields->offset())};
  }
  return std::optional<OptionalValidity>(validity);
}

void write_optional_name(Writer& writer, const std::optional<pkix::Name>& name, asn1::Tag tag) {
  if (name) writer.constructed(tag, [&] { pkix::write_name(writer, *name); });
}

void write_optional_time(Writer& writer, const std::optional<Time>& time, asn1::Tag tag) {
  if (time) writer.constructed(tag, [&] { writer.time(*time); });
}

}  // namespace

Result<CertTemplate> read_cert_template(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  CertTemplate read;
  if (fields.next_is(kVersion)) read.version = TRY(fields.read_small_integer(kVersion));
  if (fields.next_is(kSerialNumber)) read.serial_number = TRY(fields.read_integer(kSerialNumber));
  if (fields.next_is(kSigningAlg)) {
    read.signing_alg = TRY(pkix::read_algorithm_identifier(fields, kSigningAlg));
  }
  read.issuer = TRY(read_optional_name(fields, kIssuer));
  read.validity = TRY(read_optional_validity(fields));
  read.subject = TRY(read_optional_name(fields, kSubject));
  if (fields.next_is(kPublicKey)) {
    read.public_key = TRY(pkix::read_subject_public_key_info(fields, kPublicKey));
  }
  if (fields.next_is(kIssuerUid)) read.issuer_uid = TRY(fields.read_bit_string(kIssuerUid));
  if (fields.next_is(kSubjectUid)) read.subject_uid = TRY(fields.read_bit_string(kSubjectUid));
  if (fields.next_is(kExtensions)) {
    read.extensions = TRY(pkix::read_extensions(fields, kExtensions));
  }
  TRY(fields.finish());
  return read;
}

void write_cert_template(Writer& writer, const CertTemplate& cert_template) {
  writer.sequence([&] {
    if (cert_template.version) writer.integer(*cert_template.version, kVersion);
    if (cert_template.serial_number) writer.integer(*cert_template.serial_number, kSerialNumber);
    if (cert_template.signing_alg) {
      pkix::write_algorithm_identifier(writer, *cert_template.signing_alg, kSigningAlg);
    }
    write_optional_name(writer, cert_template.issuer, kIssuer);
    if (const auto& validity = cert_template.validity) {
      writer.constructed(kValidity, [&] {
        write_optional_time(writer, validity->not_before, kNotBefore);
        write_optional_time(writer, validity->not_after, kNotAfter);
      });
    }
    write_optional_name(writer, cert_template.subject, kSubject);
    if (cert_template.public_key) writer.raw(with_tag(cert_template.public_key->der, kPublicKey));
    if (cert_template.issuer_uid) writer.bit_string(*cert_template.issuer_uid, kIssuerUid);
    if (cert_template.subject_uid) writer.bit_string(*cert_template.subject_uid, kSubjectUid);
    if (!cert_template.extensions.empty()) {
      pkix::write_extensions(writer, cert_template.extensions, kExtensions);
    }
  });
}

}  // namespace signet::crmf
