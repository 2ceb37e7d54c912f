#include <array>

#include "crypto/digest.h"
#include "policy/policy_classes.h"
#include "policy/request_pattern.h"
#include "policy/text.h"
#include "policy/time_range.h"

/// Defaults that give the validity. Calendar arithmetic is in UTC (Dogtag: the server's time zone).
namespace signet::policy {
namespace {

constexpr std::int64_t kDogtagDefaultRange = 7305;  // days, validityDefaultImpl's own default
constexpr std::int64_t kDogtagStartSeconds = 60;    // likewise
constexpr std::int64_t kMostStartSeconds = 10LL * 366 * 24 * 3600;
constexpr std::int64_t kMostRandomBits = 31;

/// approve cuts it, unless the authority may be outlived ([authority] allow_past_ca_validity).
const std::string kNotBeyondAuthority = ", cut to the end of the authority's own certificate";

/// A number in a profile, or a pattern that the request turns into one.
class NumberPattern {
 public:
  NumberPattern(RequestPattern pattern, std::int64_t smallest, std::int64_t largest)
      : pattern_(std::move(pattern)), smallest_(smallest), largest_(largest) {}

  static NumberPattern read(Parameters& parameters, const std::string& name, std::int64_t fallback,
                            std::int64_t smallest, std::int64_t largest);

  [[nodiscard]] Result<std::int64_t> value(const RequestFacts& facts) const {
    if (literal_) return *literal_;
    const auto text = pattern_.fill(facts);
    const auto number = text ? number_from_text(*text) : std::nullopt;
    if (number && *number >= smallest_ && *number <= largest_) return *number;
    return Error{Fault::validity_not_allowed,
                 "the profile takes the validity from the request, which gives no number for it"};
  }
  /// None when the request gives it.
  [[nodiscard]] std::optional<std::int64_t> literal() const { return literal_; }
  [[nodiscard]] std::string text() const {
    return literal_ ? std::to_string(*literal_) : "'" + pattern_.text() + "'";
  }

 private:
  RequestPattern pattern_;
  std::optional<std::int64_t> literal_;
  std::int64_t smallest_;
  std::int64_t largest_;
};

NumberPattern NumberPattern::read(Parameters& parameters, const std::string& name,
                                  std::int64_t fallback, std::int64_t smallest,
                                  std::int64_t largest) {
  const auto text = parameters.text(name);
  auto pattern = RequestPattern::parse(text);
  NumberPattern number{pattern.ok() ? *pattern : RequestPattern{}, smallest, largest};
  if (!pattern.ok()) {
    parameters.refuse(name, pattern.error().detail);
    return number;
  }
  for (const auto& unknown : pattern->unknown_attributes()) {
    parameters.warn(name, "no request has '" + unknown + "': every request will be refused");
  }
  if (pattern->is_literal()) {
    number.literal_ = parameters.number(name, fallback);
    if (*number.literal_ < smallest || *number.literal_ > largest) {
      parameters.refuse(name, "must be " + std::to_string(smallest) + " to " +
                                  std::to_string(largest) + ", not " + text);
    }
  }
  return number;
}

TimeUnit read_unit(Parameters& parameters) {
  const auto text = parameters.text("rangeUnit");
  const auto unit = time_unit_from_text(text);
  if (!unit) {
    parameters.refuse("rangeUnit", "'" + text + "' is none of year, month, day, hour and minute");
  }
  return unit.value_or(TimeUnit::day);
}

/// notBefore = now + startTime, notAfter = notBefore + range.
struct ValidityPattern {
  explicit ValidityPattern(Parameters& parameters)
      : unit(read_unit(parameters)),
        range(NumberPattern::read(parameters, "range", kDogtagDefaultRange, 1, most_of(unit))),
        start_seconds(NumberPattern::read(parameters, "startTime", kDogtagStartSeconds,
                                          -kMostStartSeconds, kMostStartSeconds)) {}

  [[nodiscard]] Result<pkix::Validity> value(const RequestFacts& facts) const {
    const auto not_before = facts.now + std::chrono::seconds{TRY(start_seconds.value(facts))};
    const auto length = TRY(range.value(facts));
    return pkix::Validity{not_before, add(not_before, {length, unit})};
  }
  /// "180 days from the moment of issue"
  [[nodiscard]] std::string text() const {
    const auto length = range.literal() ? to_text(TimeRange{*range.literal(), unit})
                                        : range.text() + " " + std::string(to_text(unit)) + "s";
    const auto start = start_seconds.literal();
    if (start == 0) return length + " from the moment of issue";
    const bool is_earlier = start.value_or(0) < 0;
    const auto seconds = is_earlier ? std::to_string(-*start) : start_seconds.text();
    return length + " from " + seconds + " seconds " + (is_earlier ? "before" : "after") +
           " the moment of issue";
  }

  TimeUnit unit;
  NumberPattern range;
  NumberPattern start_seconds;
};

class ValidityDefault final : public Default {
 public:
  explicit ValidityDefault(ValidityPattern pattern) : pattern_(std::move(pattern)) {}

  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    draft.validity = TRY(pattern_.value(facts));
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::validity, pattern_.text() + kNotBeyondAuthority}};
  }

 private:
  ValidityPattern pattern_;
};

/// The same for a subordinate authority; bypassCAnotafter lets it outlive this one.
class CaValidityDefault final : public Default {
 public:
  CaValidityDefault(ValidityPattern pattern, bool may_outlive_authority)
      : pattern_(std::move(pattern)), may_outlive_authority_(may_outlive_authority) {}

  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    draft.validity = TRY(pattern_.value(facts));
    draft.may_outlive_authority = may_outlive_authority_;
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::validity,
             pattern_.text() + (may_outlive_authority_
                                    ? std::string(", also beyond the authority's own certificate")
                                    : kNotBeyondAuthority)}};
  }

 private:
  ValidityPattern pattern_;
  bool may_outlive_authority_;
};

/// 0 to 2^bits - 1 seconds. The generator is the system's: what is drawn here is no secret, it only
/// spreads the dates.
Result<std::chrono::seconds> random_seconds(std::int64_t bits) {
  std::array<std::uint8_t, 4> octets{};
  TRY(crypto::system_random().fill(octets));
  std::uint32_t number = 0;
  for (const auto octet : octets) number = number << 8 | octet;
  return std::chrono::seconds{number & ((1U << bits) - 1)};
}

/// notBefore up to 2^bits - 1 seconds earlier, notAfter as much later, than validityDefault has
/// them.
class RandomizedValidityDefault final : public Default {
 public:
  RandomizedValidityDefault(ValidityPattern pattern, std::int64_t not_before_bits,
                            std::int64_t not_after_bits)
      : pattern_(std::move(pattern)),
        not_before_bits_(not_before_bits),
        not_after_bits_(not_after_bits) {}

  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    auto validity = TRY(pattern_.value(facts));
    validity.not_before -= TRY(random_seconds(not_before_bits_));
    validity.not_after += TRY(random_seconds(not_after_bits_));
    draft.validity = validity;
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::validity, pattern_.text() + ", begun up to " + most_seconds(not_before_bits_) +
                                  " seconds earlier and ended up to " +
                                  most_seconds(not_after_bits_) + " later at random" +
                                  kNotBeyondAuthority}};
  }

 private:
  static std::string most_seconds(std::int64_t bits) {
    return std::to_string((std::int64_t{1} << bits) - 1);
  }

  ValidityPattern pattern_;
  std::int64_t not_before_bits_;
  std::int64_t not_after_bits_;
};

/// The validity asked for; a request that gives no notBefore begins now.
class UserValidityDefault final : public Default {
 public:
  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    if (!facts.validity.not_after) {
      return Error{Fault::validity_not_allowed,
                   "the profile takes the validity from the request, which asks for no notAfter"};
    }
    draft.validity = {facts.validity.not_before.value_or(facts.now), *facts.validity.not_after};
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::validity, "as the request asks for it" + kNotBeyondAuthority}};
  }
};

std::int64_t read_random_bits(Parameters& parameters, const std::string& name) {
  const auto bits = parameters.number(name, 0);
  if (bits < 0 || bits > kMostRandomBits) parameters.refuse(name, "must be 0 to 31");
  return bits;
}

}  // namespace

std::unique_ptr<const Default> make_validity_default(Parameters& parameters) {
  return std::make_unique<ValidityDefault>(ValidityPattern{parameters});
}

std::unique_ptr<const Default> make_ca_validity_default(Parameters& parameters) {
  const bool may_outlive_authority = parameters.boolean("bypassCAnotafter");
  return std::make_unique<CaValidityDefault>(ValidityPattern{parameters}, may_outlive_authority);
}

std::unique_ptr<const Default> make_randomized_validity_default(Parameters& parameters) {
  const auto not_before_bits = read_random_bits(parameters, "notBeforeRandomBits");
  const auto not_after_bits = read_random_bits(parameters, "notAfterRandomBits");
  return std::make_unique<RandomizedValidityDefault>(ValidityPattern{parameters}, not_before_bits,
                                                     not_after_bits);
}

std::unique_ptr<const Default> make_user_validity_default(Parameters&) {
  return std::make_unique<UserValidityDefault>();
}

}  // namespace signet::policy
