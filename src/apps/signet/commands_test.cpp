#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/files/file.h"
#include "apps/signet/run.h"
#include "base/encoding.h"
#include "codec/cms/cms.h"
#include "crypto/private_key.h"
#include "support/commands_scene.h"

namespace signet::tool {
namespace {

using test::unwrap;
using ::testing::HasSubstr;
using ::testing::Not;

// ------------------------------------------------------------------------- enroll

TEST_F(Commands, EnrollWritesKeyCertificateAndChain) {
  ASSERT_EQ(enroll("agent", "CN=Carol,O=Test", "carol"), 0) << err.str();

  const auto issued = certificate("carol/certificate.pem");
  const auto key = unwrap(crypto::read_private_key(read("carol/key.pem"), SecretBytes{}));
  EXPECT_EQ(pkix::to_text(issued->subject), "CN=Carol,O=Test");
  EXPECT_EQ(issued->subject_public_key_info, key->public_key_info());
  EXPECT_EQ(certificate("carol/chain.pem"), authority.certificate());
  EXPECT_THAT(out.str(), HasSubstr("Certificate of CN=Carol,O=Test"));
}

TEST_F(Commands, EnrollKeepsTheKeyForItsOwnerOnly) {
  ASSERT_EQ(enroll("agent", "CN=Carol,O=Test", "carol"), 0) << err.str();
  struct stat status {};
  ASSERT_EQ(::stat((folder / "carol/key.pem").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(Commands, EnrollSendsAFullRequestByItsTypeToTheDefaultPath) {
  /* matrix: F06, F08, F13, F15 */
  ASSERT_EQ(enroll("agent", "CN=Carol,O=Test", "carol"), 0) << err.str();
  EXPECT_EQ(last_url, "https://ca.test:8443/cmc");
  EXPECT_THAT(last_content_type, HasSubstr("application/pkcs7-mime; smime-type=CMC-Request"));
}

TEST_F(Commands, EnrollKeepsTheMessageBinaryUnderItsExtension) {
  /* matrix: F01, F02, F03 */
  ASSERT_EQ(enroll("agent", "CN=Carol,O=Test", "carol"), 0) << err.str();
  EXPECT_TRUE(cms::read_content_info(read("carol/request.crq")).ok());
  EXPECT_TRUE(cms::read_content_info(read("carol/response.crp")).ok());
}

TEST_F(Commands, EnrollTellsJson) {
  ASSERT_EQ(enroll("agent", "CN=Carol,O=Test", "carol", {"--json"}), 0) << err.str();
  EXPECT_EQ(json()["ok"], true);
  EXPECT_EQ(json()["certificate"]["subject"], "CN=Carol,O=Test");
  EXPECT_EQ(json()["certificate"]["key"], "EC nistp256");
  EXPECT_EQ(json()["statuses"][0]["status"], "success");
  EXPECT_EQ(json()["files"]["key"], folder / "carol/key.pem");
}

TEST_F(Commands, EnrollWithCrmfAndRsaKey) {
  ASSERT_EQ(enroll("alice", "CN=Alice,O=Test", "alice-2", {"--form", "crmf", "--key", "rsa:2048"}),
            0)
      << err.str();
  EXPECT_EQ(pkix::to_text(certificate("alice-2/certificate.pem")->subject), "CN=Alice,O=Test");
}

TEST_F(Commands, EnrollWithABarePkcs10) {
  ASSERT_EQ(enroll("agent", "CN=printer,O=Test", "printer", {"--form", "simple"}), 0) << err.str();
  EXPECT_THAT(last_content_type, HasSubstr("application/pkcs10"));
  EXPECT_TRUE(exists("printer/request.p10"));
  EXPECT_TRUE(exists("printer/response.p7c"));
  EXPECT_TRUE(exists("printer/certificate.pem"));
}

TEST_F(Commands, EnrollWithAPkcs12Signer) {
  const auto p12 = unwrap(crypto::write_pkcs12(*authority.agent.key, {authority.agent.certificate},
                                               "agent", SecretBytes{std::string_view{"secret"}}));
  write("agent.p12", p12.text());
  write("passphrase", "secret\n");
  EXPECT_EQ(signet({"enroll", "--url", "https://ca.test:8443", "--ca", "@ca.pem", "--signer-p12",
                    "@agent.p12", "--passphrase-file", "@passphrase", "--subject",
                    "CN=Carol,O=Test", "--output", "@carol"}),
            0)
      << err.str();
}

TEST_F(Commands, EnrollWithWrongPassphraseSaysSo) {
  const auto p12 = unwrap(crypto::write_pkcs12(*authority.agent.key, {authority.agent.certificate},
                                               "agent", SecretBytes{std::string_view{"secret"}}));
  write("agent.p12", p12.text());
  write("passphrase", "other\n");
  EXPECT_EQ(signet({"enroll", "--url", "https://ca.test:8443", "--ca", "@ca.pem", "--signer-p12",
                    "@agent.p12", "--passphrase-file", "@passphrase", "--subject",
                    "CN=Carol,O=Test", "--output", "@carol", "--json"}),
            1);
  EXPECT_EQ(json()["error"]["fault"], "decryption_failed");
}

TEST_F(Commands, EnrollWithAnExistingKeyWritesNoKey) {
  ASSERT_EQ(enroll("agent", "CN=Carol,O=Test", "carol"), 0) << err.str();
  ASSERT_EQ(enroll("agent", "CN=Carol,O=Test", "again", {"--key-file", "@carol/key.pem"}), 0)
      << err.str();
  EXPECT_FALSE(exists("again/key.pem"));
  EXPECT_EQ(certificate("again/certificate.pem")->subject_public_key_info,
            certificate("carol/certificate.pem")->subject_public_key_info);
}

TEST_F(Commands, EnrollToFilesByName) {
  ASSERT_EQ(
      signet({"enroll", "--url", "https://ca.test:8443", "--ca", "@ca.pem", "--signer",
              "@agent.pem", "--signer-key", "@agent.key", "--subject", "CN=Carol,O=Test",
              "--out-key", "@c.key", "--out-certificate", "@c.pem", "--out-chain", "@c.chain"}),
      0)
      << err.str();
  EXPECT_TRUE(exists("c.key") && exists("c.pem") && exists("c.chain") && exists("c.crq"));
}

TEST_F(Commands, EnrollNeverWritesOverAKey) {
  ASSERT_EQ(enroll("agent", "CN=Carol,O=Test", "carol"), 0) << err.str();
  const auto key = read("carol/key.pem");
  EXPECT_EQ(enroll("agent", "CN=Carol,O=Test", "carol"), 1);
  EXPECT_EQ(read("carol/key.pem"), key);
  EXPECT_THAT(err.str(), HasSubstr("is not written over"));
  EXPECT_THAT(err.str(), Not(HasSubstr("disk")));
}

TEST_F(Commands, RefusalTellsStatusFailInfoAndNextStep) {
  EXPECT_EQ(enroll("alice", "CN=Bob,O=Test", "bob"), 1);
  EXPECT_THAT(err.str(), HasSubstr("failed, badIdentity"));
  EXPECT_THAT(err.str(), HasSubstr("--signer"));
  EXPECT_FALSE(exists("bob/certificate.pem"));
  EXPECT_EQ(out.str(), "");
}

TEST_F(Commands, RefusalInJson) {
  EXPECT_EQ(enroll("alice", "CN=Bob,O=Test", "bob", {"--json"}), 1);
  EXPECT_EQ(json()["ok"], false);
  EXPECT_EQ(json()["error"]["fault"], "refused");
  EXPECT_EQ(json()["error"]["failInfo"], "badIdentity");
  EXPECT_NE(json()["error"]["what_to_do"], "");
}

TEST_F(Commands, AnswerOfAnotherAuthorityIsNotTaken) {
  test::TestAuthority other;
  write("ca.pem", to_pem("CERTIFICATE", other.certificate().der));
  EXPECT_EQ(enroll("agent", "CN=Carol,O=Test", "carol", {"--json"}), 1);
  EXPECT_EQ(json()["error"]["fault"], "untrusted_signer");
  EXPECT_FALSE(exists("carol/certificate.pem"));
}

TEST_F(Commands, BrokenConnectionLosesNothingAndTheRetryIsTold) {
  broken_line = Error{Fault::directory_unreachable, "https://ca.test:8443/cmc: it was cut"};
  EXPECT_EQ(enroll("agent", "CN=Carol,O=Test", "carol"), 1);
  EXPECT_THAT(err.str(), HasSubstr("signet: https://ca.test:8443/cmc: it was cut"));
  EXPECT_THAT(err.str(), HasSubstr("signet send --url https://ca.test:8443"));
  EXPECT_THAT(err.str(), HasSubstr("signet read --in"));
  EXPECT_TRUE(exists("carol/key.pem") && exists("carol/request.crq") &&
              exists("carol/exchange.json"));

  broken_line.reset();
  EXPECT_EQ(signet({"send", "--url", "https://ca.test:8443", "--ca", "@ca.pem", "--signer",
                    "@agent.pem", "--signer-key", "@agent.key", "--in", "@carol/request.crq",
                    "--out", "@carol/response.crp"}),
            0)
      << err.str();
  EXPECT_EQ(signet({"read", "--in", "@carol/response.crp", "--exchange", "@carol/exchange.json",
                    "--ca", "@ca.pem", "--out-certificate", "@carol/certificate.pem"}),
            0)
      << err.str();
  EXPECT_EQ(pkix::to_text(certificate("carol/certificate.pem")->subject), "CN=Carol,O=Test");
}

TEST_F(Commands, AWrongAddressIsToldBeforeAKeyIsMade) {
  EXPECT_EQ(signet({"enroll", "--url", "localhost:8443", "--ca", "@ca.pem", "--signer",
                    "@agent.pem", "--signer-key", "@agent.key", "--output", "@carol"}),
            2);
  EXPECT_THAT(err.str(), HasSubstr("write https://host:port"));
  EXPECT_FALSE(exists("carol/key.pem") || exists("carol/request.crq"));
}

TEST_F(Commands, RetryIsToldInJsonAndQuotedForTheShell) {
  broken_line = Error{Fault::directory_unreachable, "the connection was cut"};
  EXPECT_EQ(enroll("agent", "CN=Carol,O=Test", "carol's folder", {"--json"}), 1);
  ASSERT_EQ(json()["error"]["retry"].size(), 2U);
  EXPECT_THAT(json()["error"]["retry"][0].get<std::string>(),
              HasSubstr("carol'\\''s folder/request.crq'"));
}

TEST_F(Commands, HttpAnswerWithoutMessageIsToldWithItsText) {
  other_reply = http::Reply{404, "text/plain", to_bytes(std::string_view{"no such path\r\n"})};
  EXPECT_EQ(enroll("agent", "CN=Carol,O=Test", "carol"), 1);
  EXPECT_THAT(err.str(), HasSubstr("HTTP 404 without a CMC message: no such path\n"));
  EXPECT_THAT(err.str(), HasSubstr("check --url and --path"));
  EXPECT_THAT(err.str(), Not(HasSubstr("Check --path")));
}

TEST_F(Commands, TextOfAServerCannotSteerTheTerminal) {
  other_reply = http::Reply{500, "text/plain", to_bytes(std::string_view{"\x1b[2Jhello"})};
  EXPECT_EQ(enroll("agent", "CN=Carol,O=Test", "carol"), 1);
  EXPECT_THAT(err.str(), Not(HasSubstr("\x1b")));
}

// ------------------------------------------------------------------------- request, send, read

TEST_F(Commands, RequestMakesFilesAndSendsNothing) {
  ASSERT_EQ(signet({"request", "--subject", "CN=Carol,O=Test", "--san", "DNS:carol.test",
                    "--output", "@carol", "--signer", "@agent.pem", "--signer-key", "@agent.key"}),
            0)
      << err.str();
  EXPECT_TRUE(exists("carol/key.pem") && exists("carol/request.crq") &&
              exists("carol/request.p10") && exists("carol/exchange.json"));
  EXPECT_EQ(last_url, "");
}

TEST_F(Commands, FullRequestWithoutSignerIsRefusedBeforeAnyFileIsMade) {
  EXPECT_EQ(signet({"request", "--subject", "CN=Carol,O=Test", "--output", "@carol"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("--signer"));
  EXPECT_FALSE(exists("carol/key.pem"));
}

TEST_F(Commands, SimpleRequestNeedsNoSigner) {
  ASSERT_EQ(signet({"request", "--form", "simple", "--subject", "CN=Carol,O=Test", "--output",
                    "@carol", "--json"}),
            0)
      << err.str();
  EXPECT_EQ(json()["files"]["message"], folder / "carol/request.p10");
}

TEST_F(Commands, ReadRefusesTheAnswerToAnotherRequest) {
  ASSERT_EQ(enroll("agent", "CN=Carol,O=Test", "carol"), 0) << err.str();
  ASSERT_EQ(enroll("agent", "CN=Dave,O=Test", "dave"), 0) << err.str();
  EXPECT_EQ(signet({"read", "--in", "@dave/response.crp", "--exchange", "@carol/exchange.json",
                    "--ca", "@ca.pem", "--out-certificate", "@wrong.pem", "--json"}),
            1);
  EXPECT_EQ(json()["error"]["fault"], "replayed");
  EXPECT_FALSE(exists("wrong.pem"));
}

TEST_F(Commands, SendTakesPem) {
  ASSERT_EQ(signet({"request", "--subject", "CN=Carol,O=Test", "--output", "@carol", "--signer",
                    "@agent.pem", "--signer-key", "@agent.key"}),
            0);
  write("request.pem", to_pem("CMS", read("carol/request.crq")));
  EXPECT_EQ(signet({"send", "--url", "https://ca.test:8443", "--ca", "@ca.pem", "--signer",
                    "@agent.pem", "--signer-key", "@agent.key", "--in", "@request.pem", "--out",
                    "@carol/response.crp"}),
            0)
      << err.str();
}

// ------------------------------------------------------------------------- called wrongly

TEST_F(Commands, WrongCallsEndWithStatusTwo) {
  EXPECT_EQ(signet({}), 2);
  EXPECT_EQ(signet({"unknown"}), 2);
  EXPECT_EQ(signet({"enroll"}), 2);
  EXPECT_EQ(signet({"enroll", "--nonsense"}), 2);
  EXPECT_EQ(signet({"request", "--subject", "CN=A", "--output", "@a", "--form", "paper"}), 2);
}

TEST_F(Commands, WrongCallInJson) {
  EXPECT_EQ(signet({"enroll", "--json"}), 2);
  EXPECT_EQ(json()["ok"], false);
  EXPECT_EQ(json()["error"]["fault"], "usage");
}

TEST_F(Commands, HelpAndVersionEndWithStatusZero) {
  EXPECT_EQ(signet({"--version"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("signet 0."));
  EXPECT_EQ(signet({"enroll", "--help"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("Example"));
}

TEST_F(Commands, HelpOfEnrollPutsItsOptionsUnderTheHeadingsOfItsPage) {
  EXPECT_EQ(signet({"enroll", "--help"}), 0);
  for (const auto* start :
       {"The server:\n  --url ", "Who signs:\n  --signer ", "By a shared secret:\n  --identity ",
        "What is asked for:\n  --subject ", "Where the results go:\n  --output "}) {
    EXPECT_THAT(out.str(), HasSubstr(start));
  }
}

TEST_F(Commands, TheToolSaysWhatItIsAndGivesItsExamplesToNoCommandBelow) {
  EXPECT_EQ(signet({"--help"}), 0);
  EXPECT_THAT(out.str(), HasSubstr("Certificates over CMC"));
  EXPECT_THAT(out.str(), HasSubstr("signet enroll --help"));
  EXPECT_THAT(out.str(), HasSubstr("Certificates:\n  enroll "));
  EXPECT_THAT(out.str(), HasSubstr("For who runs an authority:\n  ca "));
  EXPECT_THAT(out.str(), Not(HasSubstr("Subcommands:")));  // one that stands nowhere
  EXPECT_EQ(signet({"secret", "--help"}), 0);
  EXPECT_THAT(out.str(), Not(HasSubstr("enroll")));
}

TEST_F(Commands, WhoSignsIsAskedForWhereNobodySaysIt) {
  const std::vector<std::string> server{"--url", "https://ca.test:8443", "--ca", "@ca.pem"};
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"agent", "list"}, {"renew", "--output", "@new"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), server.begin(), server.end());
    EXPECT_EQ(signet(arguments), 2);
    EXPECT_THAT(err.str(), HasSubstr("--signer and --signer-key (or --signer-p12)"));
    EXPECT_THAT(err.str(), Not(HasSubstr("is a file")));
    EXPECT_THAT(err.str(), Not(HasSubstr("setting")));
  }
}

TEST_F(Commands, WrongNamesAreToldWithTheirOption) {
  EXPECT_EQ(enroll("agent", "not a name", "x"), 2);
  EXPECT_THAT(err.str(), HasSubstr("--subject"));
  EXPECT_EQ(enroll("agent", "CN=Carol", "y", {"--san", "carol.test"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("--san"));
}

TEST_F(Commands, MissingFileIsNamed) {
  EXPECT_EQ(signet({"inspect", "@nowhere"}), 1);
  EXPECT_THAT(err.str(), HasSubstr(folder / "nowhere"));
}

}  // namespace
}  // namespace signet::tool
