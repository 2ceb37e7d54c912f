#pragma once

#include <memory>
#include <string>
#include <vector>

#include "codec/pkix/certificate.h"

namespace signet::crypto {

enum class PathPurpose { any, tls_client, tls_server };

/// Builds and checks certification paths (RFC 5280 §6): OpenSSL's X509_STORE behind our types.
/// Revocation is not looked at: proof/identity asks our own records.
class CertificationPathValidator {
 public:
  /// Faults: malformed when OpenSSL cannot read one of the certificates.
  static Result<CertificationPathValidator> make(const std::vector<pkix::Certificate>& anchors);
  ~CertificationPathValidator();
  CertificationPathValidator(CertificationPathValidator&&) noexcept;
  CertificationPathValidator& operator=(CertificationPathValidator&&) noexcept;

  /// The path found, end entity first, anchor last. `intermediates` are hints, never trusted.
  /// Faults: untrusted_signer, its detail saying what OpenSSL found wrong and with which
  /// certificate.
  [[nodiscard]] Result<std::vector<pkix::Certificate>> validate(
      const pkix::Certificate& end_entity, const std::vector<pkix::Certificate>& intermediates,
      Time at, PathPurpose purpose = PathPurpose::any) const;

 private:
  struct Impl;
  explicit CertificationPathValidator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Whether a TLS server's certificate is for this host, a name or an IP address without brackets
/// (RFC 9525): by subjectAltName alone. Faults: tls_mismatch; malformed when OpenSSL cannot read
/// it.
Result<void> check_names_host(const pkix::Certificate& certificate, const std::string& host);

/// Verifies `subject`'s signature by `issuer`'s key: the one step that issuance checks on itself.
Result<void> verify_certificate_signature(const pkix::Certificate& subject,
                                          const pkix::SubjectPublicKeyInfo& issuer_key);

}  // namespace signet::crypto
