// Renewals in place whose certificate comes before the rest of what was asked for (status partial,
// RFC 10002 §6.1.3).
#include <gtest/gtest.h>

#include "support/partial_answer_scene.h"

namespace signet::tool {
namespace {

using cmc::CMCStatus;
using test::unwrap;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using RenewedInPart = AnsweredInPart;

TEST_F(RenewedInPart, IsPutInPlaceAtOnceAndTheRestKept) {
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

TEST_F(RenewedInPart, RestOfAnEarlierRenewalIsReplacedAndNothingOfAnybodyElse) {
  EXPECT_EQ(renew({"--force"}), 0) << err.str();
  EXPECT_TRUE(std::filesystem::remove(folder / "alice.pem.rest/pending.json"));  // it came
  write("alice.pem.rest/certificate.pem", "of an earlier one");
  write("alice.pem.rest/notes", "somebody's");
  EXPECT_EQ(renew({"--force"}), 0) << err.str();
  EXPECT_TRUE(exists("alice.pem.rest/pending.json"));
  EXPECT_EQ(certificate("alice.pem.rest/certificate.pem"), certificate("alice.pem"));
  EXPECT_EQ(as_text(read("alice.pem.rest/notes")), "somebody's");
}

TEST_F(RenewedInPart, IsToldWhereItsRestIsByTheRunThatFinishesIt) {
  for (const bool for_programs : {false, true}) {
    const auto pem = read("alice.pem");
    const auto key = read("alice.key");
    first = CMCStatus::partial;
    // The folder as a run leaves it that is broken off before it puts anything in place.
    std::filesystem::create_directory(folder / "alice.pem.new");
    std::filesystem::create_directory(folder / "alice.pem.old");
    EXPECT_EQ(renew({"--force"}), 1) << out.str();
    ASSERT_TRUE(exists("alice.pem.renewal/certificate.pem"));
    EXPECT_EQ(read("alice.pem"), pem);
    EXPECT_EQ(read("alice.key"), key);
    std::filesystem::remove(folder / "alice.pem.old");

    EXPECT_EQ(for_programs ? renew({"--json"}) : renew(), 0) << err.str();
    if (for_programs) {
      EXPECT_EQ(json()["finished"], true);
      EXPECT_EQ(json()["rest"]["pend_token"], "abcd");
      EXPECT_EQ(json()["rest"]["folder"], folder / "alice.pem.rest");
    } else {
      EXPECT_THAT(out.str(), HasSubstr("finished"));
      EXPECT_THAT(err.str(), HasSubstr("signet poll --output " + (folder / "alice.pem.rest")));
    }
    for (const auto* left : {"alice.pem.rest", "alice.pem.old", "alice.key.old"}) {
      std::filesystem::remove_all(folder / left);
    }
  }
}

TEST_F(RenewedInPart, RestThatNobodyAskedForIsPutAsideByTheNextRenewal) {
  const auto first_pair = certificate("alice.pem");
  EXPECT_EQ(renew({"--force"}), 0) << err.str();
  const auto waits = read("alice.pem.rest/pending.json");
  const auto second_pair = certificate("alice.pem");
  first = CMCStatus::success;  // nothing of this one comes later, but its pair takes .old
  EXPECT_EQ(renew({"--force"}), 0) << err.str();
  EXPECT_THAT(err.str(), AllOf(HasSubstr("rest of an earlier renewal was not asked for"),
                               HasSubstr("signet poll --output " + (folder / "alice.pem.rest.1")),
                               Not(HasSubstr("In the way"))));
  EXPECT_FALSE(exists("alice.pem.rest"));
  EXPECT_EQ(read("alice.pem.rest.1/pending.json"), waits);
  EXPECT_EQ(certificate("alice.pem.old"), second_pair);

  EXPECT_EQ(poll("alice.pem.rest.1", "alice.pem.old.1", "alice.key.old.1"), 0) << err.str();
  EXPECT_EQ(asked_by, pkix::to_pem({first_pair}));
  EXPECT_EQ(renew({"--force"}), 0) << err.str();
  EXPECT_THAT(err.str(), Not(HasSubstr("earlier renewal")));
}

TEST_F(RenewedInPart, RestThatNobodyAskedForIsPutAsideForTheNextRestAndToldToPrograms) {
  EXPECT_EQ(renew({"--force"}), 0) << err.str();
  EXPECT_EQ(renew({"--force", "--json"}), 0) << err.str();
  EXPECT_EQ(json()["set_aside"],
            (nlohmann::json{folder / "alice.pem.old.1", folder / "alice.key.old.1",
                            folder / "alice.pem.rest.1"}));
  EXPECT_EQ(json()["rest"]["folder"], folder / "alice.pem.rest");
  EXPECT_TRUE(exists("alice.pem.rest/pending.json"));
  EXPECT_TRUE(exists("alice.pem.rest.1/pending.json"));
}

TEST_F(RenewedInPart, WhoseRunEndedBeforeItWasWrittenIsFetchedByTheSameMessage) {
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

TEST_F(RenewedInPart, OfWhichNothingIsLeftToAskKeepsNoRest) {
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

TEST_F(RenewedInPart, IsInPlaceThoughTheRestCannotBeKept) {
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

TEST_F(RenewedInPart, TellsProgramsWhereTheRestIsKept) {
  EXPECT_EQ(renew({"--force", "--json"}), 0);
  EXPECT_EQ(json()["ok"], true);
  EXPECT_FALSE(json().contains("pending"));
  EXPECT_EQ(json()["rest"]["pend_token"], "abcd");
  EXPECT_EQ(json()["rest"]["folder"], folder / "alice.pem.rest");
}

TEST_F(RenewedInPart, ThatWaitedIsPutInPlaceByTheNextRun) {
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
