#include <algorithm>

#include "codec/asn1/whole.h"
#include "codec/pkix/distinct.h"
#include "codec/pkix/extension.h"
#include "codec/pkix/sequence_of.h"

/// certificatePolicies (RFC 5280 §4.2.1.4).
namespace signet::pkix {
namespace {

using asn1::Reader;
using asn1::Writer;

constexpr Oid kCpsQualifier{"1.3.6.1.5.5.7.2.1"};
constexpr Oid kUserNoticeQualifier{"1.3.6.1.5.5.7.2.2"};

/// DisplayText ::= CHOICE { ia5String, visibleString, bmpString, utf8String }
Result<void> check_display_text(Reader& reader) {
  const auto text_at = reader.offset();
  if (reader.next_is(asn1::kUtf8String)) {
    TRY(reader.read_utf8_string());
    return {};
  }
  const auto tag = TRY(reader.read_any()).tag;
  if (tag == asn1::kIa5String || tag == asn1::kVisibleString || tag == asn1::kBmpString) return {};
  return Error{Fault::malformed,
               "DisplayText wanted at octet " + std::to_string(text_at) + ", not " + to_text(tag)};
}

/// NoticeReference ::= SEQUENCE { organization DisplayText, noticeNumbers SEQUENCE OF INTEGER }
Result<void> check_notice_reference(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  TRY(check_display_text(fields));
  auto numbers = TRY(fields.enter(asn1::kSequence));
  while (!numbers.at_end()) TRY(numbers.read_integer());
  return fields.finish();
}

/// UserNotice ::= SEQUENCE { noticeRef NoticeReference OPTIONAL, explicitText DisplayText OPTIONAL
/// }
Result<void> check_user_notice(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  if (fields.next_is(asn1::kSequence)) TRY(check_notice_reference(fields));
  if (!fields.at_end()) TRY(check_display_text(fields));
  return fields.finish();
}

/// PolicyQualifierInfo ::= SEQUENCE { policyQualifierId, qualifier ANY DEFINED BY it }
/// Gives the URI of a CPS pointer; others are checked where RFC 5280 defines them.
Result<std::optional<std::string>> read_qualifier(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  const auto id = TRY(fields.read_oid());
  std::optional<std::string> cps_uri;
  if (id == kCpsQualifier) {
    cps_uri = as_text(TRY(fields.read_octet_string(asn1::kIa5String)));
  } else if (id == kUserNoticeQualifier) {
    TRY(check_user_notice(fields));
  } else {
    TRY(fields.read_any());
  }
  TRY(fields.finish());
  return cps_uri;
}

/// PolicyInformation ::= SEQUENCE { policyIdentifier OBJECT IDENTIFIER,
///                                  policyQualifiers SEQUENCE SIZE (1..MAX) OF … OPTIONAL }
Result<PolicyInformation> read_policy(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  PolicyInformation policy{TRY(fields.read_oid()), std::nullopt};
  if (!fields.at_end()) {
    for (auto& uri : TRY(read_sequence_of(fields, read_qualifier))) {
      if (!policy.cps_uri) policy.cps_uri = std::move(uri);
    }
  }
  TRY(fields.finish());
  return policy;
}

Result<std::vector<PolicyInformation>> read_policies(Reader& reader) {
  auto policies = TRY(read_sequence_of(reader, read_policy));
  const auto type_of = [](const PolicyInformation& policy) -> const Oid& {
    return policy.policy_identifier;
  };
  if (!have_distinct_types(policies, type_of)) {
    return Error{Fault::malformed, "certificatePolicies names the same policy twice"};
  }
  return policies;
}

void write_policy(Writer& writer, const PolicyInformation& policy) {
  writer.sequence([&] {
    writer.oid(policy.policy_identifier);
    if (!policy.cps_uri) return;
    writer.sequence([&] {
      writer.sequence([&] {
        writer.oid(kCpsQualifier);
        writer.primitive(asn1::kIa5String, as_bytes(*policy.cps_uri));
      });
    });
  });
}

}  // namespace

Result<std::vector<PolicyInformation>> read_certificate_policies(ByteView extn_value) {
  return asn1::read_whole(extn_value, asn1::Limits::der(), read_policies);
}

Bytes write_certificate_policies(const std::vector<PolicyInformation>& policies) {
  Writer writer;
  writer.sequence([&] {
    for (const auto& policy : policies) write_policy(writer, policy);
  });
  return std::move(writer).take();
}

}  // namespace signet::pkix
