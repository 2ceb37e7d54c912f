#pragma once

#include "support/change_status.h"
#include "support/engine_contract.h"

/// What every engine must do where a commit depends on how many certificates a subject has, as one
/// typed suite beside EngineContract.
namespace signet::test {

/// grant(number) for the subject of this number, of which there must be so many certificates.
inline store::Commit grant_for(std::uint16_t number, std::uint16_t subject, std::size_t known = 0) {
  auto commit = grant(number);
  const auto subject_der = certificate(subject).subject_der;
  commit.certificates.front().subject_der = subject_der;
  commit.subjects.push_back({subject_der, known});
  return commit;
}

/// The same, whoever has the subject.
inline store::Commit grant_freely_for(std::uint16_t number, std::uint16_t subject) {
  auto commit = grant_for(number, subject);
  commit.subjects.clear();
  return commit;
}

template <typename Fixture>
class SubjectContract : public EngineContract<Fixture> {
 protected:
  std::size_t count(std::uint16_t subject) {
    return this->engine().find_by_subject(certificate(subject).subject_der)->size();
  }
};

TYPED_TEST_SUITE_P(SubjectContract);

TYPED_TEST_P(SubjectContract, RefusesASubjectThatACertificateHasByNow) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  EXPECT_EQ(this->conflict_of(grant_for(2, 1)), store::Conflict::subject_taken);
  this->expect_absent(2);
  EXPECT_TRUE(this->apply_one(grant_for(3, 3)).durable());
}

TYPED_TEST_P(SubjectContract, RefusesASubjectThatOnlyARevokedCertificateHas) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  ASSERT_TRUE(change_status(this->engine(), serial(1), store::CertificateStatus::revoked, kNoon2026,
                            pkix::CRLReason::keyCompromise)
                  .ok());
  EXPECT_EQ(this->conflict_of(grant_for(2, 1)), store::Conflict::subject_taken);
}

TYPED_TEST_P(SubjectContract, AcceptsASubjectOfAsManyCertificatesAsPolicySaw) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  ASSERT_TRUE(this->apply_one(grant_for(2, 1, 1)).durable());
  EXPECT_EQ(this->conflict_of(grant_for(3, 1, 1)), store::Conflict::subject_taken);
  EXPECT_EQ(this->conflict_of(grant_for(3, 1, 3)), store::Conflict::subject_taken);
  EXPECT_TRUE(this->apply_one(grant_for(3, 1, 2)).durable());
  EXPECT_EQ(this->count(1), 3U);
}

TYPED_TEST_P(SubjectContract, LooksAtSubjectsThatTheCertificateDoesNotHave) {
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  auto spelled = grant_for(2, 2);
  spelled.subjects.push_back({certificate(1).subject_der, 0});
  EXPECT_EQ(this->conflict_of(spelled), store::Conflict::subject_taken);
  spelled.subjects.back().subject_der.push_back('0');
  EXPECT_TRUE(this->apply_one(spelled).durable());
}

TYPED_TEST_P(SubjectContract, GivesASubjectToTheFirstOfABatch) {
  const auto outcomes = this->apply(
      {grant_for(1, 9), grant_for(2, 9), grant_for(3, 8), grant_for(4, 8), grant_for(5, 7)});
  EXPECT_TRUE(outcomes[0].durable());
  EXPECT_EQ(outcomes[1].conflict, store::Conflict::subject_taken);
  EXPECT_TRUE(outcomes[2].durable());
  EXPECT_EQ(outcomes[3].conflict, store::Conflict::subject_taken);
  EXPECT_TRUE(outcomes[4].durable());
  EXPECT_EQ(this->count(9), 1U);
  this->expect_absent(2);
}

TYPED_TEST_P(SubjectContract, CountsCertificatesOfABatchOnWhichNothingDependedToo) {
  const auto outcomes = this->apply({grant_freely_for(1, 9), grant_for(2, 9), grant_for(3, 9, 1)});
  EXPECT_EQ(outcomes[1].conflict, store::Conflict::subject_taken);
  EXPECT_TRUE(outcomes[2].durable());
  const auto later = this->apply({grant_for(4, 8), grant_freely_for(5, 8)});
  EXPECT_TRUE(later[0].durable());
  EXPECT_TRUE(later[1].durable()) << "who does not ask does not mind";
}

TYPED_TEST_P(SubjectContract, CountsBeforeTheCommitsOwnCertificates) {
  auto two = grant_for(1, 9);
  two.certificates.push_back(certificate(2));
  two.certificates.back().subject_der = certificate(9).subject_der;
  two.subjects.push_back(two.subjects.front());
  EXPECT_TRUE(this->apply_one(two).durable());
  EXPECT_EQ(this->count(9), 2U);
}

TYPED_TEST_P(SubjectContract, ACommitThatIsNotKeptTakesNoSubject) {
  auto retry = grant_for(2, 9);
  retry.answered = answered(1);
  ASSERT_TRUE(this->apply_one(grant(1)).durable());
  const auto outcomes = this->apply({retry, grant_for(3, 9)});
  EXPECT_EQ(outcomes[0].conflict, store::Conflict::answered_before);
  EXPECT_TRUE(outcomes[1].durable());
  FailingJournal full;
  EXPECT_TRUE(this->apply({grant_for(4, 8)}, full).front().failed.has_value());
  EXPECT_TRUE(this->apply_one(grant_for(5, 8)).durable());
}

TYPED_TEST_P(SubjectContract, TellsARetryBeforeATakenSubject) {
  const auto granted = grant_for(1, 9);
  ASSERT_TRUE(this->apply_one(granted).durable());
  EXPECT_EQ(this->conflict_of(granted), store::Conflict::answered_before);
  auto reuse = grant_for(2, 9);
  reuse.keys = {{certificate(1).key_hash, 0}};
  EXPECT_EQ(this->conflict_of(reuse), store::Conflict::key_taken);
  auto by_secret = grant_for(2, 9);
  by_secret.token_use = store::TokenUse{Bytes(16, 1), 1};
  EXPECT_EQ(this->conflict_of(by_secret), store::Conflict::subject_taken);
}

REGISTER_TYPED_TEST_SUITE_P(SubjectContract, RefusesASubjectThatACertificateHasByNow,
                            RefusesASubjectThatOnlyARevokedCertificateHas,
                            AcceptsASubjectOfAsManyCertificatesAsPolicySaw,
                            LooksAtSubjectsThatTheCertificateDoesNotHave,
                            GivesASubjectToTheFirstOfABatch,
                            CountsCertificatesOfABatchOnWhichNothingDependedToo,
                            CountsBeforeTheCommitsOwnCertificates,
                            ACommitThatIsNotKeptTakesNoSubject, TellsARetryBeforeATakenSubject);

}  // namespace signet::test
