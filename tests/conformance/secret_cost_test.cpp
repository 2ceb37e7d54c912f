// What one message may cost who has to look at the secrets in it, and what one secret may bring.
#include <gtest/gtest.h>

#include "codec/cms/cms.h"
#include "codec/pkix/oids.h"
#include "support/shared_secret_scene.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using crypto::MacAlgorithm;

class SecretCost : public SharedSecret {
 protected:
  SecretCost() { ca.secrets->entries["alice"].uses_allowed = 0; }

  static pkix::AlgorithmIdentifier pbkdf2(std::uint8_t salt, std::int64_t iterations,
                                          std::optional<std::int64_t> key_octets = {}) {
    const cms::Pbkdf2Parameters parameters{Bytes(16, salt), iterations, key_octets,
                                           crypto::algorithm_identifier(MacAlgorithm::hmac_sha256)};
    return {pkix::oid::kPbkdf2, cms::write_pbkdf2_parameters(parameters)};
  }
  /// A second request, for another key.
  static Bytes second(const std::optional<pkix::AlgorithmIdentifier>& link_key = {}) {
    return SecretMessage{.link_key = link_key, .key = test_key("ec:p256", 1)}.request(21);
  }
  Told send_derived(std::int64_t iterations,
                    const std::function<void(cms::Pbkdf2Parameters&)>& edit) {
    return send(
        {.nonce = static_cast<std::uint32_t>(iterations % 251),
         .in_authenticated_data = true,
         .edit_authenticated_data = [&](cms::AuthenticatedData& data) {
           auto& recipient = std::get<cms::PasswordRecipientInfo>(data.recipient_infos.at(0));
           auto parameters =
               unwrap(cms::read_pbkdf2_parameters(*recipient.key_derivation_algorithm->parameters));
           parameters.iteration_count = iterations;
           edit(parameters);
           recipient.key_derivation_algorithm->parameters =
               cms::write_pbkdf2_parameters(parameters);
         }});
  }
};

// ------------------------------------------------------------ the link

TEST_F(SecretCost, LinkKeysThatAreTheSameAreDerivedAndChargedOnce) {
  const auto key = pbkdf2(3, 500'000);
  const auto told = send({.link_key = key, .more_requests = {second(key)}});
  expect_granted(told);
  EXPECT_EQ(told.certificates.size(), 2U);
}

TEST_F(SecretCost, LinkKeysOfOneMessageHaveOneBudget) {
  const auto told =
      send({.link_key = pbkdf2(3, 500'000), .more_requests = {second(pbkdf2(4, 500'000))}});
  expect_refused(told, CMCFailInfo::badRequest, "PBKDF2");
  EXPECT_TRUE(told.names(21));
  EXPECT_EQ(failures_of("alice"), 0U);
  expect_granted(send(
      {.link_key = pbkdf2(3, 300'000), .more_requests = {second(pbkdf2(4, 300'000))}, .nonce = 2}));
}

TEST_F(SecretCost, EachBlockOfALinkKeyIsCharged) {
  const auto two_keys = [&](std::int64_t octets, std::uint32_t nonce) {
    return send({.link_key = pbkdf2(3, 300'000, octets),
                 .more_requests = {second(pbkdf2(4, 300'000, octets))},
                 .nonce = nonce});
  };
  expect_refused(two_keys(64, 1), CMCFailInfo::badRequest, "PBKDF2");
  expect_granted(two_keys(32, 2));
}

TEST_F(SecretCost, BothRulesOfALinkKeyAreCharged) {
  TestAuthority tolerant{{.secret_rules = {.link_with_identification = true}}};
  know(tolerant);
  const auto told = tolerant.send(SecretMessage{.link_key = pbkdf2(3, 500'000)}.encode(), nullptr);
  expect_refused(told, CMCFailInfo::badRequest, "PBKDF2");
}

// ------------------------------------------------------------ AuthenticatedData

TEST_F(SecretCost, AStrangerDemandsTwoHundredThousandOfThePrfAtMost) {
  const auto as_it_is = [](auto&) {};
  // beyond: before anything is derived; within: derived, and the MAC is not that of this key
  expect_refused(send_derived(200'001, as_it_is), CMCFailInfo::badRequest, "PBKDF2");
  expect_refused(send_derived(200'000, as_it_is), CMCFailInfo::badMessageCheck);
  const auto by_sha1 = [](auto& parameters) {
    parameters.prf = crypto::algorithm_identifier(MacAlgorithm::hmac_sha1);
  };
  expect_refused(send_derived(100'001, by_sha1), CMCFailInfo::badRequest, "PBKDF2");
  expect_refused(send_derived(100'000, by_sha1), CMCFailInfo::badMessageCheck);
}

TEST_F(SecretCost, WhoNamesNobodyIsRefusedWithoutTakingTime) {
  const auto ask = [&](const std::vector<cmc::TaggedAttribute>& controls) {
    authority::Inquiry inquiry;
    inquiry.octets = SecretMessage{}.authenticate(pki_data(controls, {}));
    inquiry.may_take_time = false;
    return ca.authority().respond(inquiry);
  };
  const auto named = control(2, cmc::oid::kIdentification, cmc::write_utf8_value("alice"));
  EXPECT_TRUE(std::holds_alternative<authority::TakesTime>(ask({named})));
  const auto refused = ask({});
  ASSERT_TRUE(std::holds_alternative<authority::Answer>(refused));
  EXPECT_EQ(std::get<authority::Answer>(refused).refusal.value().fault, Fault::mac_mismatch);
}

// ------------------------------------------------------------ uses

TEST_F(SecretCost, AUseIsAMessageWithAllItsRequests) {
  ca.secrets->entries["alice"].uses_allowed = 1;
  const auto told = send({.more_requests = {second()}});
  expect_granted(told);
  EXPECT_EQ(told.certificates.size(), 2U);
  expect_refused(send({.nonce = 2}), CMCFailInfo::badIdentity, "used up");
}

}  // namespace
}  // namespace signet::test
