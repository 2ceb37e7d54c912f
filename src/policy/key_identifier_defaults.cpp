#include <array>

#include "codec/pkix/oids.h"
#include "policy/policy_classes.h"

/// Key identifiers (RFC 5280 §4.2.1.1 and §4.2.1.2). Never critical, except where a profile
/// insists.
namespace signet::policy {
namespace {

/// keyIdentifier = the authority's own subjectKeyIdentifier; of its key, when it has none.
class AuthorityKeyIdentifierDefault final : public Default {
 public:
  explicit AuthorityKeyIdentifierDefault(bool of_own_key) : of_own_key_(of_own_key) {}

  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    pkix::AuthorityKeyIdentifier identifier;
    identifier.key_identifier = authority_key(facts.authority.certificate);
    draft.set({pkix::oid::kAuthorityKeyIdentifier, false,
               pkix::write_authority_key_identifier(identifier)});
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::extension,
             of_own_key_ ? "the SHA-1 of the authority's key"
                         : "the subjectKeyIdentifier of the authority's certificate",
             pkix::oid::kAuthorityKeyIdentifier, false}};
  }

 private:
  [[nodiscard]] Bytes authority_key(const pkix::Certificate& authority) const {
    return of_own_key_ ? crypto::key_identifier(authority->subject_public_key_info)
                       : crypto::issuer_key_identifier(authority);
  }

  bool of_own_key_;
};

struct NamedDigest {
  std::string_view name;
  crypto::DigestAlgorithm algorithm;
};
constexpr std::array kDigests{
    NamedDigest{"SHA-1", crypto::DigestAlgorithm::sha1},
    NamedDigest{"SHA-256", crypto::DigestAlgorithm::sha256},
    NamedDigest{"SHA-384", crypto::DigestAlgorithm::sha384},
    NamedDigest{"SHA-512", crypto::DigestAlgorithm::sha512},
};

/// The digest of the key's octets, or the identifier that the request asks for.
class SubjectKeyIdentifierDefault final : public Default {
 public:
  struct Rules {
    bool critical = false;
    NamedDigest digest = kDigests.front();
    bool from_request = false;
  };
  explicit SubjectKeyIdentifierDefault(Rules rules) : rules_(rules) {}

  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    const auto* requested =
        pkix::find_extension(facts.extensions, pkix::oid::kSubjectKeyIdentifier);
    const auto identifier =
        rules_.from_request && requested != nullptr
            ? TRY(requested_identifier(*requested))
            : crypto::key_identifier(facts.public_key_info, rules_.digest.algorithm);
    draft.set({pkix::oid::kSubjectKeyIdentifier, rules_.critical,
               pkix::write_subject_key_identifier(identifier)});
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::extension,
             (rules_.from_request ? "the one that the request asks for, else " : std::string()) +
                 "the " + std::string(rules_.digest.name) + " of the key",
             pkix::oid::kSubjectKeyIdentifier, rules_.critical}};
  }

 private:
  static Result<Bytes> requested_identifier(const pkix::Extension& requested) {
    constexpr std::size_t kLongest = 64;  // octets: a SHA-512; RFC 5280 sets no bound
    auto identifier = TRY(pkix::read_subject_key_identifier(requested.extn_value));
    if (!identifier.empty() && identifier.size() <= kLongest) return identifier;
    return Error{Fault::extension_not_allowed, "the request asks for a subjectKeyIdentifier of " +
                                                   std::to_string(identifier.size()) +
                                                   " octets; 1 to 64 are allowed"};
  }

  Rules rules_;
};

NamedDigest read_digest(Parameters& parameters) {
  const auto text = parameters.text("messageDigest");
  if (text.empty() || text == "-") return kDigests.front();
  for (const auto& known : kDigests) {
    if (text == known.name) return known;
  }
  parameters.refuse("messageDigest",
                    "'" + text + "' is none of SHA-1, SHA-256, SHA-384 and SHA-512");
  return kDigests.front();
}

}  // namespace

std::unique_ptr<const Default> make_authority_key_identifier_default(Parameters& parameters) {
  return std::make_unique<AuthorityKeyIdentifierDefault>(parameters.boolean("localKey"));
}

std::unique_ptr<const Default> make_subject_key_identifier_default(Parameters& parameters) {
  const bool critical = parameters.boolean("critical");
  if (critical) {
    parameters.refuse("critical",
                      "a subjectKeyIdentifier must not be critical (RFC 5280 §4.2.1.2)");
  }
  return std::make_unique<SubjectKeyIdentifierDefault>(SubjectKeyIdentifierDefault::Rules{
      .critical = critical,
      .digest = read_digest(parameters),
      .from_request = parameters.boolean("useSKIFromCertRequest"),
  });
}

}  // namespace signet::policy
