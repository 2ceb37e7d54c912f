#include <gtest/gtest.h>

#include "apps/signet/exchange_file.h"
#include "apps/signet/message_file.h"
#include "apps/signet/posting.h"
#include "apps/signet/report.h"
#include "apps/signet/request_options.h"
#include "base/encoding.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;

// ------------------------------------------------------------------------- unwrap

TEST(Unwrap, GivesBinaryAsItIs) {
  const Bytes binary{0x30, 0x80, 0x00, 0x00};
  const auto objects = unwrap(tool::unwrap(binary));
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_EQ(objects.front().octets, binary);
}

TEST(Unwrap, GivesEachPemBlock) {
  const auto text = to_pem("CERTIFICATE", Bytes{1}) + "between\n" + to_pem("CMS", Bytes{2});
  const auto objects = unwrap(tool::unwrap(as_bytes(text)));
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(objects.back().label, "CMS");
  EXPECT_EQ(objects.back().octets, Bytes{2});
}

TEST(Unwrap, TakesBase64WithLineEnds) {
  const auto objects = unwrap(tool::unwrap(as_bytes("MIIB\r\nAAEC\n")));
  EXPECT_EQ(objects.front().wrapping, Wrapping::base64);
  EXPECT_EQ(objects.front().octets.front(), 0x30);
}

TEST(Unwrap, RefusesPrivateKeysAndEmptyFiles) {
  for (const auto* label : {"PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY"}) {
    const auto refused = tool::unwrap(as_bytes(to_pem(label, Bytes{1})));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault, Fault::not_allowed);
  }
  EXPECT_EQ(tool::unwrap({}).error().fault, Fault::malformed);
}

// ------------------------------------------------------------------------- exchange file

client::SentRequest sent_request() {
  client::SentRequest sent;
  sent.transaction_id = asn1::Integer::from(77);
  sent.sender_nonce = Bytes{1, 2, 3};
  sent.data_return = Bytes{4};
  sent.request_ids = {cmc::BodyPartID{5}};
  sent.keys = {test::test_key()->public_key_info()};
  return sent;
}

TEST(ExchangeFile, ComesBackAsItWas) {
  const auto sent = sent_request();
  const auto read = unwrap(read_exchange(write_exchange(sent)));
  EXPECT_EQ(read.transaction_id, sent.transaction_id);
  EXPECT_EQ(read.sender_nonce, sent.sender_nonce);
  EXPECT_EQ(read.data_return, sent.data_return);
  EXPECT_EQ(read.request_ids, sent.request_ids);
  EXPECT_EQ(read.keys, sent.keys);
}

class BrokenExchange : public ::testing::TestWithParam<const char*> {};
TEST_P(BrokenExchange, IsMalformed) {
  const auto read = read_exchange(GetParam());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fault, Fault::malformed);
}
INSTANTIATE_TEST_SUITE_P(
    All, BrokenExchange,
    ::testing::Values("", "[]", "{}", R"({"exchange":"1"})", R"({"exchange":2})",
                      R"({"exchange":1,"transaction_id":5})",
                      R"({"exchange":1,"transaction_id":"","sender_nonce":"00"})",
                      R"({"exchange":1,"transaction_id":"01","sender_nonce":"00"})",
                      R"({"exchange":1,"transaction_id":"01","sender_nonce":"00","requests":[]})",
                      R"({"exchange":1,"transaction_id":"01","sender_nonce":"00","requests":[7]})",
                      R"({"exchange":1,"transaction_id":"01","sender_nonce":"00",
                          "requests":[{"id":0,"key":""}]})",
                      R"({"exchange":1,"transaction_id":"01","sender_nonce":"00",
                          "requests":[{"id":1,"key":"AAAA"}]})"));

// ------------------------------------------------------------------------- addresses

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

TEST(Address, RefusesWhatIsNone) {
  for (const auto* url : {"", "ca.test", "ftp://ca.test", "https://"}) {
    const auto address = address_of(server(url));
    ASSERT_FALSE(address.ok()) << url;
    EXPECT_EQ(address.error().fault, Fault::bad_configuration);
  }
  EXPECT_FALSE(address_of(server("https://ca.test/one", "/two")).ok());
}

// ------------------------------------------------------------------------- names

TEST(GeneralNameFromText, ReadsEachKind) {
  const auto text_of = [](const char* text) {
    return pkix::to_text(unwrap(general_name_from_text(text)));
  };
  EXPECT_EQ(text_of("DNS:host.test"), "DNS:host.test");
  EXPECT_EQ(text_of("dns:host.test"), "DNS:host.test");
  EXPECT_EQ(text_of("IP:192.0.2.1"), "IP:192.0.2.1");
  EXPECT_EQ(text_of("email:a@host.test"), "email:a@host.test");
  EXPECT_EQ(text_of("URI:https://host.test/x"), "URI:https://host.test/x");
  EXPECT_EQ(text_of("DirName:CN=A,O=B"), "DirName:CN=A,O=B");
  EXPECT_EQ(text_of("OID:1.2.3"), "OID:1.2.3");
}

TEST(GeneralNameFromText, ReadsIPv6) {
  const auto name = unwrap(general_name_from_text("IP:2001:db8::1"));
  EXPECT_EQ(std::get<pkix::IpAddress>(name).octets.size(), 16U);
}

TEST(GeneralNameFromText, RefusesWhatIsNoName) {
  for (const auto* text : {"", "host.test", "DNS:", "IP:300.1.1.1", "FAX:1",
                           "DNS:b\xC3\xBC"
                           "cher.test",
                           "OID:x"}) {
    const auto name = general_name_from_text(text);
    ASSERT_FALSE(name.ok()) << text;
    EXPECT_EQ(name.error().fault, Fault::malformed);
  }
}

// ------------------------------------------------------------------------- text for a terminal

TEST(Printable, ReplacesControlCharactersOnly) {
  EXPECT_EQ(printable("a\x1b[0m\nb\x7f"), "a?[0m?b?");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "??31m");
  EXPECT_EQ(printable("Jörg, §5, \xC2\xA0"), "Jörg, §5, \xC2\xA0");
}

}  // namespace
}  // namespace signet::tool
