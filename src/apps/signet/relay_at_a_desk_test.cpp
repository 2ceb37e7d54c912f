// `signet relay` of what is encrypted to whoever relays it.
#include <gmock/gmock.h>

#include "client/encryption.h"
#include "codec/pkix/oids.h"
#include "support/relay_scene.h"
#include "support/test_ca.h"

namespace signet::tool {
namespace {

using test::unwrap;
using ::testing::HasSubstr;
using ::testing::Not;

/// A key of the registration desk, to which people encrypt.
class RelayAtADesk : public Relay {
 protected:
  RelayAtADesk() {
    static test::TestCa issuer;
    static const auto desk = issuer.issue({.subject = "CN=Desk",
                                           .key = test::test_key("rsa:2048", 7),
                                           .key_usage = {pkix::KeyUsageBit::keyEncipherment}});
    write_holder("desk", {desk.key, desk.certificate});
    EXPECT_EQ(signet({"request", "--subject", "CN=Alice,O=Test", "--output", "@one", "--signer",
                      "@alice.pem", "--signer-key", "@alice.key", "--encrypt-to", "@desk.pem"}),
              0)
        << err.str();
  }
  /// Takes the encryption off an answer, as `signet read --decrypt` does.
  void open_answer(const std::string& folder_name, const std::string& key) {
    const auto name = folder_name + "/request.crp";
    const auto holder = unwrap(crypto::read_private_key(read(key), {}));
    const auto octets = read(name);
    EXPECT_TRUE(envelope::has_encryption(octets));
    const auto opened = unwrap(client::open_answer(octets, *holder, crypto::system_random()));
    write(name, as_text(opened));
  }
  const std::vector<std::string> opening{"@one/request.crq", "--decrypt-key", "@desk.key",
                                         "--decrypt-certificate", "@desk.pem"};
};

TEST_F(RelayAtADesk, OpensWhatIsEncryptedToItAndHandsTheMessageOn) {
  /* matrix: E153 */
  EXPECT_EQ(relay({"@one/request.crq"}), 1) << "the authority cannot open it";
  EXPECT_THAT(out.str(), HasSubstr("refused"));
  ASSERT_EQ(relay(opening), 0) << out.str() << err.str();
  open_answer("one", "alice.key");
  expect_reads("one", "CN=Alice,O=Test");
}

TEST_F(RelayAtADesk, KeepsTheAnswerEncryptedForWhoAskedSo) {
  request("two");
  auto words = opening;
  words.emplace_back("@two/request.crq");
  ASSERT_EQ(relay(words), 0) << out.str() << err.str();
  EXPECT_THAT(out.str(), HasSubstr("(answer: " + (folder / "one/request.crp") + ", encrypted)"));
  EXPECT_THAT(out.str(), HasSubstr("(answer: " + (folder / "two/request.crp") + ")"));
  EXPECT_THAT(err.str(), HasSubstr("--decrypt"));
  EXPECT_TRUE(envelope::has_encryption(read("one/request.crp")));
  expect_reads("two", "CN=Alice,O=Test");
  EXPECT_THAT(err.str(), Not(HasSubstr("--decrypt")));
}

TEST_F(RelayAtADesk, SaysSoWhereNobodyCouldOpenTheAnswer) {
  write_holder("signs", authority.enroll("CN=Signs,O=Test", "ed25519"));
  ASSERT_EQ(
      signet({"request", "--subject", "CN=Signs,O=Test", "--output", "@three", "--key", "ed25519",
              "--signer", "@signs.pem", "--signer-key", "@signs.key", "--encrypt-to", "@desk.pem"}),
      0)
      << err.str();
  auto words = opening;
  words.front() = "@three/request.crq";
  EXPECT_EQ(relay(words), 1) << "no profile takes such a key";
  EXPECT_THAT(out.str(), HasSubstr(", not encrypted: whoever asked has no key"));
  EXPECT_FALSE(envelope::has_encryption(read("three/request.crp")));
  words.emplace_back("--json");
  EXPECT_EQ(relay(words), 1);
  EXPECT_EQ(json()["error"]["messages"][0]["encrypted"], false) << out.str();
}

TEST_F(RelayAtADesk, MayChangeWhatIsAskedForOnceItIsOpened) {
  auto words = opening;
  words.insert(words.end(), {"--leave-out", "2.5.29.37"});
  EXPECT_EQ(relay(words), 0) << out.str() << err.str();
  EXPECT_EQ(relay({"@one/request.crq", "--leave-out", "2.5.29.37"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("encrypted"));
}

TEST_F(RelayAtADesk, NeedsTheKeyOfTheCertificate) {
  EXPECT_EQ(relay({"@one/request.crq", "--decrypt-key", "@alice.key", "--decrypt-certificate",
                   "@desk.pem"}),
            1);
  EXPECT_THAT(err.str(), HasSubstr("is not that of the certificate"));
  EXPECT_EQ(last_url, "");
}

TEST_F(RelayAtADesk, WhatDoesNotOpenIsToldBeforeAnythingIsSent) {
  spoil("one/request.crq");
  EXPECT_EQ(relay(opening), 1);
  EXPECT_THAT(err.str(), HasSubstr(folder / "one/request.crq: "));
  EXPECT_EQ(last_url, "");
}

}  // namespace
}  // namespace signet::tool
