#include "apps/enrollment/renewal_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <optional>

#include "adapters/files/descriptor.h"
#include "adapters/files/file.h"
#include "apps/exchange/pending_file.h"
#include "apps/tool/credentials.h"
#include "apps/tool/file_pair.h"
#include "support/temporary_folder.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;
using test::unwrap;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

/// web.pem and web.key are the old pair (the agent's); the renewal's is Alice's.
class RenewalFolder : public ::testing::Test {
 protected:
  RenewalFolder() {
    fs::create_directory(renewal_folder(web));
    put(web, authority.agent);
    put(renewed, authority.alice);
  }

  static void put(const HolderFiles& files, const test::Holder& holder) {
    put_certificate(files, holder);
    ASSERT_TRUE(write_key(files.key, *holder.key, SecretBytes()).ok());
  }
  static void put_certificate(const HolderFiles& files, const test::Holder& holder) {
    const auto pem = pkix::to_pem({holder.certificate});
    ASSERT_TRUE(files::write_file(files.certificate, as_bytes(pem)).ok());
  }
  static void put_chain(const std::string& path,
                        const std::vector<pkix::Certificate>& certificates) {
    ASSERT_TRUE(files::write_file(path, as_bytes(pkix::to_pem(certificates))).ok());
  }
  Result<Installed> install(LeftBy left_by = LeftBy::earlier_run) {
    return TRY(install_renewal(web, left_by, authority.clock.now())).what;
  }
  /// Made an hour after the renewal.
  test::Holder newer_holder() {
    authority.clock.advance(std::chrono::hours{1});
    return authority.enroll("CN=Newer");
  }
  static bool are(const HolderFiles& files, const test::Holder& holder) {
    const auto key = unwrap(read_key_file(files.key, files.passphrase_file));
    return unwrap(read_certificates_file(files.certificate)).front() == holder.certificate &&
           key->public_key_info() == holder.key->public_key_info();
  }
  [[nodiscard]] std::vector<std::string> files_in_folder() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
      names.push_back(entry.path().filename());
    }
    return names;
  }
  static mode_t mode_of(const std::string& path) {
    struct stat state {};
    EXPECT_EQ(::stat(path.c_str(), &state), 0) << path;
    return state.st_mode & 07777U;
  }

  test::TestAuthority authority;
  test::TemporaryFolder folder;
  HolderFiles web{folder / "web.pem", folder / "web.key", ""};
  HolderFiles renewed{folder / "web.pem.renewal/certificate.pem",
                      folder / "web.pem.renewal/key.pem", ""};
  std::string chain = folder / "web.pem.renewal/chain.pem";
};

TEST_F(RenewalFolder, IsPutInPlaceAndTheOldPairStaysBeside) {
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_TRUE(are(web, authority.alice));
  EXPECT_TRUE(are({web.certificate + ".old", web.key + ".old", ""}, authority.agent));
  EXPECT_FALSE(fs::exists(renewal_folder(web)));
  EXPECT_EQ(unwrap(install()), Installed::nothing) << "there is none any more";
}

TEST_F(RenewalFolder, NamesWhatStoodInItsWay) {
  ASSERT_TRUE(files::write_file(web.key + ".new", as_bytes("somebody's")).ok());
  const auto installed = unwrap(install_renewal(web, LeftBy::earlier_run, authority.clock.now()));
  EXPECT_EQ(installed.what, Installed::in_place);
  EXPECT_EQ(installed.set_aside, std::vector{web.key + ".new.1"});
}

TEST_F(RenewalFolder, CarriesItsChainWhereTheOldCertificateDid) {
  const auto intermediate = authority.enroll("CN=Intermediate");  // as far as this room looks
  put_chain(web.certificate, {authority.agent.certificate, intermediate.certificate});
  put_chain(chain, {intermediate.certificate, authority.certificate()});
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_EQ(unwrap(read_certificates_file(web.certificate)),
            (std::vector{authority.alice.certificate, intermediate.certificate}))
      << "the root is not for servers to send";
}

TEST_F(RenewalFolder, CarriesTheRootWhereTheOldCertificateDid) {
  put_chain(web.certificate, {authority.agent.certificate, authority.certificate()});
  put_chain(chain, {authority.certificate()});
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_EQ(unwrap(read_certificates_file(web.certificate)),
            (std::vector{authority.alice.certificate, authority.certificate()}));
}

TEST_F(RenewalFolder, StandsAloneWhereTheOldCertificateDidOrNoChainCame) {
  put_chain(chain, {authority.certificate()});
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_EQ(unwrap(read_certificates_file(web.certificate)).size(), 1U);

  fs::create_directory(renewal_folder(web));
  put_chain(web.certificate, {authority.alice.certificate, authority.certificate()});
  put(renewed, authority.agent);
  put_chain(chain, {});
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_EQ(unwrap(read_certificates_file(web.certificate)).size(), 1U);
}

TEST_F(RenewalFolder, IsKeptAndTheOldPairWithItWhereTheCertificateCannotBeReplaced) {
  fs::create_directory(web.certificate + ".old");
  EXPECT_EQ(install().error().fault, Fault::storage_failed);
  EXPECT_TRUE(are(web, authority.agent));
  EXPECT_TRUE(are(renewed, authority.alice));
  fs::remove(web.certificate + ".old");
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_TRUE(are(web, authority.alice));
}

TEST_F(RenewalFolder, LetsTheCertificateFollowAKeyThatHasItsPlace) {
  put(web, authority.alice);
  put_certificate(web, authority.agent);
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_TRUE(are(web, authority.alice));
  EXPECT_FALSE(fs::exists(web.key + ".old")) << "that would be the new key";
}

TEST_F(RenewalFolder, LetsTheCertificateFollowAKeyThatWasMovedOutOfIt) {
  fs::rename(renewed.key, web.key);
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_TRUE(are(web, authority.alice));
}

TEST_F(RenewalFolder, LeavesTheOldPairBesideWhereItWasInPlaceAlready) {
  put({web.certificate + ".old", web.key + ".old", ""}, authority.agent);
  put(web, authority.alice);
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_TRUE(are({web.certificate + ".old", web.key + ".old", ""}, authority.agent));
}

TEST_F(RenewalFolder, IsPutInPlaceThoughItsPendingFileStayed) {
  ASSERT_TRUE(files::write_file(renewal_folder(web) + "/pending.json", as_bytes("{}")).ok());
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_TRUE(are(web, authority.alice));
}

TEST_F(RenewalFolder, LeavesWhatAsksForTheRestWhereItsCertificateCameBefore) {
  const auto lies = [&](const std::string& name, std::string_view text) {
    ASSERT_TRUE(files::write_file(renewal_folder(web) + "/" + name, as_bytes(text)).ok());
  };
  PendingAnswer pending{{Bytes{7}, authority.clock.now()}, Bytes{9}};
  const auto pending_file = renewal_folder(web) + "/pending.json";
  lies("exchange.json", "{}");
  ASSERT_TRUE(keep_pending(pending, pending_file).ok());
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_FALSE(fs::exists(rest_folder(web))) << "all of it was waited for, and came";

  fs::create_directory(renewal_folder(web));
  put(renewed, authority.agent);
  lies("exchange.json", "{}");
  pending.has_certificate = true;
  ASSERT_TRUE(keep_pending(pending, pending_file).ok());
  EXPECT_EQ(unwrap(install(LeftBy::this_run)), Installed::in_place);
  EXPECT_FALSE(fs::exists(renewal_folder(web)));
  const auto kept = unwrap(read_pending_file(rest_folder(web) + "/pending.json"));
  EXPECT_EQ(kept.pend_info, pending.pend_info);
  EXPECT_EQ(kept.sender_nonce, Bytes{9});
  EXPECT_TRUE(kept.has_certificate);
  EXPECT_TRUE(fs::exists(rest_folder(web) + "/exchange.json"));
  EXPECT_TRUE(fs::exists(rest_folder(web) + "/certificate.pem"));
  EXPECT_FALSE(fs::exists(rest_folder(web) + "/key.pem")) << "it has its place";
}

TEST_F(RenewalFolder, IsInPlaceThoughWhatAsksForTheRestCannotBeKept) {
  ASSERT_TRUE(files::write_file(rest_folder(web), as_bytes("somebody's")).ok());
  const PendingAnswer pending{{Bytes{7}, authority.clock.now()}, Bytes{9}, true};
  ASSERT_TRUE(keep_pending(pending, renewal_folder(web) + "/pending.json").ok());
  const auto installed = unwrap(install_renewal(web, LeftBy::earlier_run, authority.clock.now()));
  EXPECT_EQ(installed.what, Installed::in_place);
  EXPECT_THAT(installed.rest_lost, HasSubstr(rest_folder(web)));
  EXPECT_TRUE(are(web, authority.alice));
  EXPECT_EQ(as_text(unwrap(files::read_file(rest_folder(web)))), "somebody's");
  EXPECT_FALSE(fs::exists(renewal_folder(web)));
  EXPECT_EQ(unwrap(install()), Installed::nothing) << "the next run has its own to do";
}

TEST_F(RenewalFolder, LeavesNoFileOfAnEarlierRestBesideTheNext) {
  fs::create_directory(rest_folder(web));
  put_chain(rest_folder(web) + "/chain.pem", {authority.certificate()});
  const PendingAnswer pending{{Bytes{7}, authority.clock.now()}, Bytes{9}, true};
  ASSERT_TRUE(keep_pending(pending, renewal_folder(web) + "/pending.json").ok());
  const auto installed = unwrap(install_renewal(web, LeftBy::earlier_run, authority.clock.now()));
  EXPECT_EQ(installed.rest_lost, "");
  EXPECT_TRUE(fs::exists(rest_folder(web) + "/pending.json"));
  EXPECT_FALSE(fs::exists(rest_folder(web) + "/chain.pem")) << "this one came without";
}

TEST_F(RenewalFolder, OfAnotherKeyOrExpiredIsNoRenewal) {
  authority.clock.advance(std::chrono::hours{24} * 365 * 30);
  EXPECT_EQ(unwrap(install()), Installed::nothing) << "expired";
  authority.clock.advance(-std::chrono::hours{24} * 365 * 30);
  put(renewed, authority.agent);
  put_certificate(renewed, authority.alice);
  EXPECT_EQ(unwrap(install()), Installed::nothing) << "another key";
  EXPECT_TRUE(are(web, authority.agent));
}

TEST_F(RenewalFolder, OlderThanTheStandingPairReplacesNothingAndIsCleared) {
  const auto newer = newer_holder();
  put(web, newer);
  EXPECT_EQ(unwrap(install()), Installed::superseded);
  EXPECT_TRUE(are(web, newer));
  EXPECT_FALSE(fs::exists(renewal_folder(web)));
  EXPECT_FALSE(fs::exists(web.certificate + ".old"));
}

TEST_F(RenewalFolder, OlderThanTheStandingCertificateOfTheSameKeyReplacesNothing) {
  auto later = authority.alice.certificate.tbs.value;
  later.validity.not_before += std::chrono::hours{1};
  const test::Holder newer{authority.alice.key,
                           authority.sign(std::move(later), *authority.alice.key)};
  put(web, newer);
  EXPECT_EQ(unwrap(install()), Installed::superseded);
  EXPECT_TRUE(are(web, newer));
}

TEST_F(RenewalFolder, FollowsItsKeyThoughTheCertificateThatStandsThereIsNewer) {
  put(web, authority.alice);
  put_certificate(web, newer_holder());
  EXPECT_EQ(unwrap(install()), Installed::in_place) << "broken off between the two";
  EXPECT_TRUE(are(web, authority.alice));
}

TEST_F(RenewalFolder, FollowsItsKeyThoughItBeginsLater) {
  authority.clock.advance(-std::chrono::hours{24});
  put(web, authority.alice);
  put_certificate(web, authority.agent);
  EXPECT_EQ(unwrap(install()), Installed::in_place) << "broken off between the two";
}

TEST_F(RenewalFolder, OfTheSameKeyThatBeginsLaterWaits) {
  auto later = authority.agent.certificate.tbs.value;
  later.validity.not_before = authority.clock.now() + std::chrono::hours{24};
  put_certificate(renewed, {nullptr, authority.sign(std::move(later), *authority.agent.key)});
  fs::remove(renewed.key);
  EXPECT_EQ(unwrap(install()), Installed::put_off);
  EXPECT_TRUE(are(web, authority.agent));
}

TEST_F(RenewalFolder, AskedForByTheStandingCertificateIsNewerWhateverTheClockOfTheAuthorityWas) {
  const auto standing = newer_holder();  // by its notBefore
  put(web, standing);
  put_certificate({renewal_folder(web) + "/signer.pem", "", ""}, standing);
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_TRUE(are(web, authority.alice));
}

TEST_F(RenewalFolder, OfThisRunIsPutInPlaceWhateverItsDates) {
  put(web, newer_holder());
  EXPECT_EQ(unwrap(install(LeftBy::this_run)), Installed::in_place);
  EXPECT_TRUE(are(web, authority.alice));
}

TEST_F(RenewalFolder, IsLeftAloneWhereAKeyCannotBeRead) {
  const auto passphrase = folder / "passphrase";
  ASSERT_TRUE(
      write_key(renewed.key, *authority.alice.key, SecretBytes(std::string_view("x"))).ok());
  ASSERT_FALSE(install().ok());
  EXPECT_TRUE(fs::exists(renewed.certificate));
  EXPECT_TRUE(are(web, authority.agent));
}

TEST_F(RenewalFolder, PutsAnEncryptedKeyInPlaceEncrypted) {
  web.passphrase_file = folder / "passphrase";
  ASSERT_TRUE(files::write_secret_file(web.passphrase_file, as_bytes("word\n")).ok());
  const SecretBytes word{std::string_view("word")};
  ASSERT_TRUE(write_key(renewed.key, *authority.alice.key, word).ok());
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_THAT(std::string(as_text(unwrap(files::read_file(web.key)))),
              StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  EXPECT_TRUE(are(web, authority.alice));
}

TEST_F(RenewalFolder, TakesOverModeOwnerAndGroup) {
  ASSERT_EQ(::chmod(web.key.c_str(), 0640), 0);
  ASSERT_EQ(::chmod(web.certificate.c_str(), 0600), 0);
  const bool root = ::getuid() == 0;
  if (root) {
    ASSERT_EQ(::chown(web.key.c_str(), 12, 34), 0);
  }
  EXPECT_EQ(unwrap(install()), Installed::in_place);
  EXPECT_EQ(mode_of(web.key), 0640U);
  EXPECT_EQ(mode_of(web.certificate), 0600U);
  struct stat state {};
  ASSERT_EQ(::stat(web.key.c_str(), &state), 0);
  EXPECT_TRUE(!root || (state.st_uid == 12 && state.st_gid == 34));
}

TEST_F(RenewalFolder, TellsWhetherAnotherCertificateAskedThanStandsThere) {
  ASSERT_TRUE(begin_renewal(web, authority.agent.certificate, "").ok());
  EXPECT_FALSE(fs::exists(renewed.key)) << "what an earlier one left";
  EXPECT_FALSE(unwrap(is_asked_by_another(web)));
  put_certificate(web, authority.alice);
  EXPECT_FALSE(unwrap(is_asked_by_another(web))) << "its key is still to come";
  put(web, authority.alice);
  EXPECT_TRUE(unwrap(is_asked_by_another(web)));
  fs::remove(renewal_folder(web) + "/signer.pem");
  EXPECT_FALSE(unwrap(is_asked_by_another(web))) << "nobody knows who asked";
}

TEST_F(RenewalFolder, IsAwayBeforeTheFirstOfItsFilesIs) {
  const files::Descriptor watch(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  ASSERT_GE(
      ::inotify_add_watch(watch.number(), renewal_folder(web).c_str(), IN_DELETE | IN_MOVE_SELF),
      0);
  clear_renewal(web);
  alignas(inotify_event) char first[4096];
  ASSERT_GT(::read(watch.number(), first, sizeof first), 0);
  EXPECT_EQ(reinterpret_cast<const inotify_event*>(first)->mask & (IN_DELETE | IN_MOVE_SELF),
            std::uint32_t{IN_MOVE_SELF});
  EXPECT_FALSE(fs::exists(renewal_folder(web)));
}

TEST_F(RenewalFolder, LeavesNothingOfARemovalThatWasCutOff) {
  fs::create_directories(renewal_folder(web) + ".removed/a");
  clear_renewal(web);
  EXPECT_THAT(files_in_folder(), UnorderedElementsAre("web.pem", "web.key"));
}

TEST_F(RenewalFolder, HoldsAMessageForTheSameWishUntilItIsRefused) {
  const auto keep = [&](const char* name) {
    ASSERT_TRUE(files::write_file(renewal_folder(web) + "/" + name, as_bytes("x")).ok());
  };
  const auto begin = [&](const test::Holder& signer) {
    ASSERT_TRUE(begin_renewal(web, signer.certificate, "a key").ok());
    keep("request.crq");
    EXPECT_FALSE(unwrap(is_unanswered(web, "a key"))) << "it was never sent";
    keep("exchange.json");
  };
  begin(authority.agent);
  EXPECT_TRUE(unwrap(is_unanswered(web, "a key")));
  EXPECT_FALSE(unwrap(is_unanswered(web, "another key")));
  give_up_wish(web);
  EXPECT_FALSE(unwrap(is_unanswered(web, "a key")));
  begin(authority.alice);
  EXPECT_FALSE(unwrap(is_unanswered(web, "a key"))) << "another certificate stands there";
}

TEST_F(RenewalFolder, IsForOneRunAtATime) {
  auto first = std::make_optional(unwrap(wait_for_turn(web)));
  auto second = std::async(std::launch::async, [&] { return wait_for_turn(web).ok(); });
  EXPECT_EQ(second.wait_for(std::chrono::milliseconds{100}), std::future_status::timeout);
  const auto impatient = wait_for_turn(web, std::chrono::milliseconds{50});
  ASSERT_FALSE(impatient.ok()) << "anybody who may read the folder can hold it";
  EXPECT_EQ(impatient.error().fault, Fault::busy);
  first.reset();
  EXPECT_TRUE(second.get());
  EXPECT_FALSE(wait_for_turn({folder / "absent/web.pem", "", ""}).ok());
}

TEST_F(RenewalFolder, TellsWhetherOneWaitsForADecision) {
  fs::remove(renewed.certificate);
  EXPECT_FALSE(waits_for_decision(web));
  ASSERT_TRUE(files::write_file(renewal_folder(web) + "/pending.json", as_bytes("{}")).ok());
  EXPECT_TRUE(waits_for_decision(web));
  const PendingAnswer pending{{Bytes{7}, authority.clock.now()}, Bytes{9}, true};
  ASSERT_TRUE(keep_pending(pending, renewal_folder(web) + "/pending.json").ok());
  EXPECT_FALSE(waits_for_decision(web)) << "granted, and broken off before that was written";
  put_certificate(renewed, authority.alice);
  EXPECT_TRUE(waits_for_decision(web)) << "it came, and its rest is waited for";
  clear_renewal(web);
  EXPECT_FALSE(waits_for_decision(web));
  EXPECT_FALSE(fs::exists(renewal_folder(web)));
}

}  // namespace
}  // namespace signet::tool
