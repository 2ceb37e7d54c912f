// What authData brings into a message (RFC 10002 §6.16): a few controls, each by name.
#include "proof/identity/revocation_verifier.h"
#include "proof/witness/identity_proof.h"
#include "support/auth_data_scene.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;

cmc::TaggedAttribute registers(const std::string& verifier, std::uint32_t id = 2) {
  return control(id, cmc::oid::kRegInfo,
                 cmc::write_octets_value(as_bytes("revocationSecret:" + verifier)));
}

std::string new_verifier() {
  const SecretBytes secret{std::string_view("twelve gentle walruses")};
  return unwrap(proof::make_revocation_verifier(secret, crypto::system_random()));
}

class BroughtControls : public AuthDataControl {
 protected:
  bool is_registered(const Told& told) {
    return unwrap(ca.engine().find_revocation_secret(told.certificates.at(0)->serial_number))
        .has_value();
  }
};

TEST_F(BroughtControls, RegistersARevocationSecret) {
  /* matrix: C75, E134 */
  const auto told = send_controls({registers(new_verifier())});
  expect_granted(told);
  EXPECT_TRUE(is_registered(told));
}

TEST_F(BroughtControls, RegistersNothingWhereItDoesNotVerify) {
  /* matrix: E134 */
  const auto told =
      send_controls({registers(new_verifier())}, {.secret = "incorrect horse battery"});
  expect_told(told, CMCFailInfo::authDataFail, "");
}

TEST_F(BroughtControls, RegistersOneSecretOfOneForm) {
  expect_told(send_controls({registers("$pbkdf2-sha256$i=1$x$y")}), CMCFailInfo::badRequest, "");
  const auto both = [&](const Bytes& item) {
    return send(with_item(item, {auth_data(), registers(new_verifier(), 80)}));
  };
  UnderMac inside;
  inside.controls.push_back(registers(new_verifier()));
  expect_told(both(inside.encode()), CMCFailInfo::badRequest, "in its authData too");
  EXPECT_TRUE(is_registered(both(UnderMac{}.encode())));
}

TEST_F(BroughtControls, RegistersWhereNobodySignedWhatTheMessageItselfMayNot) {
  const SecretMessage seen;  // by who stands between, and takes the signature off
  const auto request = seen.request();
  const SecretBytes secret{std::string_view(kSecret)};
  const auto proof =
      proof::make_identity_proof_v2({}, {secret, "alice"}, cmc::write_req_sequence({request}));
  const auto send_unsigned = [&](std::uint8_t nonce, const cmc::TaggedAttribute& more) {
    cmc::PKIDataParts parts;
    parts.control_sequence = {
        control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, nonce))),
        control(2, cmc::oid::kIdentification, cmc::write_utf8_value("alice")),
        control(3, cmc::oid::kIdentityProofV2, cmc::write_identity_proof_v2(proof)),
        control(4, cmc::oid::kPopLinkRandom, cmc::write_octets_value(*seen.link_random)), more};
    parts.tagged_requests = {request};
    UnderMac inside;
    inside.controls.push_back(registers(new_verifier()));
    parts.cms_sequence = {
        {cmc::BodyPartID{kAuthDataItem}, unwrap(cms::read_content_info(inside.encode()))}};
    const auto ski = key_identifier_of(*seen.key);
    return ca.send(
        SignedMessage{.content = cmc::write_pki_data(parts), .signers = {signed_by_nobody(ski)}}
            .encode(),
        nullptr);
  };
  const auto refused = send_unsigned(8, registers(new_verifier(), 80));
  expect_refused(refused, CMCFailInfo::badRequest, "nobody signed");
  EXPECT_TRUE(refused.names(80));
  const auto told = send_unsigned(9, auth_data());
  expect_granted(told);
  EXPECT_TRUE(is_registered(told));
}

TEST_F(BroughtControls, BringsNothingThatBelongsIntoTheMessageItself) {
  using namespace cmc::oid;
  for (const auto& type : {kIdentityProof,
                           kIdentityProofV2,
                           kDataReturn,
                           kRecipientNonce,
                           kRevokeRequest,
                           kGetCert,
                           kGetCRL,
                           kQueryPending,
                           kConfirmCertAcceptance,
                           kDecryptedPOP,
                           kPopLinkRandom,
                           kLraPOPWitness,
                           kRaIdentityWitness,
                           kBatchRequests,
                           kModCertTemplate,
                           kAddExtensions,
                           kControlProcessed,
                           kPublishCert,
                           kStatusInfo,
                           kStatusInfoV2,
                           kAuthData}) {
    const auto name = std::string(cmc::find_control_kind(type)->name);
    expect_told(send_controls({control(2, type, {0x05, 0x00})}), CMCFailInfo::badRequest,
                "control " + name + " in authData is not taken");
  }
  for (const auto& type : {kTrustedAnchors, kEncryptedPOP, kResponseBody, kPopLinkWitnessV2}) {
    expect_told(send_controls({control(2, type, {0x05, 0x00})}), CMCFailInfo::badRequest,
                "does not belong in a request");
  }
  expect_told(send_controls({control(2, asn1::Oid{"1.2.3.4"}, {0x05, 0x00})}),
              CMCFailInfo::badRequest, "not known");
}

TEST_F(BroughtControls, GoesWithItsOwnMessage) {
  /* matrix: E135 */
  const auto nonce = [](std::uint8_t octet) {
    return control(2, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, octet)));
  };
  const auto transaction = [](std::uint64_t number) {
    return control(3, cmc::oid::kTransactionId,
                   cmc::write_integer_value(asn1::Integer::from(number)));
  };
  expect_told(send_controls({nonce(2)}), CMCFailInfo::authDataFail, "senderNonce");
  expect_told(send_controls({transaction(78)}), CMCFailInfo::authDataFail, "transactionId");
  UnderMac of_bob;
  of_bob.controls = {control(1, cmc::oid::kIdentification, cmc::write_utf8_value("bob"))};
  expect_told(send_inside(of_bob), CMCFailInfo::authDataFail, "identification");
  expect_granted(send_controls({nonce(1), transaction(77)}));
}

TEST_F(BroughtControls, HoldsControlsAsAMessageDoes) {
  const auto nonce = [](std::uint32_t id) {
    return control(id, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, 1)));
  };
  expect_told(send_controls({nonce(1)}), CMCFailInfo::badRequest, "bodyPartID 1");
  expect_told(send_controls({nonce(0)}), CMCFailInfo::badRequest, "bodyPartID 0");
  expect_told(send_controls({nonce(2), nonce(3)}), CMCFailInfo::badRequest, "stands twice");
  auto twice = nonce(2);
  twice.attr_values.push_back(twice.attr_values.front());
  expect_told(send_controls({twice}), CMCFailInfo::badRequest, "2 values");
  expect_told(send_controls({control(2, cmc::oid::kRegInfo, {0x05, 0x00})}),
              CMCFailInfo::badRequest, "");
}

}  // namespace
}  // namespace signet::test
