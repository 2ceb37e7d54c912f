// An authority with two keys: each signs CRLs and OCSP answers about what it issued, and after the
// roll-over responses announce the new root.
#include <gtest/gtest.h>

#include "authority/anchor_announcement.h"
#include "authority/crl_maker.h"
#include "authority/ocsp_responder.h"
#include "client/check_crl.h"
#include "client/read_response.h"
#include "codec/pkix/oids.h"
#include "issuance/authority_certificates.h"
#include "issuance/sign_tbs.h"
#include "support/change_status.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using authority::CrlMaker;
using authority::OcspResponder;
using issuance::ShardRange;

/// The store of one authority, and two keys of its name; the first shard of the second is 2.
class Generations : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kSecond = 2;

  struct Key {
    std::shared_ptr<const crypto::PrivateKey> key;
    std::optional<issuance::Issuer> issuer;
    ShardRange shards;
  };
  Key make_key(const std::string& kind, ShardRange shards) {
    Key made{unwrap(crypto::generate_private_key(kind)), {}, shards};
    const auto root = unwrap(issuance::make_root(
        {.subject = name, .key = *made.key, .now = clock.now()}, crypto::system_random()));
    made.issuer.emplace(unwrap(issuance::Issuer::make({root}, made.key)));
    return made;
  }
  Generations() : committer(engine, journal) {
    first = make_key("ec:p256", {0, kSecond});
    second = make_key("ec:p384", {kSecond, std::nullopt});
  }
  pkix::Certificate issue(const Key& by, std::uint32_t shard) {
    const auto key = unwrap(crypto::generate_private_key("ec:p256"));
    const auto made = unwrap(
        issuance::make_service_certificate({.kind = issuance::ServiceKind::agent,
                                            .subject = unwrap(pkix::name_from_text("CN=User")),
                                            .key = key->public_key_info(),
                                            .now = clock.now()},
                                           by.issuer->chain(), *by.key, crypto::system_random()));
    auto record =
        store::record_of(made, crypto::sha256(made->subject_public_key_info.der), clock.now());
    record.crl_shard = shard;
    store::Commit commit;
    commit.certificates.push_back(std::move(record));
    EXPECT_TRUE(committer.commit(std::move(commit)).durable());
    return made;
  }
  void revoke(const pkix::Certificate& certificate) {
    EXPECT_TRUE(change_status(engine, certificate->serial_number, store::CertificateStatus::revoked,
                              clock.now(), pkix::CRLReason::keyCompromise)
                    .ok());
  }
  CrlMaker maker(const Key& of, std::uint32_t shards = 1) {
    authority::CrlSettings settings;
    settings.points.shards = shards;
    settings.points.of_key = of.shards;
    if (of.shards.first > 0) {
      settings.earlier_keys = {*first.issuer->certificate().subject_key_identifier()};
    }
    return CrlMaker({.issuer = *of.issuer,
                     .signature_algorithm = algorithm(of),
                     .store = engine,
                     .committer = committer,
                     .clock = clock,
                     .settings = settings});
  }
  static pkix::AlgorithmIdentifier algorithm(const Key& of) {
    return unwrap(crypto::default_signature_algorithm(*of.key));
  }
  pkix::CertificateList latest_crl(const Key& of, std::uint32_t shard) {
    const auto record = unwrap(engine.find_crl({.shard = shard})).value();
    auto crl = unwrap(pkix::read_certificate_list(record.der));
    unwrap(client::check_crl_of(of.issuer->certificate(), crl));
    return crl;
  }
  std::unique_ptr<OcspResponder> responder(const Key& of) {
    auto made =
        std::make_unique<OcspResponder>(OcspResponder::Parts{.issuer = *of.issuer,
                                                             .shards = of.shards,
                                                             .signature_algorithm = algorithm(of),
                                                             .store = engine,
                                                             .committer = committer,
                                                             .clock = clock,
                                                             .random = crypto::system_random(),
                                                             .log = log,
                                                             .settings = {}});
    EXPECT_TRUE(unwrap(made->renew_if_due()));
    return made;
  }
  /// What `of` says about a certificate when it is asked as its issuer.
  client::CertificateStanding::Status status(const Key& of, const pkix::Certificate& certificate) {
    const auto& issuer = of.issuer->certificate();
    const auto question = unwrap(client::ask_status(certificate, issuer, crypto::system_random()));
    const auto answer = responder(of)->respond(question.octets);
    return unwrap(client::read_status(answer.octets, question, issuer, clock.now())).status;
  }

  FixedClock clock;
  SilentLog log;
  store::MemoryEngine engine;
  audit::MemoryJournal journal;
  store::Committer committer;
  pkix::Name name = unwrap(pkix::name_from_text("CN=Two Keys,O=Test"));
  Key first;
  Key second;
};

TEST_F(Generations, EachKeySignsTheCrlsOfItsOwnCertificates) {
  const auto old = issue(first, 1);
  const auto fresh = issue(second, kSecond);
  revoke(old);
  revoke(fresh);
  for (const auto* key : {&first, &second}) {
    auto by = maker(*key);
    EXPECT_TRUE(by.make_due().ok());
  }
  EXPECT_TRUE(latest_crl(first, 0).tbs.value.revoked_certificates.empty());
  const auto of_first = latest_crl(first, 1);
  const auto of_second = latest_crl(second, kSecond);
  ASSERT_EQ(of_first.tbs.value.revoked_certificates.size(), 1U);
  EXPECT_EQ(of_first.tbs.value.revoked_certificates[0].user_certificate, old->serial_number);
  ASSERT_EQ(of_second.tbs.value.revoked_certificates.size(), 1U);
  EXPECT_EQ(of_second.tbs.value.revoked_certificates[0].user_certificate, fresh->serial_number);
}

TEST_F(Generations, TheEarlierKeyKeepsAsManyShardsAsItHad) {
  EXPECT_EQ(unwrap(maker(first, 7).shards()), kSecond);
  EXPECT_EQ(unwrap(maker(second, 3).shards()), 3U);
  auto by = maker(second, 3);
  EXPECT_EQ(unwrap(by.make_due()).made, 3U);
  EXPECT_EQ(unwrap(engine.find_crl({.shard = 0})), std::nullopt) << "not of this key";
  EXPECT_EQ(unwrap(maker(second, 1).shards()), 3U) << "those that were stay";
}

TEST_F(Generations, ANodeThatKnowsTheEarlierKeyAloneLeavesTheLaterKeysShardsAlone) {
  auto lagging = first;
  lagging.shards = {0, std::nullopt};
  const auto fresh = issue(second, kSecond);
  EXPECT_TRUE(maker(second).make_due().ok());
  revoke(fresh);
  for (const std::uint32_t shards : {1U, 2U, 7U}) {  // 7: its settings claim them
    auto by = maker(lagging, shards);
    const auto due = unwrap(by.make_due());
    EXPECT_EQ(due.left_alone, 1U) << shards;
    EXPECT_EQ(by.make(kSecond).error().fault, Fault::not_allowed);
    EXPECT_EQ(by.make_delta(kSecond).error().fault, Fault::not_allowed);
    EXPECT_TRUE(latest_crl(second, kSecond).tbs.value.revoked_certificates.empty());
  }
  EXPECT_TRUE(latest_crl(first, 0).tbs.value.revoked_certificates.empty()) << "its own it signs";
  EXPECT_EQ(unwrap(engine.find_crl({.shard = kSecond + 1})), std::nullopt);
  EXPECT_EQ(unwrap(maker(second).make_due()).left_alone, 0U);
  EXPECT_EQ(latest_crl(second, kSecond).tbs.value.revoked_certificates.size(), 1U);
}

TEST_F(Generations, ANewCertificateThatCallsTheSameKeyOtherwiseGoesOnPublishing) {
  first.shards = {0, std::nullopt};
  const auto before = unwrap(maker(first).make(0));
  const auto old = first.issuer->certificate();
  auto tbs = old.tbs.value;
  for (auto& extension : tbs.extensions) {
    if (extension.extn_id != pkix::oid::kSubjectKeyIdentifier) continue;
    extension.extn_value = pkix::write_subject_key_identifier(Bytes(20, 7));
  }
  const auto renewed =
      unwrap(issuance::sign_linted(unwrap(issuance::write_linted(tbs, old)), *first.key));
  ASSERT_NE(renewed.subject_key_identifier(), old.subject_key_identifier());
  first.issuer.emplace(unwrap(issuance::Issuer::make(std::vector{renewed}, first.key)));
  const auto after = unwrap(maker(first).make(0));
  EXPECT_EQ(after.number, before.number + 1);
}

TEST_F(Generations, WhatTheEarlierKeySignedInTheLaterKeysShardsIsReplacedAtOnce) {
  auto lagging = first;
  lagging.shards = {0, std::nullopt};
  auto harm = maker(lagging, kSecond + 1);  // before anybody published for the later key
  const auto wrong = unwrap(harm.make(kSecond));
  auto by = maker(second);
  EXPECT_EQ(unwrap(by.make_due()).made, 1U);
  EXPECT_EQ(unwrap(engine.find_crl({.shard = kSecond})).value().number, wrong.number + 1);
  EXPECT_TRUE(latest_crl(second, kSecond).tbs.value.revoked_certificates.empty());
  EXPECT_EQ(unwrap(by.make_due()).made, 0U);
  EXPECT_EQ(harm.make(kSecond).error().fault, Fault::not_allowed);
}

TEST_F(Generations, NewCertificatesGoToTheShardsOfTheNewKey) {
  issuance::CrlPoints points;
  points.shards = 3;
  points.of_key = second.shards;
  for (std::uint64_t serial = 1; serial < 20; ++serial) {
    const auto shard = issuance::choose_shard(points, pkix::Integer::from(serial));
    EXPECT_GE(shard, kSecond);
    EXPECT_LT(shard, kSecond + 3);
  }
  pkix::Extensions none;
  EXPECT_EQ(issuance::place(points, pkix::Integer::from(7), none), kSecond);
}

TEST_F(Generations, EachKeyAnswersOcspAboutItsOwnCertificates) {
  using Status = client::CertificateStanding::Status;
  const auto old = issue(first, 0);
  const auto fresh = issue(second, kSecond);
  revoke(old);
  EXPECT_EQ(status(first, old), Status::revoked);
  EXPECT_EQ(status(second, fresh), Status::good);
  EXPECT_EQ(status(second, old), Status::unknown) << "the other key issued it";
  EXPECT_EQ(status(first, fresh), Status::unknown);
}

TEST_F(Generations, AQuestionAboutTheOtherKeyIsUnauthorized) {
  const auto question = unwrap(
      client::ask_status(issue(first, 0), first.issuer->certificate(), crypto::system_random()));
  EXPECT_EQ(responder(second)->respond(question.octets).status,
            ocsp::OCSPResponseStatus::unauthorized);
}

// ------------------------------------------------------------ the announcement

class Announcement : public ::testing::Test {
 protected:
  /// An authority that announces its root and another one.
  struct Told {
    client::SentRequest sent;
    authority::Answer answer;
  };
  static TestAuthority::Choices choices(const pkix::Certificate& other) {
    TestAuthority::Choices made;
    made.announces = {other};
    return made;
  }
  Told ask(TestAuthority& ca, const std::string& subject) {
    Told told{ca.request(ca.alice, subject), {}};
    authority::Inquiry inquiry;
    inquiry.octets = told.sent.octets;
    inquiry.peer.tls_client_certificate = ca.alice.certificate.der;
    told.answer = ca.deliver_octets(std::move(inquiry));
    return told;
  }
  static client::CheckedResponse read(TestAuthority& ca, const Told& told) {
    const auto trust = unwrap(proof::Trust::make({ca.certificate()}, {}));
    return unwrap(client::read_response(told.answer.octets, told.sent, trust, ca.clock.now()));
  }
  static pkix::Certificate another_root() {
    FixedClock clock;
    const auto key = unwrap(crypto::generate_private_key("ec:p384"));
    return unwrap(issuance::make_root({.subject = unwrap(pkix::name_from_text("CN=Test CA,O=Test")),
                                       .key = *key,
                                       .now = clock.now()},
                                      crypto::system_random()));
  }
};

TEST_F(Announcement, StandsInGrantsAndRefusalsAndIsBelieved) {
  /* matrix: C72, E130, E132 */
  const auto other = another_root();
  TestAuthority ca{choices(other)};
  for (const auto* subject : {"CN=Alice,O=Test", "CN=Mallory,O=Test"}) {
    const auto checked = read(ca, ask(ca, subject));
    ASSERT_TRUE(checked.published_anchors) << subject;
    const auto published = unwrap(*checked.published_anchors);
    EXPECT_EQ(published.sequence_number(), asn1::Integer::from(7));
    EXPECT_NE(std::find(published.anchors().begin(), published.anchors().end(), other),
              published.anchors().end());
  }
}

TEST_F(Announcement, IsNotThereWhereThereWasNoRollOver) {
  TestAuthority ca;
  EXPECT_FALSE(read(ca, ask(ca, "CN=Alice,O=Test")).published_anchors);
}

}  // namespace
}  // namespace signet::test
