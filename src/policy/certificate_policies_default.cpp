#include "codec/pkix/object_name.h"
#include "codec/pkix/oids.h"
#include "policy/policy_classes.h"
#include "policy/text.h"

/// The certificatePolicies extension (RFC 5280 §4.2.1.4), written whole when the profile is loaded.
namespace signet::policy {
namespace {

constexpr asn1::Oid kCps{"1.3.6.1.5.5.7.2.1"};
constexpr asn1::Oid kUserNotice{"1.3.6.1.5.5.7.2.2"};
constexpr std::size_t kLongestNotice = 200;  // characters of a DisplayText, RFC 5280 §4.2.1.4

/// "1.2.3.4, https://…": identifiers with their CPS.
std::string text_of(ByteView policies) {
  const auto read = pkix::read_certificate_policies(policies);
  if (!read.ok()) return {};
  std::vector<std::string> texts;
  for (const auto& policy : *read) {
    texts.push_back(pkix::object_name(policy.policy_identifier) +
                    (policy.cps_uri ? " (" + *policy.cps_uri + ")" : std::string()));
  }
  return join(texts, "and");
}

class CertificatePoliciesDefault final : public Default {
 public:
  explicit CertificatePoliciesDefault(std::optional<pkix::Extension> extension)
      : extension_(std::move(extension)) {}

  Result<void> apply(const RequestFacts&, CertificateDraft& draft) const override {
    if (extension_) draft.set(*extension_);
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    if (!extension_) return {};
    return {{Topic::extension, text_of(extension_->extn_value), extension_->extn_id,
             extension_->critical}};
  }

 private:
  std::optional<pkix::Extension> extension_;
};

std::string read_notice_text(Parameters& parameters, const std::string& name) {
  auto text = parameters.text(name);
  if (text.size() > kLongestNotice) parameters.refuse(name, "is longer than 200 octets");
  return text;
}

/// NoticeReference ::= SEQUENCE { organization DisplayText, noticeNumbers SEQUENCE OF INTEGER }
void write_notice_reference(asn1::Writer& writer, Parameters& parameters,
                            const std::string& prefix) {
  const auto organization = read_notice_text(parameters, prefix + "organization");
  const auto numbers = parameters.list(prefix + "noticeNumbers");
  if (organization.empty()) return;
  writer.sequence([&] {
    writer.utf8_string(organization);
    writer.sequence([&] {
      for (const auto& item : numbers) {
        const auto number = number_from_text(item);
        if (!number) parameters.refuse(prefix + "noticeNumbers", "'" + item + "' is no number");
        writer.integer(number.value_or(0));
      }
    });
  });
}

/// PolicyQualifierInfo ::= SEQUENCE { policyQualifierId, qualifier }: a CPS URI, a UserNotice, both
/// or none, as enabled.
void write_qualifiers(asn1::Writer& writer, Parameters& parameters, const std::string& prefix) {
  const auto cps = parameters.text(prefix + "CPSURI.value");
  if (parameters.boolean(prefix + "CPSURI.enable") && !cps.empty()) {
    writer.sequence([&] {
      writer.oid(kCps);
      writer.primitive(asn1::kIa5String, as_bytes(cps));
    });
  }
  asn1::Writer notice;
  const auto text = read_notice_text(parameters, prefix + "usernotice.explicitText.value");
  write_notice_reference(notice, parameters, prefix + "usernotice.noticeReference.");
  if (!text.empty()) notice.utf8_string(text);
  if (parameters.boolean(prefix + "usernotice.enable") && !notice.view().empty()) {
    writer.sequence([&] {
      writer.oid(kUserNotice);
      writer.sequence([&] { writer.raw(notice.view()); });
    });
  }
}

/// PolicyInformation ::= SEQUENCE { policyIdentifier, policyQualifiers SEQUENCE OF … OPTIONAL }
void write_policy(asn1::Writer& writer, Parameters& parameters, const std::string& prefix) {
  const bool enabled = parameters.boolean(prefix + "enable");
  const int qualifiers = parameters.count(prefix + "PolicyQualifiers.num");
  asn1::Writer inner;
  for (int j = 0; j < qualifiers; ++j) {
    write_qualifiers(inner, parameters, prefix + "PolicyQualifiers" + std::to_string(j) + ".");
  }
  if (!enabled) {
    parameters.ignore(prefix + "policyId");
    return;
  }
  const auto identifier = parameters.oid(prefix + "policyId");
  writer.sequence([&] {
    writer.oid(identifier);
    if (!inner.view().empty()) writer.sequence([&] { writer.raw(inner.view()); });
  });
}

}  // namespace

std::unique_ptr<const Default> make_certificate_policies_default(Parameters& parameters) {
  const bool critical = parameters.boolean("Critical");
  const int count = parameters.count("PoliciesExt.num");
  parameters.ignore("PolicyQualifiers.num");  // samples give it; only the one of a policy counts
  asn1::Writer policies;
  for (int i = 0; i < count; ++i) {
    write_policy(policies, parameters, "PoliciesExt.certPolicy" + std::to_string(i) + ".");
  }
  if (policies.view().empty()) return std::make_unique<CertificatePoliciesDefault>(std::nullopt);
  asn1::Writer writer;
  writer.sequence([&] { writer.raw(policies.view()); });
  return std::make_unique<CertificatePoliciesDefault>(
      pkix::Extension{pkix::oid::kCertificatePolicies, critical, std::move(writer).take()});
}

}  // namespace signet::policy
