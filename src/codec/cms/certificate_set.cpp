#include "codec/cms/parts.h"

/// CertificateSet ::= SET OF CertificateChoices
/// CertificateChoices ::= CHOICE { certificate Certificate, extendedCertificate [0],
///   v1AttrCert [1], v2AttrCert [2], other [3] }
/// RevocationInfoChoices ::= SET OF CHOICE { crl CertificateList, other [1] }
namespace signet::cms {
namespace {

using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;

constexpr auto kCertificates = context_constructed(0);
constexpr auto kCrls = context_constructed(1);

bool next_is_other_certificate(const Reader& members) {
  const auto tag = members.peek();
  return tag && tag->tag_class == asn1::Class::context && tag->form == asn1::Form::constructed &&
         tag->number <= 3;
}

Result<void> read_certificates(Reader members, CertificatesAndCrls& read) {
  // Dogtag's tools write the tag also when there is no certificate.
  read.has_empty_certificates = members.at_end();
  while (!members.at_end()) {
    if (next_is_other_certificate(members)) {
      TRY(members.read_any());
      ++read.other_certificates;
    } else {
      read.certificates.push_back(TRY(pkix::read_certificate(members)));
    }
  }
  return {};
}

Result<void> read_crls(Reader members, CertificatesAndCrls& read) {
  while (!members.at_end()) {
    if (members.next_is(context_constructed(1))) {
      TRY(members.read_any());
      continue;
    }
    const auto crl = TRY(members.read(asn1::kSequence));
    read.crls.push_back(TRY(pkix::read_certificate_list(crl.tlv)));
  }
  return {};
}

template <typename Encodings>
void write_optional_set(Writer& writer, const Encodings& encodings, asn1::Tag tag) {
  if (encodings.empty()) return;
  writer.set_of(
      [&] {
        for (const auto& each : encodings) writer.raw(each.der);
      },
      tag);
}

}  // namespace

Result<CertificatesAndCrls> read_certificates_and_crls(Reader& reader) {
  CertificatesAndCrls read;
  if (const auto members = TRY(reader.enter_optional(kCertificates))) {
    TRY(read_certificates(*members, read));
  }
  if (const auto members = TRY(reader.enter_optional(kCrls))) TRY(read_crls(*members, read));
  return read;
}

void write_certificates_and_crls(Writer& writer, const std::vector<pkix::Certificate>& certificates,
                                 const std::vector<pkix::CertificateList>& crls) {
  write_optional_set(writer, certificates, kCertificates);
  write_optional_set(writer, crls, kCrls);
}

Result<std::optional<OriginatorInfo>> read_optional_originator_info(Reader& reader) {
  auto fields = TRY(reader.enter_optional(context_constructed(0)));
  if (!fields) return std::optional<OriginatorInfo>();
  auto read = TRY(read_certificates_and_crls(*fields));
  TRY(fields->finish());
  return std::optional<OriginatorInfo>({std::move(read.certificates), std::move(read.crls)});
}

void write_optional_originator_info(Writer& writer,
                                    const std::optional<OriginatorInfo>& originator) {
  if (!originator) return;
  writer.constructed(context_constructed(0), [&] {
    write_certificates_and_crls(writer, originator->certificates, originator->crls);
  });
}

}  // namespace signet::cms
