#include <algorithm>

#include "crypto/key_hash.h"
#include "policy/policy_classes.h"

/// Constraints for renewal: a request with a key that has certificates already (server.md §10).
namespace signet::policy {
namespace {

using store::CertificateRecord;
using store::CertificateStatus;

/// X.500 equality of a stored subject and the draft's.
Result<bool> has_subject(const CertificateRecord& record, const pkix::Name& subject) {
  if (equal(record.subject_der, subject.der())) return true;
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{record.subject_der, budget};
  return pkix::names_match(TRY(pkix::read_name(reader)), subject);
}

std::string text_of(const CertificateRecord& record) {
  return "the certificate with serial number 0x" + record.serial_number.to_hex() + " has this key";
}

/// A key is used once; or again only for the same subject, while no certificate with it is revoked.
/// What was seen becomes a condition of the commit, so that two requests cannot both be the first.
class UniqueKeyConstraint final : public Constraint {
 public:
  explicit UniqueKeyConstraint(bool allow_same_key_renewal)
      : allow_same_key_renewal_(allow_same_key_renewal) {}

  Result<void> check(const RequestFacts& facts, CertificateDraft& draft) const override {
    auto key_hash = crypto::key_hash(draft.public_key_info);
    const auto records = TRY(facts.store.find_by_key(key_hash));
    // As it was recorded before the form of a key made no difference.
    if (const auto as_sent = crypto::sha256(draft.public_key_info.der); as_sent != key_hash) {
      for (const auto& record : TRY(facts.store.find_by_key(as_sent))) {
        TRY(check_record(record, draft));
      }
    }
    for (const auto& record : records) TRY(check_record(record, draft));
    draft.key_condition = store::KeyCondition{std::move(key_hash), records.size()};
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {
        {Topic::renewal,
         allow_same_key_renewal_
             ? "a key that has certificates is certified again for the same subject, while none "
               "of them is revoked or on hold"
             : "a key that has a certificate is not certified again"}};
  }

 private:
  Result<void> check_record(const CertificateRecord& record, CertificateDraft& draft) const {
    //= E18 RFC 10002 §3.2: a renewal with the same key that is not allowed fails as noKeyReuse
    if (!allow_same_key_renewal_) {
      return Error{Fault::key_reuse, text_of(record) + "; the profile wants a new key"};
    }
    if (record.status != CertificateStatus::valid) {
      return Error{Fault::key_reuse,
                   text_of(record) + " and is " +
                       (record.status == CertificateStatus::on_hold ? "on hold" : "revoked") +
                       ": its key cannot be certified again"};
    }
    if (!TRY(has_subject(record, draft.subject))) {
      return Error{Fault::key_reuse, text_of(record) + " for another subject than '" +
                                         pkix::to_text(draft.subject) + "'"};
    }
    draft.renewed_not_after =
        std::max(draft.renewed_not_after.value_or(record.not_after), record.not_after);
    return {};
  }

  bool allow_same_key_renewal_;
};

/// A renewal is asked for not too long before and not too long after the end of the certificate
/// renewed. A key without certificates is no renewal. 0 days or fewer: no limit on that side.
class RenewGracePeriodConstraint final : public Constraint {
 public:
  RenewGracePeriodConstraint(std::chrono::days before, std::chrono::days after)
      : before_(before), after_(after) {}

  Result<void> check(const RequestFacts& facts, CertificateDraft& draft) const override {
    if (!draft.renewed_not_after) return {};
    const auto end = *draft.renewed_not_after;
    const bool too_early = before_.count() > 0 && facts.now < end - before_;
    const bool too_late = after_.count() > 0 && facts.now > end + after_;
    if (!too_early && !too_late) return {};
    return Error{Fault::validity_not_allowed,
                 "the certificate renewed ends " + signet::to_text(end) +
                     "; it may be renewed from " +
                     (before_.count() > 0 ? signet::to_text(end - before_) : "its beginning") +
                     " to " + (after_.count() > 0 ? signet::to_text(end + after_) : "whenever") +
                     "; it is " + signet::to_text(facts.now)};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::renewal, "from " + days(before_) + " before to " + days(after_) +
                                 " after the end of the certificate renewed"}};
  }

 private:
  static std::string days(std::chrono::days count) {
    return count.count() > 0 ? std::to_string(count.count()) + " days" : "any time";
  }

  std::chrono::days before_;
  std::chrono::days after_;
};

std::chrono::days read_days(Parameters& parameters, const std::string& name) {
  constexpr std::int64_t kDogtagDays = 30;  // what Dogtag's pages fill in
  constexpr std::int64_t kMostDays = 100 * 366L;
  if (const auto text = parameters.text(name); text.empty() || text == "-") {
    parameters.warn(name, std::string(parameters.has(name) ? "holds no number" : "is missing") +
                              "; 30 days stand in (Dogtag fails at each request)");
  }
  const auto days = parameters.number(name, kDogtagDays);
  if (days > kMostDays) parameters.refuse(name, "must be at most " + std::to_string(kMostDays));
  return std::chrono::days{std::clamp<std::int64_t>(days, 0, kMostDays)};
}

}  // namespace

std::unique_ptr<const Constraint> make_unique_key_constraint(Parameters& parameters) {
  return std::make_unique<UniqueKeyConstraint>(parameters.boolean("allowSameKeyRenewal"));
}

std::unique_ptr<const Constraint> make_renew_grace_period_constraint(Parameters& parameters) {
  const auto before = read_days(parameters, "renewal.graceBefore");
  const auto after = read_days(parameters, "renewal.graceAfter");
  return std::make_unique<RenewGracePeriodConstraint>(before, after);
}

}  // namespace signet::policy
