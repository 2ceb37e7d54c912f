#include <algorithm>
#include <optional>

#include "codec/pkix/certificate.h"
#include "codec/pkix/name_strings.h"
#include "codec/pkix/oids.h"
#include "policy/java_pattern.h"
#include "policy/name_rules.h"
#include "policy/policy_classes.h"

/// Constraints on the subject.
namespace signet::policy {
namespace {

/// Octets of a subject's text that a pattern is tried on; ".*", which looks at each once, has no
/// bound. No name of few attributes within RFC 5280's bounds has more.
constexpr std::size_t kLongestSubject = 2048;

/// The subject's text matches the whole of a regular expression. Dogtag looks at attribute sizes
/// here; approve does, for every subject.
class SubjectNameConstraint final : public Constraint {
 public:
  /// Without `pattern` the profile has a fault, and is not offered.
  SubjectNameConstraint(std::string pattern_text, std::optional<JavaPattern> pattern)
      : pattern_text_(std::move(pattern_text)), pattern_(std::move(pattern)) {}

  Result<void> check(const RequestFacts&, CertificateDraft& draft) const override {
    const auto text = pkix::to_text(draft.subject);
    const bool is_short = text.size() <= kLongestSubject || pattern_text_ == kAnyOfOneLine;
    if (!pattern_ || !is_short || !pattern_->matches(text)) {
      return Error{
          Fault::name_not_allowed,
          "the subject '" + text + "' does not match the profile's '" + pattern_text_ + "'"};
    }
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    if (pattern_text_ == kAnyOfOneLine) return {{Topic::subject, "any text of one line"}};
    return {{Topic::subject, "its text matches '" + pattern_text_ + "'"}};
  }

 private:
  static constexpr std::string_view kAnyOfOneLine = ".*";
  std::string pattern_text_;
  std::optional<JavaPattern> pattern_;
};

/// Puts the subject back to the one asked for.
class UserSubjectNameConstraint final : public Constraint {
 public:
  Result<void> check(const RequestFacts& facts, CertificateDraft& draft) const override {
    draft.subject = facts.subject;
    draft.subject_replaced = false;
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::subject, "is put back to the one that the request asks for"}};
  }
};

/// The subject is the one of the certificate that signed the message, or the new one that its
/// holder asks for, where the profile lets names change.
class CmcUserSignedSubjectNameConstraint final : public Constraint {
 public:
  Result<void> check(const RequestFacts& facts, CertificateDraft& draft) const override {
    if (facts.signer == nullptr) {
      return Error{Fault::identity_mismatch,
                   "the profile demands the subject of the certificate that signed the message; no "
                   "certificate signed this one"};
    }
    const auto& signer = facts.renames ? facts.subject : (*facts.signer)->subject;
    if (draft.subject == signer || pkix::names_match(draft.subject, signer)) return {};
    return Error{Fault::identity_mismatch, "the subject '" + pkix::to_text(draft.subject) +
                                               "' is not the signer's '" + pkix::to_text(signer) +
                                               "'"};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::subject, "that of the certificate that signed the message"}};
  }
};

/// The subject is the name that the proven shared secret stands for.
class CmcSharedTokenSubjectNameConstraint final : public Constraint {
 public:
  Result<void> check(const RequestFacts& facts, CertificateDraft& draft) const override {
    if (facts.secret_owner == nullptr) {
      return Error{Fault::identity_mismatch,
                   "the profile demands the subject of a shared secret's owner; no shared secret "
                   "proved this request"};
    }
    if (pkix::names_match(draft.subject, *facts.secret_owner)) return {};
    return Error{Fault::identity_mismatch,
                 "the subject '" + pkix::to_text(draft.subject) +
                     "' is not the one that the shared secret stands for, '" +
                     pkix::to_text(*facts.secret_owner) + "'"};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::subject, "the name that the proven shared secret stands for"}};
  }
};

std::optional<pkix::KeyUsage> key_usage_in(const pkix::Extensions& extensions) {
  const auto* extension = pkix::find_extension(extensions, pkix::oid::kKeyUsage);
  if (extension == nullptr) return std::nullopt;
  auto usage = pkix::read_key_usage(extension->extn_value);
  return usage.ok() ? std::optional{*usage} : std::nullopt;
}

/// No other certificate in force has this subject (and, unless told otherwise, the same key usage),
/// in any of its spellings (spellings_of). The number of certificates seen of each becomes a
/// condition of the commit. The number suffices: one that is out of force stays so (one on hold
/// counts as in force), so that only a new one changes it.
class UniqueSubjectNameConstraint final : public Constraint {
 public:
  explicit UniqueSubjectNameConstraint(bool key_usage_matters)
      : key_usage_matters_(key_usage_matters) {}

  Result<void> check(const RequestFacts& facts, CertificateDraft& draft) const override {
    TRY(check_in_message(facts, draft));
    for (const auto& spelling : TRY(spellings_of(draft.subject))) {
      TRY(check_on_record(facts, spelling, draft));
    }
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::subject,
             "no other certificate in force has it" +
                 std::string(key_usage_matters_ ? " together with the same keyUsage" : "")}};
  }

 private:
  [[nodiscard]] Result<void> check_in_message(const RequestFacts& facts,
                                              const CertificateDraft& draft) const {
    if (facts.before.empty()) return {};
    const auto wanted = TRY(pkix::respelled(draft.subject, asn1::kUtf8String));
    for (const auto& other : facts.before) {
      if (TRY(pkix::respelled(other.subject(), asn1::kUtf8String)) != wanted) continue;
      if (key_usage_matters_ && key_usage_in(other.extensions()) != key_usage_in(draft.extensions))
        continue;
      return Error{Fault::name_not_allowed, "two requests of the message are for the subject '" +
                                                pkix::to_text(draft.subject) + "'"};
    }
    return {};
  }

  Result<void> check_on_record(const RequestFacts& facts, const pkix::Name& spelling,
                               CertificateDraft& draft) const {
    const auto records = TRY(facts.store.find_by_subject(spelling.der()));
    for (const auto& record : records) {
      if (record.status == store::CertificateStatus::revoked || record.not_after < facts.now)
        continue;
      if (key_usage_matters_ && !TRY(has_same_usage(record, draft))) continue;
      return Error{Fault::name_not_allowed,
                   "the certificate with serial number 0x" + record.serial_number.to_hex() +
                       ", in force until " + signet::to_text(record.not_after) +
                       ", has the subject '" + pkix::to_text(draft.subject) + "' already"};
    }
    draft.subject_conditions.push_back({spelling.der(), records.size()});
    return {};
  }

  static Result<bool> has_same_usage(const store::CertificateRecord& record,
                                     const CertificateDraft& draft) {
    const auto certificate = TRY(pkix::read_certificate(record.certificate_der));
    return key_usage_in(certificate->extensions) == key_usage_in(draft.extensions);
  }

  bool key_usage_matters_;
};

/// What stands between "[^" and its "]", from `at`, which is moved behind it.
std::string_view negated_set(std::string_view pattern, std::size_t& at) {
  const auto begin = at;
  while (at < pattern.size() && pattern[at] != ']') at += pattern[at] == '\\' ? 2 : 1;
  at = std::min(at, pattern.size());
  return pattern.substr(begin, at - begin);
}

/// A set that is to keep out the comma behind a value, and lets pass what else stands between
/// values, or makes a comma a part of one: "CN=[^,]*,OU=Printers" matches "CN=a+OU=Admins,…" and
/// "CN=a\,OU=Printers".
bool keeps_comma_alone_out(std::string_view pattern) {
  constexpr std::string_view kBegin = "[^";
  for (auto at = pattern.find(kBegin); at != std::string_view::npos;
       at = pattern.find(kBegin, at)) {
    at += kBegin.size();
    const auto set = negated_set(pattern, at);
    const auto has = [&](std::string_view text) { return set.find(text) != set.npos; };
    const bool is_of_kinds = has("\\p") || has("\\P") || has("\\W") || has("\\D") || has("\\S");
    if (has(",") && !is_of_kinds && !(has("+") && has("\\\\"))) return true;
  }
  return false;
}

}  // namespace

std::unique_ptr<const Constraint> make_subject_name_constraint(Parameters& parameters) {
  parameters.ignore("accept");
  auto text = parameters.text("pattern");
  if (!parameters.has("pattern")) {
    parameters.warn("pattern", "is missing: every subject will be refused");
  }
  if (keeps_comma_alone_out(text)) {
    parameters.warn("pattern",
                    "[^,] lets '+' and '\\' pass, which join another attribute to a name or make a "
                    "comma a part of a value: write [^,+\\\\]");
  }
  auto pattern = JavaPattern::read(text);
  if (!pattern.ok()) parameters.refuse("pattern", pattern.error().detail);
  return std::make_unique<SubjectNameConstraint>(
      std::move(text), pattern.ok() ? std::optional(*std::move(pattern)) : std::nullopt);
}

std::unique_ptr<const Constraint> make_user_subject_name_constraint(Parameters&) {
  return std::make_unique<UserSubjectNameConstraint>();
}

std::unique_ptr<const Constraint> make_cmc_user_signed_subject_name_constraint(Parameters&) {
  return std::make_unique<CmcUserSignedSubjectNameConstraint>();
}

std::unique_ptr<const Constraint> make_cmc_shared_token_subject_name_constraint(Parameters&) {
  return std::make_unique<CmcSharedTokenSubjectNameConstraint>();
}

std::unique_ptr<const Constraint> make_unique_subject_name_constraint(Parameters& parameters) {
  return std::make_unique<UniqueSubjectNameConstraint>(
      parameters.boolean("enableKeyUsageExtensionChecking", true));
}

}  // namespace signet::policy
