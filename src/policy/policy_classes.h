#pragma once

#include "policy/parameters.h"
#include "policy/policy.h"

namespace signet::policy {

/// Makes a default or a constraint from its parameters; what is wrong in them is noted there.
using MakeDefault = std::unique_ptr<const Default> (*)(Parameters&);
using MakeConstraint = std::unique_ptr<const Constraint> (*)(Parameters&);

/// The maker for a class id ("validityDefaultImpl"); null when there is none.
MakeDefault find_default_class(std::string_view class_id);
MakeConstraint find_constraint_class(std::string_view class_id);
/// Whether Dogtag has a class of this id that has no place here (EST, hardware, key archival,
/// extensions that no profile here gives).
bool is_class_not_offered(std::string_view class_id);
/// Every class id that can be used, for whoever misspelt one.
std::vector<std::string_view> default_class_ids();
std::vector<std::string_view> constraint_class_ids();

// subject_defaults.cpp, subject_constraints.cpp
std::unique_ptr<const Default> make_user_subject_name_default(Parameters& parameters);
std::unique_ptr<const Default> make_subject_name_default(Parameters& parameters);
std::unique_ptr<const Default> make_cmc_user_signed_subject_name_default(Parameters& parameters);
std::unique_ptr<const Default> make_auth_token_subject_name_default(Parameters& parameters);
std::unique_ptr<const Default> make_san_to_cn_default(Parameters& parameters);
std::unique_ptr<const Constraint> make_subject_name_constraint(Parameters& parameters);
std::unique_ptr<const Constraint> make_user_subject_name_constraint(Parameters& parameters);
std::unique_ptr<const Constraint> make_cmc_user_signed_subject_name_constraint(
    Parameters& parameters);
std::unique_ptr<const Constraint> make_cmc_shared_token_subject_name_constraint(
    Parameters& parameters);
std::unique_ptr<const Constraint> make_unique_subject_name_constraint(Parameters& parameters);
// renewal_constraints.cpp
std::unique_ptr<const Constraint> make_unique_key_constraint(Parameters& parameters);
std::unique_ptr<const Constraint> make_renew_grace_period_constraint(Parameters& parameters);
// validity_defaults.cpp, validity_constraints.cpp
std::unique_ptr<const Default> make_validity_default(Parameters& parameters);
std::unique_ptr<const Default> make_ca_validity_default(Parameters& parameters);
std::unique_ptr<const Default> make_randomized_validity_default(Parameters& parameters);
std::unique_ptr<const Default> make_user_validity_default(Parameters& parameters);
std::unique_ptr<const Constraint> make_validity_constraint(Parameters& parameters);
std::unique_ptr<const Constraint> make_ca_validity_constraint(Parameters& parameters);
// key_policies.cpp
std::unique_ptr<const Default> make_user_key_default(Parameters& parameters);
std::unique_ptr<const Constraint> make_key_constraint(Parameters& parameters);
// key_usage_policies.cpp
std::unique_ptr<const Default> make_key_usage_default(Parameters& parameters);
std::unique_ptr<const Constraint> make_key_usage_constraint(Parameters& parameters);
// extended_key_usage_policies.cpp
std::unique_ptr<const Default> make_extended_key_usage_default(Parameters& parameters);
std::unique_ptr<const Constraint> make_extended_key_usage_constraint(Parameters& parameters);
// basic_constraints_policies.cpp
std::unique_ptr<const Default> make_basic_constraints_default(Parameters& parameters);
std::unique_ptr<const Constraint> make_basic_constraints_constraint(Parameters& parameters);
// key_identifier_defaults.cpp
std::unique_ptr<const Default> make_authority_key_identifier_default(Parameters& parameters);
std::unique_ptr<const Default> make_subject_key_identifier_default(Parameters& parameters);
// access_defaults.cpp
std::unique_ptr<const Default> make_authority_info_access_default(Parameters& parameters);
std::unique_ptr<const Default> make_crl_distribution_points_default(Parameters& parameters);
// alternative_name_defaults.cpp
std::unique_ptr<const Default> make_subject_alt_name_default(Parameters& parameters);
std::unique_ptr<const Default> make_common_name_to_san_default(Parameters& parameters);
// certificate_policies_default.cpp
std::unique_ptr<const Default> make_certificate_policies_default(Parameters& parameters);
// extension_policies.cpp
std::unique_ptr<const Default> make_user_extension_default(Parameters& parameters);
std::unique_ptr<const Default> make_generic_extension_default(Parameters& parameters);
std::unique_ptr<const Default> make_ocsp_no_check_default(Parameters& parameters);
std::unique_ptr<const Constraint> make_extension_constraint(Parameters& parameters);
// signature_algorithm_policies.cpp
std::unique_ptr<const Default> make_signing_algorithm_default(Parameters& parameters);
std::unique_ptr<const Default> make_user_signing_algorithm_default(Parameters& parameters);
std::unique_ptr<const Constraint> make_signing_algorithm_constraint(Parameters& parameters);

}  // namespace signet::policy
