// `signet relay` where the authority answers a batch in parts (RFC 10002 §6.17).
#include <gmock/gmock.h>

#include <algorithm>

#include "apps/enrollment/relay_files.h"
#include "client/encryption.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/pki_request.h"
#include "support/relay_scene.h"
#include "support/reseal.h"
#include "support/test_ca.h"

namespace signet::tool {
namespace {

using cmc::CMCStatus;
using test::unwrap;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// An authority that gives one answer of a batch at a time.
class RelayInPart : public Relay {
 protected:
  RelayInPart() {
    whole = surroundings.post;
    surroundings.post = [this](http::TransportSettings settings, const std::string& url,
                               const std::string& type, ByteView body) -> Result<http::Reply> {
      ++posted;
      const auto request = unwrap(cmc::read_pki_request(body));
      const auto& controls = cmc::controls_of(request);
      if (const auto* query = cmc::find_control(controls, cmc::oid::kQueryPending)) {
        asked_for = unwrap(cmc::read_octets_value(query->attr_values.front()));
        if (refuses) return reply(outer(controls, {}, CMCStatus::failed));
      } else {
        const auto answer = unwrap(whole(std::move(settings), url, type, body)).body;
        const auto content = test::signed_data_of(answer).encap_content_info.e_content;
        to_give = unwrap(cmc::read_pki_response(*content)).cms_sequence;
        std::reverse(to_give.begin(), to_give.end());
        transaction = cmc::find_control(controls, cmc::oid::kTransactionId)->attr_values;
      }
      EXPECT_EQ(cmc::find_control(controls, cmc::oid::kTransactionId)->attr_values, transaction);
      if (gives_nothing) return reply(outer(controls, {}, CMCStatus::partial));
      auto next = std::move(to_give.back());
      to_give.pop_back();
      const auto status = to_give.empty() ? CMCStatus::success : CMCStatus::partial;
      return reply(outer(controls, {std::move(next)}, status));
    };
  }
  static http::Reply reply(Bytes octets) {
    return {200, "application/pkcs7-mime", std::move(octets)};
  }
  [[nodiscard]] Bytes outer(const std::vector<cmc::TaggedAttribute>& asked,
                            std::vector<cmc::TaggedContentInfo> answers, CMCStatus word) const {
    cmc::CMCStatusInfoV2 status{word, {cmc::kThisPKIData}, {}, {}};
    if (word == CMCStatus::failed) status.other_info = cmc::CMCFailInfo::badRequest;
    if (word == CMCStatus::partial && names_token) {
      const auto left = static_cast<std::uint8_t>(to_give.size());
      status.other_info = cmc::PendInfo{Bytes{0xAB, left}, authority.clock.now()};
    }
    cmc::BodyPartList ids;
    for (const auto& answer : answers) ids.push_back(answer.body_part_id);
    const auto value_of = [&](const asn1::Oid& type) {
      return cmc::find_control(asked, type)->attr_values.front();
    };
    cmc::PKIResponse response;
    response.control_sequence = {
        test::control(1001, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status)),
        test::control(1002, cmc::oid::kTransactionId, value_of(cmc::oid::kTransactionId)),
        test::control(1003, cmc::oid::kRecipientNonce, value_of(cmc::oid::kSenderNonce)),
        test::control(1004, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, 7)))};
    if (!ids.empty()) {
      response.control_sequence.push_back(
          test::control(1005, cmc::oid::kBatchResponses, cmc::write_body_part_list_value(ids)));
    }
    response.cms_sequence = std::move(answers);
    const test::SignedMessage message{
        .content = cmc::write_pki_response(response),
        .content_type = cmc::oid::kPKIResponse,
        .signers = {test::signed_by({authority.estate().key, authority.certificate()})},
        .certificates = {authority.certificate().der}};
    return message.encode();
  }
  int ask(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"--rest", "@one/request.relay.json"});
    return relay(more);
  }

  decltype(Surroundings::post) whole;
  std::vector<cmc::TaggedContentInfo> to_give;
  std::vector<Bytes> transaction;
  Bytes asked_for;
  bool names_token = true;
  bool gives_nothing = false;
  bool refuses = false;
  int posted = 0;
};

TEST_F(RelayInPart, AsksForTheRestUntilAllIsAnswered) {
  /* matrix: E137, C64 */
  for (const auto* each : {"one", "two", "three"}) request(each);
  EXPECT_EQ(relay({"@one/request.crq", "@two/request.crq", "@three/request.crq"}), 3) << out.str();
  EXPECT_THAT(err.str(),
              AllOf(HasSubstr("later (partial)"), Not(HasSubstr("person")),
                    HasSubstr("signet relay --rest " + (folder / "one/request.relay.json"))));
  EXPECT_TRUE(exists("one/request.crp"));
  EXPECT_FALSE(exists("two/request.crp"));

  EXPECT_EQ(ask(), 3) << err.str();
  EXPECT_EQ(asked_for, (Bytes{0xAB, 2}));
  EXPECT_THAT(out.str(), AllOf(HasSubstr("granted         " + (folder / "two/request.crq")),
                               HasSubstr("pending         " + (folder / "three/request.crq")),
                               Not(HasSubstr("one/request"))));
  EXPECT_EQ(ask(), 0) << err.str();
  EXPECT_EQ(asked_for, (Bytes{0xAB, 1}));
  EXPECT_FALSE(exists("one/request.relay.json"));
  for (const auto* each : {"one", "two", "three"}) expect_reads(each, "CN=Alice,O=Test");
}

TEST_F(RelayInPart, TellsPrograms) {
  request("one");
  request("two");
  EXPECT_EQ(relay({"@one/request.crq", "@two/request.crq", "--json"}), 3);
  EXPECT_EQ(json()["pending"], true);
  EXPECT_EQ(json()["rest"]["pend_token"], "ab01");
  EXPECT_EQ(json()["rest"]["file"], folder / "one/request.relay.json");
  EXPECT_EQ(json()["messages"][1]["outcome"], "pending");
  EXPECT_EQ(ask({"--json"}), 0);
  EXPECT_FALSE(json().contains("rest"));
  EXPECT_EQ(json()["messages"].size(), 1U);
}

TEST_F(RelayInPart, AsksAgainByWhatItHasWhereNothingNewIsNamed) {
  request("one");
  request("two");
  EXPECT_EQ(relay({"@one/request.crq", "@two/request.crq"}), 3);
  names_token = false;
  gives_nothing = true;
  EXPECT_EQ(ask(), 3) << err.str();
  gives_nothing = false;
  EXPECT_EQ(ask(), 0) << err.str();
  EXPECT_EQ(asked_for, (Bytes{0xAB, 1}));
  expect_reads("two", "CN=Alice,O=Test");
}

TEST_F(RelayInPart, SaysWhatIsLeftWhereNothingWasGivenToAskBy) {
  request("one");
  request("two");
  names_token = false;
  EXPECT_EQ(relay({"@one/request.crq", "@two/request.crq"}), 3);
  EXPECT_THAT(err.str(), HasSubstr("it gave nothing to ask for by"));
  EXPECT_FALSE(exists("one/request.relay.json"));
}

TEST_F(RelayInPart, KeepsWhatAsksWhereTheRestIsRefused) {
  request("one");
  request("two");
  EXPECT_EQ(relay({"@one/request.crq", "@two/request.crq"}), 3);
  refuses = true;
  EXPECT_EQ(ask(), 1);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("badRequest"), HasSubstr("Or remove ")));
  EXPECT_TRUE(exists("one/request.relay.json"));
}

TEST_F(RelayInPart, IsNotLostByAnotherRelayInItsPlace) {
  request("one");
  request("two");
  EXPECT_EQ(relay({"@one/request.crq", "@two/request.crq"}), 3);
  const auto waits = read("one/request.relay.json");
  EXPECT_EQ(relay({"@one/request.crq"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("Ask first (signet relay --rest "));
  EXPECT_EQ(posted, 1);
  EXPECT_EQ(read("one/request.relay.json"), waits);
}

TEST_F(RelayInPart, StillAsksForWhatCouldNotBeWritten) {
  for (const auto* each : {"one", "two", "three"}) request(each);
  EXPECT_EQ(relay({"@one/request.crq", "@two/request.crq", "@three/request.crq"}), 3);
  const auto waits = read("one/request.relay.json");
  std::filesystem::create_directory(folder / "two/request.crp");  // no file can be written
  EXPECT_EQ(ask(), 1);
  EXPECT_EQ(read("one/request.relay.json"), waits) << "it names the second message still";
}

TEST_F(RelayInPart, WritesOverNothingButAnswersAndEachOnce) {
  for (const auto* each : {"one", "two", "three"}) request(each);
  EXPECT_EQ(relay({"@one/request.crq", "@two/request.crq", "@three/request.crq"}), 3);
  const auto good = nlohmann::json::parse(as_text(read("one/request.relay.json")));
  auto other = good;
  other["messages"][0]["answer"] = folder / "alice.key";
  auto twice = good;
  twice["messages"][1]["id"] = good["messages"][0]["id"];
  auto one_file = good;
  one_file["messages"][1]["answer"] = good["messages"][0]["answer"];
  for (const auto& wrong : {other, twice, one_file}) {
    write("one/request.relay.json", wrong.dump());
    EXPECT_EQ(ask(), 1) << wrong;
    EXPECT_THAT(err.str(), HasSubstr("asks for the rest of no relay"));
  }
  EXPECT_EQ(posted, 1);
  write("one/request.relay.json", good.dump());
  EXPECT_EQ(ask(), 3) << err.str();
}

TEST_F(RelayInPart, TakesNoOtherFileForWhatAsks) {
  for (const auto* text :
       {"", "{}", R"({"relay":1})", R"({"relay":2,"pend_token":"ab"})",
        R"({"relay":1,"pend_token":"ab","ask_after":"2026-11-23T12:00:00Z","transaction_id":"07",)"
        R"("sender_nonce":"","messages":[]})",
        R"({"relay":1,"pend_token":"ab","ask_after":"2026-11-23T12:00:00Z","transaction_id":"07",)"
        R"("sender_nonce":"","messages":[{"id":4294967296,"message":"a","answer":"b.crp"}]})",
        R"({"relay":1,"pend_token":"ab","ask_after":"2026-11-23T12:00:00Z","transaction_id":"07",)"
        R"("sender_nonce":"","messages":[5]})"}) {
    write("other.json", text);
    EXPECT_EQ(relay({"--rest", "@other.json"}), 1) << text;
    EXPECT_THAT(err.str(), HasSubstr("other.json asks for the rest of no relay")) << text;
  }
  EXPECT_EQ(posted, 0);
}

// ------------------------------------------------------------ encrypted to the desk

class RelayInPartAtADesk : public RelayInPart {
 protected:
  RelayInPartAtADesk() {
    static test::TestCa issuer;
    static const auto desk = issuer.issue({.subject = "CN=Desk",
                                           .key = test::test_key("rsa:2048", 7),
                                           .key_usage = {pkix::KeyUsageBit::keyEncipherment}});
    write_holder("desk", {desk.key, desk.certificate});
    request("one");
    EXPECT_EQ(signet({"request", "--subject", "CN=Alice,O=Test", "--output", "@two", "--signer",
                      "@alice.pem", "--signer-key", "@alice.key", "--encrypt-to", "@desk.pem"}),
              0)
        << err.str();
    auto words = opening;
    words.insert(words.begin(), {"@one/request.crq", "@two/request.crq"});
    EXPECT_EQ(relay(words), 3) << err.str();
  }
  const std::vector<std::string> opening{"--decrypt-key", "@desk.key", "--decrypt-certificate",
                                         "@desk.pem"};
};

TEST_F(RelayInPartAtADesk, KeepsTheAnswerThatComesLaterEncryptedAsItWasAskedFor) {
  EXPECT_EQ(ask(), 1);
  EXPECT_THAT(err.str(), HasSubstr("two/request.crq came encrypted"));
  EXPECT_EQ(posted, 1);
  EXPECT_EQ(ask(opening), 0) << err.str();
  EXPECT_TRUE(envelope::has_encryption(read("two/request.crp")));
}

TEST_F(RelayInPartAtADesk, EncryptsNothingToWhoWroteAnotherMessageSince) {
  write("two/request.crq", as_text(read("one/request.crq")));
  EXPECT_EQ(ask(opening), 1);
  EXPECT_THAT(err.str(), HasSubstr("not the message any more that was relayed"));
  EXPECT_EQ(posted, 1);
}

}  // namespace
}  // namespace signet::tool
