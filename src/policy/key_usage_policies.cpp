#include <array>

#include "codec/pkix/oids.h"
#include "policy/key_usage_of_key.h"
#include "policy/policy_classes.h"

/// The keyUsage extension (RFC 5280 §4.2.1.3).
namespace signet::policy {
namespace {

using pkix::KeyUsageBit;

struct NamedBit {
  const char* parameter;
  KeyUsageBit bit;
  const char* name;  ///< RFC 5280's
};
constexpr std::array kBits{
    NamedBit{"keyUsageDigitalSignature", KeyUsageBit::digitalSignature, "digitalSignature"},
    NamedBit{"keyUsageNonRepudiation", KeyUsageBit::nonRepudiation, "nonRepudiation"},
    NamedBit{"keyUsageKeyEncipherment", KeyUsageBit::keyEncipherment, "keyEncipherment"},
    NamedBit{"keyUsageDataEncipherment", KeyUsageBit::dataEncipherment, "dataEncipherment"},
    NamedBit{"keyUsageKeyAgreement", KeyUsageBit::keyAgreement, "keyAgreement"},
    NamedBit{"keyUsageKeyCertSign", KeyUsageBit::keyCertSign, "keyCertSign"},
    NamedBit{"keyUsageCrlSign", KeyUsageBit::cRLSign, "cRLSign"},
    NamedBit{"keyUsageEncipherOnly", KeyUsageBit::encipherOnly, "encipherOnly"},
    NamedBit{"keyUsageDecipherOnly", KeyUsageBit::decipherOnly, "decipherOnly"},
};

/// "digitalSignature and nonRepudiation"; empty for no bit.
std::string text_of(int bits) {
  std::vector<std::string> names;
  for (const auto& each : kBits) {
    if ((bits & static_cast<std::uint16_t>(each.bit)) != 0) names.emplace_back(each.name);
  }
  return join(names, "and");
}

std::uint16_t bits_of(KeyUsageBit bit) {
  return static_cast<std::uint16_t>(bit);
}

std::uint16_t usable_bits(const RequestFacts& facts) {
  return usable_key_usage(facts.public_key_info.algorithm).bits;
}

/// Ours: what a key of this kind cannot be certified for is left out, so that one profile with
/// keyEncipherment serves RSA and EC keys; Dogtag certifies keyEncipherment for EC keys too.
class KeyUsageDefault final : public Default {
 public:
  KeyUsageDefault(std::uint16_t bits, bool critical) : bits_(bits), critical_(critical) {}

  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    const pkix::KeyUsage usage{static_cast<std::uint16_t>(bits_ & usable_bits(facts))};
    if (usage.bits == 0) {
      return Error{
          Fault::extension_not_allowed,
          "the profile has no key usage for " + std::string{to_text(facts.key_kind)} + " keys"};
    }
    draft.set({pkix::oid::kKeyUsage, critical_, pkix::write_key_usage(usage)});
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::extension, text_of(bits_) + ", as far as the kind of key can serve for it",
             pkix::oid::kKeyUsage, critical_}};
  }

 private:
  std::uint16_t bits_;
  bool critical_;
};

/// The extension is there; each bit that the profile names, and that this kind of key may have, is
/// as it says; and so is the criticality.
class KeyUsageConstraint final : public Constraint {
 public:
  struct Rules {
    std::optional<bool> critical;
    std::uint16_t looked_at = 0;
    std::uint16_t expected = 0;
  };
  explicit KeyUsageConstraint(Rules rules) : rules_(rules) {}

  Result<void> check(const RequestFacts& facts, CertificateDraft& draft) const override {
    const auto* extension = draft.find(pkix::oid::kKeyUsage);
    if (extension == nullptr) return refusal("the profile demands a keyUsage extension");
    if (rules_.critical && *rules_.critical != extension->critical) {
      return refusal(extension->critical ? "keyUsage must not be critical"
                                         : "keyUsage must be critical");
    }
    const auto usage = TRY(pkix::read_key_usage(extension->extn_value));
    const auto looked_at = rules_.looked_at & usable_bits(facts);
    for (const auto& each : kBits) {
      const auto mask = looked_at & static_cast<std::uint16_t>(each.bit);
      if ((usage.bits & mask) != (rules_.expected & mask)) {
        return refusal(std::string{each.parameter} + " must be " +
                       ((rules_.expected & mask) != 0 ? "true" : "false"));
      }
    }
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    const auto with = text_of(rules_.expected);
    const auto without = text_of(rules_.looked_at & ~rules_.expected);
    std::string text = with.empty() ? "is there" : "with " + with;
    if (!without.empty()) text += "; without " + without;
    return {{Topic::extension, std::move(text), pkix::oid::kKeyUsage, rules_.critical}};
  }

 private:
  static Error refusal(std::string reason) {
    return {Fault::extension_not_allowed, std::move(reason)};
  }

  Rules rules_;
};

}  // namespace

std::unique_ptr<const Default> make_key_usage_default(Parameters& parameters) {
  std::uint16_t bits = 0;
  for (const auto& each : kBits) {
    if (parameters.boolean(each.parameter)) {
      bits = static_cast<std::uint16_t>(bits | bits_of(each.bit));
    }
  }
  if (bits == 0) {
    parameters.refuse("keyUsageDigitalSignature",
                      "and all its kin are false: a keyUsage has at "
                      "least one bit (RFC 5280 §4.2.1.3)");
  }
  return std::make_unique<KeyUsageDefault>(bits, parameters.boolean("keyUsageCritical"));
}

std::unique_ptr<const Constraint> make_key_usage_constraint(Parameters& parameters) {
  KeyUsageConstraint::Rules rules{.critical = parameters.optional_boolean("keyUsageCritical")};
  for (const auto& each : kBits) {
    const auto expected = parameters.optional_boolean(each.parameter);
    if (!expected) continue;
    const auto bit = bits_of(each.bit);
    rules.looked_at = static_cast<std::uint16_t>(rules.looked_at | bit);
    if (*expected) rules.expected = static_cast<std::uint16_t>(rules.expected | bit);
  }
  return std::make_unique<KeyUsageConstraint>(rules);
}

}  // namespace signet::policy
