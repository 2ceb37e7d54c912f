#include "policy/policy_classes.h"
#include "policy/time_range.h"

/// Constraints on the validity.
namespace signet::policy {
namespace {

constexpr std::int64_t kDogtagConstraintRange = 365;  // days, validityConstraintImpl's own default
constexpr std::int64_t kMostGraceSeconds = 10LL * 366 * 24 * 3600;

std::string text_of(const pkix::Validity& validity) {
  return signet::to_text(validity.not_before) + " to " + signet::to_text(validity.not_after);
}

Error refusal(const pkix::Validity& validity, const std::string& reason) {
  return {Fault::validity_not_allowed, "the validity " + text_of(validity) + " " + reason};
}

/// notBefore <= notAfter <= notBefore + range; where asked for, it does not begin in the future and
/// has not ended.
class ValidityConstraint final : public Constraint {
 public:
  struct Rules {
    TimeRange range;
    bool check_not_before = false;
    std::chrono::seconds not_before_grace{0};
    bool check_not_after = false;
  };
  explicit ValidityConstraint(Rules rules) : rules_(rules) {}

  Result<void> check(const RequestFacts& facts, CertificateDraft& draft) const override {
    const auto& validity = *draft.validity;
    if (validity.not_after < validity.not_before) return refusal(validity, "ends before it begins");
    if (validity.not_after > add(validity.not_before, rules_.range)) {
      return refusal(validity, "is longer than the profile's " + to_text(rules_.range));
    }
    if (rules_.check_not_before && validity.not_before > facts.now + rules_.not_before_grace) {
      return refusal(validity, "begins in the future: it is " + signet::to_text(facts.now) +
                                   ", the profile allows " +
                                   std::to_string(rules_.not_before_grace.count()) + " seconds");
    }
    if (rules_.check_not_after && validity.not_after < facts.now) {
      return refusal(validity, "has ended: it is " + signet::to_text(facts.now));
    }
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    auto text = "at most " + to_text(rules_.range);
    if (rules_.check_not_before) {
      text += ", begun at most " + std::to_string(rules_.not_before_grace.count()) +
              " seconds in the future";
    }
    if (rules_.check_not_after) text += ", not ended";
    return {{Topic::validity, std::move(text)}};
  }

 private:
  Rules rules_;
};

/// Inside the validity of the authority's own certificate.
class CaValidityConstraint final : public Constraint {
 public:
  Result<void> check(const RequestFacts& facts, CertificateDraft& draft) const override {
    const auto& own = facts.authority.certificate->validity;
    const auto& validity = *draft.validity;
    const bool ends_inside = draft.may_outlive_authority || validity.not_after <= own.not_after;
    if (validity.not_before >= own.not_before && ends_inside) return {};
    return refusal(validity, "is not inside the authority's own, " + text_of(own));
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::validity, "inside that of the authority's own certificate"}};
  }
};

}  // namespace

std::unique_ptr<const Constraint> make_validity_constraint(Parameters& parameters) {
  const auto unit_text = parameters.text("rangeUnit");
  const auto unit = time_unit_from_text(unit_text);
  if (!unit) {
    parameters.refuse("rangeUnit",
                      "'" + unit_text + "' is none of year, month, day, hour and minute");
  }
  const TimeRange range{parameters.number("range", kDogtagConstraintRange),
                        unit.value_or(TimeUnit::day)};
  if (range.count < 0 || range.count > most_of(range.unit)) {
    parameters.refuse("range", "must be 0 to " + std::to_string(most_of(range.unit)));
  }
  const auto grace = parameters.number("notBeforeGracePeriod", 0);
  if (grace < 0 || grace > kMostGraceSeconds) {
    parameters.refuse("notBeforeGracePeriod", "must be 0 to " + std::to_string(kMostGraceSeconds));
  }
  return std::make_unique<ValidityConstraint>(ValidityConstraint::Rules{
      .range = range,
      .check_not_before = parameters.boolean("notBeforeCheck"),
      .not_before_grace = std::chrono::seconds{grace},
      .check_not_after = parameters.boolean("notAfterCheck"),
  });
}

std::unique_ptr<const Constraint> make_ca_validity_constraint(Parameters& parameters) {
  for (const auto* unused : {"range", "rangeUnit"}) parameters.ignore(unused);
  return std::make_unique<CaValidityConstraint>();
}

}  // namespace signet::policy
