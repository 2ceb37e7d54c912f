#include <algorithm>
#include <array>

#include "codec/asn1/whole.h"
#include "codec/pkix/extension.h"
#include "codec/pkix/oids.h"
#include "codec/pkix/sequence_of.h"

/// Form of every extension that RFC 5280 defines for certificates, of those also that only pass
/// through us.
namespace signet::pkix {
namespace {

using asn1::context;
using asn1::context_constructed;
using asn1::Reader;

constexpr Oid kAnyPolicy{"2.5.29.32.0"};

/// What reads elements whose value nobody asks for.
struct Checked {};

template <typename Read>
Result<void> check_whole(ByteView octets, Read&& read) {
  const auto checked = asn1::read_whole(octets, asn1::Limits::der(), std::forward<Read>(read));
  if (!checked.ok()) return checked.error();
  return {};
}

/// SEQUENCE { issuerDomainPolicy OBJECT IDENTIFIER, subjectDomainPolicy OBJECT IDENTIFIER }
Result<Checked> read_policy_mapping(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  const auto issuer_domain_policy = TRY(fields.read_oid());
  const auto subject_domain_policy = TRY(fields.read_oid());
  TRY(fields.finish());
  if (issuer_domain_policy == kAnyPolicy || subject_domain_policy == kAnyPolicy) {
    return Error{Fault::malformed, "policyMappings maps anyPolicy (RFC 5280 §4.2.1.5)"};
  }
  return Checked{};
}

Result<std::vector<Checked>> read_policy_mappings(Reader& reader) {
  return read_sequence_of(reader, read_policy_mapping);
}

/// SEQUENCE { requireExplicitPolicy [0] INTEGER (0..MAX) OPTIONAL,
///            inhibitPolicyMapping [1] INTEGER (0..MAX) OPTIONAL }, not empty
Result<Checked> read_policy_constraints(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  if (fields.at_end()) return Error{Fault::malformed, "policyConstraints without a constraint"};
  if (fields.next_is(context(0))) TRY(fields.read_small_integer(context(0)));
  if (fields.next_is(context(1))) TRY(fields.read_small_integer(context(1)));
  TRY(fields.finish());
  return Checked{};
}

/// GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] DEFAULT 0, maximum [1] OPTIONAL };
/// RFC 5280 §4.2.1.10 leaves neither a use: minimum is 0, which DER leaves out, maximum absent.
Result<Checked> read_general_subtree(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  TRY(read_general_name(fields, IpAddressForm::range));
  TRY(fields.finish());
  return Checked{};
}

/// SEQUENCE { permittedSubtrees [0] OPTIONAL, excludedSubtrees [1] OPTIONAL }, not empty
Result<Checked> read_name_constraints(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  if (fields.at_end()) return Error{Fault::malformed, "nameConstraints without a constraint"};
  for (const std::uint32_t subtrees : {0U, 1U}) {
    const auto tag = context_constructed(subtrees);
    if (fields.next_is(tag)) TRY(read_sequence_of(fields, read_general_subtree, tag));
  }
  TRY(fields.finish());
  return Checked{};
}

/// SEQUENCE SIZE (1..MAX) OF Attribute
Result<std::vector<Attribute>> read_directory_attributes(Reader& reader) {
  auto attributes = TRY(read_sequence_of(reader, read_attribute));
  const auto without_value = [](const Attribute& each) { return each.values.empty(); };
  if (std::any_of(attributes.begin(), attributes.end(), without_value)) {
    return Error{Fault::malformed, "subjectDirectoryAttributes has an attribute without value"};
  }
  return attributes;
}

/// DistributionPointName ::= CHOICE { fullName [0] GeneralNames,
///                                    nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
Result<void> check_distribution_point_name(Reader& reader) {
  auto choice = TRY(reader.enter(context_constructed(0)));
  if (choice.next_is(context_constructed(1))) {
    TRY(read_relative_distinguished_name(choice, context_constructed(1)));
  } else {
    TRY(read_general_names(choice, context_constructed(0)));
  }
  return choice.finish();
}

/// DistributionPoint ::= SEQUENCE { distributionPoint [0] OPTIONAL, reasons [1] BIT STRING
/// OPTIONAL,
///                                  cRLIssuer [2] GeneralNames OPTIONAL }
Result<Checked> read_distribution_point(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  bool has_place = false;
  if (fields.next_is(context_constructed(0))) {
    TRY(check_distribution_point_name(fields));
    has_place = true;
  }
  if (fields.next_is(context(1))) TRY(fields.read_bit_string(context(1)));
  if (fields.next_is(context_constructed(2))) {
    TRY(read_general_names(fields, context_constructed(2)));
    has_place = true;
  }
  TRY(fields.finish());
  if (!has_place) {
    return Error{Fault::malformed,
                 "a DistributionPoint with neither place nor issuer (RFC 5280 §4.2.1.13)"};
  }
  return Checked{};
}

Result<std::vector<Checked>> read_distribution_points(Reader& reader) {
  return read_sequence_of(reader, read_distribution_point);
}

Result<std::int64_t> read_skip_certs(Reader& reader) {
  return reader.read_small_integer();
}

/// A reader of an extension's value as a check of it.
template <auto read>
Result<void> check_by(ByteView extn_value) {
  if constexpr (std::is_invocable_v<decltype(read), ByteView>) {
    const auto value = read(extn_value);
    if (!value.ok()) return value.error();
    return {};
  } else {
    return check_whole(extn_value, read);
  }
}

struct KnownExtension {
  Oid extn_id;
  Result<void> (*check)(ByteView extn_value);
};

constexpr std::array<KnownExtension, 17> kKnownExtensions = {{
    {oid::kAuthorityKeyIdentifier, check_by<read_authority_key_identifier>},
    {oid::kSubjectKeyIdentifier, check_by<read_subject_key_identifier>},
    {oid::kKeyUsage, check_by<read_key_usage>},
    {oid::kCertificatePolicies, check_by<read_certificate_policies>},
    {oid::kPolicyMappings, check_by<read_policy_mappings>},
    {oid::kSubjectAltName, check_by<read_alternative_name>},
    {oid::kIssuerAltName, check_by<read_alternative_name>},
    {oid::kSubjectDirectoryAttributes, check_by<read_directory_attributes>},
    {oid::kBasicConstraints, check_by<read_basic_constraints>},
    {oid::kNameConstraints, check_by<read_name_constraints>},
    {oid::kPolicyConstraints, check_by<read_policy_constraints>},
    {oid::kExtendedKeyUsage, check_by<read_extended_key_usage>},
    {oid::kCrlDistributionPoints, check_by<read_distribution_points>},
    {oid::kInhibitAnyPolicy, check_by<read_skip_certs>},
    {oid::kFreshestCrl, check_by<read_distribution_points>},
    {oid::kAuthorityInfoAccess, check_by<read_information_access>},
    {oid::kSubjectInfoAccess, check_by<read_information_access>},
}};

/// First the whole to its innermost, for the types have open places (names and qualifiers of any
/// kind) that their readers pass over.
Result<void> check_value(const Extension& extension) {
  TRY(asn1::check_well_formed(extension.extn_value, asn1::Limits::der()));
  const auto known =
      std::find_if(kKnownExtensions.begin(), kKnownExtensions.end(),
                   [&extension](const auto& each) { return each.extn_id == extension.extn_id; });
  if (known == kKnownExtensions.end()) return {};
  return known->check(extension.extn_value);
}

}  // namespace

Result<void> check_extension_value(const Extension& extension) {
  auto checked = check_value(extension);
  if (checked.ok()) return checked;
  return Error{checked.error().fault,
               "in extension " + extension.extn_id.to_text() + ": " + checked.error().detail};
}

}  // namespace signet::pkix
