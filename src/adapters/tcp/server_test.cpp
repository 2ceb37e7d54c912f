#include "adapters/tcp/server.h"

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "support/keeping_log.h"
#include "support/loopback_listener.h"
#include "support/tcp_scene.h"

namespace signet::tcp {
namespace {

using test::unwrap;

const Bytes kOther{0x30, 0x03, 0x02, 0x01, 0x07};
const Bytes kIndefinite{0x30, 0x80, 0x05, 0x00, 0x00, 0x00};

TEST_F(TcpTest, AnswersAMessageWithOctetsAndNothingAround) {
  /* matrix: F16, A12 */
  Message seen;
  respond = [&](Message message, const Server::Reply& reply) {
    seen = std::move(message);
    reply(kOther);
  };
  serve();
  PlainClient client(server->port());
  client.say(kMessage);
  EXPECT_EQ(client.hear(kOther.size()), kOther);
  EXPECT_FALSE(client.hears_something_within(50)) << "nothing comes behind, and it stays open";
  EXPECT_EQ(seen.octets, kMessage);
  EXPECT_EQ(seen.client_address, "127.0.0.1");
}

TEST_F(TcpTest, TakesOneMessageAfterAnotherOverOneConnection) {
  /* matrix: F17 */
  serve();
  PlainClient client(server->port());
  for (const auto& message : {kMessage, kIndefinite, kOther}) {
    client.say(message);
    EXPECT_EQ(client.hear(message.size()), message);
  }
  EXPECT_EQ(server->messages(), 3U);
  EXPECT_EQ(server->connections(), 1U);
}

TEST_F(TcpTest, PutsAMessageTogetherOctetByOctet) {
  serve();
  PlainClient client(server->port());
  for (const auto octet : kIndefinite) client.say({&octet, 1});
  EXPECT_EQ(client.hear(kIndefinite.size()), kIndefinite);
}

TEST_F(TcpTest, AMessageThatCameTooEarlyWaitsItsTurn) {
  /* matrix: F18 */
  std::promise<Server::Reply> first;
  std::atomic<int> asked{0};
  respond = [&](Message message, Server::Reply reply) {
    if (asked++ == 0) return first.set_value(std::move(reply));
    reply(std::move(message.octets));
  };
  serve();
  PlainClient client(server->port());
  auto both = kMessage;
  append(both, kOther);
  client.say(both);
  auto reply = first.get_future().get();
  EXPECT_FALSE(client.hears_something_within(50));
  EXPECT_EQ(asked, 1) << "the second is not read before the first is answered";
  reply(kIndefinite);
  EXPECT_EQ(client.hear(kIndefinite.size()), kIndefinite);
  EXPECT_EQ(client.hear(kOther.size()), kOther);
}

TEST_F(TcpTest, AnswersOneWhoHasSaidAllThatHeWillSay) {
  serve();
  PlainClient client(server->port());
  client.say(kMessage);
  client.end_speech();
  EXPECT_EQ(client.hear(kMessage.size()), kMessage);
  EXPECT_TRUE(client.hears_the_end());
}

TEST_F(TcpTest, ClosesWithoutAWordWhereNothingIsAnswered) {
  respond = [](const Message&, const Server::Reply& reply) { reply(std::nullopt); };
  serve();
  PlainClient client(server->port());
  client.say(kMessage);
  EXPECT_TRUE(client.hears_the_end());
}

TEST_F(TcpTest, ClosesOnWhatIsNoMessage) {
  serve();
  for (const auto* words :
       {"GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01", "-----BEGIN CMS-----", "\n"}) {
    PlainClient client(server->port());
    client.say(as_bytes(words));
    EXPECT_TRUE(client.hears_the_end()) << words;
  }
  EXPECT_EQ(server->refused_messages(), 4U);
  EXPECT_EQ(server->messages(), 0U);
}

TEST_F(TcpTest, GivesTheAnswerToAMessageBeforeGarbageBehindItCloses) {
  serve();
  PlainClient client(server->port());
  auto octets = kMessage;
  append(octets, as_bytes("garbage"));
  client.say(octets);
  EXPECT_EQ(client.hear(kMessage.size()), kMessage);
  EXPECT_TRUE(client.hears_the_end());
}

TEST_F(TcpTest, TakesAMessageOfTheLimitAndNotOneOctetMore) {
  settings.message.octets = 4;
  serve();
  PlainClient good(server->port());
  good.say(kMessage);
  EXPECT_EQ(good.hear(kMessage.size()), kMessage);
  PlainClient large(server->port());
  large.say(Bytes{0x30, 0x03});
  EXPECT_TRUE(large.hears_the_end()) << "before its contents come";
  EXPECT_EQ(server->refused_messages(), 1U);
}

TEST_F(TcpTest, ClosesOnEndlessNestingAndEndlessContents) {
  settings.message = {.octets = 4096, .depth = 8};
  serve();
  for (const Bytes& piece : {Bytes{0x30, 0x80}, {0x30, 0x80, 0x05, 0x00}}) {
    PlainClient client(server->port());
    client.say(Bytes{0x30, 0x80});
    for (int i = 0; i < 4096 && client.say(piece); ++i) continue;
    EXPECT_TRUE(client.hears_the_end());
  }
  EXPECT_EQ(server->refused_messages(), 2U);
}

TEST_F(TcpTest, TellsInTheLogOfWhatItRefused) {
  test::KeepingLog kept;
  settings.threads = 1;
  server = unwrap(Server::start(
      settings, [](const Message&, const Server::Reply&) {}, kept));
  PlainClient client(server->port());
  client.say(as_bytes("GET /"));
  EXPECT_TRUE(client.hears_the_end());
  server->drain(std::chrono::seconds{0});
  ASSERT_EQ(kept.lines.size(), 1U);
  EXPECT_THAT(kept.lines.front(), ::testing::StartsWith("message_refused why=no message begins"));
  EXPECT_THAT(kept.lines.front(), ::testing::HasSubstr("client=127.0.0.1"));
}

TEST_F(TcpTest, MeasuresAMessageFromItsFirstOctet) {
  settings.read_timeout = std::chrono::seconds{1};
  serve();
  PlainClient client(server->port());
  client.say(Bytes{0x30, 0x20});
  for (int i = 0; i < 12; ++i) {  // each comes well within the limit, the message does not
    client.say(Bytes{0x05});
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  }
  EXPECT_TRUE(client.hears_the_end());
  EXPECT_EQ(server->connections(), 0U);
}

TEST_F(TcpTest, ClosesAnIdleConnection) {
  settings.idle_timeout = std::chrono::seconds{1};
  serve();
  PlainClient silent(server->port());
  PlainClient once(server->port());
  once.say(kMessage);
  EXPECT_EQ(once.hear(kMessage.size()), kMessage);
  EXPECT_TRUE(silent.hears_the_end());
  EXPECT_TRUE(once.hears_the_end());
}

TEST_F(TcpTest, WaitsForAnAnswerLongerThanForAMessage) {
  settings.read_timeout = std::chrono::seconds{1};
  settings.idle_timeout = std::chrono::seconds{1};
  std::thread later;  // the connection's own is free meanwhile, and could close it
  respond = [&](const Message& message, Server::Reply reply) {
    later = std::thread([octets = message.octets, reply = std::move(reply)] {
      std::this_thread::sleep_for(std::chrono::milliseconds{1500});
      reply(octets);
    });
  };
  serve();
  PlainClient client(server->port());
  client.say(kMessage);
  EXPECT_EQ(client.hear(kMessage.size()), kMessage);
  later.join();
}

TEST_F(TcpTest, ClosesOnOneWhoDoesNotReadHisAnswer) {
  settings.read_timeout = std::chrono::seconds{1};
  respond = [](const Message&, const Server::Reply& reply) {
    reply(Bytes(64 << 20, 'x'));  // more than sockets hold
  };
  serve();
  PlainClient client(server->port());
  client.say(kMessage);
  EXPECT_TRUE(test::eventually([&] { return server->messages() == 1; }));
  EXPECT_TRUE(test::eventually([&] { return server->connections() == 0; }));
}

/// A client that takes no more than the first octet of an answer, and what becomes of the others'.
class SlowReaderOverTcp : public TcpTest {
 protected:
  static constexpr std::size_t kLong = 32 * 1024 * 1024;
  void expect_no_second_answer() {
    respond = [](const Message&, const Server::Reply& reply) { reply(Bytes(kLong, 'x')); };
    serve();
    slow.emplace(server->port());
    slow->say(kMessage);
    EXPECT_EQ(slow->hear(1), Bytes{'x'});
    PlainClient second(server->port());
    second.say(kMessage);
    EXPECT_TRUE(second.hears_the_end());
  }

  std::optional<PlainClient> slow;
};

TEST_F(SlowReaderOverTcp, LeavesNoRoomForAnotherWhereItHasMostOfIt) {
  settings.maximum_long_answer_octets = kLong + kLong / 2;
  expect_no_second_answer();
}

TEST_F(SlowReaderOverTcp, LeavesOthersTheRoomThatOneClientMayNotHave) {
  settings.maximum_long_answer_octets = 3 * kLong;
  settings.maximum_long_answer_octets_of_one = kLong + kLong / 2;
  expect_no_second_answer();
  PlainClient other(server->port(), "127.0.0.2");
  other.say(kMessage);
  EXPECT_EQ(other.hear(1), Bytes{'x'});
}

/// What brings room of its own takes none here, and gives it back when it was sent, or is lost.
TEST_F(TcpTest, HoldsTheRoomOfALongAnswerUntilItWasSentOrIsLost) {
  constexpr std::size_t kLong = 2 * 1024 * 1024;
  settings.maximum_long_answer_octets = kLong / 2;
  std::atomic<int> held{0};
  respond = [&](const Message& message, const Server::Reply& reply) {
    ++held;
    reply(Answer(Bytes(message.octets == kMessage ? kLong : 16 * kLong, 'x'),
                 std::shared_ptr<const void>(&held, [&](const void*) { --held; })));
  };
  serve();
  PlainClient patient(server->port());
  patient.say(kMessage);
  EXPECT_EQ(patient.hear(kLong).size(), kLong);
  EXPECT_TRUE(test::eventually([&] { return held == 0; })) << "though the connection stays";
  std::optional<PlainClient> gone(std::in_place, server->port());
  gone->say(kOther);  // whose answer is more than sockets hold
  EXPECT_EQ(gone->hear(1), Bytes{'x'});
  EXPECT_EQ(held, 1);
  gone.reset();
  EXPECT_TRUE(test::eventually([&] { return held == 0; }));
}

TEST_F(TcpTest, TakesNoConnectionOverTheLimits) {
  settings.maximum_connections = 2;
  settings.maximum_connections_of_one = 1;
  serve();
  PlainClient first(server->port());
  first.say(kMessage);
  EXPECT_EQ(first.hear(kMessage.size()), kMessage);
  EXPECT_TRUE(PlainClient(server->port()).hears_the_end()) << "one client's second";
  PlainClient other(server->port(), "127.0.0.2");
  other.say(kMessage);
  EXPECT_EQ(other.hear(kMessage.size()), kMessage);
  EXPECT_TRUE(PlainClient(server->port(), "127.0.0.3").hears_the_end()) << "the third of all";
  EXPECT_EQ(server->refused_connections(), 2U);
}

TEST_F(TcpTest, TakesNoMoreNewConnectionsOfOneClientThanItMayOpen) {
  settings.new_connections = {.per_second = 0.001, .burst = 1};
  serve();
  PlainClient first(server->port());
  first.say(kMessage);
  EXPECT_EQ(first.hear(kMessage.size()), kMessage);
  EXPECT_TRUE(PlainClient(server->port()).hears_the_end());
}

TEST_F(TcpTest, KnowsTheAddressOfOneWhoVanishedBeforeHeWasHeard) {
  settings.threads = 1;
  std::promise<void> is_heard;
  std::promise<void> goes_on;
  std::promise<std::string> address;
  respond = [&](const Message& message, const Server::Reply& reply) {
    if (message.octets == kMessage) {
      is_heard.set_value();
      goes_on.get_future().wait();
    } else {
      address.set_value(message.client_address);
    }
    reply(std::nullopt);
  };
  serve();
  PlainClient busy(server->port());
  busy.say(kMessage);
  is_heard.get_future().wait();
  PlainClient client(server->port(), "127.0.0.2");
  client.say(kOther);
  client.vanish();
  goes_on.set_value();
  auto told = address.get_future();
  ASSERT_EQ(told.wait_for(std::chrono::seconds{20}), std::future_status::ready);
  EXPECT_EQ(told.get(), "127.0.0.2");
}

TEST_F(TcpTest, ServesManyAtOnceEachItsOwn) {
  serve();
  std::vector<std::unique_ptr<PlainClient>> clients;
  for (int i = 0; i < 64; ++i) {
    clients.push_back(std::make_unique<PlainClient>(server->port()));
    clients.back()->say(Bytes{0x30, 0x01, static_cast<std::uint8_t>(i)});
  }
  for (int i = 0; i < 64; ++i) {
    EXPECT_EQ(clients[static_cast<std::size_t>(i)]->hear(3),
              (Bytes{0x30, 0x01, static_cast<std::uint8_t>(i)}));
  }
}

TEST_F(TcpTest, DrainWaitsForTheAnswerAndClosesWhoeverIsIdle) {
  std::promise<Server::Reply> kept;
  respond = [&](const Message&, Server::Reply reply) { kept.set_value(std::move(reply)); };
  serve();
  PlainClient idle(server->port());
  PlainClient busy(server->port());
  busy.say(kMessage);
  auto reply = kept.get_future().get();
  auto draining =
      std::async(std::launch::async, [this] { server->drain(std::chrono::minutes{1}); });
  EXPECT_TRUE(idle.hears_the_end());
  reply(kOther);
  EXPECT_EQ(busy.hear(kOther.size()), kOther);
  EXPECT_TRUE(busy.hears_the_end());
  draining.get();
  EXPECT_EQ(server->connections(), 0U);
}

TEST_F(TcpTest, StopsAcceptingWithoutWaitingForWhatIsUnderWay) {
  std::promise<Server::Reply> kept;
  respond = [&](const Message&, Server::Reply reply) { kept.set_value(std::move(reply)); };
  serve();
  PlainClient idle(server->port());
  PlainClient busy(server->port());
  busy.say(kMessage);
  auto reply = kept.get_future().get();
  server->stop_accepting();
  server->stop_accepting();
  EXPECT_TRUE(idle.hears_the_end());
  EXPECT_TRUE(test::eventually([&] { return !PlainClient(server->port()).is_connected(); }));
  reply(kOther);
  EXPECT_EQ(busy.hear(kOther.size()), kOther);
  EXPECT_TRUE(busy.hears_the_end()) << "no other message is taken";
  server->drain(std::chrono::minutes{1});
  EXPECT_EQ(server->connections(), 0U);
}

TEST_F(TcpTest, DrainWaitsNoLongerThanItsGrace) {
  std::promise<Server::Reply> kept;
  respond = [&](const Message&, Server::Reply reply) { kept.set_value(std::move(reply)); };
  serve();
  PlainClient busy(server->port());
  busy.say(kMessage);
  auto reply = kept.get_future().get();
  server->drain(std::chrono::seconds{0});
  reply(kOther);  // too late, and harmless while the server is there
  reply = nullptr;
  server.reset();
  EXPECT_TRUE(busy.hears_the_end());
}

TEST_F(TcpTest, OutlivesARespondThatThrows) {
  std::atomic<bool> first{true};
  respond = [&](Message message, const Server::Reply& reply) {
    if (first.exchange(false)) throw std::bad_alloc();
    reply(std::move(message.octets));
  };
  serve();
  PlainClient one(server->port());
  one.say(kMessage);
  EXPECT_TRUE(one.hears_the_end());
  PlainClient other(server->port());
  other.say(kMessage);
  EXPECT_EQ(other.hear(kMessage.size()), kMessage);
}

TEST_F(TcpTest, DoesNotStartWhereItCannotListen) {
  const test::LoopbackListener other;
  settings.port = static_cast<std::uint16_t>(other.port());
  const auto respond_never = [](const Message&, const Server::Reply&) {};
  const auto taken = Server::start(settings, respond_never, log);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().fault, Fault::bad_configuration);
  EXPECT_THAT(taken.error().detail, ::testing::HasSubstr("is another server running there?"));
  settings.address = "localhost";
  const auto named = Server::start(settings, respond_never, log);
  ASSERT_FALSE(named.ok());
  EXPECT_THAT(named.error().detail, ::testing::HasSubstr("\"localhost\" is no IP address"));
}

}  // namespace
}  // namespace signet::tcp
