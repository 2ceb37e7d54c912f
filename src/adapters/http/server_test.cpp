#include "adapters/http/server.h"

#include <future>
#include <thread>

#include "support/server_scene.h"

namespace signet::http {
namespace {

using test::unwrap;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(ServerTest, HandsOverTheWholeRequest) {
  Request seen;
  respond = [&](Request request, const Server::Reply& reply) {
    seen = std::move(request);
    reply({200, "", {}, {}});
  };
  serve();
  const Bytes message{0x30, 0x00};
  ASSERT_TRUE(
      client(scene.nobody())->post(url("/a%20b?c=d?e"), "application/pkcs10", message).ok());
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.path, "/a%20b");
  EXPECT_EQ(seen.query, "c=d?e");
  EXPECT_EQ(seen.content_type, "application/pkcs10");
  EXPECT_EQ(seen.body, message);
  EXPECT_EQ(seen.client_address, "127.0.0.1");
  EXPECT_EQ(seen.client_certificate, std::nullopt);
}

TEST_F(ServerTest, WritesStatusTypeAndHeadersOfTheResponse) {
  respond = [](const Request&, const Server::Reply& reply) {
    reply({405, "text/plain", to_bytes(std::string_view("no")), {{"Allow", "POST"}}});
  };
  serve();
  const auto answer = answer_to(kGetAndClose);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Type: text/plain\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nAllow: POST\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 2\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nno"));
}

TEST_F(ServerTest, TakesTheAbsoluteFormOfATarget) {
  respond = [](const Request& request, const Server::Reply& reply) {
    reply({200, "", to_bytes(request.path + "|" + request.query), {}});
  };
  serve();
  const auto seen = [&](const std::string& target) {
    const auto answer =
        answer_to("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return answer.substr(answer.find("\r\n\r\n") + 4);
  };
  EXPECT_EQ(seen("https://ca.test:8443/cmc?profileId=a"), "/cmc|profileId=a");
  EXPECT_EQ(seen("HTTP://ca.test/cmc"), "/cmc|");
  EXPECT_EQ(seen("https://ca.test"), "/|");
  EXPECT_EQ(seen("https://ca.test?a=/b"), "/|a=/b");
  EXPECT_EQ(seen("/cmc?a=https://b/c"), "/cmc|a=https://b/c");
  EXPECT_EQ(seen("ftp://ca.test/cmc"), "ftp://ca.test/cmc|") << "nothing is there";
}

TEST_F(ServerTest, DatesItsAnswersOverHttp11Once) {
  std::vector<Header> headers;
  respond = [&](const Request&, const Server::Reply& reply) { reply({200, "", {}, headers}); };
  serve();
  EXPECT_THAT(answer_to(kGetAndClose),
              ::testing::ContainsRegex("\r\nDate: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} "
                                       "[0-9]{2}:[0-9]{2}:[0-9]{2} GMT\r\n"));
  headers = {{"date", "of its own"}};
  const auto answer = answer_to(kGetAndClose);
  EXPECT_THAT(answer, HasSubstr("\r\ndate: of its own\r\n"));
  EXPECT_THAT(answer, ::testing::Not(HasSubstr("Date:")));
}

TEST_F(ServerTest, AddsNoLineToAnHttp10Answer) {
  serve();
  const auto answer = answer_to("GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.0 200 "));
  EXPECT_THAT(answer, ::testing::Not(HasSubstr("Date:"))) << "Dogtag's client counts lines";
}

TEST_F(ServerTest, AnswersHeadAsGetWithoutItsBody) {
  std::string method;
  respond = [&](const Request& request, const Server::Reply& reply) {
    method = request.method;
    reply({200, "text/plain", to_bytes(std::string_view("words")), {}});
  };
  serve();
  const auto answer = answer_to("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(method, "GET");
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 5\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(ServerTest, WritesABodyThatIsSharedAndLetsGoOfIt) {
  auto shared = std::make_shared<const SharedBody>(to_bytes(std::string_view("shared")));
  const std::weak_ptr<const SharedBody> watched = shared;
  respond = [&](const Request&, const Server::Reply& reply) {
    reply({200, "text/plain", {}, {}, shared});
  };
  serve();
  RawClient raw(server->port());
  raw.say("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(raw.hear_until("\r\n\r\n"), HasSubstr("\r\nContent-Length: 6\r\n"));
  raw.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(raw.hear_until("shared"), HasSubstr("\r\nContent-Length: 6\r\n"));
  shared.reset();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!watched.expired() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_TRUE(watched.expired()) << "the connection, still open, holds it";
}

TEST_F(ServerTest, SaysWhyARequestAfterHeadIsBad) {
  serve();
  const auto answer = answer_to("HEAD / HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("HTTP/1.1 400 "));
  EXPECT_THAT(answer, HasSubstr("This is no HTTP request"));
}

TEST_F(ServerTest, AnswersRequestsSentTogetherInTheirOrder) {
  respond = [](const Request& request, const Server::Reply& reply) {
    reply({200, "", to_bytes(request.path), {}});
  };
  serve();
  const auto answer = answer_to(
      "GET /first HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto first = answer.find("/first");
  ASSERT_NE(first, std::string::npos);
  EXPECT_NE(answer.find("/second", first), std::string::npos);
}

TEST_F(ServerTest, ClosesAfterOneRequestOfHttp10) {
  serve();
  EXPECT_THAT(answer_to("GET / HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.0 200 "));
}

TEST_F(ServerTest, ReadsABodyInChunks) {
  serve();
  const auto answer = answer_to(
      "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
  EXPECT_THAT(answer, EndsWith("\r\n\r\nabc"));
}

TEST_F(ServerTest, ReadsARequestHoweverItIsCut) {
  serve();
  const std::string whole =
      "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
  for (std::size_t at = 1; at < whole.size(); ++at) {
    RawClient raw(server->port());
    raw.say(whole.substr(0, at));  // a record of its own, which is read alone
    raw.say(whole.substr(at));
    ASSERT_THAT(raw.hear(), EndsWith("\r\n\r\nabc")) << at;
  }
}

TEST_F(ServerTest, ReadsARequestOctetByOctet) {
  serve();
  for (const std::string chunks : {"", "1;x\r\na\r\n"}) {
    RawClient raw(server->port());
    for (const char octet :
         "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" +
             chunks + "0\r\n\r\n") {
      raw.say(std::string(1, octet));
    }
    EXPECT_THAT(raw.hear(), EndsWith(chunks.empty() ? "\r\n\r\n" : "\r\n\r\na"));
  }
}

TEST_F(ServerTest, RefusesABodyWhoseEndNobodyCanTell) {
  serve();
  std::vector<std::string> requests;
  for (const std::string coding : {"gzip", "chunked, gzip", "xchunked"}) {
    requests.push_back("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + coding +
                       "\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  for (const auto& answer : answers_to(requests)) {
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << answer << ": one answer";
  }
}

TEST_F(ServerTest, RefusesAHeadThatDoesNotSayForWhomOnceAndCloses) {
  serve();
  const std::string next = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n";
  std::vector<std::string> requests;
  for (const std::string lines : {"", "Host: a b\r\n", "Host: a\r\nhost: a\r\n"}) {
    requests.push_back("GET / HTTP/1.1\r\n" + lines + "\r\n" + next);
  }
  for (const auto& answer : answers_to(requests)) {
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_THAT(answer, HasSubstr("This request is not taken: "));
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << answer << ": one answer";
  }
}

TEST_F(ServerTest, RefusesCodingsThatItDoesNotTakeOff) {
  serve();
  const std::string chunks = "1\r\na\r\n0\r\n\r\n";
  for (const std::string codings : {"Transfer-Encoding: gzip, chunked\r\n",
                                    "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"}) {
    EXPECT_THAT(answer_to("POST / HTTP/1.1\r\nHost: x\r\n" + codings + "\r\n" + chunks),
                StartsWith("HTTP/1.1 501 "))
        << codings;
  }
  EXPECT_THAT(answer_to("POST / HTTP/1.0\r\nConnection: keep-alive\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n" +
                        chunks),
              StartsWith("HTTP/1.0 400 "));
}

TEST_F(ServerTest, PassesOverEmptyLinesBeforeARequest) {
  serve();
  const std::string last =
      "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
      "Content-Length: 4\r\n\r\nlast";
  EXPECT_THAT(answer_to("\r\n\r\n" + last), EndsWith("\r\n\r\nlast"));
  RawClient raw(server->port());
  raw.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nfirst\r");
  EXPECT_THAT(raw.hear_until("first"), EndsWith("first"));
  raw.say("\n");
  raw.say("\r");
  raw.say("\n" + last);
  EXPECT_THAT(raw.hear(), EndsWith("\r\n\r\nlast"));
  EXPECT_THAT(answers_to({"\n" + last, "\r" + last, "\r\n\r" + last, " \r\n" + last}),
              ::testing::Each(StartsWith("HTTP/1.1 400 ")));
}

TEST_F(ServerTest, LetsTrailersChangeNothing) {
  respond = [](const Request& request, const Server::Reply& reply) {
    reply({200, "", to_bytes(request.content_type), {}});
  };
  serve();
  const auto answer = answer_to(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: told\r\nConnection: close\r\n"
      "Transfer-Encoding: chunked\r\n\r\n"
      "1\r\na\r\n0\r\nContent-Type: trailing\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(answer, EndsWith("\r\n\r\ntold"));
}

TEST_F(ServerTest, ClosesWhereTheResponseSaysSoOnce) {
  respond = [](const Request&, const Server::Reply& reply) {
    reply({200, "", to_bytes("body"), {{"Connection", "close"}}});
  };
  settings.idle_timeout = std::chrono::minutes{10};
  serve();
  const auto answer = answer_to("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(answer.find("keep-alive"), std::string::npos);
}

TEST_F(ServerTest, RefusesABodyOfTwoLengths) {
  serve();
  const auto answer = answer_to(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
      "1\r\na\r\n0\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
}

TEST_F(ServerTest, AsksForABodyThatWaitsToBeAsked) {
  serve();
  RawClient raw(server->port());
  raw.say(
      "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-Continue\r\n"
      "Content-Length: 4\r\n\r\n");
  EXPECT_EQ(raw.hear_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  raw.say("body");
  EXPECT_THAT(raw.hear(), EndsWith("\r\n\r\nbody"));
}

TEST_F(ServerTest, SaysNothingInBetweenToHttp10) {
  serve();
  const auto answer =
      answer_to("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na");
  EXPECT_THAT(answer, StartsWith("HTTP/1.0 200 "));
}

TEST_F(ServerTest, TakesTheReplyFromAnotherThread) {
  std::thread elsewhere;
  respond = [&](const Request&, Server::Reply reply) {
    elsewhere = std::thread([reply = std::move(reply)] { reply({202, "", {}, {}}); });
  };
  serve();
  EXPECT_EQ(unwrap(client(scene.nobody())->fetch(url())).status, 202);
  elsewhere.join();
}

TEST_F(ServerTest, HandsOverWhatTheClientHasAlreadyAndWhereItComesFrom) {
  std::vector<Request> seen;
  respond = [&](Request request, const Server::Reply& reply) {
    seen.push_back(std::move(request));
    reply({200, "", {}, {}});
  };
  serve();
  static_cast<void>(
      answer_to("GET / HTTP/1.1\r\nHost: x\r\nif-none-match: \"7\"\r\n"
                "If-Modified-Since: Tue, 24 Nov 2026 01:00:00 GMT\r\n"
                "origin: null\r\nSec-Fetch-Site: cross-site\r\nReferer: https://x/\r\n\r\n"
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].if_none_match, "\"7\"");
  EXPECT_EQ(seen[0].if_modified_since, "Tue, 24 Nov 2026 01:00:00 GMT");
  EXPECT_EQ(seen[0].origin, "null");
  EXPECT_EQ(seen[0].fetch_site, "cross-site");
  EXPECT_EQ(seen[0].referer, "https://x/");
  const auto& plain = seen[1];
  EXPECT_EQ(plain.if_none_match + plain.if_modified_since + plain.origin + plain.fetch_site, "");
}

TEST_F(ServerTest, WritesNotModifiedWithoutBodyAndLengthAndGoesOn) {
  int asked = 0;
  respond = [&](const Request&, const Server::Reply& reply) {
    if (++asked == 1) return reply({304, "", {}, {{"ETag", "\"7\""}}});
    reply({200, "", to_bytes(std::string_view("body")), {}});
  };
  serve();
  const auto answer = answer_to(
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto second = answer.find("HTTP/1.1 200 ");
  ASSERT_NE(second, std::string::npos);
  const auto first = answer.substr(0, second);
  EXPECT_THAT(first, StartsWith("HTTP/1.1 304 "));
  EXPECT_THAT(first, HasSubstr("\r\nETag: \"7\"\r\n"));
  EXPECT_THAT(first, ::testing::Not(HasSubstr("Content-Length")));
  EXPECT_THAT(first, EndsWith("\r\n\r\n"));
}

// ------------------------------------------------------------------------- without TLS

class PlainServerTest : public ServerTest {
 protected:
  PlainServerTest() {
    settings = ServerSettings();
    settings.protection = Protection::plain;
    settings.port = 0;
  }
  [[nodiscard]] std::string answer_in_plain(const std::string& words) const {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> plain(
        BIO_new_connect(("127.0.0.1:" + std::to_string(server->port())).c_str()), BIO_free_all);
    BIO_write(plain.get(), words.data(), static_cast<int>(words.size()));
    std::string heard;
    char buffer[4096];
    for (int size = 0; (size = BIO_read(plain.get(), buffer, sizeof buffer)) > 0;) {
      heard.append(buffer, static_cast<std::size_t>(size));
    }
    return heard;
  }
};

TEST_F(PlainServerTest, AnswersRequestsOneAfterAnotherWithoutCertificateOrKey) {
  std::vector<Request> seen;
  respond = [&](Request request, const Server::Reply& reply) {
    seen.push_back(request);
    reply({200, "", std::move(request.body), {}});
  };
  serve();
  const auto answer = answer_in_plain(
      "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nfirst"
      "POST /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nlast");
  EXPECT_THAT(answer, HasSubstr("first"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nlast"));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].client_certificate, std::nullopt);
  EXPECT_EQ(seen[0].client_address, "127.0.0.1");
}

TEST_F(PlainServerTest, HasTheSameLimits) {
  settings.maximum_body_octets = 4;
  settings.read_timeout = std::chrono::seconds{1};
  serve();
  EXPECT_THAT(answer_in_plain("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(answer_in_plain("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabc"), "");
  EXPECT_THAT(answer_in_plain("\x16\x03\x01 a TLS client\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(PlainServerTest, ShakesNoHandsWithTlsClientsAndDrains) {
  serve();
  EXPECT_FALSE(RawClient(server->port()).is_connected());
  server->drain(std::chrono::seconds{5});
  EXPECT_EQ(server->connections(), 0U);
}

}  // namespace
}  // namespace signet::http
