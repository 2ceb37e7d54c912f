#include "codec/asn1/whole.h"
#include "codec/pkix/certificate.h"
#include "codec/pkix/crl_walk.h"
#include "codec/pkix/signed_parts.h"

/// CertificateList (RFC 5280 §5.1).
namespace signet::pkix {
namespace {

using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;

/// A CRL holds what an authority has revoked in years: far more than any message does.
constexpr asn1::Limits kListLimits{.octets = 32UL * 1024 * 1024, .elements = 4'000'000};
/// An entry has at least 20 octets, and seldom more than ten elements.
constexpr asn1::Limits kWalkLimits{.octets = kLargestWalkedCrl, .elements = 100'000'000};

using TakeEntry = std::function<Result<void>(RevokedCertificate)>;

/// Version ::= INTEGER { v2(1) } OPTIONAL; absent in v1
Result<int> read_list_version(Reader& tbs) {
  if (!tbs.next_is(asn1::kInteger)) return 1;
  const auto version = TRY(tbs.read_small_integer());
  if (version != 1) {
    return Error{Fault::malformed,
                 "CRL version " + std::to_string(version) + "; only 1 (v2) is written"};
  }
  return 2;
}

Error extensions_in_v1() {
  return {Fault::malformed, "a v1 CRL with extensions"};
}

/// SEQUENCE { userCertificate CertificateSerialNumber, revocationDate Time,
///            crlEntryExtensions Extensions OPTIONAL }
Result<RevokedCertificate> read_revoked(Reader& reader, int version) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  RevokedCertificate revoked;
  revoked.user_certificate = TRY(read_serial_number(fields));
  revoked.revocation_date = TRY(fields.read_time());
  if (!fields.at_end()) {
    if (version == 1) return extensions_in_v1();
    revoked.crl_entry_extensions = TRY(read_extensions(fields));
  }
  TRY(fields.finish());
  return revoked;
}

/// RFC 5280 §5.1.2.6: absent when nothing is revoked. An empty list is read as the same.
Result<void> read_revoked_certificates(Reader& tbs, int version, const TakeEntry& take) {
  auto entries = TRY(tbs.enter_optional(asn1::kSequence));
  while (entries && !entries->at_end()) {
    const auto revoked = TRY(read_revoked(*entries, version));
    TRY(take(revoked));
  }
  return {};
}

Result<Extensions> read_crl_extensions(Reader& tbs, int version) {
  auto explicit_tag = TRY(tbs.enter_optional(context_constructed(0)));
  if (!explicit_tag) return Extensions();
  if (version == 1) return extensions_in_v1();
  auto extensions = TRY(read_extensions(*explicit_tag));
  TRY(explicit_tag->finish());
  return extensions;
}

/// TBSCertList ::= SEQUENCE { version OPTIONAL, signature, issuer, thisUpdate, nextUpdate OPTIONAL,
///   revokedCertificates SEQUENCE OF … OPTIONAL, crlExtensions [0] EXPLICIT OPTIONAL }
Result<TBSCertList> read_tbs(Reader tbs, const TakeEntry& take) {
  TBSCertList value;
  value.version = TRY(read_list_version(tbs));
  value.signature = TRY(read_algorithm_identifier(tbs));
  value.issuer = TRY(read_name(tbs));
  value.this_update = TRY(tbs.read_time());
  if (tbs.next_is(asn1::kUtcTime) || tbs.next_is(asn1::kGeneralizedTime)) {
    value.next_update = TRY(tbs.read_time());
  }
  TRY(read_revoked_certificates(tbs, value.version, take));
  value.crl_extensions = TRY(read_crl_extensions(tbs, value.version));
  TRY(tbs.finish());
  return value;
}

Result<void> check_same_algorithm(const AlgorithmIdentifier& outside, const TBSCertList& inside) {
  if (outside == inside.signature) return {};
  return Error{Fault::malformed,
               "signatureAlgorithm differs from the signature field inside the "
               "CRL (RFC 5280 §5.1.1.2)"};
}

Result<CrlFrame> walk(Reader& reader, const TakeEntry& take) {
  CrlFrame frame;
  auto parts = TRY(read_signed(reader));
  frame.head = TRY(read_tbs(parts.to_be_signed, take));
  TRY(check_same_algorithm(parts.signature_algorithm, frame.head));
  frame.tbs_der = parts.to_be_signed_der;
  frame.signature_algorithm = std::move(parts.signature_algorithm);
  frame.signature_value = std::move(parts.signature);
  return frame;
}

Result<CertificateList> read_list(Reader& reader) {
  CertificateList list;
  auto parts = TRY(read_signed(reader));
  std::vector<RevokedCertificate> entries;
  list.tbs.value = TRY(read_tbs(parts.to_be_signed, [&](RevokedCertificate entry) -> Result<void> {
    entries.push_back(std::move(entry));
    return {};
  }));
  list.tbs.value.revoked_certificates = std::move(entries);
  TRY(check_same_algorithm(parts.signature_algorithm, list.tbs.value));
  list.tbs.der = to_bytes(parts.to_be_signed_der);
  list.signature_algorithm = std::move(parts.signature_algorithm);
  list.signature_value = std::move(parts.signature);
  list.der = to_bytes(parts.der);
  return list;
}

void write_revoked(Writer& writer, const RevokedCertificate& revoked) {
  writer.sequence([&] {
    writer.integer(revoked.user_certificate);
    writer.time(revoked.revocation_date);
    if (!revoked.crl_entry_extensions.empty()) {
      write_extensions(writer, revoked.crl_entry_extensions);
    }
  });
}

}  // namespace

Result<CertificateList> read_certificate_list(ByteView der) {
  return asn1::read_whole(der, kListLimits, read_list);
}

Result<CrlFrame> walk_certificate_list(ByteView der, const TakeEntry& take) {
  return asn1::read_whole(der, kWalkLimits, [&](Reader& reader) { return walk(reader, take); });
}

Bytes write_tbs_cert_list(const TBSCertList& tbs) {
  Writer writer;
  writer.sequence([&] {
    if (tbs.version > 1) writer.integer(tbs.version - 1);
    write_algorithm_identifier(writer, tbs.signature);
    write_name(writer, tbs.issuer);
    writer.time(tbs.this_update);
    if (tbs.next_update) writer.time(*tbs.next_update);
    if (!tbs.revoked_certificates.empty()) {
      writer.sequence([&] {
        for (const auto& revoked : tbs.revoked_certificates) write_revoked(writer, revoked);
      });
    }
    if (!tbs.crl_extensions.empty()) {
      writer.constructed(context_constructed(0),
                         [&] { write_extensions(writer, tbs.crl_extensions); });
    }
  });
  return std::move(writer).take();
}

Bytes write_certificate_list(ByteView tbs_der, const AlgorithmIdentifier& algorithm,
                             const BitString& signature) {
  return write_signed(tbs_der, algorithm, signature);
}

}  // namespace signet::pkix
