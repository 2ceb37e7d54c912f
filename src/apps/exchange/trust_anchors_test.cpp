#include "apps/exchange/trust_anchors.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "adapters/files/file.h"
#include "apps/tool/credentials.h"
#include "support/announced_anchors.h"
#include "support/checked_response.h"
#include "support/temporary_folder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using test::kTestTime;
using test::unwrap;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A file that trusts an authority's old root, and sets of anchors that name another one.
class TrustAnchors : public ::testing::Test {
 protected:
  TrustAnchors() { write({old.certificate()}); }
  void write(const std::vector<pkix::Certificate>& anchors) const {
    ASSERT_TRUE(files::write_file(file, as_bytes(pkix::to_pem(anchors))).ok());
  }
  [[nodiscard]] client::PublishedAnchors set(std::uint64_t number,
                                             const test::TestCa& announced) const {
    const test::Credential by{test::Key{test::Key{}, &announced.key()}, announced.certificate()};
    return test::announced_anchors(by, number, {announced.certificate(), old.certificate()});
  }
  Result<std::vector<pkix::Certificate>> accept(const client::PublishedAnchors& published) {
    return accept_anchors({file, file}, published, kTestTime);
  }
  [[nodiscard]] std::vector<pkix::Certificate> trusted() const {
    return unwrap(read_certificates_file(file));
  }

  test::TemporaryFolder folder;
  std::string file = folder / "ca.pem";
  test::TestCa old{"CN=Test CA,O=Test", test::test_key("ec:p256", 0)};
  test::TestCa fresh{"CN=Test CA,O=Test", test::test_key("ec:p256", 1)};
  test::TestCa fresher{"CN=Test CA,O=Test", test::test_key("ec:p256", 2)};
  test::TestCa other{"CN=Other CA,O=Test", test::test_key("ec:p256", 3)};
};

TEST_F(TrustAnchors, AreAddedToThoseThatAreTrustedAndTheOldFileStays) {
  EXPECT_THAT(unwrap(accept(set(7, fresh))), ElementsAre(fresh.certificate()));
  EXPECT_THAT(trusted(), ElementsAre(old.certificate(), fresh.certificate()));
  EXPECT_THAT(unwrap(read_certificates_file(file + ".old")), ElementsAre(old.certificate()));
}

TEST_F(TrustAnchors, AreNotKeptThroughALinkThatSomebodyPutThere) {
  const auto victim = folder / "victim";
  unwrap(files::write_file(victim, as_bytes("mine")));
  fs::create_symlink(victim, file + ".old");
  unwrap(accept(set(7, fresh)));
  EXPECT_EQ(as_text(unwrap(files::read_file(victim))), "mine");
  EXPECT_FALSE(fs::is_symlink(file + ".old"));
  EXPECT_THAT(unwrap(read_certificates_file(file + ".old")), ElementsAre(old.certificate()));
}

TEST_F(TrustAnchors, MayGoIntoAnotherFile) {
  const auto out = folder / "bundle.pem";
  unwrap(accept_anchors({file, out}, set(7, fresh), kTestTime));
  EXPECT_THAT(unwrap(read_certificates_file(out)),
              ElementsAre(old.certificate(), fresh.certificate()));
  EXPECT_THAT(trusted(), ElementsAre(old.certificate()));
}

TEST_F(TrustAnchors, OutOfWhatIsNoFileAreRefusedAndNothingIsPutBesideIt) {
  const auto held = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(held, 0);
  const auto anchors = "/dev/fd/" + std::to_string(held);
  const auto out = folder / "bundle.pem";
  const auto refused = accept_anchors({anchors, out}, set(7, fresh), kTestTime);
  ::close(held);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::bad_configuration);
  EXPECT_THAT(refused.error().detail, HasSubstr("give the file itself"));
  EXPECT_FALSE(fs::exists(out));
}

TEST_F(TrustAnchors, GoIntoWhatIsNoFileAndAreRememberedBesideTheirOwn) {
  unwrap(accept_anchors({file, "/dev/null"}, set(7, fresh), kTestTime));
  EXPECT_TRUE(fs::exists(file + ".anchors.json"));
  EXPECT_FALSE(fs::exists("/dev/null.anchors.json"));
  EXPECT_FALSE(fs::exists(file + ".old"));
}

TEST_F(TrustAnchors, ThatAreThereAlreadyChangeNothing) {
  unwrap(accept(set(7, fresh)));
  fs::remove(file + ".old");
  EXPECT_TRUE(unwrap(accept(set(7, fresh))).empty());
  EXPECT_FALSE(fs::exists(file + ".old"));
}

TEST_F(TrustAnchors, OfASetThatIsNotNewerAreRefused) {
  /* matrix: E131 */
  unwrap(accept(set(7, fresh)));
  for (const std::uint64_t number : {6U, 7U}) {
    EXPECT_EQ(accept(set(number, fresher)).error().fault, Fault::replayed) << number;
  }
  EXPECT_THAT(trusted(), ElementsAre(old.certificate(), fresh.certificate()));
  EXPECT_TRUE(accept(set(8, fresher)).ok());
}

TEST_F(TrustAnchors, OfEachAuthorityAreCountedByThemselves) {
  /* matrix: E133 */
  unwrap(accept(set(7, fresh)));
  EXPECT_TRUE(accept(set(1, other)).ok());
  EXPECT_EQ(accept(set(6, fresher)).error().fault, Fault::replayed);
}

TEST_F(TrustAnchors, AreNotAcceptedWhereTheMemoryOfTheLastSetIsLost) {
  ASSERT_TRUE(files::write_file(file + ".anchors.json", as_bytes(std::string("{"))).ok());
  EXPECT_EQ(accept(set(7, fresh)).error().fault, Fault::malformed);
  EXPECT_THAT(trusted(), ElementsAre(old.certificate()));
}

TEST_F(TrustAnchors, AreToldOfAndNotTakenUnlessAskedFor) {
  std::ostringstream out;
  std::ostringstream err;
  Context context{.out = out, .err = err};
  auto checked = test::checked_response();
  ASSERT_TRUE(take_anchors(checked, file, AnchorUse::accept, context, kTestTime).ok());
  EXPECT_EQ(err.str(), "");
  checked.published_anchors = Result<client::PublishedAnchors>(set(7, fresh));
  ASSERT_TRUE(take_anchors(checked, file, AnchorUse::tell, context, kTestTime).ok());
  EXPECT_THAT(err.str(), HasSubstr("announces a new trust anchor: CN=Test CA,O=Test"));
  EXPECT_THAT(trusted(), ElementsAre(old.certificate()));
  ASSERT_TRUE(take_anchors(checked, file, AnchorUse::accept, context, kTestTime).ok());
  EXPECT_THAT(trusted(), ElementsAre(old.certificate(), fresh.certificate()));
}

TEST_F(TrustAnchors, SaidUnderASecretAreNeverAddedToWhatIsTrusted) {
  std::ostringstream out;
  std::ostringstream err;
  Context context{.out = out, .err = err};
  auto checked = test::checked_response();
  checked.anchors_by_secret = Result<client::PublishedAnchors>(set(7, fresh));
  ASSERT_TRUE(take_anchors(checked, file, AnchorUse::accept, context, kTestTime).ok());
  EXPECT_THAT(err.str(), HasSubstr("announces a new trust anchor: CN=Test CA,O=Test"));
  EXPECT_THAT(err.str(), HasSubstr("under the secret alone"));
  EXPECT_THAT(trusted(), ElementsAre(old.certificate()));
  EXPECT_FALSE(fs::exists(file + ".anchors.json"));
}

TEST_F(TrustAnchors, ThatAreNotToBeBelievedArePassedOver) {
  std::ostringstream out;
  std::ostringstream err;
  Context context{.out = out, .err = err};
  auto checked = test::checked_response();
  checked.published_anchors = Result<client::PublishedAnchors>(Error{Fault::stale_time, "too old"});
  EXPECT_TRUE(take_anchors(checked, file, AnchorUse::accept, context, kTestTime).ok());
  EXPECT_THAT(err.str(), HasSubstr("too old"));
  EXPECT_THAT(trusted(), ElementsAre(old.certificate()));
}

}  // namespace
}  // namespace signet::tool
