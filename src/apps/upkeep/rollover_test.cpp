#include "apps/upkeep/rollover.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/sqlite/connection.h"
#include "apps/folder/new_authority.h"
#include "apps/tool/credentials.h"
#include "apps/upkeep/service_certificates.h"
#include "apps/upkeep/subordinate_authority.h"
#include "crypto/certification_path.h"
#include "issuance/authority_certificates.h"
#include "issuance/authority_chain.h"
#include "support/fakes.h"
#include "support/shared_data.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using std::chrono::days;
using test::unwrap;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Rollover : public ::testing::Test {
 protected:
  Rollover() {
    wanted.directory = folder / "ca";
    wanted.profiles = test::source_folder() + "/profiles";
    unwrap(make_authority(wanted, clock));
    clock.advance(days{365});
  }
  [[nodiscard]] AuthorityFolder authority() const {
    return unwrap(read_authority_folder(wanted.directory));
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return wanted.directory + "/" + name;
  }
  [[nodiscard]] std::vector<pkix::Certificate> certificates(const std::string& name) const {
    return unwrap(read_certificates_file(file(name)));
  }
  void set_in_configuration(const std::string& line) const {
    auto text = std::string(as_text(unwrap(files::read_file(file("signetd.toml")))));
    ASSERT_TRUE(files::write_file(file("signetd.toml"), as_bytes(text + line)).ok());
  }
  Result<RolledOver> roll(const WantedKey& key = {}) {
    const auto of = authority();
    return roll_over(of, TRY(plan_rollover(of, key, clock)), clock);
  }
  void expect_no_plan(const std::string& words, const WantedKey& key = {}) {
    const auto plan = plan_rollover(authority(), key, clock);
    ASSERT_FALSE(plan.ok());
    EXPECT_EQ(plan.error().fault, Fault::bad_configuration);
    EXPECT_THAT(plan.error().detail, HasSubstr(words));
  }
  /// Whether a certificate is good for who trusts this root and is shown these.
  void expect_path(const pkix::Certificate& certificate, const pkix::Certificate& root,
                   const std::vector<pkix::Certificate>& shown) {
    const auto validator = unwrap(crypto::CertificationPathValidator::make({root}));
    const auto path = validator.validate(certificate, shown, clock.now());
    EXPECT_TRUE(path.ok()) << path.error().detail;
  }

  test::TemporaryFolder folder;
  test::FixedClock clock;
  NewAuthority wanted;
};

TEST_F(Rollover, GivesARootAnotherKeyUnderTheSameName) {
  const auto old = certificates("ca.pem").front();
  const auto fresh = *unwrap(roll()).certificate;
  EXPECT_EQ(fresh->subject, old->subject);
  EXPECT_NE(fresh.subject_key_identifier(), old.subject_key_identifier());
  EXPECT_TRUE(issuance::is_self_signed(fresh));
  EXPECT_EQ(unwrap(open_issuing_key(authority())).chain.front(), fresh);
  EXPECT_EQ(certificates("ca.pem").front(), old) << "what was, stays";
}

TEST_F(Rollover, LetsEachKeyVouchForTheOther) {
  const auto old = certificates("ca.pem").front();
  const auto done = unwrap(roll());
  ASSERT_EQ(done.cross.size(), 2U);
  EXPECT_EQ(done.cross[0]->subject_public_key_info, (*done.certificate)->subject_public_key_info);
  EXPECT_EQ(done.cross[1]->subject_public_key_info, old->subject_public_key_info);
  const auto of_old = certificates("agent.pem").front();
  const auto of_new = unwrap(renew_service(authority(), Service::agent, RenewalKey::fresh, clock));
  expect_path(of_old, *done.certificate, {done.cross[1]});
  expect_path(of_new.certificate, old, {done.cross[0]});
}

TEST_F(Rollover, PutsTheCrossCertificatesOnRecordInTheShardsOfTheirIssuers) {
  const auto done = unwrap(roll());
  const auto store = unwrap(open_store(authority()));
  for (std::size_t at = 0; at < 2; ++at) {
    const auto record = unwrap(store->find_certificate(done.cross[at]->serial_number));
    ASSERT_TRUE(record);
    EXPECT_EQ(record->crl_shard, at == 0 ? 0U : 1U);
  }
}

TEST_F(Rollover, GivesTheNewKeyShardsAfterThoseOfTheOld) {
  set_in_configuration("[crl]\nshards = 3\nuri = \"http://ca.test/crl/{shard}\"\n");
  unwrap(roll());
  EXPECT_EQ(authority().first_crl_shard(), 3U);
  unwrap(roll());
  EXPECT_EQ(authority().first_crl_shard(), 6U);
}

TEST_F(Rollover, MakesAKeyAsStrongAsTheOldUnlessAnotherIsWanted) {
  EXPECT_EQ(kind_like((*unwrap(roll()).certificate)->subject_public_key_info), "ec:p256");
  EXPECT_EQ(
      kind_like(
          (*unwrap(roll(WantedKey{"rsa:2048", {}, {}})).certificate)->subject_public_key_info),
      "rsa:2048");
  EXPECT_EQ(authority().generations.size(), 2U);
  EXPECT_TRUE(fs::exists(file("ca-3.pem")));
}

TEST_F(Rollover, CountsOnlyOnceTheGenerationsNameTheNewKey) {
  const auto old = certificates("ca.pem").front();
  fs::create_directory(file("generations"));  // the last step fails
  const auto of = [&] {
    fs::remove(file("generations"));
    auto read = authority();
    fs::create_directory(file("generations"));
    return read;
  }();
  EXPECT_FALSE(roll_over(of, unwrap(plan_rollover(of, {}, clock)), clock).ok());
  fs::remove(file("generations"));
  EXPECT_EQ(unwrap(open_issuing_key(authority())).chain.front(), old);
  EXPECT_TRUE(roll().ok()) << "and it can be done again";
}

TEST_F(Rollover, TakesTheNextNumberWhereOneThatDidNotEndHasLeftAKey) {
  unwrap(roll());
  const auto kept = unwrap(files::read_file(file("ca-2.key")));
  fs::remove(file("generations"));  // as if the last step had not been done
  const auto plan = unwrap(plan_rollover(authority(), {}, clock));
  EXPECT_THAT(plan.left, ElementsAre(file("ca-2.key"), file("ca-2.pem"), file("ca-2.cross.pem")));
  EXPECT_EQ(plan.generation.key, file("ca-3.key"));
  unwrap(roll());
  EXPECT_EQ(unwrap(files::read_file(file("ca-2.key"))), kept);
  EXPECT_EQ(authority().current().key, file("ca-3.key"));
  EXPECT_TRUE(open_issuing_key(authority()).ok());
  unwrap(roll());
  EXPECT_EQ(authority().current().key, file("ca-4.key"));
  EXPECT_THAT(left_by_rollovers(authority()),
              ElementsAre(file("ca-2.key"), file("ca-2.pem"), file("ca-2.cross.pem")))
      << "those in use are not left";
}

TEST_F(Rollover, WritesOverNothingThatIsCalledAsItsFiles) {
  for (const auto* ending : {".key", ".pem", ".cross.pem", ".csr"}) {
    const auto in_the_way = file("ca-2") + ending;
    fs::create_symlink(file("elsewhere"), in_the_way);  // one that leads nowhere as well
    EXPECT_EQ(unwrap(plan_rollover(authority(), {}, clock)).generation.certificate,
              file("ca-3.pem"))
        << ending;
    fs::remove(in_the_way);
  }
  EXPECT_EQ(unwrap(plan_rollover(authority(), {}, clock)).generation.certificate, file("ca-2.pem"));
}

TEST_F(Rollover, OfTwoAtOnceTheSecondIsRefused) {
  const auto before = authority();
  const auto plan = unwrap(plan_rollover(before, {}, clock));
  unwrap(roll_over(before, plan, clock));
  const auto kept = unwrap(files::read_file(file("ca-2.key")));
  const auto second = roll_over(before, plan, clock);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().fault, Fault::busy);
  EXPECT_EQ(unwrap(files::read_file(file("ca-2.key"))), kept);
  EXPECT_EQ(authority().generations.size(), 1U);
}

TEST_F(Rollover, PlansWithoutAChangeToAnOlderStore) {
  auto store = unwrap(sqlite::Connection::open(file("store.db"), sqlite::Connection::Use::write));
  ASSERT_TRUE(store.execute("PRAGMA user_version = 9").ok());
  expect_no_plan("older Signet");
  EXPECT_EQ(unwrap(store.number("PRAGMA user_version")), 9);
}

TEST_F(Rollover, WantsAddressesOfCrlsToTellWhoseTheyAre) {
  set_in_configuration("[crl]\nuri = \"http://ca.test/crl\"\n");
  expect_no_plan("{shard}");
}

TEST_F(Rollover, WantsNoAlgorithmOfTheOldKeyForOneOfAnotherKind) {
  auto text = std::string(as_text(unwrap(files::read_file(file("signetd.toml")))));
  text.insert(text.find("profiles ="), "signing_algorithm = \"SHA256withEC\"\n");
  ASSERT_TRUE(files::write_file(file("signetd.toml"), as_bytes(text)).ok());
  expect_no_plan("signing_algorithm", WantedKey{"rsa:2048", {}, {}});
  EXPECT_TRUE(plan_rollover(authority(), {}, clock).ok());
}

TEST_F(Rollover, OfARootThatHasEndedIsRefused) {
  const auto ends = certificates("ca.pem").front()->validity.not_after;
  clock.set(ends + std::chrono::seconds{1});
  expect_no_plan("signet ca init");
  clock.set(ends - days{1});
  EXPECT_TRUE(plan_rollover(authority(), {}, clock).ok());
}

TEST_F(Rollover, OfAFolderThatIsNoAuthorityIsRefused) {
  EXPECT_EQ(read_authority_folder(folder / "nothing").error().fault, Fault::bad_configuration);
}

// ------------------------------------------------------------ below another authority

class SubordinateRollover : public ::testing::Test {
 protected:
  SubordinateRollover() {
    root = unwrap(issuance::make_root(
        {.subject = unwrap(pkix::name_from_text("CN=Root")), .key = *root_key, .now = clock.now()},
        crypto::system_random()));
    wanted.directory = folder / "sub";
    wanted.subject = "CN=Sub,O=Test";
    wanted.profiles = test::source_folder() + "/profiles";
  }
  pkix::Certificate certify(const std::string& subject, const crypto::PrivateKey& key) {
    return unwrap(issuance::make_authority_certificate({unwrap(pkix::name_from_text(subject)),
                                                        key.public_key_info(),
                                                        {clock.now(), clock.now() + days{900}}},
                                                       root, *root_key, crypto::system_random()));
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return wanted.directory + "/" + name;
  }
  void install_first() {
    unwrap(make_subordinate(wanted));
    const auto key = unwrap(read_key_file(file("ca.key"), ""));
    unwrap(
        install_first_certificate(wanted.directory, {certify(wanted.subject, *key), root}, clock));
  }

  test::TemporaryFolder folder;
  test::FixedClock clock;
  std::unique_ptr<crypto::PrivateKey> root_key = unwrap(crypto::generate_private_key("ec:p256"));
  pkix::Certificate root;
  NewAuthority wanted;
};

TEST_F(SubordinateRollover, AsksTheAuthorityAboveAndTakesOverOnceItAnswered) {
  install_first();
  auto authority = unwrap(read_authority_folder(wanted.directory));
  const auto plan = unwrap(plan_rollover(authority, {}, clock));
  EXPECT_EQ(plan.kind, RolloverKind::subordinate);
  EXPECT_FALSE(unwrap(roll_over(authority, plan, clock)).certificate);
  EXPECT_TRUE(fs::exists(file("ca-2.csr")));
  EXPECT_TRUE(unwrap(read_authority_folder(wanted.directory)).generations.empty());

  const auto key = unwrap(read_key_file(file("ca-2.key"), ""));
  const auto fresh = certify(wanted.subject, *key);
  unwrap(install_further_certificate(wanted.directory, {fresh, root}, clock));
  authority = unwrap(read_authority_folder(wanted.directory));
  EXPECT_EQ(unwrap(open_issuing_key(authority)).chain.front(), fresh);
  EXPECT_EQ(authority.first_crl_shard(), 1U);
  EXPECT_FALSE(awaits_certificate(wanted.directory));
}

TEST_F(SubordinateRollover, RefusesTheCertificateOfTheOldKeyForTheNew) {
  install_first();
  const auto authority = unwrap(read_authority_folder(wanted.directory));
  unwrap(roll_over(authority, unwrap(plan_rollover(authority, {}, clock)), clock));
  const auto old_key = unwrap(read_key_file(file("ca.key"), ""));
  const auto installed = install_further_certificate(
      wanted.directory, {certify(wanted.subject, *old_key), root}, clock);
  ASSERT_FALSE(installed.ok());
  EXPECT_EQ(installed.error().fault, Fault::certificate_not_found);
  EXPECT_TRUE(awaits_certificate(wanted.directory));
}

TEST_F(SubordinateRollover, LeavesAKeyAloneThatWaitsForItsCertificate) {
  install_first();
  const auto authority = unwrap(read_authority_folder(wanted.directory));
  unwrap(roll_over(authority, unwrap(plan_rollover(authority, {}, clock)), clock));
  const auto again = plan_rollover(authority, {}, clock);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().fault, Fault::already_exists);
  EXPECT_NE(again.error().detail.find("ca-2.csr"), std::string::npos) << again.error().detail;
  EXPECT_TRUE(left_by_rollovers(authority).empty()) << "it waits";
  fs::remove(file("awaited.json"));
  const auto plan = unwrap(plan_rollover(authority, {}, clock));
  EXPECT_EQ(plan.request_file, file("ca-3.csr")) << "it was given up, and its key may be certified";
  EXPECT_THAT(plan.left, ElementsAre(file("ca-2.key"), file("ca-2.csr")));
}

TEST_F(SubordinateRollover, TakesOverUnderTheNameOfItsRequest) {
  install_first();
  ASSERT_TRUE(files::write_secret_file(file("ca-2.key"), as_bytes("somebody's")).ok());
  auto authority = unwrap(read_authority_folder(wanted.directory));
  unwrap(roll_over(authority, unwrap(plan_rollover(authority, {}, clock)), clock));
  const auto key = unwrap(read_key_file(file("ca-3.key"), ""));
  const auto fresh = certify(wanted.subject, *key);
  unwrap(install_further_certificate(wanted.directory, {fresh, root}, clock));
  authority = unwrap(read_authority_folder(wanted.directory));
  EXPECT_EQ(authority.current().key, file("ca-3.key"));
  EXPECT_EQ(unwrap(open_issuing_key(authority)).chain.front(), fresh);
}

TEST_F(SubordinateRollover, InstallsOnceWhereItWasBrokenOffAtItsVeryEnd) {
  install_first();
  auto authority = unwrap(read_authority_folder(wanted.directory));
  unwrap(roll_over(authority, unwrap(plan_rollover(authority, {}, clock)), clock));
  const auto waiting = unwrap(files::read_file(file("awaited.json")));
  const auto fresh = certify(wanted.subject, *unwrap(read_key_file(file("ca-2.key"), "")));
  unwrap(install_further_certificate(wanted.directory, {fresh, root}, clock));
  ASSERT_TRUE(files::write_file(file("awaited.json"), waiting).ok());
  unwrap(install_further_certificate(wanted.directory, {fresh, root}, clock));
  authority = unwrap(read_authority_folder(wanted.directory));
  EXPECT_EQ(authority.generations.size(), 1U);
  EXPECT_TRUE(open_issuing_key(authority).ok());
  EXPECT_FALSE(awaits_certificate(wanted.directory));
}

TEST_F(SubordinateRollover, ReplacesTheCertificateOfTheSameKey) {
  install_first();
  const auto old = unwrap(read_certificates_file(file("ca.pem"))).front();
  clock.advance(days{100});
  const auto key = unwrap(read_key_file(file("ca.key"), ""));
  const auto again = certify(wanted.subject, *key);
  unwrap(install_further_certificate(wanted.directory, {root, again}, clock));
  EXPECT_EQ(unwrap(read_certificates_file(file("ca.pem"))),
            (std::vector<pkix::Certificate>{again, root}));
  EXPECT_EQ(unwrap(read_certificates_file(file("ca.pem.old"))).front(), old);
}

}  // namespace
}  // namespace signet::tool
