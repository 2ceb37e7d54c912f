#include "apps/upkeep/service_certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/folder/new_authority.h"
#include "apps/tool/credentials.h"
#include "apps/tool/file_pair.h"
#include "apps/upkeep/own_certificate_status.h"
#include "codec/pkix/oids.h"
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
    for (auto& each : unwrap(own_certificate_status(authority, within, clock))) {
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

}  // namespace
}  // namespace signet::tool
