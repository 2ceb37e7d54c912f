#include "apps/exchange/exchange_file.h"

#include <gtest/gtest.h>

#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;

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

}  // namespace
}  // namespace signet::tool
