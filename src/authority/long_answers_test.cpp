// How many long answers there are at one time, from their decision until they were sent.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <span>

#include "authority/service.h"
#include "support/keeping_log.h"
#include "support/reseal.h"
#include "support/unwrap.h"

namespace signet::authority {
namespace {

using test::TestAuthority;

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

/// A store in which the next commits with certificates meet a conflict.
class OvertakenEngine final : public store::MemoryEngine {
 public:
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    const bool certifies = std::any_of(batch.begin(), batch.end(), [](const store::Commit* each) {
      return !each->certificates.empty();
    });
    if (!certifies || conflicts == 0) return MemoryEngine::apply(batch, journal);
    --conflicts;
    return {batch.size(), {.conflict = store::Conflict::serial_taken, .failed = {}}};
  }
  std::atomic<int> conflicts = 0;
};

class LongAnswers : public testing::Test {
 protected:
  void serve(std::size_t most_octets) { serve(LongAnswerLimits{most_octets, most_octets}); }
  void serve(LongAnswerLimits long_answers) {
    service =
        std::make_unique<Service>(ca.authority(), committer, log, nullptr, nullptr, long_answers);
  }
  /// On record; its octets are none.
  void keep_crl(std::size_t octets) {
    store::Commit commit;
    commit.crl = store::CrlRecord{.number = 1,
                                  .this_update = ca.clock.now(),
                                  .next_update = ca.clock.now() + std::chrono::hours{1},
                                  .der = Bytes(octets, 1)};
    ASSERT_TRUE(committer.commit(std::move(commit)).durable());
  }
  cmc::TaggedAttribute get_crl() {
    cmc::GetCRL wanted;
    wanted.issuer_name = ca.certificate()->subject;
    return test::control(60, cmc::oid::kGetCRL, cmc::write_get_crl(wanted));
  }
  Inquiry from_alice(Bytes message) {
    Inquiry inquiry;
    inquiry.octets = std::move(message);
    inquiry.peer.tls_client_certificate = ca.alice.certificate.der;
    return inquiry;
  }
  Inquiry for_crl(std::uint8_t nonce, const std::string& client) {
    auto inquiry = for_crl(nonce);
    inquiry.client = client;
    return inquiry;
  }
  Inquiry for_crl(std::uint8_t nonce) {
    const std::vector<cmc::TaggedAttribute> controls{
        test::control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, nonce))),
        get_crl()};
    return from_alice(
        test::full_request({ca.alice.key, ca.alice.certificate}, {}, controls).encode());
  }
  /// A certificate and a CRL, both or neither.
  Inquiry for_both() {
    auto parts = test::parts_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
    parts.control_sequence.push_back(get_crl());
    return from_alice(test::seal(parts, ca.alice));
  }
  /// Messages of Alice's, numbered from 1 on, forwarded by the agent.
  Inquiry forwarding(const std::vector<Inquiry>& messages) {
    cmc::PKIDataParts parts;
    cmc::BodyPartList ids;
    for (const auto& message : messages) {
      ids.push_back(cmc::BodyPartID{static_cast<std::uint32_t>(ids.size() + 1)});
      parts.cms_sequence.push_back(
          {ids.back(), test::unwrap(cms::read_content_info(message.octets))});
    }
    parts.control_sequence = {
        test::control(900, cmc::oid::kBatchRequests, cmc::write_body_part_list_value(ids))};
    Inquiry inquiry;
    inquiry.octets = test::seal(parts, ca.agent);
    inquiry.peer.tls_client_certificate = ca.agent.certificate.der;
    return inquiry;
  }
  std::future<Answer> ask(Inquiry inquiry) {
    auto answered = std::make_shared<std::promise<Answer>>();
    service->respond(std::move(inquiry),
                     [answered](Answer answer) { answered->set_value(std::move(answer)); });
    return answered->get_future();
  }

  OvertakenEngine engine;
  audit::MemoryJournal journal;
  test::KeepingLog log;
  TestAuthority ca{{.engine = &engine, .journal = &journal}};
  store::Committer committer{engine, journal};
  std::unique_ptr<Service> service;
};

TEST_F(LongAnswers, FitWhatIsHeldOfThemAndTheRestAreToComeAgain) {
  keep_crl(2 * kMebibyte);
  serve(5 * kMebibyte);
  std::vector<std::future<Answer>> asked;
  for (std::uint8_t nonce = 1; nonce <= 8; ++nonce) asked.push_back(ask(for_crl(nonce)));
  std::vector<Answer> held;
  std::size_t octets = 0;
  std::size_t granted = 0;
  for (auto& each : asked) {
    held.push_back(each.get());
    octets += held.back().octets.size();
    if (!held.back().refusal) {
      ++granted;
      continue;
    }
    EXPECT_EQ(held.back().refusal->fault, Fault::busy);
    EXPECT_EQ(test::read_told(held.back(), {}).fail_info(), cmc::CMCFailInfo::tryLater);
  }
  EXPECT_EQ(granted, 2U);
  EXPECT_LT(octets, 5 * kMebibyte);
}

TEST_F(LongAnswers, LeaveTheOtherHalfToOthersThanWhoHoldsOne) {
  keep_crl(2 * kMebibyte);
  serve(LongAnswerLimits{10 * kMebibyte, 5 * kMebibyte});
  const std::array held{ask(for_crl(1, "one")).get(), ask(for_crl(2, "one")).get()};
  for (const auto& each : held) EXPECT_TRUE(each.room);
  const auto refused = ask(for_crl(3, "one")).get();
  ASSERT_TRUE(refused.refusal);
  EXPECT_EQ(refused.refusal->fault, Fault::busy);
  EXPECT_NE(refused.refusal->detail.find("its client holds as much"), std::string::npos);
  EXPECT_EQ(test::read_told(refused, {}).fail_info(), cmc::CMCFailInfo::tryLater);
  EXPECT_FALSE(ask(for_crl(4, "other")).get().refusal);
}

TEST_F(LongAnswers, OfMoreThanAShareGoToWhoHoldsNone) {
  keep_crl(2 * kMebibyte);
  serve(LongAnswerLimits{10 * kMebibyte, kMebibyte});
  const auto first = ask(for_crl(1, "one")).get();
  EXPECT_TRUE(first.room);
  EXPECT_TRUE(ask(for_crl(2, "one")).get().refusal);
  EXPECT_FALSE(ask(for_crl(3, "other")).get().refusal);
}

/// What is held for long is the answer around them.
TEST_F(LongAnswers, InsideAnotherAreOfNobodysShare) {
  keep_crl(2 * kMebibyte);
  serve(LongAnswerLimits{20 * kMebibyte, 5 * kMebibyte});
  auto batch = forwarding({for_crl(1), for_crl(2), for_crl(3)});
  batch.client = "one";
  const auto held = ask(batch).get();
  EXPECT_TRUE(held.room);
  EXPECT_GT(held.octets.size(), 6 * kMebibyte);
  auto next = forwarding({for_crl(4)});
  next.client = "one";
  const auto refused = ask(next).get();
  ASSERT_TRUE(refused.refusal);
  EXPECT_EQ(refused.refusal->fault, Fault::busy);
}

TEST_F(LongAnswers, GiveTheirRoomBackWhenTheyWereSentAndTheSameMessageIsGranted) {
  keep_crl(2 * kMebibyte);
  serve(3 * kMebibyte);
  auto first = ask(for_crl(1)).get();
  const auto again = for_crl(2);
  EXPECT_TRUE(ask(again).get().refusal);
  first.octets = {};
  EXPECT_TRUE(ask(again).get().refusal) << "what is held is held until it is let go";
  first.room.reset();
  EXPECT_FALSE(ask(again).get().refusal);
}

TEST_F(LongAnswers, OutliveTheServiceWithTheirRoom) {
  keep_crl(2 * kMebibyte);
  serve(3 * kMebibyte);
  auto answer = ask(for_crl(1)).get();
  EXPECT_TRUE(answer.room);
  service.reset();
}

TEST_F(LongAnswers, WithoutRoomKeepNothingOfWhatTheyTell) {
  keep_crl(2 * kMebibyte);
  serve(3 * kMebibyte);
  auto first = ask(for_crl(1)).get();
  const auto both = for_both();
  const auto before = ca.certificates_on_record();
  const auto refused = ask(both).get();
  ASSERT_TRUE(refused.refusal);
  EXPECT_EQ(refused.refusal->fault, Fault::busy);
  EXPECT_NE(test::read_told(refused, {}).text().find("nothing was issued"), std::string::npos);
  EXPECT_EQ(ca.certificates_on_record(), before);
  first = Answer();
  EXPECT_EQ(ask(both).get().issued, 1U);
}

TEST_F(LongAnswers, ThatMeetAConflictGiveTheirRoomBackBeforeTheyAreDecidedAgain) {
  keep_crl(2 * kMebibyte);
  serve(3 * kMebibyte);
  engine.conflicts = 2;
  EXPECT_EQ(ask(for_both()).get().issued, 1U);
}

TEST_F(LongAnswers, ForWhichThereIsNeverRoomAreNotToComeAgain) {
  keep_crl(2 * kMebibyte);
  serve(2 * kMebibyte);
  const auto refused = ask(for_crl(1)).get();
  ASSERT_TRUE(refused.refusal);
  EXPECT_EQ(refused.refusal->fault, Fault::too_large);
  EXPECT_EQ(test::read_told(refused, {}).fail_info(), cmc::CMCFailInfo::badRequest);
}

TEST_F(LongAnswers, InBase64TakeTheRoomOfThat) {
  keep_crl(2 * kMebibyte);
  serve(2 * kMebibyte + kMebibyte / 2);
  auto asked = for_crl(1);
  EXPECT_FALSE(ask(asked).get().refusal);
  asked = for_crl(2);
  asked.answered_in_base64 = true;
  const auto refused = ask(asked).get();
  ASSERT_TRUE(refused.refusal);
  EXPECT_EQ(refused.refusal->fault, Fault::too_large);
}

TEST_F(LongAnswers, InBase64AreLongFromThreeQuartersOfAMebibyteOn) {
  keep_crl(kMebibyte * 4 / 5);
  serve(2 * kMebibyte);
  auto asked = for_crl(1);
  EXPECT_FALSE(ask(asked).get().room);
  asked = for_crl(2);
  asked.answered_in_base64 = true;
  EXPECT_TRUE(ask(asked).get().room);
}

TEST_F(LongAnswers, AroundOthersDoNotSayThatNothingWasGrantedWhereThereIsNoRoom) {
  keep_crl(kMebibyte * 4 / 5);
  serve(3 * kMebibyte);
  const auto first = ask(forwarding({for_crl(1), for_crl(2)})).get();
  ASSERT_TRUE(first.room);
  const auto batch = forwarding({for_both(), for_crl(3)});
  const auto before = ca.certificates_on_record();
  const auto refused = ask(batch).get();
  ASSERT_TRUE(refused.refusal);
  EXPECT_EQ(refused.refusal->fault, Fault::busy);
  EXPECT_EQ(ca.certificates_on_record(), before + 1) << "of the message inside, which stands";
  const auto told = test::read_told(refused, {});
  EXPECT_EQ(told.fail_info(), cmc::CMCFailInfo::tryLater);
  EXPECT_NE(told.text().find("whatever was granted is then told"), std::string::npos)
      << told.text();
}

TEST_F(LongAnswers, AreNoneOfLessThanAMebibyte) {
  keep_crl(kMebibyte / 2);
  serve(0);
  const auto answer = ask(for_crl(1)).get();
  EXPECT_FALSE(answer.refusal);
  EXPECT_FALSE(answer.room);
}

}  // namespace
}  // namespace signet::authority
