#include <algorithm>

#include "codec/pkix/oids.h"
#include "policy/policy_classes.h"
#include "policy/request_pattern.h"

/// Defaults that give the subject.
namespace signet::policy {
namespace {

/// The subject as the facts have it, octet for octet.
class UserSubjectNameDefault final : public Default {
 public:
  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    draft.subject = facts.subject;
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::subject, "as the request asks for it"}};
  }
};

/// A subject made from a pattern; a pattern that comes out empty leaves what is there.
class SubjectNameDefault final : public Default {
 public:
  explicit SubjectNameDefault(RequestPattern pattern) : pattern_(std::move(pattern)) {}

  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    const auto text = pattern_.fill_name(facts);
    if (!text) {
      return Error{Fault::name_not_allowed,
                   "the profile makes the subject from parts that the request does not have"};
    }
    if (text->empty()) return {};
    auto name = pkix::name_from_text(*text);
    if (!name.ok()) {
      return Error{Fault::name_not_allowed, "the profile makes the subject '" + *text +
                                                "', which is no name: " + name.error().detail};
    }
    draft.subject = *std::move(name);
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    if (pattern_.text().empty()) return {};
    return {{Topic::subject,
             (pattern_.is_literal() ? "always '" : "made of '") + pattern_.text() + "'"}};
  }

 private:
  RequestPattern pattern_;
};

/// The subject of the certificate that signed the message, octet for octet. It comes from the
/// proven certificate itself: a serial number alone, as Dogtag looks it up by, names nobody. Or the
/// new subject that its holder asks for, where the profile lets names change.
class CmcUserSignedSubjectNameDefault final : public Default {
 public:
  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    if (facts.signer == nullptr) {
      return Error{Fault::identity_mismatch,
                   "the profile takes the subject from the certificate that signed the message; "
                   "no certificate signed this one"};
    }
    draft.subject = facts.renames ? facts.subject : (*facts.signer)->subject;
    draft.subject_replaced = draft.subject != facts.subject;
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::subject,
             "that of the certificate that signed the message; a shared secret is not enough"}};
  }
};

/// The name that the proven shared secret stands for.
class AuthTokenSubjectNameDefault final : public Default {
 public:
  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    if (facts.secret_owner == nullptr) {
      return Error{Fault::identity_mismatch,
                   "the profile takes the subject from the owner of a shared secret; no shared "
                   "secret proved this request"};
    }
    draft.subject = *facts.secret_owner;
    draft.subject_replaced = !facts.subject.empty() && draft.subject != facts.subject;
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::subject,
             "the name that the proven shared secret stands for; a signature by an existing "
             "certificate is not enough"}};
  }
};

const pkix::DnsName* first_dns_name(const pkix::GeneralNames& names) {
  const auto found = std::find_if(names.begin(), names.end(), [](const pkix::GeneralName& name) {
    return std::holds_alternative<pkix::DnsName>(name);
  });
  return found == names.end() ? nullptr : &std::get<pkix::DnsName>(*found);
}

/// `name` with one more RDN, the most specific; the others keep their octets.
Result<pkix::Name> with_common_name(const pkix::Name& name, std::string_view common_name) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{name.der(), budget};
  const auto element = TRY(outer.read(asn1::kSequence));
  asn1::Writer writer;
  writer.sequence([&] {
    writer.raw(element.value);
    writer.set_of([&] {
      writer.sequence([&] {
        writer.oid(pkix::oid::kCommonName);
        writer.utf8_string(common_name);
      });
    });
  });
  const auto der = std::move(writer).take();
  asn1::Reader reader{der, budget};
  return pkix::read_name(reader);
}

/// A subject without a common name takes the first DNS name of its SubjectAltName as one.
class SanToCnDefault final : public Default {
 public:
  Result<void> apply(const RequestFacts&, CertificateDraft& draft) const override {
    if (!draft.subject.last(pkix::oid::kCommonName).empty()) return {};
    const auto* extension = draft.find(pkix::oid::kSubjectAltName);
    if (extension == nullptr) {
      return Error{
          Fault::name_not_allowed,
          "the subject has no common name, and there is no SubjectAltName to take it from"};
    }
    const auto names = TRY(pkix::read_alternative_name(extension->extn_value));
    const auto* dns = first_dns_name(names);
    if (dns == nullptr) return {};
    draft.subject = TRY(with_common_name(draft.subject, dns->value));
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::subject,
             "where it has no common name, the first DNS name of the subjectAltName becomes one"}};
  }
};

}  // namespace

std::unique_ptr<const Default> make_user_subject_name_default(Parameters& parameters) {
  parameters.ignore("name");
  if (parameters.boolean("useSysEncoding")) {
    parameters.warn("useSysEncoding",
                    "names keep the encoding of the request, where certificates may have it");
  }
  return std::make_unique<UserSubjectNameDefault>();
}

std::unique_ptr<const Default> make_subject_name_default(Parameters& parameters) {
  auto pattern = RequestPattern::parse(parameters.text("name"));
  if (!pattern.ok()) {
    parameters.refuse("name", pattern.error().detail);
    return std::make_unique<UserSubjectNameDefault>();
  }
  for (const auto& unknown : pattern->unknown_attributes()) {
    parameters.warn("name", "no request has '" + unknown + "': every one will be refused");
  }
  if (pattern->is_literal() && !parameters.text("name").empty()) {
    const auto name = pkix::name_from_text(parameters.text("name"));
    if (!name.ok()) parameters.refuse("name", "is no distinguished name: " + name.error().detail);
  }
  return std::make_unique<SubjectNameDefault>(*std::move(pattern));
}

std::unique_ptr<const Default> make_cmc_user_signed_subject_name_default(Parameters& parameters) {
  parameters.ignore("name");
  return std::make_unique<CmcUserSignedSubjectNameDefault>();
}

std::unique_ptr<const Default> make_auth_token_subject_name_default(Parameters& parameters) {
  parameters.ignore("name");
  return std::make_unique<AuthTokenSubjectNameDefault>();
}

std::unique_ptr<const Default> make_san_to_cn_default(Parameters&) {
  return std::make_unique<SanToCnDefault>();
}

}  // namespace signet::policy
