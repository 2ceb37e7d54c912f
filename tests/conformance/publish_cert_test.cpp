// publishCert (RFC 10002 §6.18): who may have which certificates published, or published no more.
#include <gmock/gmock.h>

#include "authority/agent_desk.h"
#include "crypto/digest.h"
#include "support/challenge_answers.h"
#include "support/life_scene.h"
#include "support/outbox_reading.h"
#include "support/secret_message.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using crypto::DigestAlgorithm;
using pkix::CRLReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr std::int64_t kDontPublish = 0;
constexpr std::int64_t kPleasePublish = 1;

class PublishCert : public testing::Test {
 protected:
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.more_profiles = approval_profile();
    made.settings.published = {.all = false, .ids = {kLifeProfile, "extra"}};
    return made;
  }
  explicit PublishCert(TestAuthority::Choices made = choices()) : ca(std::move(made)) {
    key = test_key("ec:p256", 3);
    certificate = enroll(ca.alice);
    due();
  }

  /// One more certificate of the signer's name, on record with a profile that is published.
  pkix::Certificate enroll(const Holder& signer) {
    const auto told = ca.send(ca.request(signer, pkix::to_text(signer.certificate->subject)).octets,
                              &signer, kLifeProfile);
    EXPECT_TRUE(told.issued()) << told.text();
    return told.certificates.at(0);
  }
  std::vector<Due> due() { return empty_outbox(ca.engine()); }
  [[nodiscard]] Due withdrawal(const pkix::Certificate& of) const {
    return {of->serial_number, Telling::withdraw};
  }
  [[nodiscard]] Due publication(const pkix::Certificate& of) const {
    return {of->serial_number, Telling::publish};
  }
  bool is_withheld(const pkix::Certificate& of) {
    return unwrap(ca.engine().is_withheld(of->serial_number));
  }

  static cmc::CMCPublicationInfo info(std::int64_t action,
                                      const std::vector<pkix::Certificate>& certificates,
                                      DigestAlgorithm algorithm = DigestAlgorithm::sha256) {
    cmc::CMCPublicationInfo made;
    made.hash_alg = crypto::algorithm_identifier(algorithm);
    for (const auto& each : certificates) {
      made.cert_hashes.push_back(crypto::digest(algorithm, each.der));
    }
    made.pub_info.action = action;
    return made;
  }
  static cmc::TaggedAttribute publish_cert(const cmc::CMCPublicationInfo& wanted,
                                           std::uint32_t id = 60) {
    return control(id, cmc::oid::kPublishCert, cmc::write_cmc_publication_info(wanted));
  }
  cmc::TaggedAttribute revoke_request(const pkix::Certificate& of, CRLReason reason) {
    cmc::RevokeRequest wanted;
    wanted.issuer_name = ca.certificate()->subject;
    wanted.serial_number = of->serial_number;
    wanted.reason = reason;
    return control(50, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted));
  }
  SignedMessage message(const Holder& signer, std::vector<cmc::TaggedAttribute> controls,
                        const std::vector<Bytes>& requests = {}) {
    Bytes nonce(16, 9);
    nonce[0] = next_nonce_++;
    controls.insert(controls.begin(),
                    control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(nonce)));
    return full_request({signer.key, signer.certificate}, requests, controls);
  }
  Told send(const Holder& signer, const std::vector<cmc::TaggedAttribute>& controls,
            const std::vector<pkix::Certificate>& along = {}) {
    auto made = message(signer, controls);
    for (const auto& each : along) made.certificates.push_back(each.der);
    return ca.send(made.encode(), &signer);
  }
  Told ask(std::int64_t action, const std::vector<pkix::Certificate>& certificates) {
    return send(ca.alice, {publish_cert(info(action, certificates))});
  }
  void expect_refused(const Told& told, CMCFailInfo why, const std::string& words) {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::failed);
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
    EXPECT_TRUE(told.names(60)) << told.text();
    EXPECT_THAT(due(), IsEmpty());
  }
  static void expect_success(const Told& told) {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  }

  TestAuthority ca;
  Key key;
  pkix::Certificate certificate;

 private:
  std::uint8_t next_nonce_ = 1;
};

TEST_F(PublishCert, DontPublishWithdrawsAndPleasePublishPublishes) {
  /* matrix: C82 */
  const auto told = ask(kDontPublish, {certificate});
  expect_success(told);
  EXPECT_TRUE(told.names(60));
  EXPECT_TRUE(told.has_event("CERT_PUBLICATION_REQUEST", audit::EventOutcome::success));
  EXPECT_THAT(due(), ElementsAre(withdrawal(certificate)));
  expect_success(ask(kPleasePublish, {certificate}));
  EXPECT_THAT(due(), ElementsAre(publication(certificate)));
}

TEST_F(PublishCert, TakesTheHashesThatItKnowsAndNoOthers) {
  using enum DigestAlgorithm;
  for (const auto algorithm : {sha256, sha384, sha512}) {
    expect_success(ask(kPleasePublish, {certificate}));
    due();
    expect_success(send(ca.alice, {publish_cert(info(kDontPublish, {certificate}, algorithm))}));
    EXPECT_THAT(due(), ElementsAre(withdrawal(certificate)));
  }
  for (const auto algorithm : {sha1, sha224}) {
    expect_refused(send(ca.alice, {publish_cert(info(kDontPublish, {certificate}, algorithm))}),
                   CMCFailInfo::badAlg, "SHA-256");
  }
}

TEST_F(PublishCert, RefusesAHashThatIsNoCertificatesOfTheSigner) {
  for (const auto& hash : {with_last_bit_changed(crypto::sha256(certificate.der)), Bytes{},
                           Bytes(32), crypto::digest(DigestAlgorithm::sha384, certificate.der)}) {
    auto wanted = info(kDontPublish, {});
    wanted.cert_hashes = {crypto::sha256(certificate.der), hash};
    expect_refused(send(ca.alice, {publish_cert(wanted)}), CMCFailInfo::badCertId, "has the hash");
  }
  auto none = info(kDontPublish, {});
  expect_refused(send(ca.alice, {publish_cert(none)}), CMCFailInfo::badRequest,
                 "names no certificate");
}

TEST_F(PublishCert, IsForOnesOwnSubjectOrAnAgent) {
  const auto bob = ca.enroll("CN=Bob,O=Test");
  const auto bobs = enroll(bob);
  due();
  const auto wanted = publish_cert(info(kDontPublish, {bobs}));
  expect_refused(send(ca.alice, {wanted}), CMCFailInfo::badCertId, "put the certificate into");
  expect_refused(send(ca.alice, {wanted}, {bobs}), CMCFailInfo::badIdentity, "not the signer's");
  expect_refused(send(ca.agent, {wanted}), CMCFailInfo::badCertId, "put the certificate into");
  expect_success(send(ca.agent, {wanted}, {bobs}));
  EXPECT_THAT(due(), ElementsAre(withdrawal(bobs)));
  expect_success(send(bob, {publish_cert(info(kPleasePublish, {bobs}))}));
  EXPECT_THAT(due(), ElementsAre(publication(bobs)));
}

TEST_F(PublishCert, KnowsWhatComesAlongOnlyByTheOctetsOnRecord) {
  auto tbs = certificate.tbs.value;
  tbs.serial_number = certificate->serial_number;
  const auto forged = TestAuthority::sign(tbs, *key);
  expect_refused(send(ca.agent, {publish_cert(info(kDontPublish, {forged}))}, {forged}),
                 CMCFailInfo::badCertId, "has the hash");
}

TEST_F(PublishCert, IsSignedByAnExistingCertificate) {
  SecretMessage by_secret;
  by_secret.edit_controls = [&](std::vector<cmc::TaggedAttribute>& controls) {
    controls.push_back(publish_cert(info(kDontPublish, {certificate})));
  };
  ca.secrets->entries[by_secret.identification] = {.secret = kSecret, .subject = "CN=Alice,O=Test"};
  expect_refused(ca.send(by_secret.encode(), nullptr, "caFullCMCSharedTokenCert"),
                 CMCFailInfo::badIdentity, "signed by an existing certificate");
}

TEST_F(PublishCert, DontPublishComesWithoutPubInfos) {
  /* matrix: E139 */
  auto wanted = info(kDontPublish, {certificate});
  wanted.pub_info.pub_infos = {{.pub_method = 3, .pub_location = {}}};
  expect_refused(send(ca.alice, {publish_cert(wanted)}), CMCFailInfo::badRequest, "pubInfos");
  wanted.pub_info = {.action = 2, .pub_infos = {}};
  expect_refused(send(ca.alice, {publish_cert(wanted)}), CMCFailInfo::badRequest, "action 2");
}

TEST_F(PublishCert, PublishesInTheDirectoryAndNowhereElse) {
  auto wanted = info(kPleasePublish, {certificate});
  for (const auto method : {0, 3}) {
    expect_success(ask(kDontPublish, {certificate}));
    due();
    wanted.pub_info.pub_infos = {{.pub_method = method, .pub_location = {}}};
    expect_success(send(ca.alice, {publish_cert(wanted)}));
    EXPECT_THAT(due(), ElementsAre(publication(certificate)));
  }
  for (const auto& [method, name] :
       {std::pair{1, "x500"}, std::pair{2, "web"}, std::pair{4, "number 4"}}) {
    wanted.pub_info.pub_infos = {{.pub_method = 0, .pub_location = {}},
                                 {.pub_method = method, .pub_location = {}}};
    expect_refused(send(ca.alice, {publish_cert(wanted)}), CMCFailInfo::badRequest, name);
  }
  wanted.pub_info.pub_infos = {
      {.pub_method = 3, .pub_location = pkix::UniformResourceIdentifier{"ldap://other.test/"}}};
  expect_refused(send(ca.alice, {publish_cert(wanted)}), CMCFailInfo::badRequest, "pubLocation");
}

TEST_F(PublishCert, NamesACertificateOnce) {
  /* matrix: E140 */
  expect_refused(ask(kDontPublish, {certificate, certificate}), CMCFailInfo::badRequest, "twice");
  const auto told =
      send(ca.alice, {publish_cert(info(kDontPublish, {certificate}), 59),
                      publish_cert(info(kPleasePublish, {certificate}, DigestAlgorithm::sha512))});
  expect_refused(told, CMCFailInfo::badRequest, "twice");
  const auto other = enroll(ca.alice);
  due();
  expect_success(send(ca.alice, {publish_cert(info(kDontPublish, {certificate}), 59),
                                 publish_cert(info(kPleasePublish, {other}))}));
  EXPECT_THAT(due(), UnorderedElementsAre(withdrawal(certificate), publication(other)));
}

TEST_F(PublishCert, NamesSixtyFourAndNotOneMore) {
  std::vector<pkix::Certificate> many{certificate};
  while (many.size() < 65) many.push_back(enroll(ca.alice));
  due();
  expect_refused(ask(kDontPublish, many), CMCFailInfo::badRequest, "64");
  many.pop_back();
  expect_success(ask(kDontPublish, many));
  EXPECT_EQ(due().size(), 64U);
}

TEST_F(PublishCert, LooksThroughAThousandOfASubjectAndNotOneMore) {
  const auto known = unwrap(ca.engine().find_certificate(certificate->serial_number)).value();
  const auto have = [&](std::size_t count) {
    store::Commit more;
    for (auto there = unwrap(ca.engine().find_by_subject(known.subject_der)).size(); there < count;
         ++there) {
      auto record = known;
      record.serial_number = asn1::Integer::from(there);
      append(record.certificate_der, record.serial_number.octets);
      more.certificates.push_back(std::move(record));
    }
    audit::MemoryJournal journal;
    const std::vector<const store::Commit*> batch{&more};
    ASSERT_TRUE(ca.engine().apply(batch, journal).front().durable());
  };
  have(1000);
  expect_success(ask(kDontPublish, {certificate}));
  have(1001);
  EXPECT_THAT(due(), ElementsAre(withdrawal(certificate)));
  expect_refused(ask(kDontPublish, {certificate}), CMCFailInfo::badRequest, "more than 1000");
  expect_success(
      send(ca.alice, {publish_cert(info(kPleasePublish, {certificate}))}, {certificate}));
  EXPECT_THAT(due(), ElementsAre(publication(certificate)));
}

TEST_F(PublishCert, PublishesOnlyWhatIsInForceAndOfAPublishedProfile) {
  expect_refused(ask(kPleasePublish, {ca.alice.certificate}), CMCFailInfo::badRequest,
                 "does not publish");
  expect_success(ask(kDontPublish, {ca.alice.certificate}));
  due();
  expect_success(send(ca.agent, {revoke_request(certificate, CRLReason::certificateHold)}));
  due();
  expect_refused(ask(kPleasePublish, {certificate}), CMCFailInfo::badRequest, "on hold");
  expect_success(ask(kDontPublish, {certificate}));
}

TEST_F(PublishCert, IsDoneAfterWhatTheMessageRevokes) {
  /* matrix: E138 */
  const auto told = send(ca.alice, {publish_cert(info(kPleasePublish, {certificate})),
                                    revoke_request(certificate, CRLReason::superseded)});
  expect_refused(told, CMCFailInfo::badRequest, "revoked or on hold");
  EXPECT_EQ(unwrap(ca.engine().find_certificate(certificate->serial_number))->status,
            store::CertificateStatus::valid);
  expect_success(send(ca.alice, {publish_cert(info(kDontPublish, {certificate})),
                                 revoke_request(certificate, CRLReason::superseded)}));
  EXPECT_THAT(due(), ElementsAre(withdrawal(certificate)));
}

TEST_F(PublishCert, IsDoneWithTheIssuanceBesideItOrNotAtAll) {
  /* matrix: E138 */
  const std::vector wanted{publish_cert(info(kDontPublish, {certificate}))};
  const auto renewing = [&](const std::string& subject) {
    const auto request = tagged(20, ca.certification_request(subject));
    return ca.send(message(ca.alice, wanted, {request}).encode(), &ca.alice, kLifeProfile);
  };
  EXPECT_EQ(renewing("CN=Bob,O=Test").status.cmc_status, CMCStatus::failed);
  EXPECT_THAT(due(), IsEmpty());
  EXPECT_FALSE(is_withheld(certificate));
  const auto told = renewing("CN=Alice,O=Test");
  ASSERT_TRUE(told.issued()) << told.text();
  EXPECT_TRUE(told.names(60) && told.names(20));
  EXPECT_THAT(due(),
              UnorderedElementsAre(publication(told.certificates[0]), withdrawal(certificate)));
}

TEST_F(PublishCert, StandsBesideNoRequestThatWaitsForAnAgent) {
  const auto request = tagged(20, ca.certification_request("CN=Alice,O=Test"));
  const auto send_waiting = [&](std::vector<cmc::TaggedAttribute> controls) {
    return ca.send(message(ca.alice, std::move(controls), {request}).encode(), &ca.alice, "extra");
  };
  const auto refused = send_waiting({publish_cert(info(kDontPublish, {certificate}))});
  expect_refused(refused, CMCFailInfo::badRequest, "send two messages");
  EXPECT_TRUE(refused.names(60)) << refused.text();
  EXPECT_EQ(send_waiting({}).status.cmc_status, CMCStatus::pending);
}

TEST_F(PublishCert, StandsBesideNoKeyThatIsChallenged) {
  const auto request = unsigned_request(20, test_key("ec:p384"));
  const auto send_challenged = [&](std::vector<cmc::TaggedAttribute> controls) {
    return ca.send(message(ca.alice, std::move(controls), {request}).encode(), &ca.alice,
                   "caFullCMCUserSignedEncryptionCert");
  };
  expect_refused(send_challenged({publish_cert(info(kDontPublish, {certificate}))}),
                 CMCFailInfo::badRequest, "send two messages");
  EXPECT_EQ(send_challenged({}).fail_info(), CMCFailInfo::popRequired);
}

TEST_F(PublishCert, KeepsOutWhatItTookOutUntilItIsToldOtherwise) {
  expect_success(ask(kDontPublish, {certificate}));
  EXPECT_TRUE(is_withheld(certificate));
  for (const auto reason : {CRLReason::certificateHold, CRLReason::removeFromCRL}) {
    expect_success(send(ca.agent, {revoke_request(certificate, reason)}));
    EXPECT_TRUE(is_withheld(certificate));
  }
  expect_success(ask(kPleasePublish, {certificate}));
  EXPECT_FALSE(is_withheld(certificate));
}

TEST_F(PublishCert, KeepsAWishWaitingOnceHoweverOftenItComes) {
  const auto lines = [&] {
    return std::pair{unwrap(ca.engine().in_outbox(store::OutboxLine::pressing, 100)).size(),
                     unwrap(ca.engine().in_outbox(store::OutboxLine::unhurried, 100)).size()};
  };
  for (int times = 0; times < 3; ++times) {
    expect_success(ask(kDontPublish, {certificate}));
    EXPECT_EQ(lines(), std::pair(std::size_t{0}, std::size_t{1})) << "it waits, not pressing";
  }
  for (const auto action : {kPleasePublish, kDontPublish, kPleasePublish}) {
    expect_success(ask(action, {certificate}));
    EXPECT_EQ(lines(), std::pair(std::size_t{0}, std::size_t{1}));
  }
  EXPECT_THAT(due(), ElementsAre(publication(certificate)));
}

TEST_F(PublishCert, TellsTheDirectoryAgainOfAWishThatComesAgain) {
  for (const auto& [action, told] : {std::pair(kDontPublish, withdrawal(certificate)),
                                     std::pair(kPleasePublish, publication(certificate))}) {
    for (int times = 0; times < 2; ++times) {
      expect_success(ask(action, {certificate}));
      EXPECT_THAT(due(), ElementsAre(told)) << times;
    }
  }
}

TEST_F(PublishCert, KeepsNobodysRevocationWaitingBehindWishes) {
  const auto other = enroll(ca.alice);
  due();
  expect_success(ask(kDontPublish, {certificate}));
  expect_success(ask(kPleasePublish, {certificate}));
  expect_success(send(ca.agent, {revoke_request(other, CRLReason::keyCompromise)}));
  EXPECT_THAT(due(), ElementsAre(withdrawal(other), publication(certificate)));
}

TEST_F(PublishCert, ForTheFirstTimeIsToldThoughNobodyChoseOtherwise) {
  expect_success(ask(kPleasePublish, {certificate}));
  EXPECT_THAT(due(), ElementsAre(publication(certificate)));
}

TEST_F(PublishCert, TellsARetryTheSameAndDoesNothing) {
  const auto octets = message(ca.alice, {publish_cert(info(kDontPublish, {certificate}))}).encode();
  expect_success(ca.send(octets, &ca.alice));
  EXPECT_EQ(due().size(), 1U);
  expect_success(ask(kPleasePublish, {certificate}));
  due();
  const auto again = ca.send(octets, &ca.alice);
  expect_success(again);
  EXPECT_TRUE(again.names(60));
  EXPECT_THAT(due(), IsEmpty());
  EXPECT_FALSE(is_withheld(certificate));
}

TEST_F(PublishCert, StandsBesideNoPoll) {
  const auto poll = control(61, cmc::oid::kQueryPending, cmc::write_octets_value(Bytes(16, 1)));
  const auto told = send(ca.alice, {publish_cert(info(kDontPublish, {certificate})), poll});
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badRequest) << told.text();
  EXPECT_THAT(due(), IsEmpty());
}

class PublishCertConfirmed : public PublishCert {
 protected:
  static TestAuthority::Choices confirmed() {
    auto made = choices();
    made.settings.confirmed_profiles = {kLifeProfile};
    return made;
  }
  PublishCertConfirmed() : PublishCert(confirmed()) {}
};

TEST_F(PublishCertConfirmed, PublishesNothingThatItsOwnerHasNotTakenYet) {
  expect_refused(ask(kPleasePublish, {certificate}), CMCFailInfo::badRequest,
                 "confirmCertAcceptance");
  cmc::CMCStatusInfoV2 success;
  success.cmc_status = CMCStatus::success;
  success.body_list = {cmc::BodyPartID{0}};
  const auto taken =
      control(70, cmc::oid::kConfirmCertAcceptance,
              cmc::write_cmc_cert_id({certificate->issuer, certificate->serial_number}));
  expect_success(
      send(ca.alice,
           {taken, control(71, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(success)),
            publish_cert(info(kPleasePublish, {certificate}))}));
  EXPECT_THAT(due(), ::testing::Contains(publication(certificate)));
}

}  // namespace
}  // namespace signet::test
