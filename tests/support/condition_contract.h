#pragma once

#include "support/engine_contract.h"

/// The conditions of a commit, what breaks them, and that nothing of such a commit is kept: what
/// every engine must do, as one typed suite beside EngineContract.
namespace signet::test {

template <typename Fixture>
class ConditionContract : public EngineContract<Fixture> {};

TYPED_TEST_SUITE_P(ConditionContract);

TYPED_TEST_P(ConditionContract, RefusesARequestThatWasAnswered) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto retry = grant(2);
  retry.answered = answered(1);
  EXPECT_EQ(this->conflict_of(retry), store::Conflict::answered_before);
  this->expect_absent(2);
}

TYPED_TEST_P(ConditionContract, RefusesARequestWithoutNonceThatWasAnsweredToAnybody) {
  auto first = grant(1);
  first.answered->sender_nonce.clear();
  ASSERT_TRUE(this->apply_one(first).durable());
  auto retry = grant(2);
  retry.answered->sender_nonce.clear();
  retry.answered->request_digest = first.answered->request_digest;
  EXPECT_EQ(this->conflict_of(retry), store::Conflict::answered_before);
  this->expect_absent(2);
}

TYPED_TEST_P(ConditionContract, RefusesANonceOfTheSameRequester) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto replay = grant(2);
  replay.answered->requester_hash = answered(1).requester_hash;
  replay.answered->sender_nonce = answered(1).sender_nonce;
  EXPECT_EQ(this->conflict_of(replay), store::Conflict::nonce_seen);
  EXPECT_EQ(this->engine().seen_before(answered(2))->answer, std::nullopt);
}

TYPED_TEST_P(ConditionContract, AcceptsTheSameNonceOfAnotherRequester) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto other = grant(2);
  other.answered->sender_nonce = answered(1).sender_nonce;
  EXPECT_TRUE(this->apply_one(other).durable());
}

TYPED_TEST_P(ConditionContract, AcceptsTwoRequestsOfOneRequesterWithoutNonce) {
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

TYPED_TEST_P(ConditionContract, TellsRequestersApartWhoseFirstOctetsAgree) {
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

TYPED_TEST_P(ConditionContract, RefusesASerialNumberThatACertificateHas) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto taken = grant(2);
  taken.certificates.front().serial_number = serial(1);
  EXPECT_EQ(this->conflict_of(taken), store::Conflict::serial_taken);
  EXPECT_EQ(*this->engine().find_certificate(serial(1)), certificate(1));
  this->expect_absent(2);
}

TYPED_TEST_P(ConditionContract, RefusesASerialNumberTwiceInOneCommit) {
  auto twice = grant(1);
  twice.certificates.push_back(certificate(2));
  twice.certificates.back().serial_number = serial(1);
  EXPECT_EQ(this->conflict_of(twice), store::Conflict::serial_taken);
  this->expect_absent(1);
}

TYPED_TEST_P(ConditionContract, AcceptsTheCertificateThatAnIntentAnnounced) {
  ASSERT_TRUE(this->apply_one(intent(1)).durable());
  EXPECT_TRUE(this->apply_one(grant(1)).durable());
}

TYPED_TEST_P(ConditionContract, RefusesAnotherCertificateThanTheIntentAnnounced) {
  auto other = intent(1);
  other.intents.front().tbs_digest.back() ^= 1;
  ASSERT_TRUE(this->apply_one(other).durable());
  EXPECT_EQ(this->conflict_of(grant(1)), store::Conflict::serial_taken);
  this->expect_absent(1);
}

TYPED_TEST_P(ConditionContract, RefusesASecondIntentForASerialNumber) {
  ASSERT_TRUE(this->apply_one(intent(1)).durable());
  EXPECT_EQ(this->conflict_of(intent(1)), store::Conflict::serial_taken);
}

TYPED_TEST_P(ConditionContract, RefusesAnIntentForASerialNumberThatACertificateHas) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  EXPECT_EQ(this->conflict_of(intent(1)), store::Conflict::serial_taken);
}

TYPED_TEST_P(ConditionContract, RefusesAnIntentTwiceInOneCommit) {
  auto twice = intent(1);
  twice.intents.push_back(twice.intents.front());
  EXPECT_EQ(this->conflict_of(twice), store::Conflict::serial_taken);
  EXPECT_TRUE(this->apply_one(intent(1)).durable());
}

TYPED_TEST_P(ConditionContract, RefusesAKeyOfWhichThereAreMoreCertificatesThanPolicySaw) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto reuse = grant(2);
  reuse.certificates.front().key_hash = certificate(1).key_hash;
  reuse.keys = {{certificate(1).key_hash, 0}};
  EXPECT_EQ(this->conflict_of(reuse), store::Conflict::key_taken);
  this->expect_absent(2);
}

TYPED_TEST_P(ConditionContract, AcceptsAKeyOfWhichThereAreAsManyCertificatesAsPolicySaw) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto reuse = grant(2);
  reuse.certificates.front().key_hash = certificate(1).key_hash;
  reuse.keys = {{certificate(1).key_hash, 1}};
  EXPECT_TRUE(this->apply_one(reuse).durable());
  EXPECT_EQ(this->engine().find_by_key(certificate(1).key_hash)->size(), 2U);
}

TYPED_TEST_P(ConditionContract, RefusesAKeyOfWhichThereAreFewerCertificatesThanPolicySaw) {
  auto expecting = grant(1);
  expecting.keys.front().known_certificates = 1;
  EXPECT_EQ(this->conflict_of(expecting), store::Conflict::key_taken);
}

TYPED_TEST_P(ConditionContract, CountsKeysBeforeTheCommitsOwnCertificates) {
  auto two = grant(1);
  two.certificates.push_back(certificate(2));
  two.certificates.back().key_hash = certificate(1).key_hash;
  two.keys.push_back({certificate(1).key_hash, 0});
  EXPECT_TRUE(this->apply_one(two).durable());
}

TYPED_TEST_P(ConditionContract, ChecksACommitAgainstTheOnesBeforeItInTheBatch) {
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

TYPED_TEST_P(ConditionContract, ACommitInConflictFreesWhatItWanted) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto conflicting = grant(2);
  conflicting.keys.push_back({certificate(1).key_hash, 0});
  const auto outcomes = this->apply({conflicting, grant(2)});
  EXPECT_EQ(outcomes[0].conflict, store::Conflict::key_taken);
  EXPECT_TRUE(outcomes[1].durable());
}

TYPED_TEST_P(ConditionContract, NamesTheFirstOfSeveralConflicts) {
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

REGISTER_TYPED_TEST_SUITE_P(
    ConditionContract,

    RefusesARequestThatWasAnswered, RefusesARequestWithoutNonceThatWasAnsweredToAnybody,
    RefusesANonceOfTheSameRequester, AcceptsTheSameNonceOfAnotherRequester,
    AcceptsTwoRequestsOfOneRequesterWithoutNonce, TellsRequestersApartWhoseFirstOctetsAgree,
    RefusesASerialNumberThatACertificateHas, RefusesASerialNumberTwiceInOneCommit,
    AcceptsTheCertificateThatAnIntentAnnounced, RefusesAnotherCertificateThanTheIntentAnnounced,
    RefusesASecondIntentForASerialNumber, RefusesAnIntentForASerialNumberThatACertificateHas,
    RefusesAnIntentTwiceInOneCommit, RefusesAKeyOfWhichThereAreMoreCertificatesThanPolicySaw,
    AcceptsAKeyOfWhichThereAreAsManyCertificatesAsPolicySaw,
    RefusesAKeyOfWhichThereAreFewerCertificatesThanPolicySaw,
    CountsKeysBeforeTheCommitsOwnCertificates, ChecksACommitAgainstTheOnesBeforeItInTheBatch,
    ACommitInConflictFreesWhatItWanted, NamesTheFirstOfSeveralConflicts);

}  // namespace signet::test
