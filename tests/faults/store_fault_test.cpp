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
class FailingEngine final : public store::Engine {
 public:
  bool failing = false;

  Result<std::optional<store::CertificateRecord>> find_certificate(
      const store::Integer& serial) const override {
    return memory_.find_certificate(serial);
  }
  Result<std::vector<store::CertificateRecord>> find_by_subject(ByteView subject) const override {
    return memory_.find_by_subject(subject);
  }
  Result<std::vector<store::CertificateRecord>> find_by_key(ByteView key_hash) const override {
    return memory_.find_by_key(key_hash);
  }
  Result<std::vector<store::CertificateRecord>> find_certificates(
      const Query& query) const override {
    return memory_.find_certificates(query);
  }
  Result<std::optional<store::AnsweredRequest>> find_answered(ByteView digest) const override {
    return memory_.find_answered(digest);
  }
  Result<bool> nonce_seen(ByteView requester, ByteView nonce) const override {
    return memory_.nonce_seen(requester, nonce);
  }
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    if (!failing) return memory_.apply(batch, journal);
    store::CommitOutcome failed;
    failed.failed = Error{Fault::storage_failed, "the disk is full"};
    return std::vector<store::CommitOutcome>(batch.size(), failed);
  }
  Result<void> change_status(const store::Integer& serial, store::CertificateStatus status, Time at,
                             int reason) override {
    return memory_.change_status(serial, status, at, reason);
  }
  Result<std::optional<store::SharedToken>> find_token(
      std::string_view identification) const override {
    return memory_.find_token(identification);
  }
  Result<std::vector<store::SharedToken>> list_tokens() const override {
    return memory_.list_tokens();
  }
  Result<store::TokenHistory> token_history(ByteView token_id) const override {
    return memory_.token_history(token_id);
  }
  Result<void> add_token(const store::SharedToken& token) override {
    return memory_.add_token(token);
  }
  Result<void> revoke_token(ByteView id) override { return memory_.revoke_token(id); }
  Result<void> for_each_revoked(
      Time not_expired_at,
      const std::function<void(const store::RevokedEntry&)>& take) const override {
    return memory_.for_each_revoked(not_expired_at, take);
  }
  Result<std::optional<store::CrlRecord>> find_crl(std::optional<Time> before) const override {
    return memory_.find_crl(before);
  }
  Result<std::optional<store::PendingChallenge>> find_challenge(ByteView id) const override {
    return memory_.find_challenge(id);
  }

 private:
  store::MemoryEngine memory_;
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
