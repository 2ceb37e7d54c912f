#include "codec/asn1/whole.h"
#include "codec/cms/parts.h"

namespace signet::cms {
namespace {

using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;

constexpr auto kDigestAlgorithm = context_constructed(1);
constexpr auto kAuthAttrs = context_constructed(2);
constexpr auto kUnauthAttrs = context_constructed(3);

/// AuthenticatedData ::= SEQUENCE { version, originatorInfo [0] IMPLICIT OPTIONAL, recipientInfos,
///   macAlgorithm, digestAlgorithm [1] IMPLICIT OPTIONAL, encapContentInfo,
///   authAttrs [2] IMPLICIT OPTIONAL, mac OCTET STRING, unauthAttrs [3] IMPLICIT OPTIONAL }
Result<AuthenticatedData> read_authenticated(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  AuthenticatedData authenticated;
  authenticated.version = TRY(read_version(fields));
  authenticated.originator_info = TRY(read_optional_originator_info(fields));
  authenticated.recipient_infos = TRY(read_recipient_infos(fields));
  authenticated.mac_algorithm = TRY(pkix::read_algorithm_identifier(fields));
  if (fields.next_is(kDigestAlgorithm)) {
    authenticated.digest_algorithm = TRY(pkix::read_algorithm_identifier(fields, kDigestAlgorithm));
  }
  authenticated.encap_content_info = TRY(read_encapsulated_content_info(fields));
  if (auto attributes = TRY(read_authenticated_attributes(fields, kAuthAttrs))) {
    authenticated.auth_attrs = std::move(attributes->attributes);
    authenticated.auth_attrs_der = std::move(attributes->der);
  }
  authenticated.mac = TRY(fields.read_octet_string());
  authenticated.unauth_attrs = TRY(read_optional_attributes(fields, kUnauthAttrs));
  TRY(fields.finish());
  return authenticated;
}

}  // namespace

Result<AuthenticatedData> read_authenticated_data(ByteView octets, asn1::Limits limits) {
  return asn1::read_whole(octets, limits, read_authenticated);
}

/// Version 0: RFC 5652 §9.1 has others for certificates of other kinds, which are never written.
Bytes write_authenticated_data(const AuthenticatedData& authenticated) {
  Writer writer;
  writer.sequence([&] {
    writer.integer(0);
    write_optional_originator_info(writer, authenticated.originator_info);
    write_recipient_infos(writer, authenticated.recipient_infos);
    pkix::write_algorithm_identifier(writer, authenticated.mac_algorithm);
    if (authenticated.digest_algorithm) {
      pkix::write_algorithm_identifier(writer, *authenticated.digest_algorithm, kDigestAlgorithm);
    }
    write_encapsulated_content_info(writer, authenticated.encap_content_info);
    write_authenticated_attributes(writer, authenticated.auth_attrs, authenticated.auth_attrs_der,
                                   kAuthAttrs);
    writer.octet_string(authenticated.mac);
    write_optional_attributes(writer, authenticated.unauth_attrs, kUnauthAttrs);
  });
  return std::move(writer).take();
}

}  // namespace signet::cms
