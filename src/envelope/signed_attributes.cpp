#include "envelope/signed_attributes.h"

#include <algorithm>
#include <string>

#include "codec/pkix/oids.h"

namespace signet::envelope {
namespace {

/// The one value of the one attribute of this type; null when there is no such attribute.
Result<const Bytes*> find_sole_value(const cms::SignerInfo& signer, const asn1::Oid& type,
                                     std::string_view name) {
  const auto has_type = [&](const pkix::Attribute& attribute) { return attribute.type == type; };
  const auto& attributes = signer.signed_attrs;
  const auto found = std::find_if(attributes.begin(), attributes.end(), has_type);
  if (found == attributes.end()) return nullptr;
  if (found->values.size() == 1 && std::count_if(found, attributes.end(), has_type) == 1) {
    return &found->values.front();
  }
  return Error{Fault::malformed, "the signed attribute " + std::string(name) +
                                     " must stand once in a SignerInfo, with one value"};
}

Result<const Bytes*> sole_value(const cms::SignerInfo& signer, const asn1::Oid& type,
                                std::string_view name) {
  const auto* value = TRY(find_sole_value(signer, type, name));
  if (value != nullptr) return value;
  return Error{Fault::malformed, "signedAttrs of a SignerInfo without " + std::string(name)};
}

Result<asn1::Oid> signed_content_type(const cms::SignerInfo& signer) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{*TRY(sole_value(signer, pkix::oid::kContentType, "contentType")), budget};
  const auto content_type = TRY(reader.read_oid());
  TRY(reader.finish());
  return content_type;
}

Result<Bytes> signed_message_digest(const cms::SignerInfo& signer) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{*TRY(sole_value(signer, pkix::oid::kMessageDigest, "messageDigest")), budget};
  auto digest = TRY(reader.read_octet_string());
  TRY(reader.finish());
  return digest;
}

Result<crypto::DigestAlgorithm> accepted_digest_algorithm(const cms::SignerInfo& signer) {
  const auto algorithm = TRY(crypto::digest_algorithm(signer.digest_algorithm));
  if (algorithm != crypto::DigestAlgorithm::sha1) return algorithm;
  return Error{Fault::unsupported_algorithm,
               "a SignerInfo with digestAlgorithm SHA-1: sign with SHA-256 or better"};
}

}  // namespace

Result<SignedContent> check_signed_attributes(const cms::SignedData& signed_data,
                                              const cms::SignerInfo& signer) {
  const auto& content = signed_data.encap_content_info;
  if (!content.e_content) {
    return Error{Fault::malformed, "a SignedData with a signer but without content"};
  }
  //= E165 RFC 10002 §10: a signature without signed attributes is refused, whatever it is over
  if (!signer.signed_attrs_der) {
    return Error{Fault::bad_signature,
                 "a SignerInfo without signedAttrs: sign with the attributes contentType and "
                 "messageDigest"};
  }
  const auto algorithm = TRY(accepted_digest_algorithm(signer));
  const auto content_type = TRY(signed_content_type(signer));
  if (content_type != content.e_content_type) {
    return Error{Fault::bad_signature, "the signed attribute contentType says " +
                                           content_type.to_text() + ", the content is " +
                                           content.e_content_type.to_text()};
  }
  const auto claimed = TRY(signed_message_digest(signer));
  return SignedContent{algorithm, crypto::digest(algorithm, *content.e_content) == claimed};
}

Result<std::optional<Time>> signing_time(const cms::SignerInfo& signer) {
  const auto* value = TRY(find_sole_value(signer, pkix::oid::kSigningTime, "signingTime"));
  if (value == nullptr) return std::optional<Time>{};
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{*value, budget};
  const auto time = TRY(reader.read_time());
  TRY(reader.finish());
  return std::optional<Time>{time};
}

Bytes write_signed_attributes(const asn1::Oid& content_type, ByteView message_digest,
                              std::optional<Time> signing_time) {
  asn1::Writer writer;
  const auto attribute = [&](const asn1::Oid& type, auto&& value) {
    writer.sequence([&] {
      writer.oid(type);
      writer.constructed(asn1::kSet, value);
    });
  };
  writer.set_of([&] {
    attribute(pkix::oid::kContentType, [&] { writer.oid(content_type); });
    if (signing_time) attribute(pkix::oid::kSigningTime, [&] { writer.time(*signing_time); });
    attribute(pkix::oid::kMessageDigest, [&] { writer.octet_string(message_digest); });
  });
  return std::move(writer).take();
}

}  // namespace signet::envelope
