#include "adapters/http/request_head.h"

#include <gtest/gtest.h>

#include "adapters/http/request_target.h"

namespace signet::http {
namespace {

/// 0: it is taken.
int status_of(const RequestHead& head) {
  const auto refusal = refuse_head(head);
  return refusal ? refusal->status : 0;
}

RequestHead asked_of(std::string_view host, std::string_view target = "/cmc") {
  return {.target = target, .host = host, .host_lines = 1};
}

RequestHead coded(std::string_view coding, bool is_chunked, std::size_t lines = 1) {
  auto head = asked_of("ca.test");
  head.transfer_encoding = coding;
  head.transfer_encoding_lines = lines;
  head.is_chunked = is_chunked;
  return head;
}

TEST(RequestHead, WantsOneHostOfHttp11) {
  EXPECT_EQ(status_of(asked_of("ca.test")), 0);
  EXPECT_EQ(status_of({.target = "/cmc"}), 400);
  EXPECT_EQ(status_of({.version = 10, .target = "/cmc"}), 0);
  for (const unsigned version : {10U, 11U}) {
    EXPECT_EQ(status_of({.version = version, .host = "ca.test", .host_lines = 2}), 400);
    EXPECT_EQ(status_of({.version = version, .host = "ca test", .host_lines = 1}), 400);
  }
}

TEST(RequestHead, WantsOneHostBesideAnAbsoluteTargetToo) {
  constexpr std::string_view kTarget = "https://ca.test:8443/cmc";
  EXPECT_EQ(status_of(asked_of("elsewhere.test", kTarget)), 0) << "the target goes before Host";
  EXPECT_EQ(status_of({.target = kTarget}), 400);
  EXPECT_EQ(status_of(asked_of("else where", kTarget)), 400);
}

TEST(RequestHead, RefusesAnAbsoluteTargetOfNobody) {
  for (const auto* target : {"https://ca.test", "http://[::1]:1?x=/y", "HTTPS://ca.test:/a:b@c"}) {
    EXPECT_EQ(status_of(asked_of("x", target)), 0) << target;
  }
  for (const auto* target :
       {"https:///cmc", "https://:8443/cmc", "https://", "https://?x=y", "https://me@ca.test/cmc",
        "https://me:secret@ca.test/cmc", "https://ca.test:port/cmc", "https://ca.test#/cmc"}) {
    EXPECT_EQ(status_of(asked_of("x", target)), 400) << target;
  }
}

TEST(RequestHead, TakesABodyInChunksAlone) {
  EXPECT_EQ(status_of(coded("chunked", true)), 0);
  EXPECT_EQ(status_of(coded("Chunked", true)), 0);
  EXPECT_EQ(status_of(coded("gzip, chunked", true)), 501);
  EXPECT_EQ(status_of(coded("identity, chunked", true)), 501);
  EXPECT_EQ(status_of(coded("gzip", true, 2)), 501) << "chunked in another line";
  EXPECT_EQ(status_of(coded("chunked", true, 2)), 501);
  EXPECT_EQ(status_of(coded("gzip", false)), 400);
  EXPECT_EQ(status_of(coded("", false)), 400);
}

TEST(RequestHead, KnowsNoTransferEncodingOfHttp10) {
  auto head = coded("chunked", true);
  head.version = 10;
  EXPECT_EQ(status_of(head), 400);
}

TEST(IsHost, TakesNamesAddressesAndPorts) {
  for (const auto* host :
       {"", "ca.test", "CA_1.test:8443", "192.0.2.1", "[2001:db8::1]", "[::1]:8443",
        "ca.test:", "a%20b", "a,b;c=d!", "[v1.a:b]", "[fe80::1%25eth0]:1"}) {
    EXPECT_TRUE(is_host(host)) << host;
  }
}

TEST(IsHost, RefusesWhatIsNone) {
  for (const auto* host :
       {"a b",       "a, b",        "a/b", "a?b",  "a#b",   "a@b",       "a\\b",   "ca.test:84 43",
        "ca.test:x", "ca.test:1:2", "::1", "[::1", "[]",    "[]:1",      "[::1]x", "[::1]]",
        "[a/b]",     "a%",          "a%2", "a%zz", "\"a\"", "a\xc3\xa4", "<a>"}) {
    EXPECT_FALSE(is_host(host)) << host;
  }
}

TEST(AuthorityOf, StandsBetweenSchemeAndPath) {
  EXPECT_EQ(authority_of("https://ca.test:8443/cmc?a=b"), "ca.test:8443");
  EXPECT_EQ(authority_of("HTTP://ca.test?a=/b"), "ca.test");
  EXPECT_EQ(authority_of("https://"), "");
  EXPECT_EQ(authority_of("/cmc?a=https://b"), std::nullopt);
  EXPECT_EQ(authority_of("ftp://ca.test/cmc"), std::nullopt);
  EXPECT_EQ(authority_of("https:/ca.test/cmc"), std::nullopt);
}

}  // namespace
}  // namespace signet::http
