// Certificates that come before the rest of what was asked for (status partial, RFC 10002 §6.1.3).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/enrollment/renewal_folder.h"
#include "apps/exchange/pending_file.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/pki_request.h"
#include "support/commands_scene.h"
#include "support/message_builder.h"
#include "support/reseal.h"

namespace signet::tool {
namespace {

using cmc::CMCStatus;
using test::unwrap;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// An authority that answers as the test says: `first` to a request, whose certificate it brings
/// unless that waits for a decision, `then` to whoever asks for the rest.
class AnsweredInPart : public Commands {
 protected:
  AnsweredInPart() {
    surroundings.post = [this](const http::TransportSettings& settings, const std::string&,
                               const std::string&, ByteView body) -> Result<http::Reply> {
      ++posted;
      return http::Reply{200, "application/pkcs7-mime", answer_to(body, settings)};
    };
  }

  Bytes answer_to(ByteView message, const http::TransportSettings& settings) {
    const auto request = unwrap(cmc::read_pki_request(message));
    const auto& controls = cmc::controls_of(request);
    if (const auto* query = cmc::find_control(controls, cmc::oid::kQueryPending)) {
      asked_for = unwrap(cmc::read_octets_value(query->attr_values.front()));
      asked_by = as_text(unwrap(files::read_file(settings.client_certificate_file)));
      return response(controls, then, brings_later ? granted : std::vector<Bytes>{});
    }
    last_request = to_bytes(message);
    authority::Inquiry inquiry;
    inquiry.octets = last_request;
    const auto pem = unwrap(files::read_file(settings.client_certificate_file));
    inquiry.peer.tls_client_certificate = unwrap(from_pem(as_text(pem))).front().octets;
    const auto answered = authority.deliver_octets(std::move(inquiry));
    granted.clear();
    for (const auto& each : test::signed_data_of(answered.octets).certificates) {
      granted.push_back(each.der);
    }
    return response(controls, first, first == CMCStatus::pending ? std::vector<Bytes>{} : granted);
  }
  [[nodiscard]] Bytes response(const std::vector<cmc::TaggedAttribute>& asked, CMCStatus word,
                               const std::vector<Bytes>& certificates) const {
    cmc::CMCStatusInfoV2 status;
    status.cmc_status = word;
    status.body_list = {cmc::kThisPKIData};
    const bool comes_later = word == CMCStatus::partial || word == CMCStatus::pending;
    if (comes_later) status.other_info = cmc::PendInfo{Bytes{0xAB, 0xCD}, authority.clock.now()};
    if (word == CMCStatus::failed) status.other_info = cmc::CMCFailInfo::badRequest;
    const auto* id = cmc::find_control(asked, cmc::oid::kTransactionId);
    const auto* nonce = cmc::find_control(asked, cmc::oid::kSenderNonce);
    const cmc::PKIResponse made{
        {test::control(1, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status)),
         test::control(2, cmc::oid::kTransactionId, id->attr_values.front()),
         test::control(3, cmc::oid::kRecipientNonce, nonce->attr_values.front()),
         test::control(4, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, 7)))},
        {},
        {}};
    test::SignedMessage message{
        .content = cmc::write_pki_response(made),
        .content_type = cmc::oid::kPKIResponse,
        .signers = {test::signed_by({authority.estate().key, authority.certificate()})},
        .certificates = certificates};
    message.certificates.push_back(authority.certificate().der);
    return message.encode();
  }

  int ask(const std::vector<std::string>& more = {}) {
    return enroll("alice", "CN=Alice,O=Test", "new", more);
  }
  int poll(const std::string& output = "new", const std::string& signer = "alice.pem",
           const std::string& key = "alice.key") {
    return signet({"poll", "--url", "https://ca.test:8443", "--ca", "@ca.pem", "--signer",
                   "@" + signer, "--signer-key", "@" + key, "--output", "@" + output});
  }
  int renew(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{
        "renew",    "--url",      "https://ca.test:8443", "--ca",       "@ca.pem",
        "--signer", "@alice.pem", "--signer-key",         "@alice.key", "--in-place"};
    words.insert(words.end(), more.begin(), more.end());
    return signet(words);
  }
  [[nodiscard]] bool has_key(const std::string& certificate_file, const std::string& key) const {
    return unwrap(crypto::read_private_key(read(key), {}))->public_key_info() ==
           certificate(certificate_file)->subject_public_key_info;
  }

  CMCStatus first = CMCStatus::partial;
  CMCStatus then = CMCStatus::success;
  bool brings_later = false;  ///< with the rest, the certificate comes (again)
  std::vector<Bytes> granted;
  Bytes last_request;
  Bytes asked_for;
  std::string asked_by;
  int posted = 0;
};

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

TEST_F(AnsweredInPart, IsAskedForAgainWhereTheRunEndedBeforeItWasWritten) {
  EXPECT_EQ(ask(), 3);
  for (const auto* lost : {"new/certificate.pem", "new/chain.pem"}) {
    ASSERT_TRUE(std::filesystem::remove(folder / lost));
  }
  EXPECT_EQ(poll(), 1);
  EXPECT_THAT(err.str(), HasSubstr("holds no certificate for our key"));
  brings_later = true;
  EXPECT_EQ(poll(), 0) << err.str();
  EXPECT_TRUE(has_key("new/certificate.pem", "new/key.pem"));
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

TEST_F(AnsweredInPart, RelayTellsWhatIsLeftToDo) {
  ASSERT_EQ(signet({"request", "--subject", "CN=Alice,O=Test", "--output", "@one", "--signer",
                    "@alice.pem", "--signer-key", "@alice.key"}),
            0);
  const auto relay = [&] {
    return signet({"relay", "@one/request.crq", "--url", "https://ca.test:8443", "--ca", "@ca.pem",
                   "--signer", "@agent.pem", "--signer-key", "@agent.key"});
  };
  EXPECT_EQ(relay(), 3);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("answers later (partial)"), Not(HasSubstr("person"))));
  first = CMCStatus::pending;
  EXPECT_EQ(relay(), 3);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("person"), Not(HasSubstr("partial"))));
}

// ------------------------------------------------------------ in place

TEST_F(AnsweredInPart, RenewalIsPutInPlaceAtOnceAndTheRestKept) {
  const auto old = certificate("alice.pem");
  EXPECT_EQ(renew({"--force"}), 0) << err.str();
  EXPECT_THAT(err.str(), AllOf(HasSubstr((folder / "alice.pem.old")),
                               HasSubstr("signet poll --output " + (folder / "alice.pem.rest"))));
  EXPECT_NE(certificate("alice.pem"), old);
  EXPECT_TRUE(has_key("alice.pem", "alice.key"));
  EXPECT_FALSE(exists("alice.pem.renewal"));
  EXPECT_FALSE(exists("alice.pem.rest/key.pem"));

  EXPECT_EQ(renew(), 3) << "too early: nothing is asked for once more";
  EXPECT_EQ(posted, 1);

  EXPECT_EQ(poll("alice.pem.rest", "alice.pem.old", "alice.key.old"), 0) << err.str();
  EXPECT_EQ(asked_for, (Bytes{0xAB, 0xCD}));
  EXPECT_EQ(asked_by, pkix::to_pem({old}));
  EXPECT_FALSE(exists("alice.pem.rest/pending.json"));
}

TEST_F(AnsweredInPart, RestOfAnEarlierRenewalIsReplacedAsAWhole) {
  std::filesystem::create_directory(folder / "alice.pem.rest");
  write("alice.pem.rest/left", "by an earlier one");
  EXPECT_EQ(renew({"--force"}), 0) << err.str();
  EXPECT_TRUE(exists("alice.pem.rest/pending.json"));
  EXPECT_FALSE(exists("alice.pem.rest/left"));
}

TEST_F(AnsweredInPart, RenewalWhoseRunEndedBeforeItWasWrittenIsFetchedByTheSameMessage) {
  first = CMCStatus::pending;
  EXPECT_EQ(renew({"--force"}), 3);
  const auto pending_file = folder / "alice.pem.renewal/pending.json";
  auto pending = unwrap(read_pending_file(pending_file));
  pending.has_certificate = true;  // which was to be written next
  ASSERT_TRUE(keep_pending(pending, pending_file).ok());
  const auto message = read("alice.pem.renewal/request.crq");
  const auto key = read("alice.pem.renewal/key.pem");

  first = CMCStatus::partial;
  EXPECT_EQ(renew({"--force"}), 0) << err.str();
  EXPECT_EQ(last_request, message);
  EXPECT_EQ(read("alice.key"), key);
  EXPECT_TRUE(has_key("alice.pem", "alice.key"));
  EXPECT_TRUE(exists("alice.pem.rest/pending.json"));
}

TEST_F(AnsweredInPart, RenewalOfWhichNothingIsLeftToAskKeepsNoRest) {
  first = CMCStatus::pending;
  EXPECT_EQ(renew({"--force"}), 3);
  const auto pending_file = folder / "alice.pem.renewal/pending.json";
  auto pending = unwrap(read_pending_file(pending_file));
  pending.has_certificate = true;
  ASSERT_TRUE(keep_pending(pending, pending_file).ok());
  first = CMCStatus::success;
  EXPECT_EQ(renew({"--force"}), 0) << err.str();
  EXPECT_TRUE(has_key("alice.pem", "alice.key"));
  EXPECT_FALSE(exists("alice.pem.rest"));
}

TEST_F(AnsweredInPart, RenewalIsInPlaceThoughTheRestCannotBeKept) {
  write("alice.pem.rest", "somebody's");
  const auto old = certificate("alice.pem");
  EXPECT_EQ(renew({"--force"}), 0);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("in place, but the rest"), HasSubstr("alice.pem.rest"),
                               Not(HasSubstr("signet poll"))));
  EXPECT_NE(certificate("alice.pem"), old);
  EXPECT_TRUE(has_key("alice.pem", "alice.key"));
  EXPECT_EQ(as_text(read("alice.pem.rest")), "somebody's");
  EXPECT_EQ(renew(), 3) << "too early, and nothing is left to finish";
  EXPECT_EQ(renew({"--force", "--json"}), 0);
  EXPECT_EQ(json()["rest"]["pend_token"], "abcd");
  EXPECT_FALSE(json()["rest"].contains("folder"));
}

TEST_F(AnsweredInPart, RenewalTellsProgramsWhereTheRestIsKept) {
  EXPECT_EQ(renew({"--force", "--json"}), 0);
  EXPECT_EQ(json()["ok"], true);
  EXPECT_FALSE(json().contains("pending"));
  EXPECT_EQ(json()["rest"]["pend_token"], "abcd");
  EXPECT_EQ(json()["rest"]["folder"], folder / "alice.pem.rest");
}

TEST_F(AnsweredInPart, RenewalThatWaitedIsPutInPlaceByTheNextRun) {
  first = CMCStatus::pending;
  EXPECT_EQ(renew({"--force"}), 3);
  EXPECT_FALSE(exists("alice.pem.rest"));
  then = CMCStatus::partial;
  brings_later = true;
  EXPECT_EQ(renew(), 0) << err.str();
  EXPECT_TRUE(has_key("alice.pem", "alice.key"));
  EXPECT_FALSE(exists("alice.pem.renewal"));
  EXPECT_TRUE(exists("alice.pem.rest/pending.json"));
}

}  // namespace
}  // namespace signet::tool
