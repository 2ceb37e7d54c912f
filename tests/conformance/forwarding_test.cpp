// Messages that a registration authority forwards (RFC 10002 §6.17, §8): each is decided as if it
// had come by itself, and has its own answer.
#include "authority/agent_desk.h"
#include "client/encryption.h"
#include "codec/pkix/oids.h"
#include "store/memory_engine.h"
#include "support/change_status.h"
#include "support/forwarding_scene.h"
#include "support/life_scene.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;
using cmc::CMCStatus;

class ForwardedMessages : public ForwardingScene {
 protected:
  ForwardedMessages() { ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner}; }
  Bytes renewal(const Holder& holder) {
    return ca.request(holder, pkix::to_text(holder.certificate->subject)).octets;
  }
  Holder bob = ca.enroll("CN=Bob,O=Test");
};

TEST_F(ForwardedMessages, EachHasItsOwnAnswer) {
  /* matrix: C77, C79, D09, E136, E137 */
  const auto told = forward_batch({{1, renewal(ca.alice)}, {2, renewal(bob)}});
  EXPECT_EQ(told.kind, authority::ResponseKind::full);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_TRUE(told.names(1) && told.names(2));
  EXPECT_TRUE(told.certificates.empty()) << "they stand in the answers inside";
  const auto* listed = cmc::find_control(told.controls, cmc::oid::kBatchResponses);
  ASSERT_NE(listed, nullptr);
  EXPECT_EQ(unwrap(cmc::read_body_part_list_value(listed->attr_values.front())), path({1, 2}));
  expect_granted(inside(told, 1), "CN=Alice,O=Test");
  expect_granted(inside(told, 2), "CN=Bob,O=Test");
}

TEST_F(ForwardedMessages, WhatOneIsRefusedStaysInItsAnswer) {
  /* matrix: E136 */
  const auto message = ca.request(bob, "CN=Alice,O=Test").octets;
  const auto told = forward_batch({{7, renewal(ca.alice)}, {5, message}, {6, renewal(bob)}});
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  expect_granted(inside(told, 7), "CN=Alice,O=Test");
  expect_refused(inside(told, 5), CMCFailInfo::badIdentity, "CN=Bob");
  expect_granted(inside(told, 6), "CN=Bob,O=Test");
}

TEST_F(ForwardedMessages, AnswersBearTheNumbersOfTheirMessages) {
  // The controls of the answer go round them.
  const auto told = forward_batch({{2, renewal(ca.alice)}, {3, renewal(bob)}});
  ASSERT_EQ(told.messages.size(), 2U);
  std::set<cmc::BodyPartID> ids;
  for (const auto& control : told.controls) EXPECT_TRUE(ids.insert(control.body_part_id).second);
  for (const auto& message : told.messages) EXPECT_TRUE(ids.insert(message.body_part_id).second);
  expect_granted(inside(told, 3), "CN=Bob,O=Test");
}

TEST_F(ForwardedMessages, NobodyButAnAgentForwards) {
  /* matrix: E161, E162 */
  const std::vector<Item> items{{1, renewal(bob)}};
  const auto before = ca.certificates_on_record();
  const auto told = ca.send(around(ca.alice, {batch(items)}, items), &ca.alice);
  expect_refused(told, CMCFailInfo::badRequest, "registration authority's");
  EXPECT_TRUE(told.names(900));
  EXPECT_TRUE(told.messages.empty());
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST_F(ForwardedMessages, TheConnectionIsTheAgents) {
  const std::vector<Item> items{{1, renewal(bob)}};
  const auto message = around(ca.agent, {batch(items)}, items);
  expect_refused(ca.send(message, nullptr), CMCFailInfo::badIdentity, "TLS");
  expect_refused(ca.send(message, &bob), CMCFailInfo::badIdentity, "TLS");
  expect_granted(inside(ca.send(message, &ca.agent), 1), "CN=Bob,O=Test");
}

TEST_F(ForwardedMessages, SignaturesInsideAreVerified) {
  auto message =
      full_request({bob.key, bob.certificate}, {tagged(20, pkcs10({.subject = "CN=Bob,O=Test"}))});
  message.content_sent = pki_data({}, {tagged(20, pkcs10({.subject = "CN=Mallory"}))});
  const auto told = forward_batch({{1, message.encode()}});
  expect_refused(inside(told, 1), CMCFailInfo::badMessageCheck);
  EXPECT_TRUE(told.has_event("CMC_USER_SIGNED_REQUEST_SIG_VERIFY", EventOutcome::failure));
}

TEST_F(ForwardedMessages, SharedSecretsProveInsideAsEver) {
  const auto told = forward_batch({{1, SecretMessage{}.encode()}});
  expect_granted(inside(told, 1), kOwner);
  const auto wrong =
      forward_batch({{1, SecretMessage{.secret = "not it at all", .nonce = 2}.encode()}});
  expect_refused(inside(wrong, 1), CMCFailInfo::badIdentity);
  const auto history =
      unwrap(ca.engine().token_history(to_bytes("token of alice: " + std::string(kSecret))));
  EXPECT_EQ(history.failures, 1U) << "guesses count, whoever forwards them";
}

TEST_F(ForwardedMessages, AreRecordedWithWhoForwardedThem) {
  const auto told = forward_batch({{1, renewal(bob)}});
  std::size_t received = 0;
  std::size_t forwarded = 0;
  for (const auto& event : told.events) {
    if (event.name != "CMC_REQUEST_RECEIVED") continue;
    ++received;
    for (const auto& field : event.fields) {
      if (field.name != "ForwardedBy") continue;
      ++forwarded;
      EXPECT_EQ(field.value, "CN=Agent,O=Test");
    }
  }
  EXPECT_EQ(received, 2U);
  EXPECT_EQ(forwarded, 1U);
}

TEST_F(ForwardedMessages, ThatComeAgainGetTheirFirstAnswers) {
  const std::vector<Item> items{{1, renewal(ca.alice)}, {2, renewal(bob)}};
  const auto nonce = control(901, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, 9)));
  const auto message = around(ca.agent, {nonce, batch(items)}, items);
  const auto first = ca.send(message, &ca.agent);
  const auto on_record = ca.certificates_on_record();
  const auto again = ca.send(message, &ca.agent);
  const auto anew = forward_batch({{4, items[1].message}});  // another message around
  EXPECT_EQ(ca.certificates_on_record(), on_record);
  EXPECT_EQ(inside(again, 1).certificates, inside(first, 1).certificates);
  EXPECT_EQ(inside(anew, 4).certificates, inside(first, 2).certificates);

  const std::vector<Item> others{{1, renewal(bob)}};
  const auto replayed = ca.send(around(ca.agent, {nonce, batch(others)}, others), &ca.agent);
  expect_refused(replayed, CMCFailInfo::badRequest, "senderNonce");
  EXPECT_EQ(ca.certificates_on_record(), on_record);
}

TEST_F(ForwardedMessages, OneThatStandsTwiceIsOne) {
  const auto message = renewal(bob);
  const auto before = ca.certificates_on_record();
  const auto told = forward_batch({{1, message}, {2, message}});
  EXPECT_EQ(inside(told, 1).certificates, inside(told, 2).certificates);
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

TEST_F(ForwardedMessages, ASecretOfOneUseServesOneOfThem) {
  const auto one = SecretMessage{.key = test_key("ec:p256", 1), .nonce = 1}.encode();
  const auto two = SecretMessage{.key = test_key("ec:p256", 2), .nonce = 2}.encode();
  const auto before = ca.certificates_on_record();
  const auto told = forward_batch({{1, one}, {2, two}});
  EXPECT_NE(inside(told, 1).issued(), inside(told, 2).issued());
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

TEST_F(ForwardedMessages, ThoseThatNoControlNamesArePassedOver) {
  /* matrix: E22 */
  const auto before = ca.certificates_on_record();
  const auto request = tagged(20, pkcs10({.subject = "CN=Carol,O=Test"}));
  const auto told = ca.send(around(ca.agent, {}, {{1, renewal(bob)}}, {request}), &ca.agent);
  expect_granted(told, "CN=Carol,O=Test");
  EXPECT_TRUE(told.messages.empty());
  const auto own =
      tagged(20, pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", 1)}));
  const auto users = ca.send(around(ca.alice, {}, {{1, renewal(bob)}}, {own}), &ca.alice);
  expect_granted(users, "CN=Alice,O=Test");
  EXPECT_EQ(ca.certificates_on_record(), before + 2);
  const std::vector<Item> items{{1, renewal(bob)}, {2, renewal(ca.alice)}};
  const auto half = forward({batch({items[1]})}, items);
  ASSERT_EQ(half.messages.size(), 1U);
  expect_granted(inside(half, 2), "CN=Alice,O=Test");
}

TEST_F(ForwardedMessages, NothingElseStandsBesideThem) {
  const std::vector<Item> items{{1, renewal(bob)}};
  const auto request = tagged(20, pkcs10({.subject = "CN=Carol,O=Test"}));
  const auto requests = ca.send(around(ca.agent, {batch(items)}, items, {request}), &ca.agent);
  expect_refused(requests, CMCFailInfo::badRequest, "two messages");
  EXPECT_TRUE(requests.names(20));
  const auto revocation = revocation_of(bob);
  const auto revokes = forward({batch(items), revocation}, items);
  expect_refused(revokes, CMCFailInfo::badRequest, "revokeRequest");
  EXPECT_TRUE(revokes.names(30));
  EXPECT_TRUE(requests.messages.empty() && revokes.messages.empty());
}

TEST_F(ForwardedMessages, ABatchListsWhatIsThereOnce) {
  const std::vector<Item> items{{1, renewal(bob)}};
  const auto list = [&](const std::vector<std::uint32_t>& ids) {
    return forward(
        {control(900, cmc::oid::kBatchRequests, cmc::write_body_part_list_value(path(ids)))},
        items);
  };
  for (const auto& ids : {std::vector<std::uint32_t>{1, 2}, {1, 1}, {0}}) {
    const auto told = list(ids);
    expect_refused(told, CMCFailInfo::badRequest, "batchRequests");
    EXPECT_TRUE(told.names(900));
    EXPECT_TRUE(told.messages.empty());
  }
  expect_granted(inside(list({1}), 1), "CN=Bob,O=Test");

  const auto request = tagged(20, pkcs10({.subject = "CN=Carol,O=Test"}));
  const auto of_nothing = ca.send(around(ca.agent, {batch(items)}, {}, {request}), &ca.agent);
  expect_refused(of_nothing, CMCFailInfo::badRequest, "batchRequests lists 1");
  EXPECT_TRUE(of_nothing.names(900));
}

TEST_F(ForwardedMessages, AHundredAreTakenAndNoMore) {
  std::vector<Item> items;
  const auto message = renewal(bob);
  for (std::uint32_t id = 1; id <= 100; ++id) items.push_back({id, message});
  EXPECT_EQ(forward_batch(items).messages.size(), 100U);
  items.push_back({101, message});
  const auto told = forward_batch(items);
  expect_refused(told, CMCFailInfo::badRequest, "at most 100");
  EXPECT_TRUE(told.messages.empty());
}

TEST_F(ForwardedMessages, MayForwardThemselvesThreeDeep) {
  const auto wrap = [&](const Bytes& message) {
    const std::vector<Item> items{{1, message}};
    return around(ca.agent, {batch(items)}, items);
  };
  const auto two = wrap(wrap(renewal(bob)));
  const auto told = ca.send(wrap(two), &ca.agent);
  expect_granted(inside(inside(inside(told, 1), 1), 1), "CN=Bob,O=Test");
  const auto four = ca.send(wrap(wrap(wrap(wrap(renewal(bob))))), &ca.agent);
  const auto third = inside(inside(inside(four, 1), 1), 1);
  expect_refused(third, CMCFailInfo::badRequest, "deep");
  EXPECT_TRUE(third.messages.empty());
}

TEST_F(ForwardedMessages, AUserInsideForwardsNothing) {
  const std::vector<Item> innermost{{1, renewal(bob)}};
  const auto told = forward_batch({{1, around(ca.alice, {batch(innermost)}, innermost)}},
                                  {identity_witness({1, 1}, 911)});
  expect_refused(inside(told, 1), CMCFailInfo::badRequest);
}

TEST_F(ForwardedMessages, WhatIsNoMessageIsToldOfOutside) {
  // Status alone, and wrongly signed: nobody answers that.
  const auto status_of = [](std::uint32_t part) {
    cmc::CMCStatusInfoV2 status;
    status.body_list = {cmc::BodyPartID{part}};
    return pki_data({control(1, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status))},
                    {});
  };
  auto silent = full_request({bob.key, bob.certificate}, {});
  silent.content = status_of(1);
  silent.content_sent = status_of(2);
  const auto told = forward_batch({{1, silent.encode()}, {2, renewal(bob)}});
  ASSERT_EQ(told.messages.size(), 1U);
  expect_granted(inside(told, 2), "CN=Bob,O=Test");
  EXPECT_FALSE(told.names(1));
  std::vector<cmc::CMCStatusInfoV2> all;
  for (const auto& control : told.controls) {
    if (control.attr_type != cmc::oid::kStatusInfoV2) continue;
    all.push_back(unwrap(cmc::read_cmc_status_info_v2(control.attr_values.front())));
  }
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].cmc_status, CMCStatus::failed);
  EXPECT_EQ(all[1].body_list, std::vector<cmc::BodyPartReference>{cmc::BodyPartID{1}});
}

/// Users' requests wait for an agent.
class ForwardedWaits : public ForwardingScene {
 protected:
  ForwardedWaits() : ForwardingScene(choices()) {}
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.more_profiles = approval_profile();
    made.settings.user_profile = "extra";
    return made;
  }
  static Bytes pend_token(const Told& told) {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
    return std::get<cmc::PendInfo>(told.status.other_info.value()).pend_token;
  }
  Result<store::PendingRequest> approve(const Bytes& token) {
    return ca.desk().decide({ca.agent.certificate.der, "192.0.2.9"}, {token, true, {}, ""});
  }
  Told poll(const Holder& holder, const Bytes& token) {
    const auto query = control(5, cmc::oid::kQueryPending, cmc::write_octets_value(token));
    return ca.send(full_request({holder.key, holder.certificate}, {}, {query}).encode(), &holder);
  }
  Bytes renewal() {
    const auto request =
        pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", next_key_++)});
    return full_request({ca.alice.key, ca.alice.certificate}, {tagged(20, request)}).encode();
  }

 private:
  int next_key_ = 1;
};

TEST_F(ForwardedWaits, IsApprovedAsEver) {
  const auto token = pend_token(inside(forward_batch({{1, renewal()}}), 1));
  const auto decided = approve(token);
  ASSERT_TRUE(decided.ok()) << decided.error().detail;
  expect_granted(poll(ca.alice, token), "CN=Alice,O=Test");
}

TEST_F(ForwardedWaits, AsLongAsWhoForwardedItIsAnAgent) {
  const auto ra = registration_authority();
  const auto forwarded = [&](std::uint32_t item) {
    const std::vector<Item> items{{item, renewal()}};
    return pend_token(inside(ca.send(around(ra, {batch(items)}, items), &ra), item));
  };
  const auto before = forwarded(1);
  const auto after = forwarded(2);
  EXPECT_TRUE(approve(before).ok());
  unwrap(change_status(ca.engine(), ra.certificate->serial_number,
                       store::CertificateStatus::revoked, ca.clock.now(),
                       pkix::CRLReason::keyCompromise));
  const auto refused = approve(after);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::tls_mismatch);
  EXPECT_EQ(poll(ca.alice, after).status.cmc_status, CMCStatus::pending);
}

/// Messages that are encrypted to the authority.
class ForwardedEncrypted : public ForwardingScene {
 protected:
  ForwardedEncrypted() : ForwardingScene({.decryption = decryption()}) {}
  static Key encryption_key() { return test_key("rsa:2048", 7); }
  static std::shared_ptr<const envelope::DecryptionKey> decryption() {
    static TestCa issuer;
    static const auto credential = issuer.issue(
        {.subject = "CN=CMC encryption",
         .key = encryption_key(),
         .key_usage = {pkix::KeyUsageBit::keyEncipherment, pkix::KeyUsageBit::keyAgreement}});
    return std::make_shared<const envelope::DecryptionKey>(
        envelope::DecryptionKey{credential.certificate, credential.key});
  }
  Bytes encrypt(ByteView message, const asn1::Oid& cipher) {
    const auto key = unwrap(crypto::PublicKey::from(encryption_key()->public_key_info()));
    const auto certificate = decryption()->certificate;
    envelope::EncryptionStyle style;
    style.content_encryption = cipher;
    const cms::RecipientIdentifier rid =
        cms::IssuerAndSerialNumber{certificate->issuer, certificate->serial_number};
    return unwrap(envelope::encrypt_message(message, {key, rid}, style, crypto::system_random()));
  }
};

TEST_F(ForwardedEncrypted, AreOpenedWhereNobodyCanHaveAlteredThem) {
  const auto message = ca.request(ca.alice, "CN=Alice,O=Test").octets;
  const auto before = ca.certificates_on_record();
  const auto told = forward_batch(
      {{1, encrypt(message, pkix::oid::kAes256Gcm)}, {2, encrypt(message, pkix::oid::kAes256Cbc)}});
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
  ASSERT_EQ(told.messages.size(), 2U);
  expect_refused(inside(told, 2), CMCFailInfo::badMessageCheck);
}

}  // namespace
}  // namespace signet::test
