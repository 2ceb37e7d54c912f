#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "authority/certificate_authority.h"
#include "client/build_request.h"
#include "codec/cmc/status.h"
#include "crypto/private_key.h"
#include "store/certificate_store.h"
#include "store/memory_engine.h"
#include "support/fakes.h"

namespace signet::test {

/// Somebody with a certificate of the test authority.
struct Holder {
  std::shared_ptr<const crypto::PrivateKey> key;
  pkix::Certificate certificate;
};

/// What of an authority outlives its server: see Choices::estate.
struct Estate {
  std::shared_ptr<const crypto::PrivateKey> key;
  std::vector<pkix::Certificate> chain;
  Holder agent;
  Holder alice;
};

/// An answer, read back.
struct Told {
  authority::ResponseKind kind = authority::ResponseKind::none;
  cmc::CMCStatusInfoV2 status;  ///< the first; success for a Simple response
  std::vector<cmc::TaggedAttribute> controls;
  std::vector<cmc::TaggedContentInfo> messages;  ///< answers to what was forwarded
  std::vector<pkix::Certificate> certificates;   ///< new ones only: those of the chain left out
  std::vector<pkix::CertificateList> crls;
  std::vector<audit::Event> events;  ///< of this message
  /// What stood around the answer, where it was an AuthenticatedData.
  std::optional<cms::AuthenticatedData> authenticated;

  [[nodiscard]] bool issued() const { return !certificates.empty(); }
  [[nodiscard]] std::optional<cmc::CMCFailInfo> fail_info() const;
  [[nodiscard]] std::string text() const { return status.status_string.value_or(""); }
  [[nodiscard]] bool names(std::uint32_t body_part) const;
  [[nodiscard]] bool has_event(std::string_view name, audit::EventOutcome outcome) const;
};

/// The authority's own certificates are left out.
Told read_told(const authority::Answer& answer, const std::vector<pkix::Certificate>& own);

/// The profiles that come with Signet; `more`: the text of one more, id "extra", unless empty.
policy::ProfileSet shipped_profiles(const std::string& more = "");

/// A whole authority in memory, with the shipped profiles: what signetd serves, without the socket.
/// One agent and one user ("CN=Alice,O=Test") are enrolled. The clock stands still until moved.
class TestAuthority {
 public:
  struct Choices {
    std::string ca_key = "ec:p256";
    std::shared_ptr<const crypto::PrivateKey> own_key = {};  ///< in the place of a new `ca_key`
    authority::Settings settings = {};
    proof::TlsMatch tls_match = proof::TlsMatch::certificate;
    store::Engine* engine = nullptr;    ///< null: memory
    audit::Journal* journal = nullptr;  ///< null: memory
    proof::SecretRules secret_rules = {};
    std::vector<pkix::Certificate> foreign_issuers = {};  ///< who they certify may sign
    std::string more_profiles = {};                       ///< text of one more profile, id "extra"
    proof::PossessionRules possession_rules = {.challenges = proof::ChallengeRules{}};
    std::shared_ptr<const envelope::DecryptionKey> decryption = {};
    proof::SecretProtection revocation_protection = {};
    issuance::CrlPoints crl_points = {};
    bool takes_secrets = true;  ///< false: no source of shared secrets is configured
    bool delegates = false;     ///< true: responses are signed by `cmc`
    /// Responses carry these, each with a cross-certificate by this authority, and announce them as
    /// trust anchors, under number 7; empty: they do not.
    std::vector<pkix::Certificate> announces = {};
    /// false: there is no root that who asks under a secret could be told of.
    bool has_root = true;
    /// The authority of an earlier server, started again on its store; `own_key` may stand before
    /// its key.
    std::optional<Estate> estate = {};
    const Clock* own_clock = nullptr;                             ///< in the place of `clock`
    RandomSource* own_random = nullptr;                           ///< in the place of the system's
    Log* log = nullptr;                                           ///< null: nothing is kept
    std::shared_ptr<const proof::SecretSource> own_secrets = {};  ///< in the place of `secrets`
  };
  TestAuthority();
  explicit TestAuthority(Choices choices);
  ~TestAuthority();

  FixedClock clock;
  /// Shared secrets known to the authority.
  std::shared_ptr<FakeSecretSource> secrets = std::make_shared<FakeSecretSource>();
  Holder agent;
  Holder alice;
  Holder cmc;  ///< signs responses, where the authority delegates

  [[nodiscard]] const pkix::Certificate& certificate() const;
  [[nodiscard]] const crypto::PrivateKey& key() const;
  store::Engine& engine();
  authority::CertificateAuthority& authority();
  /// Of a message that is decided at once. Nothing is kept.
  authority::Answer decide(const authority::Inquiry& inquiry) {
    return std::get<authority::Answer>(authority().respond(inquiry));
  }
  /// What is offered; a test may change it.
  policy::OfferedProfiles& profiles();
  authority::AgentDesk& desk() { return authority().desk(); }
  Result<std::size_t> settle_overdue() { return authority().settle_overdue(); }

  [[nodiscard]] Estate estate() const;

  /// A certificate of this authority, on record.
  Holder enroll(const std::string& subject, const std::string& key = "ec:p256");
  /// A certificate by this key, as it stands; on no record.
  static pkix::Certificate sign(pkix::TBSCertificate tbs, const crypto::PrivateKey& key);
  void record(const pkix::Certificate& certificate);
  /// One that says it is of this authority and is in no record (or by a stranger's key).
  Holder forge(const std::string& subject, const pkix::Integer& serial, bool signed_by_stranger);

  /// A user-signed (or agent-signed) Full PKI Request for one fresh key.
  client::SentRequest request(const Holder& signer, const std::string& subject,
                              client::RequestForm form = client::RequestForm::pkcs10);
  /// A PKCS#10 for one fresh key.
  Bytes certification_request(const std::string& subject);

  /// Sends over a connection with `tls_client`'s certificate (none when null) and waits until it is
  /// durable.
  Told send(ByteView message, const Holder* tls_client, const std::string& profile = "");
  Told send(authority::Inquiry inquiry);
  /// The same, safe for many threads; `events` stay empty.
  Told deliver(authority::Inquiry inquiry);
  /// The same, and gives the octets of the answer as they are.
  authority::Answer deliver_octets(authority::Inquiry inquiry);
  [[nodiscard]] std::size_t certificates_on_record();

 private:
  [[nodiscard]] Bytes ca_key_identifier() const;
  [[nodiscard]] pkix::Certificate own_root(const crypto::PrivateKey& key) const;
  [[nodiscard]] std::shared_ptr<const proof::SecretSource> secrets_of(const Choices& choices) const;

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::test
