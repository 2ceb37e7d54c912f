#include <algorithm>
#include <array>

#include "policy/policy_classes.h"
#include "policy/text.h"

/// The key: taken from the request, where its possession was proven, and held to the profile's
/// list.
namespace signet::policy {
namespace {

using crypto::KeyKind;

class UserKeyDefault final : public Default {
 public:
  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    draft.public_key_info = facts.public_key_info;
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::key, "that of the request, whose possession is proven"}};
  }
};

enum class KeyType { any, rsa, ec, not_offered };
constexpr std::int64_t kSmallestRsa = 2048;  // crypto::PublicKey takes none below

struct CurveName {
  std::string_view text;
  KeyKind kind;
};
/// Dogtag's names first; then what else people write, and the Edwards and Montgomery keys, which
/// Dogtag does not know.
constexpr std::array kCurveNames{
    CurveName{"nistp256", KeyKind::ec_p256},  CurveName{"nistp384", KeyKind::ec_p384},
    CurveName{"nistp521", KeyKind::ec_p521},  CurveName{"secp256r1", KeyKind::ec_p256},
    CurveName{"secp384r1", KeyKind::ec_p384}, CurveName{"secp521r1", KeyKind::ec_p521},
    CurveName{"Ed25519", KeyKind::ed25519},   CurveName{"Ed448", KeyKind::ed448},
    CurveName{"X25519", KeyKind::x25519},     CurveName{"X448", KeyKind::x448},
};

bool is_ec(KeyKind kind) {
  return kind == KeyKind::ec_p256 || kind == KeyKind::ec_p384 || kind == KeyKind::ec_p521;
}

/// keyParameters: sizes of RSA keys, and kinds of all others.
struct KeyParameters {
  std::vector<std::int64_t> rsa_bits;
  std::vector<KeyKind> kinds;

  [[nodiscard]] bool empty() const { return rsa_bits.empty() && kinds.empty(); }
  [[nodiscard]] bool names_a_curve() const {
    return std::any_of(kinds.begin(), kinds.end(), is_ec);
  }
};

class KeyConstraint final : public Constraint {
 public:
  KeyConstraint(KeyType type, KeyParameters parameters, std::string text)
      : type_(type), parameters_(std::move(parameters)), text_(std::move(text)) {}

  Result<void> check(const RequestFacts& facts, CertificateDraft&) const override {
    const bool type_agrees = type_ == KeyType::any ||
                             (type_ == KeyType::rsa && facts.key_kind == KeyKind::rsa) ||
                             (type_ == KeyType::ec && is_ec(facts.key_kind));
    if (!type_agrees) return refusal(Fault::unsupported_algorithm, facts);
    return facts.key_kind == KeyKind::rsa ? check_rsa(facts) : check_kind(facts);
  }
  [[nodiscard]] Statements describe() const override { return {{Topic::key, allowed()}}; }

 private:
  /// Which keys pass, in words.
  [[nodiscard]] std::string allowed() const {
    if (type_ == KeyType::not_offered) return text_ + ": kinds that no request here can have";
    std::vector<std::string> kinds;
    if (type_ != KeyType::ec) kinds.push_back(rsa_text());
    if (type_ != KeyType::rsa) kinds.push_back(curves_text());
    std::erase(kinds, "");
    if (kinds.empty()) return "none";
    return kinds.size() == 1 ? kinds[0] : kinds[0] + "; or " + kinds[1];
  }
  /// Empty when no RSA key passes.
  [[nodiscard]] std::string rsa_text() const {
    if (parameters_.empty())
      return "RSA of any size from " + std::to_string(kSmallestRsa) + " bits";
    std::vector<std::string> sizes;
    for (const auto bits : parameters_.rsa_bits) {
      if (bits >= kSmallestRsa) sizes.push_back(std::to_string(bits));
    }
    return sizes.empty() ? std::string() : "RSA of " + join(sizes, "or") + " bits";
  }

  /// Empty when no other key passes.
  [[nodiscard]] std::string curves_text() const {
    if (parameters_.empty()) return type_ == KeyType::ec ? "EC on any curve" : "any other";
    std::vector<std::string> names;
    for (const auto kind : parameters_.kinds) {
      if (type_ == KeyType::any || is_ec(kind)) names.emplace_back(signet::crypto::to_text(kind));
    }
    if (!parameters_.names_a_curve()) names.emplace_back("EC on any curve");
    return join(names, "or");
  }

  [[nodiscard]] Result<void> check_rsa(const RequestFacts& facts) const {
    const auto& sizes = parameters_.rsa_bits;
    if (parameters_.empty()) return {};
    if (std::find(sizes.begin(), sizes.end(), facts.key_bits) != sizes.end()) return {};
    const bool too_short =
        !sizes.empty() && facts.key_bits < *std::min_element(sizes.begin(), sizes.end());
    return refusal(too_short ? Fault::weak_key : Fault::unsupported_algorithm, facts);
  }

  /// Ours: with keyType "-" too, a curve must be on the list once the list names one (Dogtag lets
  /// every curve pass then).
  [[nodiscard]] Result<void> check_kind(const RequestFacts& facts) const {
    const auto& kinds = parameters_.kinds;
    if (parameters_.empty()) return {};
    if (is_ec(facts.key_kind) && !parameters_.names_a_curve()) return {};
    if (std::find(kinds.begin(), kinds.end(), facts.key_kind) != kinds.end()) return {};
    return refusal(Fault::unsupported_algorithm, facts);
  }

  [[nodiscard]] Error refusal(Fault fault, const RequestFacts& facts) const {
    const auto size =
        facts.key_kind == KeyKind::rsa ? " " + std::to_string(facts.key_bits) : std::string{};
    return {fault, "the request's key is " + std::string{to_text(facts.key_kind)} + size +
                       "; the profile allows " + allowed()};
  }

  KeyType type_;
  KeyParameters parameters_;
  std::string text_;
};

KeyType read_key_type(Parameters& parameters) {
  const auto text = parameters.text("keyType");
  if (text.empty() || text == "-") return KeyType::any;
  if (text == "RSA") return KeyType::rsa;
  if (text == "EC") return KeyType::ec;
  if (text == "MLDSA" || text == "MLKEM") {
    parameters.warn("keyType", text + " keys are not offered here: every request will be refused");
    return KeyType::not_offered;
  }
  parameters.refuse("keyType", "'" + text + "' is none of RSA, EC, MLDSA, MLKEM and '-'");
  return KeyType::not_offered;
}

void read_key_parameter(Parameters& parameters, const std::string& item, KeyParameters& read) {
  if (const auto bits = number_from_text(item)) {
    read.rsa_bits.push_back(*bits);
    if (*bits < kSmallestRsa) {
      parameters.warn("keyParameters", "RSA keys of " + item + " bits are refused everywhere here");
    }
    return;
  }
  const auto found =
      std::find_if(kCurveNames.begin(), kCurveNames.end(),
                   [&](const CurveName& name) { return equal_without_case(name.text, item); });
  if (found == kCurveNames.end()) {
    parameters.warn("keyParameters", "'" + item + "' keys are not offered here");
  } else {
    read.kinds.push_back(found->kind);
  }
}

KeyParameters read_key_parameters(Parameters& parameters, KeyType type) {
  KeyParameters read;
  if (type == KeyType::not_offered) {
    parameters.ignore("keyParameters");
    return read;
  }
  const auto items = parameters.list("keyParameters");
  for (const auto& item : items) read_key_parameter(parameters, item, read);
  if (!items.empty() && read.empty()) {
    parameters.refuse("keyParameters", "names no key that is offered here");
  }
  if (!items.empty() && type == KeyType::any && !read.names_a_curve()) {
    parameters.warn("keyParameters",
                    "names no curve and keyType is '-': EC keys of every curve pass");
  }
  return read;
}

}  // namespace

std::unique_ptr<const Default> make_user_key_default(Parameters& parameters) {
  for (const auto* unused : {"keyType", "keyMinLength", "keyMaxLength", "keyParameters"}) {
    parameters.ignore(unused);
  }
  return std::make_unique<UserKeyDefault>();
}

std::unique_ptr<const Constraint> make_key_constraint(Parameters& parameters) {
  const auto type = read_key_type(parameters);
  auto read = read_key_parameters(parameters, type);
  auto text = parameters.text("keyType") + " " + parameters.text("keyParameters");
  return std::make_unique<KeyConstraint>(type, std::move(read), std::move(text));
}

}  // namespace signet::policy
