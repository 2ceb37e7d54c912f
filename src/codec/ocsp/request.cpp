#include "codec/ocsp/request.h"

#include "codec/asn1/whole.h"
#include "codec/ocsp/parts.h"
#include "codec/pkix/sequence_of.h"

namespace signet::ocsp {
namespace {

using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;

/// Room for some hundred CertIDs, or a signature with its chain.
constexpr asn1::Limits kRequestLimits{.octets = 64UL * 1024, .elements = 5'000};

Result<Request> read_request(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  Request request;
  request.req_cert = TRY(read_cert_id(fields));
  request.single_request_extensions = TRY(read_explicit_extensions(fields, 0));
  TRY(fields.finish());
  return request;
}

Result<std::optional<pkix::GeneralName>> read_requestor_name(Reader& tbs) {
  auto explicit_tag = TRY(tbs.enter_optional(context_constructed(1)));
  if (!explicit_tag) return std::optional<pkix::GeneralName>();
  auto name = TRY(pkix::read_general_name(*explicit_tag));
  TRY(explicit_tag->finish());
  return std::optional(std::move(name));
}

Result<asn1::Encoded<TBSRequest>> read_tbs_request(Reader& reader) {
  const auto element = TRY(reader.read(asn1::kSequence));
  auto tbs = TRY(reader.enter(element));
  TBSRequest value;
  TRY(refuse_other_versions(tbs));
  value.requestor_name = TRY(read_requestor_name(tbs));
  value.request_list = TRY(pkix::read_sequence_of(tbs, read_request));
  value.request_extensions = TRY(read_explicit_extensions(tbs, 2));
  TRY(tbs.finish());
  return asn1::Encoded<TBSRequest>{std::move(value), to_bytes(element.tlv)};
}

Result<std::optional<Signature>> read_signature(Reader& reader) {
  auto explicit_tag = TRY(reader.enter_optional(context_constructed(0)));
  if (!explicit_tag) return std::optional<Signature>();
  auto fields = TRY(explicit_tag->enter(asn1::kSequence));
  Signature signature;
  signature.signature_algorithm = TRY(pkix::read_algorithm_identifier(fields));
  signature.signature = TRY(fields.read_bit_string());
  signature.certs = TRY(read_certs(fields));
  TRY(fields.finish());
  TRY(explicit_tag->finish());
  return std::optional(std::move(signature));
}

void write_request(Writer& writer, const Request& request) {
  writer.sequence([&] {
    writer.raw(request.req_cert.der);
    write_explicit_extensions(writer, request.single_request_extensions, 0);
  });
}

void write_signature(Writer& writer, const Signature& signature) {
  writer.sequence([&] {
    pkix::write_algorithm_identifier(writer, signature.signature_algorithm);
    writer.bit_string(signature.signature);
    write_certs(writer, signature.certs);
  });
}

}  // namespace

Result<OCSPRequest> read_ocsp_request(ByteView der) {
  return asn1::read_whole(der, kRequestLimits, [](Reader& reader) -> Result<OCSPRequest> {
    auto fields = TRY(reader.enter(asn1::kSequence));
    OCSPRequest request;
    request.tbs_request = TRY(read_tbs_request(fields));
    request.optional_signature = TRY(read_signature(fields));
    TRY(fields.finish());
    return request;
  });
}

Bytes write_tbs_request(const TBSRequest& tbs_request) {
  Writer writer;
  writer.sequence([&] {
    if (tbs_request.requestor_name) {
      writer.constructed(context_constructed(1),
                         [&] { pkix::write_general_name(writer, *tbs_request.requestor_name); });
    }
    writer.sequence([&] {
      for (const auto& request : tbs_request.request_list) write_request(writer, request);
    });
    write_explicit_extensions(writer, tbs_request.request_extensions, 2);
  });
  return std::move(writer).take();
}

Bytes write_ocsp_request(ByteView tbs_request_der, const std::optional<Signature>& signature) {
  Writer writer;
  writer.sequence([&] {
    writer.raw(tbs_request_der);
    if (!signature) return;
    writer.constructed(context_constructed(0), [&] { write_signature(writer, *signature); });
  });
  return std::move(writer).take();
}

Result<Bytes> read_nonce(ByteView extn_value) {
  auto nonce = TRY(asn1::read_whole(extn_value, asn1::Limits::der(),
                                    [](Reader& reader) { return reader.read_octet_string(); }));
  if (!nonce.empty() && nonce.size() <= kMostNonceOctets) return nonce;
  return Error{Fault::malformed, "a nonce of " + std::to_string(nonce.size()) +
                                     " octets; 1 to 128 are allowed (RFC 9654 §2.1)"};
}

Bytes write_nonce(ByteView nonce) {
  Writer writer;
  writer.octet_string(nonce);
  return std::move(writer).take();
}

}  // namespace signet::ocsp
