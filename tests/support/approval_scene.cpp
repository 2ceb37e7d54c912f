#include "support/approval_scene.h"

#include "store/memory_engine.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

/// Messages here carry their signer's certificate.
class NoCertificates final : public envelope::CertificateSource {
 public:
  std::optional<pkix::Certificate> find(const cms::IssuerAndSerialNumber&) const override {
    return std::nullopt;
  }
  std::optional<pkix::Certificate> find(const cms::SubjectKeyIdentifier&) const override {
    return std::nullopt;
  }
};

}  // namespace

std::shared_ptr<const policy::Profile> shipped_profile(const std::string& id,
                                                       const std::string& more_lines) {
  const auto octets = file(source_folder() + "/profiles/" + id + ".cfg");
  auto parsed =
      policy::Profile::parse(id + ".cfg", std::string{as_text(octets)} + "\n" + more_lines);
  if (parsed.profile == nullptr) {
    for (const auto& fault : parsed.faults) {
      std::fprintf(stderr, "test set-up: %s\n", policy::to_text(fault).c_str());
    }
    std::abort();
  }
  return parsed.profile;
}

std::string one_more_policy(const std::string& class_id, const std::string& parameters) {
  const auto prefix = std::string{kSet} + "20.";
  return std::string{kSet} + "list=1,2,3,4,5,6,7,8,20\n" + prefix + "default.class_id=" + class_id +
         "\n" + prefix + "default.params." + parameters + "\n" + prefix +
         "constraint.class_id=noConstraintImpl\n";
}

Bytes request_for(const std::string& subject, const Key& key, const pkix::Extensions& extensions) {
  return tagged(7, pkcs10({.subject = subject, .key = key, .extensions = extensions}));
}

ApprovalScene::ApprovalScene()
    : agent(enroll("CN=Agent,O=Test")), alice(enroll("CN=Alice,O=Test")) {
  facts.certificate = ca.certificate();
  facts.default_signature_algorithm = unwrap(crypto::default_signature_algorithm(ca.key()));
  facts.ocsp_uri = "http://ocsp.example/";
}

Credential ApprovalScene::enroll(const std::string& subject) {
  auto credential = ca.issue({.subject = subject});
  store::CertificateRecord record;
  record.serial_number = credential.certificate->serial_number;
  record.certificate_der = credential.certificate.der;
  record.subject_der = credential.certificate->subject.der();
  record.key_hash = crypto::sha256(credential.key->public_key_info().der);
  record.not_before = credential.certificate->validity.not_before;
  record.not_after = credential.certificate->validity.not_after;
  store.records.push_back(std::move(record));
  return credential;
}

Result<policy::ApprovedCertificate> ApprovalScene::approve(const policy::Profile& profile,
                                                           const Credential& signer,
                                                           const Bytes& tagged_request) const {
  return approve_message(profile, signer, full_request(signer, {tagged_request}).encode());
}

Result<policy::ApprovedCertificate> ApprovalScene::approve_simple(
    const policy::Profile& profile, const Credential& tls_client,
    const Bytes& certification_request) const {
  return approve_message(profile, tls_client, certification_request);
}

Result<policy::ApprovedCertificate> ApprovalScene::approve_message(const policy::Profile& profile,
                                                                   const Credential& requester,
                                                                   const Bytes& message) const {
  std::vector<pkix::Certificate> anchors{ca.certificate()};
  anchors.insert(anchors.end(), foreign_issuers.begin(), foreign_issuers.end());
  const auto trust = TRY(proof::Trust::make(anchors, {}));
  proof::IdentityRules rules;
  rules.foreign_issuers = foreign_issuers;
  rules.agents.insert(crypto::sha256(agent.certificate.der));
  crypto::PublicKeyCache keys;

  const auto request = TRY(cmc::read_pki_request(message));
  const auto opened = TRY(envelope::open_request(request, NoCertificates{}, keys));
  std::optional<store::TokenFailure> failed_proof;
  proof::UsedTolerances tolerated;
  const store::MemoryEngine no_tokens;
  const auto identity = TRY(proof::prove_identity(
      opened, {.tls_client_certificate = requester.certificate.der, .address = ""},
      {.trust = trust,
       .store = store,
       .tokens = no_tokens,
       .secrets = nullptr,
       .rules = rules,
       .authority = ca.certificate(),
       .now = now,
       .failed_proof = failed_proof,
       .tolerated = tolerated}));
  TRY(policy::check_authenticator(profile, identity));
  const auto& wanted = *opened.certification_requests().front();
  const auto no_link =
      TRY(proof::read_link_demand(opened.message(), identity, {rules.secrets, tolerated}));
  const proof::PossessionRules every_key_signs;
  const auto possession = TRY(proof::prove_possession(
      wanted, {.identity = identity, .link = no_link, .rules = every_key_signs}));
  return policy::approve({.profile = profile,
                          .request_number = 0,
                          .request = wanted,
                          .identity = identity,
                          .possession = std::get<proof::ProvenPossession>(possession),
                          .store = store,
                          .authority = facts,
                          .now = now,
                          .changes = agent_changes ? &*agent_changes : nullptr,
                          .new_names = new_names ? &*new_names : nullptr,
                          .template_changes = template_changes});
}

}  // namespace signet::test
