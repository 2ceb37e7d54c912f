#include "apps/import/import_authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <sstream>

#include "adapters/files/file.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "apps/configuration/configuration.h"
#include "apps/tool/credentials.h"
#include "support/dogtag_export.h"
#include "support/fakes.h"
#include "support/shared_data.h"
#include "support/temporary_folder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

class TakeoverTest : public testing::Test {
 protected:
  TakeoverTest() {
    wanted.ldif_file = folder / "ca.ldif";
    wanted.pkcs12_file = folder / "ca.p12";
    wanted.source_passphrase_file = folder / "pass";
    wanted.authority.directory = folder / "ca";
    wanted.authority.profiles = test::source_folder() + "/profiles";
    wanted.authority.made_by = "signet import dogtag";
    write("pass", "Secret.123\n");
    write_pkcs12(ca.key(), {ca.certificate()});
    certificate({.certificate = alice});
    exported.crl_issuing_point(4710);
  }

  void write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(files::write_file(folder / name, as_bytes(text)).ok());
  }
  void write_pkcs12(const crypto::PrivateKey& key,
                    const std::vector<pkix::Certificate>& certificates) {
    const auto octets = unwrap(
        crypto::write_pkcs12(key, certificates, "ca", SecretBytes(std::string_view("Secret.123"))));
    ASSERT_TRUE(files::write_file(wanted.pkcs12_file, octets.view()).ok());
  }
  void certificate(const test::ExportedCertificate& record) { exported.certificate(record); }
  Result<TakenOver> take() {
    write("ca.ldif", ldif.str());
    Progress progress(told, clock, ShowProgress::nowhere);
    return import_authority(wanted, surroundings, progress);
  }
  void expect_nothing_made(Fault fault, const std::string& words) {
    const auto taken = take();
    ASSERT_FALSE(taken.ok());
    EXPECT_EQ(taken.error().fault, fault);
    EXPECT_THAT(taken.error().detail, HasSubstr(words));
    EXPECT_FALSE(std::filesystem::exists(wanted.authority.directory));
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    return std::string(as_text(unwrap(files::read_file(wanted.authority.directory + "/" + name))));
  }
  [[nodiscard]] bool has(const std::string& name) const {
    return std::filesystem::exists(wanted.authority.directory + "/" + name);
  }
  [[nodiscard]] std::size_t certificates_kept() const {
    const auto engine =
        unwrap(sqlite::SqliteEngine::open(wanted.authority.directory + "/store.db"));
    return unwrap(engine->find_certificates({.most = 1000})).size();
  }

  test::TemporaryFolder folder;
  test::FixedClock clock;
  test::CountingRandom random;
  Surroundings surroundings{clock, random, {}};
  test::TestCa ca;
  pkix::Certificate alice = ca.issue().certificate;
  std::ostringstream ldif;
  test::DogtagExport exported{ldif};
  std::ostringstream told;
  Takeover wanted;
};

TEST_F(TakeoverTest, MakesAnAuthorityThatIsTheOldOne) {
  const auto taken = unwrap(take());
  EXPECT_EQ(taken.report.certificates(), 1U);
  EXPECT_EQ(taken.report.first_crl_number, 4711U);
  const auto chain = unwrap(read_certificates_file(wanted.authority.directory + "/ca.pem"));
  EXPECT_THAT(chain, ElementsAre(ca.certificate()));
  const auto key = unwrap(read_key_file(wanted.authority.directory + "/ca.key", ""));
  EXPECT_EQ(key->public_key_info(), ca.key().public_key_info());
  for (const auto* name : {"tls.pem", "agent.pem", "encryption.pem", "cmc.pem"}) {
    const auto own = unwrap(read_certificates_file(wanted.authority.directory + "/" + name));
    EXPECT_EQ(own.front()->issuer, ca.certificate()->subject) << name;
  }
  EXPECT_THAT(text("signetd.toml"),
              AllOf(HasSubstr("\ndogtag = true"), HasSubstr("\nfirst_number = 4711")));
  EXPECT_THAT(text("operator.jsonl"),
              AllOf(HasSubstr("IMPORT_STARTED"), HasSubstr("IMPORT_COMPLETED")));
  EXPECT_THAT(text("audit.jsonl"), HasSubstr("CERT_IMPORTED"));
  EXPECT_THAT(text("import/report.json"), HasSubstr("\"next_crl_number\": 4711"));
  EXPECT_EQ(certificates_kept(), 5U);
}

TEST_F(TakeoverTest, ShowsNobodyElseWhatItMade) {
  const auto before = ::umask(0);
  const auto taken = take();
  ::umask(before);
  ASSERT_TRUE(taken.ok());
  const auto open_to_others = [](const std::filesystem::path& path) {
    const auto mode = std::filesystem::status(path).permissions();
    return (mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) !=
           std::filesystem::perms::none;
  };
  const std::filesystem::path made = wanted.authority.directory;
  EXPECT_FALSE(open_to_others(made));
  EXPECT_FALSE(open_to_others(made / "import"));
  for (const auto& file : std::filesystem::directory_iterator(made / "import")) {
    EXPECT_FALSE(open_to_others(file.path())) << file.path();
  }
}

TEST_F(TakeoverTest, GoesOnWithTheSameAndEndsTheSame) {
  ASSERT_TRUE(take().ok());
  const auto agent = text("agent.pem");
  std::filesystem::remove(wanted.authority.directory + "/signetd.toml");
  const auto again = unwrap(take());
  EXPECT_EQ(again.report.certificates(), 1U);
  EXPECT_EQ(text("agent.pem"), agent) << "what was made is not made anew";
  EXPECT_EQ(certificates_kept(), 5U);
  EXPECT_THAT(text("operator.jsonl"), HasSubstr("\"GoesOn\":\"yes\""));
}

TEST_F(TakeoverTest, MakesAnewWhatWasCutShortBeforeAnyRecord) {
  ASSERT_TRUE(take().ok());
  std::filesystem::remove(wanted.authority.directory + "/signetd.toml");
  auto note = text("import/source.json");
  note.replace(note.find("prepared"), 8, "preparing");
  ASSERT_TRUE(
      files::write_file(wanted.authority.directory + "/import/source.json", as_bytes(note)).ok());
  ASSERT_TRUE(take().ok());
  EXPECT_EQ(certificates_kept(), 5U);
}

TEST_F(TakeoverTest, TouchesNoFolderThatIsAnothers) {
  ASSERT_TRUE(take().ok());
  auto again = take();
  ASSERT_FALSE(again.ok());
  EXPECT_THAT(again.error().detail, HasSubstr("holds an authority already"));
  std::filesystem::remove(wanted.authority.directory + "/signetd.toml");
  certificate({.certificate = ca.issue().certificate});
  again = take();
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().fault, Fault::bad_configuration);
  EXPECT_THAT(again.error().detail, HasSubstr("import of another export"));
  std::filesystem::remove_all(wanted.authority.directory + "/import");
  again = take();
  ASSERT_FALSE(again.ok());
  EXPECT_THAT(again.error().detail, HasSubstr("is not empty"));
  EXPECT_EQ(certificates_kept(), 5U);
}

TEST_F(TakeoverTest, RefusesAKeyThatIsNoAuthoritys) {
  const auto bob = ca.issue();
  write_pkcs12(*bob.key, {bob.certificate, ca.certificate()});
  expect_nothing_made(Fault::bad_configuration, "is no authority's certificate");
}

TEST_F(TakeoverTest, RefusesAnAuthorityThatHasExpired) {
  clock.set(ca.certificate()->validity.not_after + std::chrono::seconds{1});
  expect_nothing_made(Fault::bad_configuration, "renew it first");
}

TEST_F(TakeoverTest, RefusesAWrongPassphrase) {
  write("pass", "Secret.124\n");
  expect_nothing_made(Fault::decryption_failed, "passphrase");
}

TEST_F(TakeoverTest, RefusesAnExportOfAnotherAuthority) {
  test::TestCa other("CN=Other CA");
  write_pkcs12(other.key(), {other.certificate()});
  expect_nothing_made(Fault::bad_configuration, "no certificate of this authority");
}

TEST_F(TakeoverTest, RefusesTwoCertificatesWithOneSerialNumber) {
  certificate({.certificate = ca.issue({.serial_number = alice->serial_number}).certificate});
  expect_nothing_made(Fault::already_exists, "two certificates with one serial number");
}

TEST_F(TakeoverTest, AsksForTheZoneOfLocalTimes) {
  auto text = ldif.str();
  const auto written = "notBefore: " + test::DogtagExport::date(alice->validity.not_before);
  const auto local =
      "notBefore: " + test::DogtagExport::date(alice->validity.not_before + std::chrono::hours{2});
  ASSERT_NE(text.find(written), std::string::npos);
  ldif.str(text.replace(text.find(written), written.size(), local));
  expect_nothing_made(Fault::bad_configuration, "the first one 120 minutes ahead of UTC");
  wanted.time_zone = "Atlantis/Poseidonis";
  expect_nothing_made(Fault::bad_configuration, "is not known here");
}

TEST_F(TakeoverTest, WantsToKnowTheNextCrlNumber) {
  wanted.next_crl_number = 4710;
  expect_nothing_made(Fault::bad_configuration, "must be 4711 at least");
  wanted.next_crl_number = 5000;
  EXPECT_EQ(unwrap(take()).report.first_crl_number, 5000U);
}

TEST_F(TakeoverTest, RefusesCrlNumbersThatNoServerGoesOnFrom) {
  constexpr auto kMost = std::uint64_t{1} << 62;
  for (const auto last : {kMost, std::uint64_t{9'300'000'000'000'000'000U},
                          std::numeric_limits<std::uint64_t>::max()}) {
    ldif.str("");
    certificate({.certificate = alice});
    exported.crl_issuing_point(last);
    expect_nothing_made(Fault::bad_configuration, "can be 4611686018427387904 at most");
    wanted.next_crl_number = 5000;
    expect_nothing_made(Fault::bad_configuration, "has the number " + std::to_string(last));
    wanted.next_crl_number = std::nullopt;
  }
  ldif.str("");
  certificate({.certificate = alice});
  exported.crl_issuing_point(kMost - 1);
  wanted.next_crl_number = kMost + 1;
  expect_nothing_made(Fault::bad_configuration,
                      "can be 4611686018427387904 at most, and --next-crl-number is "
                      "4611686018427387905");
  wanted.next_crl_number = std::nullopt;
  EXPECT_EQ(unwrap(take()).report.first_crl_number, kMost);
  const auto configuration = unwrap(server::read_configuration(
      wanted.authority.directory + "/signetd.toml", text("signetd.toml")));
  EXPECT_EQ(configuration.crl.first_number, server::kMostCrlNumber) << "signetd takes it";
}

TEST_F(TakeoverTest, TakesTheProfilesThatItReadsAndNamesTheOthers) {
  wanted.profiles = folder / "profiles";
  std::filesystem::create_directory(wanted.profiles);
  std::filesystem::copy(test::source_folder() + "/profiles/caFullCMCUserCert.cfg", wanted.profiles);
  write("profiles/caOdd.cfg", "desc=odd\nenable=true\nauth.instance_id=NoSuchAuth\n");
  const auto report = unwrap(take()).report;
  EXPECT_THAT(report.profiles_left_out, ElementsAre(Pair("caOdd.cfg", HasSubstr("line "))));
  EXPECT_THAT(report.profiles, testing::Contains("caFullCMCUserSignedCert"));
  EXPECT_EQ(report.remarks.total(), 3U) << "three of ours stand in";
  EXPECT_TRUE(has("profiles/caFullCMCUserCert.cfg"));
  EXPECT_FALSE(has("profiles/caOdd.cfg"));
}

TEST_F(TakeoverTest, SaysWhoMayAskByAProfileThatSaysNothingOfIt) {
  wanted.profiles = folder / "profiles";
  std::filesystem::create_directory(wanted.profiles);
  const auto octets = test::file(test::source_folder() + "/profiles/caSimpleCMCUserCert.cfg");
  const auto manual = std::string(as_text(octets)) + "\nauth.instance_id=\n";
  write("profiles/caManual.cfg", manual);
  write("profiles/caOcsp.cfg",
        manual + "policyset.cmcUserCertSet.7.default.params.exKeyUsageOIDs=1.3.6.1.5.5.7.3.9\n");
  const auto told = unwrap(take()).report.remarks.by_frequency();
  EXPECT_THAT(told, testing::Contains(Pair(HasSubstr("caManual has no auth.instance_id: an agent "
                                                     "asks by it, by a bare request over TLS"),
                                           1U)));
  EXPECT_THAT(told, testing::Contains(Pair(HasSubstr("caOcsp has no auth.instance_id: an agent "
                                                     "asks by it, in a message that the agent"),
                                           1U)));
}

TEST_F(TakeoverTest, RefusesAFolderWithoutAnyGoodProfile) {
  wanted.profiles = folder / "profiles";
  std::filesystem::create_directory(wanted.profiles);
  expect_nothing_made(Fault::bad_configuration, "no profile");
}

TEST_F(TakeoverTest, TakesAgentsAndTlsCertificatesThatAreThereAlready) {
  const auto agent = ca.issue({.subject = "CN=Agent,O=Test"});
  const auto tls = test::TestCa("CN=Public CA").issue({.subject = "CN=ca.test"});
  write("agent.pem", pkix::to_pem({agent.certificate}));
  write("tls.pem", pkix::to_pem({tls.certificate}));
  const auto key = unwrap(crypto::write_private_key(*tls.key, SecretBytes()));
  write("tls.key", key.text());
  wanted.agent_certificate_files = {folder / "agent.pem"};
  wanted.tls_certificate_file = folder / "tls.pem";
  expect_nothing_made(Fault::bad_configuration, "go together");
  wanted.tls_key_file = folder / "tls.key";
  ASSERT_TRUE(take().ok());
  EXPECT_THAT(text("signetd.toml"), HasSubstr(to_hex(crypto::sha256(agent.certificate.der))));
  EXPECT_FALSE(has("agent.key"));
  EXPECT_EQ(text("tls.pem"), pkix::to_pem({tls.certificate}));
  EXPECT_EQ(certificates_kept(), 3U) << "only what the authority issued is on record";
}

TEST_F(TakeoverTest, KeepsTheKeyThatOpensRevocationSecrets) {
  certificate({.certificate = ca.issue().certificate, .revocation_token = "MAMCAQU="});
  const auto protection =
      unwrap(crypto::write_private_key(*test::test_key("rsa:2048"), SecretBytes()));
  write("protection.pem", protection.text());
  wanted.protection_key_file = folder / "protection.pem";
  const auto report = unwrap(take()).report;
  EXPECT_EQ(report.revocation_secrets, 1U);
  EXPECT_FALSE(report.secrets_closed);
  EXPECT_THAT(text("signetd.toml"), HasSubstr("protection_key = \"protection.key\""));
  EXPECT_TRUE(has("protection.key"));
}

}  // namespace
}  // namespace signet::tool
