#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <set>
#include <thread>
#include <utility>

#include "apps/signetd/outbox_delivery.h"
#include "store/memory_engine.h"
#include "support/fakes.h"
#include "support/keeping_log.h"
#include "support/published_scene.h"
#include "support/test_ca.h"

namespace signet::server {

using namespace std::chrono_literals;
using store::CertificateStatus;
using test::unwrap;

/// A store in which rows may be damaged, and in which something is done while the directory is told
/// of what was read: once.
class DamagedRows final : public store::MemoryEngine {
 public:
  Result<std::optional<store::CertificateRecord>> find_certificate(
      const store::Integer& serial) const override {
    if (damaged.contains(serial)) {
      std::this_thread::sleep_for(for_damaged);
      return Error{Fault::storage_failed, "the row cannot be read"};
    }
    return MemoryEngine::find_certificate(serial);
  }
  Result<std::optional<store::PublicationChoice>> find_publication_choice(
      const store::Integer& serial) const override {
    auto read = MemoryEngine::find_publication_choice(serial);
    if (after_certificate) std::exchange(after_certificate, nullptr)();
    return read;
  }
  Result<std::optional<store::CrlRecord>> find_crl(const store::CrlQuery& query) const override {
    auto read = MemoryEngine::find_crl(query);
    const bool is_whole = query.parts != store::CrlParts::without_der;
    if (is_whole && after_crl) std::exchange(after_crl, nullptr)();
    return read;
  }
  std::set<store::Integer> damaged;
  std::chrono::milliseconds for_damaged{};
  mutable std::function<void()> after_certificate;
  mutable std::function<void()> after_crl;
};

/// An authority's store, its directory, and what tells the one of the other; the test looks.
class OutboxDeliveryTest : public test::PublishedScene {
 protected:
  void SetUp() override {
    PublishedScene::SetUp();
    if (IsSkipped()) return;
    begin();
  }
  void TearDown() override {
    for (const auto& certificate : issued) {
      if (certificate) static_cast<void>(cleaner().withdraw(*certificate));
    }
  }
  /// As somebody whom the directory lets write nothing.
  static ldap::DirectoryAddress denied() {
    auto nobody = address();
    nobody.bind_dn.clear();
    nobody.bind_password = {};
    return nobody;
  }
  static ldap::DirectoryPublisher cleaner() { return {address(), places()}; }

  void begin(authority::PublishedProfiles profiles = {.all = true},
             ldap::PublishingPlaces to = places(), ldap::DirectoryAddress at = address(),
             OutboxDelivery::Pace pace = {.between_looks = 5s, .gather = 0ms}) {
    delivery.reset();
    delivery.emplace(OutboxDelivery::Parts{
        .directory = {std::move(at), std::move(to)},
        .engine = engine,
        .committer = committer,
        .turn = std::make_unique<Turn>(Turn::Parts{
            .leases = engine, .name = "publishing", .holder = "one", .log = log, .duration = 1h}),
        .profiles = std::move(profiles),
        .keys = {{ca.certificate(), 0}},
        .clock = clock,
        .log = log,
        .pace = pace});
  }
  void apply(const store::Commit& commit) { ASSERT_TRUE(committer.commit(commit).durable()); }
  void add(const pkix::Certificate& certificate, store::Commit commit = {},
           const std::string& profile = "caOne") {
    auto record = store::record_of(certificate, Bytes(32, next_), clock.now());
    record.key_hash.back() = next_++;
    record.profile_id = profile;
    commit.certificates.push_back(record);
    commit.outbox.push_back(reminder(certificate));
    issued.emplace_back(certificate);
    apply(commit);
  }
  pkix::Certificate issue(const std::string& uid) {
    return ca.issue({.subject = "CN=Somebody,UID=" + uid, .key = test::test_key()}).certificate;
  }
  store::OutboxEntry reminder(const pkix::Certificate& certificate,
                              store::OutboxLine line = store::OutboxLine::pressing) const {
    return {.serial_number = certificate->serial_number, .line = line, .at = clock.now()};
  }
  void change(const pkix::Certificate& certificate, CertificateStatus from, CertificateStatus to) {
    store::Commit commit;
    commit.status_changes = {
        {.serial_number = certificate->serial_number, .from = from, .to = to, .at = clock.now()}};
    commit.outbox = {reminder(certificate)};
    apply(commit);
  }
  /// In form only: its signature is nobody's.
  Bytes crl(std::uint64_t number) const {
    pkix::TBSCertList tbs;
    tbs.signature = ca.certificate().signature_algorithm;
    tbs.issuer = ca.certificate()->subject;
    tbs.this_update = clock.now() + std::chrono::seconds{number};
    tbs.next_update = tbs.this_update + 24h;
    return pkix::write_certificate_list(pkix::write_tbs_cert_list(tbs), tbs.signature,
                                        asn1::BitString{Bytes(64, 1), 0});
  }
  void keep_crl(std::uint64_t number) { keep_crl(number, crl(number)); }
  void keep_crl(std::uint64_t number, Bytes der) {
    store::Commit commit;
    commit.crl = store::CrlRecord{.number = number,
                                  .this_update = clock.now(),
                                  .next_update = clock.now() + 24h,
                                  .der = std::move(der)};
    apply(commit);
  }
  static std::vector<Bytes> crls() {
    return values(kAuthorityEntry, "certificateRevocationList;binary");
  }
  [[nodiscard]] std::ptrdiff_t lines_of(const std::string& event) const {
    return std::count_if(log.lines.begin(), log.lines.end(),
                         [&](const auto& line) { return line.starts_with(event); });
  }
  std::size_t due(store::OutboxLine line = store::OutboxLine::pressing) {
    return unwrap(engine.in_outbox(line, 1000)).size();
  }
  std::vector<audit::Event> events() { return journal.events(); }

  test::FixedClock clock;
  test::KeepingLog log;
  DamagedRows engine;
  audit::MemoryJournal journal;
  store::Committer committer{engine, journal};
  test::TestCa ca{"CN=Test CA,O=Test"};
  std::optional<OutboxDelivery> delivery;
  std::vector<std::optional<pkix::Certificate>> issued;

 private:
  std::uint8_t next_ = 1;
};

}  // namespace signet::server
