#pragma once

#include <optional>
#include <set>

#include "codec/pkix/crl_reason.h"
#include "codec/pkix/general_name.h"

namespace signet::pkix {

/// Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
struct Extension {
  Oid extn_id;
  bool critical = false;
  Bytes extn_value;  ///< contents of the OCTET STRING: the DER of the extension's own type
  bool operator==(const Extension&) const = default;
};
using Extensions = std::vector<Extension>;

/// SEQUENCE SIZE (1..MAX) OF Extension under `tag`; the same extnID twice is malformed
/// (RFC 5280 §4.2).
Result<Extensions> read_extensions(asn1::Reader& reader, asn1::Tag tag = asn1::kSequence);
void write_extensions(asn1::Writer& writer, const Extensions& extensions,
                      asn1::Tag tag = asn1::kSequence);
const Extension* find_extension(const Extensions& extensions, const Oid& extn_id);

/// KeyUsage ::= BIT STRING; bit numbers of RFC 5280 §4.2.1.3.
enum class KeyUsageBit : std::uint16_t {
  digitalSignature = 1 << 0,
  nonRepudiation = 1 << 1,
  keyEncipherment = 1 << 2,
  dataEncipherment = 1 << 3,
  keyAgreement = 1 << 4,
  keyCertSign = 1 << 5,
  cRLSign = 1 << 6,
  encipherOnly = 1 << 7,
  decipherOnly = 1 << 8,
};
struct KeyUsage {
  std::uint16_t bits = 0;
  [[nodiscard]] bool has(KeyUsageBit bit) const {
    return (bits & static_cast<std::uint16_t>(bit)) != 0;
  }
  bool operator==(const KeyUsage&) const = default;
};

struct BasicConstraints {
  bool ca = false;
  std::optional<std::int64_t> path_len_constraint;
  bool operator==(const BasicConstraints&) const = default;
};

struct AuthorityKeyIdentifier {
  std::optional<Bytes> key_identifier;
  std::optional<GeneralNames> authority_cert_issuer;
  std::optional<Integer> authority_cert_serial_number;
  bool operator==(const AuthorityKeyIdentifier&) const = default;
};

struct AccessDescription {
  Oid access_method;
  GeneralName access_location;
  bool operator==(const AccessDescription&) const = default;
};

// Each pair reads and writes the contents of Extension::extn_value (whole DER of the type).
// Readers consume all input. Faults: malformed, trailing_data.
Result<KeyUsage> read_key_usage(ByteView extn_value);  ///< refuses no bit set at all
Bytes write_key_usage(KeyUsage usage);
Result<BasicConstraints> read_basic_constraints(ByteView extn_value);
Bytes write_basic_constraints(const BasicConstraints& constraints);
Result<std::vector<Oid>> read_extended_key_usage(ByteView extn_value);
Bytes write_extended_key_usage(const std::vector<Oid>& purposes);
Result<Bytes> read_subject_key_identifier(ByteView extn_value);  ///< the identifier's octets
Bytes write_subject_key_identifier(ByteView identifier);
Result<AuthorityKeyIdentifier> read_authority_key_identifier(ByteView extn_value);
Bytes write_authority_key_identifier(const AuthorityKeyIdentifier& identifier);
Result<GeneralNames> read_alternative_name(ByteView extn_value);
/// The names of subjectAltName; empty where there is none. Faults: malformed.
Result<GeneralNames> subject_alt_names(const Extensions& extensions);
Bytes write_alternative_name(const GeneralNames& names);
Result<std::vector<AccessDescription>> read_information_access(ByteView extn_value);
Bytes write_information_access(const std::vector<AccessDescription>& descriptions);
/// Of a CRL: cRLNumber (§5.2.3), and deltaCRLIndicator (§5.2.4), which is of the same type. Of its
/// entries: reasonCode (§5.3.1), invalidityDate (§5.3.2).
Bytes write_crl_number(const Integer& number);
Bytes write_reason_code(CRLReason reason);
Bytes write_invalidity_date(Time date);
/// CRLDistributionPoints, and freshestCRL, with fullName points only.
Bytes write_crl_distribution_points(const std::vector<GeneralNames>& full_names);
/// CertificatePolicies: policy identifiers, with an optional CPS URI each.
struct PolicyInformation {
  Oid policy_identifier;
  std::optional<std::string> cps_uri;
  bool operator==(const PolicyInformation&) const = default;
};
Result<std::vector<PolicyInformation>> read_certificate_policies(ByteView extn_value);
Bytes write_certificate_policies(const std::vector<PolicyInformation>& policies);

/// Whether a keyUsage or basicConstraints leaves out what DER leaves out, and readers pass over:
/// zero bits at the end of a list of named bits (X.690 §11.2.2), a cA that is FALSE (§11.5). Others
/// are not looked at. Faults: malformed, trailing_data.
Result<void> check_leaves_out_defaults(const Extension& extension);
/// The extension without them, in the same words otherwise. Faults: malformed, trailing_data.
Result<Extension> without_defaults(Extension extension);

/// Whether the value of a known RFC 5280 extension is well formed by its own type: all 17 of
/// RFC 5280 that may appear in a certificate. Unknown ones are only checked to be one DER element.
Result<void> check_extension_value(const Extension& extension);

}  // namespace signet::pkix
