#include "codec/ocsp/response.h"

#include "base/overloaded.h"
#include "codec/asn1/whole.h"
#include "codec/ocsp/parts.h"
#include "codec/pkix/sequence_of.h"

namespace signet::ocsp {
namespace {

using asn1::context;
using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;

Result<OCSPResponseStatus> read_response_status(Reader& reader) {
  const auto number = TRY(reader.read_small_integer(asn1::kEnumerated));
  constexpr std::int64_t kNotUsed = 4;
  constexpr std::int64_t kLast = 6;
  if (number <= kLast && number != kNotUsed) return static_cast<OCSPResponseStatus>(number);
  return Error{Fault::malformed, "responseStatus " + std::to_string(number) +
                                     "; RFC 6960 §4.2.1 has 0 to 3, 5 and 6"};
}

Result<std::optional<ResponseBytes>> read_response_bytes(Reader& reader) {
  auto explicit_tag = TRY(reader.enter_optional(context_constructed(0)));
  if (!explicit_tag) return std::optional<ResponseBytes>();
  auto fields = TRY(explicit_tag->enter(asn1::kSequence));
  ResponseBytes bytes;
  bytes.response_type = TRY(fields.read_oid());
  bytes.response = TRY(fields.read_octet_string());
  TRY(fields.finish());
  TRY(explicit_tag->finish());
  return std::optional(std::move(bytes));
}

/// revocationReason [0] EXPLICIT CRLReason OPTIONAL
Result<std::optional<pkix::CRLReason>> read_revocation_reason(Reader& info) {
  auto explicit_tag = TRY(info.enter_optional(context_constructed(0)));
  if (!explicit_tag) return std::optional<pkix::CRLReason>();
  const auto reason = TRY(pkix::read_crl_reason(*explicit_tag));
  TRY(explicit_tag->finish());
  return std::optional(reason);
}

Result<CertStatus> read_cert_status(Reader& reader) {
  if (reader.next_is(context(0))) {
    TRY(reader.read_null(context(0)));
    return CertStatus(Good{});
  }
  if (reader.next_is(context(2))) {
    TRY(reader.read_null(context(2)));
    return CertStatus(Unknown{});
  }
  auto fields = TRY(reader.enter(context_constructed(1)));
  RevokedInfo revoked;
  revoked.revocation_time = TRY(fields.read_generalized_time());
  revoked.revocation_reason = TRY(read_revocation_reason(fields));
  TRY(fields.finish());
  return CertStatus(revoked);
}

Result<std::optional<Time>> read_next_update(Reader& reader) {
  auto explicit_tag = TRY(reader.enter_optional(context_constructed(0)));
  if (!explicit_tag) return std::optional<Time>();
  const auto next_update = TRY(explicit_tag->read_generalized_time());
  TRY(explicit_tag->finish());
  return std::optional(next_update);
}

Result<SingleResponse> read_single_response(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  SingleResponse single;
  single.cert_id = TRY(read_cert_id(fields));
  single.cert_status = TRY(read_cert_status(fields));
  single.this_update = TRY(fields.read_generalized_time());
  single.next_update = TRY(read_next_update(fields));
  single.single_extensions = TRY(read_explicit_extensions(fields, 1));
  TRY(fields.finish());
  return single;
}

Result<ResponderID> read_responder_id(Reader& reader) {
  if (auto by_name = TRY(reader.enter_optional(context_constructed(1)))) {
    auto name = TRY(pkix::read_name(*by_name));
    TRY(by_name->finish());
    return ResponderID(std::move(name));
  }
  auto by_key = TRY(reader.enter(context_constructed(2)));
  auto octets = TRY(by_key.read_octet_string());
  TRY(by_key.finish());
  return ResponderID(KeyHash{std::move(octets)});
}

Result<asn1::Encoded<ResponseData>> read_response_data(Reader& reader) {
  const auto element = TRY(reader.read(asn1::kSequence));
  auto fields = TRY(reader.enter(element));
  ResponseData data;
  TRY(refuse_other_versions(fields));
  data.responder_id = TRY(read_responder_id(fields));
  data.produced_at = TRY(fields.read_generalized_time());
  data.responses = TRY(pkix::read_sequence_of(fields, read_single_response));
  data.response_extensions = TRY(read_explicit_extensions(fields, 1));
  TRY(fields.finish());
  return asn1::Encoded<ResponseData>{std::move(data), to_bytes(element.tlv)};
}

void write_cert_status(Writer& writer, const CertStatus& status) {
  std::visit(Overloaded{
                 [&](const Good&) { writer.null(context(0)); },
                 [&](const Unknown&) { writer.null(context(2)); },
                 [&](const RevokedInfo& revoked) {
                   writer.constructed(context_constructed(1), [&] {
                     writer.generalized_time(revoked.revocation_time);
                     if (!revoked.revocation_reason) return;
                     writer.constructed(context_constructed(0), [&] {
                       writer.enumerated(static_cast<std::int64_t>(*revoked.revocation_reason));
                     });
                   });
                 },
             },
             status);
}

void write_single_response(Writer& writer, const SingleResponse& single) {
  writer.sequence([&] {
    writer.raw(single.cert_id.der);
    write_cert_status(writer, single.cert_status);
    writer.generalized_time(single.this_update);
    if (single.next_update) {
      writer.constructed(context_constructed(0),
                         [&] { writer.generalized_time(*single.next_update); });
    }
    write_explicit_extensions(writer, single.single_extensions, 1);
  });
}

void write_responder_id(Writer& writer, const ResponderID& responder_id) {
  std::visit(Overloaded{
                 [&](const pkix::Name& name) {
                   writer.constructed(context_constructed(1),
                                      [&] { pkix::write_name(writer, name); });
                 },
                 [&](const KeyHash& key_hash) {
                   writer.constructed(context_constructed(2),
                                      [&] { writer.octet_string(key_hash.octets); });
                 },
             },
             responder_id);
}

}  // namespace

std::string_view to_text(OCSPResponseStatus status) {
  switch (status) {
    case OCSPResponseStatus::successful:
      return "successful";
    case OCSPResponseStatus::malformedRequest:
      return "malformedRequest";
    case OCSPResponseStatus::internalError:
      return "internalError";
    case OCSPResponseStatus::tryLater:
      return "tryLater";
    case OCSPResponseStatus::sigRequired:
      return "sigRequired";
    case OCSPResponseStatus::unauthorized:
      return "unauthorized";
  }
  return "";
}

Result<OCSPResponse> read_ocsp_response(ByteView der) {
  return asn1::read_whole(der, asn1::Limits::der(), [](Reader& reader) -> Result<OCSPResponse> {
    auto fields = TRY(reader.enter(asn1::kSequence));
    OCSPResponse response;
    response.response_status = TRY(read_response_status(fields));
    response.response_bytes = TRY(read_response_bytes(fields));
    TRY(fields.finish());
    const bool is_successful = response.response_status == OCSPResponseStatus::successful;
    if (is_successful == response.response_bytes.has_value()) return response;
    return Error{Fault::malformed,
                 "responseBytes belong to a successful OCSPResponse and to no other "
                 "(RFC 6960 §4.2.1)"};
  });
}

Bytes write_ocsp_response(const OCSPResponse& response) {
  Writer writer;
  writer.sequence([&] {
    writer.enumerated(static_cast<std::int64_t>(response.response_status));
    if (!response.response_bytes) return;
    writer.constructed(context_constructed(0), [&] {
      writer.sequence([&] {
        writer.oid(response.response_bytes->response_type);
        writer.octet_string(response.response_bytes->response);
      });
    });
  });
  return std::move(writer).take();
}

Result<BasicOCSPResponse> read_basic_ocsp_response(ByteView der) {
  const auto read = [](Reader& reader) -> Result<BasicOCSPResponse> {
    auto fields = TRY(reader.enter(asn1::kSequence));
    BasicOCSPResponse basic;
    basic.tbs_response_data = TRY(read_response_data(fields));
    basic.signature_algorithm = TRY(pkix::read_algorithm_identifier(fields));
    basic.signature = TRY(fields.read_bit_string());
    basic.certs = TRY(read_certs(fields));
    TRY(fields.finish());
    return basic;
  };
  return asn1::read_whole(der, asn1::Limits::der(), read);
}

Bytes write_response_data(const ResponseData& data) {
  Writer writer;
  writer.sequence([&] {
    write_responder_id(writer, data.responder_id);
    writer.generalized_time(data.produced_at);
    writer.sequence([&] {
      for (const auto& single : data.responses) write_single_response(writer, single);
    });
    write_explicit_extensions(writer, data.response_extensions, 1);
  });
  return std::move(writer).take();
}

Bytes write_basic_ocsp_response(const BasicOCSPResponseParts& parts) {
  Writer writer;
  writer.sequence([&] {
    writer.raw(parts.tbs_response_data_der);
    pkix::write_algorithm_identifier(writer, parts.signature_algorithm);
    writer.bit_string(parts.signature);
    write_certs(writer, parts.certs);
  });
  return std::move(writer).take();
}

}  // namespace signet::ocsp
