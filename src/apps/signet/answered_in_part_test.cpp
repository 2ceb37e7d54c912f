// Certificates that come before the rest of what was asked for (status partial, RFC 10002 §6.1.3).
#include <gtest/gtest.h>

#include "support/partial_answer_scene.h"

namespace signet::tool {
namespace {

using cmc::CMCStatus;
using test::unwrap;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(AnsweredInPart, IsTakenAndTheRestAskedForByPoll) {
  EXPECT_EQ(ask(), 3) << err.str();
  EXPECT_TRUE(has_key("new/certificate.pem", "new/key.pem"));
  EXPECT_THAT(out.str(), AllOf(HasSubstr("Certificate of CN=Alice,O=Test"),
                               HasSubstr("\npending         abcd\n")));
  EXPECT_THAT(err.str(), AllOf(HasSubstr("answers the rest of the request later"),
                               HasSubstr("signet poll --output " + (folder / "new")),
                               Not(HasSubstr("person"))));
  const auto came = read("new/certificate.pem");
  EXPECT_EQ(poll(), 0) << err.str();
  EXPECT_EQ(asked_for, (Bytes{0xAB, 0xCD}));
  EXPECT_EQ(read("new/certificate.pem"), came);
  EXPECT_FALSE(exists("new/pending.json"));
}

TEST_F(AnsweredInPart, IsToldToPrograms) {
  EXPECT_EQ(ask({"--json"}), 3);
  EXPECT_EQ(json()["ok"], false);
  EXPECT_EQ(json()["pending"], true);
  EXPECT_EQ(json()["pend_token"], "abcd");
  EXPECT_EQ(json()["certificate"]["subject"], "CN=Alice,O=Test");
  EXPECT_EQ(json()["files"]["certificate"], folder / "new/certificate.pem");
  EXPECT_EQ(json()["statuses"][0]["status"], "partial");
}

TEST_F(AnsweredInPart, KeepsItsChainWhereTheRestBringsNone) {
  EXPECT_EQ(ask(), 3);
  const auto chain = read("new/chain.pem");
  ASSERT_FALSE(chain.empty());
  EXPECT_EQ(poll(), 0) << err.str();
  EXPECT_EQ(read("new/chain.pem"), chain);
}

TEST_F(AnsweredInPart, IsAskedForUntilTheRestCame) {
  EXPECT_EQ(ask(), 3);
  const auto came = read("new/certificate.pem");
  for (const auto waits : {CMCStatus::pending, CMCStatus::partial, CMCStatus::pending}) {
    then = waits;
    EXPECT_EQ(poll(), 3) << err.str();
    EXPECT_EQ(read("new/certificate.pem"), came);
  }
  then = CMCStatus::success;
  EXPECT_EQ(poll(), 0) << err.str();
}

TEST_F(AnsweredInPart, IsAskedForByTheSameWhereAnAnswerNamesItNotAgain) {
  EXPECT_EQ(ask(), 3);
  const auto asks_by = unwrap(read_pending_file(folder / "new/pending.json")).pend_info;
  names_token = false;
  for (const auto waits : {CMCStatus::pending, CMCStatus::partial}) {
    then = waits;
    EXPECT_EQ(poll(), 3) << err.str();
    EXPECT_EQ(unwrap(read_pending_file(folder / "new/pending.json")).pend_info, asks_by);
  }
  then = CMCStatus::success;
  EXPECT_EQ(poll(), 0) << err.str();
}

TEST_F(AnsweredInPart, StaysWhereTheRestIsRefused) {
  EXPECT_EQ(ask(), 3);
  then = CMCStatus::failed;
  EXPECT_EQ(poll(), 1);
  EXPECT_THAT(err.str(), HasSubstr("badRequest"));
  EXPECT_TRUE(has_key("new/certificate.pem", "new/key.pem"));
}

TEST_F(AnsweredInPart, MayComeWithTheRestButMustComeOnce) {
  first = CMCStatus::pending;
  EXPECT_EQ(ask(), 3);
  EXPECT_THAT(err.str(), HasSubstr("a person's decision"));
  EXPECT_FALSE(exists("new/certificate.pem"));
  EXPECT_EQ(poll(), 1) << "success, and no certificate ever";
  EXPECT_THAT(err.str(), HasSubstr("holds no certificate for our key"));
  brings_later = true;
  EXPECT_EQ(poll(), 0) << err.str();
  EXPECT_TRUE(has_key("new/certificate.pem", "new/key.pem"));
}

TEST_F(AnsweredInPart, IsWrittenByTheNextRunWhereItsOwnEndedBefore) {
  EXPECT_EQ(ask(), 3);
  const auto came = read("new/certificate.pem");
  const auto chain = read("new/chain.pem");
  for (const auto* lost : {"new/certificate.pem", "new/chain.pem"}) {
    ASSERT_TRUE(std::filesystem::remove(folder / lost));
  }
  EXPECT_EQ(poll(), 0) << err.str();
  EXPECT_EQ(read("new/certificate.pem"), came);
  EXPECT_EQ(read("new/chain.pem"), chain);
  EXPECT_TRUE(has_key("new/certificate.pem", "new/key.pem"));
}

TEST_F(AnsweredInPart, IsNotLostWhereThePollThatBroughtItCouldNotWriteIt) {
  first = CMCStatus::pending;
  EXPECT_EQ(ask(), 3);
  then = CMCStatus::partial;
  brings_later = true;
  std::filesystem::create_directory(folder / "new/certificate.pem");  // no file can be written
  EXPECT_EQ(poll(), 1);
  std::filesystem::remove(folder / "new/certificate.pem");
  brings_later = false;
  then = CMCStatus::pending;
  EXPECT_EQ(poll(), 3) << err.str();
  then = CMCStatus::success;
  EXPECT_EQ(poll(), 0) << err.str();
  EXPECT_TRUE(has_key("new/certificate.pem", "new/key.pem"));
}

TEST_F(AnsweredInPart, IsNoneOfAnotherKeyThatWhatAsksNames) {
  first = CMCStatus::pending;
  EXPECT_EQ(ask(), 3);
  const auto file = folder / "new/pending.json";
  auto pending = unwrap(read_pending_file(file));
  pending.has_certificate = true;
  pending.certificates = {certificate("alice.pem")};
  ASSERT_TRUE(keep_pending(pending, file).ok());
  EXPECT_EQ(poll(), 1);
  EXPECT_THAT(err.str(), HasSubstr("holds no certificate for our key"));
  EXPECT_FALSE(exists("new/certificate.pem"));
}

TEST_F(AnsweredInPart, IsAskedForByNothingThatNamesNoCertificatesWhereItSaysSo) {
  EXPECT_EQ(ask(), 3);
  auto object = nlohmann::json::parse(as_text(read("new/pending.json")));
  for (const auto& wrong : {nlohmann::json("none"), nlohmann::json(5), nlohmann::json::array()}) {
    object["certificates"] = wrong;
    write("new/pending.json", object.dump());
    EXPECT_EQ(poll(), 1) << wrong;
    EXPECT_THAT(err.str(), HasSubstr("new/pending.json"));
  }
  EXPECT_EQ(posted, 1);
}

TEST_F(AnsweredInPart, HasWhatAsksForTheRestBeforeItIsWritten) {
  std::filesystem::create_directories(folder / "new/certificate.pem");  // no file can be written
  EXPECT_EQ(ask(), 1);
  EXPECT_EQ(posted, 1) << err.str();
  EXPECT_TRUE(unwrap(read_pending_file(folder / "new/pending.json")).has_certificate);
}

TEST_F(AnsweredInPart, IsNoOlderOneOfTheSameKey) {
  std::filesystem::create_directory(folder / "new");
  write("new/certificate.pem", as_text(read("alice.pem")));
  first = CMCStatus::pending;
  EXPECT_EQ(ask({"--key-file", folder / "alice.key"}), 3) << err.str();
  EXPECT_EQ(poll(), 1);
  EXPECT_THAT(err.str(), HasSubstr("holds no certificate for our key"));
}

TEST_F(AnsweredInPart, IsNoOlderOneOfTheSameKeyWhereTheRunEndedBeforeItWasWritten) {
  EXPECT_EQ(ask(), 3) << err.str();
  const auto came = read("new/certificate.pem");
  auto tbs = certificate("new/certificate.pem").tbs.value;
  tbs.serial_number = asn1::Integer::from(4711);
  tbs.validity.not_before -= std::chrono::hours{1};
  const auto older = pkix::to_pem({test::TestAuthority::sign(std::move(tbs), authority.key())});
  write("new/certificate.pem", older);  // as it stood before
  then = CMCStatus::failed;
  EXPECT_EQ(poll(), 1);
  EXPECT_EQ(std::string(as_text(read("new/certificate.pem"))), older) << "a refusal writes nothing";
  then = CMCStatus::success;
  EXPECT_EQ(poll(), 0) << err.str();
  EXPECT_EQ(read("new/certificate.pem"), came);
}

TEST_F(AnsweredInPart, IsAskedForByAFileThatKeepsNoCertificate) {
  EXPECT_EQ(ask(), 3);
  const auto file = folder / "new/pending.json";
  const auto came = certificate("new/certificate.pem");
  auto pending = unwrap(read_pending_file(file));
  ASSERT_FALSE(pending.certificates.empty());
  EXPECT_EQ(pending.certificates.front(), came);
  pending.certificates.clear();  // as it was written once
  ASSERT_TRUE(keep_pending(pending, file).ok());
  EXPECT_THAT(std::string(as_text(read("new/pending.json"))), Not(HasSubstr("certificates")));
  EXPECT_EQ(poll(), 0) << err.str();
  EXPECT_EQ(certificate("new/certificate.pem"), came);
}

TEST_F(AnsweredInPart, IsLookedForInNoLoopOfLinks) {
  EXPECT_EQ(ask(), 3);
  const auto file = folder / "new/pending.json";
  auto pending = unwrap(read_pending_file(file));
  pending.certificates.clear();
  ASSERT_TRUE(keep_pending(pending, file).ok());
  std::filesystem::remove(folder / "new/certificate.pem");
  std::filesystem::create_symlink("certificate.pem", folder / "new/certificate.pem");
  EXPECT_EQ(poll(), 1);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("holds no certificate for our key"),
                               Not(HasSubstr("defect of signet"))));
}

TEST_F(AnsweredInPart, ThatWasSentByHandIsAskedForByPoll) {
  const std::vector<std::string> signer{"--signer", "@alice.pem", "--signer-key", "@alice.key"};
  const auto step = [&](std::vector<std::string> words) {
    words.insert(words.end(), signer.begin(), signer.end());
    return signet(words);
  };
  ASSERT_EQ(step({"request", "--subject", "CN=Alice,O=Test", "--output", "@new"}), 0);
  first = CMCStatus::pending;
  ASSERT_EQ(step({"send", "--url", "https://ca.test:8443", "--ca", "@ca.pem", "--in",
                  "@new/request.crq", "--out", "@new/response.crp"}),
            0)
      << err.str();
  const auto read_it = [&] {
    return signet({"read", "--in", "@new/response.crp", "--exchange", "@new/exchange.json", "--ca",
                   "@ca.pem", "--out-certificate", "@new/certificate.pem"});
  };
  EXPECT_EQ(read_it(), 3) << err.str();
  EXPECT_THAT(err.str(), HasSubstr("signet poll --output " + (folder / "new")));

  const auto file = folder / "new/pending.json";
  auto newer = unwrap(read_pending_file(file));
  newer.pend_info.pend_token = Bytes{0xEF};
  ASSERT_TRUE(keep_pending(newer, file).ok());
  EXPECT_EQ(read_it(), 3) << "once more, after a poll";
  brings_later = true;
  EXPECT_EQ(poll(), 0) << err.str();
  EXPECT_EQ(asked_for, Bytes{0xEF});
  EXPECT_TRUE(has_key("new/certificate.pem", "new/key.pem"));
}

TEST_F(AnsweredInPart, LeavesStandardOutputToTheCertificate) {
  const auto read_to = [&](const std::string& place, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{
        "read", "--in",    "@new/response.crp", "--exchange", "@new/exchange.json",
        "--ca", "@ca.pem", "--out-certificate", place};
    words.insert(words.end(), more.begin(), more.end());
    return signet(words);
  };
  EXPECT_EQ(ask(), 3);
  EXPECT_EQ(read_to("@other.pem"), 3) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("pending         abcd"));
  EXPECT_EQ(read_to("/dev/stdout"), 3) << err.str();
  EXPECT_EQ(out.str(), "");
  EXPECT_THAT(err.str(), HasSubstr("pending         abcd"));

  std::filesystem::remove_all(folder / "new");
  first = CMCStatus::pending;
  EXPECT_EQ(ask(), 3);
  for (const auto& more : {std::vector<std::string>{}, std::vector<std::string>{"--json"}}) {
    EXPECT_EQ(read_to("/dev/stdout", more), 3) << err.str();
    EXPECT_EQ(out.str(), "");
    EXPECT_THAT(err.str(), HasSubstr("abcd"));
  }
}

TEST_F(AnsweredInPart, IsNotLostByAnotherRequestInItsPlace) {
  EXPECT_EQ(ask(), 3);
  const auto waits = read("new/pending.json");
  const auto exchange = read("new/exchange.json");
  const std::vector<std::string> same_key{"--key-file", folder / "new/key.pem"};
  EXPECT_EQ(ask(same_key), 1);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("new/pending.json: an earlier request waits there"),
                               HasSubstr("signet poll --output " + (folder / "new"))));
  EXPECT_EQ(signet({"request", "--output", "@new", "--subject", "CN=Alice,O=Test", "--signer",
                    "@alice.pem", "--signer-key", "@alice.key", "--key-file", "@new/key.pem"}),
            1);
  EXPECT_THAT(err.str(), HasSubstr("an earlier request waits there"));
  EXPECT_EQ(posted, 1);
  EXPECT_EQ(read("new/pending.json"), waits);
  EXPECT_EQ(read("new/exchange.json"), exchange);

  EXPECT_EQ(poll(), 0) << err.str();
  ask(same_key);
  EXPECT_EQ(posted, 3) << "nothing waits any more: " << err.str();
}

TEST_F(AnsweredInPart, RelayTellsWhatIsLeftToDo) {
  ASSERT_EQ(signet({"request", "--subject", "CN=Alice,O=Test", "--output", "@one", "--signer",
                    "@alice.pem", "--signer-key", "@alice.key"}),
            0);
  const auto relay = [&] {
    return signet({"relay", "@one/request.crq", "--url", "https://ca.test:8443", "--ca", "@ca.pem",
                   "--signer", "@agent.pem", "--signer-key", "@agent.key"});
  };
  EXPECT_EQ(relay(), 3);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("later (partial)"), Not(HasSubstr("person"))));
  EXPECT_TRUE(std::filesystem::remove(folder / "one/request.relay.json"));
  first = CMCStatus::pending;
  EXPECT_EQ(relay(), 3);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("person"), Not(HasSubstr("partial"))));
}

}  // namespace
}  // namespace signet::tool
