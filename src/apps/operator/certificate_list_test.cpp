#include "apps/operator/certificate_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "apps/tool/report.h"
#include "codec/pkix/name.h"
#include "support/store_records.h"

namespace signet::tool {
namespace {

using ::testing::HasSubstr;

class ListOfCertificates : public ::testing::Test {
 protected:
  std::ostringstream out;
  std::ostringstream err;
  const Error broken{Fault::storage_failed, "the store does not answer"};
};

TEST_F(ListOfCertificates, IsOneJsonObjectAlsoWhereTheStoreFailsInBetween) {
  Context context{.json = true, .out = out, .err = err};
  CertificateList list(context, out, test::kNoon2026);
  list.add(test::certificate(1));
  list.add(test::certificate(2));
  list.end(broken);
  EXPECT_EQ(context.exit_status, 1);
  const auto told = Json::parse(out.str());
  EXPECT_EQ(told["certificates"].size(), 2U);
  EXPECT_EQ(told["ok"], false);
  EXPECT_EQ(told["error"]["fault"], "storage_failed");
}

TEST_F(ListOfCertificates, EscapesForProgramsWhatNobodySees) {
  Context context{.json = true, .out = out, .err = err};
  auto record = test::certificate(1);
  record.profile_id = "ali\u202Ece\u009B2J";
  CertificateList list(context, out, test::kNoon2026);
  list.add(record);
  list.end(Error{Fault::storage_failed, "behind\u202Eit"});
  EXPECT_THAT(out.str(), HasSubstr("ali\\u202ece\\u009b2J"));
  EXPECT_THAT(out.str(), HasSubstr("behind\\u202eit"));
  EXPECT_EQ(Json::parse(out.str())["certificates"][0]["profile"], record.profile_id);
}

TEST_F(ListOfCertificates, KeepsWhatWasFoundBeforeTheStoreFailed) {
  Context context{.out = out, .err = err};
  CertificateList list(context, out, test::kNoon2026);
  list.add(test::certificate(1));
  list.end(broken);
  EXPECT_EQ(context.exit_status, 1);
  EXPECT_THAT(out.str(), HasSubstr("0x4a0001"));
  EXPECT_THAT(err.str(), HasSubstr("the store does not answer"));
}

TEST_F(ListOfCertificates, ShowsWhatIsNoNameInHexadecimal) {
  Context context{.out = out, .err = err};
  auto record = test::certificate(1);
  record.subject_der = {0x04, 0x01, 0x41};
  CertificateList list(context, out, test::kNoon2026);
  list.add(record);
  list.end(false);
  EXPECT_THAT(out.str(), HasSubstr("  #040141  "));
}

TEST_F(ListOfCertificates, CountsLettersAndLetsALongSubjectMoveItsOwnProfileAlone) {
  Context context{.out = out, .err = err};
  CertificateList list(context, out, test::kNoon2026);
  for (const std::string& subject : {std::string("CN=Élodie"), std::string("CN=Alice2")}) {
    auto record = test::certificate(1);
    record.subject_der = pkix::name_from_text(subject)->der();
    list.add(record);
  }
  list.end(false);
  EXPECT_THAT(out.str(), HasSubstr("CN=Alice2  caFull"));
  out.str("");
  CertificateList with_long(context, out, test::kNoon2026);
  for (const std::string& subject : {std::string("CN=Alice2"), "CN=" + std::string(60, 'a')}) {
    auto record = test::certificate(1);
    record.subject_der = pkix::name_from_text(subject)->der();
    with_long.add(record);
  }
  with_long.end(false);
  EXPECT_THAT(out.str(), HasSubstr("CN=Alice2" + std::string(48 - 9 + 2, ' ') + "caFull"));
}

TEST_F(ListOfCertificates, ShowsATerminalNothingButText) {
  Context context{.out = out, .err = err};
  auto record = test::certificate(1);
  record.profile_id = "a\x1b[2Jb";
  CertificateList list(context, out, test::kNoon2026);
  list.add(record);
  list.end(false);
  EXPECT_THAT(out.str(), HasSubstr("a?[2Jb"));
}

}  // namespace
}  // namespace signet::tool
