// `signet relay` with a whole authority at the other end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/cmc/pki_request.h"
#include "codec/pkix/oids.h"
#include "support/relay_scene.h"
#include "support/sample_extensions.h"

namespace signet::tool {
namespace {

using test::unwrap;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(Relay, BringsEachAnswerBesideItsMessageForWhoeverAskedToRead) {
  /* matrix: C76, C78, F03 */
  request("one");
  request("two");
  ASSERT_EQ(relay({"@one/request.crq", "@two/request.crq"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("granted         " + (folder / "one/request.crq") +
                                   " (answer: " + (folder / "one/request.crp") + ")\n"));
  EXPECT_THAT(err.str(), HasSubstr("signet read"));
  expect_reads("one", "CN=Alice,O=Test");
  expect_reads("two", "CN=Alice,O=Test");
}

TEST_F(Relay, TellsPrograms) {
  request("one");
  ASSERT_EQ(relay({"@one/request.crq", "--json"}), 0) << out.str();
  ASSERT_EQ(json()["messages"].size(), 1U);
  const auto message = json()["messages"][0];
  EXPECT_EQ(message["message"], folder / "one/request.crq");
  EXPECT_EQ(message["outcome"], "granted");
  EXPECT_EQ(message["answer"], folder / "one/request.crp");
  EXPECT_EQ(message["statuses"][0]["status"], "success");
}

TEST_F(Relay, PutsTheAnswersIntoAFolderThatItMakes) {
  request("one");
  ASSERT_EQ(relay({"@one/request.crq", "--out-dir", "@answers/today"}), 0) << err.str();
  EXPECT_TRUE(exists("answers/today/request.crp"));
  EXPECT_FALSE(exists("one/request.crp"));
}

TEST_F(Relay, SaysWhoAsksInThePlaceOfASecretThatTheAuthorityDoesNotKnow) {
  /* matrix: C83, C85, E144 */
  request_of_carol("carol");
  EXPECT_EQ(relay({"@carol/request.crq"}), 1);
  EXPECT_THAT(out.str(), HasSubstr("badIdentity"));
  ASSERT_EQ(relay({"@carol/request.crq", "--saw-identity"}), 0) << out.str() << err.str();
  expect_reads("carol", "CN=Carol,O=Test");
}

TEST_F(Relay, GivesTheNamesThatItWasToldAndLeavesTheMessageAsItWas) {
  /* matrix: C28, E152 */
  request_of_carol("carol");
  const auto message = read("carol/request.crq");
  ASSERT_EQ(relay({"@carol/request.crq", "--saw-identity", "--subject", "CN=Carol,OU=Sales,O=Test",
                   "--san", "email:carol@example.test"}),
            0)
      << out.str() << err.str();
  EXPECT_EQ(read("carol/request.crq"), message);
  expect_reads("carol", "CN=Carol,OU=Sales,O=Test");
  const auto issued = certificate("carol/certificate.pem");
  const auto* names = pkix::find_extension(issued->extensions, pkix::oid::kSubjectAltName);
  ASSERT_NE(names, nullptr);
  EXPECT_EQ(unwrap(pkix::read_alternative_name(names->extn_value)),
            pkix::GeneralNames{pkix::Rfc822Name{"carol@example.test"}});
}

TEST_F(Relay, LeavesOutWhatTheRequestAsksForInVain) {
  /* matrix: C28 */
  const auto has_names = [&](const std::vector<std::string>& more) {
    std::filesystem::remove_all(folder / "carol");
    request_of_carol("carol", {"--san", "DNS:carol.test"});
    std::vector<std::string> words{"@carol/request.crq", "--saw-identity"};
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(relay(words), 0) << out.str() << err.str();
    expect_reads("carol", "CN=Carol,O=Test");
    return pkix::find_extension(certificate("carol/certificate.pem")->extensions,
                                pkix::oid::kSubjectAltName) != nullptr;
  };
  EXPECT_TRUE(has_names({}));
  EXPECT_FALSE(has_names({"--leave-out", "2.5.29.17", "--leave-out", "2.5.29.17"}));
}

TEST_F(Relay, OneRefusedAmongThreeHoldsUpNoOther) {
  for (const auto* each : {"one", "two", "three"}) request(each);
  spoil("two/request.crq");
  EXPECT_EQ(relay({"@one/request.crq", "@two/request.crq", "@three/request.crq"}), 1);
  EXPECT_THAT(out.str(), HasSubstr("refused         " + (folder / "two/request.crq") +
                                   ": failed, badMessageCheck"));
  EXPECT_THAT(err.str(), HasSubstr("signet: 1 of 3 messages was not granted"));
  EXPECT_TRUE(exists("two/request.crp")) << "the refusal is for whoever asked to read";
  expect_reads("one", "CN=Alice,O=Test");
  expect_reads("three", "CN=Alice,O=Test");
}

TEST_F(Relay, TellsProgramsWhatWasRefused) {
  request("one");
  spoil("one/request.crq");
  EXPECT_EQ(relay({"@one/request.crq", "--json"}), 1);
  EXPECT_EQ(json()["error"]["fault"], "refused");
  const auto message = json()["error"]["messages"][0];
  EXPECT_EQ(message["outcome"], "refused");
  EXPECT_EQ(message["statuses"][0]["failInfo"], "badMessageCheck");
}

TEST_F(Relay, IsRefusedToWhoIsNoAgent) {
  request("one");
  EXPECT_EQ(relay({"@one/request.crq"}, "alice"), 1);
  EXPECT_THAT(err.str(), HasSubstr("The authority says: failed"));
  EXPECT_THAT(err.str(), HasSubstr("id-kp-cmcRA"));
  EXPECT_FALSE(exists("one/request.crp"));
}

TEST_F(Relay, OfABarePkcs10IsRefusedBeforeAnythingIsSent) {
  request("one");
  EXPECT_EQ(relay({"@one/request.crq", "@one/request.p10", "--out-dir", "@answers"}), 2)
      << "one answer for two";
  EXPECT_EQ(relay({"@one/request.p10"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("one/request.p10: a bare PKCS#10"));
  EXPECT_THAT(err.str(), HasSubstr("`signet request`"));
  EXPECT_THAT(err.str(), Not(HasSubstr("inspect")));
  EXPECT_EQ(last_url, "");
  EXPECT_FALSE(exists("answers"));
}

TEST_F(Relay, OfWhatIsNoMessageNamesTheFile) {
  request("one");
  EXPECT_EQ(relay({"@one/request.crq", "@ca.pem"}), 1);
  EXPECT_THAT(err.str(), HasSubstr(folder / "ca.pem: "));
  EXPECT_EQ(relay({"@nowhere.crq"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("No such file"));
  EXPECT_EQ(relay({"/dev/null"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("give --out-dir"));
  EXPECT_EQ(last_url, "");
}

// ------------------------------------------------------------ extensions

TEST_F(Relay, AddsExtensionsInThePlaceOfTheRequestsOwn) {
  /* matrix: C30 */
  request_of_carol("carol", {"--san", "DNS:carol.test"});
  // SEQUENCE { [2] "desk.test" }
  ASSERT_EQ(relay({"@carol/request.crq", "--saw-identity", "--add-extension",
                   "2.5.29.17=300b82096465736b2e74657374"}),
            0)
      << out.str() << err.str();
  expect_reads("carol", "CN=Carol,O=Test");
  const auto issued = certificate("carol/certificate.pem");
  const auto* names = pkix::find_extension(issued->extensions, pkix::oid::kSubjectAltName);
  ASSERT_NE(names, nullptr);
  EXPECT_EQ(unwrap(pkix::read_alternative_name(names->extn_value)),
            pkix::GeneralNames{pkix::DnsName{"desk.test"}});
}

// ------------------------------------------------------------ through the desk alone

TEST_F(Relay, AKeyThatOnlyDecryptsAnswersItsChallengeThroughTheDesk) {
  /* matrix: C42, C45 */
  ASSERT_EQ(signet({"request", "--through-ra", "--subject", "CN=Dave,O=Test", "--output", "@dave",
                    "--key-usage", "encryption", "--key", "rsa:2048"}),
            0)
      << err.str();
  ASSERT_EQ(relay({"@dave/request.crq", "--saw-identity"}), 1);
  EXPECT_THAT(out.str(), HasSubstr("must prove"));
  const std::vector<std::string> answer{"answer",
                                        "--in",
                                        "@dave/request.crp",
                                        "--exchange",
                                        "@dave/exchange.json",
                                        "--ca",
                                        "@ca.pem",
                                        "--key-file",
                                        "@dave/key.pem",
                                        "--out",
                                        "@dave/answer.crq",
                                        "--out-exchange",
                                        "@dave/answer.json"};
  EXPECT_EQ(signet(answer), 2) << "nothing says who asks";
  auto through_ra = answer;
  through_ra.emplace_back("--through-ra");
  ASSERT_EQ(signet(through_ra), 0) << err.str();
  ASSERT_EQ(relay({"@dave/answer.crq", "--saw-identity"}), 0) << out.str() << err.str();
  ASSERT_EQ(signet({"read", "--in", "@dave/answer.crp", "--exchange", "@dave/answer.json", "--ca",
                    "@ca.pem", "--out-certificate", "@dave/certificate.pem"}),
            0)
      << err.str();
  EXPECT_EQ(pkix::to_text(certificate("dave/certificate.pem")->subject), "CN=Dave,O=Test");
}

// ------------------------------------------------------------ answers in answers

/// A registration authority that answers for itself, with the authority's answer in its own.
class AnswerInAnAnswer : public Relay {
 protected:
  test::Holder registration_authority() {
    auto ra = authority.enroll("CN=RA,O=Test");
    auto tbs = ra.certificate.tbs.value;
    tbs.serial_number = asn1::Integer::from(4711);
    std::erase_if(tbs.extensions, [](const pkix::Extension& each) {
      return each.extn_id == pkix::oid::kExtendedKeyUsage;
    });
    tbs.extensions.push_back(test::purpose(pkix::oid::kCmcRA));
    ra.certificate = test::TestAuthority::sign(std::move(tbs), authority.key());
    return ra;
  }
  /// Around the answer in this file, and tied to the message of which it is one.
  void wrap(const std::string& answer, const std::string& request) {
    const auto message = unwrap(cmc::read_pki_request(read(request)));
    const auto copied = [&](std::uint32_t id, const asn1::Oid& from, const asn1::Oid& to) {
      const auto* found = cmc::find_control(cmc::controls_of(message), from);
      return test::control(id, to, found->attr_values.front());
    };
    cmc::PKIResponse response;
    response.control_sequence = {
        copied(11, cmc::oid::kTransactionId, cmc::oid::kTransactionId),
        copied(12, cmc::oid::kSenderNonce, cmc::oid::kRecipientNonce),
        test::control(13, cmc::oid::kResponseBody,
                      cmc::write_body_part_list_value({cmc::BodyPartID{1}}))};
    response.cms_sequence = {{cmc::BodyPartID{1}, unwrap(cms::read_content_info(read(answer)))}};
    const auto ra = registration_authority();
    const auto made = test::SignedMessage{.content = cmc::write_pki_response(response),
                                          .content_type = cmc::oid::kPKIResponse,
                                          .signers = {test::signed_by({ra.key, ra.certificate})},
                                          .certificates = {ra.certificate.der}};
    write(answer, as_text(made.encode()));
  }
};

TEST_F(AnswerInAnAnswer, IsReadWithTheOneAroundIt) {
  /* matrix: C87, E147 */
  request("one");
  ASSERT_EQ(relay({"@one/request.crq"}), 0) << err.str();
  wrap("one/request.crp", "one/request.crq");
  expect_reads("one", "CN=Alice,O=Test");
}

TEST_F(AnswerInAnAnswer, ThatRefusesRefuses) {
  request("one");
  spoil("one/request.crq");
  ASSERT_EQ(relay({"@one/request.crq"}), 1);
  wrap("one/request.crp", "one/request.crq");
  EXPECT_EQ(signet({"read", "--in", "@one/request.crp", "--exchange", "@one/exchange.json", "--ca",
                    "@ca.pem", "--out-certificate", "@one/certificate.pem"}),
            1);
  EXPECT_THAT(err.str(), HasSubstr("badMessageCheck"));
  EXPECT_FALSE(exists("one/certificate.pem"));
}

}  // namespace
}  // namespace signet::tool
