#include "apps/signetd/crl_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace signet::server {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr Time kPublished{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 1h};
constexpr const char* kTag = "\"7-1795482000\"";  // number and thisUpdate

class CrlRoutes : public ::testing::Test {
 protected:
  Result<std::optional<store::CrlRecord>> find(const store::CrlQuery& query) {
    if (store_is_away) return Error{Fault::storage_failed, "away"};
    const bool whole = query.parts == store::CrlParts::all;
    if (whole) ++read;
    for (auto crl : crls) {
      const bool is_delta = crl.base_number.has_value();
      if (crl.shard != query.shard || is_delta != (query.kind == store::CrlKind::delta)) continue;
      if (!whole) crl.der.clear();
      return std::optional(std::move(crl));
    }
    return std::optional<store::CrlRecord>();
  }
  http::Response fetch(const std::string& path, Time now = kPublished,
                       const std::string& known = "") {
    http::Request request;
    request.method = "GET";
    request.path = path;
    request.if_none_match = known;
    return answer_crl(shelf, request, now);
  }
  http::Response fetch_at(Time now) { return fetch("/ca/crl", now); }
  Bytes body(const std::string& path) {
    EXPECT_TRUE(is_crl_path(path)) << path;
    const auto told = fetch(path);
    return told.shared_body ? *told.shared_body->octets() : Bytes();
  }

  CrlShelf shelf{[this](const store::CrlQuery& query) { return find(query); }};
  std::vector<store::CrlRecord> crls{{7, kPublished, kPublished + 24h, Bytes(3, 0x30)}};
  bool store_is_away = false;
  int read = 0;
};

TEST_F(CrlRoutes, GiveTheLatestCrlOnceThereIsOne) {
  const auto told = fetch("/ca/crl");
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.content_type, "application/pkix-crl");
  EXPECT_EQ(body("/ca/crl"), Bytes(3, 0x30));
  EXPECT_THAT(told.headers, Contains(Pair("ETag", kTag)));
  EXPECT_THAT(told.headers, Contains(Pair("Last-Modified", "Tue, 24 Nov 2026 01:00:00 GMT")));
  crls.clear();
  const auto none = fetch("/ca/crl");
  EXPECT_EQ(none.status, 503);
  EXPECT_THAT(none.headers, Contains(Pair("Retry-After", "5")));
}

TEST_F(CrlRoutes, DoNotSayThatThereIsNoCrlWhereTheStoreDoesNotSay) {
  store_is_away = true;
  for (const auto* path :
       {"/ca/crl", "/ca/crl/0", "/ca/crl/12", "/ca/crl/delta", "/ca/crl/delta/12"}) {
    const auto told = fetch(path);
    EXPECT_EQ(told.status, 503) << path;
    EXPECT_THAT(told.headers, Contains(Pair("Retry-After", "5"))) << path;
    EXPECT_THAT(std::string(as_text(told.body)), HasSubstr("does not answer")) << path;
  }
}

TEST_F(CrlRoutes, GiveEachShardsCrlAndDelta) {
  store::CrlRecord full{1, {}, {}, Bytes{1}, 0};
  store::CrlRecord other{2, {}, {}, Bytes{2}, 12};
  store::CrlRecord delta{3, {}, {}, Bytes{3}, 0, 1};
  store::CrlRecord other_delta{4, {}, {}, Bytes{4}, 12, 2};
  crls = {full, other, delta, other_delta};
  EXPECT_EQ(body("/ca/crl/0"), Bytes{1});
  EXPECT_EQ(body("/ca/crl/12"), Bytes{2});
  EXPECT_EQ(body("/ca/crl/delta"), Bytes{3});
  EXPECT_EQ(body("/ca/crl/delta/0"), Bytes{3});
  EXPECT_EQ(body("/ca/crl/delta/12"), Bytes{4});
  EXPECT_THAT(fetch("/ca/crl/delta/12").headers, Contains(Pair("ETag", "\"4-0\"")));
  for (const auto* none : {"/ca/crl/1", "/ca/crl/delta/1"}) {
    EXPECT_EQ(fetch(none).status, 404) << none;
  }
}

TEST_F(CrlRoutes, KnowTheirPaths) {
  for (const auto* path :
       {"/ca/crl/", "/ca/crl/012", "/ca/crl/-1", "/ca/crl/12/", "/ca/crl/4294967308", "/ca/crl/12a",
        "/ca/crl12", "/ca/crl/deltas", "/ca/crl/delta/", "/ca/crl/delta12", "/ca/crl/+12",
        "/ca/crl/ 12", "/ca/cr"}) {
    EXPECT_FALSE(is_crl_path(path)) << path;
    EXPECT_EQ(fetch(path).status, 404) << path;
  }
}

TEST_F(CrlRoutes, TellCachesHowLongACrlMayStandForANewerOne) {
  const auto told = fetch_at(kPublished + 1h);
  EXPECT_THAT(told.headers, Contains(Pair("Date", "Tue, 24 Nov 2026 02:00:00 GMT")));
  EXPECT_THAT(told.headers, Contains(Pair("Expires", "Wed, 25 Nov 2026 01:00:00 GMT")));
  EXPECT_THAT(told.headers, Contains(Pair("Cache-Control", "max-age=60, must-revalidate")));
}

TEST_F(CrlRoutes, LetNoCacheShowACrlBeyondItsNextUpdate) {
  for (const auto& [before_end, age] :
       {std::pair{61s, "60"}, {60s, "60"}, {59s, "59"}, {0s, "0"}, {-1s, "0"}}) {
    const auto told = fetch_at(kPublished + 24h - before_end);
    EXPECT_THAT(told.headers, Contains(Pair("Cache-Control",
                                            "max-age=" + std::string(age) + ", must-revalidate")))
        << before_end.count();
  }
}

TEST_F(CrlRoutes, SayTheSameToThoseWhoHaveIt) {
  const auto told = fetch("/ca/crl", kPublished, kTag);
  EXPECT_EQ(told.status, 304);
  EXPECT_EQ(read, 0);
  EXPECT_THAT(told.headers, Contains(Pair("Cache-Control", "max-age=60, must-revalidate")));
}

TEST_F(CrlRoutes, TakeNoCrlForAnotherOfItsNumber) {
  const auto headers = fetch("/ca/crl").headers;
  const auto tag = std::find_if(headers.begin(), headers.end(),
                                [](const http::Header& each) { return each.first == "ETag"; });
  ASSERT_NE(tag, headers.end());
  crls.front().this_update += 1s;
  EXPECT_EQ(fetch("/ca/crl", kPublished, tag->second).status, 200);
}

TEST_F(CrlRoutes, GiveAllTheSameOctets) {
  const auto first = fetch_at(kPublished);
  const auto second = fetch_at(kPublished);
  ASSERT_TRUE(first.shared_body);
  EXPECT_EQ(*first.shared_body->octets(), Bytes(3, 0x30));
  EXPECT_TRUE(first.body.empty());
  EXPECT_EQ(first.shared_body, second.shared_body);
}

}  // namespace
}  // namespace signet::server
