// Answers of a live Dogtag 11.3.1.
#include <gtest/gtest.h>

#include "client/read_response.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/pki_request.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using cmc::CMCFailInfo;
using test::unwrap;

/// An exchange with a live Dogtag 11.3.1, what must be remembered taken from its request.
struct LiveExchange {
  SentRequest sent;
  Bytes answer;
  proof::Trust trust;
  Time now{std::chrono::seconds{1795446000}};  // 2026-11-23T15:00:00Z
};

LiveExchange live(const std::string& name) {
  const auto folder = "interop/dogtag-live/" + name;
  const auto request = unwrap(cmc::read_pki_request(test::shared_file(folder + "/request.der")));
  SentRequest sent;
  for (const auto* wanted : cmc::requests_of(request)) {
    sent.request_ids.push_back(wanted->body_part_id());
    sent.keys.push_back(*wanted->public_key());
  }
  const auto& controls = cmc::controls_of(request);
  if (const auto* nonce = cmc::find_control(controls, cmc::oid::kSenderNonce)) {
    sent.sender_nonce = unwrap(cmc::read_octets_value(nonce->attr_values.front()));
  }
  if (const auto* transaction = cmc::find_control(controls, cmc::oid::kTransactionId)) {
    sent.transaction_id = unwrap(cmc::read_integer_value(transaction->attr_values.front()));
  }
  auto answer = test::shared_file(folder + "/response.der");
  const auto signed_data =
      unwrap(cms::read_signed_data(unwrap(cms::read_content_info(answer)).content));
  std::vector<pkix::Certificate> anchors;
  for (const auto& certificate : signed_data.certificates) {
    if (certificate->issuer == certificate->subject) anchors.push_back(certificate);
  }
  return {std::move(sent), std::move(answer), unwrap(proof::Trust::make(anchors, {}))};
}

class DogtagsSuccess : public ::testing::TestWithParam<const char*> {};
TEST_P(DogtagsSuccess, IsTaken) {
  /* matrix: E54, E64 */
  SIGNET_NEEDS_SHARED("interop/dogtag-live");
  const auto exchange = live(GetParam());
  const auto checked =
      unwrap(read_response(exchange.answer, exchange.sent, exchange.trust, exchange.now));
  EXPECT_TRUE(checked.success());
}
INSTANTIATE_TEST_SUITE_P(All, DogtagsSuccess,
                         ::testing::Values("01-agent-signed-pkcs10", "10-user-signed-pkcs10",
                                           "05-self-signed-sharedtoken-pkcs10-popLinkWitnessV2",
                                           "60-agent-signed-transactionId-senderNonce-dataReturn"));

TEST(DogtagsAnswer, RefusalIsTold) {
  /* matrix: E64 */
  SIGNET_NEEDS_SHARED("interop/dogtag-live");
  const auto exchange = live("43-sharedtoken-no-identification");
  const auto checked =
      unwrap(read_response(exchange.answer, exchange.sent, exchange.trust, exchange.now));
  EXPECT_FALSE(checked.success());
  EXPECT_EQ(checked.verdicts.front().fail_info, CMCFailInfo::badIdentity);
}

TEST(DogtagsAnswer, WithAnotherNonceIsRefused) {
  /* matrix: E105 */
  SIGNET_NEEDS_SHARED("interop/dogtag-live");
  auto exchange = live("60-agent-signed-transactionId-senderNonce-dataReturn");
  ASSERT_FALSE(exchange.sent.sender_nonce.empty());
  exchange.sent.sender_nonce.back() ^= 1;
  const auto checked = read_response(exchange.answer, exchange.sent, exchange.trust, exchange.now);
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().fault, Fault::replayed);
}

}  // namespace
}  // namespace signet::client
