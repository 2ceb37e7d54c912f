#include <algorithm>

#include "codec/asn1/whole.h"
#include "codec/cms/parts.h"
#include "codec/cms/strings.h"

namespace signet::cms {
namespace {

using asn1::context;
using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;

constexpr auto kUnprotectedAttrs = context_constructed(1);
constexpr auto kEnvelopedAuthAttrs = context_constructed(1);
constexpr auto kEnvelopedUnauthAttrs = context_constructed(2);

/// RFC 5652 §6.1. Version 4 is for certificates and CRLs of other kinds, which are never written.
int version_of(const EnvelopedData& enveloped) {
  const auto& recipients = enveloped.recipient_infos;
  const auto needs_version_3 = [](const RecipientInfo& recipient) {
    return std::holds_alternative<PasswordRecipientInfo>(recipient) ||
           std::holds_alternative<OtherRecipientInfo>(recipient);
  };
  const auto has_version_0 = [](const RecipientInfo& recipient) {
    return cms::version_of(recipient) == 0;
  };
  if (std::any_of(recipients.begin(), recipients.end(), needs_version_3)) return 3;
  const bool plain = !enveloped.originator_info && enveloped.unprotected_attrs.empty() &&
                     std::all_of(recipients.begin(), recipients.end(), has_version_0);
  return plain ? 0 : 2;
}

/// AuthEnvelopedData ::= SEQUENCE { version 0, originatorInfo [0] IMPLICIT OPTIONAL,
///   recipientInfos, authEncryptedContentInfo, authAttrs [1] IMPLICIT OPTIONAL, mac OCTET STRING,
///   unauthAttrs [2] IMPLICIT OPTIONAL }
Result<AuthEnvelopedData> read_auth_enveloped(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  AuthEnvelopedData enveloped;
  enveloped.version = TRY(read_version(fields));
  enveloped.originator_info = TRY(read_optional_originator_info(fields));
  enveloped.recipient_infos = TRY(read_recipient_infos(fields));
  enveloped.auth_encrypted_content_info = TRY(read_encrypted_content_info(fields));
  if (auto attributes = TRY(read_authenticated_attributes(fields, kEnvelopedAuthAttrs))) {
    enveloped.auth_attrs = std::move(attributes->attributes);
    enveloped.auth_attrs_der = std::move(attributes->der);
  }
  enveloped.mac = TRY(fields.read_octet_string());
  enveloped.unauth_attrs = TRY(read_optional_attributes(fields, kEnvelopedUnauthAttrs));
  TRY(fields.finish());
  return enveloped;
}

}  // namespace

/// EncryptedContentInfo ::= SEQUENCE { contentType, contentEncryptionAlgorithm,
///   encryptedContent [0] IMPLICIT OCTET STRING OPTIONAL }
Result<EncryptedContentInfo> read_encrypted_content_info(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  EncryptedContentInfo content;
  content.content_type = TRY(fields.read_oid());
  content.content_encryption_algorithm = TRY(pkix::read_algorithm_identifier(fields));
  content.encrypted_content = TRY(read_optional_octet_string(fields, context(0)));
  TRY(fields.finish());
  return content;
}

void write_encrypted_content_info(Writer& writer, const EncryptedContentInfo& content) {
  writer.sequence([&] {
    writer.oid(content.content_type);
    pkix::write_algorithm_identifier(writer, content.content_encryption_algorithm);
    if (content.encrypted_content) writer.octet_string(*content.encrypted_content, context(0));
  });
}

Result<EnvelopedData> read_enveloped_data(ByteView octets, asn1::Limits limits) {
  return asn1::read_whole(
      octets, limits, [](Reader& reader) { return read_enveloped_data(reader, asn1::kSequence); });
}

/// EnvelopedData ::= SEQUENCE { version, originatorInfo [0] IMPLICIT OPTIONAL, recipientInfos,
///   encryptedContentInfo, unprotectedAttrs [1] IMPLICIT OPTIONAL }
Result<EnvelopedData> read_enveloped_data(Reader& reader, asn1::Tag tag) {
  auto fields = TRY(reader.enter(tag));
  EnvelopedData enveloped;
  enveloped.version = TRY(read_version(fields));
  enveloped.originator_info = TRY(read_optional_originator_info(fields));
  enveloped.recipient_infos = TRY(read_recipient_infos(fields));
  enveloped.encrypted_content_info = TRY(read_encrypted_content_info(fields));
  enveloped.unprotected_attrs = TRY(read_optional_attributes(fields, kUnprotectedAttrs));
  TRY(fields.finish());
  return enveloped;
}

Bytes write_enveloped_data(const EnvelopedData& enveloped) {
  Writer writer;
  writer.sequence([&] {
    writer.integer(version_of(enveloped));
    write_optional_originator_info(writer, enveloped.originator_info);
    write_recipient_infos(writer, enveloped.recipient_infos);
    write_encrypted_content_info(writer, enveloped.encrypted_content_info);
    write_optional_attributes(writer, enveloped.unprotected_attrs, kUnprotectedAttrs);
  });
  return std::move(writer).take();
}

Result<AuthEnvelopedData> read_auth_enveloped_data(ByteView octets, asn1::Limits limits) {
  return asn1::read_whole(octets, limits, read_auth_enveloped);
}

Bytes write_auth_enveloped_data(const AuthEnvelopedData& enveloped) {
  Writer writer;
  writer.sequence([&] {
    writer.integer(0);
    write_optional_originator_info(writer, enveloped.originator_info);
    write_recipient_infos(writer, enveloped.recipient_infos);
    write_encrypted_content_info(writer, enveloped.auth_encrypted_content_info);
    write_authenticated_attributes(writer, enveloped.auth_attrs, enveloped.auth_attrs_der,
                                   kEnvelopedAuthAttrs);
    writer.octet_string(enveloped.mac);
    write_optional_attributes(writer, enveloped.unauth_attrs, kEnvelopedUnauthAttrs);
  });
  return std::move(writer).take();
}

}  // namespace signet::cms
