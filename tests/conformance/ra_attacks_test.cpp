// What those try who would have more of a registration authority than it gives: the people whose
// messages it forwards, and the registration authority itself.
#include <gtest/gtest.h>

#include "authority/agent_desk.h"
#include "authority/assertions.h"
#include "codec/pkix/oids.h"
#include "support/approval_scene.h"
#include "support/change_status.h"
#include "support/forwarding_scene.h"
#include "support/life_scene.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;

class RaAttacks : public ForwardingScene {
 protected:
  explicit RaAttacks(TestAuthority::Choices choices = {}) : ForwardingScene(std::move(choices)) {}
  static cmc::TaggedAttribute rejection() {
    cmc::CMCStatusInfoV2 failed;
    failed.cmc_status = CMCStatus::failed;
    failed.body_list = {cmc::kThisPKIData};
    return control(902, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(failed));
  }
  static cmc::TaggedAttribute transaction(std::uint32_t number) {
    return control(903, cmc::oid::kTransactionId,
                   cmc::write_integer_value(asn1::Integer::from(number)));
  }
  std::string requester_of(const Told& told) {
    const auto record =
        unwrap(ca.engine().find_certificate(told.certificates.at(0)->serial_number));
    return record ? record->requester : "nobody";
  }
  Bytes get_crl(const Holder& signer, std::uint8_t nonce) const {
    cmc::GetCRL wanted;
    wanted.issuer_name = ca.certificate()->subject;
    return full_request(
               {signer.key, signer.certificate}, {},
               {control(60, cmc::oid::kGetCRL, cmc::write_get_crl(wanted)),
                control(61, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, nonce)))})
        .encode();
  }
  /// On record as the latest CRL; its octets are none.
  void keep_crl(std::size_t octets) {
    store::Commit commit;
    commit.crl = store::CrlRecord{.number = 1,
                                  .this_update = ca.clock.now(),
                                  .next_update = ca.clock.now() + std::chrono::hours{1},
                                  .der = Bytes(octets, 0x30)};
    audit::MemoryJournal journal;
    store::Committer committer(ca.engine(), journal);
    ASSERT_TRUE(committer.commit(std::move(commit)).durable());
  }
  /// The PKIResponse of an answer to the agent, however long what stands in it.
  cmc::PKIResponse joined(const Bytes& message) {
    authority::Inquiry inquiry;
    inquiry.octets = message;
    inquiry.peer.tls_client_certificate = ca.agent.certificate.der;
    const auto answer = ca.deliver_octets(std::move(inquiry));
    const asn1::Limits limits{.octets = answer.octets.size()};
    const auto whole = unwrap(cms::read_content_info(answer.octets, limits));
    const auto data = unwrap(cms::read_signed_data(whole.content, limits));
    return unwrap(cmc::read_pki_response(data.encap_content_info.e_content.value(), limits));
  }
};

// ------------------------------------------------------------ what one assertion costs

TEST_F(RaAttacks, ARequestIsNamedOnceByAControl) {
  const auto request = tagged(20, pkcs10({.subject = "CN=nobody"}));
  const auto twice = control(
      940, cmc::oid::kModCertTemplate,
      cmc::write_mod_cert_template({path({0}), path({20, 20}), true, subject("CN=Carol,O=Test")}));
  const auto told = ca.send(around(ca.agent, {twice}, {}, {request}), &ca.agent);
  expect_refused(told, CMCFailInfo::badRequest, "twice");
  EXPECT_TRUE(told.names(940));
}

TEST_F(RaAttacks, OneChangeOfManyRequestsIsHeldOnce) {
  cmc::FullPkiRequest full;
  cmc::ModCertTemplate all{path({0}), {}, true, subject("CN=Carol,O=Test")};
  for (std::uint32_t id = 1; id <= 3; ++id) {
    full.pki_data.req_sequence.push_back(read_tagged(tagged(id, pkcs10())));
    all.cert_references.push_back(cmc::BodyPartID{id});
  }
  const auto assertions = unwrap(authority::read_assertions(
      {control(940, cmc::oid::kModCertTemplate, cmc::write_mod_cert_template(all))}));
  const auto asserted = unwrap(authority::assert_about(full, assertions));
  ASSERT_EQ(asserted.changes.size(), 3U);
  EXPECT_EQ(asserted.changes[0].second, asserted.changes[2].second) << "the same, not a copy";
  EXPECT_EQ(asserted.changes_of(cmc::BodyPartID{2}).size(), 1U);
  EXPECT_TRUE(asserted.changes_of(cmc::BodyPartID{4}).empty());
}

// ------------------------------------------------------------ whose word it is

TEST_F(RaAttacks, WhoVouchesIsNamedNotWhoForwardedFirst) {
  const auto ra = registration_authority();
  const std::vector<Item> innermost{{2, by_stranger("CN=Carol,O=Test")}};
  const std::vector<Item> items{{5, around(ca.agent, {batch(innermost)}, innermost)}};
  const auto told = ca.send(around(ra, {batch(items), identity_witness({5, 2})}, items), &ra);
  const auto granted = inside(inside(told, 5), 2);
  expect_granted(granted, "CN=Carol,O=Test");
  EXPECT_EQ(requester_of(granted), "CN=Carol,O=Test, vouched for by CN=RA,O=Test");
}

TEST_F(RaAttacks, OfTwoWhoVouchTheNearerOneIsNamed) {
  const auto ra = registration_authority();
  const std::vector<Item> innermost{{2, by_stranger("CN=Carol,O=Test")}};
  const std::vector<Item> items{{5, around(ca.agent, {identity_witness({2})}, innermost)}};
  const auto told = ca.send(around(ra, {batch(items), identity_witness({5, 2})}, items), &ra);
  EXPECT_EQ(requester_of(inside(inside(told, 5), 2)),
            "CN=Carol,O=Test, vouched for by CN=Agent,O=Test");
}

TEST_F(RaAttacks, AWordForOneIsNoWordForAnother) {
  const auto told = forward_batch({{1, by_stranger("CN=Carol,O=Test")},
                                   {2, by_stranger("CN=Dan,O=Test", test_key("ec:p256", 1))}},
                                  {identity_witness({2})});
  expect_refused(inside(told, 1), CMCFailInfo::badIdentity);
  expect_granted(inside(told, 2), "CN=Dan,O=Test");
}

TEST_F(RaAttacks, OneAgentsWordIsNotAnothers) {
  const auto ra = registration_authority();
  const std::vector<Item> items{{1, by_stranger("CN=Carol,O=Test")}};
  expect_granted(inside(forward({identity_witness({1})}, items), 1), "CN=Carol,O=Test");
  const auto replayed = inside(ca.send(around(ra, {identity_witness({1})}, items), &ra), 1);
  expect_refused(replayed, CMCFailInfo::badRequest, "to somebody else");
}

TEST_F(RaAttacks, WhomAnAgentVouchesForAreDifferentPeople) {
  const auto nonce = control(40, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, 9)));
  const auto told =
      forward_batch({{1, by_stranger("CN=Carol,O=Test", test_key("ec:p256", 1), {nonce})},
                     {2, by_stranger("CN=Dan,O=Test", test_key("ec:p256", 2), {nonce})}},
                    {identity_witness({1}, 911), identity_witness({2}, 912)});
  expect_granted(inside(told, 1), "CN=Carol,O=Test");
  expect_granted(inside(told, 2), "CN=Dan,O=Test");
}

TEST_F(RaAttacks, WhoProvesASecretIsWhoItStandsForWhoeverVouches) {
  ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
  const auto message = SecretMessage{.in_authenticated_data = true}.encode();
  const auto granted = inside(forward_batch({{1, message}}, {identity_witness({1})}), 1);
  EXPECT_EQ(requester_of(granted), "alice");
}

TEST_F(RaAttacks, AUserForwardsNothingByAWordForKeys) {
  const auto bob = ca.enroll("CN=Bob,O=Test");
  const std::vector<Item> items{{1, ca.request(bob, "CN=Bob,O=Test").octets}};
  const auto before = ca.certificates_on_record();
  const auto told = ca.send(around(ca.alice, {possession_witness(1, 20)}, items), &ca.alice);
  expect_refused(told, CMCFailInfo::badRequest, "no agent");
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST_F(RaAttacks, AUsersMessageOverAnAgentsConnectionIsNotForwarded) {
  const auto message = ca.request(ca.alice, "CN=Alice,O=Test").octets;
  expect_refused(ca.send(message, &ca.agent), CMCFailInfo::badIdentity, "TLS");
}

TEST_F(RaAttacks, APathIsWalkedToItsEnd) {
  const std::vector<Item> items{{1, by_stranger("CN=Carol,O=Test")}};
  expect_granted(inside(forward({identity_witness({1, 0})}, items), 1), "CN=Carol,O=Test");
  const auto request = tagged(20, pkcs10({.subject = "CN=nobody"}));
  const auto unknown =
      control(31, asn1::Oid{"1.3.6.1.4.1.32473.1"}, cmc::write_octets_value(Bytes{1}));
  const auto of_its_own = [&](const std::vector<cmc::TaggedAttribute>& controls) {
    return ca.send(around(ca.agent, controls, {}, {request}), &ca.agent);
  };
  expect_refused(of_its_own({change({0, 20}, 20, subject("CN=Carol,O=Test"))}),
                 CMCFailInfo::badRequest, "modCertTemplate");
  expect_refused(of_its_own({unknown, processed({31, 20})}), CMCFailInfo::badRequest,
                 "controlProcessed");
}

// ------------------------------------------------------------ an agent no more

TEST_F(RaAttacks, ARejectionIsNotPassedOverBesideForwardedMessages) {
  const std::vector<Item> items{{1, by_stranger("CN=Carol,O=Test")}};
  const std::vector<cmc::TaggedAttribute> says{batch(items), identity_witness({1})};
  auto rejects = says;
  rejects.push_back(rejection());
  rejects.push_back(transaction(7));
  const auto told = ca.send(around(ca.agent, rejects, items), &ca.agent);
  expect_refused(told, CMCFailInfo::badRequest, "two messages");
  EXPECT_TRUE(told.messages.empty());
  cmc::CMCStatusInfoV2 pop_failed;
  pop_failed.cmc_status = CMCStatus::failed;
  pop_failed.body_list = {cmc::BodyPartID{20}};
  pop_failed.other_info = CMCFailInfo::popFailed;
  auto gives_up = says;
  gives_up.push_back(
      control(902, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(pop_failed)));
  expect_refused(ca.send(around(ca.agent, gives_up, items), &ca.agent), CMCFailInfo::badRequest,
                 "gives up a challenge");
  auto only_tells = says;
  only_tells.push_back(rejection());
  expect_granted(inside(ca.send(around(ca.agent, only_tells, items), &ca.agent), 1),
                 "CN=Carol,O=Test");
}

TEST_F(RaAttacks, ARevokedAgentsMessagesBringNothingAnyMore) {
  const auto ra = registration_authority();
  const std::vector<Item> items{{1, by_stranger("CN=Carol,O=Test")}};
  const std::vector<cmc::TaggedAttribute> says{batch(items), identity_witness({1})};
  auto rejects = says;
  rejects.push_back(rejection());
  rejects.push_back(transaction(7));
  const auto plain = around(ra, says, items);
  const auto capsule = around(ra, rejects, items);
  ca.send(capsule, &ra);
  EXPECT_TRUE(inside(ca.send(plain, &ra), 1).issued());
  unwrap(change_status(ca.engine(), ra.certificate->serial_number,
                       store::CertificateStatus::revoked, ca.clock.now(),
                       pkix::CRLReason::keyCompromise));
  ca.clock.advance(std::chrono::hours{25});  // past the retry window
  const auto before = ca.certificates_on_record();
  for (const auto& message : {plain, capsule}) {
    const auto told = ca.send(message, &ra);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::failed);
    EXPECT_TRUE(told.messages.empty());
  }
  EXPECT_EQ(ca.certificates_on_record(), before);
}

// ------------------------------------------------------------ what waits for an agent

class RaAttacksApproval : public RaAttacks {
 protected:
  RaAttacksApproval() : RaAttacks(choices()) {}
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.more_profiles = approval_profile();
    made.settings.user_profile = "extra";
    return made;
  }
  Bytes renewal(const std::vector<cmc::TaggedAttribute>& controls = {}) {
    const auto request =
        pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", next_key_++)});
    return full_request({ca.alice.key, ca.alice.certificate}, {tagged(20, request)}, controls)
        .encode();
  }
  static cmc::TaggedAttribute private_control() {
    return control(31, asn1::Oid{"1.3.6.1.4.1.32473.1"}, cmc::write_octets_value(Bytes{1}));
  }

 private:
  std::uint16_t next_key_ = 1;
};

TEST_F(RaAttacksApproval, AControlThatWasActedOnDecidesNothing) {
  const auto told =
      inside(forward_batch({{1, renewal({private_control()})}}, {processed({1, 31})}), 1);
  ASSERT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
  const auto token = std::get<cmc::PendInfo>(told.status.other_info.value()).pend_token;
  const auto decided =
      ca.desk().decide({ca.agent.certificate.der, "192.0.2.9"}, {token, true, {}, ""});
  EXPECT_TRUE(decided.ok()) << decided.error().detail;
}

TEST_F(RaAttacksApproval, AWitnessThatVouchesForNobodyDecidesNothing) {
  const auto told = inside(forward_batch({{1, renewal()}}, {identity_witness({1, 20})}), 1);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
  crmf::CertTemplate fields;
  fields.validity = crmf::OptionalValidity{{}, ca.clock.now() + std::chrono::hours{24 * 30}};
  const auto changed = inside(forward_batch({{1, renewal()}}, {change({1}, 20, fields)}), 1);
  expect_granted(changed, "CN=Alice,O=Test");
}

// ------------------------------------------------------------ the answer around

TEST_F(RaAttacks, TheAnswerAroundBelongsToItsExchange) {
  cmc::CMCStatusInfo status;
  status.body_list = {cmc::kThisPKIData};
  const auto octets = [](std::uint8_t octet) { return cmc::write_octets_value(Bytes(16, octet)); };
  const auto told = forward_batch(
      {{1, ca.request(ca.alice, "CN=Alice,O=Test").octets}},
      {transaction(7), control(904, cmc::oid::kSenderNonce, octets(1)),
       control(905, cmc::oid::kRecipientNonce, octets(2)),
       control(906, cmc::oid::kDataReturn, octets(3)), control(907, cmc::oid::kRegInfo, octets(4)),
       control(908, cmc::oid::kStatusInfo, cmc::write_cmc_status_info(status))});
  expect_granted(inside(told, 1), "CN=Alice,O=Test");
  const auto value_of = [&](const asn1::Oid& type) {
    const auto* found = cmc::find_control(told.controls, type);
    return found == nullptr ? Bytes() : found->attr_values.front();
  };
  EXPECT_EQ(value_of(cmc::oid::kRecipientNonce), octets(1));
  EXPECT_EQ(value_of(cmc::oid::kDataReturn), octets(3));
  EXPECT_FALSE(value_of(cmc::oid::kTransactionId).empty());
  EXPECT_FALSE(value_of(cmc::oid::kSenderNonce).empty());
}

TEST_F(RaAttacks, TheProfileOfThePathServesWhatIsForwarded) {
  const std::vector<Item> items{{1, ca.request(ca.alice, "CN=Alice,O=Test").octets}};
  const auto told = ca.send(around(ca.agent, {batch(items)}, items), &ca.agent, "no-such-profile");
  EXPECT_NE(inside(told, 1).text().find("no-such-profile"), std::string::npos);
}

TEST_F(RaAttacks, ASimpleAnswerStandsInsideToo) {
  keep_crl(100);
  cmc::GetCRL wanted;
  wanted.issuer_name = ca.certificate()->subject;
  const auto alone = control(60, cmc::oid::kGetCRL, cmc::write_get_crl(wanted));
  const std::vector<Item> items{
      {1, full_request({ca.alice.key, ca.alice.certificate}, {}, {alone}).encode()}};
  EXPECT_EQ(joined(around(ca.agent, {batch(items)}, items)).cms_sequence.size(), 1U);
}

TEST_F(RaAttacks, ABatchThatCannotBeReadIsNamed) {
  const auto empty = control(900, cmc::oid::kBatchRequests, Bytes{0x30, 0x00});
  const auto told = forward({empty}, {{1, ca.request(ca.alice, "CN=Alice,O=Test").octets}});
  expect_refused(told, CMCFailInfo::badRequest);
  EXPECT_TRUE(told.names(900));
}

// ------------------------------------------------------------ how much it may be

TEST_F(RaAttacks, ThreeHundredAreTakenInAllLayers) {
  const auto no_request = cms::write_content_info(cms::oid::kData, Bytes{0x05, 0x00});
  const auto layer = [&](std::uint32_t count) {
    std::vector<Item> items;
    for (std::uint32_t id = 1; id <= count; ++id) items.push_back({id, no_request});
    return around(ca.agent, {batch(items)}, items);
  };
  const auto four = forward_batch({{1, layer(99)}, {2, layer(99)}, {3, layer(98)}, {4, layer(1)}});
  EXPECT_EQ(inside(four, 3).messages.size(), 98U);
  expect_refused(inside(four, 4), CMCFailInfo::badRequest, "at most 300");
  const auto fits = forward_batch({{1, layer(99)}, {2, layer(99)}, {3, layer(99)}});
  EXPECT_EQ(inside(fits, 3).messages.size(), 99U);
}

TEST_F(RaAttacks, AnAnswerInsideMayBeLong) {
  constexpr std::size_t kLong = 300 * 1024;
  keep_crl(kLong);
  const std::vector<Item> items{{1, get_crl(ca.alice, 1)},
                                {2, ca.request(ca.alice, "CN=Alice,O=Test").octets}};
  const auto response = joined(around(ca.agent, {batch(items)}, items));
  ASSERT_EQ(response.cms_sequence.size(), 2U);
  EXPECT_GT(response.cms_sequence[0].content_info.der.size(), kLong);
}

TEST_F(RaAttacks, AnswersInsideAreBoundedTogether) {
  keep_crl(std::size_t{33} << 20);
  const std::vector<Item> items{{1, get_crl(ca.alice, 1)},
                                {2, get_crl(ca.alice, 2)},
                                {3, ca.request(ca.alice, "CN=Alice,O=Test").octets}};
  const auto response = joined(around(ca.agent, {batch(items)}, items));
  ASSERT_EQ(response.cms_sequence.size(), 2U) << "one CRL does not fit";
  std::size_t refused = 0;
  for (const auto& each : response.control_sequence) {
    if (each.attr_type != cmc::oid::kStatusInfoV2) continue;
    const auto status = unwrap(cmc::read_cmc_status_info_v2(each.attr_values.front()));
    if (status.cmc_status != CMCStatus::failed) continue;
    ++refused;
    EXPECT_NE(status.status_string.value_or("").find("64 MiB"), std::string::npos);
  }
  EXPECT_EQ(refused, 1U);
}

TEST_F(RaAttacks, InAllLayersTogether) {
  keep_crl(std::size_t{20} << 20);
  const auto layer = [&](std::uint8_t nonce) {
    const std::vector<Item> one{{1, get_crl(ca.alice, nonce)}};
    return around(ca.agent, {batch(one)}, one);
  };
  const std::vector<Item> items{{1, layer(1)}, {2, layer(2)}};
  EXPECT_EQ(joined(around(ca.agent, {batch(items)}, items)).cms_sequence.size(), 1U);
}

}  // namespace
}  // namespace signet::test
