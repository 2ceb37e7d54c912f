#include <algorithm>

#include "codec/pkix/object_name.h"
#include "codec/pkix/oids.h"
#include "policy/policy_classes.h"

/// The extKeyUsage extension (RFC 5280 §4.2.1.12).
namespace signet::policy {
namespace {

std::string text_of(const std::vector<asn1::Oid>& purposes, std::string_view last) {
  std::vector<std::string> names;
  for (const auto& purpose : purposes) names.push_back(pkix::object_name(purpose));
  return join(names, last);
}

class ExtendedKeyUsageDefault final : public Default {
 public:
  ExtendedKeyUsageDefault(std::vector<asn1::Oid> purposes, bool critical)
      : purposes_(std::move(purposes)),
        extension_{pkix::oid::kExtendedKeyUsage, critical,
                   pkix::write_extended_key_usage(purposes_)} {}

  Result<void> apply(const RequestFacts&, CertificateDraft& draft) const override {
    draft.set(extension_);
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::extension, text_of(purposes_, "and"), extension_.extn_id, extension_.critical}};
  }

 private:
  std::vector<asn1::Oid> purposes_;
  pkix::Extension extension_;
};

/// The extension is there and names no purpose outside the profile's list.
class ExtendedKeyUsageConstraint final : public Constraint {
 public:
  ExtendedKeyUsageConstraint(std::optional<bool> critical, std::vector<asn1::Oid> allowed)
      : critical_(critical), allowed_(std::move(allowed)) {}

  Result<void> check(const RequestFacts&, CertificateDraft& draft) const override {
    const auto* extension = draft.find(pkix::oid::kExtendedKeyUsage);
    if (extension == nullptr) return refusal("the profile demands an extKeyUsage extension");
    if (critical_ && *critical_ != extension->critical) {
      return refusal(extension->critical ? "extKeyUsage must not be critical"
                                         : "extKeyUsage must be critical");
    }
    for (const auto& purpose : TRY(pkix::read_extended_key_usage(extension->extn_value))) {
      if (std::find(allowed_.begin(), allowed_.end(), purpose) == allowed_.end()) {
        return refusal("the profile does not allow the purpose " + purpose.to_text());
      }
    }
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    const auto text =
        allowed_.empty() ? "no purpose passes" : "no other purpose than " + text_of(allowed_, "or");
    return {{Topic::extension, text, pkix::oid::kExtendedKeyUsage, critical_}};
  }

 private:
  static Error refusal(std::string reason) {
    return {Fault::extension_not_allowed, std::move(reason)};
  }

  std::optional<bool> critical_;
  std::vector<asn1::Oid> allowed_;
};

}  // namespace

std::unique_ptr<const Default> make_extended_key_usage_default(Parameters& parameters) {
  auto purposes = parameters.oids("exKeyUsageOIDs");
  if (purposes.empty()) {
    parameters.refuse("exKeyUsageOIDs", "must name a purpose (RFC 5280 §4.2.1.12)");
  }
  return std::make_unique<ExtendedKeyUsageDefault>(std::move(purposes),
                                                   parameters.boolean("exKeyUsageCritical"));
}

std::unique_ptr<const Constraint> make_extended_key_usage_constraint(Parameters& parameters) {
  const auto critical = parameters.optional_boolean("exKeyUsageCritical");
  return std::make_unique<ExtendedKeyUsageConstraint>(critical, parameters.oids("exKeyUsageOIDs"));
}

}  // namespace signet::policy
