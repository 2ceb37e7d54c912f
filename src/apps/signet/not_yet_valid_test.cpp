// Certificates that begin later than now: used from then on, and no renewal in place before
// (RFC 5280 §4.1.2.5).
#include <gtest/gtest.h>

#include "support/partial_answer_scene.h"

namespace signet::tool {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::unwrap;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// What the authority makes begins `ahead` of now; all of it comes at once.
class NotYetValid : public AnsweredInPart {
 protected:
  NotYetValid() {
    first = cmc::CMCStatus::success;
    surroundings.post = [this](const http::TransportSettings& settings, const std::string&,
                               const std::string&, ByteView body) -> Result<http::Reply> {
      ++posted;
      authority.clock.advance(ahead);
      auto octets = answer_to(body, settings);
      authority.clock.advance(-ahead);
      return http::Reply{200, "application/pkcs7-mime", std::move(octets)};
    };
  }
  /// The text of the beginning of what lies in the renewal folder.
  [[nodiscard]] std::string beginning() const {
    return to_text(certificate("alice.pem.renewal/certificate.pem")->validity.not_before);
  }
  /// The pair of before is as it was, and nothing beside it says otherwise.
  void expect_nothing_replaced() const {
    EXPECT_EQ(certificate("alice.pem"), authority.alice.certificate);
    EXPECT_TRUE(has_key("alice.pem", "alice.key"));
    EXPECT_FALSE(exists("alice.pem.old"));
  }
  void expect_replaced() const {
    EXPECT_NE(certificate("alice.pem"), authority.alice.certificate);
    EXPECT_TRUE(has_key("alice.pem", "alice.key"));
    EXPECT_EQ(certificate("alice.pem.old"), authority.alice.certificate);
    EXPECT_FALSE(exists("alice.pem.renewal"));
  }
  /// To the moment at which what lies in the renewal folder begins.
  void go_to_beginning() {
    authority.clock.set(certificate("alice.pem.renewal/certificate.pem")->validity.not_before);
  }

  seconds ahead = hours{24 * 20};
};

TEST_F(NotYetValid, RenewalIsPutInPlaceByTheFirstRunAfterItBegins) {
  EXPECT_EQ(renew({"--force"}), 3) << err.str();
  const auto said = "not valid before " + beginning();
  EXPECT_THAT(err.str(),
              AllOf(HasSubstr(said), HasSubstr("waits in " + (folder / "alice.pem.renewal")),
                    Not(HasSubstr("ends before that"))));
  EXPECT_THAT(out.str(), HasSubstr((folder / "alice.pem.renewal/certificate.pem")));
  expect_nothing_replaced();

  EXPECT_EQ(renew({"--force"}), 3) << "neither is another one asked for";
  EXPECT_THAT(out.str(), HasSubstr("in place from " + beginning()));
  EXPECT_THAT(err.str(), HasSubstr(said));
  expect_nothing_replaced();

  go_to_beginning();
  EXPECT_EQ(renew(), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("finished"));
  expect_replaced();
  EXPECT_EQ(posted, 1);
}

TEST_F(NotYetValid, RenewalThatWaitedForADecisionWaitsForItsBeginningThen) {
  first = cmc::CMCStatus::pending;
  EXPECT_EQ(renew({"--force"}), 3);
  brings_later = true;
  EXPECT_EQ(renew(), 3) << err.str();
  EXPECT_THAT(err.str(), HasSubstr("not valid before " + beginning()));
  EXPECT_FALSE(exists("alice.pem.renewal/pending.json"));
  expect_nothing_replaced();
  EXPECT_EQ(renew(), 3) << err.str();
  EXPECT_EQ(posted, 2) << "it is decided: nothing is left to ask";
  go_to_beginning();
  EXPECT_EQ(renew(), 0) << err.str();
  expect_replaced();
}

TEST_F(NotYetValid, RenewalIsToldToPrograms) {
  EXPECT_EQ(renew({"--force", "--json"}), 3) << err.str();
  const auto until = to_text(authority.alice.certificate->validity.not_after);
  const auto expect_told = [&] {
    EXPECT_EQ(json()["ok"], false);
    EXPECT_EQ(json()["not_yet_valid"], true);
    EXPECT_EQ(json()["in_place_from"], beginning());
    EXPECT_EQ(json()["in_force_until"], until);
    EXPECT_EQ(json()["folder"], folder / "alice.pem.renewal");
  };
  expect_told();
  EXPECT_EQ(json()["certificate"]["not_before"], beginning());
  EXPECT_EQ(json()["files"]["certificate"], folder / "alice.pem.renewal/certificate.pem");
  EXPECT_EQ(renew({"--json"}), 3) << err.str();
  expect_told();
}

TEST_F(NotYetValid, RenewalThatBeginsAfterTheEndOfTheOtherSaysSo) {
  EXPECT_EQ(renew({"--force"}), 3) << err.str();
  auto brief = authority.alice.certificate.tbs.value;
  brief.validity.not_after = authority.clock.now() + hours{24 * 10};
  const test::Holder standing{authority.alice.key,
                              authority.sign(std::move(brief), *authority.alice.key)};
  write_holder("alice", standing);
  write("alice.pem.renewal/signer.pem", pkix::to_pem({standing.certificate}));
  EXPECT_EQ(renew(), 3);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("ends before that, on " +
                                         to_text(standing.certificate->validity.not_after)),
                               HasSubstr("remove " + (folder / "alice.pem.renewal"))));
  EXPECT_EQ(certificate("alice.pem"), standing.certificate);
}

TEST_F(NotYetValid, RenewalIsPutInPlaceAtOnceWhereOnlyAClockIsAhead) {
  ahead = {};
  EXPECT_EQ(renew({"--force"}), 0) << err.str();
  const auto backdated = authority.clock.now() - certificate("alice.pem")->validity.not_before;
  const auto second = certificate("alice.pem");
  ahead = minutes{5} + backdated;  // it begins five minutes from now
  EXPECT_EQ(renew({"--force"}), 0) << err.str();
  EXPECT_THAT(err.str(), Not(HasSubstr("not valid before")));
  const auto third = certificate("alice.pem");
  EXPECT_NE(third, second);
  ahead += seconds{1};
  EXPECT_EQ(renew({"--force"}), 3) << err.str();
  EXPECT_EQ(certificate("alice.pem"), third);
}

TEST_F(NotYetValid, RenewalGivesWayToAnotherPairThatCameToStandThere) {
  EXPECT_EQ(renew({"--force"}), 3) << err.str();
  const auto other = authority.enroll("CN=Other");
  write_holder("alice", other);
  EXPECT_EQ(renew(), 3) << "too early";
  EXPECT_THAT(err.str(), HasSubstr("alice.pem.renewal was removed"));
  EXPECT_THAT(out.str(), HasSubstr("too early"));
  EXPECT_FALSE(exists("alice.pem.renewal"));
  EXPECT_EQ(certificate("alice.pem"), other.certificate);
}

TEST_F(NotYetValid, RenewalInPartKeepsWhatAsksForItsRestBesideItUntilItBegins) {
  first = cmc::CMCStatus::partial;
  EXPECT_EQ(renew({"--force", "--json"}), 3) << err.str();
  EXPECT_EQ(json()["rest"]["folder"], folder / "alice.pem.renewal");
  EXPECT_FALSE(exists("alice.pem.rest"));
  expect_nothing_replaced();
  go_to_beginning();
  EXPECT_EQ(renew(), 0) << err.str();
  EXPECT_TRUE(exists("alice.pem.rest/pending.json"));
  expect_replaced();
}

TEST_F(NotYetValid, RestOfARenewalIsAskedForByTheCertificateThatStillServes) {
  first = cmc::CMCStatus::partial;
  EXPECT_EQ(renew({"--force"}), 3) << err.str();
  EXPECT_THAT(err.str(), AllOf(HasSubstr("signet poll --output " + (folder / "alice.pem.renewal")),
                               Not(HasSubstr("alice.pem.old"))));
  EXPECT_EQ(poll("alice.pem.renewal"), 0) << err.str();
  EXPECT_EQ(asked_by, pkix::to_pem({authority.alice.certificate}));
  go_to_beginning();
  EXPECT_EQ(renew(), 0) << err.str();
  EXPECT_FALSE(exists("alice.pem.rest"));
  expect_replaced();
}

TEST_F(NotYetValid, CertificateIsToldByEnrollPollAndRead) {
  EXPECT_EQ(ask(), 0) << err.str();
  const auto said =
      "not valid before " + to_text(certificate("new/certificate.pem")->validity.not_before);
  EXPECT_THAT(err.str(), HasSubstr(said));
  const auto read_it = [&] {
    return signet({"read", "--in", "@new/response.crp", "--exchange", "@new/exchange.json", "--ca",
                   "@ca.pem", "--out-certificate", "@again.pem"});
  };
  EXPECT_EQ(read_it(), 0) << err.str();
  EXPECT_THAT(err.str(), HasSubstr(said));
  authority.clock.advance(ahead);
  EXPECT_EQ(read_it(), 0) << err.str();
  EXPECT_THAT(err.str(), Not(HasSubstr("not valid before")));
}

TEST_F(NotYetValid, CertificateIsToldByPoll) {
  first = cmc::CMCStatus::pending;
  EXPECT_EQ(ask(), 3) << err.str();
  brings_later = true;
  EXPECT_EQ(poll(), 0) << err.str();
  EXPECT_THAT(err.str(),
              HasSubstr("not valid before " +
                        to_text(certificate("new/certificate.pem")->validity.not_before)));
}

}  // namespace
}  // namespace signet::tool
