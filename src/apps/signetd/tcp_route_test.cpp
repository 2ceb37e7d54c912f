#include "apps/signetd/tcp_route.h"

#include "support/route_scene.h"

namespace signet::server {
namespace {

class TcpRoute : public RouteScene {
 protected:
  /// What is replied, which must be once.
  std::optional<tcp::Answer> reply() {
    std::optional<tcp::Answer> told;
    int replies = 0;
    route_tcp(parts, {{0x30, 0x00}, "192.0.2.1"}, [&](std::optional<tcp::Answer> given) {
      ++replies;
      told = std::move(given);
    });
    EXPECT_EQ(replies, 1);
    return told;
  }
  std::optional<Bytes> ask() {
    auto told = reply();
    return told ? std::optional(std::move(told->octets)) : std::nullopt;
  }
};

TEST_F(TcpRoute, AsksWithoutPathAndTlsCertificate) {
  /* matrix: A12 */
  EXPECT_EQ(ask(), (Bytes{1, 2, 3}));
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked.front().octets, (Bytes{0x30, 0x00}));
  EXPECT_EQ(asked.front().peer.address, "192.0.2.1");
  EXPECT_EQ(asked.front().client, "192.0.2.1");
  EXPECT_EQ(asked.front().peer.tls_client_certificate, std::nullopt);
  EXPECT_EQ(asked.front().peer.transport, proof::TransportKind::tcp);
  EXPECT_EQ(asked.front().profile_id, "");
  EXPECT_FALSE(asked.front().over_dogtag_path);
}

TEST_F(TcpRoute, TellsWhateverIsACmcMessageAndNothingElse) {
  using authority::ResponseKind;
  for (const auto kind : {ResponseKind::simple, ResponseKind::full, ResponseKind::unable}) {
    answer.kind = kind;
    EXPECT_EQ(ask(), (Bytes{1, 2, 3}));
  }
  answer.kind = ResponseKind::none;
  EXPECT_EQ(ask(), std::nullopt);
}

TEST_F(TcpRoute, HandsOnTheRoomThatALongAnswerTakes) {
  answer.room = std::make_shared<int>(1);
  EXPECT_EQ(reply()->room, answer.room);
}

}  // namespace
}  // namespace signet::server
