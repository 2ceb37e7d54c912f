// What a client may not do: too large, too slow, too many.
#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "support/eventually.h"
#include "support/server_scene.h"

namespace signet::http {
namespace {

using test::unwrap;
using ::testing::HasSubstr;
using ::testing::StartsWith;

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

TEST_F(ServerTest, RefusesAHeaderOverTheLimitThatComesFieldByField) {
  serve();
  RawClient raw(server->port());
  raw.say("GET / HTTP/1.1\r\nX");
  std::string fields = ":\r\n";
  for (int i = 0; i < 1000; ++i) fields += "a:\r\n";
  for (int i = 0; i < 8; ++i) raw.say(fields + "X");  // each ends within a name
  EXPECT_THAT(raw.hear_until("octets.\n"), StartsWith("HTTP/1.1 431 "));
}

TEST_F(ServerTest, RefusesAChunksHeaderOverTheLimit) {
  serve();
  RawClient raw(server->port());
  raw.say("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3;x=");
  for (int i = 0; i < 20; ++i) raw.say(std::string(1024, 'x'));
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

TEST_F(ServerTest, AnEmptyLineAloneIsNoRequestThatBegan) {
  settings.read_timeout = std::chrono::seconds{1};
  serve();
  RawClient idle(server->port());
  idle.say("\r\n");
  RawClient slow(
      server->port());  // connects after the empty line came, and is waited for no longer
  slow.say("\r\nG");
  EXPECT_EQ(slow.hear(), "") << "an empty line and a first octet";
  idle.say("\r");
  idle.say("\n");
  idle.say(kGetAndClose);
  EXPECT_THAT(idle.hear(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, AnEmptyLineDoesNotKeepAnIdleConnectionOpen) {
  settings.idle_timeout = std::chrono::seconds{1};
  settings.read_timeout = std::chrono::hours{1};
  serve();
  EXPECT_EQ(answer_to("\r\n"), "");
}

TEST_F(ServerTest, ClosesAnIdleConnection) {
  settings.idle_timeout = std::chrono::seconds{1};
  serve();
  const auto answer = answer_to("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, StaysOpenAsLongAsRequestsComeInTime) {
  settings.read_timeout = std::chrono::seconds{1};
  settings.idle_timeout = std::chrono::seconds{1};
  serve();
  RawClient raw(server->port());
  for (int i = 0; i < 4; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
    raw.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(raw.hear_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
  }
  EXPECT_EQ(raw.hear(), "") << "closed by now";
}

TEST_F(ServerTest, WaitsForAnAnswerLongerThanForARequest) {
  settings.read_timeout = std::chrono::seconds{1};
  settings.idle_timeout = std::chrono::seconds{1};
  std::thread later;  // the connection's own is free meanwhile, and could close it
  respond = [&](const Request&, Server::Reply reply) {
    later = std::thread([reply = std::move(reply)] {
      std::this_thread::sleep_for(std::chrono::milliseconds{2500});
      reply({200, "text/plain", to_bytes("late"), {}});
    });
  };
  serve();
  EXPECT_THAT(answer_to("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("late"));
  later.join();
}

TEST_F(ServerTest, ClosesOnOneWhoDoesNotReadHisAnswer) {
  settings.read_timeout = std::chrono::seconds{1};
  respond = [](const Request&, const Server::Reply& reply) {
    reply({200, "text/plain", Bytes(64 << 20, 'x'), {}});  // more than sockets hold
  };
  serve();
  RawClient raw(server->port());
  raw.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto until =
      std::chrono::steady_clock::now() + std::chrono::seconds{30};  // for what sockets hold
  while (server->connections() > 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  EXPECT_EQ(server->connections(), 0U);
}

TEST_F(ServerTest, GoesOnAsLongAsALargeAnswerIsReadFastEnough) {
  settings.read_timeout = std::chrono::seconds{1};
  constexpr std::size_t kStep = std::size_t{4} << 20;
  constexpr int kSteps = 12;
  respond = [](const Request&, const Server::Reply& reply) {
    reply({200, "text/plain", Bytes(kStep * kSteps, 'x'), {}});  // more than sockets hold
  };
  serve();
  RawClient raw(server->port());
  raw.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  raw.hear_until("\r\n\r\n");
  std::size_t heard = 0;
  for (int i = 0; i < kSteps; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{250});
    heard += raw.hear_octets(kStep);
  }
  EXPECT_EQ(heard, kStep * kSteps);
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

TEST_F(ServerTest, HoldsNoMoreLongAnswersThanThereIsRoomFor) {
  constexpr std::size_t kLong = 32 * 1024 * 1024;  // more than sockets hold
  settings.maximum_long_answer_octets = kLong + kLong / 2;
  respond = [](const Request& request, const Server::Reply& reply) {
    const bool is_long = request.path == "/long";
    reply({200, "text/plain", Bytes(is_long ? kLong : 2, 'x'), {}});
  };
  serve();
  const std::string wanted = "GET /long HTTP/1.1\r\nHost: x\r\n\r\n";
  const auto status = [](RawClient& raw) { return raw.hear_until("\r\n\r\n").substr(9, 3); };
  std::optional<RawClient> slow(std::in_place, server->port());
  slow->say(wanted);
  EXPECT_EQ(status(*slow), "200");
  RawClient second(server->port());
  second.say(wanted);
  EXPECT_EQ(status(second), "503");
  second.hear_until("/ca/crl.\n");
  second.say("GET /short HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status(second), "200");
  slow.reset();
  EXPECT_TRUE(test::eventually([&] { return server->connections() == 1; }));
  RawClient third(server->port());
  third.say(wanted);
  EXPECT_EQ(status(third), "200");
  EXPECT_GT(third.hear_octets(kLong), kLong / 2);
}

TEST_F(ServerTest, LeavesOthersTheRoomForLongAnswersThatOneClientMayNotHave) {
  constexpr std::size_t kLong = 32 * 1024 * 1024;  // more than sockets hold
  settings.maximum_long_answer_octets = 3 * kLong;
  settings.maximum_long_answer_octets_of_one = kLong + kLong / 2;
  respond = [](const Request&, const Server::Reply& reply) {
    reply({200, "text/plain", Bytes(kLong, 'x'), {}});
  };
  serve();
  const std::string wanted = "GET /long HTTP/1.1\r\nHost: x\r\n\r\n";
  const auto status = [](RawClient& raw) { return raw.hear_until("\r\n\r\n").substr(9, 3); };
  RawClient slow(server->port());
  slow.say(wanted);
  EXPECT_EQ(status(slow), "200");
  RawClient second(server->port());
  second.say(wanted);
  EXPECT_EQ(status(second), "503");
  EXPECT_THAT(second.hear_until("\n"), ::testing::HasSubstr("its client holds as much"));
  RawClient other(server->port(), "127.0.0.2");
  other.say(wanted);
  EXPECT_EQ(status(other), "200");
}

/// What brings room of its own takes none here, and gives it back when it was sent, or is lost.
TEST_F(ServerTest, HoldsTheRoomOfALongAnswerUntilItWasSentOrIsLost) {
  constexpr std::size_t kLong = 32 * 1024 * 1024;  // more than sockets hold
  settings.maximum_long_answer_octets = kLong / 2;
  std::atomic<int> held{0};
  respond = [&](const Request&, const Server::Reply& reply) {
    Response response{200, "text/plain", Bytes(kLong, 'x'), {}};
    ++held;
    response.room = std::shared_ptr<const void>(&held, [&](const void*) { --held; });
    reply(std::move(response));
  };
  serve();
  const std::string wanted = "GET /long HTTP/1.1\r\nHost: x\r\n\r\n";
  RawClient patient(server->port());
  patient.say(wanted);
  EXPECT_EQ(patient.hear_until("\r\n\r\n").substr(9, 3), "200");
  EXPECT_EQ(held, 1);
  EXPECT_GT(patient.hear_octets(kLong), kLong / 2);
  EXPECT_TRUE(test::eventually([&] { return held == 0; })) << "though the connection stays";
  EXPECT_EQ(server->connections(), 1U);
  std::optional<RawClient> gone(std::in_place, server->port());
  gone->say(wanted);
  EXPECT_EQ(gone->hear_until("\r\n\r\n").substr(9, 3), "200");
  EXPECT_EQ(held, 1);
  gone.reset();
  EXPECT_TRUE(test::eventually([&] { return held == 0; }));
}

/// Though its reader takes nothing: what is sent to him meanwhile is a copy of a piece.
TEST_F(ServerTest, LetsGoOfASharedBodyAtOnceWhereItIsWithdrawnAndCutsItsReaderOff) {
  constexpr std::size_t kLong = 32 * 1024 * 1024;  // more than sockets hold
  const auto shared = std::make_shared<SharedBody>(Bytes(kLong, 'x'));
  respond = [&](const Request&, const Server::Reply& reply) {
    reply({200, "text/plain", {}, {}, shared});
  };
  serve();
  RawClient slow(server->port());
  slow.say("GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(slow.hear_until("\r\n\r\n"),
              ::testing::HasSubstr("\r\nContent-Length: " + std::to_string(kLong) + "\r\n"));
  const std::weak_ptr<const Bytes> octets = shared->octets();
  shared->withdraw();
  EXPECT_TRUE(test::eventually([&] { return octets.expired(); }));
  EXPECT_LT(slow.hear_octets(kLong), kLong);
  EXPECT_TRUE(test::eventually([&] { return server->connections() == 0; }));
}

TEST_F(ServerTest, SendsASharedBodyOfManyPiecesWholeAndGoesOn) {
  Bytes long_one(1'000'003);
  for (std::size_t i = 0; i < long_one.size(); ++i)
    long_one[i] = static_cast<std::uint8_t>(i % 251);
  const auto shared = std::make_shared<SharedBody>(long_one);
  respond = [&](const Request&, const Server::Reply& reply) {
    reply({200, "text/plain", {}, {}, shared});
  };
  serve();
  RawClient raw(server->port());
  for (int i = 0; i < 2; ++i) {
    raw.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    raw.hear_until("\r\n\r\n");
    EXPECT_EQ(raw.hear_exactly(long_one.size()), as_text(long_one));
  }
}

TEST_F(ServerTest, GivesTheRoomBackOfAnAnswerToWhoIsGoneAlready) {
  std::promise<Server::Reply> first;
  respond = [&](const Request&, Server::Reply reply) { first.set_value(std::move(reply)); };
  serve();
  std::optional<RawClient> gone(std::in_place, server->port());
  gone->say("GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
  auto reply = first.get_future().get();
  gone.reset();
  const auto room = std::make_shared<int>(1);
  Response response{200, "text/plain", Bytes(32 * 1024 * 1024, 'x'), {}};
  response.room = room;
  std::exchange(reply, nullptr)(std::move(response));
  EXPECT_TRUE(test::eventually([&] { return room.use_count() == 1; }));
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
    EXPECT_TRUE(test::eventually([&] { return server->connections() == 0; }));
  }
}

TEST_F(ServerTest, TakesNoMoreNewConnectionsOfOneClientThanItMayOpen) {
  settings.new_connections = {.per_second = 0.001, .burst = 2};
  serve();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(RawClient(server->port()).is_connected());
  EXPECT_FALSE(RawClient(server->port()).is_connected());
}

}  // namespace
}  // namespace signet::http
