// What ties a shared secret to the key: popLinkRandom and popLinkWitness in each request.
#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "proof/witness/pop_link.h"
#include "support/shared_secret_scene.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using client::RequestForm;
using cmc::CMCFailInfo;

TEST_F(SharedSecret, EveryRequestNeedsItsWitness) {
  /* matrix: E86 */
  const auto without = tagged(21, pkcs10({.subject = "", .key = test_key("ec:p256", 1)}));
  const auto told = send({.more_requests = {without}});
  expect_refused(told, CMCFailInfo::popFailed, "no popLinkWitnessV2");
  EXPECT_TRUE(told.names(21));
  EXPECT_TRUE(told.has_event("CMC_ID_POP_LINK_WITNESS", EventOutcome::failure));
}

/// RFC 10002 §6.3: a request is signed for whoever sends it, and the NULL name is anybody's.
TEST_F(SharedSecret, ARequestThatNamesNobodyIsTiedOrElseItMayBeAnothers) {
  ca.secrets->entries["alice"].uses_allowed = 0;
  const auto named = [](const std::string& subject) {
    return tagged(21, pkcs10({.subject = subject, .key = test_key("ec:p256", 1)}));
  };
  const auto beside = [&](const std::string& subject, std::uint32_t nonce) {
    return SecretMessage{
        .link_random = std::nullopt, .more_requests = {named(subject)}, .nonce = nonce};
  };
  const auto told = send(beside("", 1));
  expect_refused(told, CMCFailInfo::popFailed, "nothing ties this request");
  EXPECT_TRUE(told.names(21));
  expect_refused(send({.link_random = std::nullopt, .nonce = 2, .in_authenticated_data = true}),
                 CMCFailInfo::popFailed, "nothing ties this request");
  expect_granted(send({.link_random = std::nullopt, .nonce = 3}));  // its key signed the message
  expect_granted(send({.key = test_key("ec:p256", 2), .nonce = 4, .in_authenticated_data = true}));
  const auto own = send({.link_random = std::nullopt,
                         .subject = kOwner,
                         .key = test_key("ec:p256", 3),
                         .nonce = 5,
                         .in_authenticated_data = true});
  expect_granted(own);
  auto both = beside(kOwner, 6);
  both.key = test_key("ec:p256", 4);
  EXPECT_EQ(send(both).certificates.size(), 2U);
}

TEST_F(SharedSecret, AWitnessOfVersionOneIsForThoseWhoTurnItOnAndBothMustHold) {
  const auto with = [](std::vector<pkix::Attribute> witnesses, std::uint32_t nonce) {
    const auto request =
        pkcs10({.subject = "", .key = test_key("ec:p256", 1), .attributes = std::move(witnesses)});
    return SecretMessage{.more_requests = {tagged(21, request)}, .nonce = nonce};
  };
  const auto v1 = [](const SecretMessage& of) {
    return attribute(cmc::oid::kPopLinkWitness, of.witness());
  };
  const auto v2 = [](const SecretMessage& of) {
    return attribute(cmc::oid::kPopLinkWitnessV2, of.witness());
  };
  const SecretMessage right_v1{.version = 1};
  const SecretMessage wrong_v1{.version = 1, .link_secret = "another secret of sixteen"};
  const SecretMessage right_v2;
  const SecretMessage wrong_v2{.link_secret = "another secret of sixteen"};
  expect_refused(send(with({v1(right_v1)}, 1)), CMCFailInfo::badAlg, "popLinkWitness (version 1)");

  TestAuthority tolerant{{.secret_rules = {.legacy_proofs = true}}};
  know(tolerant);
  tolerant.secrets->entries["alice"].uses_allowed = 0;
  const auto tell = [&](const SecretMessage& message) {
    return tolerant.send(message.encode(), nullptr);
  };
  EXPECT_EQ(tell(with({v1(wrong_v1)}, 1)).fail_info(), CMCFailInfo::popFailed);
  EXPECT_EQ(tell(with({v1(right_v1), v2(wrong_v2)}, 2)).fail_info(), CMCFailInfo::popFailed);
  EXPECT_EQ(tell(with({v1(wrong_v1), v2(right_v2)}, 3)).fail_info(), CMCFailInfo::popFailed);
  EXPECT_TRUE(tell(with({v1(right_v1), v2(right_v2)}, 4)).issued());
}

TEST_F(SharedSecret, AWitnessOfAnotherRandomOrSecretIsRefused) {
  expect_refused(send({.witness_of = Bytes(64, 8)}), CMCFailInfo::popFailed);
  expect_refused(send({.link_secret = "another secret of sixteen", .nonce = 2}),
                 CMCFailInfo::popFailed);
}

TEST_F(SharedSecret, AWitnessThatIsCutShortIsRefused) {
  std::uint32_t nonce = 1;
  for (const std::size_t octets : {0U, 31U}) {
    auto witness = unwrap(cmc::read_pop_link_witness_v2(SecretMessage{}.witness()));
    witness.witness.resize(octets);
    const auto request =
        pkcs10({.subject = "",
                .key = test_key("ec:p256", 1),
                .attributes = {attribute(cmc::oid::kPopLinkWitnessV2,
                                         cmc::write_pop_link_witness_v2(witness))}});
    expect_refused(send({.more_requests = {tagged(21, request)}, .nonce = nonce++}),
                   CMCFailInfo::popFailed);
  }
}

TEST_F(SharedSecret, AWitnessWithoutRandomIsRefused) {
  const auto told = send({.edit_controls = [](auto& controls) { controls.pop_back(); }});
  expect_refused(told, CMCFailInfo::popFailed, "no popLinkRandom");
}

TEST_F(SharedSecret, SwappedAttributeTypesAreRefused) {
  // 34 is identityProofV2, which is a control and no attribute.
  expect_refused(send({.link_type = cmc::oid::kIdentityProofV2}), CMCFailInfo::popFailed);
}

TEST_F(SharedSecret, AShortRandomIsRefused) {
  const auto told = send({.link_random = Bytes(15, 7)});
  expect_refused(told, CMCFailInfo::popFailed, "15 octets");
  EXPECT_TRUE(told.names(4));
}

TEST_F(SharedSecret, ARandomHasAThousandAndTwentyFourOctetsAtMost) {
  const auto told = send({.link_random = Bytes(1025, 7)});
  expect_refused(told, CMCFailInfo::badRequest, "1024 octets");
  EXPECT_TRUE(told.names(4));
  expect_granted(send({.link_random = Bytes(1024, 7), .nonce = 2}));
}

TEST_F(SharedSecret, DogtagsLinkKeyIsForThoseWhoTurnItOn) {
  expect_refused(send({.link_with_identification = true}), CMCFailInfo::popFailed,
                 "[compatibility] link_with_identification");

  TestAuthority tolerant{{.secret_rules = {.link_with_identification = true}}};
  know(tolerant);
  tolerant.secrets->entries["alice"].uses_allowed = 0;
  const auto dogtags =
      tolerant.send(SecretMessage{.link_with_identification = true}.encode(), nullptr);
  EXPECT_TRUE(dogtags.issued()) << dogtags.text();
  const auto event =
      std::find_if(dogtags.events.begin(), dogtags.events.end(),
                   [](const auto& each) { return each.name == "CMC_ID_POP_LINK_WITNESS"; });
  ASSERT_NE(event, dogtags.events.end());
  EXPECT_NE(event->fields.back().value.find("Dogtag"), std::string::npos);
  EXPECT_TRUE(tolerant.send(SecretMessage{.nonce = 2}.encode(), nullptr).issued())
      << "the RFC's too";
  EXPECT_FALSE(
      tolerant
          .send(SecretMessage{.link_secret = "x", .link_with_identification = true, .nonce = 3}
                    .encode(),
                nullptr)
          .issued());
}

TEST_F(SharedSecret, ADemandedLinkIsDemandedOfBothForms) {
  TestAuthority strict{{.secret_rules = {.link_required = true}}};
  know(strict);
  for (const auto form : {RequestForm::pkcs10, RequestForm::crmf}) {
    const auto told =
        strict.send(SecretMessage{.link_random = std::nullopt, .form = form}.encode(), nullptr);
    expect_refused(told, CMCFailInfo::popFailed, "demands");
  }
  EXPECT_TRUE(strict.send(SecretMessage{.nonce = 2}.encode(), nullptr).issued());
}

}  // namespace
}  // namespace signet::test
