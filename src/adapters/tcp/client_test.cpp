#include "adapters/tcp/client.h"

#include "support/loopback_listener.h"
#include "support/tcp_scene.h"

namespace signet::tcp {
namespace {

using test::unwrap;
using ::testing::HasSubstr;

TEST(TcpUrl, TakesNamesAndAddressesWithAPortOrWithout) {
  /* matrix: F19 */
  EXPECT_EQ(unwrap(read_tcp_url("tcp://ca.example.org")), (Address{"ca.example.org", 5318}));
  EXPECT_EQ(unwrap(read_tcp_url("TCP://ca:829")), (Address{"ca", 829}));
  EXPECT_EQ(unwrap(read_tcp_url("tcp://192.0.2.1:1")), (Address{"192.0.2.1", 1}));
  EXPECT_EQ(unwrap(read_tcp_url("tcp://[2001:db8::1]")), (Address{"2001:db8::1", 5318}));
  EXPECT_EQ(unwrap(read_tcp_url("tcp://[::1]:65535")), (Address{"::1", 65535}));
}

TEST(TcpUrl, TakesTheInterfaceOfAnAddressOfOneLink) {
  EXPECT_EQ(unwrap(read_tcp_url("tcp://[fe80::1%eth0]:5319")), (Address{"fe80::1%eth0", 5319}));
  EXPECT_EQ(unwrap(read_tcp_url("tcp://[fe80::1%25eth0.7]")), (Address{"fe80::1%eth0.7", 5318}));
  EXPECT_EQ(unwrap(read_tcp_url("tcp://[fe80::1%2]")), (Address{"fe80::1%2", 5318}));
  EXPECT_EQ(unwrap(read_tcp_url("tcp://[fe80::1%25]")), (Address{"fe80::1%25", 5318}));
  EXPECT_EQ(to_text({"fe80::1%eth0", 5318}), "[fe80::1%eth0]:5318");
}

TEST(TcpUrl, RefusesWhatIsNone) {
  for (const auto* url : {"",
                          "tcp://",
                          "tcp:/ca",
                          "https://ca",
                          "ca:5318",
                          "tcp://:5318",
                          "tcp://ca:",
                          "tcp://ca:0",
                          "tcp://ca:65536",
                          "tcp://ca:5318x",
                          "tcp://ca:+1",
                          "tcp://ca/",
                          "tcp://ca:5318/cmc",
                          "tcp://ca?profileId=x",
                          "tcp://user@ca",
                          "tcp://[::1",
                          "tcp://[ca]",
                          "tcp://[::1]5318",
                          "tcp://[]",
                          "tcp://[fe80::1%]",
                          "tcp://[%eth0]",
                          "tcp://[fe80::1%eth0%eth1]",
                          "tcp://[fe80::1%25%25]",
                          "tcp://[fe80::1%eth 0]",
                          "tcp://[fe80::1%eth0/cmc]",
                          "tcp://[ca%eth0]",
                          "tcp://fe80::1%eth0",
                          "tcp://ca%eth0",
                          "tcp://2001:db8::1",
                          "tcp://c a"}) {
    const auto read = read_tcp_url(url);
    ASSERT_FALSE(read.ok()) << url;
    EXPECT_EQ(read.error().fault, Fault::bad_configuration) << url;
  }
}

TEST(TcpUrl, IsWrittenWithBracketsAroundIPv6) {
  EXPECT_EQ(to_text({"::1", 5318}), "[::1]:5318");
  EXPECT_EQ(to_text({"ca", 829}), "ca:829");
}

/// A client before the server of this room.
class ClientTest : public TcpTest {
 protected:
  Result<Bytes> exchange(ByteView message) {
    return client.exchange({"127.0.0.1", server->port()}, message,
                           {.timeout = std::chrono::seconds{20}, .most_octets = most_octets});
  }
  void expect_failed(Fault fault, const std::string& words) {
    const auto answer = exchange(kMessage);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().fault, fault);
    EXPECT_THAT(answer.error().detail, HasSubstr(words));
    EXPECT_THAT(answer.error().detail, HasSubstr("tcp://127.0.0.1:"));
  }
  void answer_with(Bytes octets) {
    respond = [octets = std::move(octets)](const Message&, const Server::Reply& reply) {
      reply(octets);
    };
  }

  Client client;
  std::size_t most_octets = 1024;
};

TEST_F(ClientTest, BringsTheAnswerWhateverItsSizeAndForm) {
  /* matrix: F16 */
  most_octets = 16 << 20;
  serve();
  EXPECT_EQ(unwrap(exchange(kMessage)), kMessage);
  Bytes indefinite{0x30, 0x80, 0x04, 0x01, 0x07, 0x00, 0x00};
  EXPECT_EQ(unwrap(exchange(indefinite)), indefinite);
  Bytes large{0x30, 0x83, 0x20, 0x00, 0x00};
  large.resize(large.size() + 0x200000, 7);
  answer_with(large);
  EXPECT_EQ(unwrap(exchange(kMessage)), large);
}

TEST_F(ClientTest, KeepsTheConnectionForTheNextMessage) {
  /* matrix: F17 */
  settings.new_connections = {.per_second = 0.001, .burst = 1};
  serve();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(unwrap(exchange(kMessage)), kMessage);
}

TEST_F(ClientTest, ConnectsAnewWhereTheServerHasClosedMeanwhile) {
  settings.idle_timeout = std::chrono::seconds{1};
  serve();
  EXPECT_EQ(unwrap(exchange(kMessage)), kMessage);
  ASSERT_TRUE(test::eventually([&] { return server->connections() == 0; }));
  EXPECT_EQ(unwrap(exchange(kMessage)), kMessage);
}

TEST_F(ClientTest, RefusesOctetsBehindTheAnswerAndKeepsNoSuchConnection) {
  answer_with({0x30, 0x02, 0x05, 0x00, 0x30});
  serve();
  expect_failed(Fault::malformed, "more came behind the answer");
  answer_with(kMessage);
  EXPECT_EQ(unwrap(exchange(kMessage)), kMessage);
}

TEST_F(ClientTest, RefusesWhatIsNoMessage) {
  answer_with(to_bytes(std::string_view("HTTP/1.1 400 Bad Request\r\n")));
  serve();
  expect_failed(Fault::malformed, "sends no CMC message");
}

TEST_F(ClientTest, RefusesAnAnswerOverItsLimit) {
  Bytes large{0x30, 0x82, 0x03, 0xFD};
  large.resize(1025, 7);
  answer_with(large);
  serve();
  expect_failed(Fault::too_large, "longer than 1024 octets");
}

TEST_F(ClientTest, SaysThatItWasClosedWithoutAnAnswerOrWithinOne) {
  respond = [](const Message&, const Server::Reply& reply) { reply(std::nullopt); };
  serve();
  expect_failed(Fault::busy, "closed before the answer");
}

TEST(TcpClient, SaysThatNobodyIsThere) {
  Client client;
  const auto port = static_cast<std::uint16_t>(test::free_port());
  const auto answer = client.exchange({"127.0.0.1", port}, kMessage);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().fault, Fault::directory_unreachable);
  EXPECT_THAT(answer.error().detail, HasSubstr("nobody answers at that address and port"));
}

TEST_F(ClientTest, ReachesAnAddressOfOneLinkByItsInterface) {
  const auto own = own_link_local_address();
  if (own.empty()) GTEST_SKIP() << "no interface here has an IPv6 address of its link";
  settings.address = own;
  serve();
  const auto address =
      unwrap(read_tcp_url("tcp://[" + own + "]:" + std::to_string(server->port())));
  EXPECT_EQ(unwrap(client.exchange(address, kMessage)), kMessage);
}

TEST(TcpClient, SaysThatThereIsNoSuchInterface) {
  Client client;
  const auto answer = client.exchange({"fe80::1%nowhere0", 5318}, kMessage);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().fault, Fault::directory_unreachable);
  EXPECT_THAT(answer.error().detail,
              HasSubstr("tcp://[fe80::1%nowhere0]:5318: this machine has no such interface"));
}

TEST(TcpClient, SaysThatANameHasNoAddress) {
  Client client;
  const auto answer = client.exchange({"ca.invalid", 5318}, kMessage);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().fault, Fault::directory_unreachable);
  EXPECT_THAT(answer.error().detail, HasSubstr("tcp://ca.invalid:5318: the host name has no"));
}

TEST(TcpClient, WaitsNoLongerThanItsTimeout) {
  const test::LoopbackListener silent;
  Client client;
  const auto answer = client.exchange({"127.0.0.1", static_cast<std::uint16_t>(silent.port())},
                                      kMessage, {.timeout = std::chrono::seconds{1}});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().fault, Fault::busy);
  EXPECT_THAT(answer.error().detail, HasSubstr("no answer in time"));
}

}  // namespace
}  // namespace signet::tcp
