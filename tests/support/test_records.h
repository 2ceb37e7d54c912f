#pragma once

#include "proof/identity/identity.h"
#include "store/memory_engine.h"
#include "support/message_builder.h"

namespace signet::test {

/// Whom an authority knows: a TestCa with its records, trust and rules; what prove_identity asks.
class TestRecords {
 public:
  TestCa ca;
  proof::IdentityRules rules;
  /// Trusted besides the CA and `rules.foreign_issuers`.
  std::vector<pkix::Certificate> more_anchors;
  Time now = kTestTime;
  bool expired_signers = false;
  proof::TransportKind transport = proof::TransportKind::tls;

  /// Issues and records.
  Credential enroll(const CertificateInput& input = {});
  void record(const pkix::Certificate& certificate);
  void change_status(const pkix::Certificate& certificate, store::CertificateStatus status);

  /// Opens a message and asks who sent it over a connection with this TLS client certificate.
  [[nodiscard]] Result<proof::ProvenIdentity> prove(
      ByteView message, const std::optional<pkix::Certificate>& tls_client) const;
  /// A message of `signer`, sent over its own TLS connection.
  [[nodiscard]] Result<proof::ProvenIdentity> prove(const Credential& signer) const;

 private:
  store::MemoryEngine engine_;
};

}  // namespace signet::test
