// The server is put together from its configuration: store, journal, listeners,
// limits.
#include <algorithm>
#include <array>
#include <functional>

#include "support/assembly_scene.h"

namespace signet::server {
namespace {

using test::unwrap;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(AssemblyTest, MakesAnAuthorityThatServes) {
  const auto made = unwrap(assemble(configuration, log));
  EXPECT_FALSE(made->signing.authority->certificate_chain().empty());
  EXPECT_EQ(made->shown.chain, to_pem("CERTIFICATE", ca.certificate().der));
  EXPECT_EQ(made->listening.http.client_authorities_pem, made->shown.chain);
}

TEST_F(AssemblyTest, EndsEachPartBeforeWhatItStandsOn) {
  const auto made = unwrap(assemble(configuration, log));
  const std::array<const void*, 6> parts = {&made->clock,   &made->keeping,  &made->signing,
                                            &made->watches, &made->own_work, &made->service};
  EXPECT_TRUE(std::is_sorted(parts.begin(), parts.end(), std::less<>()))
      << "members are destroyed in the reverse order of their declaration";
}

TEST_F(AssemblyTest, MakesAStoreOfItsOwn) {
  configuration.store.engine = StoreEngine::sqlite;
  configuration.store.path = scene.folder / "store.db";
  for (int time = 0; time < 2; ++time) ASSERT_TRUE(start().ok());
  EXPECT_TRUE(check(configuration, log).ok());
}

TEST_F(AssemblyTest, PutsNoEmptyStoreInThePlaceOfOneThatIsGone) {
  configuration.store.engine = StoreEngine::sqlite;
  configuration.store.path = scene.folder / "store.db";
  ASSERT_TRUE(start().ok());
  std::filesystem::remove(configuration.store.path);
  expect_refused("signet ca restore");
  EXPECT_FALSE(std::filesystem::exists(configuration.store.path));
  write("store.db", "");
  expect_refused("signet ca restore");
  std::filesystem::remove(configuration.audit.journal);
  EXPECT_TRUE(start().ok()) << "who has neither begins";
}

TEST_F(AssemblyTest, RefusesAStoreThatOthersMayRead) {
  configuration.store.engine = StoreEngine::sqlite;
  configuration.store.path = scene.folder / "store.db";
  ASSERT_TRUE(start().ok());
  for (const auto* end : {"", "-wal", "-shm"}) {
    const auto file = configuration.store.path + end;
    write("store.db" + std::string(end), "");
    std::filesystem::permissions(file, std::filesystem::perms{0604});
    expect_refused("chmod 600 " + file);
    std::filesystem::permissions(file, std::filesystem::perms{0600});
  }
}

TEST_F(AssemblyTest, RecordsTheStartWithItsTolerances) {
  configuration.compatibility.replace_subject = true;
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_THAT(journal(), AllOf(HasSubstr("AUDIT_LOG_STARTUP"), HasSubstr("replace_subject")));
  EXPECT_THAT(log.lines, Contains("settings tls_match=certificate secrets=none challenges=off "
                                  "ra_witness=off record_intent=off tolerances=replace_subject "
                                  "header_lines=0"));
}

TEST_F(AssemblyTest, AnswersOcspUnlessToldNotTo) {
  const auto of_profile = [](const Assembly& made) {
    const auto all = unwrap(made.keeping.engine->find_certificates({}));
    return std::count_if(all.begin(), all.end(),
                         [](const auto& each) { return each.profile_id == "ocspResponder"; });
  };
  {
    const auto made = unwrap(assemble(configuration, log));
    ASSERT_EQ(made->signing.ocsp.size(), 1U);
    EXPECT_EQ(of_profile(*made), 1);
    EXPECT_THAT(log.lines, Contains("ocsp_certificate_made"));
  }
  configuration.ocsp.enabled = false;
  const auto made = unwrap(assemble(configuration, log));
  EXPECT_TRUE(made->signing.ocsp.empty());
  EXPECT_EQ(of_profile(*made), 0);
}

TEST_F(AssemblyTest, ListensWithoutTlsOnlyWhereToldTo) {
  EXPECT_FALSE(unwrap(assemble(configuration, log))->listening.plain_http);
  configuration.http.plain_port = 8080;
  const auto beside = unwrap(assemble(configuration, log));
  ASSERT_TRUE(beside->listening.plain_http);
  EXPECT_EQ(beside->listening.plain_http->protection, http::Protection::plain);
  EXPECT_EQ(beside->listening.plain_http->port, 8080);
  EXPECT_EQ(beside->listening.plain_http->address, configuration.http.address);
  EXPECT_TRUE(beside->listening.plain_http->private_key_pem.empty());
}

TEST_F(AssemblyTest, TakesMessagesOverTcpOnlyWhereToldToAndWithinTheLimitsOfHttp) {
  EXPECT_FALSE(unwrap(assemble(configuration, log))->listening.tcp);
  configuration.tcp.port = 5318;
  configuration.http.maximum_body_octets = 5000;
  configuration.http.read_timeout_seconds = 7;
  configuration.limits.address_connections = 3;
  const auto tcp = unwrap(assemble(configuration, log))->listening.tcp;
  ASSERT_TRUE(tcp);
  EXPECT_EQ(tcp->port, 5318);
  EXPECT_EQ(tcp->address, configuration.http.address);
  EXPECT_EQ(tcp->message.octets, 5000U);
  EXPECT_EQ(tcp->read_timeout, std::chrono::seconds{7});
  EXPECT_EQ(tcp->maximum_connections_of_one, 3U);
  configuration.tcp.address = "::1";
  EXPECT_EQ(unwrap(assemble(configuration, log))->listening.tcp->address, "::1");
}

TEST_F(AssemblyTest, HoldsClientsToTheLimitsOfTheConfiguration) {
  configuration.http.maximum_connections = 1000;
  configuration.limits = {.address_connections = 7,
                          .address_connections_per_second = 3,
                          .address_requests_per_second = 0,
                          .certificate_requests_per_second = 4,
                          .burst_seconds = 2};
  const auto limited = unwrap(assemble(configuration, log));
  EXPECT_EQ(limited->listening.http.maximum_connections_of_one, 7U);
  EXPECT_EQ(limited->listening.http.maximum_long_answer_octets_of_one,
            limited->listening.http.maximum_long_answer_octets / 2);
  EXPECT_EQ(limited->listening.http.new_connections.per_second, 3);
  EXPECT_EQ(limited->listening.http.new_connections.burst, 6);
  EXPECT_EQ(limited->listening.limits.of_address.per_second, 0);
  EXPECT_EQ(limited->listening.limits.of_certificate.burst, 8);
}

TEST_F(AssemblyTest, LimitsNobodysConnectionsWhereToldSo) {
  configuration.http.maximum_connections = 1000;
  configuration.limits.address_connections = 0;
  const auto assembled = unwrap(assemble(configuration, log));
  const auto& http = assembled->listening.http;
  EXPECT_EQ(http.maximum_connections_of_one, 1000U);
  EXPECT_EQ(http.maximum_long_answer_octets_of_one, http.maximum_long_answer_octets);
}

TEST_F(AssemblyTest, OpensAStoreOnDisk) {
  configuration.store.engine = StoreEngine::sqlite;
  configuration.store.path = scene.folder / "store.db";
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_TRUE(std::filesystem::exists(configuration.store.path));
}

TEST_F(AssemblyTest, DoesNotShareAJournal) {
  const auto first = unwrap(assemble(configuration, log));
  EXPECT_FALSE(assemble(configuration, log).ok());
}

TEST_F(AssemblyTest, TellsOfAJournalThatTheStoreKnowsAndThatIsGone) {
  configuration.store.engine = StoreEngine::sqlite;
  configuration.store.path = scene.folder / "store.db";
  for (int time = 0; time < 2; ++time) ASSERT_TRUE(start().ok());
  EXPECT_THAT(log.lines, Not(Contains(HasSubstr("journal_incomplete"))));
  std::filesystem::remove(scene.folder / "audit.jsonl");
  ASSERT_TRUE(start().ok()) << "it may have been moved away because it did not hold";
  EXPECT_THAT(log.lines, Contains(HasSubstr("journal_incomplete journal=audit.jsonl")));
  EXPECT_THAT(journal(), HasSubstr("AUDIT_JOURNAL_INCOMPLETE"));
}

TEST_F(AssemblyTest, TellsOfAStoreThatLostItsLastCommits) {
  configuration.store.engine = StoreEngine::sqlite;
  configuration.store.path = scene.folder / "store.db";
  ASSERT_TRUE(start().ok());
  std::filesystem::copy(scene.folder / "store.db", scene.folder / "earlier.db");
  ASSERT_TRUE(start().ok());  // makes an OCSP certificate
  EXPECT_THAT(log.lines, Not(Contains(HasSubstr("store_incomplete"))));
  std::filesystem::rename(scene.folder / "earlier.db", configuration.store.path);
  ASSERT_TRUE(start().ok());
  EXPECT_THAT(log.lines, Contains(HasSubstr("store_incomplete certificates=1")));
  EXPECT_THAT(journal(), HasSubstr("AUDIT_STORE_INCOMPLETE"));
}

TEST_F(AssemblyTest, WarnsOfAJournalTailThatWasCutOff) {
  ASSERT_TRUE(assemble(configuration, log).ok());
  std::ofstream(configuration.audit.journal, std::ios::app) << "{\"cut";
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_THAT(log.lines, Contains(HasSubstr("journal_tail_cut_off")));
}

// -------------------------------------------------------------------------
// check

TEST_F(AssemblyTest, CheckTakesWhatStartTakesAndLeavesNoTrace) {
  configuration.store.engine = StoreEngine::sqlite;
  configuration.store.path = scene.folder / "store.db";
  EXPECT_TRUE(check(configuration, log).ok());
  EXPECT_FALSE(std::filesystem::exists(configuration.store.path));
  EXPECT_FALSE(std::filesystem::exists(configuration.audit.journal));
}

TEST_F(AssemblyTest, CheckWorksBesideARunningServer) {
  const auto running = unwrap(assemble(configuration, log));
  const auto before = journal();
  EXPECT_TRUE(check(configuration, log).ok());
  EXPECT_EQ(journal(), before);
}

TEST_F(AssemblyTest, CheckRefusesATlsKeyOfAnotherCertificate) {
  write("tls.key", key_pem(*test::test_key("ec:p256", 9)));
  const auto checked = check(configuration, log);
  ASSERT_FALSE(checked.ok());
  EXPECT_THAT(checked.error().detail, HasSubstr("does not belong to the TLS certificate"));
}

}  // namespace
}  // namespace signet::server
