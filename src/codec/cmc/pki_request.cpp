#include "codec/cmc/pki_request.h"

#include "base/overloaded.h"
#include "codec/asn1/whole.h"

namespace signet::cmc {
namespace {

constexpr BodyPartID kSimpleRequest{1};  // RFC 10002 §6.1.1

/// A ContentInfo begins with an OBJECT IDENTIFIER, a CertificationRequest with a SEQUENCE.
bool looks_like_content_info(ByteView octets) {
  asn1::Budget budget{asn1::Limits::ber()};
  asn1::Reader outer{octets, budget};
  auto inner = outer.enter(asn1::kSequence);
  return inner.ok() && inner->next_is(asn1::kOid);
}

Result<PkiRequest> read_simple(ByteView octets) {
  auto certification_request = TRY(pkix::read_certification_request(octets));
  auto der = write_tagged_request(kSimpleRequest, octets);
  return PkiRequest{SimplePkiRequest{
      {TaggedCertificationRequest{kSimpleRequest, std::move(certification_request)},
       std::move(der)}}};
}

Result<PKIData> read_content(const cms::EncapsulatedContentInfo& encapsulated) {
  if (encapsulated.e_content_type == oid::kPKIData) {
    if (encapsulated.e_content) return read_pki_data(*encapsulated.e_content);
    return Error{Fault::malformed,
                 "the message's PKIData is not in it (a detached signature): put it into the "
                 "message as eContent"};
  }
  return Error{Fault::unsupported_message, "the message holds content of type " +
                                               encapsulated.e_content_type.to_text() +
                                               " instead of a PKIData (1.3.6.1.5.5.7.12.2)"};
}

Result<Bytes> read_octets(ByteView tlv) {
  return asn1::read_whole(tlv, asn1::Limits::ber(),
                          [](asn1::Reader& reader) { return reader.read_octet_string(); });
}

Result<PkiRequest> read_full(ByteView message) {
  const auto content_info = TRY(cms::read_content_info(message));
  FullPkiRequest full;
  if (content_info.content_type == cms::oid::kSignedData) {
    full.signed_data = TRY(cms::read_signed_data(content_info.content));
    full.pki_data = TRY(read_content(full.signed_data.encap_content_info));
    return PkiRequest{std::move(full)};
  }
  if (content_info.content_type == cms::oid::kAuthenticatedData) {
    full.authenticated_data = TRY(cms::read_authenticated_data(content_info.content));
    full.pki_data = TRY(read_content(full.authenticated_data->encap_content_info));
    return PkiRequest{std::move(full)};
  }
  if (content_info.content_type == cms::oid::kData) {
    full.bare = true;
    const auto octets = TRY(read_octets(content_info.content));
    full.pki_data = TRY(read_pki_data(octets));
    return PkiRequest{std::move(full)};
  }
  return Error{Fault::unsupported_message,
               "a ContentInfo of type " + content_info.content_type.to_text() +
                   " instead of a SignedData (1.2.840.113549.1.7.2) or an AuthenticatedData "
                   "(1.2.840.113549.1.9.16.1.2) with a PKIData in it"};
}

}  // namespace

Result<PkiRequest> read_pki_request(ByteView octets) {
  //= A02 RFC 10004 §5: Full PKI Requests are read
  //= A05 RFC 10004 §5: and Simple ones
  return looks_like_content_info(octets) ? read_full(octets) : read_simple(octets);
}

LegibleParts legible_parts_of(ByteView message) {
  LegibleParts parts;
  const auto content_info = cms::read_content_info(message);
  if (!content_info.ok()) return parts;
  std::optional<Bytes> content;
  if (content_info->content_type == cms::oid::kSignedData) {
    if (auto signed_data = cms::read_signed_data(content_info->content); signed_data.ok()) {
      content = signed_data->encap_content_info.e_content;
      parts.signed_data = *std::move(signed_data);
    }
  } else if (content_info->content_type == cms::oid::kAuthenticatedData) {
    if (auto data = cms::read_authenticated_data(content_info->content); data.ok()) {
      content = std::move(data->encap_content_info.e_content);
    }
  }
  if (content) parts.controls = legible_controls(*content);
  return parts;
}

const std::vector<TaggedAttribute>& controls_of(const PkiRequest& request) {
  static const std::vector<TaggedAttribute> kNone;
  const auto* full = std::get_if<FullPkiRequest>(&request);
  return full != nullptr ? full->pki_data.control_sequence : kNone;
}

std::vector<const TaggedRequest*> requests_of(const PkiRequest& request) {
  return std::visit(Overloaded{[](const SimplePkiRequest& simple) {
                                 return std::vector<const TaggedRequest*>{&simple.request};
                               },
                               [](const FullPkiRequest& full) {
                                 std::vector<const TaggedRequest*> requests;
                                 for (const auto& wanted : full.pki_data.req_sequence)
                                   requests.push_back(&wanted);
                                 return requests;
                               }},
                    request);
}

}  // namespace signet::cmc
