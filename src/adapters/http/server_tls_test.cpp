// Handshakes: whom the server believes, and what it offers.
#include "support/eventually.h"
#include "support/server_scene.h"

namespace signet::http {
namespace {

using ::testing::StartsWith;

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

TEST_F(ServerTest, CountsTheHandshakesThatTlsRefusesAndNobodyWhoLeaves) {
  serve();
  EXPECT_TRUE(RawClient(server->port()).is_connected());
  ::close(connect_from("127.0.0.1", server->port()));
  EXPECT_TRUE(test::eventually([&] { return server->connections() == 0; }));
  EXPECT_EQ(server->failed_handshakes(), 0U);
  const auto old = [](SSL_CTX* context) {
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
  };
  EXPECT_FALSE(RawClient(server->port(), old).is_connected());
  constexpr std::string_view kProxy = "PROXY TCP4 192.0.2.1 192.0.2.2 1 443\r\n";
  const int proxy = connect_from("127.0.0.1", server->port());
  ASSERT_EQ(::send(proxy, kProxy.data(), kProxy.size(), MSG_NOSIGNAL), std::ssize(kProxy));
  EXPECT_TRUE(test::eventually([&] { return server->failed_handshakes() == 2; }));
  ::close(proxy);
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

}  // namespace
}  // namespace signet::http
