// What clients say, through a registration authority of ours (client/build_relay.h, read_relayed.h)
// and back: each control does what it does without one, and its answer reaches whoever asked.
#include "authority/agent_desk.h"
#include "authority/crl_maker.h"
#include "client/read_relayed.h"
#include "issuance/authority_certificates.h"
#include "support/challenge_answers.h"
#include "support/life_scene.h"
#include "support/secret_message.h"

namespace signet::test {
namespace {

using client::RelayedOutcome;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::CertificateStatus;

class RelayWalk : public testing::Test {
 protected:
  explicit RelayWalk(TestAuthority::Choices choices = {}) : ca(std::move(choices)) {
    ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner, .uses_allowed = 0};
  }
  client::RelayedAnswer relay(const Bytes& message, const client::RaAssertions& said = {}) {
    static const std::vector<pkix::Certificate> kNoChain;
    const auto sent = unwrap(client::make_relay({unwrap(client::read_relayable(message, said))},
                                                {ca.agent.certificate, *ca.agent.key, kNoChain},
                                                crypto::system_random()));
    authority::Inquiry inquiry;
    inquiry.octets = sent.sent.octets;
    inquiry.peer.tls_client_certificate = ca.agent.certificate.der;
    const auto answer = ca.deliver_octets(std::move(inquiry));
    return unwrap(client::read_relayed(answer.octets, sent, trust(), ca.clock.now())).answers.at(0);
  }
  /// What was handed on to whoever asked, read back.
  Told told(const client::RelayedAnswer& relayed) {
    authority::Answer answer;
    answer.octets = relayed.octets.value();
    answer.kind = authority::ResponseKind::full;
    const auto content = unwrap(cms::read_content_info(answer.octets));
    const bool is_signed = content.content_type == cms::oid::kSignedData;
    if (is_signed && !unwrap(cms::read_signed_data(content.content)).encap_content_info.e_content) {
      answer.kind = authority::ResponseKind::simple;
    }
    return read_told(answer, {ca.certificate()});
  }
  client::CheckedResponse read_by_client(const client::RelayedAnswer& relayed,
                                         const client::SentRequest& sent,
                                         const std::optional<client::SecretHolder>& holder = {}) {
    return unwrap(
        client::read_response(relayed.octets.value(), sent, trust(), ca.clock.now(), holder));
  }
  proof::Trust trust() const { return unwrap(proof::Trust::make({ca.certificate()}, {})); }
  /// Alice's, with a nonce of its own.
  Bytes by_alice(std::vector<cmc::TaggedAttribute> controls,
                 const std::vector<Bytes>& requests = {}) {
    controls.push_back(
        control(90, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, next_nonce_++))));
    return full_request({ca.alice.key, ca.alice.certificate}, requests, controls).encode();
  }
  static Bytes renewal() {
    return tagged(20, pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", 5)}));
  }
  CertificateStatus status_of(const pkix::Certificate& certificate) {
    return unwrap(ca.engine().find_certificate(certificate->serial_number)).value().status;
  }

  TestAuthority ca;

 private:
  std::uint8_t next_nonce_ = 1;
};

// ------------------------------------------------------------ who asks

class RelayWalkLinked : public RelayWalk {
 protected:
  RelayWalkLinked() : RelayWalk({.secret_rules = {.link_required = true}}) {}
  client::SentRequest by_secret(const SecretBytes& secret) {
    const client::SecretHolder holder{"alice", secret};
    const auto key = test_key("ec:p256", 5);
    const auto random = unwrap(client::make_link_random(crypto::system_random()));
    const auto request = unwrap(client::make_certification_request(
        {.subject = unwrap(pkix::name_from_text(kOwner)),
         .subject_alt_names = {},
         .extensions = {},
         .key = *key,
         .link_witness =
             unwrap(client::make_link_witness(holder, random, client::LinkKey::of_secret))}));
    return unwrap(client::make_secret_request({.requests = {{client::RequestForm::pkcs10, request}},
                                               .data_return = Bytes{1, 2, 3},
                                               .more_controls = {},
                                               .key = *key,
                                               .holder = holder,
                                               .link_random = random},
                                              crypto::system_random()));
  }
};

TEST_F(RelayWalkLinked, ASecretAndItsLinkAreProvenAndTheExchangeIsTheClientsOwn) {
  /* matrix: C02, C08, C14, C17, C20, C26, C33, C36, C39 */
  const auto sent = by_secret(SecretBytes(std::string_view(kSecret)));
  const auto relayed = relay(sent.octets);
  EXPECT_EQ(relayed.outcome, RelayedOutcome::granted);
  const auto checked = read_by_client(relayed, sent);  // transactionId, nonces, dataReturn
  ASSERT_TRUE(checked.success());
  EXPECT_EQ(pkix::to_text(checked.certificates.at(0).value()->subject), kOwner);

  const auto wrong = relay(by_secret(SecretBytes(std::string_view("another one, quite"))).octets);
  EXPECT_EQ(wrong.outcome, RelayedOutcome::refused);
  EXPECT_EQ(wrong.verdicts.at(0).fail_info, CMCFailInfo::badIdentity);
  const auto unlinked = relay(SecretMessage{.link_random = {}}.encode());
  EXPECT_EQ(unlinked.verdicts.at(0).fail_info, CMCFailInfo::popFailed);
}

class RelayWalkLegacy : public RelayWalk {
 protected:
  RelayWalkLegacy() : RelayWalk({.secret_rules = {.legacy_proofs = true, .link_required = true}}) {}
  static SecretMessage first_versions() {
    SecretMessage message{.version = 1};
    message.link_type = cmc::oid::kPopLinkWitness;
    message.link_mac = crypto::MacAlgorithm::hmac_sha1;
    message.hash = crypto::DigestAlgorithm::sha1;
    message.mac = crypto::MacAlgorithm::hmac_sha1;
    return message;
  }
};

TEST_F(RelayWalkLegacy, TheFirstVersionsAreToo) {
  /* matrix: C11, C23 */
  EXPECT_EQ(relay(first_versions().encode()).outcome, RelayedOutcome::granted);
  auto other_link = first_versions();
  other_link.witness_of = Bytes(64, 8);
  other_link.nonce = 2;
  EXPECT_EQ(relay(other_link.encode()).outcome, RelayedOutcome::refused);
}

TEST_F(RelayWalkLegacy, TheRegistrationAuthorityVouchesInThePlaceOfAFirstVersionToo) {
  /* matrix: C11 */
  auto message = first_versions();
  message.identification = "carol";
  message.link_random = {};
  message.subject = "CN=Carol,O=Test";
  EXPECT_EQ(relay(message.encode()).outcome, RelayedOutcome::refused);
  const auto relayed = relay(message.encode(), {.saw_identity = true});
  ASSERT_EQ(relayed.outcome, RelayedOutcome::granted);
  EXPECT_EQ(pkix::to_text(told(relayed).certificates.at(0)->subject), "CN=Carol,O=Test");
}

TEST_F(RelayWalk, AMacIsHandedOnAndSoIsTheAnswersOwn) {
  /* matrix: C74 */
  const auto message = SecretMessage{.in_authenticated_data = true}.encode();
  const auto relayed = relay(message);
  EXPECT_EQ(relayed.outcome, RelayedOutcome::granted);
  ASSERT_TRUE(told(relayed).authenticated) << "for who knows the secret";
  EXPECT_EQ(pkix::to_text(told(relayed).certificates.at(0)->subject), kOwner);
}

// ------------------------------------------------------------ keys that only decrypt

TEST_F(RelayWalk, AChallengeAndItsAnswerAreHandedOn) {
  /* matrix: C42, C45, C59, C62 */
  const auto key = test_key("rsa:2048");
  const auto request = unsigned_request(20, key);
  const auto challenged = relay(by_alice({}, {request}));
  EXPECT_EQ(challenged.outcome, RelayedOutcome::must_prove);
  const auto challenges = challenges_in(told(challenged));
  ASSERT_EQ(challenges.size(), 1U);
  const auto reg_info =
      control(40, cmc::oid::kRegInfo,
              cmc::write_octets_value(octets_in(told(challenged), cmc::oid::kResponseInfo)));
  const auto decrypted = control(41, cmc::oid::kDecryptedPOP,
                                 cmc::write_decrypted_pop(answer_to(challenges[0], *key)));
  const auto of_none = control(40, cmc::oid::kRegInfo, cmc::write_octets_value(Bytes(16, 0x41)));
  EXPECT_EQ(relay(by_alice({of_none, decrypted}, {request})).outcome, RelayedOutcome::refused);
  const auto granted = relay(by_alice({reg_info, decrypted}, {request}));
  EXPECT_EQ(granted.outcome, RelayedOutcome::granted);
  EXPECT_TRUE(told(granted).issued());
}

// ------------------------------------------------------------ what else may be asked for

TEST_F(RelayWalk, ACertificateIsFound) {
  /* matrix: C50 */
  const auto wanted = control(
      60, cmc::oid::kGetCert,
      cmc::write_get_cert({ca.certificate()->subject, ca.agent.certificate->serial_number}));
  const auto relayed =
      relay(full_request({ca.alice.key, ca.alice.certificate}, {}, {wanted}).encode());
  EXPECT_EQ(relayed.outcome, RelayedOutcome::granted);
  EXPECT_EQ(told(relayed).certificates.at(0), ca.agent.certificate);
}

TEST_F(RelayWalk, ACrlIsFound) {
  /* matrix: C53 */
  audit::MemoryJournal journal;
  store::Committer committer(ca.engine(), journal);
  authority::CrlMaker maker{
      {.issuer = ca.authority().issuer(),
       .signature_algorithm = unwrap(crypto::default_signature_algorithm(ca.key())),
       .store = ca.engine(),
       .committer = committer,
       .clock = ca.clock,
       .settings = {}}};
  const auto published = unwrap(maker.make(0));
  cmc::GetCRL wanted;
  wanted.issuer_name = ca.certificate()->subject;
  const auto relayed =
      relay(full_request({ca.alice.key, ca.alice.certificate}, {},
                         {control(60, cmc::oid::kGetCRL, cmc::write_get_crl(wanted))})
                .encode());
  EXPECT_EQ(relayed.outcome, RelayedOutcome::granted);
  ASSERT_EQ(told(relayed).crls.size(), 1U);
  EXPECT_EQ(told(relayed).crls[0].der, published.der);
}

TEST_F(RelayWalk, ARevocationIsDone) {
  /* matrix: C56 */
  cmc::RevokeRequest wanted;
  wanted.issuer_name = ca.certificate()->subject;
  wanted.serial_number = ca.agent.certificate->serial_number;
  const auto revoking = [&] {
    return by_alice({control(50, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted))});
  };
  EXPECT_EQ(relay(revoking()).outcome, RelayedOutcome::refused) << "not hers";
  wanted.serial_number = ca.alice.certificate->serial_number;
  EXPECT_EQ(relay(revoking()).outcome, RelayedOutcome::granted);
  EXPECT_EQ(status_of(ca.alice.certificate), CertificateStatus::revoked);
}

/// The authority publishes what it issues.
class RelayWalkPublished : public RelayWalk {
 protected:
  RelayWalkPublished() : RelayWalk(choices()) {}
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.settings.published = {.all = true, .ids = {}};
    return made;
  }
};

TEST_F(RelayWalkPublished, APublicationIsForbidden) {
  /* matrix: C81 */
  cmc::CMCPublicationInfo wanted;
  wanted.hash_alg = crypto::algorithm_identifier(crypto::DigestAlgorithm::sha256);
  wanted.cert_hashes = {crypto::sha256(ca.agent.certificate.der)};
  wanted.pub_info.action = 0;  // dontPublish
  const auto forbidding = [&] {
    return by_alice({control(50, cmc::oid::kPublishCert, cmc::write_cmc_publication_info(wanted))});
  };
  EXPECT_EQ(relay(forbidding()).outcome, RelayedOutcome::refused) << "not hers";
  wanted.cert_hashes = {crypto::sha256(ca.alice.certificate.der)};
  EXPECT_EQ(relay(forbidding()).outcome, RelayedOutcome::granted);
  EXPECT_TRUE(unwrap(ca.engine().is_withheld(ca.alice.certificate->serial_number)));
}

/// The authority announces another root.
class RelayWalkAnnounced : public RelayWalk {
 protected:
  RelayWalkAnnounced() : RelayWalk({.announces = {another_root()}}) {}
  static pkix::Certificate another_root() {
    static const auto root = [] {
      const FixedClock clock;
      const auto key = unwrap(crypto::generate_private_key("ec:p384"));
      return unwrap(
          issuance::make_root({.subject = unwrap(pkix::name_from_text("CN=Test CA,O=Test")),
                               .key = *key,
                               .now = clock.now()},
                              crypto::system_random()));
    }();
    return root;
  }
};

TEST_F(RelayWalkAnnounced, TheAnnouncementReachesWhoeverAsked) {
  /* matrix: C71 */
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  const auto checked = read_by_client(relay(sent.octets), sent);
  ASSERT_TRUE(checked.published_anchors);
  const auto published = unwrap(*checked.published_anchors);
  EXPECT_NE(std::find(published.anchors().begin(), published.anchors().end(), another_root()),
            published.anchors().end());
}

/// Users' requests wait for an agent, and are to be confirmed then.
class RelayWalkLife : public RelayWalk {
 protected:
  RelayWalkLife() : RelayWalk(choices()) {}
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.more_profiles = approval_profile();
    made.settings.user_profile = "extra";
    made.settings.confirmed_profiles = {"extra"};
    return made;
  }
  static cmc::TaggedAttribute transaction() {
    return control(91, cmc::oid::kTransactionId, cmc::write_integer_value(asn1::Integer::from(77)));
  }
};

TEST_F(RelayWalkLife, WhatWaitsIsAskedForAgainAndWhatIsGrantedConfirmed) {
  /* matrix: C02, C65, C68 */
  const auto waiting = relay(by_alice({transaction()}, {renewal()}));
  ASSERT_EQ(waiting.outcome, RelayedOutcome::pending);
  const auto token = std::get<cmc::PendInfo>(told(waiting).status.other_info.value()).pend_token;
  const auto poll = [&] {
    return by_alice(
        {transaction(), control(60, cmc::oid::kQueryPending, cmc::write_octets_value(token))});
  };
  EXPECT_EQ(relay(poll()).outcome, RelayedOutcome::pending);
  ASSERT_TRUE(
      ca.desk().decide({ca.agent.certificate.der, "192.0.2.9"}, {token, true, {}, ""}).ok());
  const auto granted = relay(poll());
  EXPECT_EQ(granted.outcome, RelayedOutcome::granted);
  EXPECT_EQ(told(granted).status.cmc_status, CMCStatus::confirmRequired);
  const auto issued = told(granted).certificates.at(0);
  ASSERT_TRUE(unwrap(ca.engine().find_awaited(issued->serial_number)).has_value());
  cmc::CMCStatusInfoV2 taken;
  taken.body_list = {cmc::kThisPKIData};
  const auto confirmed =
      relay(by_alice({transaction(),
                      control(70, cmc::oid::kConfirmCertAcceptance,
                              cmc::write_cmc_cert_id({issued->issuer, issued->serial_number})),
                      control(71, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(taken))}));
  EXPECT_EQ(confirmed.outcome, RelayedOutcome::granted);
  EXPECT_FALSE(unwrap(ca.engine().find_awaited(issued->serial_number)).has_value());
}

}  // namespace
}  // namespace signet::test
