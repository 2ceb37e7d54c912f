// What a refusal says to the letter: which parts it names, of whom it says what, and what of the
// transaction it brings back.
#include <gtest/gtest.h>

#include <algorithm>

#include "codec/pkix/oids.h"
#include "support/reseal.h"
#include "support/secret_message.h"
#include "support/statuses_in.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using Ids = std::vector<std::uint32_t>;

const asn1::Oid kPrivateControl{"1.3.6.1.4.1.99999.1"};
const asn1::Oid kOtherPrivateControl{"1.3.6.1.4.1.99999.2"};

void expect_refused(const Told& told, CMCFailInfo why, const Ids& named) {
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.status.cmc_status, CMCStatus::failed);
  EXPECT_EQ(told.fail_info(), why) << told.text();
  EXPECT_EQ(named_by(told.status), named) << told.text();
}

/// A number that is none (2^32): what cannot be decoded, in a message that can.
Bytes request_without_number() {
  asn1::Writer request;
  request.constructed(asn1::context_constructed(0), [&] {
    request.integer(std::int64_t{1} << 32);
    request.raw(pkcs10());
  });
  return std::move(request).take();
}

cmc::TaggedAttribute nonce_control(std::uint32_t id) {
  return control(id, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(32, 9)));
}
cmc::TaggedAttribute transaction_control(std::uint32_t id) {
  return control(id, cmc::oid::kTransactionId, cmc::write_integer_value(asn1::Integer::from(77)));
}
cmc::TaggedAttribute vouching(std::uint32_t id, const Ids& requests) {
  cmc::LraPopWitness witness{cmc::kThisPKIData, {}};
  for (const auto request : requests) witness.body_ids.push_back(cmc::BodyPartID{request});
  return control(id, cmc::oid::kLraPOPWitness, cmc::write_lra_pop_witness(witness));
}

class RefusalLetter : public testing::Test {
 protected:
  Told send(const Holder& signer, std::vector<Bytes> requests,
            std::vector<cmc::TaggedAttribute> controls) {
    return send_to(ca, signer, std::move(requests), std::move(controls));
  }
  static Told send_to(TestAuthority& authority, const Holder& signer, std::vector<Bytes> requests,
                      std::vector<cmc::TaggedAttribute> controls) {
    const auto message =
        full_request({signer.key, signer.certificate}, std::move(requests), std::move(controls));
    return authority.send(message.encode(), &signer);
  }
  Bytes request(std::uint32_t id) { return tagged(id, pkcs10({.subject = "CN=Alice,O=Test"})); }

  TestAuthority ca;
};

TEST_F(RefusalLetter, NamesEveryUnknownControl) {
  /* matrix: E23, E24, E25 */
  const auto told = send(ca.alice, {request(20)},
                         {control(55, kPrivateControl, {0x05, 0x00}), nonce_control(56),
                          control(57, kOtherPrivateControl, {0x05, 0x00})});
  expect_refused(told, CMCFailInfo::badRequest, {55, 57, 20});
  EXPECT_NE(told.text().find("99999.1, 1.3.6.1.4.1.99999.2"), std::string::npos) << told.text();
}

TEST_F(RefusalLetter, SaysNoSupportOfWhatIsNotSupportedAlone) {
  /* matrix: E19, E20 */
  const auto told =
      send(ca.alice,
           {tagged_other(66, kPrivateControl), request(20), tagged_other(67, kPrivateControl)}, {});
  const auto statuses = statuses_in(told);
  ASSERT_EQ(statuses.size(), 2U);
  EXPECT_EQ(statuses[0].cmc_status, CMCStatus::noSupport);
  EXPECT_EQ(named_by(statuses[0]), (Ids{66, 67}));
  EXPECT_EQ(statuses[1].cmc_status, CMCStatus::failed);
  EXPECT_EQ(named_by(statuses[1]), Ids{20});
  EXPECT_FALSE(told.issued());
}

TEST_F(RefusalLetter, OfAnEmptySubjectIsBadRequestWhoeverSigns) {
  /* matrix: E28 */
  const auto nameless = [](std::uint32_t id) { return tagged(id, pkcs10({.subject = ""})); };
  expect_refused(send(ca.alice, {nameless(20)}, {}), CMCFailInfo::badRequest, {20});
  expect_refused(send(ca.agent, {nameless(20)}, {}), CMCFailInfo::badRequest, {20});
}

TEST_F(RefusalLetter, BringsBackTheTransactionOfAMessageThatCannotBeRead) {
  /* matrix: E92, E101, E102 */
  const auto data_return =
      control(4, cmc::oid::kDataReturn, cmc::write_octets_value(to_bytes("mine")));
  const auto told = send(ca.alice, {request_without_number()},
                         {nonce_control(2), transaction_control(3), data_return});
  expect_refused(told, CMCFailInfo::badRequest, {0});
  const auto value_of = [&](const asn1::Oid& type) {
    const auto* found = cmc::find_control(told.controls, type);
    return found == nullptr ? Bytes{} : found->attr_values.front();
  };
  EXPECT_EQ(value_of(cmc::oid::kRecipientNonce), cmc::write_octets_value(Bytes(32, 9)));
  EXPECT_EQ(value_of(cmc::oid::kTransactionId), cmc::write_integer_value(asn1::Integer::from(77)));
  EXPECT_EQ(value_of(cmc::oid::kDataReturn), data_return.attr_values.front());
}

TEST_F(RefusalLetter, SaysThatTheSignatureFailsBeforeWhatCannotBeReadUnderIt) {
  /* matrix: E40, E41 */
  auto message = full_request({ca.alice.key, ca.alice.certificate}, {request_without_number()},
                              {nonce_control(2)});
  auto octets = message.encode();
  expect_refused(ca.send(octets, &ca.alice), CMCFailInfo::badRequest, {0});
  const auto nonce = std::search_n(octets.begin(), octets.end(), 32, std::uint8_t{9});
  ASSERT_NE(nonce, octets.end());
  *nonce = 8;
  expect_refused(ca.send(octets, &ca.alice), CMCFailInfo::badMessageCheck, {0});
}

TEST_F(RefusalLetter, OfControlsThatSpeakOfRequestsNamesThemWhereThereAreNone) {
  const auto asking = control(
      50, cmc::oid::kGetCert,
      cmc::write_get_cert({ca.certificate()->subject, ca.agent.certificate->serial_number}));
  const cmc::DecryptedPOP answer{
      cmc::BodyPartID{20}, {pkix::oid::kHmacSha1, std::nullopt}, Bytes(32, 1)};
  const std::vector<cmc::TaggedAttribute> stray{
      control(55, cmc::oid::kPopLinkRandom, cmc::write_octets_value(Bytes(64, 1))),
      control(55, cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(answer)), vouching(55, {20})};
  for (const auto& each : stray) {
    const auto told = send(ca.alice, {}, {nonce_control(2), asking, each});
    expect_refused(told, CMCFailInfo::badRequest, {55});
  }
  EXPECT_EQ(send(ca.alice, {}, {nonce_control(3), asking}).status.cmc_status, CMCStatus::success);
}

TEST_F(RefusalLetter, OfAnAuthenticatedDataWithoutIdentificationIsBadMessageCheck) {
  ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
  SecretMessage nameless{.in_authenticated_data = true};
  nameless.edit_controls = [](std::vector<cmc::TaggedAttribute>& controls) {
    std::erase_if(controls, [](const auto& control) {
      return control.attr_type == cmc::oid::kIdentification;
    });
  };
  const auto told = ca.send(nameless.encode(), nullptr);
  expect_refused(told, CMCFailInfo::badMessageCheck, {0});
  EXPECT_NE(told.text().find("identification"), std::string::npos) << told.text();
}

// ------------------------------------------------------------ several of a kind

class Vouching : public RefusalLetter {
 protected:
  Vouching() : trusting(choices()) {}
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.possession_rules.ra_witness = true;
    return made;
  }
  Told send_vouched(const std::vector<cmc::TaggedAttribute>& witnesses) {
    auto controls = witnesses;
    controls.push_back(nonce_control(2));
    const auto unsigned_request = [](std::uint32_t id, unsigned key) {
      return tagged(id, pkcs10({.subject = "CN=Alice,O=Test",
                                .key = test_key("rsa:2048", key),
                                .possession = Possession::no_signature}));
    };
    const auto message = full_request({trusting.agent.key, trusting.agent.certificate},
                                      {unsigned_request(20, 1), unsigned_request(21, 2)}, controls);
    return trusting.send(message.encode(), &trusting.agent, "caFullCMCEncryptionCert");
  }

  TestAuthority trusting;
};

TEST_F(Vouching, CountsInEachOfSeveralWitnesses) {
  EXPECT_EQ(send_vouched({vouching(50, {20}), vouching(51, {21})}).certificates.size(), 2U);
  EXPECT_FALSE(send_vouched({vouching(50, {20})}).issued());
}

TEST_F(Vouching, ForARequestThatIsNotThereIsRefused) {
  expect_refused(send_vouched({vouching(50, {20, 21, 77})}), CMCFailInfo::badRequest, {50, 20, 21});
}

class TwoProofs : public testing::Test {
 protected:
  static TestAuthority::Choices choices(bool legacy) {
    TestAuthority::Choices made;
    made.secret_rules.legacy_proofs = legacy;
    return made;
  }
  /// Whose requests are the same octets each time.
  static SecretMessage by_rsa() { return {.key = test_key("rsa:2048")}; }
  static Told send(TestAuthority& authority, const Bytes& old_proof) {
    authority.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
    auto message = by_rsa();
    message.edit_controls = [&](std::vector<cmc::TaggedAttribute>& controls) {
      controls.push_back(control(90, cmc::oid::kIdentityProof, cmc::write_octets_value(old_proof)));
    };
    return authority.send(message.encode(), nullptr);
  }
};

TEST_F(TwoProofs, OfIdentityMustBothHold) {
  TestAuthority lenient{choices(true)};
  const auto message = unwrap(cmc::read_pki_request(by_rsa().encode()));
  std::vector<cmc::TaggedAttribute> of_old;
  SecretMessage old{.version = 1,
                    .proof_over = std::get<cmc::FullPkiRequest>(message).pki_data.req_sequence_der};
  old.edit_controls = [&](std::vector<cmc::TaggedAttribute>& controls) { of_old = controls; };
  static_cast<void>(old.encode());
  const auto* proof = cmc::find_control(of_old, cmc::oid::kIdentityProof);
  ASSERT_NE(proof, nullptr);
  const auto right = unwrap(cmc::read_octets_value(proof->attr_values.front()));
  const auto wrong_told = send(lenient, Bytes(20, 1));
  EXPECT_EQ(wrong_told.fail_info(), CMCFailInfo::badIdentity) << wrong_told.text();
  EXPECT_FALSE(wrong_told.issued());
  EXPECT_TRUE(send(lenient, right).issued());
}

TEST_F(TwoProofs, OfIdentityAreRefusedWhereTheOldOneIsNotTaken) {
  TestAuthority strict{choices(false)};
  const auto told = send(strict, Bytes(20, 1));
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badAlg) << told.text();
  EXPECT_TRUE(told.names(90));
}

}  // namespace
}  // namespace signet::test
