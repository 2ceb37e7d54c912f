#include "envelope/signed_attributes.h"

#include <algorithm>
#include <string>

#include "codec/pkix/oids.h"

namespace signet::envelope {
namespace {

using Attributes = std::vector<pkix::Attribute>;

/// The one value of the one attribute of this type; null when there is no such attribute.
Result<const Bytes*> find_sole_value(const Attributes& attributes, const asn1::Oid& type,
                                     std::string_view name) {
  const auto has_type = [&](const pkix::Attribute& attribute) { return attribute.type == type; };
  const auto found = std::find_if(attributes.begin(), attributes.end(), has_type);
  if (found == attributes.end()) return nullptr;
  if (found->values.size() == 1 && std::count_if(found, attributes.end(), has_type) == 1) {
    return &found->values.front();
  }
  return Error{Fault::malformed, "the signed attribute " + std::string(name) +
                                     " must stand once in a SignerInfo, with one value"};
}

Result<const Bytes*> sole_value(const Attributes& attributes, const asn1::Oid& type,
                                std::string_view name) {
  const auto* value = TRY(find_sole_value(attributes, type, name));
  if (value != nullptr) return value;
  return Error{Fault::malformed, "signedAttrs of a SignerInfo without " + std::string(name)};
}

Result<asn1::Oid> claimed_content_type(const Attributes& attributes) {
  const auto* value = TRY(sole_value(attributes, pkix::oid::kContentType, "contentType"));
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{*value, budget};
  const auto content_type = TRY(reader.read_oid());
  TRY(reader.finish());
  return content_type;
}

Result<Bytes> claimed_message_digest(const Attributes& attributes) {
  const auto* value = TRY(sole_value(attributes, pkix::oid::kMessageDigest, "messageDigest"));
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{*value, budget};
  auto digest = TRY(reader.read_octet_string());
  TRY(reader.finish());
  return digest;
}

Result<crypto::DigestAlgorithm> but_sha1(Result<crypto::DigestAlgorithm> algorithm) {
  if (!algorithm.ok() || *algorithm != crypto::DigestAlgorithm::sha1) return algorithm;
  return Error{Fault::unsupported_algorithm, "digestAlgorithm SHA-1: use SHA-256 or better"};
}

template <typename Value>
void write_attribute(asn1::Writer& writer, const asn1::Oid& type, Value&& value) {
  writer.sequence([&] {
    writer.oid(type);
    writer.constructed(asn1::kSet, value);
  });
}

Result<std::optional<Time>> signing_time_among(const Attributes& attributes) {
  const auto* value = TRY(find_sole_value(attributes, pkix::oid::kSigningTime, "signingTime"));
  if (value == nullptr) return std::optional<Time>{};
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{*value, budget};
  const auto time = TRY(reader.read_time());
  TRY(reader.finish());
  return std::optional<Time>{time};
}

}  // namespace

Result<void> check_content_type_attribute(const Attributes& attributes,
                                          const asn1::Oid& content_type) {
  const auto claimed = TRY(claimed_content_type(attributes));
  if (claimed == content_type) return {};
  return Error{Fault::bad_signature, "the attribute contentType says " + claimed.to_text() +
                                         ", the content is " + content_type.to_text()};
}

Result<AttributeCheck> check_signed_attributes(const cms::SignedData& signed_data,
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
  const auto algorithm = TRY(but_sha1(crypto::signer_digest_algorithm(signer.digest_algorithm)));
  TRY(check_content_type_attribute(signer.signed_attrs, content.e_content_type));
  const auto claimed = TRY(claimed_message_digest(signer.signed_attrs));
  return AttributeCheck{algorithm, crypto::digest(algorithm, *content.e_content) == claimed};
}

Result<bool> check_authenticated_attributes(const cms::AuthenticatedData& authenticated) {
  const auto& content = authenticated.encap_content_info;
  const auto algorithm =
      TRY(but_sha1(crypto::digest_algorithm(authenticated.digest_algorithm.value())));
  TRY(check_content_type_attribute(authenticated.auth_attrs, content.e_content_type));
  const auto claimed = TRY(claimed_message_digest(authenticated.auth_attrs));
  return crypto::digest(algorithm, content.e_content.value()) == claimed;
}

Result<std::optional<Time>> signing_time(const cms::SignerInfo& signer) {
  return signing_time_among(signer.signed_attrs);
}

Result<std::optional<Time>> signing_time(const cms::AuthenticatedData& authenticated) {
  return signing_time_among(authenticated.auth_attrs);
}

Bytes write_content_type_attribute(const asn1::Oid& content_type) {
  asn1::Writer writer;
  writer.set_of(
      [&] { write_attribute(writer, pkix::oid::kContentType, [&] { writer.oid(content_type); }); });
  return std::move(writer).take();
}

Bytes write_signed_attributes(const asn1::Oid& content_type, ByteView message_digest,
                              std::optional<Time> signing_time) {
  asn1::Writer writer;
  writer.set_of([&] {
    write_attribute(writer, pkix::oid::kContentType, [&] { writer.oid(content_type); });
    if (signing_time) {
      write_attribute(writer, pkix::oid::kSigningTime, [&] { writer.time(*signing_time); });
    }
    write_attribute(writer, pkix::oid::kMessageDigest,
                    [&] { writer.octet_string(message_digest); });
  });
  return std::move(writer).take();
}

}  // namespace signet::envelope
