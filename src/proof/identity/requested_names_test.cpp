#include "proof/identity/requested_names.h"

#include <gmock/gmock.h>

#include "codec/cmc/controls.h"
#include "codec/pkix/oids.h"
#include "support/test_records.h"
#include "support/unwrap.h"

namespace signet::proof {
namespace {

using testing::AllOf;
using testing::HasSubstr;

pkix::Extensions alternative_names(const pkix::GeneralNames& names) {
  return {{pkix::oid::kSubjectAltName, false, pkix::write_alternative_name(names)}};
}

class CheckRequestedNames : public testing::Test {
 protected:
  /// The same request as PKCS#10 and as CRMF.
  static std::vector<cmc::TaggedRequest> both(const std::string& subject,
                                              const pkix::Extensions& extensions = {}) {
    return {test::read_tagged(
                test::tagged(1, test::pkcs10({.subject = subject, .extensions = extensions}))),
            test::read_tagged(
                test::tagged(test::crmf({.subject = subject, .extensions = extensions})))};
  }

  ProvenIdentity identity_of(const test::CertificateInput& input) {
    return test::unwrap(records.prove(records.enroll(input)));
  }

  static void expect_refused(const std::vector<cmc::TaggedRequest>& requests,
                             const ProvenIdentity& identity, Fault fault) {
    for (const auto& request : requests) {
      const auto checked = check_requested_names(request, identity, {});
      ASSERT_FALSE(checked.ok());
      EXPECT_EQ(checked.error().fault, fault);
    }
  }
  static void expect_mismatch(const std::vector<cmc::TaggedRequest>& requests,
                              const ProvenIdentity& identity) {
    expect_refused(requests, identity, Fault::identity_mismatch);
  }
  static void expect_match(const std::vector<cmc::TaggedRequest>& requests,
                           const ProvenIdentity& identity) {
    for (const auto& request : requests) {
      const auto checked = check_requested_names(request, identity, {});
      EXPECT_TRUE(checked.ok()) << checked.error().detail;
    }
  }

  test::TestRecords records;
};

const pkix::GeneralName kMail = pkix::Rfc822Name{"alice@example.test"};
const pkix::GeneralName kHost = pkix::DnsName{"alice.example.test"};

TEST_F(CheckRequestedNames, LetsAUserAskForItself) { /* matrix: E82 */
  const auto alice = identity_of({.subject = "CN=Alice,O=Test"});
  expect_match(both("CN=Alice,O=Test"), alice);
  expect_match(both("cn=  Alice ,o=#130454657374"), alice);  // blanks; PrintableString "Test"
}

/// CN=ALICE may be somebody else, who has a certificate too.
TEST_F(CheckRequestedNames, RefusesAUserWhoAsksForItsNameInAnotherCase) {
  const auto alice = identity_of({.subject = "CN=Alice,O=Test"});
  expect_mismatch(both("CN=ALICE,O=Test"), alice);
  expect_mismatch(both("CN=Alice,O=test"), alice);
}

TEST_F(CheckRequestedNames, RefusesAUserWhoAsksForAnother) { /* matrix: E82 */
  const auto alice = identity_of({.subject = "CN=Alice,O=Test"});
  expect_mismatch(both("CN=Bob,O=Test"), alice);
  expect_mismatch(both("CN=Alice"), alice);
  expect_mismatch(both("CN=Alice,O=Test,C=DE"), alice);
  expect_mismatch(both("O=Test,CN=Alice"), alice);
}

TEST_F(CheckRequestedNames, NamesBothSubjectsInTheRefusal) {
  const auto alice = identity_of({.subject = "CN=Alice,O=Test"});
  EXPECT_THAT(check_requested_names(both("CN=Bob")[0], alice, {}).error().detail,
              AllOf(HasSubstr("CN=Alice,O=Test"), HasSubstr("CN=Bob")));
}

TEST_F(CheckRequestedNames, RefusesAUserWhoAsksForTheNullName) {
  /* matrix: E28 */
  expect_refused(both(""), identity_of({.subject = "CN=Alice,O=Test"}), Fault::malformed);
  expect_refused(both(""), identity_of({.subject = "", .alternative_names = {kMail}}),
                 Fault::malformed);
}

TEST_F(CheckRequestedNames, LetsAUserAskForItsAlternativeNamesOrForNone) { /* matrix: E82 */
  const auto alice = identity_of({.alternative_names = {kMail, kHost}});
  expect_match(both("CN=Alice,O=Test"), alice);
  expect_match(both("CN=Alice,O=Test", alternative_names({kMail, kHost})), alice);
  expect_match(both("CN=Alice,O=Test", alternative_names({kHost, kMail})), alice);
}

TEST_F(CheckRequestedNames, RefusesOtherAlternativeNames) { /* matrix: E82 */
  const auto alice = identity_of({.alternative_names = {kMail}});
  expect_mismatch(both("CN=Alice,O=Test", alternative_names({kHost})), alice);
  expect_mismatch(both("CN=Alice,O=Test", alternative_names({kMail, kHost})), alice);
  expect_mismatch(both("CN=Alice,O=Test", alternative_names({kMail})), identity_of({}));
}

TEST_F(CheckRequestedNames, LetsAnAgentAskForAnybody) {
  const auto agent = identity_of({.subject = "CN=Agent", .purposes = {pkix::oid::kCmcRA}});
  expect_match(both("CN=Bob,O=Test", alternative_names({kMail})), agent);
  expect_match(both(""), agent);
}

TEST_F(CheckRequestedNames, RefusesToChangeNames) { /* matrix: E149 */
  const auto value = cmc::write_change_subject_name(
      {.subject = test::unwrap(pkix::name_from_text("CN=Alice Smith")), .subject_alt = {}});
  const std::vector<cmc::TaggedRequest> requests{
      test::read_tagged(test::tagged(
          1, test::pkcs10({.attributes = {test::attribute(cmc::oid::kChangeSubjectName, value)}}))),
      test::read_tagged(
          test::tagged(test::crmf({.controls = {{cmc::oid::kChangeSubjectName, value}}})))};
  expect_mismatch(requests, identity_of({}));
  const auto agent = identity_of({.purposes = {pkix::oid::kCmcRA}});
  for (const auto& request : requests) {
    EXPECT_EQ(check_requested_names(request, agent, {}).error().fault, Fault::unsupported_control);
  }
}

TEST_F(CheckRequestedNames, RefusesARequestOfAnUnknownForm) {
  const auto other = test::read_tagged(test::tagged_other(1, pkix::oid::kCommonName));
  EXPECT_EQ(check_requested_names(other, identity_of({}), {}).error().fault,
            Fault::unsupported_message);
}

}  // namespace
}  // namespace signet::proof
