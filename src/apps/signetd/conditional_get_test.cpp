#include "apps/signetd/conditional_get.h"

#include <gtest/gtest.h>

namespace signet::server {
namespace {

constexpr const char* kDate = "Tue, 24 Nov 2026 01:00:00 GMT";

http::Response tagged() {
  return {200,
          "application/pkix-crl",
          Bytes{1, 2, 3},
          {{"ETag", "\"7\""}, {"Last-Modified", kDate}, {"Cache-Control", "public"}}};
}
int status(const std::string& if_none_match, const std::string& if_modified_since = "") {
  http::Request request;
  request.method = "GET";
  request.if_none_match = if_none_match;
  request.if_modified_since = if_modified_since;
  return unless_known(request, tagged()).status;
}

TEST(UnlessKnown, LeavesOutTheBodyAndKeepsTheHeaders) {
  http::Request request;
  request.method = "GET";
  request.if_none_match = "\"7\"";
  const auto response = unless_known(request, tagged());
  EXPECT_EQ(response.status, 304);
  EXPECT_TRUE(response.body.empty());
  EXPECT_EQ(response.content_type, "");
  EXPECT_EQ(response.headers, tagged().headers);
}

TEST(UnlessKnown, LooksForTheTagInTheList) {
  for (const auto* list : {"\"7\"", "*", "\"6\", \"7\"", "W/\"7\"", "\"6\"\t,\t\"7\" "}) {
    EXPECT_EQ(status(list), 304) << list;
  }
  for (const auto* list : {"\"6\"", "7", "\"77\"", "\"6\", \"8\"", ",", "W/", "\"7"}) {
    EXPECT_EQ(status(list), 200) << list;
  }
}

TEST(UnlessKnown, ComparesTimesWhereNoTagIsGiven) {
  EXPECT_EQ(status("", kDate), 304);
  EXPECT_EQ(status("", "Tue, 24 Nov 2026 01:00:01 GMT"), 304);
  EXPECT_EQ(status("", "Tue, 24 Nov 2026 00:59:59 GMT"), 200);
  for (const auto* no_date :
       {"", "yesterday", "2026-11-24T01:00:00Z", "Tue, 24 Nov 2026 01:00:00 GMT+1"}) {
    EXPECT_EQ(status("", no_date), 200) << no_date;
  }
  EXPECT_EQ(status("\"6\"", kDate), 200) << "the tag decides";
}

TEST(UnlessKnown, IsForGetAndSuccessAlone) {
  http::Request request;
  request.method = "POST";
  request.if_none_match = "*";
  EXPECT_EQ(unless_known(request, tagged()).status, 200);
  request.method = "GET";
  auto failed = tagged();
  failed.status = 503;
  EXPECT_EQ(unless_known(request, failed).status, 503);
  EXPECT_EQ(unless_known(request, {200, "", {}, {}}).status, 200) << "without tag";
}

TEST(HttpDate, IsAsTheStandardWritesIt) {
  const Time at{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours{1}};
  EXPECT_EQ(http_date(at), kDate);
}

}  // namespace
}  // namespace signet::server
