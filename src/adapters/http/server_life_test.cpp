// How a server starts, and how it ends.
#include <future>
#include <thread>

#include "support/eventually.h"
#include "support/server_scene.h"

namespace signet::http {
namespace {

using test::unwrap;
using ::testing::HasSubstr;

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
  ASSERT_TRUE(test::eventually([&] { return server->connections() > 0; }));
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
