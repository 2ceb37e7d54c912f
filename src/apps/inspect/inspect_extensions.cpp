#include "apps/inspect/inspect_extensions.h"

#include <array>
#include <utility>

#include "apps/inspect/object_names.h"
#include "codec/pkix/oids.h"

namespace signet::tool {
namespace {

using pkix::Extension;
using pkix::KeyUsageBit;

constexpr std::array kKeyUsageNames{
    std::pair{KeyUsageBit::digitalSignature, "digitalSignature"},
    std::pair{KeyUsageBit::nonRepudiation, "nonRepudiation"},
    std::pair{KeyUsageBit::keyEncipherment, "keyEncipherment"},
    std::pair{KeyUsageBit::dataEncipherment, "dataEncipherment"},
    std::pair{KeyUsageBit::keyAgreement, "keyAgreement"},
    std::pair{KeyUsageBit::keyCertSign, "keyCertSign"},
    std::pair{KeyUsageBit::cRLSign, "cRLSign"},
    std::pair{KeyUsageBit::encipherOnly, "encipherOnly"},
    std::pair{KeyUsageBit::decipherOnly, "decipherOnly"},
};

constexpr std::array kReasonNames{
    "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
    "superseded",    "cessationOfOperation", "certificateHold", "7 (not used)",
    "removeFromCRL", "privilegeWithdrawn",   "aACompromise",
};

Result<void> show_key_usage(ByteView value, AnnotatedTree& tree) {
  const auto usage = TRY(pkix::read_key_usage(value));
  for (const auto& [bit, name] : kKeyUsageNames) {
    if (usage.has(bit)) tree.value += (tree.value.empty() ? "" : ", ") + std::string(name);
  }
  return {};
}

Result<void> show_purposes(ByteView value, AnnotatedTree& tree) {
  for (const auto& purpose : TRY(pkix::read_extended_key_usage(value))) {
    tree.value += (tree.value.empty() ? "" : ", ") + name_of(purpose);
  }
  return {};
}

Result<void> show_basic_constraints(ByteView value, AnnotatedTree& tree) {
  const auto constraints = TRY(pkix::read_basic_constraints(value));
  tree.value = constraints.ca ? "cA TRUE" : "cA FALSE";
  if (constraints.path_len_constraint) {
    tree.value += ", pathLenConstraint " + std::to_string(*constraints.path_len_constraint);
  }
  return {};
}

Result<void> show_subject_key_identifier(ByteView value, AnnotatedTree& tree) {
  tree.value = to_hex(TRY(pkix::read_subject_key_identifier(value)));
  return {};
}

Result<void> show_authority_key_identifier(ByteView value, AnnotatedTree& tree) {
  const auto identifier = TRY(pkix::read_authority_key_identifier(value));
  if (identifier.key_identifier) tree.add("keyIdentifier", to_hex(*identifier.key_identifier));
  if (identifier.authority_cert_issuer) {
    tree.add(general_names_tree("authorityCertIssuer", *identifier.authority_cert_issuer));
  }
  if (identifier.authority_cert_serial_number) {
    tree.add("authorityCertSerialNumber", integer_text(*identifier.authority_cert_serial_number));
  }
  return {};
}

Result<void> show_names(ByteView value, AnnotatedTree& tree) {
  for (const auto& name : TRY(pkix::read_alternative_name(value))) {
    tree.add("name", pkix::to_text(name));
  }
  return {};
}

Result<void> show_access(ByteView value, AnnotatedTree& tree) {
  for (const auto& access : TRY(pkix::read_information_access(value))) {
    tree.add(name_of(access.access_method), pkix::to_text(access.access_location));
  }
  return {};
}

Result<void> show_policies(ByteView value, AnnotatedTree& tree) {
  for (const auto& policy : TRY(pkix::read_certificate_policies(value))) {
    tree.add(name_of(policy.policy_identifier), policy.cps_uri.value_or(""));
  }
  return {};
}

Result<void> show_integer_value(ByteView value, AnnotatedTree& tree) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{value, budget};
  const auto integer = TRY(reader.read_integer());
  tree.value = integer_text(integer);
  return reader.finish();
}

Result<void> show_reason(ByteView value, AnnotatedTree& tree) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{value, budget};
  const auto number = TRY(reader.read_small_integer(asn1::kEnumerated));
  tree.value = static_cast<std::size_t>(number) < kReasonNames.size()
                   ? kReasonNames[static_cast<std::size_t>(number)]
                   : std::to_string(number);
  return reader.finish();
}

Result<void> show_time(ByteView value, AnnotatedTree& tree) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{value, budget};
  const auto time = TRY(reader.read_generalized_time());
  tree.value = to_text(time);
  return reader.finish();
}

using ShowExtension = Result<void> (*)(ByteView value, AnnotatedTree& tree);

ShowExtension find_show_extension(const asn1::Oid& extn_id) {
  static const std::array kKnown{
      std::pair{pkix::oid::kKeyUsage, ShowExtension{show_key_usage}},
      std::pair{pkix::oid::kExtendedKeyUsage, ShowExtension{show_purposes}},
      std::pair{pkix::oid::kBasicConstraints, ShowExtension{show_basic_constraints}},
      std::pair{pkix::oid::kSubjectKeyIdentifier, ShowExtension{show_subject_key_identifier}},
      std::pair{pkix::oid::kAuthorityKeyIdentifier, ShowExtension{show_authority_key_identifier}},
      std::pair{pkix::oid::kSubjectAltName, ShowExtension{show_names}},
      std::pair{pkix::oid::kIssuerAltName, ShowExtension{show_names}},
      std::pair{pkix::oid::kAuthorityInfoAccess, ShowExtension{show_access}},
      std::pair{pkix::oid::kSubjectInfoAccess, ShowExtension{show_access}},
      std::pair{pkix::oid::kCertificatePolicies, ShowExtension{show_policies}},
      std::pair{pkix::oid::kCrlNumber, ShowExtension{show_integer_value}},
      std::pair{pkix::oid::kInhibitAnyPolicy, ShowExtension{show_integer_value}},
      std::pair{pkix::oid::kReasonCode, ShowExtension{show_reason}},
      std::pair{pkix::oid::kInvalidityDate, ShowExtension{show_time}},
  };
  for (const auto& [known, show] : kKnown) {
    if (known == extn_id) return show;
  }
  return nullptr;
}

AnnotatedTree extension_tree(const Extension& extension) {
  AnnotatedTree tree{name_of(extension.extn_id)};
  if (extension.critical) tree.remark = "critical";
  const auto show = find_show_extension(extension.extn_id);
  if (show == nullptr) return tree.add(asn1_tree("extnValue", extension.extn_value));
  const auto shown = show(extension.extn_value, tree);
  if (!shown.ok()) return undecoded(std::move(tree.name), shown.error());
  return tree;
}

}  // namespace

AnnotatedTree extensions_tree(std::string name, const pkix::Extensions& extensions) {
  AnnotatedTree tree{std::move(name)};
  for (const auto& extension : extensions) tree.add(extension_tree(extension));
  return tree;
}

}  // namespace signet::tool
