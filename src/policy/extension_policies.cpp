#include "codec/pkix/extension.h"
#include "codec/pkix/oids.h"
#include "policy/policy_classes.h"

/// Extensions as such: copied from the request, written in the profile, or demanded.
namespace signet::policy {
namespace {

/// Copies one extension from the request, its criticality too; what it may hold was vetted before
/// (requested_extensions.h). What DER leaves out is left out: many encoders do not.
class UserExtensionDefault final : public Default {
 public:
  explicit UserExtensionDefault(asn1::Oid id) : id_(id) {}

  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    const auto* requested = pkix::find_extension(facts.extensions, id_);
    if (requested != nullptr) draft.set(TRY(pkix::without_defaults(*requested)));
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::extension, "as the request asks for it; left out where it does not", id_}};
  }

 private:
  asn1::Oid id_;
};

class FixedExtensionDefault : public Default {
 public:
  explicit FixedExtensionDefault(pkix::Extension extension) : extension_(std::move(extension)) {}

  Result<void> apply(const RequestFacts&, CertificateDraft& draft) const override {
    draft.set(extension_);
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::extension, "the octets " + to_hex(extension_.extn_value), extension_.extn_id,
             extension_.critical}};
  }

 private:
  pkix::Extension extension_;
};

class GenericExtensionDefault final : public FixedExtensionDefault {
 public:
  using FixedExtensionDefault::FixedExtensionDefault;
  [[nodiscard]] bool is_written_out() const override { return true; }
};

class ExtensionConstraint final : public Constraint {
 public:
  ExtensionConstraint(asn1::Oid id, std::optional<bool> critical) : id_(id), critical_(critical) {}

  Result<void> check(const RequestFacts&, CertificateDraft& draft) const override {
    const auto* extension = draft.find(id_);
    if (extension == nullptr) {
      return Error{Fault::extension_not_allowed,
                   "the profile demands the extension " + id_.to_text()};
    }
    if (critical_ && *critical_ != extension->critical) {
      return Error{Fault::extension_not_allowed, "the extension " + id_.to_text() + " must " +
                                                     (*critical_ ? "" : "not ") + "be critical"};
    }
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    return {{Topic::extension, "is there", id_, critical_}};
  }

 private:
  asn1::Oid id_;
  std::optional<bool> critical_;
};

}  // namespace

std::unique_ptr<const Default> make_user_extension_default(Parameters& parameters) {
  return std::make_unique<UserExtensionDefault>(parameters.oid("userExtOID"));
}

std::unique_ptr<const Default> make_generic_extension_default(Parameters& parameters) {
  pkix::Extension extension{parameters.oid("genericExtOID"),
                            parameters.boolean("genericExtCritical"),
                            parameters.hex("genericExtData")};
  const auto good = pkix::check_extension_value(extension);
  if (!good.ok()) {
    parameters.refuse("genericExtData", good.error().detail);
  } else if (auto written = pkix::without_defaults(extension); written.ok()) {
    extension = *std::move(written);
  }
  return std::make_unique<GenericExtensionDefault>(std::move(extension));
}

std::unique_ptr<const Default> make_ocsp_no_check_default(Parameters& parameters) {
  asn1::Writer null;
  null.null();
  return std::make_unique<FixedExtensionDefault>(pkix::Extension{
      pkix::oid::kOcspNoCheck, parameters.boolean("ocspNoCheckCritical"), std::move(null).take()});
}

std::unique_ptr<const Constraint> make_extension_constraint(Parameters& parameters) {
  const auto critical = parameters.optional_boolean("extCritical");
  return std::make_unique<ExtensionConstraint>(parameters.oid("extOID"), critical);
}

}  // namespace signet::policy
