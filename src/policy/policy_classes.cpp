#include "policy/policy_classes.h"

#include <algorithm>
#include <array>

namespace signet::policy {
namespace {

class NoDefault final : public Default {
 public:
  Result<void> apply(const RequestFacts&, CertificateDraft&) const override { return {}; }
  [[nodiscard]] Statements describe() const override { return {}; }
};

class NoConstraint final : public Constraint {
 public:
  Result<void> check(const RequestFacts&, CertificateDraft&) const override { return {}; }
  [[nodiscard]] Statements describe() const override { return {}; }
};

std::unique_ptr<const Default> make_no_default(Parameters&) {
  return std::make_unique<NoDefault>();
}
std::unique_ptr<const Constraint> make_no_constraint(Parameters&) {
  return std::make_unique<NoConstraint>();
}

/// Certificates are of version 3 here whatever a profile says; other numbers are refused.
std::unique_ptr<const Default> make_certificate_version_default(Parameters& parameters) {
  if (parameters.number("certVersionNum", 3) != 3) {
    parameters.refuse("certVersionNum", "only version 3 is issued");
  }
  return std::make_unique<NoDefault>();
}

struct DefaultClass {
  std::string_view class_id;
  MakeDefault make;
};
constexpr std::array kDefaultClasses{
    DefaultClass{"noDefaultImpl", make_no_default},
    DefaultClass{"userSubjectNameDefaultImpl", make_user_subject_name_default},
    DefaultClass{"subjectNameDefaultImpl", make_subject_name_default},
    DefaultClass{"cmcUserSignedSubjectNameDefaultImpl", make_cmc_user_signed_subject_name_default},
    DefaultClass{"authTokenSubjectNameDefaultImpl", make_auth_token_subject_name_default},
    DefaultClass{"sanToCNDefaultImpl", make_san_to_cn_default},
    DefaultClass{"validityDefaultImpl", make_validity_default},
    DefaultClass{"caValidityDefaultImpl", make_ca_validity_default},
    DefaultClass{"randomizedValidityDefaultImpl", make_randomized_validity_default},
    DefaultClass{"userValidityDefaultImpl", make_user_validity_default},
    DefaultClass{"userKeyDefaultImpl", make_user_key_default},
    DefaultClass{"keyUsageExtDefaultImpl", make_key_usage_default},
    DefaultClass{"extendedKeyUsageExtDefaultImpl", make_extended_key_usage_default},
    DefaultClass{"basicConstraintsExtDefaultImpl", make_basic_constraints_default},
    DefaultClass{"authorityKeyIdentifierExtDefaultImpl", make_authority_key_identifier_default},
    DefaultClass{"subjectKeyIdentifierExtDefaultImpl", make_subject_key_identifier_default},
    DefaultClass{"authInfoAccessExtDefaultImpl", make_authority_info_access_default},
    DefaultClass{"crlDistributionPointsExtDefaultImpl", make_crl_distribution_points_default},
    DefaultClass{"subjectAltNameExtDefaultImpl", make_subject_alt_name_default},
    DefaultClass{"commonNameToSANDefaultImpl", make_common_name_to_san_default},
    DefaultClass{"certificatePoliciesExtDefaultImpl", make_certificate_policies_default},
    DefaultClass{"userExtensionDefaultImpl", make_user_extension_default},
    DefaultClass{"genericExtDefaultImpl", make_generic_extension_default},
    DefaultClass{"ocspNoCheckExtDefaultImpl", make_ocsp_no_check_default},
    DefaultClass{"certificateVersionDefaultImpl", make_certificate_version_default},
    DefaultClass{"signingAlgDefaultImpl", make_signing_algorithm_default},
    DefaultClass{"userSigningAlgDefaultImpl", make_user_signing_algorithm_default},
};

struct ConstraintClass {
  std::string_view class_id;
  MakeConstraint make;
};
constexpr std::array kConstraintClasses{
    ConstraintClass{"noConstraintImpl", make_no_constraint},
    ConstraintClass{"subjectNameConstraintImpl", make_subject_name_constraint},
    ConstraintClass{"userSubjectNameConstraintImpl", make_user_subject_name_constraint},
    ConstraintClass{"cmcUserSignedSubjectNameConstraintImpl",
                    make_cmc_user_signed_subject_name_constraint},
    ConstraintClass{"cmcSharedTokenSubjectNameConstraintImpl",
                    make_cmc_shared_token_subject_name_constraint},
    ConstraintClass{"uniqueSubjectNameConstraintImpl", make_unique_subject_name_constraint},
    ConstraintClass{"uniqueKeyConstraintImpl", make_unique_key_constraint},
    ConstraintClass{"renewGracePeriodConstraintImpl", make_renew_grace_period_constraint},
    ConstraintClass{"validityConstraintImpl", make_validity_constraint},
    ConstraintClass{"caValidityConstraintImpl", make_ca_validity_constraint},
    ConstraintClass{"keyConstraintImpl", make_key_constraint},
    ConstraintClass{"keyUsageExtConstraintImpl", make_key_usage_constraint},
    ConstraintClass{"extendedKeyUsageExtConstraintImpl", make_extended_key_usage_constraint},
    ConstraintClass{"basicConstraintsExtConstraintImpl", make_basic_constraints_constraint},
    ConstraintClass{"extensionConstraintImpl", make_extension_constraint},
    ConstraintClass{"signingAlgConstraintImpl", make_signing_algorithm_constraint},
};

constexpr std::array<std::string_view, 22> kNotOffered{
    "subjectDirAttributesExtDefaultImpl",
    "issuerAltNameExtDefaultImpl",
    "nameConstraintsExtDefaultImpl",
    "policyConstraintsExtDefaultImpl",
    "policyMappingsExtDefaultImpl",
    "inhibitAnyPolicyExtDefaultImpl",
    "privateKeyUsagePeriodExtDefaultImpl",
    "freshestCRLExtDefaultImpl",
    "subjectInfoAccessExtDefaultImpl",
    "nsCertTypeExtDefaultImpl",
    "nsCertTypeExtConstraintImpl",
    "nscCommentExtDefaultImpl",
    "nsTokenUserKeySubjectNameDefaultImpl",
    "nsTokenDeviceKeySubjectNameDefaultImpl",
    "imageDefaultImpl",
    "autoAssignDefaultImpl",
    "raClientAuthSubjectNameConstraintImpl",
    "raHeaderClientCertSubjectNameConstraintImpl",
    "authzRealmConstraintImpl",
    "externalProcessConstraintImpl",
    "p12ExportPasswordConstraintImpl",
    "serverKeygenUserKeyDefaultImpl",
};

template <typename Classes>
auto find_maker(const Classes& classes, std::string_view class_id) {
  const auto found = std::find_if(classes.begin(), classes.end(),
                                  [&](const auto& known) { return known.class_id == class_id; });
  return found == classes.end() ? nullptr : found->make;
}

template <typename Classes>
std::vector<std::string_view> ids_of(const Classes& classes) {
  std::vector<std::string_view> ids;
  for (const auto& known : classes) ids.push_back(known.class_id);
  return ids;
}

}  // namespace

MakeDefault find_default_class(std::string_view class_id) {
  return find_maker(kDefaultClasses, class_id);
}

MakeConstraint find_constraint_class(std::string_view class_id) {
  return find_maker(kConstraintClasses, class_id);
}

std::vector<std::string_view> default_class_ids() {
  return ids_of(kDefaultClasses);
}

std::vector<std::string_view> constraint_class_ids() {
  return ids_of(kConstraintClasses);
}

bool is_class_not_offered(std::string_view class_id) {
  return std::find(kNotOffered.begin(), kNotOffered.end(), class_id) != kNotOffered.end();
}

}  // namespace signet::policy
