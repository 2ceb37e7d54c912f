#include "apps/signetd/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/encoding.h"
#include "support/route_scene.h"

namespace signet::server {
namespace {

using authority::Answer;
using authority::ResponseKind;
using ::testing::HasSubstr;

constexpr const char* kFullType = "application/pkcs7-mime; smime-type=CMC-Request";
const std::string kUserSignedPath = "/ca/ee/ca/profileSubmitUserSignedCMCFull";
const std::vector<std::string> kDogtagPaths = {"/ca/ee/ca/profileSubmitCMCFull", kUserSignedPath,
                                               "/ca/ee/ca/profileSubmitCMCSimple"};

class Routes : public RouteScene {
 protected:
  http::Response post(const std::string& path, const std::string& content_type,
                      const std::string& query = "", const Bytes& body = {0x30, 0x00}) {
    http::Request request;
    request.method = "POST";
    request.path = path;
    request.query = query;
    request.content_type = content_type;
    request.version = version_asked;
    request.body = body;
    request.client_certificate = Bytes{7};
    request.client_address = "192.0.2.1";
    return send(std::move(request));
  }
  http::Response fetch(const std::string& path, const std::string& method = "GET") {
    http::Request request;
    request.method = method;
    request.path = path;
    return send(std::move(request));
  }

  unsigned version_asked = 11;
};

// ------------------------------------------------------------------------- messages

TEST_F(Routes, HandsTheMessageAndItsSenderToTheAuthority) {
  /* matrix: A11 */
  post("/cmc", kFullType);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].octets, (Bytes{0x30, 0x00}));
  EXPECT_EQ(asked[0].peer.tls_client_certificate, Bytes{7});
  EXPECT_EQ(asked[0].peer.address, "192.0.2.1");
  EXPECT_EQ(asked[0].profile_id, "");
}

TEST_F(Routes, AnswersAFullResponseWithItsType) {
  /* matrix: F07, F09, F14 */
  const auto response = post("/cmc", kFullType);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type,
            "application/pkcs7-mime; smime-type=CMC-Response; name=response.p7m");
  EXPECT_EQ(response.body, (Bytes{1, 2, 3}));
}

TEST_F(Routes, HandOnTheRoomThatALongAnswerTakes) {
  answer.room = std::make_shared<int>(1);
  for (const auto version : {11U, 10U}) {
    version_asked = version;
    EXPECT_EQ(post("/cmc", kFullType).room, answer.room);
    EXPECT_EQ(post(kUserSignedPath, "").room, answer.room);
  }
}

TEST_F(Routes, AnswersASimpleResponseWithItsType) {
  /* matrix: F05, F09, F14 */
  answer.kind = ResponseKind::simple;
  const auto response = post("/cmc", "application/pkcs10");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type,
            "application/pkcs7-mime; smime-type=certs-only; name=response.p7c");
}

TEST_F(Routes, FillsTheHeaderForOldClientsWhoCountItsLines) {
  for (const auto& [lines, version, more] :
       {std::tuple{0, 10U, 0U}, {4, 10U, 2U}, {5, 10U, 3U}, {4, 11U, 0U}}) {
    parts.header_lines = lines;
    version_asked = version;
    const auto response = post("/ca/ee/ca/profileSubmitCMCFull", "");
    EXPECT_EQ(response.headers.size(), more) << lines << " lines, version " << version;
    const auto noted = more == 0 ? std::vector<Tolerance>{} : std::vector{Tolerance::header_lines};
    EXPECT_EQ(tolerated(), noted) << lines << " lines, version " << version;
  }
}

TEST_F(Routes, AnswersARefusalWithStatus200) {
  /* matrix: F09 */
  answer.refusal = Error{Fault::bad_signature, "the signature does not verify"};
  EXPECT_EQ(post("/cmc", kFullType).status, 200);
}

TEST_F(Routes, AnswersWithStatus500WhenItCannotSign) {
  answer.kind = ResponseKind::unable;
  const auto response = post("/cmc", kFullType);
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body, (Bytes{1, 2, 3}));
  EXPECT_EQ(header(response, "Retry-After"), "");
}

TEST_F(Routes, AnswersWithStatus503WhenItCannotSignForNow) {
  answer.kind = ResponseKind::unable;
  answer.is_for_now = true;
  const auto response = post("/cmc", kFullType);
  EXPECT_EQ(response.status, 503);
  EXPECT_NE(header(response, "Retry-After"), "");
  EXPECT_EQ(response.body, (Bytes{1, 2, 3}));
}

TEST_F(Routes, AnswersWithWordsWhereNoResponseIsPossible) {
  answer.kind = ResponseKind::none;
  answer.refusal = Error{Fault::malformed, "octet 0 is no tag"};
  const auto response = post("/cmc", kFullType);
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.content_type, HasSubstr("text/plain"));
  EXPECT_THAT(words(response), HasSubstr("octet 0 is no tag"));
}

TEST_F(Routes, WantsTheTypeOfACmcRequest) {
  /* matrix: F13 */
  for (const auto* type : {"", "text/plain", "application/x-www-form-urlencoded",
                           "application/pkcs7-mime; smime-type=CMC-Response",
                           "application/pkcs7-mime; smime-type=certs-only; name=CMC-Request"}) {
    const auto response = post("/cmc", type);
    EXPECT_EQ(response.status, 415) << type;
    EXPECT_THAT(words(response), HasSubstr("application/pkcs10"));
  }
  EXPECT_TRUE(asked.empty());
}

TEST_F(Routes, WantsAMessage) {
  for (const auto& path : {std::string("/cmc"), kUserSignedPath}) {
    const auto response = post(path, "application/pkcs10", "", {});
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(words(response), HasSubstr("empty"));
  }
  EXPECT_TRUE(asked.empty());
}

TEST_F(Routes, WantsBinary) {
  /* matrix: F15 */
  for (const std::string_view text :
       {"-----BEGIN CMS-----\nMIAG\n", "MIIBAA==", "MIAGCSqG", "\r\n MIIB"}) {
    for (const auto& path : {std::string("/cmc"), kUserSignedPath}) {
      const auto response = post(path, "application/pkcs10", "", to_bytes(text));
      EXPECT_EQ(response.status, 400);
      EXPECT_THAT(words(response), HasSubstr("binary DER"));
    }
  }
  EXPECT_TRUE(asked.empty());
}

TEST_F(Routes, LeavesOtherOctetsToTheAuthority) {
  for (const auto& body : {Bytes{0x4D}, Bytes{0x20}, Bytes{0x2D, 0x2D}, Bytes{0xFF, 0x00}}) {
    post("/cmc", "application/pkcs10", "", body);
    EXPECT_EQ(asked.back().octets, body);
  }
}

TEST_F(Routes, TakesMessagesByPostOnly) {
  for (const auto& path : {std::string("/cmc"), kUserSignedPath}) {
    for (const auto* method : {"GET", "PUT", "DELETE", "OPTIONS"}) {
      const auto response = fetch(path, method);
      EXPECT_EQ(response.status, 405);
      EXPECT_EQ(header(response, "Allow"), "POST");
    }
  }
  EXPECT_TRUE(asked.empty());
}

// ------------------------------------------------------------------------- Dogtag's paths

TEST_F(Routes, NamesTheProfileOfEachDogtagPath) {
  const std::vector<std::pair<std::string, std::string>> profiles{
      {"CMCFull", "caFullCMCUserCert"},
      {"UserSignedCMCFull", "caFullCMCUserSignedCert"},
      {"SelfSignedCMCFull", "caFullCMCSelfSignedCert"},
      {"CMCSimple", "caSimpleCMCUserCert"},
      {"CMCFullCACert", "caCMCcaCert"},
      {"CMCFullServerCert", "caCMCserverCert"},
      {"CMCFullOCSPCert", "caCMCocspCert"},
      {"CMCFullSubsystemCert", "caCMCsubsystemCert"},
      {"CMCFullAuditSigningCert", "caCMCauditSigningCert"},
      {"CMCFullKRAtransportCert", "caCMCkraTransportCert"},
      {"CMCFullKRAstorageCert", "caCMCkraStorageCert"}};
  for (const auto& [ending, profile] : profiles) {
    const auto path = "/ca/ee/ca/profileSubmit" + ending;
    EXPECT_EQ(post(path, "").status, 200) << path;
    EXPECT_EQ(asked.back().profile_id, profile) << path;
    EXPECT_TRUE(asked.back().over_dogtag_path);
    post(path, "", "profileId=caOther");
    EXPECT_EQ(asked.back().profile_id, "caOther") << path;
  }
}

// What a live Dogtag was observed to do with bodies and types, case by case.

// Dogtag: success at this path with this query.
TEST_F(Routes, ObservedRow03ASharedSecretMayNameItsProfileInTheQuery) {
  post("/ca/ee/ca/profileSubmitCMCFull", "", "profileId=caFullCMCSharedTokenCert");
  EXPECT_EQ(asked.back().profile_id, "caFullCMCSharedTokenCert");
}

// Dogtag: accepted.
TEST_F(Routes, ObservedRow44NoTypeOrAnotherIsAcceptedOnDogtagsPathsAlone) {
  for (const auto* type : {"", "text/plain"}) {
    EXPECT_EQ(post(kUserSignedPath, type).status, 200) << type;
    EXPECT_EQ(post("/cmc", type).status, 415) << type;
  }
}

// Dogtag: an HTML page with status 200.
TEST_F(Routes, ObservedRow45GarbageFormsAndTextAreAnsweredByOneLine) {
  answer.kind = ResponseKind::none;
  answer.refusal = Error{Fault::malformed, "octet 0 is no tag"};
  const auto is_one_line = [](const http::Response& response) {
    const auto text = words(response);
    return response.content_type.starts_with("text/plain") &&
           std::count(text.begin(), text.end(), '\n') == 1 && text.back() == '\n';
  };
  const auto form = post(kUserSignedPath, "application/x-www-form-urlencoded", "",
                         to_bytes("cert_request_type=cmc&cert_request=MIIB"));
  const auto garbage = post(kUserSignedPath, "", "", Bytes{0x13, 0x37, 0x00});
  const auto base64 = post(kUserSignedPath, "", "", to_bytes("MIIBAA=="));
  for (const auto& response : {form, garbage, base64}) {
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(is_one_line(response)) << words(response);
  }
  const auto typed = post("/cmc", "application/x-www-form-urlencoded");
  EXPECT_EQ(typed.status, 415);
  EXPECT_TRUE(is_one_line(typed)) << words(typed);
}

TEST_F(Routes, ObservedRow45TextIsTakenOverDogtagsPathsWhereTheSwitchIsOn) {
  parts.text_bodies = true;
  const Bytes message(300, 0x30);
  const std::string labelled = to_pem("CERTIFICATE REQUEST", message);
  for (const auto& body : {std::string("\n") + labelled, labelled}) {
    EXPECT_EQ(post(kUserSignedPath, "", "", to_bytes(body)).status, 200);
    EXPECT_EQ(asked.back().octets, message);
    EXPECT_EQ(tolerated(), std::vector{Tolerance::text_bodies});
  }
  const auto with_words = "\nCertificate request generated by Netscape certutil\n\n" + labelled;
  EXPECT_EQ(post(kUserSignedPath, "", "", to_bytes(with_words)).status, 200);
  EXPECT_EQ(asked.back().octets, message);
  const Bytes large{0x30, 0x82, 0x01, 0x00};
  EXPECT_EQ(post(kUserSignedPath, "", "", to_bytes(to_base64(large))).status, 200);
  EXPECT_EQ(asked.back().octets, large);
  asked.clear();
  EXPECT_EQ(post("/cmc", "application/pkcs10", "", to_bytes(labelled)).status, 400);
  for (const auto* bad : {"-----BEGIN X-----\nMIIB\n", "MII*", "-----no"}) {
    EXPECT_EQ(post(kUserSignedPath, "", "", to_bytes(std::string_view(bad))).status, 400) << bad;
  }
  EXPECT_EQ(post(kUserSignedPath, "", "", to_bytes(labelled + labelled)).status, 400);
  EXPECT_TRUE(asked.empty());
}

TEST_F(Routes, ObservedRow45BinaryIsNoTextWhateverTheSwitch) {
  parts.text_bodies = true;
  post(kUserSignedPath, "");
  EXPECT_TRUE(tolerated().empty());
  const auto holds_pem = to_bytes("0\n-----BEGIN X-----\nMIIB\n-----END X-----\n");
  post(kUserSignedPath, "", "", holds_pem);
  EXPECT_EQ(asked.back().octets, holds_pem);
  EXPECT_TRUE(tolerated().empty());
}

// Dogtag: badRequest [0], HTTP 200.
TEST_F(Routes, ObservedRow46AnEmptyBodyIsABadRequestOfHttp) {
  EXPECT_EQ(post(kUserSignedPath, "", "", {}).status, 400);
  answer.kind = ResponseKind::none;
  answer.refusal = Error{Fault::malformed, "ends before its length"};
  const auto truncated = post(kUserSignedPath, "", "", Bytes{0x30, 0x82, 0x10, 0x00, 0x06});
  EXPECT_EQ(truncated.status, 400);
  EXPECT_THAT(words(truncated), HasSubstr("ends before its length"));
}

TEST_F(Routes, LooksAtNoTypeOnDogtagsPaths) {
  for (const auto& path : kDogtagPaths) {
    for (const auto* type : {"", "text/plain"}) {
      EXPECT_EQ(post(path, type).content_type, "application/pkcs7-mime");
    }
  }
}

TEST_F(Routes, TakesTheProfileOfTheQueryBeforeThatOfThePath) {
  post(kUserSignedPath, "", "profileId=other");
  post("/cmc", kFullType, "x=1&profileId=another%20one");
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].profile_id, "other");
  EXPECT_EQ(asked[1].profile_id, "another one");
}

TEST_F(Routes, WantAProfileThatTheAnswerCanTellOf) {
  for (const auto& path : {std::string("/cmc"), kUserSignedPath}) {
    const auto response = post(path, kFullType, "profileId=a%FFb");
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(words(response), HasSubstr("no UTF-8"));
  }
  EXPECT_TRUE(asked.empty());
  post("/cmc", kFullType, "profileId=a%C3%BCb");
  EXPECT_EQ(asked.at(0).profile_id,
            "a\xC3\xBC"
            "b");
}

// ------------------------------------------------------------------------- the rest

TEST_F(Routes, KnowsNoOtherPath) {
  for (const auto* path :
       {"/", "", "/cmc/", "/CMC", "/ca", "/ca/ee/ca/profileSubmitCMCFull/x", "/ca/../cmc"}) {
    EXPECT_EQ(post(path, kFullType).status, 404) << path;
    EXPECT_EQ(fetch(path).status, 404) << path;
  }
  EXPECT_TRUE(asked.empty());
}

TEST_F(Routes, ShowsTheChainInBothForms) {
  const auto der = fetch("/ca/chain");
  EXPECT_EQ(der.body, (Bytes{4, 5}));
  EXPECT_THAT(der.content_type, HasSubstr("application/pkcs7-mime; smime-type=certs-only"));
  const auto pem = fetch("/ca/chain.pem");
  EXPECT_EQ(words(pem), "-----BEGIN CERTIFICATE-----");
  EXPECT_EQ(pem.content_type, "application/x-pem-file");
}

TEST_F(Routes, TellsItsHealth) {
  const auto well = fetch("/healthz");
  EXPECT_EQ(well.status, 200);
  EXPECT_EQ(words(well), "{\"status\":\"ok\"}\n");
  EXPECT_EQ(header(well, "Retry-After"), "");
  condition.degraded = {"the CRL is late"};
  const auto degraded = fetch("/healthz");
  EXPECT_EQ(degraded.status, 200) << "other nodes would do no better";
  EXPECT_EQ(words(degraded), "{\"status\":\"degraded\",\"why\":[\"the CRL is late\"]}\n");
  condition.down = {"no store"};
  const auto ill = fetch("/healthz");
  EXPECT_EQ(ill.status, 503);
  EXPECT_NE(header(ill, "Retry-After"), "");
  EXPECT_EQ(words(ill), "{\"status\":\"down\",\"why\":[\"no store\",\"the CRL is late\"]}\n");
}

TEST_F(Routes, ShowsWhatItCounted) {
  answer.issued = 2;
  post("/cmc", kFullType);
  answer = Answer();
  answer.kind = ResponseKind::none;
  answer.refusal = Error{Fault::malformed, "no"};
  post("/cmc", kFullType);
  const auto shown = words(fetch("/metrics"));
  EXPECT_THAT(shown, HasSubstr("\nsignet_messages_total{response=\"full\"} 1\n"));
  EXPECT_THAT(shown, HasSubstr("\nsignet_messages_total{response=\"none\"} 1\n"));
  EXPECT_THAT(shown, HasSubstr("\nsignet_certificates_issued_total 2\n"));
  EXPECT_THAT(shown, HasSubstr("\nsignet_refusals_total{fault=\"malformed\"} 1\n"));
  EXPECT_THAT(shown, HasSubstr("\nsignet_open_connections 3\n"));
  EXPECT_THAT(shown, HasSubstr("\nsignet_refused_connections 4\n"));
  EXPECT_THAT(shown, HasSubstr("\nsignet_failed_handshakes 5\n"));
  EXPECT_THAT(shown, HasSubstr("\nsignet_profiles_current 1\n"));
  readings.profiles_current = false;
  EXPECT_THAT(words(fetch("/metrics")), HasSubstr("\nsignet_profiles_current 0\n"));
  EXPECT_THAT(shown, HasSubstr("\nsignet_answer_seconds_count 2\n"));
}

TEST_F(Routes, OnlyShowsWhatIsOnlyShown) {
  for (const auto* path : {"/ca/chain", "/ca/chain.pem", "/healthz", "/metrics", "/ca/crl",
                           "/ca/crl/12", "/ca/crl/delta"}) {
    const auto response = post(path, kFullType);
    EXPECT_EQ(response.status, 405) << path;
    EXPECT_EQ(header(response, "Allow"), "GET, HEAD");
  }
  EXPECT_EQ(health_asked, 0);
  EXPECT_EQ(crls_looked_up, 0) << "the method comes first";
}

TEST_F(Routes, LeaveAgentsToThoseWhoMayWait) {
  EXPECT_EQ(post("/agent/requests/00/approve", "application/json").status, 200);
  ASSERT_EQ(agents_asked.size(), 1U);
  EXPECT_EQ(agents_asked[0].client_certificate, Bytes{7});
}

TEST_F(Routes, GiveTheEncryptionCertificateWhereThereIsOne) {
  EXPECT_EQ(fetch("/ca/encryption.pem").status, 404);
  encryption_pem = "-----BEGIN CERTIFICATE-----";
  EXPECT_EQ(words(fetch("/ca/encryption.pem")), encryption_pem);
}

}  // namespace
}  // namespace signet::server
