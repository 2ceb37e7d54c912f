// Answers in answers: responseBody (RFC 10002 §6.21), and who may sign around one.
#include <gtest/gtest.h>

#include "client/pki_response.h"
#include "client/read_response.h"
#include "codec/cmc/controls.h"
#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "envelope/authenticated_data.h"
#include "envelope/signed_data.h"
#include "support/message_builder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using cmc::BodyPartID;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using test::unwrap;
using Controls = std::vector<cmc::TaggedAttribute>;

constexpr BodyPartID kAsked{1};

/// Alice asked a registration authority, which answers with the authority's own answer in its own.
class ResponseBody : public ::testing::Test {
 protected:
  ResponseBody() {
    sent.transaction_id = asn1::Integer::from(0x1234);
    sent.sender_nonce = Bytes(32, 0x5A);
    sent.request_ids = {kAsked};
    sent.keys = {alice.key->public_key_info()};
  }
  static cmc::TaggedAttribute status(CMCStatus word, std::optional<CMCFailInfo> fail_info = {}) {
    cmc::CMCStatusInfoV2 value{word, {kAsked}, std::nullopt, std::nullopt};
    if (fail_info) value.other_info = *fail_info;
    return test::control(0, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(value));
  }
  static cmc::TaggedAttribute nonce(const asn1::Oid& type, ByteView octets) {
    return test::control(0, type, cmc::write_octets_value(octets));
  }
  static cmc::TaggedAttribute body(const cmc::BodyPartPath& path) {
    return test::control(0, cmc::oid::kResponseBody, cmc::write_body_part_list_value(path));
  }
  /// A PKIResponse with these messages as 1, 2, …
  static Bytes response_of(const test::Credential& signer, Controls controls,
                           const std::vector<Bytes>& items,
                           const std::vector<pkix::Certificate>& brought) {
    std::uint32_t id = 100;
    for (auto& control : controls) control.body_part_id = BodyPartID{id++};
    cmc::PKIResponse made{std::move(controls), {}, {}};
    std::uint32_t item = 1;
    for (const auto& each : items) {
      made.cms_sequence.push_back({BodyPartID{item++}, unwrap(cms::read_content_info(each))});
    }
    test::SignedMessage message{.content = cmc::write_pki_response(made),
                                .content_type = cmc::oid::kPKIResponse,
                                .signers = {test::signed_by(signer)},
                                .certificates = {signer.certificate.der}};
    message.signers.front().signing_time = test::kTestTime;
    for (const auto& certificate : brought) message.certificates.push_back(certificate.der);
    return message.encode();
  }
  [[nodiscard]] Bytes response(const test::Credential& signer, Controls controls,
                               const std::vector<Bytes>& items,
                               std::vector<pkix::Certificate> brought = {}) const {
    brought.push_back(ca.certificate());
    return response_of(signer, std::move(controls), items, brought);
  }
  /// The authority's own answer, in an exchange that is not ours.
  [[nodiscard]] Bytes granted() const {
    return response(authority(), {status(CMCStatus::success)}, {}, {alice.certificate});
  }
  /// With what ties it to our message.
  [[nodiscard]] Controls tied(Controls controls) const {
    controls.push_back(
        test::control(0, cmc::oid::kTransactionId, cmc::write_integer_value(sent.transaction_id)));
    controls.push_back(nonce(cmc::oid::kRecipientNonce, sent.sender_nonce));
    return controls;
  }
  /// What stands around: tied to our message.
  [[nodiscard]] Bytes around(const std::vector<Bytes>& items, Controls controls) const {
    return response(ra, tied(std::move(controls)), items);
  }
  /// We ask for something that brings no certificate.
  void ask_to_revoke() {
    sent.request_ids.clear();
    sent.keys.clear();
  }
  /// As a response is, but under a shared secret.
  static Bytes under(ByteView secret, Controls controls) {
    std::uint32_t id = 100;
    for (auto& control : controls) control.body_part_id = BodyPartID{id++};
    const SecretBytes password{"alice" + std::string(as_text(secret))};
    return unwrap(envelope::seal_authenticated_data(
        {.content_type = cmc::oid::kPKIResponse,
         .content = cmc::write_pki_response({std::move(controls), {}, {}}),
         .password = password,
         .certificates = {}},
        crypto::system_random()));
  }
  [[nodiscard]] test::Credential authority() const { return {ca_key, ca.certificate()}; }
  [[nodiscard]] Result<CheckedResponse> read(ByteView octets) const {
    return read_response(octets, sent, trust, test::kTestTime);
  }
  [[nodiscard]] Fault fault_of(ByteView octets) const {
    const auto checked = read(octets);
    return checked.ok() ? Fault::internal : checked.error().fault;
  }

  test::Key ca_key = test::test_key("ec:p256", 0);
  test::TestCa ca{"CN=Test CA,O=Test", ca_key};
  test::Credential alice = ca.issue({.key = test::test_key("ec:p256", 1)});
  test::Credential ra = ca.issue({.subject = "CN=RA,O=Test",
                                  .key = test::test_key("ec:p256", 2),
                                  .purposes = {pkix::oid::kCmcRA}});
  proof::Trust trust = unwrap(proof::Trust::make({ca.certificate()}, {}));
  SentRequest sent;
};

TEST_F(ResponseBody, IsProcessedToo) {
  /* matrix: C87, E147 */
  const auto checked =
      unwrap(read(around({granted()}, {status(CMCStatus::success), body({kAsked})})));
  EXPECT_TRUE(checked.success());
  EXPECT_EQ(checked.certificates.at(0), alice.certificate);
  EXPECT_EQ(checked.verdicts.size(), 2U);
  EXPECT_EQ(fault_of(around({granted()}, {status(CMCStatus::success)})), Fault::untrusted_signer)
      << "a registration authority's word alone";
}

TEST_F(ResponseBody, ThatRefusesOrWaitsCounts) {
  const auto refused =
      response(authority(), {status(CMCStatus::failed, CMCFailInfo::badIdentity)}, {});
  const auto checked = unwrap(read(around({refused}, {body({BodyPartID{1}})})));
  EXPECT_FALSE(checked.success());
  EXPECT_EQ(checked.verdicts.at(0).fail_info, CMCFailInfo::badIdentity);

  cmc::CMCStatusInfoV2 waits;
  waits.cmc_status = CMCStatus::pending;
  waits.body_list = {kAsked};
  waits.other_info = cmc::PendInfo{Bytes{7, 7}, test::kTestTime};
  const auto pending =
      response(authority(),
               {test::control(0, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(waits)),
                nonce(cmc::oid::kSenderNonce, Bytes(16, 9))},
               {});
  const auto told = unwrap(read(
      around({pending}, {body({BodyPartID{1}}), nonce(cmc::oid::kSenderNonce, Bytes(16, 8))})));
  ASSERT_TRUE(told.pending());
  EXPECT_EQ(told.pending()->pend_token, (Bytes{7, 7}));
  EXPECT_EQ(told.sender_nonce, Bytes(16, 9)) << "of the one that is asked again";
}

TEST_F(ResponseBody, HasASignatureOfItsOwn) {
  /* matrix: E40 */
  EXPECT_EQ(fault_of(around({test::with_last_bit_changed(granted())}, {body({BodyPartID{1}})})),
            Fault::bad_signature);
  test::TestCa stranger{"CN=Test CA,O=Test", test::test_key("ec:p256", 9)};
  const auto forged = response({test::test_key("ec:p256", 9), stranger.certificate()},
                               {status(CMCStatus::success)}, {}, {alice.certificate});
  EXPECT_EQ(fault_of(around({forged}, {body({BodyPartID{1}})})), Fault::untrusted_signer);
  const auto by_ra = response(ra, {status(CMCStatus::success)}, {}, {alice.certificate});
  EXPECT_EQ(fault_of(around({by_ra}, {body({BodyPartID{1}})})), Fault::untrusted_signer);
}

TEST_F(ResponseBody, IsByTheAuthorityThatIssued) {
  test::TestCa other{"CN=Other CA,O=Test", test::test_key("ec:p256", 5)};
  trust = unwrap(proof::Trust::make({ca.certificate(), other.certificate()}, {}));
  const auto by_other = response({test::test_key("ec:p256", 5), other.certificate()},
                                 {status(CMCStatus::success)}, {}, {alice.certificate});
  EXPECT_EQ(fault_of(around({by_other}, {body({BodyPartID{1}})})), Fault::untrusted_signer);
}

TEST_F(ResponseBody, StandsInAnAnswerToOurMessage) {
  const auto untied =
      response(ra, {status(CMCStatus::success), body({BodyPartID{1}})}, {granted()});
  EXPECT_EQ(fault_of(untied), Fault::replayed);
}

TEST_F(ResponseBody, IsToUsWhereNoCertificateShowsIt) {
  ask_to_revoke();
  const Controls names{body({BodyPartID{1}})};
  EXPECT_EQ(fault_of(around({granted()}, names)), Fault::replayed)
      << "to somebody else, or of another day";
  EXPECT_EQ(fault_of(around({response(authority(), {}, {})}, names)), Fault::replayed);
  const auto to_us = response(authority(), tied({status(CMCStatus::success)}), {});
  EXPECT_TRUE(unwrap(read(around({to_us}, names))).success());
  EXPECT_TRUE(
      unwrap(read(around({granted(), to_us}, {names[0], body({BodyPartID{2}})}))).success());
  const auto by_ra = response(ra, tied({status(CMCStatus::success), names[0]}), {granted()});
  EXPECT_EQ(fault_of(around({by_ra}, names)), Fault::replayed) << "another one's own word";

  const auto refused =
      response(authority(), {status(CMCStatus::failed, CMCFailInfo::badIdentity)}, {});
  EXPECT_FALSE(unwrap(read(around({refused}, names))).success());
  sent.only_retrieves = true;
  EXPECT_TRUE(read(around({granted()}, names)).ok()) << "what comes is verified by itself";
}

TEST_F(ResponseBody, OfAnAuthorityHoldsTheAnswersOfABatch) {
  /* matrix: C78 */
  ask_to_revoke();
  const auto list = [](const cmc::BodyPartList& ids) {
    return test::control(0, cmc::oid::kBatchResponses, cmc::write_body_part_list_value(ids));
  };
  const auto answer = granted();
  const auto to_us =
      response(authority(), tied({list({BodyPartID{1}, BodyPartID{2}})}), {answer, answer});
  const auto forged = response(ra, {status(CMCStatus::success)}, {});
  const auto checked =
      unwrap(read(around({to_us, forged}, {body({BodyPartID{1}}), list({BodyPartID{2}})})));
  ASSERT_TRUE(checked.batch_responses);
  EXPECT_EQ(checked.batch_responses->size(), 2U) << "not the registration authority's own";
  ASSERT_EQ(checked.cms_sequence.size(), 2U);
  EXPECT_EQ(checked.cms_sequence[1].content_info.der, answer);
}

TEST_F(ResponseBody, OfAnotherDayUnderTheSecretGrantsNothing) {
  test::TestCa other{"CN=Other CA,O=Test", test::test_key("ec:p256", 5)};
  trust = unwrap(proof::Trust::make({ca.certificate(), other.certificate()}, {}));
  const auto foreign = other.issue({.key = alice.key}).certificate;
  const Bytes octets(16, 'x');
  const auto read_around = [&](const Bytes& inside) {
    const auto outer = response(ra, tied({body({BodyPartID{1}})}), {inside}, {foreign});
    return read_response(outer, sent, trust, test::kTestTime,
                         SecretHolder{"alice", SecretBytes{as_text(octets)}});
  };
  const auto old = read_around(under(octets, {status(CMCStatus::success)}));
  ASSERT_FALSE(old.ok());
  EXPECT_EQ(old.error().fault, Fault::untrusted_signer);
  EXPECT_TRUE(unwrap(read_around(under(octets, tied({status(CMCStatus::success)})))).success());
}

TEST_F(ResponseBody, LeadsToAPKIResponse) {
  const auto simple = envelope::seal_certificates_only({alice.certificate.der});
  const auto data = cms::write_content_info(cms::oid::kData, Bytes{0x05, 0x00});
  for (const auto& path : {cmc::BodyPartPath{BodyPartID{2}},
                           {BodyPartID{0}},
                           {BodyPartID{1}, BodyPartID{1}},
                           {BodyPartID{100}}}) {
    EXPECT_EQ(fault_of(around({granted()}, {body(path)})), Fault::malformed);
  }
  EXPECT_EQ(fault_of(around({simple}, {body({BodyPartID{1}})})), Fault::malformed);
  EXPECT_EQ(fault_of(around({data}, {body({BodyPartID{1}})})), Fault::malformed);
}

TEST_F(ResponseBody, MayStandDeeperByItsPathOrByItsOwnBody) {
  const auto layer = response(ra, {status(CMCStatus::success)}, {granted()});
  EXPECT_TRUE(unwrap(read(around({layer}, {body({BodyPartID{1}, BodyPartID{1}})}))).success());
  const auto wrap = [&](const Bytes& inside) {
    return response(ra, {body({BodyPartID{1}})}, {inside});
  };
  EXPECT_TRUE(unwrap(read(around({wrap(wrap(granted()))}, {body({BodyPartID{1}})}))).success());
  EXPECT_EQ(fault_of(around({wrap(wrap(wrap(granted())))}, {body({BodyPartID{1}})})),
            Fault::too_deep);
}

TEST_F(ResponseBody, MayBeNamedBesideTheOneAroundIt) {
  const auto layer = response(authority(), {status(CMCStatus::success)}, {granted()});
  const auto outer = body({BodyPartID{1}});
  const auto inner = body({BodyPartID{1}, BodyPartID{1}});
  for (const auto& both : {Controls{outer, inner}, Controls{inner, outer}}) {
    const auto checked = unwrap(read(around({layer}, both)));
    EXPECT_TRUE(checked.success());
    EXPECT_EQ(checked.verdicts.size(), 2U);
  }
}

TEST_F(ResponseBody, AreProcessedOnceAndNotTooMany) {
  const auto twice = around({granted()}, {body({BodyPartID{1}}), body({BodyPartID{1}})});
  EXPECT_EQ(unwrap(read(twice)).verdicts.size(), 1U);
  std::vector<Bytes> items;
  Controls controls;
  for (std::uint32_t id = 1; id <= 9; ++id) {
    items.push_back(granted());
    controls.push_back(body({BodyPartID{id}}));
  }
  EXPECT_EQ(fault_of(around(items, controls)), Fault::too_large);
  std::vector<Bytes> wide;
  for (int each = 0; each < 3; ++each) {
    auto eight = controls;
    eight.pop_back();
    wide.push_back(response(ra, eight, {items.begin(), items.end() - 1}));
  }
  EXPECT_EQ(fault_of(around(wide, {controls[0], controls[1], controls[2]})), Fault::too_large);
}

TEST_F(ResponseBody, WhatIsNotNamedIsNotLookedAt) {
  /* matrix: E22 */
  const auto refused =
      response(authority(), {status(CMCStatus::failed, CMCFailInfo::badIdentity)}, {});
  EXPECT_TRUE(unwrap(read(around({granted(), refused}, {body({BodyPartID{1}})}))).success());
}

TEST_F(ResponseBody, BesideARegistrationAuthoritysWordsIsRefused) {
  /* matrix: E141 */
  const auto witness = test::control(0, cmc::oid::kRaIdentityWitness,
                                     cmc::write_body_part_list_value({BodyPartID{1}}));
  EXPECT_EQ(fault_of(around({granted()}, {body({BodyPartID{1}}), witness})),
            Fault::misplaced_control);
  const auto inside =
      response(authority(), {status(CMCStatus::success), witness}, {}, {alice.certificate});
  EXPECT_EQ(fault_of(around({inside}, {body({BodyPartID{1}})})), Fault::misplaced_control);
}

TEST_F(ResponseBody, MakesNoRegistrationAuthorityOneThatAnnouncesAnchors) {
  /* matrix: E129 */
  test::TestCa fresh{"CN=Test CA,O=Test", test::test_key("ec:p256", 8)};
  cmc::PublishTrustAnchors announcement;
  announcement.seq_number = asn1::Integer::from(1800000000);
  announcement.hash_algorithm = crypto::algorithm_identifier(crypto::DigestAlgorithm::sha256);
  announcement.anchor_hashes = {crypto::sha256(fresh.certificate().der)};
  const auto says =
      test::control(0, cmc::oid::kTrustedAnchors, cmc::write_publish_trust_anchors(announcement));
  const std::vector<pkix::Certificate> brought{alice.certificate, fresh.certificate(),
                                               ca.vouch_for(fresh)};
  const auto by_authority = response(authority(), {status(CMCStatus::success), says}, {}, brought);
  const auto believed = unwrap(read(around({by_authority}, {body({BodyPartID{1}})})));
  ASSERT_TRUE(believed.published_anchors);
  EXPECT_TRUE(believed.published_anchors->ok());

  Controls controls{
      body({BodyPartID{1}}), says,
      test::control(0, cmc::oid::kTransactionId, cmc::write_integer_value(sent.transaction_id)),
      nonce(cmc::oid::kRecipientNonce, sent.sender_nonce)};
  const auto not_believed = unwrap(read(response(ra, controls, {granted()}, brought)));
  ASSERT_TRUE(not_believed.published_anchors);
  ASSERT_FALSE(not_believed.published_anchors->ok());
  EXPECT_EQ(not_believed.published_anchors->error().fault, Fault::untrusted_signer);
  EXPECT_TRUE(not_believed.success());
}

}  // namespace
}  // namespace signet::client
