// What is asked of a key and of its kind, by the two tools that make one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/dogtag_tools.h"

namespace signet::dogtag {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class KeyWishes : public Tools {
 protected:
  int make(std::string_view tool, const Arguments& more) {
    Arguments arguments{"-d", database.path(), "-p", "secret", "-n", "CN=a", "-o", database / "a"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return call(tool, arguments);
  }
  /// The private keys, a line each.
  [[nodiscard]] std::string keys() const { return database.output_of("certutil -K"); }

  const std::vector<std::string> tools{"PKCS10Client", "CRMFPopClient"};
};

TEST_F(KeyWishes, RefuseAKeyThatMayNotLeaveADatabase) {
  const auto before = keys();
  for (const auto& tool : tools) {
    EXPECT_EQ(make(tool, {"-a", "ec", "-t", "false", "-s", "1", "-e", "0"}), kFailed);
    EXPECT_THAT(err.str(), HasSubstr("-e 0: keys of an NSS database may leave it")) << tool;
  }
  EXPECT_EQ(keys(), before);
}

TEST_F(KeyWishes, TakeWhatEveryKeyIsWithoutAWord) {
  for (const auto& tool : tools) {
    EXPECT_EQ(make(tool, {"-a", "ec", "-t", "false", "-s", "1", "-e", "1", "-x", "true"}), kDone);
    EXPECT_EQ(make(tool, {"-a", "ec", "-s", "-1", "-e", "-1"}), kDone);
    EXPECT_EQ(err.str(), "") << tool;
  }
}

TEST_F(KeyWishes, WarnOfWhatIsNotDone) {
  for (const auto& tool : tools) {
    EXPECT_EQ(make(tool, {"-a", "ec", "-t", "true", "-s", "0"}), kDone) << err.str();
    EXPECT_THAT(err.str(), AllOf(HasSubstr("-t true has no effect"),
                                 HasSubstr("-s 0 has no effect"), Not(HasSubstr("-e"))));
  }
}

TEST_F(KeyWishes, RefuseWhatIsNoWish) {
  for (const auto& tool : tools) {
    for (const std::string name : {"-s", "-e"}) {
      EXPECT_EQ(make(tool, {"-a", "ec", name, "2"}), kFailed);
      EXPECT_THAT(err.str(), HasSubstr(name + " 2: choose 1, 0 or -1"));
    }
  }
}

TEST_F(KeyWishes, KnowThatKeysOfATokenStay) {
  const test::SoftHsm hsm;
  for (const auto& tool : tools) {
    const auto in_token = [&](const std::string& wish) {
      return make(tool, {"-h", "one", "-p", "1234", "-a", "ec", "-e", wish});
    };
    EXPECT_EQ(in_token("0"), kDone) << err.str();
    EXPECT_EQ(err.str(), "");
    EXPECT_EQ(in_token("1"), kDone);
    EXPECT_THAT(err.str(), HasSubstr("-e 1 has no effect"));
  }
}

TEST_F(KeyWishes, KnowTheNamesOfKeyWrapping) {
  EXPECT_EQ(make("CRMFPopClient", {"-a", "ec", "-w", "AES/CBC/PKCS5Padding"}), kDone) << err.str();
  EXPECT_THAT(err.str(), HasSubstr("-w has no effect: no key is archived"));
  EXPECT_EQ(make("CRMFPopClient", {"-a", "ec", "-w", "nonsense"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("-w nonsense: choose AES KeyWrap/Padding"));
  EXPECT_EQ(make("PKCS10Client", {"-w"}), kDone);
  EXPECT_THAT(err.str(), HasSubstr("-w has no effect"));
}

TEST_F(KeyWishes, NameTheSizesOfThisTool) {
  for (const auto& tool : tools) {
    for (const std::string bits : {"1024", "2047", "big"}) {
      EXPECT_EQ(make(tool, {"-l", bits}), kFailed);
      EXPECT_THAT(err.str(), AllOf(HasSubstr("-l " + bits + ": choose 2048, 3072 or 4096"),
                                   Not(HasSubstr("ed25519"))));
    }
  }
}

}  // namespace
}  // namespace signet::dogtag
