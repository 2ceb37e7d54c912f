// A page that somebody's browser shows sends requests with that person's certificate, unasked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/route_scene.h"

namespace signet::server {
namespace {

class PageRequests : public RouteScene {
 protected:
  http::Response post(const std::string& path, const std::string& origin,
                      const std::string& fetch_site) {
    http::Request request;
    request.method = "POST";
    request.path = path;
    request.content_type = path == "/cmc" ? "application/pkcs10" : "application/json";
    request.origin = origin;
    request.fetch_site = fetch_site;
    request.body = {0x30, 0x00};
    request.client_certificate = Bytes{7};
    return send(std::move(request));
  }
};

const std::vector<std::string> kForWhoAsks = {"/cmc",
                                              "/ca/ee/ca/profileSubmitCMCSimple",
                                              "/ca/ee/ca/profileSubmitUserSignedCMCFull",
                                              "/ca/ee/ca/profileSubmitCMCFullCACert",
                                              "/.well-known/est/simpleenroll",
                                              "/.well-known/est/fullcmc",
                                              "/agent/requests"};

TEST_F(PageRequests, NeverReachTheAuthority) {
  for (const auto& path : kForWhoAsks) {
    for (const auto& [origin, fetch_site] :
         {std::pair{"https://evil.example", "cross-site"}, std::pair{"null", ""},
          std::pair{"https://localhost", "same-origin"}, std::pair{"", "cross-site"},
          std::pair{"", "same-site"}, std::pair{"", "NONE"}}) {
      const auto response = post(path, origin, fetch_site);
      EXPECT_EQ(response.status, 403) << path << " " << origin << " " << fetch_site;
      EXPECT_THAT(words(response), testing::HasSubstr("A page in a browser"));
    }
  }
  EXPECT_TRUE(asked.empty());
  EXPECT_TRUE(agents_asked.empty());
}

/// As browsers do that know neither of the other two.
TEST_F(PageRequests, NeverReachItWithARefererAlone) {
  http::Request request;
  request.method = "POST";
  request.path = "/ca/ee/ca/profileSubmitCMCSimple";
  request.referer = "https://evil.example/";
  request.body = {0x30, 0x00};
  EXPECT_EQ(send(request).status, 403);
  EXPECT_TRUE(asked.empty());
}

TEST_F(PageRequests, OfProgramsReachIt) {
  post("/cmc", "", "");
  post("/ca/ee/ca/profileSubmitCMCSimple", "", "");
  post("/ca/ee/ca/profileSubmitCMCSimple", "", "none");
  post("/agent/requests", "", "");
  EXPECT_EQ(asked.size(), 3U);
  EXPECT_EQ(agents_asked.size(), 1U);
}

TEST_F(PageRequests, MayLookAtWhatIsForEverybody) {
  http::Request request;
  request.method = "GET";
  request.path = "/ca/chain.pem";
  request.origin = "https://intranet.example";
  request.fetch_site = "cross-site";
  EXPECT_EQ(send(request).status, 200);
  request.path = "/.well-known/est/cacerts";
  EXPECT_EQ(send(request).status, 200);
}

}  // namespace
}  // namespace signet::server
