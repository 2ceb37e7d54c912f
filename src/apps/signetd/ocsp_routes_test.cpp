#include "apps/signetd/ocsp_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/route_scene.h"

namespace signet::server {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr const char* kType = "application/ocsp-request";
const Time kAt{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 1h};

class OcspRoutes : public RouteScene {
 protected:
  OcspRoutes() {
    crl = store::CrlRecord{7, kAt, kAt + 24h, Bytes{0x30, 0x00}};
    ocsp_answer.octets = {0x30, 1, 2, 3};
    ocsp_answer.at = kAt + 5min;
    ocsp_answer.freshness = authority::OcspFreshness{kAt, kAt + 1h, kAt + 45min};
    parts.ocsp = [this](ByteView octets) {
      ocsp_asked.push_back(to_bytes(octets));
      return ocsp_answer;
    };
  }

  static http::Request request(const std::string& method, const std::string& path,
                               const std::string& type = "", Bytes body = {}) {
    http::Request made;
    made.method = method;
    made.path = path;
    made.content_type = type;
    made.body = std::move(body);
    return made;
  }
  http::Response fetch(const std::string& path) { return send(request("GET", path)); }

  authority::OcspAnswer ocsp_answer;
  std::vector<Bytes> ocsp_asked;
};

TEST_F(OcspRoutes, TakesRequestsByPost) {
  for (const auto* path : {"/ocsp", "/ca/ocsp", "/ocsp/"}) {
    for (const auto* type : {kType, "Application/OCSP-Request; x=y"}) {
      const auto response = send(request("POST", path, type, {1, 2}));
      EXPECT_EQ(response.status, 200) << path;
      EXPECT_EQ(response.content_type, "application/ocsp-response");
      EXPECT_EQ(response.body, ocsp_answer.octets);
      EXPECT_EQ(ocsp_asked.back(), (Bytes{1, 2}));
    }
  }
}

TEST_F(OcspRoutes, WantsTheTypeOfAnOcspRequest) {
  for (const auto* type : {"", "text/plain", "application/ocsp-response", "application/pkcs10"}) {
    const auto response = send(request("POST", "/ocsp", type, {1, 2}));
    EXPECT_EQ(response.status, 415) << type;
    EXPECT_THAT(words(response), HasSubstr("application/ocsp-request"));
  }
  EXPECT_TRUE(ocsp_asked.empty());
}

TEST_F(OcspRoutes, TakesRequestsInThePath) {
  const Bytes octets{0xFB, 0xFF, 0xFE, 0x3E};  // +//+Pg==
  for (const auto* path :
       {"/ocsp/+//+Pg==", "/ca/ocsp/%2B%2F%2F%2BPg%3D%3D", "/ocsp/%2b//%2bPg=%3d"}) {
    EXPECT_EQ(fetch(path).status, 200);
    ASSERT_FALSE(ocsp_asked.empty());
    EXPECT_EQ(ocsp_asked.back(), octets) << path;
  }
}

TEST_F(OcspRoutes, GivesWhatIsNoBase64ToTheResponderAsNothing) {
  for (const auto* path :
       {"/ocsp/+//+Pg", "/ocsp/+//+Pg=", "/ocsp/-__-Pg==", "/ocsp/%zz", "/ocsp/="}) {
    EXPECT_EQ(fetch(path).status, 200);
    EXPECT_EQ(ocsp_asked.back(), Bytes()) << path;
  }
}

TEST_F(OcspRoutes, SaysHowLongAnAnswerMayBeKept) {
  const auto response = fetch("/ocsp/AQI=");
  EXPECT_EQ(header(response, "Date"), "Tue, 24 Nov 2026 01:05:00 GMT");
  EXPECT_EQ(header(response, "Last-Modified"), "Tue, 24 Nov 2026 01:00:00 GMT");
  EXPECT_EQ(header(response, "Expires"), "Tue, 24 Nov 2026 02:00:00 GMT");
  EXPECT_EQ(header(response, "Cache-Control"),
            "max-age=2400, public, no-transform, must-revalidate");
  const auto tag = header(response, "ETag");
  EXPECT_EQ(tag.size(), 34U);
  ocsp_answer.octets.back() ^= 1;
  EXPECT_NE(header(fetch("/ocsp/AQI="), "ETag"), tag);
}

TEST_F(OcspRoutes, LetsNobodyKeepWhatIsForOneRequester) {
  ocsp_answer.freshness.reset();
  const auto response = fetch("/ocsp/AQI=");
  EXPECT_EQ(header(response, "Cache-Control"), "no-store");
  for (const auto* name : {"ETag", "Expires", "Last-Modified"}) {
    EXPECT_EQ(header(response, name), "") << name;
  }
}

TEST_F(OcspRoutes, SendsNoAnswerAgainToWhoHasIt) {
  auto again = request("GET", "/ocsp/AQI=");
  again.if_none_match = header(fetch("/ocsp/AQI="), "ETag");
  EXPECT_EQ(send(again).status, 304);
  ocsp_answer.octets.back() ^= 1;
  EXPECT_EQ(send(again).status, 200);
  auto of_crl = request("GET", "/ca/crl");
  of_crl.if_none_match = header(send(of_crl), "ETag");
  EXPECT_EQ(send(of_crl).status, 304);
  of_crl.if_none_match = "\"6\"";
  EXPECT_EQ(send(of_crl).status, 200);
}

TEST_F(OcspRoutes, RefusesOtherMethods) {
  for (const auto* method : {"GET", "PUT", "DELETE"}) {
    const auto response = send(request(method, "/ocsp"));
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(header(response, "Allow"), "POST");
  }
  const auto below = send(request("POST", "/ca/ocsp/AQI=", kType, {1}));
  EXPECT_EQ(below.status, 405);
  EXPECT_EQ(header(below, "Allow"), "GET, HEAD");
  EXPECT_TRUE(ocsp_asked.empty());
}

TEST_F(OcspRoutes, AreNotWhereTheyOnlyLookAlike) {
  for (const auto* path : {"/ocspx", "/ocs", "/ca/ocspAQI=", "/x/ocsp", "/OCSP"}) {
    EXPECT_EQ(fetch(path).status, 404) << path;
  }
  EXPECT_TRUE(ocsp_asked.empty());
}

TEST_F(OcspRoutes, SayWhenOcspIsNotOffered) {
  parts.ocsp = {};
  for (const auto* path : {"/ocsp", "/ca/ocsp/AQI="}) {
    EXPECT_EQ(fetch(path).status, 404);
    EXPECT_THAT(words(fetch(path)), HasSubstr("does not offer OCSP"));
  }
}

TEST_F(OcspRoutes, AreCounted) {
  fetch("/ocsp/AQI=");
  ocsp_answer.was_kept = true;
  fetch("/ocsp/AQI=");
  ocsp_answer.status = ocsp::OCSPResponseStatus::unauthorized;
  ocsp_answer.was_kept = false;
  fetch("/ocsp/AQI=");
  const auto shown = words(fetch("/metrics"));
  const auto line = [](const char* when, const char* status) {
    return std::string("\nsignet_ocsp_answers_total{signed=\"") + when + "\",status=\"" + status +
           "\"} 1\n";
  };
  EXPECT_THAT(shown, HasSubstr(line("now", "successful")));
  EXPECT_THAT(shown, HasSubstr(line("earlier", "successful")));
  EXPECT_THAT(shown, HasSubstr("status=\"unauthorized\""));
}

// ------------------------------------------------------------------------- without TLS

TEST_F(OcspRoutes, OverPlainHttpGiveWhatIsSignedInItself) {
  EXPECT_EQ(send_plain(request("POST", "/ocsp", kType, {1})).status, 200);
  EXPECT_EQ(send_plain(request("GET", "/ca/ocsp/AQI=")).status, 200);
  for (const auto* path : {"/ca/crl", "/ca/chain", "/ca/chain.pem", "/healthz"}) {
    EXPECT_EQ(send_plain(request("GET", path)).status, 200) << path;
    EXPECT_EQ(send_plain(request("POST", path)).status, 405) << path;
  }
}

TEST_F(OcspRoutes, OverPlainHttpTakeNoCmc) {
  for (const auto* path :
       {"/cmc", "/ca/ee/ca/profileSubmitCMCFull", "/ca/ee/ca/profileSubmitSelfSignedCMCFull"}) {
    const auto response = send_plain(request("POST", path, "application/pkcs10", {0x30, 0x00}));
    EXPECT_EQ(response.status, 403) << path;
    EXPECT_THAT(words(response), HasSubstr("HTTPS only"));
  }
  EXPECT_TRUE(asked.empty());
}

TEST_F(OcspRoutes, OverPlainHttpShowNothingElse) {
  for (const auto* path : {"/metrics", "/ca/encryption.pem", "/", "/cmc/"}) {
    EXPECT_EQ(send_plain(request("GET", path)).status, 404) << path;
  }
}

}  // namespace
}  // namespace signet::server
