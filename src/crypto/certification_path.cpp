#include "crypto/certification_path.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "crypto/public_key.h"
#include "crypto/x509.h"

namespace signet::crypto {
namespace {

using Store = std::unique_ptr<X509_STORE, openssl::Release<X509_STORE_free>>;
using Validation = std::unique_ptr<X509_STORE_CTX, openssl::Release<X509_STORE_CTX_free>>;

/// OpenSSL's level for 112 bits: RSA and DH from 2048, EC from 224, no SHA-1.
constexpr int kAuthenticationLevel = 2;
/// Certificates between end entity and anchor: bounds what a stranger's hints may cost.
constexpr int kMaximumDepth = 8;

/// X509_V_FLAG_X509_STRICT demands two kinds of things. What RFC 5280 §6.1 demands of a path stays
/// demanded: basicConstraints in a CA's certificate above all, §6.1.4 (k). What §4.2 demands of
/// those who issue says nothing about whether a path is valid, and many an operator's own root
/// lacks it (`openssl req -x509` writes no keyUsage), so that is let pass.
bool is_issuers_duty_only(int error) {
  switch (error) {
    case X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER:
    case X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER:
    case X509_V_ERR_CA_BCONS_NOT_CRITICAL:
    case X509_V_ERR_CA_CERT_MISSING_KEY_USAGE:
      return true;
    default:
      return false;
  }
}

/// RFC 5280 §4.1.2.5: the second of notAfter belongs to the validity; OpenSSL leaves it out.
bool is_last_second(X509_STORE_CTX* validation, int error) {
  if (error != X509_V_ERR_CERT_HAS_EXPIRED) return false;
  const auto at = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(validation));
  const auto* certificate = X509_STORE_CTX_get_current_cert(validation);
  return ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate), at) == 0;
}

/// OpenSSL asks it about each certificate, once more where something is wrong with it.
int judge(int ok, X509_STORE_CTX* validation) {
  const int error = X509_STORE_CTX_get_error(validation);
  if (ok == 1 || (!is_issuers_duty_only(error) && !is_last_second(validation, error))) return ok;
  X509_STORE_CTX_set_error(validation, X509_V_OK);
  return 1;
}

int openssl_purpose(PathPurpose purpose) {
  switch (purpose) {
    case PathPurpose::any:
      return X509_PURPOSE_ANY;
    case PathPurpose::tls_client:
      return X509_PURPOSE_SSL_CLIENT;
    case PathPurpose::tls_server:
      return X509_PURPOSE_SSL_SERVER;
  }
  return X509_PURPOSE_ANY;
}

bool set_rules(X509_STORE_CTX* validation, Time at, PathPurpose purpose) {
  auto* rules = X509_STORE_CTX_get0_param(validation);
  X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(at.time_since_epoch().count()));
  X509_VERIFY_PARAM_set_auth_level(rules, kAuthenticationLevel);
  X509_VERIFY_PARAM_set_depth(rules, kMaximumDepth);
  X509_STORE_CTX_set_verify_cb(validation, judge);
  return X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT) == 1 &&
         X509_VERIFY_PARAM_set_purpose(rules, openssl_purpose(purpose)) == 1;
}

std::string describe(const pkix::Certificate& certificate) {
  return "certificate of \"" + pkix::to_text(certificate->subject) + "\", valid from " +
         signet::to_text(certificate->validity.not_before) + " to " +
         signet::to_text(certificate->validity.not_after);
}

/// A root that is no anchor leads nowhere, and OpenSSL would not look for another way: where an
/// authority has two keys, the cross-certificate of the same name and key is that way.
bool leads_nowhere(X509* hint) {
  return (X509_get_extension_flags(hint) & EXFLAG_SS) != 0;
}

/// Hints that OpenSSL cannot read are no hints.
openssl::X509Stack readable(const std::vector<pkix::Certificate>& hints) {
  openssl::X509Stack stack(sk_X509_new_null());
  CHECK(stack != nullptr);
  for (const auto& hint : hints) {
    auto made = to_x509(hint);
    if (!made || leads_nowhere(made->get())) continue;
    CHECK(sk_X509_push(stack.get(), made->get()) > 0);
    static_cast<void>(made->release());
  }
  return stack;
}

/// OpenSSL's words, and the certificate they are about.
Error no_path(X509_STORE_CTX* validation, Time at) {
  openssl::forget_reason();
  const std::string words = X509_verify_cert_error_string(X509_STORE_CTX_get_error(validation));
  const auto* at_fault = X509_STORE_CTX_get_current_cert(validation);
  std::string where = "no certificate";
  if (at_fault != nullptr) {
    if (const auto certificate = from_x509(at_fault)) where = describe(*certificate);
  }
  return {Fault::untrusted_signer, "no valid path to an anchor at " + signet::to_text(at) + ": " +
                                       words + " (" + where + ")"};
}

Result<std::vector<pkix::Certificate>> path_of(X509_STORE_CTX* validation) {
  std::vector<pkix::Certificate> path;
  const auto* chain = X509_STORE_CTX_get0_chain(validation);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    path.push_back(TRY(from_x509(sk_X509_value(chain, i))));
  }
  return path;
}

/// A path is as strong as its weakest key: each must be one that we would certify ourselves.
Result<void> check_keys(const std::vector<pkix::Certificate>& path) {
  for (const auto& certificate : path) {
    const auto key = PublicKey::from(certificate->subject_public_key_info);
    if (key) continue;
    return Error{Fault::untrusted_signer, key.error().detail + " (" + describe(certificate) + ")"};
  }
  return {};
}

}  // namespace

struct CertificationPathValidator::Impl {
  Store anchors;
};

CertificationPathValidator::CertificationPathValidator(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}
CertificationPathValidator::~CertificationPathValidator() = default;
CertificationPathValidator::CertificationPathValidator(CertificationPathValidator&&) noexcept =
    default;
CertificationPathValidator& CertificationPathValidator::operator=(
    CertificationPathValidator&&) noexcept = default;

Result<CertificationPathValidator> CertificationPathValidator::make(
    const std::vector<pkix::Certificate>& anchors) {
  auto impl = std::make_unique<Impl>();
  impl->anchors.reset(X509_STORE_new());
  CHECK(impl->anchors != nullptr);
  for (const auto& anchor : anchors) {
    const auto certificate = TRY(to_x509(anchor));
    CHECK(X509_STORE_add_cert(impl->anchors.get(), certificate.get()) == 1);
  }
  return CertificationPathValidator(std::move(impl));
}

Result<std::vector<pkix::Certificate>> CertificationPathValidator::validate(
    const pkix::Certificate& end_entity, const std::vector<pkix::Certificate>& intermediates,
    Time at, PathPurpose purpose) const {
  const auto target = to_x509(end_entity);
  if (!target) return Error{Fault::untrusted_signer, target.error().detail};
  const auto hints = readable(intermediates);
  const Validation validation(X509_STORE_CTX_new());
  CHECK(validation != nullptr && X509_STORE_CTX_init(validation.get(), impl_->anchors.get(),
                                                     target->get(), hints.get()) == 1);
  CHECK(set_rules(validation.get(), at, purpose));
  if (X509_verify_cert(validation.get()) != 1) return no_path(validation.get(), at);
  auto path = TRY(path_of(validation.get()));
  TRY(check_keys(path));
  return path;
}

Result<void> check_names_host(const pkix::Certificate& certificate, const std::string& host) {
  const auto x509 = TRY(to_x509(certificate));
  constexpr int kNoAddress = -2;
  const int as_address = X509_check_ip_asc(x509.get(), host.c_str(), 0);
  const bool agrees = as_address == kNoAddress
                          ? X509_check_host(x509.get(), host.data(), host.size(),
                                            X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1
                          : as_address == 1;
  openssl::forget_reason();
  if (agrees) return {};
  return Error{Fault::tls_mismatch, "the " + describe(certificate) + ", is not for " + host};
}

Result<void> verify_certificate_signature(const pkix::Certificate& subject,
                                          const pkix::SubjectPublicKeyInfo& issuer_key) {
  if (subject.signature_value.unused_bits != 0) {
    return Error{Fault::bad_signature, "signatureValue is not a whole number of octets"};
  }
  const auto key = TRY(PublicKey::from(issuer_key));
  return key.verify(subject.signature_algorithm, subject.tbs.der, subject.signature_value.octets);
}

}  // namespace signet::crypto
