#include "adapters/http/server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "support/tls_scene.h"

namespace signet::http {
namespace {

using test::unwrap;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A TCP connection to loopback that comes from `source`; -1 when there is none.
int connect_from(const char* source, std::uint16_t port) {
  const auto address_of = [](const char* text, std::uint16_t at) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(at);
    ::inet_pton(AF_INET, text, &address.sin_addr);
    return address;
  };
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto from = address_of(source, 0);
  const auto to = address_of("127.0.0.1", port);
  const bool connected =
      ::bind(socket, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0 &&
      ::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  if (connected) return socket;
  ::close(socket);
  return -1;
}

/// A TLS client that says what it is told to, for what libcurl would not do.
class RawClient {
 public:
  using Prepare = std::function<void(SSL_CTX*)>;
  explicit RawClient(std::uint16_t port, const Prepare& prepare = {}, SSL_SESSION* resume = nullptr)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    signal(SIGPIPE, SIG_IGN);  // the server may close first
    if (prepare) prepare(context_.get());
    bio_.reset(BIO_new_ssl_connect(context_.get()));
    BIO_set_conn_hostname(bio_.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
    if (resume != nullptr) SSL_set_session(tls(), resume);
    is_connected_ = BIO_do_connect(bio_.get()) == 1 && BIO_do_handshake(bio_.get()) == 1;
  }

  [[nodiscard]] bool is_connected() const { return is_connected_; }
  [[nodiscard]] SSL* tls() const {
    SSL* found = nullptr;
    BIO_get_ssl(bio_.get(), &found);
    return found;
  }
  void say(const std::string& words) {
    BIO_write(bio_.get(), words.data(), static_cast<int>(words.size()));
  }
  /// All until the server closes.
  std::string hear() {
    std::string heard;
    char buffer[4096];
    for (int size = 0; (size = BIO_read(bio_.get(), buffer, sizeof buffer)) > 0;) {
      heard.append(buffer, static_cast<std::size_t>(size));
    }
    return heard;
  }
  /// Until `end` has come, or the server closes.
  std::string hear_until(const std::string& end) {
    std::string heard;
    char octet = 0;
    while (heard.find(end) == std::string::npos && BIO_read(bio_.get(), &octet, 1) == 1) {
      heard += octet;
    }
    return heard;
  }

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  struct FreeAll {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
  };
  std::unique_ptr<BIO, FreeAll> bio_;
  bool is_connected_ = false;
};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() { settings = scene.server_settings(); }

  void serve() {
    server = unwrap(Server::start(
        std::move(settings),
        [this](Request request, Server::Reply reply) {
          respond(std::move(request), std::move(reply));
        },
        log));
  }
  [[nodiscard]] std::unique_ptr<Transport> client(TransportSettings with) const {
    return unwrap(Transport::open(std::move(with)));
  }
  [[nodiscard]] std::string url(const std::string& target = "/") const {
    return "https://127.0.0.1:" + std::to_string(server->port()) + target;
  }
  /// What the server says to these words; they must make it close.
  [[nodiscard]] std::string answer_to(const std::string& words) const {
    RawClient raw(server->port());
    raw.say(words);
    return raw.hear();
  }

  [[nodiscard]] bool shakes_hands_from(const char* source) const;

  test::TlsScene scene;
  ServerSettings settings;
  SilentLog log;
  std::function<void(Request, Server::Reply)> respond = [](const Request& request,
                                                           const Server::Reply& reply) {
    reply({200, "text/plain", request.body, {}});
  };
  std::unique_ptr<Server> server;
};

constexpr const char* kGetAndClose = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

// ------------------------------------------------------------------------- requests

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

TEST_F(ServerTest, HandsOverWhatTheClientHasAlready) {
  std::vector<Request> seen;
  respond = [&](Request request, const Server::Reply& reply) {
    seen.push_back(std::move(request));
    reply({200, "", {}, {}});
  };
  serve();
  static_cast<void>(
      answer_to("GET / HTTP/1.1\r\nHost: x\r\nif-none-match: \"7\"\r\n"
                "If-Modified-Since: Tue, 24 Nov 2026 01:00:00 GMT\r\n\r\n"
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].if_none_match, "\"7\"");
  EXPECT_EQ(seen[0].if_modified_since, "Tue, 24 Nov 2026 01:00:00 GMT");
  EXPECT_EQ(seen[1].if_none_match + seen[1].if_modified_since, "");
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

// ------------------------------------------------------------------------- limits

TEST_F(ServerTest, TakesABodyOfTheLimitAndNotOneOctetMore) {
  settings.maximum_body_octets = 4096;
  serve();
  const auto transport = client(scene.nobody());
  EXPECT_EQ(unwrap(transport->post(url(), "x/y", Bytes(4096, 1))).status, 200);
  const auto refused = unwrap(transport->post(url(), "x/y", Bytes(4097, 1)));
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(as_text(refused.body), "The body is larger than 4096 octets.\n");
}

TEST_F(ServerTest, RefusesATooLargeBodyBeforeItIsSent) {
  settings.maximum_body_octets = 4096;
  serve();
  RawClient raw(server->port());
  raw.say("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4097\r\n\r\n");
  EXPECT_THAT(raw.hear_until("octets.\n"), StartsWith("HTTP/1.1 413 "));
}

TEST_F(ServerTest, CountsTheOctetsOfChunks) {
  settings.maximum_body_octets = 4;
  serve();
  RawClient raw(server->port());
  raw.say(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4\r\nabcd\r\n1\r\ne\r\n0\r\n\r\n");
  EXPECT_THAT(raw.hear_until("octets.\n"), StartsWith("HTTP/1.1 413 "));
}

TEST_F(ServerTest, LetsTheRefusalArriveThoughTheBodyIsStillComing) {
  settings.maximum_body_octets = 1024;
  serve();
  RawClient raw(server->port());
  raw.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
  raw.say(std::string(200'000, 'x'));
  EXPECT_THAT(raw.hear_until("octets.\n"), StartsWith("HTTP/1.1 413 "));
}

TEST_F(ServerTest, RefusesAHeaderOverTheLimit) {
  serve();
  RawClient raw(server->port());
  raw.say("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(17 * 1024, 'x') + "\r\n\r\n");
  EXPECT_THAT(raw.hear_until("octets.\n"), StartsWith("HTTP/1.1 431 "));
}

TEST_F(ServerTest, ClosesWithoutAWordOnARequestThatIsTooSlow) {
  settings.read_timeout = std::chrono::seconds{1};
  serve();
  EXPECT_EQ(answer_to("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"), "");
}

TEST_F(ServerTest, MeasuresARequestFromItsFirstOctet) {
  settings.read_timeout = std::chrono::seconds{1};
  serve();
  RawClient raw(server->port());
  const auto started = std::chrono::steady_clock::now();
  std::string heard;
  std::thread drip([&raw] {  // each octet comes well within the limit, the request does not
    for (int i = 0; i < 12; ++i) {
      raw.say("G");
      std::this_thread::sleep_for(std::chrono::milliseconds{200});
    }
  });
  drip.join();
  EXPECT_EQ(raw.hear(), "");
  EXPECT_EQ(server->connections(), 0U);
  EXPECT_GE(std::chrono::steady_clock::now() - started, std::chrono::seconds{1});
}

TEST_F(ServerTest, ClosesAnIdleConnection) {
  settings.idle_timeout = std::chrono::seconds{1};
  serve();
  const auto answer = answer_to("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, ClosesAConnectionThatNeverShakesHands) {
  settings.read_timeout = std::chrono::seconds{1};
  serve();
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> plain(
      BIO_new_connect(("127.0.0.1:" + std::to_string(server->port())).c_str()), BIO_free_all);
  ASSERT_EQ(BIO_do_connect(plain.get()), 1);
  char octet = 0;
  EXPECT_LE(BIO_read(plain.get(), &octet, 1), 0);
}

TEST_F(ServerTest, TakesNoConnectionOverTheLimit) {
  settings.maximum_connections = 1;
  serve();
  const RawClient first(server->port());
  ASSERT_TRUE(first.is_connected());
  EXPECT_FALSE(RawClient(server->port()).is_connected());
  EXPECT_EQ(server->refused_connections(), 1U);
}

/// Whether a TLS client at `source` gets through.
bool ServerTest::shakes_hands_from(const char* source) const {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context.get()), SSL_free);
  const int socket = connect_from(source, server->port());
  SSL_set_fd(tls.get(), socket);
  const bool shaken = SSL_connect(tls.get()) == 1;
  ::close(socket);
  return shaken;
}

TEST_F(ServerTest, TakesNoConnectionOfOneClientOverItsLimitAndAnothersStill) {
  settings.maximum_connections_of_one = 1;
  serve();
  const RawClient first(server->port());
  ASSERT_TRUE(first.is_connected());
  EXPECT_FALSE(RawClient(server->port()).is_connected());
  EXPECT_FALSE(shakes_hands_from("127.0.0.1"));
  EXPECT_TRUE(shakes_hands_from("127.0.0.2"));
  EXPECT_EQ(server->refused_connections(), 2U);
}

TEST_F(ServerTest, TakesAConnectionOfOneClientAgainWhenItsOthersAreGone) {
  settings.maximum_connections_of_one = 1;
  serve();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(RawClient(server->port()).is_connected());
    while (server->connections() > 0) std::this_thread::yield();
  }
}

TEST_F(ServerTest, TakesNoMoreNewConnectionsOfOneClientThanItMayOpen) {
  settings.new_connections = {.per_second = 0.001, .burst = 2};
  serve();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(RawClient(server->port()).is_connected());
  EXPECT_FALSE(RawClient(server->port()).is_connected());
}

// ------------------------------------------------------------------------- TLS

/// The serial number in the certificate that the server showed.
std::string shown_to(const RawClient& client) {
  const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(client.tls()),
                                                          X509_free);
  const auto* serial_number = X509_get0_serialNumber(shown.get());
  return {reinterpret_cast<const char*>(serial_number->data),
          static_cast<std::size_t>(serial_number->length)};
}

TEST_F(ServerTest, ShowsAnotherCertificateToWhoConnectsFromThenOn) {
  serve();
  RawClient before(server->port());
  ASSERT_TRUE(server->use_certificate(scene.server_settings()).ok());
  RawClient after(server->port());
  EXPECT_NE(shown_to(before), shown_to(after));
  before.say(kGetAndClose);
  EXPECT_THAT(before.hear(), StartsWith("HTTP/1.1 200")) << "the connection that was there stays";
  after.say(kGetAndClose);
  EXPECT_THAT(after.hear(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, KeepsItsCertificateWhereAnotherCannotBeUsed) {
  serve();
  const RawClient before(server->port());
  auto wrong = scene.server_settings();
  wrong.private_key_pem = scene.server_settings().private_key_pem.copy();
  const auto used = server->use_certificate(wrong);
  ASSERT_FALSE(used.ok());
  EXPECT_EQ(used.error().fault, Fault::bad_configuration);
  EXPECT_EQ(shown_to(RawClient(server->port())), shown_to(before));
}

TEST_F(ServerTest, HandsOverTheClientsCertificateWithEachRequest) {
  std::vector<std::optional<Bytes>> seen;
  respond = [&](const Request& request, const Server::Reply& reply) {
    seen.push_back(request.client_certificate);
    reply({200, "", {}, {}});
  };
  serve();
  const auto holder = scene.authority.client();
  const auto transport = client(scene.as(holder));
  ASSERT_TRUE(transport->fetch(url()).ok());
  ASSERT_TRUE(transport->fetch(url()).ok());
  EXPECT_EQ(seen, std::vector(2, std::optional(holder.certificate.der)));
}

TEST_F(ServerTest, LeavesCertificatesOutOfDateToTheMessageLayer) {
  std::optional<Bytes> seen;
  respond = [&](const Request& request, const Server::Reply& reply) {
    seen = request.client_certificate;
    reply({200, "", {}, {}});
  };
  serve();
  for (const auto& validity : {test::kOver, test::kToCome}) {
    const auto holder = scene.authority.client(validity);
    ASSERT_TRUE(client(scene.as(holder))->fetch(url()).ok());
    EXPECT_EQ(seen, holder.certificate.der);
  }
}

TEST_F(ServerTest, RefusesTheClientCertificateOfAStranger) {
  bool is_asked = false;
  respond = [&](const Request&, const Server::Reply& reply) {
    is_asked = true;
    reply({200, "", {}, {}});
  };
  serve();
  for (const auto& validity : {test::kAlways, test::kOver}) {
    EXPECT_FALSE(client(scene.as(scene.stranger.client(validity)))->fetch(url()).ok());
  }
  EXPECT_FALSE(is_asked);
}

TEST_F(ServerTest, RefusesAStrangerWhoTakesTheAuthoritysName) {
  test::TlsAuthority impostor("CN=TLS Authority");
  serve();
  EXPECT_FALSE(client(scene.as(impostor.client()))->fetch(url()).ok());
}

TEST_F(ServerTest, SpeaksTls12AndLaterOnly) {
  /* matrix: F10 */
  serve();
  const auto only = [](int version) {
    return [version](SSL_CTX* context) {
      SSL_CTX_set_security_level(context, 0);
      SSL_CTX_set_min_proto_version(context, version);
      SSL_CTX_set_max_proto_version(context, version);
    };
  };
  EXPECT_TRUE(RawClient(server->port(), only(TLS1_3_VERSION)).is_connected());
  EXPECT_TRUE(RawClient(server->port(), only(TLS1_2_VERSION)).is_connected());
  EXPECT_FALSE(RawClient(server->port(), only(TLS1_1_VERSION)).is_connected());
}

TEST_F(ServerTest, OffersForwardSecrecyAndAuthenticatedEncryptionOnly) {
  /* matrix: F10 */
  serve();
  const auto with = [](const char* cipher) {
    return [cipher](SSL_CTX* context) {
      SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
      SSL_CTX_set_cipher_list(context, cipher);
    };
  };
  EXPECT_TRUE(RawClient(server->port(), with("ECDHE-ECDSA-AES128-GCM-SHA256")).is_connected());
  EXPECT_TRUE(RawClient(server->port(), with("ECDHE-ECDSA-CHACHA20-POLY1305")).is_connected());
  EXPECT_FALSE(RawClient(server->port(), with("ECDHE-ECDSA-AES128-SHA256")).is_connected());
  EXPECT_FALSE(RawClient(server->port(), with("ECDHE-ECDSA-AES128-SHA")).is_connected());
}

TEST_F(ServerTest, AgreesToNoRenegotiation) {
  /* matrix: F10 */
  serve();
  RawClient raw(server->port(),
                [](SSL_CTX* context) { SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION); });
  ASSERT_TRUE(raw.is_connected());
  SSL_renegotiate(raw.tls());
  EXPECT_NE(SSL_do_handshake(raw.tls()), 1);
}

class Resumption : public ServerTest, public ::testing::WithParamInterface<int> {};

TEST_P(Resumption, IsNeverOffered) {
  /* matrix: F11 */
  serve();
  const auto prepare = [](SSL_CTX* context) {
    SSL_CTX_set_max_proto_version(context, GetParam());
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
  };
  RawClient first(server->port(), prepare);
  first.say(kGetAndClose);
  EXPECT_THAT(first.hear(), StartsWith("HTTP/1.1 200 "));
  const std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> session(
      SSL_get1_session(first.tls()), SSL_SESSION_free);
  EXPECT_EQ(SSL_SESSION_get_max_early_data(session.get()), 0U);
  EXPECT_EQ(SSL_SESSION_has_ticket(session.get()), 0);
  const RawClient second(server->port(), prepare, session.get());
  EXPECT_TRUE(second.is_connected());
  EXPECT_EQ(SSL_session_reused(second.tls()), 0);
}
INSTANTIATE_TEST_SUITE_P(Versions, Resumption, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION));

// ------------------------------------------------------------------------- start and end

void expect_refused(const Result<std::unique_ptr<Server>>& server, const std::string& words) {
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.error().fault, Fault::bad_configuration);
  EXPECT_THAT(server.error().detail, HasSubstr(words));
}

void nobody_responds(Request, const Server::Reply&) {}

TEST_F(ServerTest, DoesNotStartWithWhatItCannotUse) {
  const auto start = [this] { return Server::start(std::move(settings), nobody_responds, log); };
  settings.certificate_chain_pem = "none";
  expect_refused(start(), "certificate of the server cannot be used");
  settings = scene.server_settings();
  settings.private_key_pem = SecretBytes(std::string_view("none"));
  expect_refused(start(), "key of the server cannot be read");
  settings = scene.server_settings();
  settings.client_authorities_pem = "none";
  expect_refused(start(), "authorities of TLS clients cannot be used");
  settings = scene.server_settings();
  settings.address = "localhost";
  expect_refused(start(), "\"localhost\" is no IP address");
}

TEST_F(ServerTest, DoesNotStartWithTheKeyOfAnotherCertificate) {
  for (const auto* kind : {"ec:p256", "rsa:2048"}) {
    settings = scene.server_settings();
    settings.private_key_pem =
        unwrap(crypto::write_private_key(*test::test_key(kind, 1), SecretBytes()));
    expect_refused(Server::start(std::move(settings), nobody_responds, log), "does not belong");
  }
}

TEST_F(ServerTest, OpensAnEncryptedKeyWithItsPassphraseOnly) {
  const auto holder = scene.authority.server(test::TlsScene::loopback());
  const auto with = [&](std::string_view passphrase) {
    settings = scene.server_settings(holder);
    settings.private_key_pem =
        unwrap(crypto::write_private_key(*holder.key, SecretBytes(std::string_view("sesame"))));
    settings.private_key_passphrase = SecretBytes(passphrase);
    return Server::check(settings);
  };
  EXPECT_TRUE(with("sesame").ok());
  EXPECT_EQ(with("barley").error().fault, Fault::bad_configuration);
  EXPECT_EQ(with("").error().fault, Fault::bad_configuration);
}

TEST_F(ServerTest, SaysThatItsPortIsTaken) {
  serve();
  settings = scene.server_settings();
  settings.port = server->port();
  expect_refused(Server::start(std::move(settings), nobody_responds, log),
                 "is another server running there?");
}

/// A client whose request the server has and has not answered yet.
class UnderWay : public ServerTest {
 protected:
  UnderWay() {
    respond = [this](const Request&, Server::Reply reply) { kept.set_value(std::move(reply)); };
    serve();
    asking =
        std::async(std::launch::async, [this] { return client(scene.nobody())->fetch(url()); });
    held = kept.get_future().get();
  }

  std::promise<Server::Reply> kept;
  Server::Reply held;
  std::future<Result<Reply>> asking;
};

TEST_F(UnderWay, DrainWaitsForTheAnswer) {
  auto draining =
      std::async(std::launch::async, [this] { server->drain(std::chrono::minutes{1}); });
  held({200, "", {}, {}});
  EXPECT_EQ(unwrap(asking.get()).status, 200);
  draining.get();
  EXPECT_EQ(server->connections(), 0U);
}

TEST_F(UnderWay, DrainWaitsNoLongerThanItsGrace) {
  server->drain(std::chrono::seconds{0});
  held({200, "", {}, {}});  // too late, and harmless while the server is there
  held = nullptr;
  server.reset();
  EXPECT_FALSE(asking.get().ok());
}

TEST_F(ServerTest, DrainClosesIdleConnectionsAndTakesNoNewOnes) {
  serve();
  const auto transport = client(scene.nobody());
  ASSERT_TRUE(transport->fetch(url()).ok());
  server->drain(std::chrono::minutes{1});
  EXPECT_EQ(server->connections(), 0U);
  EXPECT_FALSE(transport->fetch(url()).ok());
}

TEST_F(ServerTest, DrainDoesNotWaitForThoseWhoConnectAndSayNothing) {
  settings.read_timeout = std::chrono::minutes{10};
  serve();
  const int silent = connect_from("127.0.0.1", server->port());
  ASSERT_NE(silent, -1);
  while (server->connections() == 0) std::this_thread::yield();
  server->drain(std::chrono::seconds{20});
  EXPECT_EQ(server->connections(), 0U);
  ::close(silent);
}

TEST_F(ServerTest, OutlivesARespondThatThrows) {
  bool first = true;
  respond = [&](const Request&, const Server::Reply& reply) {
    if (std::exchange(first, false)) throw std::bad_alloc();
    reply({200, "", {}, {}});
  };
  serve();
  EXPECT_FALSE(client(scene.nobody())->fetch(url()).ok());
  EXPECT_TRUE(client(scene.nobody())->fetch(url()).ok());
}

}  // namespace
}  // namespace signet::http
