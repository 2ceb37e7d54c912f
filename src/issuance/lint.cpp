#include "issuance/lint.h"

#include <algorithm>

#include "codec/pkix/oids.h"
#include "policy/extension_rules.h"
#include "policy/key_usage_of_key.h"
#include "policy/name_rules.h"

namespace signet::issuance {
namespace {

namespace oid = pkix::oid;

constexpr std::size_t kMostSerialOctets = 20;  // RFC 5280 §4.1.2.2
// 2050-01-01T00:00:00Z: RFC 5280 §4.1.2.5, GeneralizedTime from here on.
constexpr Time kGeneralizedTimeFrom = std::chrono::sys_days{std::chrono::year{2050} / 1 / 1};
// 9999-12-31T23:59:59Z: the last that GeneralizedTime can say.
constexpr Time kLastTime =
    std::chrono::sys_days{std::chrono::year{10000} / 1 / 1} - std::chrono::seconds{1};

Error violation(std::string_view rule, std::string_view section) {
  return {Fault::internal,
          "lint: " + std::string{rule} + " (RFC 5280 " + std::string{section} + ")"};
}

/// A rule that policy applied already, or a value that cannot be read: here it is our own fault.
Result<void> as_violation(const Result<void>& checked) {
  if (checked.ok() || checked.error().fault == Fault::internal) return checked;
  return Error{Fault::internal, "lint: " + checked.error().detail};
}

Result<void> check_version_and_serial(const pkix::TBSCertificate& tbs) {
  if (tbs.version != 3) return violation("version is not 3", "§4.1.2.1");
  const auto& serial = tbs.serial_number;
  if (serial.is_negative() || serial.magnitude().empty()) {
    return violation("serialNumber is not positive", "§4.1.2.2");
  }
  if (serial.octets.size() > kMostSerialOctets) {
    return violation("serialNumber is longer than 20 octets", "§4.1.2.2");
  }
  if (tbs.issuer_unique_id || tbs.subject_unique_id) {
    return violation("a unique identifier is present", "§4.1.2.8");
  }
  return {};
}

Result<void> check_names(const pkix::TBSCertificate& tbs, const pkix::Certificate& issuer) {
  if (tbs.issuer.empty()) return violation("issuer is empty", "§4.1.2.4");
  if (tbs.issuer != issuer->subject) {
    return violation("issuer is not the subject of the issuer's certificate", "§4.1.2.4");
  }
  return as_violation(policy::check_attributes(tbs.subject, issuer->subject));
}

/// The validity as it stands in the octets: UTCTime through 2049, GeneralizedTime from 2050.
Result<void> check_time_forms(ByteView tbs_der, const pkix::Validity& validity) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{tbs_der, budget};
  auto fields = TRY(outer.enter(asn1::kSequence));
  TRY(fields.read_optional(asn1::context_constructed(0)));
  for (const auto tag : {asn1::kInteger, asn1::kSequence, asn1::kSequence}) TRY(fields.read(tag));
  auto times = TRY(fields.enter(asn1::kSequence));
  for (const auto time : {validity.not_before, validity.not_after}) {
    const auto expected = time < kGeneralizedTimeFrom ? asn1::kUtcTime : asn1::kGeneralizedTime;
    if (TRY(times.read_any()).tag != expected) {
      return violation("a time of the validity has the wrong form", "§4.1.2.5");
    }
  }
  return {};
}

Result<void> check_validity(const pkix::Validity& validity) {
  if (validity.not_after < validity.not_before) {
    return violation("notAfter is before notBefore", "§4.1.2.5");
  }
  if (validity.not_after > kLastTime) return violation("notAfter is after 9999", "§4.1.2.5");
  return {};
}

Result<void> check_no_repetition(const pkix::Extensions& extensions) {
  for (auto one = extensions.begin(); one != extensions.end(); ++one) {
    const auto again = std::find_if(one + 1, extensions.end(), [&](const pkix::Extension& other) {
      return other.extn_id == one->extn_id;
    });
    if (again != extensions.end()) {
      return violation("the extension " + one->extn_id.to_text() + " is there twice", "§4.2");
    }
  }
  return {};
}

/// The two that users ask for, and whose readers are patient.
Result<void> check_defaults_left_out(const pkix::Extensions& extensions) {
  for (const auto& extension : extensions) TRY(pkix::check_leaves_out_defaults(extension));
  return {};
}

/// keyIdentifier in every certificate, the one of the issuer's own certificate where it has one.
Result<void> check_authority_key_identifier(const pkix::TBSCertificate& tbs,
                                            const pkix::Certificate& issuer) {
  const auto* extension = pkix::find_extension(tbs.extensions, oid::kAuthorityKeyIdentifier);
  if (extension == nullptr) return violation("authorityKeyIdentifier is missing", "§4.2.1.1");
  const auto identifier = TRY(pkix::read_authority_key_identifier(extension->extn_value));
  if (!identifier.key_identifier) return violation("keyIdentifier is missing", "§4.2.1.1");
  const auto expected = issuer.subject_key_identifier();
  if (expected && *expected != *identifier.key_identifier) {
    return violation("keyIdentifier is not the issuer's subjectKeyIdentifier", "§4.2.1.1");
  }
  return {};
}

Result<pkix::BasicConstraints> basic_constraints_of(const pkix::TBSCertificate& tbs) {
  const auto* extension = pkix::find_extension(tbs.extensions, oid::kBasicConstraints);
  if (extension == nullptr) return pkix::BasicConstraints{};
  return pkix::read_basic_constraints(extension->extn_value);
}

Result<void> check_authority(const pkix::TBSCertificate& tbs, const pkix::Certificate& issuer) {
  const auto constraints = TRY(basic_constraints_of(tbs));
  if (!constraints.ca) return {};
  if (tbs.subject.empty()) return violation("an authority without subject", "§4.1.2.6");
  const bool self_issued = tbs.subject == issuer->subject;
  if (!self_issued && TRY(basic_constraints_of(issuer.tbs.value)).path_len_constraint == 0) {
    return violation("an authority below one whose pathLenConstraint is 0", "§4.2.1.9");
  }
  return {};
}

/// What a strict reader makes of the octets is what was meant.
Result<void> check_read_back(const pkix::TBSCertificate& tbs, ByteView tbs_der) {
  const auto certificate =
      pkix::read_certificate(pkix::write_certificate(tbs_der, tbs.signature, {}));
  if (!certificate.ok()) {
    return violation("the octets cannot be read back: " + certificate.error().detail, "§4.1");
  }
  if (!(certificate->tbs.value == tbs)) {
    return violation("the octets read back say something else", "§4.1");
  }
  return {};
}

}  // namespace

Result<void> lint(const pkix::TBSCertificate& tbs, ByteView tbs_der,
                  const pkix::Certificate& issuer) {
  //= E156 RFC 10002 §9: certificates follow RFC 5280
  TRY(check_read_back(tbs, tbs_der));
  TRY(check_version_and_serial(tbs));
  TRY(check_names(tbs, issuer));
  TRY(check_validity(tbs.validity));
  TRY(as_violation(check_time_forms(tbs_der, tbs.validity)));
  TRY(check_no_repetition(tbs.extensions));
  TRY(as_violation(check_defaults_left_out(tbs.extensions)));
  TRY(as_violation(policy::check_extension_rules(tbs.extensions, tbs.subject)));
  TRY(as_violation(policy::check_key_usage_of_key(tbs.extensions, tbs.subject_public_key_info)));
  TRY(as_violation(check_authority_key_identifier(tbs, issuer)));
  return as_violation(check_authority(tbs, issuer));
}

}  // namespace signet::issuance
