#include "support/test_records.h"

#include "crypto/digest.h"
#include "support/change_status.h"
#include "support/opened.h"

namespace signet::test {

Credential TestRecords::enroll(const CertificateInput& input) {
  auto issued = ca.issue(input);
  record(issued.certificate);
  return issued;
}

void TestRecords::record(const pkix::Certificate& certificate) {
  const auto key_hash = crypto::sha256(certificate->subject_public_key_info.der);
  store::Commit commit;
  commit.certificates = {store::record_of(certificate, key_hash, now)};
  audit::MemoryJournal journal;
  const store::Commit* batch[] = {&commit};
  CHECK(engine_.apply(batch, journal).front().durable());
}

void TestRecords::change_status(const pkix::Certificate& certificate,
                                store::CertificateStatus status) {
  CHECK(test::change_status(engine_, certificate->serial_number, status, now,
                            pkix::CRLReason::unspecified)
            .ok());
}

Result<proof::ProvenIdentity> TestRecords::prove(
    ByteView message, const std::optional<pkix::Certificate>& tls_client) const {
  const auto opened = open(message);
  auto anchors = rules.foreign_issuers;
  anchors.push_back(ca.certificate());
  anchors.insert(anchors.end(), more_anchors.begin(), more_anchors.end());
  const auto trust = unwrap(proof::Trust::make(std::move(anchors), {}));
  std::optional<store::TokenFailure> failed_proof;
  proof::UsedTolerances tolerated;
  proof::Peer peer;
  if (tls_client) peer.tls_client_certificate = tls_client->der;
  peer.transport = transport;
  return proof::prove_identity(opened.request(), peer,
                               {.trust = trust,
                                .store = engine_,
                                .tokens = engine_,
                                .secrets = nullptr,
                                .rules = rules,
                                .authority = ca.certificate(),
                                .now = now,
                                .failed_proof = failed_proof,
                                .tolerated = tolerated,
                                .expired_signers = expired_signers});
}

Result<proof::ProvenIdentity> TestRecords::prove(const Credential& signer) const {
  return prove(full_request(signer, {tagged(1, pkcs10())}).encode(), signer.certificate);
}

}  // namespace signet::test
