#include "apps/upkeep/service_certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "adapters/files/file.h"
#include "apps/folder/new_authority.h"
#include "apps/tool/credentials.h"
#include "apps/tool/file_pair.h"
#include "apps/upkeep/own_certificate_status.h"
#include "codec/pkix/oids.h"
#include "support/change_status.h"
#include "support/fakes.h"
#include "support/shared_data.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using std::chrono::days;
using test::unwrap;
using ::testing::HasSubstr;

/// An authority as `signet ca init` makes it, some days ago.
class OwnCertificates : public ::testing::Test {
 protected:
  OwnCertificates() {
    wanted.directory = folder / "ca";
    wanted.profiles = test::source_folder() + "/profiles";
    wanted.hosts = {"ca.example.org", "192.0.2.7"};
    unwrap(make_authority(wanted, clock));
    authority = unwrap(read_authority_folder(wanted.directory));
    clock.advance(days{100});
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return wanted.directory + "/" + name;
  }
  [[nodiscard]] Bytes octets(const std::string& name) const {
    return unwrap(files::read_file(file(name)));
  }
  [[nodiscard]] pkix::Certificate certificate(const std::string& name) const {
    return unwrap(read_certificates_file(file(name))).front();
  }
  [[nodiscard]] bool is_key_of(const std::string& key, const pkix::Certificate& own) const {
    return unwrap(read_key_file(file(key), ""))->public_key_info() == own->subject_public_key_info;
  }
  Result<Renewal> renew(Service service, RenewalKey use = RenewalKey::fresh) {
    return renew_service(authority, service, use, clock);
  }
  OwnCertificateStatus status(const std::string& what, days within = days{30}) {
    const auto engine = look_into_store(authority);
    for (auto& each : unwrap(own_certificate_status(authority, engine, within, clock))) {
      if (each.what == what) return each;
    }
    ADD_FAILURE() << "nothing is said of " << what;
    return {};
  }

  test::TemporaryFolder folder;
  test::FixedClock clock;
  NewAuthority wanted;
  AuthorityFolder authority;
};

/// The SubjectAltName as it stands; empty: none.
Bytes names_in(const pkix::Certificate& certificate) {
  const auto* found = pkix::find_extension(certificate->extensions, pkix::oid::kSubjectAltName);
  return found == nullptr ? Bytes{} : found->extn_value;
}

TEST_F(OwnCertificates, AreRenewedUnderTheSameNamesForAnotherKey) {
  for (const auto service : kServices) {
    const std::string name(service_name(service));
    const auto old = certificate(name + ".pem");
    const auto renewed = unwrap(renew(service)).certificate;
    const auto now = certificate(name + ".pem");
    EXPECT_EQ(now.der, renewed.der) << name;
    EXPECT_EQ(now->subject, old->subject) << name;
    EXPECT_EQ(names_in(now), names_in(old)) << name;
    EXPECT_NE(now->subject_public_key_info, old->subject_public_key_info) << name;
    EXPECT_EQ(now->validity.not_before, clock.now()) << name;
    EXPECT_TRUE(is_key_of(name + ".key", now)) << name;
  }
}

TEST_F(OwnCertificates, AreRenewedForTheSameKeyWhereThatIsWanted) {
  const auto old = certificate("cmc.pem");
  const auto key = octets("cmc.key");
  const auto renewed = unwrap(renew(Service::cmc, RenewalKey::same)).certificate;
  EXPECT_EQ(renewed->subject_public_key_info, old->subject_public_key_info);
  EXPECT_NE(renewed->serial_number, old->serial_number);
  EXPECT_EQ(octets("cmc.key"), key);
}

TEST_F(OwnCertificates, KeepTheOldOnesBesideThem) {
  const auto old_certificate = octets("tls.pem");
  const auto old_key = octets("tls.key");
  unwrap(renew(Service::tls));
  EXPECT_EQ(octets("tls.pem.old"), old_certificate);
  EXPECT_EQ(octets("tls.key.old"), old_key);
}

TEST_F(OwnCertificates, AreKeptForWhoseTheyWereAndThroughNoLink) {
  if (::getuid() != 0) GTEST_SKIP() << "only root gives files away";
  constexpr uid_t kOther = 65534;
  ASSERT_EQ(::chown(file("tls.key").c_str(), kOther, kOther), 0);
  const auto precious = octets("ca.pem");
  std::filesystem::create_symlink(file("ca.pem"), file("tls.key.old"));
  unwrap(renew(Service::tls));
  struct stat about {};
  ASSERT_EQ(::lstat(file("tls.key.old").c_str(), &about), 0);
  EXPECT_TRUE(S_ISREG(about.st_mode));
  EXPECT_EQ(about.st_uid, kOther);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  EXPECT_EQ(octets("ca.pem"), precious);
}

/// This thread without the right to give files away, as root has it in many containers.
class WithoutChown {
 public:
  WithoutChown() {
    EXPECT_EQ(::syscall(SYS_capget, &header_, &kept_[0]), 0);
    auto fewer = kept_;
    fewer[0].effective &= ~(1U << CAP_CHOWN);
    EXPECT_EQ(::syscall(SYS_capset, &header_, &fewer[0]), 0);
  }
  ~WithoutChown() { EXPECT_EQ(::syscall(SYS_capset, &header_, &kept_[0]), 0); }
  WithoutChown(const WithoutChown&) = delete;
  WithoutChown& operator=(const WithoutChown&) = delete;

 private:
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> kept_{};
};

TEST_F(OwnCertificates, AreRenewedByRootWhoMayNotGiveFilesAway) {
  if (::getuid() != 0) GTEST_SKIP() << "of root alone";
  constexpr uid_t kOther = 65534;
  std::filesystem::permissions(file("tls.key"), std::filesystem::perms{0640});
  ASSERT_EQ(::chown(file("tls.key").c_str(), kOther, kOther), 0);
  const auto old = octets("tls.key");
  {
    const WithoutChown without;
    const auto renewed = renew(Service::tls);
    ASSERT_TRUE(renewed.ok()) << renewed.error().detail;
  }
  EXPECT_EQ(octets("tls.key.old"), old);
  struct stat about {};
  ASSERT_EQ(::stat(file("tls.key.old").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U) << "root's group is not the old one's";
}

TEST_F(OwnCertificates, AreOnRecordAndInTheOperatorsJournal) {
  const auto renewed = unwrap(renew(Service::cmc)).certificate;
  const auto record =
      unwrap(unwrap(open_store(authority))->find_certificate(renewed->serial_number));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->certificate_der, renewed.der);
  EXPECT_THAT(std::string(as_text(octets("operator.jsonl"))),
              HasSubstr(renewed->serial_number.to_hex()));
}

TEST_F(OwnCertificates, OfTheAgentComeAsPkcs12Too) {
  const auto renewed = unwrap(renew(Service::agent)).certificate;
  const auto passphrase = unwrap(files::read_passphrase_file(file("agent.p12.passphrase")));
  EXPECT_EQ(unwrap(crypto::read_pkcs12(octets("agent.p12"), passphrase)).certificates.front().der,
            renewed.der);
}

TEST_F(OwnCertificates, ThatAnotherAuthorityIssuedAreRenewedThere) {
  auto elsewhere = wanted;
  elsewhere.directory = folder / "elsewhere";
  unwrap(make_authority(elsewhere, clock));
  std::filesystem::copy_file(elsewhere.directory + "/tls.pem", file("tls.pem"),
                             std::filesystem::copy_options::overwrite_existing);
  const auto renewed = renew(Service::tls);
  ASSERT_FALSE(renewed.ok());
  EXPECT_EQ(renewed.error().fault, Fault::bad_configuration);
  EXPECT_FALSE(std::filesystem::exists(file("tls.pem.old")));
}

TEST_F(OwnCertificates, ForSigningResponsesAreMadeWhereThereWereNone) {
  std::filesystem::remove(file("cmc.pem"));
  std::filesystem::remove(file("cmc.key"));
  const auto made = unwrap(renew(Service::cmc)).certificate;
  EXPECT_EQ(made->subject, certificate("ca.pem")->subject);
  EXPECT_TRUE(made.has_extended_key_usage(pkix::oid::kCmcCA));
  EXPECT_TRUE(is_key_of("cmc.key", made));
}

TEST_F(OwnCertificates, ForSigningResponsesAreNotMadeUnlessTheConfigurationNamesThem) {
  authority.cmc = {};
  const auto renewed = renew(Service::cmc);
  ASSERT_FALSE(renewed.ok());
  EXPECT_THAT(renewed.error().detail, HasSubstr("cmc_certificate"));
}

TEST_F(OwnCertificates, FollowTheirKeyWhereACrashCameBetween) {
  const auto old = octets("tls.pem");
  unwrap(renew(Service::tls));
  // The key took its place, its certificate did not.
  std::filesystem::rename(file("tls.pem"), file("tls.pem.new"));
  ASSERT_TRUE(files::write_file(file("tls.pem"), old).ok());
  EXPECT_THAT(status("tls").problem, HasSubstr("broken off"));
  EXPECT_TRUE(unwrap(finish_replacement(authority.tls)));
  EXPECT_TRUE(is_key_of("tls.key", certificate("tls.pem")));
  EXPECT_EQ(status("tls").problem, "");
}

TEST_F(OwnCertificates, StayWhereTheNewOneIsForAKeyThatNeverCame) {
  const auto old = octets("tls.pem");
  std::filesystem::copy_file(file("agent.pem"), file("tls.pem.new"));
  EXPECT_FALSE(unwrap(finish_replacement(authority.tls)));
  EXPECT_EQ(octets("tls.pem"), old);
}

// ------------------------------------------------------------ how long they live

TEST_F(OwnCertificates, AreDueThirtyDaysBeforeTheirEnd) {
  EXPECT_EQ(status("tls").left, days{620});
  EXPECT_FALSE(status("tls").due);
  EXPECT_TRUE(status("tls", days{621}).due);
  clock.advance(days{590});
  EXPECT_FALSE(status("cmc").due) << "thirty days to the second";
  clock.advance(std::chrono::seconds{1});
  EXPECT_TRUE(status("cmc").due);
  EXPECT_FALSE(status("authority").due);
}

TEST_F(OwnCertificates, AreNotDueWhereTheAuthorityItselfEndsWithThem) {
  clock.set(certificate("ca.pem")->validity.not_after - days{20});
  unwrap(renew(Service::tls));
  EXPECT_FALSE(status("tls").due) << "another one would live no longer";
  EXPECT_TRUE(status("authority").due);
}

TEST_F(OwnCertificates, ThatHaveEndedOrCannotBeReadAreAProblem) {
  clock.advance(days{700});
  EXPECT_EQ(status("tls").problem, "has ended");
  std::filesystem::remove(file("encryption.pem"));
  EXPECT_THAT(status("encryption").problem, HasSubstr("encryption.pem"));
}

TEST_F(OwnCertificates, WhoseKeysAreGoneOrOthersOrOpenToOthersAreAProblem) {
  for (const auto& [what, key] : {std::pair{"authority", "ca.key"}, std::pair{"tls", "tls.key"}}) {
    const bool renewable = std::string(what) == "tls";
    const auto kept = octets(key);
    EXPECT_EQ(status(what).problem, "");
    std::filesystem::permissions(file(key), std::filesystem::perms{0644});
    EXPECT_THAT(status(what).problem, HasSubstr("chmod 600 " + file(key)));
    ASSERT_TRUE(files::write_secret_file(file(key), octets("agent.key")).ok());
    EXPECT_THAT(status(what).problem, HasSubstr(file(key) + " is not its key"));
    std::filesystem::remove(file(key));
    EXPECT_THAT(status(what).problem, HasSubstr("No such file"));
    EXPECT_THAT(status(what).next, HasSubstr(renewable ? "ca renew tls" : "ca restore"));
    ASSERT_TRUE(files::write_secret_file(file(key), kept).ok());
  }
}

TEST_F(OwnCertificates, WhosePassphraseIsNotThereAreNoReasonForABackup) {
  authority.first.passphrase_file = file("ca.passphrase");
  authority.tls.passphrase_file = file("tls.passphrase");
  for (const auto* what : {"authority", "tls"}) {
    EXPECT_THAT(status(what).problem,
                HasSubstr(std::string(what == std::string("tls") ? "tls" : "ca") +
                          ".passphrase: No such file"));
    EXPECT_THAT(status(what).next, HasSubstr("passphrase is there for who runs this"));
  }
  ASSERT_TRUE(files::write_secret_file(file("ca.passphrase"), as_bytes("of no use")).ok());
  EXPECT_EQ(status("authority").problem, "");
}

TEST_F(OwnCertificates, ThatWereRevokedAreAProblem) {
  const auto serial = certificate("cmc.pem")->serial_number;
  const auto engine = unwrap(open_store(authority));
  ASSERT_TRUE(test::change_status(*engine, serial, store::CertificateStatus::revoked, clock.now(),
                                  pkix::CRLReason::keyCompromise)
                  .ok());
  EXPECT_EQ(status("cmc").problem, "is revoked since " + signet::to_text(clock.now()));
  EXPECT_EQ(status("cmc").next, "signet ca renew cmc");
  EXPECT_EQ(status("tls").problem, "");
  unwrap(renew(Service::cmc));
  EXPECT_EQ(status("cmc").problem, "");
}

TEST_F(OwnCertificates, OfAnAuthorityThatHasEndedAreNotRenewed) {
  clock.set(certificate("ca.pem")->validity.not_after + std::chrono::seconds{1});
  const auto refused = renew(Service::tls);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::bad_configuration);
  EXPECT_THAT(refused.error().detail, HasSubstr("signet ca init"));
  EXPECT_THAT(status("authority").next, HasSubstr("signet ca init"));
  clock.set(certificate("ca.pem")->validity.not_before - std::chrono::seconds{1});
  EXPECT_THAT(renew(Service::tls).error().detail, HasSubstr("set this machine's clock"));
  EXPECT_EQ(status("authority").next, "set this machine's clock");
}

// ------------------------------------------------------------ under other names, or anew

TEST_F(OwnCertificates, OfTheTlsServerAreRenewedForAMachineOfAnotherName) {
  const auto renewed = unwrap(renew_service(authority, Service::tls, RenewalKey::fresh, clock,
                                            {.hosts = {"ca-2.example.org", "192.0.2.8"}}));
  const auto names = unwrap(pkix::read_alternative_name(names_in(renewed.certificate)));
  ASSERT_EQ(names.size(), 2U);
  EXPECT_EQ(pkix::to_text(names[0]), "DNS:ca-2.example.org");
  EXPECT_EQ(pkix::to_text(names[1]), "IP:192.0.2.8");
  EXPECT_EQ(pkix::to_text(renewed.certificate->subject), "CN=ca-2.example.org");
}

TEST_F(OwnCertificates, OfAnAgentWhoLostAllAreMadeUnderTheNameThatIsGiven) {
  for (const auto* name : {"agent.pem", "agent.key", "agent.p12", "agent.p12.passphrase"}) {
    std::filesystem::remove(file(name));
  }
  authority = unwrap(read_authority_folder(wanted.directory));
  EXPECT_THAT(renew(Service::agent).error().detail, HasSubstr("--agent NAME"));
  EXPECT_FALSE(std::filesystem::exists(file("agent.pem")));
  const auto made = unwrap(renew_service(authority, Service::agent, RenewalKey::fresh, clock,
                                         {.agent = "CN=Second Agent"}));
  EXPECT_EQ(pkix::to_text(made.certificate->subject), "CN=Second Agent");
  EXPECT_EQ(made.file, file("agent.pem"));
  EXPECT_TRUE(made.is_first);
  EXPECT_TRUE(made.certificate.has_extended_key_usage(pkix::oid::kCmcRA));
  EXPECT_TRUE(is_key_of("agent.key", certificate("agent.pem")));
  authority = unwrap(read_authority_folder(wanted.directory));
  EXPECT_EQ(renew_service(authority, Service::agent, RenewalKey::fresh, clock,
                          {.agent = "CN=Third Agent"})
                .error()
                .fault,
            Fault::already_exists);
}

TEST_F(OwnCertificates, PutAsideWhatStandsWhereTheNewOnesAreWritten) {
  ASSERT_TRUE(files::write_secret_file(file("tls.key.new"), as_bytes("somebody's key")).ok());
  ASSERT_TRUE(files::write_secret_file(file("tls.key.new.1"), as_bytes("another")).ok());
  std::filesystem::create_symlink(file("ca.pem"), file("tls.pem.new"));
  const auto authority_certificate = octets("ca.pem");
  const auto renewed = unwrap(renew(Service::tls));
  EXPECT_THAT(renewed.set_aside,
              ::testing::ElementsAre(file("tls.key.new.2"), file("tls.pem.new.1")));
  EXPECT_EQ(octets("tls.key.new.2"), to_bytes(std::string_view("somebody's key")));
  EXPECT_EQ(octets("tls.key.new.1"), to_bytes(std::string_view("another")));
  EXPECT_TRUE(std::filesystem::is_symlink(file("tls.pem.new.1")));
  EXPECT_EQ(octets("ca.pem"), authority_certificate);
  EXPECT_TRUE(is_key_of("tls.key", certificate("tls.pem")));
  EXPECT_THAT(unwrap(renew(Service::tls)).set_aside, ::testing::IsEmpty());
}

}  // namespace
}  // namespace signet::tool
