#include "apps/signetd/media_type.h"

#include <gtest/gtest.h>

namespace signet::server {
namespace {

TEST(ReadMediaType, ComparesWithoutRegardToCase) {
  const auto type = read_media_type("Application/PKCS7-Mime; SMIME-Type=CMC-Request");
  ASSERT_TRUE(type);
  EXPECT_EQ(type->name, "application/pkcs7-mime");
  EXPECT_EQ(type->smime_type, "cmc-request");
}

TEST(ReadMediaType, ReadsQuotedValuesAndPassesOverOtherParameters) {
  const auto type =
      read_media_type("a/b ;name=\"x; smime-type=no \\\" y\"; smime-type=\"Yes\" ; q=1");
  ASSERT_TRUE(type);
  EXPECT_EQ(type->smime_type, "yes");
}

TEST(ReadMediaType, TakesASemicolonAtTheEnd) {
  EXPECT_TRUE(read_media_type("a/b;"));
  EXPECT_FALSE(read_media_type("a/b")->smime_type);
}

class NoMediaType : public ::testing::TestWithParam<const char*> {};
TEST_P(NoMediaType, IsToldSo) {
  EXPECT_FALSE(read_media_type(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(All, NoMediaType,
                         ::testing::Values("", "application", "application/", "/pkcs10", "a/b c=d",
                                           "a/b; =d", "a/b; c", "a/b; c=", "a/b; c=\"open",
                                           "a/b; c=\"open\\", "a/b; smime-type=x; smime-type=x",
                                           "a/b, c/d", "a/b;; c=d"));

class RequestType : public ::testing::TestWithParam<const char*> {};
TEST_P(RequestType, IsTaken) {
  /* matrix: F06, F13 */
  EXPECT_TRUE(is_request_type(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(
    All, RequestType,
    ::testing::Values("application/pkcs10", "application/PKCS10; name=request.p10",
                      "application/x-pkcs10", "application/pkcs7-mime",
                      "application/pkcs7-mime; smime-type=CMC-Request; name=request.p7m",
                      "application/pkcs7-mime;smime-type=\"cmc-request\"",
                      "application/x-pkcs7-mime; smime-type=CMC-request", "application/cms",
                      "application/cms; encapsulatingContent=pkiData"));

class OtherType : public ::testing::TestWithParam<const char*> {};
TEST_P(OtherType, IsNotTaken) {
  EXPECT_FALSE(is_request_type(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(
    All, OtherType,
    ::testing::Values("", "text/plain", "application/x-www-form-urlencoded",
                      "application/octet-stream", "application/pkcs100", "application/pkcs7",
                      "application/pkcs7-mime; smime-type=CMC-Response",
                      "application/pkcs7-mime; smime-type=certs-only",
                      "application/pkcs7-mime; smime-type=certs-only; name=CMC-Request.p7m",
                      "application/pkcs7-mime; smime-type=CMC-Requests",
                      "application/pkcs7-mime; smime-type="));

}  // namespace
}  // namespace signet::server
