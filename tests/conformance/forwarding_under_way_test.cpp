// What becomes of forwarded messages when something breaks between theirs and the answer around
// them: nothing that was granted is lost, and nobody waits for ever.
#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <thread>

#include "authority/service.h"
#include "store/memory_engine.h"
#include "support/forwarding_scene.h"
#include "support/keeping_log.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;

/// A store whose commits without certificates fail while it is told so.
class FailsAround final : public store::MemoryEngine {
 public:
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    std::vector<store::CommitOutcome> outcomes;
    for (const auto* each : batch) {
      const bool fails = failing && each->answered && each->certificates.empty();
      if (fails) {
        outcomes.push_back(store::CommitOutcome::failure(Error{Fault::storage_failed, "full"}));
      } else {
        outcomes.push_back(MemoryEngine::apply(std::span{&each, 1}, journal).front());
      }
    }
    return outcomes;
  }
  std::atomic<bool> failing = false;
};

class ForwardingUnderWay : public testing::Test {
 protected:
  /// A message of the agent's around these, numbered from 1 on.
  static authority::Inquiry batch_of(const TestAuthority& ca, const std::vector<Bytes>& messages) {
    cmc::PKIDataParts parts;
    cmc::BodyPartList ids;
    for (const auto& message : messages) {
      ids.push_back(cmc::BodyPartID{static_cast<std::uint32_t>(ids.size() + 1)});
      parts.cms_sequence.push_back({ids.back(), unwrap(cms::read_content_info(message))});
    }
    parts.control_sequence = {
        control(900, cmc::oid::kBatchRequests, cmc::write_body_part_list_value(ids))};
    auto around = full_request({ca.agent.key, ca.agent.certificate}, {});
    around.content = cmc::write_pki_data(parts);
    authority::Inquiry inquiry;
    inquiry.octets = around.encode();
    inquiry.peer.tls_client_certificate = ca.agent.certificate.der;
    return inquiry;
  }
  static std::future<authority::Answer> ask(authority::Service& service,
                                            authority::Inquiry inquiry) {
    auto answered = std::make_shared<std::promise<authority::Answer>>();
    service.respond(std::move(inquiry), [answered](authority::Answer answer) {
      answered->set_value(std::move(answer));
    });
    return answered->get_future();
  }

  FailsAround engine;
  audit::MemoryJournal journal;
  KeepingLog log;
};

TEST_F(ForwardingUnderWay, WhatWasGrantedInsideIsToldOnceTheAnswerAroundIsKept) {
  TestAuthority ca({.engine = &engine});
  const auto inquiry = batch_of(ca, {ca.request(ca.alice, "CN=Alice,O=Test").octets});
  const auto before = ca.certificates_on_record();
  engine.failing = true;
  const auto failed = ca.deliver(inquiry);
  EXPECT_EQ(failed.fail_info(), CMCFailInfo::internalCAError) << failed.text();
  EXPECT_NE(failed.text().find("whatever was granted is then told"), std::string::npos)
      << failed.text();
  EXPECT_TRUE(failed.messages.empty());
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
  engine.failing = false;
  const auto again = ca.deliver(inquiry);
  ASSERT_EQ(again.messages.size(), 1U) << again.text();
  EXPECT_EQ(ca.certificates_on_record(), before + 1) << "the same one";
}

TEST_F(ForwardingUnderWay, WhatIsIssuedInsideIsCounted) {
  TestAuthority ca({.engine = &engine});
  const auto bob = ca.enroll("CN=Bob,O=Test");
  const auto inquiry = batch_of(ca, {ca.request(ca.alice, "CN=Alice,O=Test").octets,
                                     ca.request(bob, "CN=Bob,O=Test").octets});
  EXPECT_EQ(ca.deliver_octets(inquiry).issued, 2U);
}

TEST_F(ForwardingUnderWay, TheSameBatchFromManyConnectionsAtOnceIsGrantedOnce) {
  TestAuthority ca({.engine = &engine});
  const auto bob = ca.enroll("CN=Bob,O=Test");
  const auto inquiry = batch_of(ca, {ca.request(ca.alice, "CN=Alice,O=Test").octets,
                                     ca.request(bob, "CN=Bob,O=Test").octets});
  const auto before = ca.certificates_on_record();
  std::vector<std::thread> senders;
  std::atomic<std::size_t> answers = 0;
  for (int sender = 0; sender < 8; ++sender) {
    senders.emplace_back([&] { answers += ca.deliver(inquiry).messages.size(); });
  }
  for (auto& sender : senders) sender.join();
  EXPECT_EQ(answers, 16U);
  EXPECT_EQ(ca.certificates_on_record(), before + 2);
}

TEST_F(ForwardingUnderWay, AServerThatEndsAnswersWhatItForwards) {
  TestAuthority ca({.engine = &engine, .journal = &journal});
  store::Committer committer(engine, journal);
  auto service = std::make_unique<authority::Service>(ca.authority(), committer, log);
  auto answer = ask(*service, batch_of(ca, {SecretMessage{.in_authenticated_data = true}.encode(),
                                            ca.request(ca.alice, "CN=Alice,O=Test").octets}));
  service.reset();
  ASSERT_EQ(answer.wait_for(std::chrono::seconds{0}), std::future_status::ready);
  EXPECT_EQ(answer.get().kind, authority::ResponseKind::full);
}

/// A directory whose library throws.
class ThrowingSecrets final : public proof::SecretSource {
 public:
  Result<std::optional<proof::SharedSecret>> find(std::string_view) const override {
    throw std::runtime_error("no memory");
  }
};

TEST_F(ForwardingUnderWay, AnAnswerThatIsLostInsideLosesTheOneAroundAndNothingElse) {
  TestAuthority ca(
      {.engine = &engine, .journal = &journal, .own_secrets = std::make_shared<ThrowingSecrets>()});
  const auto renewal = ca.request(ca.alice, "CN=Alice,O=Test").octets;
  const auto before = ca.certificates_on_record();
  {
    store::Committer committer(engine, journal);
    authority::Service service(ca.authority(), committer, log);
    EXPECT_THROW(ask(service, batch_of(ca, {SecretMessage{}.encode(), renewal})).get(),
                 std::future_error);
    EXPECT_EQ(ask(service, batch_of(ca, {renewal})).get().issued, 0U) << "it was issued before";
  }
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
  ASSERT_EQ(log.lines.size(), 1U);
  EXPECT_EQ(log.lines[0], "work_broken_off what=messages in messages why=no memory");
}

}  // namespace
}  // namespace signet::test
