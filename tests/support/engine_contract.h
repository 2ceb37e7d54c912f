#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "store/certificate_store.h"
#include "support/store_records.h"

/// What every engine must do (store/certificate_store.h), as one typed suite:
///   struct Fixture { store::Engine& engine(); };
///   INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EngineContract, Fixture);
namespace signet::test {

/// Refuses to write; keeps nothing.
class FailingJournal final : public audit::Journal {
 public:
  Result<void> append(const std::vector<const audit::Event*>&) override {
    return Error{Fault::storage_failed, "the disk is full"};
  }
};

/// Counts how often it was asked to append.
class CountingJournal final : public audit::Journal {
 public:
  Result<void> append(const std::vector<const audit::Event*>& events) override {
    ++appends;
    return memory.append(events);
  }
  audit::MemoryJournal memory;
  int appends = 0;
};

/// All certificates of this status, or of any.
inline store::CertificateStore::Query with_status(std::optional<store::CertificateStatus> status) {
  store::CertificateStore::Query query;
  query.status = status;
  return query;
}

inline store::CertificateStore::Query issued(std::optional<Time> from, std::optional<Time> to) {
  store::CertificateStore::Query query;
  query.issued_from = from;
  query.issued_to = to;
  return query;
}

inline store::CertificateStore::Query at_most(std::size_t count) {
  store::CertificateStore::Query query;
  query.most = count;
  return query;
}

template <typename Fixture>
class EngineContract : public testing::Test {
 protected:
  store::Engine& engine() { return fixture_.engine(); }

  std::vector<store::CommitOutcome> apply(const std::vector<store::Commit>& commits) {
    return apply(commits, journal_);
  }
  std::vector<store::CommitOutcome> apply(const std::vector<store::Commit>& commits,
                                          audit::Journal& journal) {
    std::vector<const store::Commit*> batch;
    for (const auto& commit : commits) batch.push_back(&commit);
    return engine().apply(batch, journal);
  }
  store::CommitOutcome apply_one(const store::Commit& commit) {
    return this->apply(std::vector{commit}).front();
  }
  std::optional<store::Conflict> conflict_of(const store::Commit& commit) {
    const auto outcome = apply_one(commit);
    EXPECT_FALSE(outcome.failed.has_value());
    return outcome.conflict;
  }
  /// Another message of the same requester with the same nonce.
  static store::AnsweredRequest another(store::AnsweredRequest request) {
    request.request_digest.back() ^= 1;
    return request;
  }
  /// Nothing of grant(number) is to be found.
  void expect_absent(std::uint16_t number) {
    EXPECT_EQ(*engine().find_certificate(serial(number)), std::nullopt);
    EXPECT_TRUE(engine().find_by_subject(certificate(number).subject_der)->empty());
    EXPECT_TRUE(engine().find_by_key(certificate(number).key_hash)->empty());
    const auto request = answered(number);
    EXPECT_EQ(engine().seen_before(request)->answer, std::nullopt);
    const auto seen = *engine().seen_before(another(request));
    EXPECT_FALSE(seen.answer);
    EXPECT_FALSE(seen.nonce);
  }

  Fixture fixture_;
  audit::MemoryJournal journal_;
};

TYPED_TEST_SUITE_P(EngineContract);

TYPED_TEST_P(EngineContract, FindsNothingInAnEmptyStore) {
  this->expect_absent(1);
  EXPECT_TRUE(this->engine().find_certificates({})->empty());
}

TYPED_TEST_P(EngineContract, FindsAGrantByEachOfItsParts) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  const auto record = certificate(1);
  EXPECT_EQ(*this->engine().find_certificate(serial(1)), record);
  EXPECT_THAT(*this->engine().find_by_subject(record.subject_der), testing::ElementsAre(record));
  EXPECT_THAT(*this->engine().find_by_key(record.key_hash), testing::ElementsAre(record));
  EXPECT_THAT(*this->engine().find_certificates({}), testing::ElementsAre(record));
  const auto request = answered(1);
  EXPECT_EQ(this->engine().seen_before(request)->answer, request);
}

TYPED_TEST_P(EngineContract, SaysOfAMessageWhetherItOrItsNonceWasSeenBefore) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  const auto asked = answered(1);
  EXPECT_EQ(*this->engine().seen_before(asked), (store::Seen{asked, false})) << "the very same";
  EXPECT_EQ(*this->engine().seen_before(this->another(asked)), (store::Seen{std::nullopt, true}));
  auto elsewhere = this->another(asked);
  elsewhere.requester_hash.back() ^= 1;
  EXPECT_EQ(*this->engine().seen_before(elsewhere), store::Seen{}) << "the nonce of somebody else";
}

TYPED_TEST_P(EngineContract, SaysOfAMessageWithoutNonceWhetherItWasSeenBeforeWhoeverSentIt) {
  auto grant_without_nonce = grant(1);
  grant_without_nonce.answered->sender_nonce.clear();
  ASSERT_TRUE(this->apply_one(grant_without_nonce).durable());
  const auto asked = *grant_without_nonce.answered;
  EXPECT_EQ(*this->engine().seen_before(asked), (store::Seen{asked, false}));
  auto elsewhere = asked;
  elsewhere.requester_hash.back() ^= 1;
  EXPECT_EQ(*this->engine().seen_before(elsewhere), (store::Seen{asked, false}))
      << "its octets, from somebody else";
  EXPECT_EQ(*this->engine().seen_before(this->another(asked)), store::Seen{});
}

TYPED_TEST_P(EngineContract, TellsANonceFromADigestOfTheSameOctets) {
  // Whose nonce is what the other's digest begins with.
  auto without_nonce = grant(1);
  without_nonce.answered->sender_nonce.clear();
  auto with_nonce = grant(2);
  with_nonce.answered->requester_hash = without_nonce.answered->requester_hash;
  with_nonce.answered->sender_nonce = to_bytes(ByteView(answered(1).request_digest).first(8));
  ASSERT_TRUE(this->apply_one(without_nonce).durable());
  EXPECT_EQ(*this->engine().seen_before(*with_nonce.answered), store::Seen{});
  ASSERT_TRUE(this->apply_one(with_nonce).durable());
  for (const auto& commit : {without_nonce, with_nonce}) {
    const auto& asked = *commit.answered;
    EXPECT_EQ(*this->engine().seen_before(asked), (store::Seen{asked, false}));
    EXPECT_EQ(this->engine().seen_before(asked)->answer, asked);
  }
}

TYPED_TEST_P(EngineContract, KeepsEveryFieldOfACertificate) {
  auto commit = grant(1);
  auto& record = commit.certificates.front();
  record.status = store::CertificateStatus::revoked;
  record.revoked_at = kNoon2026 + std::chrono::hours{5};
  record.revocation_reason = 4;
  record.profile_id = std::string("name\0with NUL", 13);
  record.requester.clear();
  record.not_before = Time{std::chrono::seconds{-1}};
  ASSERT_TRUE(this->apply_one(commit).durable());
  EXPECT_EQ(*this->engine().find_certificate(serial(1)), record);
}

TYPED_TEST_P(EngineContract, KeepsAnAnsweredRequestWithoutNonceTransactionOrCertificates) {
  store::Commit commit;
  commit.answered = answered(1);
  commit.answered->sender_nonce.clear();
  commit.answered->transaction_id.clear();
  commit.answered->serial_numbers.clear();
  ASSERT_TRUE(this->apply_one(commit).durable());
  EXPECT_EQ(this->engine().seen_before(*commit.answered)->answer, commit.answered);
}

TYPED_TEST_P(EngineContract, KeepsSeveralSerialNumbersOfOneAnswerInTheirOrder) {
  store::Commit commit;
  commit.answered = answered(1);
  commit.answered->serial_numbers = {serial(9), {.octets = Bytes(20, 0x7F)}, serial(2)};
  ASSERT_TRUE(this->apply_one(commit).durable());
  EXPECT_EQ(this->engine().seen_before(*commit.answered)->answer, commit.answered);
}

TYPED_TEST_P(EngineContract, AppendsTheEventsOfABatchAtOnceInTheirOrder) {
  CountingJournal journal;
  auto second = grant(2);
  second.events.insert(second.events.begin(), event("CMC_REQUEST_RECEIVED", 2));
  this->apply({grant(1), second, grant(3)}, journal);
  EXPECT_EQ(journal.appends, 1);
  EXPECT_THAT(
      journal.memory.events(),
      testing::ElementsAre(event("CERT_REQUEST_PROCESSED", 1), event("CMC_REQUEST_RECEIVED", 2),
                           event("CERT_REQUEST_PROCESSED", 2), event("CERT_REQUEST_PROCESSED", 3)));
}

TYPED_TEST_P(EngineContract, AcceptsEventsAlone) {
  store::Commit refusal;
  refusal.events.push_back(event("CMC_REQUEST_RECEIVED"));
  EXPECT_TRUE(this->apply_one(refusal).durable());
  EXPECT_EQ(this->journal_.events().size(), 1U);
}

TYPED_TEST_P(EngineContract, AcceptsCommitsWithoutEventsWithoutTheJournal) {
  FailingJournal journal;
  auto silent = grant(1);
  silent.events.clear();
  EXPECT_TRUE(this->apply({silent}, journal).front().durable());
}

TYPED_TEST_P(EngineContract, AnswersAnEmptyBatchWithNothing) {
  EXPECT_TRUE(this->apply(std::vector<store::Commit>{}).empty());
}

TYPED_TEST_P(EngineContract, RefusesARequestThatWasAnswered) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto retry = grant(2);
  retry.answered = answered(1);
  EXPECT_EQ(this->conflict_of(retry), store::Conflict::answered_before);
  this->expect_absent(2);
}

TYPED_TEST_P(EngineContract, RefusesARequestWithoutNonceThatWasAnsweredToAnybody) {
  auto first = grant(1);
  first.answered->sender_nonce.clear();
  ASSERT_TRUE(this->apply_one(first).durable());
  auto retry = grant(2);
  retry.answered->sender_nonce.clear();
  retry.answered->request_digest = first.answered->request_digest;
  EXPECT_EQ(this->conflict_of(retry), store::Conflict::answered_before);
  this->expect_absent(2);
}

TYPED_TEST_P(EngineContract, RefusesANonceOfTheSameRequester) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto replay = grant(2);
  replay.answered->requester_hash = answered(1).requester_hash;
  replay.answered->sender_nonce = answered(1).sender_nonce;
  EXPECT_EQ(this->conflict_of(replay), store::Conflict::nonce_seen);
  EXPECT_EQ(this->engine().seen_before(answered(2))->answer, std::nullopt);
}

TYPED_TEST_P(EngineContract, AcceptsTheSameNonceOfAnotherRequester) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto other = grant(2);
  other.answered->sender_nonce = answered(1).sender_nonce;
  EXPECT_TRUE(this->apply_one(other).durable());
}

TYPED_TEST_P(EngineContract, AcceptsTwoRequestsOfOneRequesterWithoutNonce) {
  auto first = grant(1);
  first.answered->sender_nonce.clear();
  auto second = grant(2);
  second.answered->sender_nonce.clear();
  second.answered->requester_hash = first.answered->requester_hash;
  ASSERT_TRUE(this->apply_one(first).durable());
  EXPECT_TRUE(this->apply_one(second).durable());
  EXPECT_EQ(*this->engine().seen_before(*first.answered), (store::Seen{first.answered, false}));
  EXPECT_EQ(*this->engine().seen_before(this->another(*first.answered)), store::Seen{});
}

TYPED_TEST_P(EngineContract, TellsRequestersApartWhoseFirstOctetsAgree) {
  auto first = grant(1);
  first.answered->requester_hash = Bytes(32, 0x22);
  auto second = grant(2);
  second.answered->requester_hash = first.answered->requester_hash;
  second.answered->requester_hash.back() = 0x23;
  second.answered->sender_nonce = first.answered->sender_nonce;
  second.answered->request_digest = first.answered->request_digest;
  second.answered->request_digest.back() ^= 1;
  ASSERT_TRUE(this->apply_one(first).durable());
  EXPECT_TRUE(this->apply_one(second).durable());
  EXPECT_EQ(this->engine().seen_before(*second.answered)->answer, second.answered);
}

TYPED_TEST_P(EngineContract, RefusesASerialNumberThatACertificateHas) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto taken = grant(2);
  taken.certificates.front().serial_number = serial(1);
  EXPECT_EQ(this->conflict_of(taken), store::Conflict::serial_taken);
  EXPECT_EQ(*this->engine().find_certificate(serial(1)), certificate(1));
  this->expect_absent(2);
}

TYPED_TEST_P(EngineContract, RefusesASerialNumberTwiceInOneCommit) {
  auto twice = grant(1);
  twice.certificates.push_back(certificate(2));
  twice.certificates.back().serial_number = serial(1);
  EXPECT_EQ(this->conflict_of(twice), store::Conflict::serial_taken);
  this->expect_absent(1);
}

inline store::Commit intent(std::uint16_t number) {
  const auto der = certificate_shape(serial(number));
  store::Commit commit;
  commit.intents.push_back({.serial_number = serial(number),
                            .tbs_digest = crypto::sha256(ByteView(der).subspan(2)),
                            .profile_id = "caFullCMCUserSignedCert",
                            .at = kNoon2026});
  return commit;
}

TYPED_TEST_P(EngineContract, AcceptsTheCertificateThatAnIntentAnnounced) {
  ASSERT_TRUE(this->apply_one(intent(1)).durable());
  EXPECT_TRUE(this->apply_one(grant(1)).durable());
}

TYPED_TEST_P(EngineContract, RefusesAnotherCertificateThanTheIntentAnnounced) {
  auto other = intent(1);
  other.intents.front().tbs_digest.back() ^= 1;
  ASSERT_TRUE(this->apply_one(other).durable());
  EXPECT_EQ(this->conflict_of(grant(1)), store::Conflict::serial_taken);
  this->expect_absent(1);
}

TYPED_TEST_P(EngineContract, RefusesASecondIntentForASerialNumber) {
  ASSERT_TRUE(this->apply_one(intent(1)).durable());
  EXPECT_EQ(this->conflict_of(intent(1)), store::Conflict::serial_taken);
}

TYPED_TEST_P(EngineContract, RefusesAnIntentForASerialNumberThatACertificateHas) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  EXPECT_EQ(this->conflict_of(intent(1)), store::Conflict::serial_taken);
}

TYPED_TEST_P(EngineContract, RefusesAnIntentTwiceInOneCommit) {
  auto twice = intent(1);
  twice.intents.push_back(twice.intents.front());
  EXPECT_EQ(this->conflict_of(twice), store::Conflict::serial_taken);
  EXPECT_TRUE(this->apply_one(intent(1)).durable());
}

TYPED_TEST_P(EngineContract, RefusesAKeyOfWhichThereAreMoreCertificatesThanPolicySaw) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto reuse = grant(2);
  reuse.certificates.front().key_hash = certificate(1).key_hash;
  reuse.keys = {{certificate(1).key_hash, 0}};
  EXPECT_EQ(this->conflict_of(reuse), store::Conflict::key_taken);
  this->expect_absent(2);
}

TYPED_TEST_P(EngineContract, AcceptsAKeyOfWhichThereAreAsManyCertificatesAsPolicySaw) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto reuse = grant(2);
  reuse.certificates.front().key_hash = certificate(1).key_hash;
  reuse.keys = {{certificate(1).key_hash, 1}};
  EXPECT_TRUE(this->apply_one(reuse).durable());
  EXPECT_EQ(this->engine().find_by_key(certificate(1).key_hash)->size(), 2U);
}

TYPED_TEST_P(EngineContract, RefusesAKeyOfWhichThereAreFewerCertificatesThanPolicySaw) {
  auto expecting = grant(1);
  expecting.keys.front().known_certificates = 1;
  EXPECT_EQ(this->conflict_of(expecting), store::Conflict::key_taken);
}

TYPED_TEST_P(EngineContract, CountsKeysBeforeTheCommitsOwnCertificates) {
  auto two = grant(1);
  two.certificates.push_back(certificate(2));
  two.certificates.back().key_hash = certificate(1).key_hash;
  two.keys.push_back({certificate(1).key_hash, 0});
  EXPECT_TRUE(this->apply_one(two).durable());
}

TYPED_TEST_P(EngineContract, ChecksACommitAgainstTheOnesBeforeItInTheBatch) {
  auto reuse = grant(2);
  reuse.keys = {{certificate(1).key_hash, 0}};
  auto again = grant(3);
  again.answered = answered(1);
  const auto outcomes = this->apply({grant(1), reuse, again, grant(4)});
  EXPECT_TRUE(outcomes[0].durable());
  EXPECT_EQ(outcomes[1].conflict, store::Conflict::key_taken);
  EXPECT_EQ(outcomes[2].conflict, store::Conflict::answered_before);
  EXPECT_TRUE(outcomes[3].durable());
  this->expect_absent(2);
  this->expect_absent(3);
  EXPECT_THAT(this->journal_.events(), testing::ElementsAre(event("CERT_REQUEST_PROCESSED", 1),
                                                            event("CERT_REQUEST_PROCESSED", 4)));
}

TYPED_TEST_P(EngineContract, ACommitInConflictFreesWhatItWanted) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto conflicting = grant(2);
  conflicting.keys.push_back({certificate(1).key_hash, 0});
  const auto outcomes = this->apply({conflicting, grant(2)});
  EXPECT_EQ(outcomes[0].conflict, store::Conflict::key_taken);
  EXPECT_TRUE(outcomes[1].durable());
}

TYPED_TEST_P(EngineContract, NamesTheFirstOfSeveralConflicts) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto all = grant(1);
  EXPECT_EQ(this->conflict_of(all), store::Conflict::answered_before);
  all.answered->request_digest = hash_of("new");
  EXPECT_EQ(this->conflict_of(all), store::Conflict::nonce_seen);
  all.answered->sender_nonce = to_bytes("new");
  EXPECT_EQ(this->conflict_of(all), store::Conflict::serial_taken);
  all.certificates.front().serial_number = serial(2);
  EXPECT_EQ(this->conflict_of(all), store::Conflict::key_taken);
}

TYPED_TEST_P(EngineContract, KeepsNothingOfABatchWhoseEventsCannotBeWritten) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  FailingJournal journal;
  auto announced = grant(3);
  announced.intents = intent(3).intents;
  for (const auto& outcome : this->apply({grant(2), announced}, journal)) {
    ASSERT_TRUE(outcome.failed.has_value());
    EXPECT_EQ(outcome.failed->fault, Fault::storage_failed);
  }
  this->expect_absent(2);
  this->expect_absent(3);
  EXPECT_TRUE(this->apply_one(intent(3)).durable());
  EXPECT_TRUE(this->apply_one(grant(2)).durable());
  EXPECT_THAT(*this->engine().find_certificates({}),
              testing::ElementsAre(certificate(2), certificate(1)));
}

TYPED_TEST_P(EngineContract, ChangesTheStatusOfACertificate) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  const auto at = kNoon2026 + std::chrono::hours{1};
  ASSERT_TRUE(
      this->engine().change_status(serial(1), store::CertificateStatus::on_hold, at, 6).ok());
  auto held = certificate(1);
  held.status = store::CertificateStatus::on_hold;
  held.revoked_at = at;
  held.revocation_reason = 6;
  EXPECT_EQ(*this->engine().find_certificate(serial(1)), held);
}

TYPED_TEST_P(EngineContract, ForgetsTimeAndReasonOfACertificateThatIsValidAgain) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  const auto at = kNoon2026 + std::chrono::hours{1};
  ASSERT_TRUE(
      this->engine().change_status(serial(1), store::CertificateStatus::on_hold, at, 6).ok());
  ASSERT_TRUE(this->engine().change_status(serial(1), store::CertificateStatus::valid, at, 8).ok());
  EXPECT_EQ(*this->engine().find_certificate(serial(1)), certificate(1));
}

TYPED_TEST_P(EngineContract, CannotChangeTheStatusOfAnUnknownCertificate) {
  const auto changed =
      this->engine().change_status(serial(1), store::CertificateStatus::revoked, kNoon2026, 1);
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.error().fault, Fault::certificate_not_found);
}

TYPED_TEST_P(EngineContract, GivesTheNewestFirst) {
  auto late = grant(1);
  late.certificates.front().issued_at = kNoon2026 + std::chrono::hours{1};
  auto same_second = grant(3);
  same_second.certificates.front().issued_at = certificate(2).issued_at;
  for (auto* commit : {&late, &same_second}) {
    commit->certificates.front().subject_der = certificate(2).subject_der;
    commit->certificates.front().key_hash = certificate(2).key_hash;
    commit->keys.clear();
  }
  this->apply({late, grant(4), same_second});
  auto second = grant(2);
  second.keys.clear();
  ASSERT_TRUE(this->apply_one(second).durable());

  const auto newest_first = testing::ElementsAre(late.certificates.front(), certificate(2),
                                                 same_second.certificates.front());
  EXPECT_THAT(*this->engine().find_by_subject(certificate(2).subject_der), newest_first);
  EXPECT_EQ(this->engine().find_some_by_subject(certificate(2).subject_der, 2)->size(), 2U);
  EXPECT_THAT(*this->engine().find_some_by_subject(certificate(2).subject_der, 100),
              testing::UnorderedElementsAreArray(
                  *this->engine().find_by_subject(certificate(2).subject_der)));
  EXPECT_THAT(*this->engine().find_by_key(certificate(2).key_hash), newest_first);
  EXPECT_THAT(*this->engine().find_certificates({}),
              testing::ElementsAre(late.certificates.front(), certificate(4), certificate(2),
                                   same_second.certificates.front()));
}

TYPED_TEST_P(EngineContract, FindsCertificatesByStatus) {
  this->apply({grant(1), grant(2), grant(3)});
  ASSERT_TRUE(this->engine()
                  .change_status(serial(2), store::CertificateStatus::revoked, kNoon2026, 1)
                  .ok());
  const auto find = [this](store::CertificateStatus status) {
    return *this->engine().find_certificates(with_status(status));
  };
  ASSERT_EQ(find(store::CertificateStatus::revoked).size(), 1U);
  EXPECT_EQ(find(store::CertificateStatus::revoked).front().serial_number, serial(2));
  EXPECT_THAT(find(store::CertificateStatus::valid),
              testing::ElementsAre(certificate(3), certificate(1)));
  EXPECT_TRUE(find(store::CertificateStatus::on_hold).empty());
}

TYPED_TEST_P(EngineContract, FindsCertificatesIssuedFromInclusiveToExclusive) {
  this->apply({grant(1), grant(2), grant(3), grant(4)});
  const auto second = certificate(2).issued_at;
  const auto fourth = certificate(4).issued_at;
  auto& engine = this->engine();
  EXPECT_THAT(*engine.find_certificates(issued(second, fourth)),
              testing::ElementsAre(certificate(3), certificate(2)));
  EXPECT_THAT(*engine.find_certificates(issued(fourth, std::nullopt)),
              testing::ElementsAre(certificate(4)));
  EXPECT_THAT(*engine.find_certificates(issued(std::nullopt, second)),
              testing::ElementsAre(certificate(1)));
  EXPECT_TRUE(engine.find_certificates(issued(second, second))->empty());
  EXPECT_TRUE(engine.find_certificates(issued(fourth, second))->empty());
}

TYPED_TEST_P(EngineContract, FindsNoMoreCertificatesThanAsked) {
  this->apply({grant(1), grant(2), grant(3)});
  EXPECT_THAT(*this->engine().find_certificates(at_most(2)),
              testing::ElementsAre(certificate(3), certificate(2)));
  EXPECT_TRUE(this->engine().find_certificates(at_most(0))->empty());
}

REGISTER_TYPED_TEST_SUITE_P(
    EngineContract,

    FindsNothingInAnEmptyStore, FindsAGrantByEachOfItsParts,
    SaysOfAMessageWhetherItOrItsNonceWasSeenBefore,
    SaysOfAMessageWithoutNonceWhetherItWasSeenBeforeWhoeverSentIt,
    TellsANonceFromADigestOfTheSameOctets, KeepsEveryFieldOfACertificate,
    KeepsAnAnsweredRequestWithoutNonceTransactionOrCertificates,
    KeepsSeveralSerialNumbersOfOneAnswerInTheirOrder, AppendsTheEventsOfABatchAtOnceInTheirOrder,
    AcceptsEventsAlone, AcceptsCommitsWithoutEventsWithoutTheJournal,
    AnswersAnEmptyBatchWithNothing, RefusesARequestThatWasAnswered,
    RefusesARequestWithoutNonceThatWasAnsweredToAnybody, RefusesANonceOfTheSameRequester,
    AcceptsTheSameNonceOfAnotherRequester, AcceptsTwoRequestsOfOneRequesterWithoutNonce,
    TellsRequestersApartWhoseFirstOctetsAgree, RefusesASerialNumberThatACertificateHas,
    RefusesASerialNumberTwiceInOneCommit, AcceptsTheCertificateThatAnIntentAnnounced,
    RefusesAnotherCertificateThanTheIntentAnnounced, RefusesASecondIntentForASerialNumber,
    RefusesAnIntentForASerialNumberThatACertificateHas, RefusesAnIntentTwiceInOneCommit,
    RefusesAKeyOfWhichThereAreMoreCertificatesThanPolicySaw,
    AcceptsAKeyOfWhichThereAreAsManyCertificatesAsPolicySaw,
    RefusesAKeyOfWhichThereAreFewerCertificatesThanPolicySaw,
    CountsKeysBeforeTheCommitsOwnCertificates, ChecksACommitAgainstTheOnesBeforeItInTheBatch,
    ACommitInConflictFreesWhatItWanted, NamesTheFirstOfSeveralConflicts,
    KeepsNothingOfABatchWhoseEventsCannotBeWritten, ChangesTheStatusOfACertificate,
    ForgetsTimeAndReasonOfACertificateThatIsValidAgain, CannotChangeTheStatusOfAnUnknownCertificate,
    GivesTheNewestFirst, FindsCertificatesByStatus, FindsCertificatesIssuedFromInclusiveToExclusive,
    FindsNoMoreCertificatesThanAsked);

}  // namespace signet::test
