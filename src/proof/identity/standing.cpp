#include "proof/identity/standing.h"

#include <algorithm>

#include "codec/pkix/name_strings.h"
#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"
#include "crypto/digest.h"

namespace signet::proof {
namespace {

Error refuse(const pkix::Certificate& certificate, const std::string& why) {
  return {Fault::untrusted_signer, "the certificate of " + describe(certificate) + " " + why};
}

Result<void> check_path(const pkix::Certificate& certificate, ByteView hash,
                        const std::vector<pkix::Certificate>& hints, const IdentityContext& context,
                        Time at) {
  const auto valid = context.trust.validate(certificate, hash, hints, at);
  if (valid.ok() || valid.error().fault != Fault::untrusted_signer) return valid;
  return refuse(certificate, "is not trusted: " + valid.error().detail);
}

/// RFC 5280 §4.2.1.3: a key whose use is restricted signs only where the restriction says so.
Result<void> check_may_sign(const pkix::Certificate& certificate) {
  const auto* extension = pkix::find_extension(certificate->extensions, pkix::oid::kKeyUsage);
  if (extension == nullptr) return {};
  const auto usage = TRY(pkix::read_key_usage(extension->extn_value));
  if (usage.has(pkix::KeyUsageBit::digitalSignature) ||
      usage.has(pkix::KeyUsageBit::nonRepudiation)) {
    return {};
  }
  return refuse(certificate,
                "has a keyUsage without digitalSignature and nonRepudiation: use a certificate for "
                "signing");
}

/// Neither serial number nor names make a certificate ours: its octets do.
Result<void> check_record(const pkix::Certificate& certificate, const IdentityContext& context) {
  const auto record = TRY(context.store.find_certificate(certificate->serial_number));
  if (!record || record->certificate_der != certificate.der) {
    return refuse(certificate, "names this authority as its issuer but is not in its records");
  }
  if (context.signer_must_be == SignerMustBe::on_record) return {};
  switch (record->status) {
    case store::CertificateStatus::valid:
      return {};
    case store::CertificateStatus::on_hold:
      return refuse(certificate, "is on hold: have it released, or use another one");
    case store::CertificateStatus::revoked:
      return refuse(certificate, "is revoked" +
                                     (record->revoked_at ? " since " + to_text(*record->revoked_at)
                                                         : std::string()) +
                                     ": use another one");
  }
  return refuse(certificate, "has a status in our records that means nothing here");
}

/// As paths are built (RFC 5280 §7.1): upper and lower case are one.
bool is_named_as(const pkix::Name& issuer, const pkix::Certificate& authority) {
  return !issuer.empty() && pkix::names_match(issuer, authority->subject);
}

bool is_issued_by(const pkix::Certificate& certificate, const pkix::Certificate& issuer) {
  return is_named_as(certificate->issuer, issuer) &&
         crypto::verify_certificate_signature(certificate, issuer->subject_public_key_info).ok();
}

}  // namespace

Result<Standing> check_standing(const pkix::Certificate& certificate,
                                const std::vector<pkix::Certificate>& hints,
                                const IdentityContext& context, Expiry expiry) {
  const bool is_ours = is_named_as(certificate->issuer, context.authority);
  const auto end = certificate->validity.not_after;
  const bool is_expired = is_ours && expiry == Expiry::let_pass && end < context.now;
  auto hash = crypto::sha256(certificate.der);
  TRY(check_path(certificate, hash, hints, context, is_expired ? end : context.now));
  TRY(check_may_sign(certificate));
  if (is_ours) {
    TRY(check_record(certificate, context));
    return Standing{Origin::ours, is_expired, std::move(hash)};
  }
  const auto& foreign = context.rules.foreign_issuers;
  if (std::any_of(foreign.begin(), foreign.end(),
                  [&](const auto& issuer) { return is_issued_by(certificate, issuer); })) {
    return Standing{Origin::foreign, false, std::move(hash)};
  }
  return refuse(certificate,
                "is issued by " + pkix::to_text(certificate->issuer) +
                    ", which is neither this authority nor one of its foreign issuers");
}

std::optional<Time> locked_until(const store::TokenHistory& history, const SecretRules& rules,
                                 Time now) {
  if (rules.most_failures == 0 || history.failures < rules.most_failures) return std::nullopt;
  if (!history.last_failure_at) return std::nullopt;
  // One that lies further ahead was noted by a clock that has been set back since: it would lock
  // for as long as that clock was wrong. The next wrong proof locks by this one.
  const auto since = now - *history.last_failure_at;
  if (since <= -rules.lock_time || since >= rules.lock_time) return std::nullopt;
  return *history.last_failure_at + rules.lock_time;
}

bool is_locked(const store::TokenHistory& history, const IdentityContext& context) {
  return locked_until(history, context.rules.secrets, context.now).has_value();
}

/// As many as lock may count already, when it was long ago: then one more locks again.
std::optional<std::size_t> failures_let_pass(const store::TokenHistory& history,
                                             const SecretRules& rules) {
  if (rules.most_failures == 0) return std::nullopt;
  return std::max(history.failures, rules.most_failures - 1);
}

std::string describe(const pkix::Certificate& certificate) {
  const auto subject = pkix::to_text(certificate->subject);
  return (subject.empty() ? "an empty subject" : subject) + " (serial number 0x" +
         certificate->serial_number.to_hex() + ")";
}

bool same_person(const pkix::Name& left, const pkix::Name& right) {
  if (left.empty() || left == right) return !left.empty();
  if (!pkix::names_match(left, right)) return false;
  const auto one = pkix::respelled(left, asn1::kUtf8String);
  const auto other = pkix::respelled(right, asn1::kUtf8String);
  return one.ok() && other.ok() && *one == *other;
}

}  // namespace signet::proof
