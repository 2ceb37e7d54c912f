// What a registration authority's messages come to at their edges: retries, what is told around,
// what stands beside what.
#include "authority/agent_desk.h"
#include "base/encoding.h"
#include "client/encryption.h"
#include "codec/pkix/oids.h"
#include "store/memory_engine.h"
#include "support/approval_scene.h"
#include "support/challenge_answers.h"
#include "support/forwarding_scene.h"
#include "support/life_scene.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;
using cmc::CMCStatus;

class RaCorners : public ForwardingScene {
 protected:
  explicit RaCorners(TestAuthority::Choices choices = {}) : ForwardingScene(std::move(choices)) {}
  Bytes renewal() { return ca.request(ca.alice, "CN=Alice,O=Test").octets; }
  static const audit::Field* field_of(const audit::Event& event, std::string_view name) {
    const auto found = std::find_if(event.fields.begin(), event.fields.end(),
                                    [&](const auto& field) { return field.name == name; });
    return found == event.fields.end() ? nullptr : &*found;
  }
  static std::vector<std::string> values_of(const Told& told, std::string_view event,
                                            std::string_view field) {
    std::vector<std::string> values;
    for (const auto& each : told.events) {
      const auto* found = each.name == event ? field_of(each, field) : nullptr;
      if (found != nullptr) values.push_back(found->value);
    }
    return values;
  }
  authority::Answer answer_to(const Bytes& message, const Holder& sender) {
    authority::Inquiry inquiry;
    inquiry.octets = message;
    inquiry.peer.tls_client_certificate = sender.certificate.der;
    return ca.deliver_octets(std::move(inquiry));
  }
};

// ------------------------------------------------------------ the answer around

/// A store that remembers of each commit whether it only tells of the record.
class Telling final : public store::MemoryEngine {
 public:
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    for (const auto* each : batch) tells.push_back(each->tells_of_record);
    return MemoryEngine::apply(batch, journal);
  }
  std::vector<bool> tells;
};

TEST(RaRetries, TellOfTheRecordInsideAndAround) {
  Telling engine;
  TestAuthority ca({.engine = &engine});
  const auto item = ca.request(ca.alice, "CN=Alice,O=Test").octets;
  cmc::PKIDataParts parts;
  parts.control_sequence = {control(900, cmc::oid::kBatchRequests,
                                    cmc::write_body_part_list_value({cmc::BodyPartID{1}}))};
  parts.cms_sequence = {{cmc::BodyPartID{1}, unwrap(cms::read_content_info(item))}};
  auto around = full_request({ca.agent.key, ca.agent.certificate}, {});
  around.content = cmc::write_pki_data(parts);
  const auto message = around.encode();
  engine.tells.clear();
  ca.send(message, &ca.agent);
  EXPECT_EQ(engine.tells, (std::vector<bool>{false, false}));
  engine.tells.clear();
  ca.send(message, &ca.agent);
  EXPECT_EQ(engine.tells, (std::vector<bool>{true, true}));
}

TEST_F(RaCorners, EachAnswerIsInTheJournal) {
  const std::vector<Item> items{{1, renewal()}};
  const auto told = ca.send(around(ca.agent, {batch(items)}, items), &ca.agent);
  const auto sent = values_of(told, "CMC_RESPONSE_SENT", "CMCResponse");
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(unwrap(from_base64(sent[0])), told.messages.at(0).content_info.der);
  const auto around_it = unwrap(cms::read_content_info(unwrap(from_base64(sent[1]))));
  const auto data = unwrap(cms::read_signed_data(around_it.content));
  EXPECT_EQ(
      unwrap(cmc::read_pki_response(data.encap_content_info.e_content.value())).cms_sequence.size(),
      1U);
}

TEST_F(RaCorners, NothingIsListedWhereNothingIsAnswered) {
  const auto status_of = [](std::uint32_t part) {
    cmc::CMCStatusInfoV2 status;
    status.body_list = {cmc::BodyPartID{part}};
    return pki_data({control(1, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status))},
                    {});
  };
  auto silent = full_request({ca.alice.key, ca.alice.certificate}, {});
  silent.content = status_of(1);
  silent.content_sent = status_of(2);
  const auto told = forward_batch({{7, silent.encode()}});
  EXPECT_TRUE(told.messages.empty());
  EXPECT_EQ(cmc::find_control(told.controls, cmc::oid::kBatchResponses), nullptr);
  const auto statuses =
      std::count_if(told.controls.begin(), told.controls.end(),
                    [](const auto& each) { return each.attr_type == cmc::oid::kStatusInfoV2; });
  EXPECT_EQ(statuses, 1);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::failed);
  EXPECT_TRUE(told.names(7));
}

/// An agent encrypts what it forwards.
class RaCornersEncrypted : public RaCorners {
 protected:
  RaCornersEncrypted() : RaCorners({.decryption = decryption()}) {}
  static std::shared_ptr<const envelope::DecryptionKey> decryption() {
    static TestCa issuer;
    static const auto credential = issuer.issue(
        {.subject = "CN=CMC encryption",
         .key = test_key("rsa:2048", 7),
         .key_usage = {pkix::KeyUsageBit::keyEncipherment, pkix::KeyUsageBit::keyAgreement}});
    return std::make_shared<const envelope::DecryptionKey>(
        envelope::DecryptionKey{credential.certificate, credential.key});
  }
};

TEST_F(RaCornersEncrypted, TheAnswerAroundComesBackInKind) {
  const auto ra = registration_authority(4711, "rsa:2048");
  const std::vector<Item> items{{1, renewal()}};
  const auto encrypted = unwrap(client::encrypt_request(
      around(ra, {batch(items)}, items), decryption()->certificate, crypto::system_random()));
  const auto answer = answer_to(encrypted, ra);
  ASSERT_TRUE(envelope::has_encryption(answer.octets));
  authority::Answer opened;
  opened.octets = unwrap(client::open_answer(answer.octets, *ra.key, crypto::system_random()));
  opened.kind = authority::ResponseKind::full;
  expect_granted(inside(read_told(opened, {ca.certificate()}), 1), "CN=Alice,O=Test");
}

// ------------------------------------------------------------ controls

TEST_F(RaCorners, AControlOfTheStandardsIsNotExcusedByAnAgentsWord) {
  const auto misplaced = control(31, cmc::oid::kResponseInfo, cmc::write_octets_value(Bytes{1}));
  const auto told =
      inside(forward_batch({{1, by_stranger("CN=Carol,O=Test", test_key(), {misplaced})}},
                           {identity_witness({1}), processed({1, 31})}),
             1);
  expect_refused(told, CMCFailInfo::badRequest, "responseInfo");
  EXPECT_TRUE(told.names(31));
}

class RaCornersLegacy : public RaCorners {
 protected:
  explicit RaCornersLegacy(bool legacy_proofs = true)
      : RaCorners({.secret_rules = {.legacy_proofs = legacy_proofs}}) {
    ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
  }
  static SecretMessage first_version() {
    SecretMessage message{.version = 1, .link_random = {}};
    message.hash = crypto::DigestAlgorithm::sha1;
    message.mac = crypto::MacAlgorithm::hmac_sha1;
    return message;
  }
};

TEST_F(RaCornersLegacy, TheFirstIdentityProofHoldsInsideToo) {
  expect_granted(inside(forward_batch({{1, first_version().encode()}}), 1), kOwner);
  auto wrong = first_version();
  wrong.secret = "another one, quite";
  wrong.nonce = 2;
  expect_refused(inside(forward_batch({{1, wrong.encode()}}), 1), CMCFailInfo::badIdentity);
}

TEST_F(RaCornersLegacy, AnAgentMayVouchInPlaceOfTheFirstIdentityProof) {
  auto message = first_version();
  message.identification = "carol";
  message.subject = "CN=Carol,O=Test";
  const auto octets = message.encode();
  const auto opened = unwrap(cmc::read_pki_request(octets));
  const auto* proof = cmc::find_control(cmc::controls_of(opened), cmc::oid::kIdentityProof);
  ASSERT_NE(proof, nullptr);
  expect_refused(inside(forward_batch({{1, octets}}), 1), CMCFailInfo::badIdentity);
  const auto told =
      forward_batch({{1, octets}}, {identity_witness({1, proof->body_part_id.value})});
  expect_granted(inside(told, 1), "CN=Carol,O=Test");
}

class RaCornersStrict : public RaCornersLegacy {
 protected:
  RaCornersStrict() : RaCornersLegacy(false) {}
};

TEST_F(RaCornersStrict, WhereTheFirstVersionIsNotOfferedItIsNotInside) {
  expect_refused(inside(forward_batch({{1, first_version().encode()}}), 1), CMCFailInfo::badAlg);
}

// ------------------------------------------------------------ Dogtag's form

class RaCornersDogtag : public RaCorners {
 protected:
  RaCornersDogtag() : RaCorners({.settings = {.dogtag_challenge = true}}) {}
  Told challenge(bool over_dogtag_path, std::uint16_t key) {
    const std::vector<Item> items{{1, by_nobody("CN=Carol,O=Test", test_key("rsa:2048", key))}};
    authority::Inquiry inquiry;
    inquiry.octets = around(ca.agent, {identity_witness({1})}, items);
    inquiry.peer.tls_client_certificate = ca.agent.certificate.der;
    inquiry.over_dogtag_path = over_dogtag_path;
    return inside(ca.deliver(std::move(inquiry)), 1);
  }
};

TEST_F(RaCornersDogtag, OverItsPathIsThatOfMessagesInsideToo) {
  EXPECT_EQ(challenge(true, 0).status.cmc_status, CMCStatus::popRequired);
  EXPECT_EQ(challenge(false, 1).status.cmc_status, CMCStatus::failed);
}

// ------------------------------------------------------------ possession

class RaCornersWitness : public RaCorners {
 protected:
  RaCornersWitness() : RaCorners(choices()) {}
  /// Users' requests wait for an agent.
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.possession_rules = {.challenges = proof::ChallengeRules{}, .ra_witness = true};
    made.more_profiles = approval_profile();
    made.settings.user_profile = "extra";
    return made;
  }
  static Bytes request(std::uint32_t id, std::uint16_t key) {
    return tagged(id, pkcs10({.subject = "CN=Carol,O=Test",
                              .key = test_key("rsa:2048", key),
                              .possession = Possession::no_signature}));
  }
  Bytes of_the_agents(const std::vector<cmc::TaggedAttribute>& controls,
                      const std::vector<Bytes>& requests) {
    return around(ca.agent, controls, {}, requests);
  }
};

TEST_F(RaCornersWitness, StandsInThePlaceOfAnApproval) {
  const auto by_alice = [&](std::uint16_t key) {
    const auto wanted = pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", key)});
    return full_request({ca.alice.key, ca.alice.certificate}, {tagged(20, wanted)}).encode();
  };
  EXPECT_EQ(inside(forward_batch({{1, by_alice(1)}}), 1).status.cmc_status, CMCStatus::pending);
  expect_granted(inside(forward_batch({{1, by_alice(2)}}, {possession_witness(1, 20)}), 1),
                 "CN=Alice,O=Test");
}

TEST_F(RaCornersWitness, SparesAKeyTheChallengeEachTime) {
  const auto message = of_the_agents({possession_witness(0, 20)}, {request(20, 0), request(21, 1)});
  const auto first = ca.send(message, &ca.agent);
  const auto again = ca.send(message, &ca.agent);
  for (const auto& told : {first, again}) {
    const auto challenges = challenges_in(told);
    ASSERT_EQ(challenges.size(), 1U) << told.text();
    EXPECT_EQ(challenges[0].request.body_part_id(), cmc::BodyPartID{21});
  }
}

TEST_F(RaCornersWitness, OfAForwarderToo) {
  SignedMessage message;
  message.content = pki_data({}, {request(20, 0), request(21, 1)});
  message.signers = {signed_by_nobody(
      ski_asked_for(pkcs10({.subject = "CN=Carol,O=Test", .key = test_key("rsa:2048", 0)})))};
  const std::vector<Item> items{{1, message.encode()}};
  const auto octets = around(ca.agent, {identity_witness({1}), possession_witness(1, 20)}, items);
  for (int time = 0; time < 2; ++time) {
    const auto challenges = challenges_in(inside(ca.send(octets, &ca.agent), 1));
    ASSERT_EQ(challenges.size(), 1U);
    EXPECT_EQ(challenges[0].request.body_part_id(), cmc::BodyPartID{21});
  }
}

// ------------------------------------------------------------ the journal's words

TEST_F(RaCorners, TheJournalSaysWhatAnAgentChanged) {
  const auto info = [](const Told& told) {
    return values_of(told, "PROFILE_CERT_REQUEST", "Info");
  };
  const auto plain = forward_batch({{1, by_stranger("CN=Carol,O=Test")}}, {identity_witness({1})});
  ASSERT_EQ(info(plain).size(), 1U);
  EXPECT_EQ(info(plain)[0].find("an agent changed it"), std::string::npos) << info(plain)[0];
  const auto changed =
      forward_batch({{1, by_stranger("CN=nobody", test_key("ec:p256", 1))}},
                    {identity_witness({1}), change({1}, 20, subject("CN=Dan,O=Test"))});
  expect_granted(inside(changed, 1), "CN=Dan,O=Test");
  EXPECT_EQ(info(changed), std::vector<std::string>{"approved as an agent changed it"});
  EXPECT_EQ(values_of(changed, "PROFILE_CERT_REQUEST", "CertSubject"),
            std::vector<std::string>{"CN=Dan,O=Test"});
}

}  // namespace
}  // namespace signet::test
