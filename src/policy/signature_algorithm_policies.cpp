#include <algorithm>

#include "codec/pkix/oids.h"
#include "crypto/private_key.h"
#include "policy/policy_classes.h"

/// The algorithm that the authority signs with.
namespace signet::policy {
namespace {

/// Whether a key of the authority's kind can sign so.
bool fits(const std::string& algorithm_name, const asn1::Oid& key_algorithm) {
  if (algorithm_name.find("withRSA") != std::string::npos) {
    return key_algorithm == pkix::oid::kRsaEncryption || key_algorithm == pkix::oid::kRsassaPss;
  }
  if (algorithm_name.ends_with("withEC")) return key_algorithm == pkix::oid::kEcPublicKey;
  if (algorithm_name == "Ed25519") return key_algorithm == pkix::oid::kEd25519;
  return algorithm_name == "Ed448" && key_algorithm == pkix::oid::kEd448;
}

const asn1::Oid& authority_key_algorithm(const RequestFacts& facts) {
  return facts.authority.certificate->subject_public_key_info.algorithm.algorithm;
}

/// The algorithm that the profile names, or the authority's own choice.
class SigningAlgorithmDefault final : public Default {
 public:
  SigningAlgorithmDefault(std::string name, std::optional<pkix::AlgorithmIdentifier> algorithm)
      : name_(std::move(name)), algorithm_(std::move(algorithm)) {}

  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    if (!algorithm_) {
      draft.signature_algorithm = facts.authority.default_signature_algorithm;
      return {};
    }
    if (!fits(name_, authority_key_algorithm(facts))) {
      return Error{Fault::internal,
                   "the profile signs with " + name_ + ", which does not fit the authority's key"};
    }
    draft.signature_algorithm = *algorithm_;
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::signature, algorithm_ ? "by " + name_ : "by the authority's own choice"}};
  }

 private:
  std::string name_;
  std::optional<pkix::AlgorithmIdentifier> algorithm_;
};

/// The algorithm that the request asks for (CRMF), or the authority's own choice.
class UserSigningAlgorithmDefault final : public Default {
 public:
  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    const auto& wanted = facts.signing_algorithm;
    if (wanted &&
        !fits(crypto::signature_algorithm_name(*wanted), authority_key_algorithm(facts))) {
      return Error{Fault::unsupported_algorithm, "the request asks for a signature with " +
                                                     crypto::signature_algorithm_name(*wanted) +
                                                     ", which the authority's key cannot make"};
    }
    draft.signature_algorithm = wanted.value_or(facts.authority.default_signature_algorithm);
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::signature, "as the request asks for it, else by the authority's own choice"}};
  }
};

class SigningAlgorithmConstraint final : public Constraint {
 public:
  explicit SigningAlgorithmConstraint(std::vector<pkix::AlgorithmIdentifier> allowed)
      : allowed_(std::move(allowed)) {}

  Result<void> check(const RequestFacts&, CertificateDraft& draft) const override {
    const auto& chosen = draft.signature_algorithm;
    if (std::find(allowed_.begin(), allowed_.end(), chosen) != allowed_.end()) return {};
    return Error{Fault::unsupported_algorithm, "the profile does not allow signatures with " +
                                                   crypto::signature_algorithm_name(chosen)};
  }
  [[nodiscard]] Statements describe() const override {
    std::vector<std::string> names;
    for (const auto& each : allowed_) names.push_back(crypto::signature_algorithm_name(each));
    return {{Topic::signature, "by " + join(names, "or")}};
  }

 private:
  std::vector<pkix::AlgorithmIdentifier> allowed_;
};

}  // namespace

std::unique_ptr<const Default> make_signing_algorithm_default(Parameters& parameters) {
  auto name = parameters.text("signingAlg");
  if (name.empty() || name == "-") {
    return std::make_unique<SigningAlgorithmDefault>(std::string{}, std::nullopt);
  }
  auto algorithm = crypto::signature_algorithm_by_name(name);
  if (!algorithm.ok()) parameters.refuse("signingAlg", "'" + name + "' is not offered here");
  return std::make_unique<SigningAlgorithmDefault>(
      std::move(name), algorithm.ok() ? std::optional{*algorithm} : std::nullopt);
}

std::unique_ptr<const Default> make_user_signing_algorithm_default(Parameters&) {
  return std::make_unique<UserSigningAlgorithmDefault>();
}

std::unique_ptr<const Constraint> make_signing_algorithm_constraint(Parameters& parameters) {
  std::vector<pkix::AlgorithmIdentifier> allowed;
  std::vector<std::string> others;
  for (const auto& name : parameters.list("signingAlgsAllowed")) {
    auto algorithm = crypto::signature_algorithm_by_name(name);
    if (algorithm.ok()) {
      allowed.push_back(*std::move(algorithm));
    } else {
      others.push_back("'" + name + "'");
    }
  }
  if (!others.empty()) {
    parameters.warn("signingAlgsAllowed",
                    "weak or not offered, and never used here: " + join(others, "and"));
  }
  if (allowed.empty())
    parameters.refuse("signingAlgsAllowed", "names nothing that is offered here");
  return std::make_unique<SigningAlgorithmConstraint>(std::move(allowed));
}

}  // namespace signet::policy
