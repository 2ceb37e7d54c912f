// What a message that forwards others leaves in the journal, whom its agent's word is about, and
// what it may cost.
#include "base/encoding.h"
#include "codec/asn1/writer.h"
#include "store/memory_engine.h"
#include "support/challenge_answers.h"
#include "support/forwarding_scene.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;

// ------------------------------------------------------------ secrets in the journal

/// BER's other form of an element: the OCTET STRING that holds `octets` in two pieces, cut in their
/// midst.
Bytes in_pieces(const asn1::Element& element, const asn1::Reader& around, ByteView octets) {
  const auto value = element.value;
  const auto at = std::search(value.begin(), value.end(), octets.begin(), octets.end());
  if (at == value.end()) return to_bytes(element.tlv);
  if (element.tag == asn1::kOctetString) {
    const auto cut = static_cast<std::size_t>(at - value.begin()) + octets.size() / 2;
    return asn1::joined(asn1::universal(4, asn1::Form::constructed),
                        {asn1::joined(asn1::kOctetString, {value.first(cut)}),
                         asn1::joined(asn1::kOctetString, {value.subspan(cut)})});
  }
  auto inside = unwrap(around.enter(element));
  Bytes contents;
  while (!inside.at_end()) {
    const auto each = unwrap(inside.read_any());
    append(contents, in_pieces(each, inside, octets));
  }
  return asn1::joined(element.tag, {contents});
}
Bytes in_pieces(ByteView message, ByteView octets) {
  asn1::Budget budget{asn1::Limits::ber()};
  asn1::Reader reader{message, budget};
  const auto whole = unwrap(reader.read_any());
  return in_pieces(whole, reader, octets);
}

class ForwardedSecrets : public ForwardingScene {
 protected:
  static constexpr std::string_view kRevocationSecret = "RevSecret.1 of Alice";

  /// Alice revokes her certificate, and brings the secret as well.
  Bytes revocation() {
    auto wanted = unwrap(cmc::read_revoke_request(revocation_of(ca.alice).attr_values.front()));
    wanted.shared_secret = to_bytes(kRevocationSecret);
    return full_request({ca.alice.key, ca.alice.certificate}, {},
                        {control(30, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted))})
        .encode();
  }
  static Bytes cut_at_the_control(ByteView message) {
    const auto pieces = in_pieces(message, cmc::oid::kRevokeRequest.value());
    const auto identifier = cmc::oid::kRevokeRequest.value();
    EXPECT_EQ(std::search(pieces.begin(), pieces.end(), identifier.begin(), identifier.end()),
              pieces.end());
    EXPECT_NE(as_text(pieces).find(kRevocationSecret), std::string_view::npos);
    return pieces;
  }
  static bool is_told(const std::vector<audit::Event>& events, std::string_view secret) {
    return std::any_of(events.begin(), events.end(), [&](const auto& event) {
      return std::any_of(event.fields.begin(), event.fields.end(), [&](const auto& field) {
        const auto plain = from_base64(field.value);
        return field.value.find(secret) != std::string::npos ||
               (plain.ok() && as_text(*plain).find(secret) != std::string_view::npos);
      });
    });
  }
  static std::size_t kept_whole(const std::vector<audit::Event>& events) {
    std::size_t kept = 0;
    for (const auto& event : events) {
      for (const auto& field : event.fields) {
        if (field.name == "CMCRequest" && from_base64(field.value).ok()) ++kept;
      }
    }
    return kept;
  }
};

TEST_F(ForwardedSecrets, InPiecesDoNotStandInTheJournal) {
  const auto pieces = cut_at_the_control(revocation());
  const std::vector<Item> one{{1, pieces}};
  const auto inner = around(ca.agent, {batch(one)}, one);
  const std::vector<Item> two{{1, inner}};
  const auto passed_over = around(ca.agent, {}, one, {tagged(20, pkcs10())});
  const auto no_pki_data =
      cms::write_content_info(cms::oid::kData, asn1::joined(asn1::kOctetString, {pieces}));
  for (const auto& message : {around(ca.agent, {batch(one)}, one),
                              around(ca.agent, {batch(two)}, two), passed_over, no_pki_data}) {
    const auto told = ca.send(message, &ca.agent);
    EXPECT_FALSE(is_told(told.events, kRevocationSecret));
    EXPECT_EQ(kept_whole(told.events), 0U);
  }
}

TEST_F(ForwardedSecrets, AreNotToldInTheHalfOfAMessageEither) {
  const std::vector<Item> one{{1, cut_at_the_control(revocation())}};
  auto half = around(ca.agent, {batch(one)}, one);
  half.resize(half.size() - 40);
  EXPECT_FALSE(is_told(ca.send(half, &ca.agent).events, kRevocationSecret));
}

TEST_F(ForwardedSecrets, WhatHoldsNoneIsKeptWhole) {
  const auto revocation_by_signature =
      full_request({ca.alice.key, ca.alice.certificate}, {}, {revocation_of(ca.alice)}).encode();
  const auto renewal = ca.request(ca.alice, "CN=Alice,O=Test").octets;
  EXPECT_EQ(kept_whole(forward_batch({{1, renewal}}).events), 2U) << "around, and inside";
  const auto told = forward_batch({{2, revocation_by_signature}});
  EXPECT_EQ(kept_whole(told.events), 1U) << "inside; who reads around it cannot know";
}

// ------------------------------------------------------------ whom a word is about

class WhomAnAgentVouchesFor : public ForwardingScene {
 protected:
  static cmc::TaggedAttribute nonce(std::uint8_t octet = 9) {
    return control(40, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, octet)));
  }
  static cmc::TaggedAttribute name(std::uint32_t item, const std::string& given) {
    return change({item}, 20, subject(given), true, 940 + item);
  }
  Told by(const Holder& agent, const Bytes& message, std::vector<cmc::TaggedAttribute> says) {
    const std::vector<Item> items{{1, message}};
    says.push_back(identity_witness({1}));
    return inside(ca.send(around(agent, says, items), &agent), 1);
  }
  std::string requester_of(const Told& told) {
    return unwrap(ca.engine().find_certificate(told.certificates.at(0)->serial_number))->requester;
  }
};

TEST_F(WhomAnAgentVouchesFor, MayHaveNoNameAndAreDifferentPeople) {
  const auto told = forward_batch({{1, by_stranger("", test_key("ec:p256", 1), {nonce()})},
                                   {2, by_stranger("", test_key("ec:p256", 2), {nonce()})}},
                                  {identity_witness({1}, 911), identity_witness({2}, 912),
                                   name(1, "CN=Carol,O=Test"), name(2, "CN=Dan,O=Test")});
  expect_granted(inside(told, 1), "CN=Carol,O=Test");
  expect_granted(inside(told, 2), "CN=Dan,O=Test");
  EXPECT_EQ(requester_of(inside(told, 1)),
            "somebody without a name, vouched for by CN=Agent,O=Test");
}

TEST_F(WhomAnAgentVouchesFor, AreThePersonTheyWereWhenTheyAskAgain) {
  const auto more = control(41, cmc::oid::kDataReturn, cmc::write_octets_value(Bytes{1}));
  const auto first = by_stranger("", test_key(), {nonce()});
  const auto says = name(1, "CN=Carol,O=Test");
  const auto granted = by(ca.agent, first, {says});
  expect_granted(granted, "CN=Carol,O=Test");
  EXPECT_EQ(by(ca.agent, first, {says}).certificates, granted.certificates);
  expect_refused(by(ca.agent, by_stranger("", test_key(), {nonce(), more}), {says}),
                 CMCFailInfo::badRequest, "senderNonce");
}

TEST_F(WhomAnAgentVouchesFor, NeedANameInTheirCertificates) {
  expect_refused(by(ca.agent, by_stranger(""), {}), CMCFailInfo::badRequest, "subject");
}

TEST_F(WhomAnAgentVouchesFor, StayItsOwnWhenItsCertificateIsRenewed) {
  const auto message = by_stranger("CN=Carol,O=Test");
  const auto granted = by(registration_authority(), message, {});
  expect_granted(granted, "CN=Carol,O=Test");
  const auto renewed = registration_authority(4712);
  EXPECT_EQ(by(renewed, message, {}).certificates, granted.certificates);
}

TEST_F(WhomAnAgentVouchesFor, AnswerAChallengeThroughItsRenewedCertificate) {
  const auto key = test_key("rsa:2048");
  const auto challenged = by(registration_authority(), by_nobody("CN=Carol,O=Test", key), {});
  const auto challenges = challenges_in(challenged);
  ASSERT_EQ(challenges.size(), 1U) << challenged.text();
  const auto answer =
      by_nobody("CN=Carol,O=Test", key,
                {control(40, cmc::oid::kRegInfo,
                         cmc::write_octets_value(octets_in(challenged, cmc::oid::kResponseInfo))),
                 control(41, cmc::oid::kDecryptedPOP,
                         cmc::write_decrypted_pop(answer_to(challenges[0], *key)))});
  EXPECT_FALSE(by(ca.agent, answer, {}).issued()) << "another agent's";
  expect_granted(by(registration_authority(4712), answer, {}), "CN=Carol,O=Test");
}

TEST_F(WhomAnAgentVouchesFor, AreNobodysWhoHasItsNameAlone) {
  const auto message = by_stranger("CN=Carol,O=Test");
  expect_granted(by(registration_authority(), message, {}), "CN=Carol,O=Test");
  const auto namesake = ca.enroll("CN=RA,O=Test");
  const std::vector<Item> items{{1, message}};
  const auto told = ca.send(around(namesake, {identity_witness({1})}, items), &namesake);
  expect_refused(told, CMCFailInfo::badRequest, "registration authority's");
  EXPECT_TRUE(told.messages.empty());
}

// ------------------------------------------------------------ what it costs

TEST_F(ForwardedSecrets, TwentyMessagesMayTakeTime) {
  ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
  const auto message = SecretMessage{.in_authenticated_data = true}.encode();
  std::vector<Item> items;
  for (std::uint32_t id = 1; id <= 22; ++id) items.push_back({id, message});
  items.push_back({23, ca.request(ca.alice, "CN=Alice,O=Test").octets});
  const auto told = forward_batch(items);
  for (std::uint32_t id = 1; id <= 20; ++id) {
    EXPECT_EQ(inside(told, id).status.cmc_status, cmc::CMCStatus::success) << id;
  }
  expect_refused(inside(told, 21), CMCFailInfo::badRequest, "at most 20");
  expect_refused(inside(told, 22), CMCFailInfo::badRequest, "AuthenticatedData");
  expect_granted(inside(told, 23), "CN=Alice,O=Test");
}

/// A store whose first answer around messages meets a conflict.
class OneConflict final : public store::MemoryEngine {
 public:
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    std::vector<store::CommitOutcome> outcomes;
    for (const auto* each : batch) {
      const bool meets_it = armed && each->answered && each->certificates.empty();
      if (meets_it) {
        armed = false;
        outcomes.push_back({.conflict = store::Conflict{}, .failed = {}});
      } else {
        outcomes.push_back(MemoryEngine::apply(std::span{&each, 1}, journal).front());
      }
    }
    return outcomes;
  }
  std::atomic<bool> armed = false;
};

TEST(ForwardingCosts, WhatIsDecidedAgainIsNotCountedAgain) {
  OneConflict engine;
  TestAuthority ca({.engine = &engine});
  const auto no_request = cms::write_content_info(cms::oid::kData, Bytes{0x05, 0x00});
  const auto forwarding = [&](std::uint32_t count, const Bytes& message) {
    cmc::PKIDataParts parts;
    cmc::BodyPartList ids;
    for (std::uint32_t id = 1; id <= count; ++id) {
      ids.push_back(cmc::BodyPartID{id});
      parts.cms_sequence.push_back({ids.back(), unwrap(cms::read_content_info(message))});
    }
    parts.control_sequence = {
        control(900, cmc::oid::kBatchRequests, cmc::write_body_part_list_value(ids))};
    auto around = full_request({ca.agent.key, ca.agent.certificate}, {});
    around.content = cmc::write_pki_data(parts);
    return around.encode();
  };
  const auto message = forwarding(2, forwarding(100, no_request));
  engine.armed = true;
  const auto told = ca.send(message, &ca.agent);
  EXPECT_FALSE(engine.armed);
  ASSERT_EQ(told.messages.size(), 2U);
  for (const auto& [id, content] : told.messages) {
    authority::Answer answer;
    answer.octets = content.der;
    answer.kind = authority::ResponseKind::full;
    EXPECT_EQ(read_told(answer, {ca.certificate()}).messages.size(), 100U) << id.value;
  }
}

}  // namespace
}  // namespace signet::test
