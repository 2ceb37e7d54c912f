#include <algorithm>

#include "codec/pkix/oids.h"
#include "policy/name_rules.h"
#include "policy/policy_classes.h"
#include "policy/request_pattern.h"
#include "policy/text.h"

/// Defaults that give the subjectAltName extension (RFC 5280 §4.2.1.6).
namespace signet::policy {
namespace {

/// Names made from patterns. A name whose pattern the request cannot fill is left out; none left:
/// no extension.
class SubjectAltNameDefault final : public Default {
 public:
  struct Entry {
    std::string type;
    RequestPattern pattern;
  };
  SubjectAltNameDefault(std::vector<Entry> entries, bool critical)
      : entries_(std::move(entries)), critical_(critical) {}

  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    pkix::GeneralNames names;
    for (const auto& entry : entries_) {
      const auto text =
          is_directory_name(entry) ? entry.pattern.fill_name(facts) : entry.pattern.fill(facts);
      if (text && !text->empty()) names.push_back(TRY(name_from(entry.type, *text)));
    }
    if (names.empty()) return {};
    draft.set({pkix::oid::kSubjectAltName, critical_, pkix::write_alternative_name(names)});
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    std::vector<std::string> names;
    for (const auto& entry : entries_) {
      names.push_back(entry.type + " '" + entry.pattern.text() + "'" +
                      (entry.pattern.is_literal() ? "" : ", where the request has it"));
    }
    if (names.empty()) return {};
    return {{Topic::extension, join(names, "and"), pkix::oid::kSubjectAltName, critical_}};
  }

 private:
  static bool is_directory_name(const Entry& entry) {
    return equal_without_case(entry.type, "DirectoryName");
  }

  static Result<pkix::GeneralName> name_from(const std::string& type, const std::string& text) {
    auto name = general_name_from_text(type, text);
    const auto form = name.ok() ? check_name_form(*name) : Result<void>{name.error()};
    if (form.ok()) return name;
    return Error{Fault::name_not_allowed,
                 "the profile makes an alternative name from the request: " + form.error().detail};
  }

  std::vector<Entry> entries_;
  bool critical_;
};

/// The last common name is added to the SubjectAltName when it looks like a host name.
class CommonNameToSanDefault final : public Default {
 public:
  Result<void> apply(const RequestFacts&, CertificateDraft& draft) const override {
    const auto common_name = draft.subject.last(pkix::oid::kCommonName);
    const bool looks_like_host =
        common_name.find('.') != std::string::npos && is_host_name(common_name);
    if (!looks_like_host) return {};

    const auto* extension = draft.find(pkix::oid::kSubjectAltName);
    auto names = TRY(pkix::subject_alt_names(draft.extensions));
    if (has_dns_name(names, common_name)) return {};
    names.emplace_back(pkix::DnsName{common_name});
    const bool critical = extension != nullptr && extension->critical;
    draft.set({pkix::oid::kSubjectAltName, critical, pkix::write_alternative_name(names)});
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::extension, "the last common name, where it looks like a host name",
             pkix::oid::kSubjectAltName}};
  }

 private:
  static bool has_dns_name(const pkix::GeneralNames& names, std::string_view wanted) {
    return std::any_of(names.begin(), names.end(), [&](const pkix::GeneralName& name) {
      const auto* dns = std::get_if<pkix::DnsName>(&name);
      return dns != nullptr && equal_without_case(dns->value, wanted);
    });
  }
};

std::optional<SubjectAltNameDefault::Entry> read_entry(Parameters& parameters,
                                                       const std::string& index) {
  const auto pattern_key = "subjAltExtPattern_" + index;
  const auto type_key = "subjAltExtType_" + index;
  parameters.ignore("subjAltExtSource_" + index);
  const bool enabled = parameters.boolean("subjAltExtGNEnable_" + index);
  const auto type = parameters.text(type_key);
  auto pattern = RequestPattern::parse(parameters.text(pattern_key));
  if (!enabled) return std::nullopt;
  if (!pattern.ok()) {
    parameters.refuse(pattern_key, pattern.error().detail);
    return std::nullopt;
  }
  for (const auto& unknown : pattern->unknown_attributes()) {
    parameters.warn(pattern_key, "no request has '" + unknown + "': the name is left out");
  }
  const auto tried = general_name_from_text(type, "");
  if (!tried.ok() && tried.error().fault == Fault::unsupported_message) {
    parameters.refuse(type_key, tried.error().detail);
  }
  return SubjectAltNameDefault::Entry{type, *std::move(pattern)};
}

}  // namespace

std::unique_ptr<const Default> make_subject_alt_name_default(Parameters& parameters) {
  const bool critical = parameters.boolean("subjAltNameExtCritical");
  const int count = parameters.count("subjAltNameNumGNs");
  std::vector<SubjectAltNameDefault::Entry> entries;
  for (int i = 0; i < count; ++i) {
    if (auto entry = read_entry(parameters, std::to_string(i))) {
      entries.push_back(*std::move(entry));
    }
  }
  return std::make_unique<SubjectAltNameDefault>(std::move(entries), critical);
}

std::unique_ptr<const Default> make_common_name_to_san_default(Parameters&) {
  return std::make_unique<CommonNameToSanDefault>();
}

}  // namespace signet::policy
