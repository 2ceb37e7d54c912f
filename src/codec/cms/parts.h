#pragma once

#include "codec/cms/cms.h"

/// What the content types of CMS share. For the sources of this room.
namespace signet::cms {

/// CMSVersion. Wrong numbers are read (writers are known that get them wrong); what goes beyond
/// RFC 5652's last, 5, is another syntax and malformed.
Result<int> read_version(asn1::Reader& reader);

/// SET OF Attribute under an IMPLICIT tag, and the DER under the SET tag that is signed or MACed.
struct AttributeSet {
  std::vector<Attribute> attributes;
  Bytes der;
};
/// None when the tag does not come next. SIZE (1..MAX): an empty one is malformed.
Result<std::optional<AttributeSet>> read_authenticated_attributes(asn1::Reader& reader,
                                                                  asn1::Tag tag);
/// The same without its octets; empty when the tag does not come next.
Result<std::vector<Attribute>> read_optional_attributes(asn1::Reader& reader, asn1::Tag tag);
/// `der` with its tag replaced when there is one, else the attributes sorted; nothing when there
/// are neither.
void write_authenticated_attributes(asn1::Writer& writer, const std::vector<Attribute>& attributes,
                                    const std::optional<Bytes>& der, asn1::Tag tag);
void write_optional_attributes(asn1::Writer& writer, const std::vector<Attribute>& attributes,
                               asn1::Tag tag);

Result<EncapsulatedContentInfo> read_encapsulated_content_info(asn1::Reader& reader);
void write_encapsulated_content_info(asn1::Writer& writer, const EncapsulatedContentInfo& content);

/// SignerIdentifier and RecipientIdentifier: issuerAndSerialNumber or [0] subjectKeyIdentifier.
Result<SignerIdentifier> read_signer_identifier(asn1::Reader& reader);
void write_signer_identifier(asn1::Writer& writer, const SignerIdentifier& id);
bool is_key_identifier(const SignerIdentifier& id);

/// CertificateSet [0] and RevocationInfoChoices [1], both OPTIONAL.
struct CertificatesAndCrls {
  std::vector<pkix::Certificate> certificates;
  std::vector<pkix::CertificateList> crls;
  bool has_empty_certificates = false;
  std::size_t other_certificates = 0;
};
Result<CertificatesAndCrls> read_certificates_and_crls(asn1::Reader& reader);
void write_certificates_and_crls(asn1::Writer& writer,
                                 const std::vector<pkix::Certificate>& certificates,
                                 const std::vector<pkix::CertificateList>& crls);

/// originatorInfo [0] IMPLICIT OPTIONAL
Result<std::optional<OriginatorInfo>> read_optional_originator_info(asn1::Reader& reader);
void write_optional_originator_info(asn1::Writer& writer,
                                    const std::optional<OriginatorInfo>& originator);

/// RecipientInfos ::= SET SIZE (1..MAX) OF RecipientInfo
Result<std::vector<RecipientInfo>> read_recipient_infos(asn1::Reader& reader);
void write_recipient_infos(asn1::Writer& writer, const std::vector<RecipientInfo>& recipients);
/// The version that RFC 5652 §6.2 gives to this recipient; ori has none and counts as 0.
int version_of(const RecipientInfo& recipient);

Result<EncryptedContentInfo> read_encrypted_content_info(asn1::Reader& reader);
void write_encrypted_content_info(asn1::Writer& writer, const EncryptedContentInfo& content);

}  // namespace signet::cms
