#include "codec/pkix/oids.h"
#include "policy/policy_classes.h"

/// The basicConstraints extension (RFC 5280 §4.2.1.9).
namespace signet::policy {
namespace {

constexpr std::int64_t kNoPathLength = -1;

class BasicConstraintsDefault final : public Default {
 public:
  BasicConstraintsDefault(pkix::BasicConstraints constraints, bool critical)
      : constraints_(constraints),
        extension_{pkix::oid::kBasicConstraints, critical,
                   pkix::write_basic_constraints(constraints)} {}

  Result<void> apply(const RequestFacts&, CertificateDraft& draft) const override {
    draft.set(extension_);
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    std::string text = constraints_.ca ? "an authority" : "no authority";
    if (constraints_.path_len_constraint) {
      text += ", with at most " + std::to_string(*constraints_.path_len_constraint) +
              " authorities below it";
    }
    return {{Topic::extension, std::move(text), extension_.extn_id, extension_.critical}};
  }

 private:
  pkix::BasicConstraints constraints_;
  pkix::Extension extension_;
};

class BasicConstraintsConstraint final : public Constraint {
 public:
  struct Rules {
    std::optional<bool> critical;
    std::optional<bool> ca;
    std::optional<std::int64_t> shortest_path;
    std::optional<std::int64_t> longest_path;
  };
  explicit BasicConstraintsConstraint(Rules rules) : rules_(rules) {}

  Result<void> check(const RequestFacts&, CertificateDraft& draft) const override {
    const auto* extension = draft.find(pkix::oid::kBasicConstraints);
    if (extension == nullptr) return refusal("the profile demands a basicConstraints extension");
    if (rules_.critical && *rules_.critical != extension->critical) {
      return refusal(extension->critical ? "basicConstraints must not be critical"
                                         : "basicConstraints must be critical");
    }
    const auto constraints = TRY(pkix::read_basic_constraints(extension->extn_value));
    if (rules_.ca && *rules_.ca != constraints.ca) {
      return refusal(constraints.ca ? "the profile does not allow an authority"
                                    : "the profile demands an authority");
    }
    return check_path_length(constraints.path_len_constraint.value_or(kNoPathLength));
  }
  [[nodiscard]] Statements describe() const override {
    std::string text = "is there";
    if (rules_.ca) text = *rules_.ca ? "an authority" : "no authority";
    if (rules_.shortest_path) {
      text += ", pathLenConstraint at least " + std::to_string(*rules_.shortest_path);
    }
    if (rules_.longest_path) {
      text += ", pathLenConstraint at most " + std::to_string(*rules_.longest_path);
    }
    return {{Topic::extension, std::move(text), pkix::oid::kBasicConstraints, rules_.critical}};
  }

 private:
  /// Numbers are compared as they stand, -1 for no limit, as Dogtag compares them. Ours: no limit
  /// is more than any longest path of 0 and up.
  [[nodiscard]] Result<void> check_path_length(std::int64_t length) const {
    if (rules_.shortest_path && length < *rules_.shortest_path) {
      return refusal("pathLenConstraint " + std::to_string(length) + " is below the profile's " +
                     std::to_string(*rules_.shortest_path));
    }
    const bool too_long =
        rules_.longest_path &&
        (length > *rules_.longest_path || (length == kNoPathLength && *rules_.longest_path >= 0));
    if (too_long) {
      return refusal("pathLenConstraint " + std::to_string(length) + " is above the profile's " +
                     std::to_string(*rules_.longest_path));
    }
    return {};
  }

  static Error refusal(std::string reason) {
    return {Fault::extension_not_allowed, std::move(reason)};
  }

  Rules rules_;
};

}  // namespace

std::unique_ptr<const Default> make_basic_constraints_default(Parameters& parameters) {
  pkix::BasicConstraints constraints{.ca = parameters.boolean("basicConstraintsIsCA"),
                                     .path_len_constraint = {}};
  const bool critical = parameters.boolean("basicConstraintsCritical");
  const auto path_length = parameters.number("basicConstraintsPathLen", kNoPathLength);
  if (path_length < kNoPathLength) {
    parameters.refuse("basicConstraintsPathLen", "must be -1 (no limit) or more");
  }
  if (constraints.ca && !critical) {
    parameters.refuse("basicConstraintsCritical",
                      "must be true for an authority (RFC 5280 §4.2.1.9)");
  }
  // RFC 5280 §4.2.1.9: no pathLenConstraint unless cA is TRUE.
  if (constraints.ca && path_length >= 0) constraints.path_len_constraint = path_length;
  return std::make_unique<BasicConstraintsDefault>(constraints, critical);
}

std::unique_ptr<const Constraint> make_basic_constraints_constraint(Parameters& parameters) {
  return std::make_unique<BasicConstraintsConstraint>(BasicConstraintsConstraint::Rules{
      .critical = parameters.optional_boolean("basicConstraintsCritical"),
      .ca = parameters.optional_boolean("basicConstraintsIsCA"),
      .shortest_path = parameters.optional_number("basicConstraintsMinPathLen"),
      .longest_path = parameters.optional_number("basicConstraintsMaxPathLen"),
  });
}

}  // namespace signet::policy
