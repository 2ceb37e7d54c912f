// What the tools say to whom something goes wrong, and to whom keeps keys in a token.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "support/dogtag_tools.h"

namespace signet::dogtag {
namespace {

using test::unwrap;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// ------------------------------------------------------------ keys in tokens

/// As Tools, and a token "one" (PIN 1234) with a certificate "hsmuser".
class ToolsWithToken : public Tools {
 protected:
  ToolsWithToken() { add_certificate(*test::SoftHsm::open(), "hsmuser"); }
  test::SoftHsm hsm;
};

TEST_F(ToolsWithToken, TrustTheDatabaseWhateverTokenIsNamed) {
  request("alice");
  const auto token = "tokenname=one\npassword=1234\n";
  EXPECT_EQ(configured("HttpClient", of_submission(token)), kDone) << err.str();
  EXPECT_THAT(anchors, HasSubstr("BEGIN CERTIFICATE"));

  database.tool("certutil -M -n signer -t ,,");
  EXPECT_EQ(configured("HttpClient", of_submission(token)), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("trusts no authority for TLS servers"));
}

TEST_F(ToolsWithToken, KnowNicknamesAsCertutilPrintsThem) {
  request("alice");
  for (const std::string named : {"tokenname=one\nnickname=one:hsmuser\n", "nickname=one:hsmuser\n",
                                  "tokenname=internal\nnickname=one:hsmuser\n"}) {
    EXPECT_EQ(configured("CMCRequest", of_request("password=1234\n" + named)), kDone)
        << named << err.str();
  }
  EXPECT_EQ(configured("CMCRequest", of_request("nickname=NSS Certificate DB:signer\n")), kDone)
      << err.str();
}

TEST_F(ToolsWithToken, TakeANicknameWithAColonAsItStandsInTheDatabase) {
  request("alice");
  add_certificate(*database.open(), "one:hsmuser");
  EXPECT_EQ(configured("CMCRequest", of_request("nickname=one:hsmuser\n")), kDone) << err.str();
}

TEST_F(ToolsWithToken, SendTheIssuersThatStandInTheDatabase) {
  request("alice");
  const auto token = test::SoftHsm::open();
  const auto key = unwrap(token->generate_key("ec:p256", "below"));
  const auto root = unwrap(database.open()->certificates("signer")).front().certificate;
  const auto root_key = unwrap(database.open()->find_key_of(root->subject_public_key_info));
  const auto below = unwrap(
      issuance::make_authority_certificate({.subject = unwrap(pkix::name_from_text("CN=below")),
                                            .key = key->public_key_info(),
                                            .validity = root->validity},
                                           root, *root_key, crypto::system_random()));
  ASSERT_TRUE(token->store_certificate(below, "below").ok());
  ASSERT_EQ(configured("CMCRequest", of_request("password=1234\ntokenname=one\nnickname=below\n")),
            kDone)
      << err.str();
  const auto info = unwrap(cms::read_content_info(unwrap(files::read_file(database / "cmc.req"))));
  EXPECT_EQ(unwrap(cms::read_signed_data(info.content)).certificates.size(), 2U);
}

TEST_F(ToolsWithToken, SayWhereATokenAndAKeyAreToBeNamed) {
  const auto key_id = request("alice", {"-y", "true"});
  const std::string self = "request.useSharedSecret=true\nrequest.privKeyId=" + key_id + "\n";
  EXPECT_EQ(configured("CMCRequest", of_request(self + "tokenname=one\npassword=1234\n")), kFailed);
  EXPECT_THAT(err.str(),
              AllOf(HasSubstr("error getting private key " + key_id),
                    HasSubstr("where another token holds it, name that one: tokenname=")));

  EXPECT_EQ(configured("CMCRequest", of_request("nickname=two:hsmuser\n")), kFailed);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("token \"two\" is not there"), HasSubstr("p11-kit"),
                               HasSubstr("has no certificate of that nickname")));

  EXPECT_EQ(
      configured("CMCRequest", of_request("tokenname=one\npassword=1234\nnickname=two:hsmuser\n")),
      kFailed);
  EXPECT_THAT(err.str(), HasSubstr("a certificate of another token wants tokenname=two"));
}

TEST_F(ToolsWithToken, SayWhichPlaceHasNoSuchCertificate) {
  request("alice");
  EXPECT_EQ(configured("CMCRequest", of_request("password=1234\nnickname=one:signer\n")), kFailed);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("in token \"one\" there are: hsmuser"),
                               HasSubstr("the NSS database has 'signer'")));
  EXPECT_EQ(configured("CMCRequest", of_request("password=1234\nnickname=one:nobody\n")), kFailed);
  EXPECT_THAT(err.str(), Not(HasSubstr("the NSS database has")));

  hsm.add_token("two");
  EXPECT_EQ(configured("CMCRequest", of_request("password=1234\nnickname=two:signer\n")), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("token \"two\" holds none at all; the NSS database has"));
}

// ------------------------------------------------------------ databases

TEST_F(Tools, ReadTrustWithoutThePassword) {
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = cmc::CMCStatus::success;
  status.body_list = {cmc::BodyPartID{1}};
  write_answer({status_control(status)});
  EXPECT_EQ(call("CMCResponse", {"-d", database.path(), "-i", database / "answer"}), kDone);
  EXPECT_THAT(out.str(), HasSubstr("Signer: trusted by the database\n"));
  EXPECT_EQ(err.str(), "");
}

TEST_F(Tools, AskForAPasswordThatWasNotGiven) {
  EXPECT_EQ(call("PKCS10Client", {"-d", database.path(), "-n", "CN=a", "-o", database / "a"}),
            kFailed);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("is protected by a password: give it with -p, or its file "
                                         "with -P"),
                               Not(HasSubstr("refuses"))));
  request("alice");
  EXPECT_EQ(configured("CMCRequest", of_request("password=\nnickname=signer\n")), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("write password="));
}

TEST_F(Tools, SayThatOldDatabasesAreNotRead) {
  EXPECT_EQ(call("PKCS10Client", {"-d", "dbm:db", "-n", "CN=a", "-o", database / "a"}), kFailed);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("--upgrade-merge"), Not(HasSubstr("sql:dbm:"))));
}

TEST_F(Tools, ExplainThemselves) {
  for (const auto* tool : {"PKCS10Client", "CRMFPopClient", "CMCRequest", "CMCResponse",
                           "HttpClient", "CMCRevoke", "CMCSharedToken", "CMCEnroll"}) {
    const auto status = std::string(tool) == "CMCResponse" ? kFailed : kDone;  // as Dogtag's
    EXPECT_EQ(call(tool, {"--help"}), status) << tool;
    EXPECT_THAT(out.str(), HasSubstr(std::string("Usage: ") + tool));
    EXPECT_EQ(err.str(), "");
    EXPECT_EQ(call(tool, {"-d", "nowhere", "--help"}), status) << tool;
    EXPECT_THAT(out.str(), HasSubstr(std::string("Usage: ") + tool));
  }
}

// ------------------------------------------------------------ CMCRequest and what it takes

TEST_F(Tools, WarnOfASwitchThatIsNeitherTrueNorFalse) {
  request("alice", {"-y", "yes"});
  EXPECT_THAT(err.str(), HasSubstr("-y yes is neither true nor false; it counts as false"));
  request("bob", {"-y", "False", "-k", "TRUE"});
  EXPECT_EQ(err.str(), "");
}

TEST_F(Tools, SayHowTheKeyIdentifierComesIntoARequest) {
  const auto key_id = request("alice");
  EXPECT_EQ(
      configured("CMCRequest",
                 of_request("request.useSharedSecret=true\nrequest.privKeyId=" + key_id + "\n")),
      kFailed);
  EXPECT_THAT(err.str(), HasSubstr("PKCS10Client -y true or CRMFPopClient -y"));
}

TEST_F(Tools, NameTheRequestThatHasAnotherKey) {
  const auto key_id = request("alice");
  request("bob");
  EXPECT_EQ(
      configured("CMCRequest",
                 of_request("nickname=signer\nwitness.sharedSecret=s\nrequest.privKeyId=" + key_id +
                            "\npopLinkWitnessV2.enable=true\ninput=" + (database / "alice") + " " +
                            (database / "bob") + "\n")),
      kFailed);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("/bob: the private key is not that of the request"),
                               HasSubstr("the one key of request.privKeyId")));
}

TEST_F(Tools, SayThatOaepHasNoEffect) {
  request("alice");
  EXPECT_EQ(configured("CMCRequest", of_request("nickname=signer\noaep=true\n")), kDone);
  EXPECT_THAT(err.str(), HasSubstr("oaep=true has no effect"));
}

TEST_F(Tools, SayWhatEachDoesWithARequestOfTheOtherForm) {
  const Arguments of_crmf{"-d", database.path(), "-p", "secret",          "-a", "ec",
                          "-n", "CN=alice",      "-o", database / "alice"};
  ASSERT_EQ(call("CRMFPopClient", of_crmf), kDone) << err.str();
  EXPECT_EQ(configured("CMCRequest", of_request("nickname=signer\n")), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("holds a CRMF request: write format=crmf"));
  EXPECT_EQ(call("CMCEnroll",
                 {"-d", database.path(), "-p", "secret", "-n", "signer", "-r", database / "alice"}),
            kFailed);
  EXPECT_THAT(err.str(),
              HasSubstr("holds a CRMF request: CMCEnroll takes PKCS#10 alone; CMCRequest "
                        "takes it, with format=crmf"));
}

// ------------------------------------------------------------ CMCResponse and its files

TEST_F(Tools, SayWhatAFileIsThatIsNoAnswer) {
  request("alice");
  ASSERT_EQ(configured("CMCRequest", of_request("nickname=signer\n")), kDone) << err.str();
  ASSERT_EQ(call("CRMFPopClient", {"-d", database.path(), "-p", "secret", "-a", "ec", "-n", "CN=c",
                                   "-o", database / "crmf"}),
            kDone);
  test::write_text(database / "pem", database.output_of("certutil -L -a -n signer"));
  const std::pair<std::string, std::string> kinds[] = {{"alice", "a PKCS#10 request"},
                                                       {"crmf", "a CRMF request"},
                                                       {"pem", "a certificate"},
                                                       {"cmc.req", "a message to the authority"}};
  for (const auto& [name, kind] : kinds) {
    EXPECT_EQ(call("CMCResponse", {"-i", database / name}), kFailed);
    EXPECT_THAT(err.str(), HasSubstr(name + " is " + kind));
    EXPECT_EQ(
        configured("CMCRequest", of_request("nickname=signer\ndecryptedPop.enable=true\n"
                                            "request.privKeyId=1\ndecryptedPopRequestFile=never\n"
                                            "encryptedPopResponseFile=" +
                                            (database / name) + "\n")),
        kFailed);
    EXPECT_THAT(err.str(), HasSubstr(name + " is " + kind));
  }
}

TEST_F(Tools, TellByWhatAWaitingRequestIsAskedFor) {
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = cmc::CMCStatus::pending;
  status.body_list = {cmc::BodyPartID{1}};
  status.other_info = cmc::PendInfo{Bytes{0x00, 0xFF, '7'}, SystemClock().now()};
  write_answer(
      {status_control(status),
       {{2}, cmc::oid::kTransactionId, {cmc::write_integer_value(asn1::Integer::from(255))}}});
  EXPECT_EQ(call("CMCResponse", {"-i", database / "answer"}), kFailed);
  EXPECT_THAT(out.str(), AllOf(HasSubstr("   Pending request id: 0x00ff37\n"),
                               HasSubstr("   INTEGER: 255\n")));
  EXPECT_THAT(err.str(), AllOf(HasSubstr("  queryPending.id=0x00ff37\n"),
                               HasSubstr("  transactionMgt.id=0xff\n")));

  ASSERT_EQ(configured("CMCRequest",
                       of_request("numRequests=0\nnickname=signer\nqueryPending.enable=true\n"
                                  "queryPending.id=0x00ff37\ntransactionMgt.enable=true\n"
                                  "transactionMgt.id=0xff\n")),
            kDone)
      << err.str();
  const auto info = unwrap(cms::read_content_info(unwrap(files::read_file(database / "cmc.req"))));
  const auto signed_data = unwrap(cms::read_signed_data(info.content));
  const auto data = unwrap(cmc::read_pki_data(*signed_data.encap_content_info.e_content));
  const auto value = [&](const asn1::Oid& type) {
    return cmc::find_control(data.control_sequence, type)->attr_values.front();
  };
  EXPECT_EQ(unwrap(cmc::read_octets_value(value(cmc::oid::kQueryPending))),
            (Bytes{0x00, 0xFF, '7'}));
  EXPECT_EQ(unwrap(cmc::read_integer_value(value(cmc::oid::kTransactionId))),
            asn1::Integer::from(255));
}

// ------------------------------------------------------------ PKCS10Client, CRMFPopClient

TEST_F(Tools, MakeNoKeyWhoseRequestHasNoPlace) {
  const auto keys = [&] { return database.output_of("certutil -K"); };
  const auto before = keys();
  for (const auto* tool : {"PKCS10Client", "CRMFPopClient"}) {
    for (const auto& place : {database / "nowhere/a", database.path()}) {
      EXPECT_EQ(call(tool, {"-d", database.path(), "-p", "secret", "-a", "ec", "-n", "CN=a", "-o",
                            place}),
                kFailed);
      EXPECT_THAT(err.str(), HasSubstr("-o " + place + " cannot be written"));
    }
  }
  EXPECT_EQ(keys(), before);
}

// ------------------------------------------------------------ HttpClient

TEST_F(Tools, SendNothingWhoseAnswerHasNoPlace) {
  request("alice");
  for (const auto& place : {database / "nowhere/answer", database.path()}) {
    EXPECT_EQ(configured("HttpClient", of_submission("output=" + place + "\n")), kFailed);
    EXPECT_THAT(err.str(), HasSubstr("output=" + place + " cannot be written"));
  }
  EXPECT_EQ(posted, 0);
  EXPECT_EQ(configured("HttpClient", of_submission("")), kDone) << err.str();
  EXPECT_EQ(posted, 1);
}

TEST_F(Tools, AskForSecureWherePlainHttpGetsNoAnswer) {
  request("alice");
  reply = Error{Fault::busy, "cut"};
  EXPECT_EQ(configured("HttpClient", of_submission("secure=false\n")), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("cut; for a port with TLS write secure=true"));
  configured("HttpClient", of_submission(""));
  EXPECT_THAT(err.str(), Not(HasSubstr("secure=true")));
}

TEST_F(Tools, ShowAServersTextInOneLine) {
  request("alice");
  reply = http::Reply{404, "text/plain", to_bytes("nothing\nthere.\r\n")};
  EXPECT_EQ(configured("HttpClient", of_submission("")), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("answered HTTP 404: nothing?there.\n"));
}

TEST_F(Tools, WarnOfWhatTheServerDoesNotRead) {
  request("alice");
  configured("HttpClient", of_submission("servlet=/submit?requestor_email=a@b&profileID=x\n"));
  EXPECT_THAT(err.str(), AllOf(HasSubstr("'requestor_email' has no effect: Signet's server"),
                               HasSubstr("'profileID' has no effect; do you mean 'profileId'?")));
  EXPECT_EQ(posted_to, "https://ca.test:8443/submit?requestor_email=a@b&profileID=x");
  configured("HttpClient", of_submission("servlet=/submit?profileId=x\n"));
  EXPECT_THAT(err.str(), Not(HasSubstr("profileId")));
}

}  // namespace
}  // namespace signet::dogtag
