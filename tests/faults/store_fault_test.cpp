// The store and the journal failing at each step: never answered as success, nothing kept, and the
// same message succeeds when the fault is gone.
#include <gtest/gtest.h>

#include <thread>

#include "adapters/sqlite/sqlite_engine.h"
#include "support/reseal.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;

/// A memory store whose writes fail while it is told so.
class FailingEngine final : public store::MemoryEngine {
 public:
  bool failing = false;

  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    if (!failing) return MemoryEngine::apply(batch, journal);
    store::CommitOutcome failed;
    failed.failed = Error{Fault::storage_failed, "the disk is full"};
    return std::vector<store::CommitOutcome>(batch.size(), failed);
  }
};

class FailingJournal final : public audit::Journal {
 public:
  bool failing = false;
  Result<void> append(const std::vector<const audit::Event*>&) override {
    if (failing) return Error{Fault::storage_failed, "the audit disk is full"};
    return {};
  }
};

TEST(StoreFault, AWriteThatFailsIsInternalCAErrorAndTheRetrySucceeds) {
  FailingEngine engine;
  TestAuthority ca({.engine = &engine});
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  engine.failing = true;
  const auto told = ca.send(sent.octets, &ca.alice);
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.status.cmc_status, CMCStatus::failed);
  EXPECT_EQ(told.fail_info(), CMCFailInfo::internalCAError);
  EXPECT_EQ(told.text().find("disk"), std::string::npos);  // ours to know, not the peer's
  engine.failing = false;
  EXPECT_TRUE(ca.send(sent.octets, &ca.alice).issued());
}

TEST(StoreFault, AJournalThatFailsKeepsTheCertificateBack) {
  FailingJournal journal;
  TestAuthority ca({.journal = &journal});
  const auto before = ca.certificates_on_record();
  journal.failing = true;
  const auto told = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice);
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.fail_info(), CMCFailInfo::internalCAError);
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST(StoreFault, AnIntentThatCannotBeRecordedKeepsTheKeyUnused) {
  FailingEngine engine;
  authority::Settings settings;
  settings.record_intent = true;
  TestAuthority ca({.settings = settings, .engine = &engine});
  engine.failing = true;
  const auto told = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice);
  EXPECT_EQ(told.fail_info(), CMCFailInfo::internalCAError);
}

TEST(StoreFault, TheSameMessageFromManyConnectionsAtOnceMakesOneCertificate) {
  TestAuthority ca;
  const auto before = ca.certificates_on_record();
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  std::vector<std::thread> senders;
  std::vector<Bytes> certificates(8);
  for (auto& certificate : certificates) {
    senders.emplace_back([&] {
      authority::Inquiry inquiry;
      inquiry.octets = sent.octets;
      inquiry.peer.tls_client_certificate = ca.alice.certificate.der;
      certificate = ca.deliver(std::move(inquiry)).certificates.at(0).der;
    });
  }
  for (auto& sender : senders) sender.join();
  for (const auto& certificate : certificates) EXPECT_EQ(certificate, certificates[0]);
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

TEST(StoreFault, TwoRequestsForOneKeyAtOnceAreNotBothGrantedWhereKeysAreUnique) {
  TestAuthority ca;
  const auto before = ca.certificates_on_record();
  auto parts = parts_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
  const auto one = seal(parts, ca.alice);
  for (auto& each : parts.control_sequence) {
    if (each.attr_type == cmc::oid::kSenderNonce) {
      each.attr_values = {cmc::write_octets_value(Bytes(32, 9))};
    }
  }
  const auto two = seal(parts, ca.alice);
  std::vector<std::thread> senders;
  for (const auto* message : {&one, &two}) {
    senders.emplace_back([&ca, message] {
      authority::Inquiry inquiry;
      inquiry.octets = *message;
      inquiry.peer.tls_client_certificate = ca.alice.certificate.der;
      ca.deliver(std::move(inquiry));
    });
  }
  for (auto& sender : senders) sender.join();
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

}  // namespace
}  // namespace signet::test
