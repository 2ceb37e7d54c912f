// A certificate and its key in one file, as web servers have them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/commands_scene.h"

namespace signet::tool {
namespace {

using ::testing::HasSubstr;

class OneFileCommands : public Commands {
 protected:
  OneFileCommands() {
    const auto certificate = read("agent.pem");
    const auto key = read("agent.key");
    write("both.pem", std::string(as_text(certificate)) + std::string(as_text(key)));
  }
  int with_server(std::vector<std::string> words) {
    words.insert(words.end(), {"--url", "https://ca.test:8443", "--ca", "@ca.pem"});
    return signet(words);
  }
};

TEST_F(OneFileCommands, SignsWithoutASignerKey) {
  EXPECT_EQ(with_server({"enroll", "--signer", "@both.pem", "--subject", "CN=Carol,O=Test",
                         "--output", "@carol"}),
            0)
      << err.str();
  EXPECT_EQ(pkix::to_text(certificate("carol/certificate.pem")->subject), "CN=Carol,O=Test");
  EXPECT_EQ(with_server({"enroll", "--signer", "@agent.pem", "--subject", "CN=Carol,O=Test",
                         "--output", "@nobody"}),
            1);
  EXPECT_THAT(err.str(), HasSubstr("agent.pem holds no private key: name the file that does by"));
  EXPECT_FALSE(exists("nobody/key.pem"));
}

TEST_F(OneFileCommands, KeepsItsKeyInARenewalWithTheSameKey) {
  with_server({"renew", "--signer", "@both.pem", "--same-key", "--force", "--output", "@new"});
  EXPECT_TRUE(exists("new/request.crq")) << err.str();
  EXPECT_FALSE(exists("new/key.pem")) << "no other one was made";
}

TEST_F(OneFileCommands, IsNotReplacedInPlaceByACertificateAlone) {
  const auto before = read("both.pem");
  EXPECT_EQ(with_server({"renew", "--signer", "@both.pem", "--signer-key", "@agent.key", "--force",
                         "--in-place"}),
            1);
  EXPECT_THAT(err.str(), HasSubstr("both.pem holds a private key beside the certificate"));
  EXPECT_EQ(read("both.pem"), before);
  EXPECT_FALSE(exists("both.pem.renewal"));
  EXPECT_EQ(with_server({"renew", "--signer", "@both.pem", "--force", "--in-place"}), 2);
}

}  // namespace
}  // namespace signet::tool
