#include "adapters/http/transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>

#include "support/tls_scene.h"

namespace signet::http {
namespace {

using test::unwrap;
using ::testing::HasSubstr;

/// Our own server on loopback, and a client for it.
class TransportTest : public ::testing::Test {
 protected:
  void serve(ServerSettings settings) {
    server = unwrap(Server::start(
        std::move(settings),
        [this](Request request, const Server::Reply& reply) { respond(request, reply); }, log));
  }
  void serve() { serve(scene.server_settings()); }

  [[nodiscard]] std::string url(const std::string& path = "/") const {
    return "https://127.0.0.1:" + std::to_string(server->port()) + path;
  }
  Result<Reply> post(TransportSettings settings) const {
    const Bytes message{0x30, 0x00};
    return unwrap(Transport::open(std::move(settings)))->post(url(), "application/x", message);
  }
  void expect_fault(const Result<Reply>& reply, Fault fault, const std::string& words) const {
    ASSERT_FALSE(reply.ok());
    EXPECT_EQ(reply.error().fault, fault) << reply.error().detail;
    EXPECT_THAT(reply.error().detail, HasSubstr(words));
  }

  test::TlsScene scene;
  SilentLog log;
  std::function<void(const Request&, const Server::Reply&)> respond =
      [](const Request& request, const Server::Reply& reply) {
        reply({200, "application/y", request.body, {}});
      };
  std::unique_ptr<Server> server;
};

/// A port of loopback where nobody listens, or where whoever comes is cut off at once.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    socklen_t size = sizeof address;
    CHECK(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~Listener() {
    ::shutdown(socket_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    ::close(socket_);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
  /// Says `words` to the one who comes and speaks, then closes.
  void answer_once(const std::string& words) {
    CHECK(::listen(socket_, 1) == 0);
    thread_ = std::thread([this, words] {
      const int peer = ::accept(socket_, nullptr, nullptr);
      if (peer < 0) return;
      std::array<char, 4096> heard{};
      CHECK(::recv(peer, heard.data(), heard.size(), 0) >= 0);
      CHECK(::send(peer, words.data(), words.size(), MSG_NOSIGNAL) >= 0);
      ::close(peer);
    });
  }
  /// Lets come who will, and says nothing.
  void be_silent() const { CHECK(::listen(socket_, 1) == 0); }

 private:
  int socket_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

// ------------------------------------------------------------------------- what comes back

TEST_F(TransportTest, PostsTheOctetsAsTheyAre) {
  /* matrix: F08, F15 */
  std::string method;
  std::string content_type;
  respond = [&](const Request& request, const Server::Reply& reply) {
    method = request.method;
    content_type = request.content_type;
    reply({200, "application/y", request.body, {}});
  };
  serve();
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);

  const auto transport = unwrap(Transport::open(scene.nobody()));
  const auto reply = unwrap(transport->post(url(), "application/pkcs10", all));

  EXPECT_EQ(method, "POST");
  EXPECT_EQ(content_type, "application/pkcs10");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/y");
  EXPECT_EQ(reply.body, all);
}

TEST_F(TransportTest, FetchesByGet) {
  std::string method;
  respond = [&](const Request& request, const Server::Reply& reply) {
    method = request.method;
    reply({200, "text/plain", to_bytes(request.path), {}});
  };
  serve();
  const auto reply = unwrap(unwrap(Transport::open(scene.nobody()))->fetch(url("/ca/chain")));
  EXPECT_EQ(method, "GET");
  EXPECT_EQ(as_text(reply.body), "/ca/chain");
}

TEST_F(TransportTest, GivesBackWhateverStatus) {
  respond = [](const Request&, const Server::Reply& reply) {
    reply({503, "text/plain", to_bytes(std::string_view("later")), {{"Retry-After", "1"}}});
  };
  serve();
  EXPECT_EQ(unwrap(post(scene.nobody())).status, 503);
}

TEST_F(TransportTest, AnyServerIsSpokenToAndToldOf) {
  const auto stranger = scene.stranger.server({pkix::DnsName{"elsewhere.test"}});
  serve(scene.server_settings(stranger));
  EXPECT_FALSE(post(scene.nobody()).ok()) << "nobody vouches for it";
  TransportSettings anybody;
  anybody.timeout_seconds = 20;
  anybody.any_server = true;
  const auto reply = unwrap(post(std::move(anybody)));
  EXPECT_EQ(reply.status, 200);
  ASSERT_EQ(reply.server_certificates.size(), 1U);
  EXPECT_EQ(unwrap(from_pem(reply.server_certificates[0])).front().octets,
            stranger.certificate.der);
}

TEST_F(TransportTest, AServerThatIsVouchedForIsNotToldOf) {
  serve();
  EXPECT_TRUE(unwrap(post(scene.nobody())).server_certificates.empty());
}

TEST_F(TransportTest, FollowsNoRedirect) {
  int asked = 0;
  respond = [&](const Request&, const Server::Reply& reply) {
    ++asked;
    reply({307, "", {}, {{"Location", url("/elsewhere")}}});
  };
  serve();
  EXPECT_EQ(unwrap(post(scene.nobody())).status, 307);
  EXPECT_EQ(asked, 1);
}

TEST_F(TransportTest, KeepsItsConnection) {
  std::atomic<std::size_t> most{0};
  respond = [&](const Request&, const Server::Reply& reply) {
    most = std::max(most.load(), server->connections());
    reply({200, "", {}, {}});
  };
  serve();
  const auto transport = unwrap(Transport::open(scene.nobody()));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(transport->fetch(url()).ok());
  EXPECT_EQ(most, 1U);
  EXPECT_EQ(server->connections(), 1U);
}

TEST_F(TransportTest, TakesSixteenMebibytesAndNotOneOctetMore) {
  constexpr std::size_t kMost = 16 * 1024 * 1024;
  std::size_t size = kMost;
  respond = [&](const Request&, const Server::Reply& reply) {
    reply({200, "", Bytes(size, 0x30), {}});
  };
  serve();
  EXPECT_EQ(unwrap(post(scene.nobody())).body.size(), kMost);
  size = kMost + 1;
  expect_fault(post(scene.nobody()), Fault::too_large, "16777216 octets");
}

TEST_F(TransportTest, TakesAsManyOctetsAsItIsTold) {
  std::size_t size = 1000;
  respond = [&](const Request&, const Server::Reply& reply) {
    reply({200, "", Bytes(size, 0x30), {}});
  };
  serve();
  auto settings = scene.nobody();
  settings.most_octets = 1000;
  EXPECT_EQ(unwrap(post(std::move(settings))).body.size(), 1000U);
  size = 1001;
  settings = scene.nobody();
  settings.most_octets = 1000;
  expect_fault(post(std::move(settings)), Fault::too_large, "1000 octets");
}

// ------------------------------------------------------------------------- the server's
// certificate

TEST_F(TransportTest, RefusesAServerOfAnotherAuthority) {
  serve(scene.server_settings(scene.stranger.server(test::TlsScene::loopback())));
  expect_fault(post(scene.nobody()), Fault::untrusted_signer, "not of an authority trusted here");
}

TEST_F(TransportTest, RefusesAServerWhoseCertificateHasExpired) {
  serve(scene.server_settings(scene.authority.server(test::TlsScene::loopback(), test::kOver)));
  expect_fault(post(scene.nobody()), Fault::untrusted_signer, "has expired");
}

TEST_F(TransportTest, RefusesAServerWhoseCertificateIsNotValidYet) {
  serve(scene.server_settings(scene.authority.server(test::TlsScene::loopback(), test::kToCome)));
  expect_fault(post(scene.nobody()), Fault::untrusted_signer, "not valid yet");
}

TEST_F(TransportTest, RefusesAServerOfAnotherName) {
  serve(scene.server_settings(scene.authority.server({pkix::DnsName{"other.test"}})));
  expect_fault(post(scene.nobody()), Fault::untrusted_signer, "for another name");
}

// ------------------------------------------------------------------------- the client's
// certificate

TEST_F(TransportTest, ShowsItsCertificate) {
  std::optional<Bytes> shown;
  respond = [&](const Request& request, const Server::Reply& reply) {
    shown = request.client_certificate;
    reply({200, "", {}, {}});
  };
  serve();
  const auto client = scene.authority.client();
  ASSERT_TRUE(post(scene.as(client)).ok());
  EXPECT_EQ(shown, client.certificate.der);
}

TEST_F(TransportTest, OpensAnEncryptedKeyWithItsPassphrase) {
  serve();
  auto settings = scene.as(scene.authority.client(), "open sesame");
  settings.client_key_passphrase = SecretBytes(std::string_view("open sesame"));
  EXPECT_TRUE(post(std::move(settings)).ok());
}

TEST_F(TransportTest, RefusesAnEncryptedKeyWithAnotherPassphraseOrNone) {
  serve();
  for (const std::string_view passphrase : {"open barley", ""}) {
    auto settings = scene.as(scene.authority.client(), "open sesame");
    settings.client_key_passphrase = SecretBytes(passphrase);
    expect_fault(post(std::move(settings)), Fault::bad_configuration, "passphrase");
  }
}

TEST_F(TransportTest, RefusesAKeyOfAnotherCertificate) {
  serve();
  auto settings = scene.as(scene.authority.client());
  const auto other = scene.authority.client();
  scene.write("client.key", unwrap(crypto::write_private_key(*other.key, SecretBytes())).text());
  expect_fault(post(std::move(settings)), Fault::bad_configuration, "do they belong together");
}

TEST_F(TransportTest, TellsThatTheServerRefusedItsCertificate) {
  serve();
  expect_fault(post(scene.as(scene.stranger.client())), Fault::tls_mismatch,
               "refused the TLS client certificate");
}

// ------------------------------------------------------------------------- the way there

TEST_F(TransportTest, RefusesWhatIsNoHttpsAddress) {
  const auto transport = unwrap(Transport::open(scene.nobody()));
  for (const auto* address : {"http://127.0.0.1", "file:///etc/hostname", "https://"}) {
    expect_fault(transport->fetch(address), Fault::malformed, "no https:// address");
  }
}

TEST_F(TransportTest, TellsThatNobodyListens) {
  const Listener nobody;
  const auto transport = unwrap(Transport::open(scene.nobody()));
  expect_fault(transport->fetch(nobody.url()), Fault::directory_unreachable, "nobody answers");
}

TEST_F(TransportTest, TellsThatTheProxyDoesNotAnswer) {
  const Listener nobody;
  auto settings = scene.nobody();
  settings.proxy = "http" + nobody.url().substr(5);
  const auto transport = unwrap(Transport::open(std::move(settings)));
  for (const auto* address : {"https://ca.test", "https://[::1]:8443", "https://127.0.0.9"}) {
    expect_fault(transport->fetch(address), Fault::directory_unreachable,
                 "the proxy does not answer");
  }
}

TEST_F(TransportTest, TellsThatTheProxyRefuses) {
  Listener proxy;
  proxy.answer_once("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  auto settings = scene.nobody();
  settings.proxy = "http" + proxy.url().substr(5);
  const auto transport = unwrap(Transport::open(std::move(settings)));
  expect_fault(transport->fetch("https://ca.test"), Fault::directory_unreachable, "the proxy");
}

TEST_F(TransportTest, TellsThatTheHandshakeFailed) {
  Listener picky;
  picky.answer_once({0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28});  // alert "handshake failure"
  const auto transport = unwrap(Transport::open(scene.nobody()));
  expect_fault(transport->fetch(picky.url()), Fault::tls_mismatch, "handshake failed");
}

TEST_F(TransportTest, TellsThatAPortDoesNotSpeakTls) {
  for (const auto* words : {"220 mail.test ready\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n"}) {
    Listener plain;
    plain.answer_once(words);
    const auto transport = unwrap(Transport::open(scene.nobody()));
    expect_fault(transport->fetch(plain.url()), Fault::directory_unreachable, "does not speak TLS");
  }
}

TEST_F(TransportTest, TellsThatTheHandshakeWasCut) {
  Listener closing;
  closing.answer_once("");
  const auto transport = unwrap(Transport::open(scene.nobody()));
  expect_fault(transport->fetch(closing.url()), Fault::directory_unreachable,
               "cut during the TLS handshake");
}

TEST_F(TransportTest, RefusesAPortThatIsNone) {
  const auto transport = unwrap(Transport::open(scene.nobody()));
  expect_fault(transport->fetch("https://127.0.0.1:99999/cmc"), Fault::malformed, "a port from 1");
}

TEST_F(TransportTest, TellsThatNothingWasSentWhereNoHandshakeEnds) {
  Listener silent;
  silent.be_silent();
  auto settings = scene.nobody();
  settings.connect_timeout_seconds = 1;
  const auto transport = unwrap(Transport::open(std::move(settings)));
  expect_fault(transport->fetch(silent.url()), Fault::directory_unreachable, "nothing was sent");
}

TEST_F(TransportTest, TellsThatTheAnswerDidNotComeInTime) {
  Server::Reply kept;
  respond = [&](const Request&, const Server::Reply& reply) { kept = reply; };
  serve();
  auto settings = scene.nobody();
  settings.timeout_seconds = 1;
  expect_fault(post(std::move(settings)), Fault::busy, "may have been served");
  kept = nullptr;
}

TEST_F(TransportTest, TellsThatTheConnectionWasCut) {
  respond = [](const Request&, const Server::Reply&) {};  // lets go of the connection
  serve();
  expect_fault(post(scene.nobody()), Fault::busy, "cut before the answer");
}

TEST_F(TransportTest, AsksWhetherThePortIsOneForTlsWherePlainHttpGetsNoAnswer) {
  const std::string alert{0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x0A};  // "unexpected message"
  for (const auto& [words, fault] :
       {std::pair{std::string(), Fault::busy}, std::pair{alert, Fault::malformed}}) {
    Listener speaks_tls;
    speaks_tls.answer_once(words);
    auto settings = scene.nobody();
    settings.plain_http = true;
    const auto transport = unwrap(Transport::open(std::move(settings)));
    const auto url = "http" + speaks_tls.url().substr(5);
    expect_fault(transport->fetch(url), fault, "is this a port for TLS?");
  }
}

TEST_F(TransportTest, TellsThatTheAuthorityFileIsNone) {
  serve();
  auto settings = scene.nobody();
  settings.ca_file = scene.folder / "absent.pem";
  expect_fault(post(std::move(settings)), Fault::bad_configuration, "CA file");
}

}  // namespace
}  // namespace signet::http
