// What meets a conflict in the store is decided again, beside everything else.
#include "authority/service.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <span>
#include <stdexcept>

#include "support/keeping_log.h"
#include "support/secret_message.h"
#include "support/test_authority.h"
#include "support/tolerances_in.h"
#include "support/unwrap.h"

namespace signet::authority {
namespace {

using namespace std::chrono_literals;
using test::SecretMessage;
using test::TestAuthority;

/// A store in which the next `conflicts` batches with certificates meet a taken serial number.
/// And `doubts` more are kept without a word of it.
class ConflictingEngine final : public store::MemoryEngine {
 public:
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    const bool certifies = std::any_of(batch.begin(), batch.end(), [](const store::Commit* each) {
      return !each->certificates.empty();
    });
    if (certifies && doubts > 0) {
      --doubts;
      MemoryEngine::apply(batch, journal);
      return {batch.size(), store::CommitOutcome::failure(Error{Fault::in_doubt, "no word came"})};
    }
    if (!certifies || conflicts == 0) return MemoryEngine::apply(batch, journal);
    --conflicts;
    return {batch.size(), {.conflict = store::Conflict::serial_taken, .failed = {}}};
  }
  std::atomic<int> conflicts = 0;
  std::atomic<int> doubts = 0;
};

/// A directory that does not answer its second question until it is told to.
class HangingDirectory final : public proof::SecretSource {
 public:
  Result<std::optional<proof::SharedSecret>> find(std::string_view identification) const override {
    if (++asked_ == 2) {
      hangs_.set_value();
      goes_on_.get_future().wait();
    }
    return secrets.find(identification);
  }
  void wait_until_it_hangs() { hangs_.get_future().wait(); }
  void go_on() { goes_on_.set_value(); }
  test::FakeSecretSource secrets;

 private:
  mutable std::atomic<int> asked_ = 0;
  mutable std::promise<void> hangs_;
  mutable std::promise<void> goes_on_;
};

/// A directory whose library throws at the second question.
class ThrowingDirectory final : public proof::SecretSource {
 public:
  Result<std::optional<proof::SharedSecret>> find(std::string_view identification) const override {
    if (++asked_ == 2) throw std::runtime_error("no memory");
    return secrets.find(identification);
  }
  test::FakeSecretSource secrets;

 private:
  mutable std::atomic<int> asked_ = 0;
};

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() {
    directory->secrets.entries["alice"] = {.secret = test::kSecret, .subject = test::kOwner};
    throwing->secrets.entries = directory->secrets.entries;
  }
  std::future<Answer> ask(Service& service, Inquiry inquiry) {
    auto answered = std::make_shared<std::promise<Answer>>();
    service.respond(std::move(inquiry),
                    [answered](Answer answer) { answered->set_value(std::move(answer)); });
    return answered->get_future();
  }
  static Inquiry by_secret() {
    Inquiry inquiry;
    inquiry.octets = SecretMessage{}.encode();
    return inquiry;
  }
  static Inquiry by_alice(TestAuthority& ca) {
    Inquiry inquiry;
    inquiry.octets = ca.request(ca.alice, "CN=Alice,O=Test").octets;
    inquiry.peer.tls_client_certificate = ca.alice.certificate.der;
    return inquiry;
  }

  ConflictingEngine engine;
  audit::MemoryJournal journal;
  test::KeepingLog log;
  std::shared_ptr<HangingDirectory> directory = std::make_shared<HangingDirectory>();
  std::shared_ptr<ThrowingDirectory> throwing = std::make_shared<ThrowingDirectory>();
};

TEST_F(ServiceTest, DecidesAgainWhatMetAConflict) {
  TestAuthority ca({.engine = &engine, .journal = &journal});
  store::Committer committer(engine, journal);
  Service service(ca.authority(), committer, log);
  engine.conflicts = 2;
  EXPECT_EQ(ask(service, by_alice(ca)).get().issued, 1U);
}

TEST_F(ServiceTest, RefusesWhatMeetsConflictsWithoutEnd) {
  TestAuthority ca({.engine = &engine, .journal = &journal});
  store::Committer committer(engine, journal);
  Service service(ca.authority(), committer, log);
  const auto before = ca.certificates_on_record();
  engine.conflicts = 3;
  const auto answer = ask(service, by_alice(ca)).get();
  ASSERT_TRUE(answer.refusal.has_value());
  EXPECT_EQ(answer.refusal->fault, Fault::busy);
  EXPECT_EQ(ca.certificates_on_record(), before);
}

/// The refusal is the service's own, and the message had come as far as it did by a tolerance.
TEST_F(ServiceTest, PutsTheTolerancesOnRecordOfWhatItRefusesInTheEnd) {
  TestAuthority ca({.settings = {.shared_body_part_ids = true}, .engine = &engine});
  engine.conflicts = 3;
  const auto proper = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice);
  EXPECT_EQ(proper.fail_info(), cmc::CMCFailInfo::tryLater) << proper.text();
  EXPECT_TRUE(test::tolerances_in(proper).empty());
  const std::vector<Bytes> requests{test::tagged(1, test::pkcs10({.subject = "CN=Alice,O=Test"}))};
  const std::vector<cmc::TaggedAttribute> controls{
      test::control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, 9)))};
  engine.conflicts = 3;
  const auto told =
      ca.send(test::full_request({ca.alice.key, ca.alice.certificate}, requests, controls).encode(),
              &ca.alice);
  EXPECT_EQ(told.fail_info(), cmc::CMCFailInfo::tryLater) << told.text();
  EXPECT_EQ(test::tolerances_in(told), std::vector<std::string>{"shared_body_part_ids 1"});
}

TEST_F(ServiceTest, DoesNotSayThatNothingWasIssuedWhereThatIsNotKnown) {
  TestAuthority ca({.engine = &engine, .journal = &journal});
  const auto inquiry = by_alice(ca);
  const auto before = ca.certificates_on_record();
  engine.doubts = 1;
  const auto told = ca.deliver(inquiry);
  EXPECT_EQ(told.fail_info(), cmc::CMCFailInfo::tryLater);
  EXPECT_NE(told.text().find("the very same message"), std::string::npos) << told.text();
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
  EXPECT_TRUE(ca.deliver(inquiry).issued()) << "the very same message brings what was granted";
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

TEST_F(ServiceTest, TellsTheLogWhatWasThrownWhileAMessageWasDecidedAgain) {
  TestAuthority ca({.engine = &engine, .journal = &journal, .own_secrets = throwing});
  {
    store::Committer committer(engine, journal);
    Service service(ca.authority(), committer, log);
    engine.conflicts = 1;
    EXPECT_THROW(ask(service, by_secret()).get(), std::future_error) << "no answer any more";
  }
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_EQ(log.lines[0], "work_broken_off what=messages decided again why=no memory");
}

TEST_F(ServiceTest, MakesTheIntentOfASecondDecisionDurable) {
  TestAuthority ca({.settings = {.record_intent = true}, .engine = &engine, .journal = &journal});
  engine.conflicts = 1;
  const auto told = ca.deliver(by_alice(ca));
  EXPECT_TRUE(told.issued()) << told.text();
}

TEST_F(ServiceTest, AnswersOthersWhileADirectoryKeepsASecondDecisionWaiting) {
  TestAuthority ca({.engine = &engine, .journal = &journal, .own_secrets = directory});
  store::Committer committer(engine, journal);
  Service service(ca.authority(), committer, log);
  engine.conflicts = 1;
  auto waiting = ask(service, by_secret());
  directory->wait_until_it_hangs();
  auto other = ask(service, by_alice(ca));
  EXPECT_EQ(other.wait_for(10s), std::future_status::ready);
  EXPECT_NE(waiting.wait_for(0s), std::future_status::ready);
  directory->go_on();
  EXPECT_EQ(other.get().issued, 1U);
  EXPECT_EQ(waiting.get().issued, 1U);
}

/// One after the other, none is sent away, and whoever is known waits for none of them.
TEST_F(ServiceTest, LooksAtStrangersSecretsBesideEverythingElse) {
  TestAuthority ca({.engine = &engine, .journal = &journal, .own_secrets = directory});
  store::Committer committer(engine, journal);
  Service service(ca.authority(), committer, log);
  std::vector<std::future<Answer>> strangers;
  for (std::uint8_t number = 1; number <= 3; ++number) {
    Inquiry inquiry;
    inquiry.octets = SecretMessage{.nonce = number, .in_authenticated_data = true}.encode();
    strangers.push_back(ask(service, std::move(inquiry)));
  }
  directory->wait_until_it_hangs();  // asked by the second of them
  auto known = ask(service, by_alice(ca));
  EXPECT_EQ(known.wait_for(10s), std::future_status::ready);
  EXPECT_NE(strangers[2].wait_for(0s), std::future_status::ready);
  directory->go_on();
  EXPECT_EQ(known.get().issued, 1U);
  std::size_t issued = 0;
  for (auto& stranger : strangers) issued += stranger.get().issued;
  EXPECT_EQ(issued, 1U) << "a secret for one use";
}

TEST_F(ServiceTest, EndsOnceEverythingWasAnswered) {
  TestAuthority ca({.engine = &engine, .journal = &journal, .own_secrets = directory});
  store::Committer committer(engine, journal);
  auto service = std::make_unique<Service>(ca.authority(), committer, log);
  engine.conflicts = 1;
  auto waiting = ask(*service, by_secret());
  directory->wait_until_it_hangs();
  auto ended = std::async(std::launch::async, [&] { service.reset(); });
  EXPECT_EQ(ended.wait_for(50ms), std::future_status::timeout);
  directory->go_on();
  ended.get();
  ASSERT_EQ(waiting.wait_for(0s), std::future_status::ready);
  EXPECT_EQ(waiting.get().issued, 1U);
}

}  // namespace
}  // namespace signet::authority
