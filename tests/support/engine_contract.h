#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/certificate_store.h"
#include "support/change_status.h"
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
    EXPECT_FALSE(seen.nonce_used);
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
  record.revocation_reason = pkix::CRLReason::superseded;
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
  ASSERT_TRUE(change_status(this->engine(), serial(1), store::CertificateStatus::on_hold, at,
                            pkix::CRLReason::certificateHold)
                  .ok());
  auto held = certificate(1);
  held.status = store::CertificateStatus::on_hold;
  held.revoked_at = at;
  held.revocation_reason = pkix::CRLReason::certificateHold;
  EXPECT_EQ(*this->engine().find_certificate(serial(1)), held);
}

TYPED_TEST_P(EngineContract, ForgetsTimeAndReasonOfACertificateThatIsValidAgain) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  const auto at = kNoon2026 + std::chrono::hours{1};
  ASSERT_TRUE(change_status(this->engine(), serial(1), store::CertificateStatus::on_hold, at,
                            pkix::CRLReason::certificateHold)
                  .ok());
  ASSERT_TRUE(change_status(this->engine(), serial(1), store::CertificateStatus::valid, at,
                            pkix::CRLReason::removeFromCRL)
                  .ok());
  EXPECT_EQ(*this->engine().find_certificate(serial(1)), certificate(1));
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
  ASSERT_TRUE(change_status(this->engine(), serial(2), store::CertificateStatus::revoked, kNoon2026,
                            pkix::CRLReason::keyCompromise)
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
    AnswersAnEmptyBatchWithNothing, KeepsNothingOfABatchWhoseEventsCannotBeWritten,
    ChangesTheStatusOfACertificate, ForgetsTimeAndReasonOfACertificateThatIsValidAgain,
    GivesTheNewestFirst, FindsCertificatesByStatus, FindsCertificatesIssuedFromInclusiveToExclusive,
    FindsNoMoreCertificatesThanAsked);

}  // namespace signet::test
