#include "adapters/files/generations_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/files/file.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::files {
namespace {

using test::unwrap;
using ::testing::HasSubstr;

class GenerationsFile : public ::testing::Test {
 protected:
  [[nodiscard]] Generation second() const {
    return {folder / "ca-2.pem",
            folder / "ca-2.key",
            "",
            folder / "ca-2.cross.pem",
            4,
            Time{std::chrono::seconds{1800000000}}};
  }
  void write(const std::string& text) const {
    ASSERT_TRUE(write_file(path(), as_bytes(text)).ok());
  }
  [[nodiscard]] std::string path() const { return folder / "generations"; }
  void expect_refused(const std::string& line, const std::string& words) const {
    write("# head\n" + line + "\n");
    const auto read = read_generations(path());
    ASSERT_FALSE(read.ok()) << line;
    EXPECT_EQ(read.error().fault, Fault::bad_configuration);
    EXPECT_THAT(read.error().detail, HasSubstr("generations:2: " + words));
  }
  test::TemporaryFolder folder;
};

TEST_F(GenerationsFile, GivesBackWhatWasWritten) {
  auto third = second();
  third.key = "pkcs11:token=ca;object=third";
  third.key_passphrase_file = "/etc/pin";
  third.first_crl_shard = 5;
  ASSERT_TRUE(write_generations(path(), {second(), third}).ok());
  EXPECT_EQ(unwrap(read_generations(path())), (std::vector<Generation>{second(), third}));
}

TEST_F(GenerationsFile, NamesFilesBesideItRelativelySoThatTheFolderCanMove) {
  ASSERT_TRUE(write_generations(path(), {second()}).ok());
  EXPECT_THAT(std::string(as_text(unwrap(read_file(path())))),
              HasSubstr("\nca-2.pem\tca-2.key\t-\tca-2.cross.pem\t4\t1800000000\n"));
}

TEST_F(GenerationsFile, ThatIsNotThereNamesNone) {
  EXPECT_TRUE(unwrap(read_generations(path())).empty());
}

TEST_F(GenerationsFile, ThatIsALinkToNowhereIsNotNone) {
  std::filesystem::create_symlink("nowhere", path());
  EXPECT_EQ(read_generations(path()).error().fault, Fault::storage_failed);
}

TEST_F(GenerationsFile, RefusesALineOfAnotherForm) {
  expect_refused("ca.pem\tca.key\t-\t-\t1", "wanted are six fields");
  expect_refused("ca.pem\tca.key\t-\t-\tx\t1", "wanted are six fields");
  expect_refused("ca.pem\tca.key\t-\t-\t-1\t1", "wanted are six fields");
  expect_refused("ca.pem\tca.key\t-\t-\t1\t1\tmore", "wanted are six fields");
}

TEST_F(GenerationsFile, RefusesShardsThatBelongToTheOneBefore) {
  expect_refused("ca.pem\tca.key\t-\t-\t0\t1", "the first CRL shard");
}

}  // namespace
}  // namespace signet::files
