#include "apps/exchange/posting.h"

#include <gtest/gtest.h>

#include <sstream>

#include "adapters/files/file.h"
#include "base/encoding.h"
#include "crypto/digest.h"
#include "support/temporary_folder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;

ServerOptions server(const std::string& url, const std::string& path = "",
                     const std::string& profile = "") {
  ServerOptions options;
  options.url = url;
  options.path = path;
  options.profile = profile;
  return options;
}

TEST(Address, GetsTheDefaultPathWhereThereIsNone) {
  EXPECT_EQ(unwrap(address_of(server("https://ca.test:8443"))), "https://ca.test:8443/cmc");
  EXPECT_EQ(unwrap(address_of(server("https://ca.test:8443/"))), "https://ca.test:8443/cmc");
}

TEST(Address, TakesPathFromOptionOrUrl) {
  EXPECT_EQ(unwrap(address_of(server("https://ca.test", "/ca/ee"))), "https://ca.test/ca/ee");
  EXPECT_EQ(unwrap(address_of(server("https://ca.test", "ca/ee"))), "https://ca.test/ca/ee");
  EXPECT_EQ(unwrap(address_of(server("https://ca.test/other"))), "https://ca.test/other");
}

TEST(Address, NamesTheProfileInTheQuery) {
  EXPECT_EQ(unwrap(address_of(server("https://ca.test", "/cmc", "a b&c"))),
            "https://ca.test/cmc?profileId=a%20b%26c");
  EXPECT_EQ(unwrap(address_of(server("https://ca.test/cmc?x=1", "", "p"))),
            "https://ca.test/cmc?x=1&profileId=p");
}

TEST(Address, KeepsAQueryBehindThePathThatItGets) {
  EXPECT_EQ(unwrap(address_of(server("https://ca.test?profileId=a/b"))),
            "https://ca.test/cmc?profileId=a/b");
  EXPECT_EQ(unwrap(address_of(server("https://ca.test/?x=1", "", "p"))),
            "https://ca.test/cmc?x=1&profileId=p");
  EXPECT_EQ(unwrap(address_of(server("https://ca.test?x=1", "/two"))), "https://ca.test/two?x=1");
}

TEST(Address, RefusesPlainHttpBeforeAnythingIsMade) {
  const auto address = address_of(server("http://ca.test:8080/cmc"));
  ASSERT_FALSE(address.ok());
  EXPECT_EQ(address.error().fault, Fault::bad_configuration);
  EXPECT_NE(address.error().detail.find("write https://"), std::string::npos);
  EXPECT_TRUE(address_of(server("HTTPS://ca.test")).ok());
}

TEST(Address, RefusesWhatIsNone) {
  for (const auto* url : {"", "ca.test", "ftp://ca.test", "https://"}) {
    const auto address = address_of(server(url));
    ASSERT_FALSE(address.ok()) << url;
    EXPECT_EQ(address.error().fault, Fault::bad_configuration);
  }
  EXPECT_FALSE(address_of(server("https://ca.test/one", "/two")).ok());
}

TEST(Address, IsTakenOverTcpWithTheRegisteredPortWhereNoneIsNamed) {
  /* matrix: F19, A12 */
  EXPECT_EQ(unwrap(address_of(server("tcp://ca.test"))), "tcp://ca.test:5318");
  EXPECT_EQ(unwrap(address_of(server("TCP://[2001:db8::1]:829"))), "tcp://[2001:db8::1]:829");
}

TEST(Address, RefusesOverTcpWhatThereIsOverHttpAlone) {
  auto with_tls = server("tcp://ca.test");
  with_tls.tls_anchors = "tls.pem";
  for (const auto& options : {server("tcp://ca.test", "/cmc"), server("tcp://ca.test", "", "p"),
                              with_tls, server("tcp://ca.test/cmc"), server("tcp://")}) {
    const auto address = address_of(options);
    ASSERT_FALSE(address.ok());
    EXPECT_EQ(address.error().fault, Fault::bad_configuration);
  }
}

/// The tool before a server that answers what it is told to, and notes what comes.
class Posting : public ::testing::Test {
 protected:
  Posting() {
    const auto anchors = folder / "ca.pem";
    EXPECT_TRUE(
        files::write_file(anchors, as_bytes(pkix::to_pem({test::TestCa().certificate()}))).ok());
    options.anchors = anchors;
  }
  Result<Bytes> post_to(const std::string& url) {
    options.url = url;
    return post(options, nullptr, kMessage, context, surroundings);
  }

  const Bytes kMessage{0x30, 0x02, 0x05, 0x00};
  test::TemporaryFolder folder;
  ServerOptions options;
  std::ostringstream out;
  std::ostringstream err;
  Context context{.out = out, .err = err};
  SystemClock clock;
  http::Reply reply{.status = 200, .content_type = "application/pkcs7-mime", .body = {}};
  Bytes sent;
  Surroundings surroundings{
      .clock = clock,
      .random = crypto::system_random(),
      .post = [this](const http::TransportSettings&, const std::string&, const std::string&,
                     ByteView body) -> Result<http::Reply> {
        sent = to_bytes(body);
        return reply;
      }};
};

TEST_F(Posting, GoesInBase64OverEstAndAsItIsElsewhere) {
  /* matrix: G03, G07 */
  const Bytes answer{0x30, 0x03, 0x02, 0x01, 0x05};
  reply.body = to_bytes(to_base64(answer));
  for (const auto* url : {"https://ca.test/.well-known/est/fullcmc",
                          "https://ca.test/.well-known/est/caOne/fullcmc?profileId=x"}) {
    EXPECT_EQ(unwrap(post_to(url)), answer) << url;
    EXPECT_EQ(sent, to_bytes(to_base64(kMessage))) << url;
  }
  reply.body = answer;
  EXPECT_EQ(unwrap(post_to("https://ca.test/cmc?from=/.well-known/est/fullcmc")), answer);
  EXPECT_EQ(sent, kMessage);
}

TEST_F(Posting, GoesOverTcpAsItIs) {
  /* matrix: F16 */
  tcp::Address asked;
  surroundings.exchange_over_tcp = [&](const tcp::Address& to, ByteView message,
                                       const tcp::ClientSettings& settings) -> Result<Bytes> {
    asked = to;
    sent = to_bytes(message);
    EXPECT_EQ(settings.timeout, std::chrono::seconds{7});
    return Bytes{0x30, 0x00};
  };
  options.timeout_seconds = 7;
  EXPECT_EQ(unwrap(post_to("tcp://ca.test:829")), (Bytes{0x30, 0x00}));
  EXPECT_EQ(asked, (tcp::Address{"ca.test", 829}));
  EXPECT_EQ(sent, kMessage);
}

TEST_F(Posting, RefusesAnEstAnswerThatIsNoBase64) {
  reply.body = {0x30, 0x03, 0x02, 0x01, 0x05};
  const auto answered = post_to("https://ca.test/.well-known/est/fullcmc");
  ASSERT_FALSE(answered.ok());
  EXPECT_EQ(answered.error().fault, Fault::directory_unreachable);
  EXPECT_NE(answered.error().detail.find("no base64"), std::string::npos);
}

TEST_F(Posting, ReadsTheResponseOfAnEstRefusal) {
  /* matrix: G06 */
  reply = {.status = 403,
           .content_type = "application/pkcs7-mime; smime-type=CMC-response",
           .body = to_bytes(to_base64(kMessage))};
  EXPECT_EQ(unwrap(post_to("https://ca.test/.well-known/est/fullcmc")), kMessage);
}

}  // namespace
}  // namespace signet::tool
