#include "apps/signetd/est_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "envelope/signed_data.h"
#include "support/route_scene.h"

namespace signet::server {
namespace {

using authority::ResponseKind;
using ::testing::HasSubstr;

constexpr const char* kFullCmc = "/.well-known/est/fullcmc";
constexpr const char* kEstType = "application/pkcs7-mime; smime-type=CMC-request";

class EstRoutes : public RouteScene {
 protected:
  http::Response send(const std::string& path, const std::string& body,
                      const std::string& content_type = kEstType,
                      const std::string& method = "POST") {
    http::Request request;
    request.method = method;
    request.path = path;
    request.content_type = content_type;
    request.body = to_bytes(as_bytes(body));
    request.client_certificate = Bytes{7};
    return RouteScene::send(std::move(request));
  }
  int status_when_refused(Fault fault) {
    answer.refusal = Error{fault, "no"};
    return send(kFullCmc, to_base64(message)).status;
  }

  /// A ContentInfo; what is in it is the authority's to judge.
  const Bytes message = envelope::seal_certificates_only({}, {});
};

TEST_F(EstRoutes, TakesAndGivesMessagesInBase64) {
  /* matrix: G01, G04, G07 */
  const auto response = send(kFullCmc, to_base64(message));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/pkcs7-mime; smime-type=CMC-Response");
  EXPECT_EQ(words(response), to_base64(Bytes{1, 2, 3}));
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].octets, message);
  EXPECT_EQ(asked[0].peer.tls_client_certificate, Bytes{7});
  EXPECT_EQ(asked[0].profile_id, "");
  EXPECT_TRUE(asked[0].tolerated.empty());
  EXPECT_FALSE(asked[0].over_dogtag_path);
  EXPECT_TRUE(asked[0].answered_in_base64);
}

TEST_F(EstRoutes, GivesASimpleResponseItsType) {
  /* matrix: G04 */
  answer.kind = ResponseKind::simple;
  EXPECT_EQ(send(kFullCmc, to_base64(message)).content_type,
            "application/pkcs7-mime; smime-type=certs-only");
}

TEST_F(EstRoutes, HandOnTheRoomThatALongAnswerTakes) {
  answer.room = std::make_shared<int>(1);
  EXPECT_EQ(send(kFullCmc, to_base64(message)).room, answer.room);
}

TEST_F(EstRoutes, PassesOverWhiteSpace) {
  /* matrix: G09 */
  auto body = to_base64(message);
  body.insert(9, "\r\n \t");
  EXPECT_EQ(send(kFullCmc, "\n" + body + "\r\n").status, 200);
  EXPECT_EQ(asked.at(0).octets, message);
}

TEST_F(EstRoutes, TakesTheLabelForTheProfile) {
  EXPECT_EQ(send("/.well-known/est/caOne/fullcmc", to_base64(message)).status, 200);
  EXPECT_EQ(asked.at(0).profile_id, "caOne");
}

TEST_F(EstRoutes, ReadsALabelAsTheProfileThatItStandsFor) {
  for (const auto& [label, profile] : {std::pair{"ca%4Fne", "caOne"},
                                       {"a%20b+c", "a b+c"},
                                       {"a%2Fb", "a/b"},
                                       {"..", ".."},
                                       {"a%2", "a%2"}}) {
    EXPECT_EQ(
        send("/.well-known/est/" + std::string(label) + "/fullcmc", to_base64(message)).status,
        200);
    EXPECT_EQ(asked.back().profile_id, profile);
  }
  asked.clear();
  const auto told = send("/.well-known/est/a%FF/fullcmc", to_base64(message));
  EXPECT_EQ(told.status, 400);
  EXPECT_THAT(words(told), HasSubstr("no UTF-8"));
  EXPECT_TRUE(asked.empty());
}

TEST_F(EstRoutes, RejectsWhatIsNoFullPkiRequestInWords) {
  /* matrix: G02, G10 */
  const std::string binary(as_text(message));
  const Bytes pkcs10{0x30, 0x04, 0x30, 0x02, 0x05, 0x00};
  for (const auto& body : {binary, std::string("MII*"), std::string(), to_base64(pkcs10)}) {
    const auto response = send(kFullCmc, body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_THAT(response.content_type, HasSubstr("text/plain"));
  }
  for (const auto* type :
       {"", "application/pkcs10", "text/plain", "application/pkcs7-mime; smime-type=certs-only"}) {
    EXPECT_EQ(send(kFullCmc, to_base64(message), type).status, 415) << type;
  }
  EXPECT_TRUE(asked.empty());
}

TEST_F(EstRoutes, TellsARefusalByItsStatusAndTheResponseThatSaysWhy) {
  /* matrix: G05, G06 */
  EXPECT_EQ(status_when_refused(Fault::possession_failed), 400);
  EXPECT_EQ(status_when_refused(Fault::unsupported_request_type), 400);
  EXPECT_EQ(status_when_refused(Fault::bad_signature), 403);
  EXPECT_EQ(status_when_refused(Fault::unknown_identity), 403);
  EXPECT_EQ(status_when_refused(Fault::storage_failed), 500);
  answer.refusal = Error{Fault::busy, "no"};
  const auto later = send(kFullCmc, to_base64(message));
  EXPECT_EQ(later.status, 503);
  ASSERT_EQ(later.headers.size(), 1U);
  EXPECT_EQ(later.headers[0].first, "Retry-After");
  EXPECT_EQ(later.content_type, "application/pkcs7-mime; smime-type=CMC-Response");
  EXPECT_EQ(words(later), to_base64(Bytes{1, 2, 3}));
}

TEST_F(EstRoutes, SaysInWordsWhereThereIsNoResponse) {
  /* matrix: G10 */
  answer.kind = ResponseKind::none;
  answer.refusal = Error{Fault::malformed, "ends before its length"};
  const auto none = send(kFullCmc, to_base64(message));
  EXPECT_EQ(none.status, 400);
  EXPECT_THAT(words(none), HasSubstr("ends before its length"));
  answer.kind = ResponseKind::unable;
  EXPECT_EQ(send(kFullCmc, to_base64(message)).status, 500);
  answer.is_for_now = true;
  const auto later = send(kFullCmc, to_base64(message));
  EXPECT_EQ(later.status, 503);
  ASSERT_EQ(later.headers.size(), 1U);
  EXPECT_EQ(later.headers[0].first, "Retry-After");
}

TEST_F(EstRoutes, ShowsTheAuthoritysCertificates) {
  for (const auto* path : {"/.well-known/est/cacerts", "/.well-known/est/caOne/cacerts"}) {
    const auto shown = send(path, "", "", "GET");
    EXPECT_EQ(shown.status, 200) << path;
    EXPECT_EQ(shown.content_type, "application/pkcs7-mime; smime-type=certs-only");
    EXPECT_EQ(words(shown), to_base64(Bytes{4, 5}));
    EXPECT_EQ(send(path, "", "", "POST").status, 405);
  }
}

TEST_F(EstRoutes, HasNothingElse) {
  for (const auto* path :
       {"/.well-known/est/simpleenroll", "/.well-known/est/", "/.well-known/est/a/b/fullcmc",
        "/.well-known/est//x", "/.well-known/est//fullcmc", "/.well-known/est//cacerts",
        "/.well-known/est/fullcmc/", "/.well-known/est/full%63mc"}) {
    EXPECT_EQ(send(path, to_base64(message)).status, 404) << path;
    EXPECT_EQ(send(path, "", "", "GET").status, 404) << path;
  }
  EXPECT_EQ(send("/.well-known/estate", to_base64(message)).status, 404);
  EXPECT_EQ(send(kFullCmc, "", "", "GET").status, 405);
  EXPECT_TRUE(asked.empty());
}

TEST_F(EstRoutes, IsNotOfferedOverPlainHttp) {
  http::Request request;
  request.method = "POST";
  request.path = kFullCmc;
  EXPECT_EQ(send_plain(std::move(request)).status, 403);
  EXPECT_TRUE(asked.empty());
}

}  // namespace
}  // namespace signet::server
