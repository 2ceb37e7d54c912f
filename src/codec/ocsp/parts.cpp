#include "codec/ocsp/parts.h"

namespace signet::ocsp {

using asn1::context_constructed;

Result<void> refuse_other_versions(asn1::Reader& tbs) {
  if (!tbs.next_is(context_constructed(0))) return {};
  return Error{Fault::malformed, "a version is written; only v1 is known, which DER leaves out"};
}

Result<pkix::Extensions> read_explicit_extensions(asn1::Reader& reader, std::uint32_t number) {
  auto explicit_tag = TRY(reader.enter_optional(context_constructed(number)));
  if (!explicit_tag) return pkix::Extensions();
  auto extensions = TRY(pkix::read_extensions(*explicit_tag));
  TRY(explicit_tag->finish());
  return extensions;
}

void write_explicit_extensions(asn1::Writer& writer, const pkix::Extensions& extensions,
                               std::uint32_t number) {
  if (extensions.empty()) return;
  writer.constructed(context_constructed(number),
                     [&] { pkix::write_extensions(writer, extensions); });
}

Result<std::vector<pkix::Certificate>> read_certs(asn1::Reader& reader) {
  std::vector<pkix::Certificate> certs;
  auto explicit_tag = TRY(reader.enter_optional(context_constructed(0)));
  if (!explicit_tag) return certs;
  auto members = TRY(explicit_tag->enter(asn1::kSequence));
  TRY(explicit_tag->finish());
  while (!members.at_end()) certs.push_back(TRY(pkix::read_certificate(members)));
  return certs;
}

void write_certs(asn1::Writer& writer, std::span<const pkix::Certificate> certs) {
  if (certs.empty()) return;
  writer.constructed(context_constructed(0), [&] {
    writer.sequence([&] {
      for (const auto& certificate : certs) writer.raw(certificate.der);
    });
  });
}

}  // namespace signet::ocsp
