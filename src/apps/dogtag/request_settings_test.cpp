#include "apps/dogtag/request_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/dogtag/key_id.h"
#include "base/encoding.h"
#include "support/unwrap.h"

namespace signet::dogtag {
namespace {

using test::unwrap;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kUserSigned =
    "numRequests=1\ninput=a\noutput=b\nformat=pkcs10\nnickname=n\npassword=p\n";

Configuration configuration(const std::string& more) {
  return unwrap(Configuration::read(std::string(kUserSigned) + more, request_names()));
}
RequestSettings settings_of(const std::string& more) {
  auto settings = read_request_settings(configuration(more));
  EXPECT_TRUE(settings.ok()) << settings.error().detail;
  return std::move(settings).value();
}
std::string refusal(const std::string& more) {
  const auto settings = read_request_settings(configuration(more));
  EXPECT_FALSE(settings.ok()) << more;
  return settings.ok() ? "" : settings.error().detail;
}

TEST(RequestSettings, AreAUserSignedRequestsByDefault) {
  const auto settings = settings_of("");
  EXPECT_EQ(settings.form, client::RequestForm::pkcs10);
  EXPECT_THAT(settings.inputs, ElementsAre("a"));
  EXPECT_EQ(settings.output, "b");
  EXPECT_EQ(settings.nickname, "n");
  EXPECT_EQ(settings.database.folder, ".");
  EXPECT_FALSE(settings.use_shared_secret || settings.revocation || settings.second_round);
  EXPECT_FALSE(settings.identity_proof_v2 || settings.link_v2 || settings.identification);
}

TEST(RequestSettings, TakeAsManyInputsAsAreSaid) {
  EXPECT_EQ(settings_of("input=a b c\nnumRequests=2\n").inputs.size(), 2U);
  EXPECT_EQ(settings_of("input=a b c\nnumRequests=\n").inputs.size(), 3U);
  EXPECT_THAT(refusal("numRequests=2\n"), HasSubstr("input names 1 files"));
  EXPECT_THAT(refusal("numRequests=two\n"), HasSubstr("must be integer"));
}

TEST(RequestSettings, KnowTheSharedSecretsKeysUnderOldNamesToo) {
  for (const auto* name : {"request.useSharedSecret", "request.selfSign", "selfSign"}) {
    const auto settings = settings_of(std::string(name) + "=true\nrequest.privKeyId=0x0102\n");
    EXPECT_TRUE(settings.use_shared_secret) << name;
    EXPECT_EQ(settings.key_id, (Bytes{1, 2}));
  }
  EXPECT_THAT(refusal("nickname=\nrequest.useSharedSecret=true\n"), HasSubstr("privKeyId"));
  EXPECT_THAT(refusal("nickname=\n"), HasSubstr("Missing nickname"));
}

TEST(RequestSettings, KnowTheProofs) {
  const auto settings = settings_of(
      "identification.enable=true\nidentification=alice\nwitness.sharedSecret=s\n"
      "identityProofV2.enable=true\nidentityProofV2.hashAlg=SHA-512\n"
      "identityProofV2.macAlg=SHA-384-HMAC\npopLinkWitnessV2.enable=true\n"
      "popLinkWitnessV2.keyGenAlg=SHA-384\npopLinkWitnessV2.macAlg=SHA-512-HMAC\n"
      "request.privKeyId=1\n");
  EXPECT_EQ(settings.identification, "alice");
  EXPECT_EQ(settings.identity_proof_v2->hash, crypto::DigestAlgorithm::sha512);
  EXPECT_EQ(settings.identity_proof_v2->mac, crypto::MacAlgorithm::hmac_sha384);
  EXPECT_EQ(settings.link_v2->key_gen, crypto::DigestAlgorithm::sha384);
  EXPECT_EQ(settings.link_v2->mac, crypto::MacAlgorithm::hmac_sha512);
}

TEST(RequestSettings, KnowVersionOneWhereVersionTwoIsOff) {
  const auto settings = settings_of(
      "identityProof.enable=true\nidentityProof.sharedSecret=s\npopLinkWitness.enable=true\n");
  EXPECT_TRUE(settings.identity_proof_v1 && settings.link_v1);
  EXPECT_EQ(settings.identity_secret, "s");
  EXPECT_FALSE(settings_of("identityProof.enable=true\nidentityProof.sharedSecret=s\n"
                           "identityProofV2.enable=true\nwitness.sharedSecret=s\n")
                   .identity_proof_v1);
}

TEST(RequestSettings, HaveADefaultThatIsAnAlgorithm) {
  const auto settings = settings_of("identityProofV2.enable=true\nwitness.sharedSecret=s\n");
  EXPECT_EQ(settings.identity_proof_v2->hash, crypto::DigestAlgorithm::sha256);
  EXPECT_EQ(settings.identity_proof_v2->mac, crypto::MacAlgorithm::hmac_sha256);
}

TEST(RequestSettings, RefuseAWrongAlgorithmInsteadOfLeavingTheControlOut) {
  const std::string on = "witness.sharedSecret=s\nrequest.privKeyId=1\n";
  EXPECT_THAT(refusal(on + "identityProofV2.enable=true\nidentityProofV2.hashAlg=SHA-1\n"),
              HasSubstr("SHA-256, SHA-384 or SHA-512"));
  EXPECT_THAT(refusal(on + "identityProofV2.enable=true\nidentityProofV2.macAlg=MD5\n"),
              HasSubstr("identityProofV2.macAlg"));
  EXPECT_THAT(refusal(on + "popLinkWitnessV2.enable=true\npopLinkWitnessV2.keyGenAlg=SHA-3\n"),
              HasSubstr("popLinkWitnessV2.keyGenAlg"));
}

TEST(RequestSettings, RefuseAProofWithoutItsSecretOrKey) {
  EXPECT_THAT(refusal("identityProofV2.enable=true\n"), HasSubstr("witness.sharedSecret"));
  EXPECT_THAT(refusal("identityProof.enable=true\n"), HasSubstr("identityProof.sharedSecret"));
  EXPECT_THAT(refusal("identification.enable=true\n"), HasSubstr("identification"));
  EXPECT_THAT(refusal("popLinkWitnessV2.enable=true\nwitness.sharedSecret=s\n"),
              HasSubstr("request.privKeyId"));
}

TEST(RequestSettings, KnowEveryOtherControl) {
  const auto settings = settings_of(
      "confirmCertAcceptance.enable=true\nconfirmCertAcceptance.serial=17\n"
      "confirmCertAcceptance.issuer=CN=CA\ngetCert.enable=true\ngetCert.serial=0x1F\n"
      "getCert.issuer=CN=CA\nlraPopWitness.enable=true\nlraPopWitness.bodyPartIDs=1 2\n"
      "dataReturn.enable=true\ndataReturn.data=d\nregInfo.enable=true\nregInfo.data=r\n"
      "queryPending.enable=true\nqueryPending.id=7\nsenderNonce.enable=true\nsenderNonce.id=n\n"
      "transactionMgt.enable=true\ntransactionMgt.id=t\n");
  EXPECT_EQ(settings.confirm_cert_acceptance->serial_number, asn1::Integer::from(17));
  EXPECT_EQ(settings.get_cert->serial_number, asn1::Integer::from(31));
  EXPECT_EQ(pkix::to_text(settings.get_cert->issuer), "CN=CA");
  EXPECT_THAT(*settings.lra_pop_witness, ElementsAre(cmc::BodyPartID{1}, cmc::BodyPartID{2}));
  EXPECT_EQ(settings.data_return, "d");
  EXPECT_EQ(settings.reg_info, "r");
  EXPECT_EQ(settings.query_pending, "7");
  EXPECT_TRUE(settings.sender_nonce.enabled && settings.transaction_id.enabled);
  EXPECT_EQ(settings.sender_nonce.text, "n");
  EXPECT_EQ(settings.transaction_id.text, "t");
}

TEST(RequestSettings, GiveBackOctetsThatAreNoText) {
  const auto settings = settings_of(
      "queryPending.enable=true\nqueryPending.id=0x00fF10\ntransactionMgt.enable=true\n"
      "transactionMgt.id=0X3132\n");
  EXPECT_EQ(settings.query_pending, std::string("\0\xff\x10", 3));
  EXPECT_EQ(settings.transaction_id.text, "12");
  for (const std::string control : {"queryPending", "transactionMgt"}) {
    for (const auto* wrong : {"0x", "0x1", "0xyz"}) {
      EXPECT_THAT(refusal(control + ".enable=true\n" + control + ".id=" + wrong + "\n"),
                  HasSubstr(control + ".id='" + wrong + "': after 0x stand hexadecimal digits"));
    }
  }
}

TEST(RequestSettings, SayWhatABodyPartIdIs) {
  EXPECT_THAT(refusal("LraPopWitness.enable=true\nLraPopWitness.bodyPartIDs=1,2\n"),
              HasSubstr("'1,2' is no body part id: write the numbers of the requests, blanks "
                        "between them"));
}

TEST(RequestSettings, RefuseAControlWithoutItsValue) {
  for (const std::string control : {"confirmCertAcceptance", "getCert", "LraPopWitness",
                                    "dataReturn", "regInfo", "queryPending"}) {
    EXPECT_THAT(refusal(control + ".enable=true\n"), HasSubstr(control));
  }
}

TEST(RequestSettings, KnowRevocation) {
  const std::string revocation = "revRequest.enable=true\nrevRequest.serial=20\n";
  const auto settings = settings_of(revocation +
                                    "revRequest.reason=KEYCOMPROMISE\nrevRequest.comment=c d\n"
                                    "revRequest.invalidityDatePresent=true\n");
  EXPECT_EQ(settings.revocation->serial_number, asn1::Integer::from(20));
  EXPECT_EQ(settings.revocation->reason, pkix::CRLReason::keyCompromise);
  EXPECT_EQ(settings.revocation->comment, "c d");
  EXPECT_TRUE(settings.revocation->invalidity_date_present);
  EXPECT_TRUE(settings.inputs.empty());

  const auto secret = "revRequest.reason=unspecified\nrevRequest.sharedSecret=s\n";
  EXPECT_THAT(refusal(revocation + secret), HasSubstr("revRequest.issuer"));
  const auto unsigned_one =
      settings_of(revocation + secret + "nickname=\nrevRequest.issuer=cn=CA,ou=x\n");
  EXPECT_EQ(unsigned_one.revocation->shared_secret, "s");
  EXPECT_EQ(pkix::to_text(*unsigned_one.revocation->issuer), "CN=CA,OU=x");

  EXPECT_THAT(refusal(revocation + "revRequest.reason=lost\n"),
              HasSubstr("Unrecognized CRL reason"));
  EXPECT_THAT(refusal(revocation), HasSubstr("revRequest.reason"));
  EXPECT_THAT(
      refusal(revocation + "revRequest.reason=unspecified\nnickname=\n"),
      HasSubstr("Missing nickname: name the certificate that signs the revocation, or "
                "revoke by a shared secret: revRequest.sharedSecret and revRequest.issuer"));
  EXPECT_THAT(refusal("revRequest.enable=true\nrevRequest.reason=unspecified\n"),
              HasSubstr("revRequest.serial"));
}

TEST(RequestSettings, KnowTheSecondRoundWhichNeedsNoOutput) {
  const std::string round =
      "output=\ndecryptedPop.enable=true\nencryptedPopResponseFile=r\nrequest.privKeyId=-1\n";
  const auto settings = settings_of(round + "decryptedPopRequestFile=q\n");
  EXPECT_EQ(settings.second_round->response_file, "r");
  EXPECT_EQ(settings.second_round->request_file, "q");
  EXPECT_EQ(settings.key_id, Bytes(20, 0xFF));
  EXPECT_THAT(refusal(round), HasSubstr("decryptedPopRequestFile"));
}

TEST(RequestSettings, DemandAPasswordThatMayBeEmpty) {
  const auto without = unwrap(Configuration::read("output=b\nnickname=n\n", request_names()));
  EXPECT_THAT(read_request_settings(without).error().detail, HasSubstr("Missing password. Write"));
  EXPECT_TRUE(settings_of("password=\n").database.password.empty());
}

TEST(RequestSettings, RefuseAnUnknownFormat) {
  EXPECT_THAT(refusal("format=pkcs12\n"), HasSubstr("Unrecognized request format"));
  EXPECT_THAT(refusal("format=\n"), HasSubstr("Missing format"));
}

TEST(SerialNumber, IsDecimalOrHexadecimal) {
  EXPECT_EQ(unwrap(read_serial_number("s", "1208925819614629174706177")),
            unwrap(read_serial_number("s", "0x100000000000000000001")));
  for (const auto* text : {"", "0x", "1f", "-1", "0xgg", "1 2"}) {
    EXPECT_EQ(read_serial_number("s", text).error().fault, Fault::bad_configuration) << text;
  }
}

TEST(KeyId, IsASignedNumber) {
  // Pairs of certutil -K and Dogtag's .keyId: both signs, and a leading zero octet.
  const std::pair<const char*, const char*> known[] = {
      {"aefffa6b36a7eb7e90cc72e5b366e58f8b0c11cd", "-51000594c95814816f338d1a4c991a7074f3ee33"},
      {"cd1ca4b4e64782ad2593a6a8d7d8158ad0dbdc6c", "-32e35b4b19b87d52da6c59572827ea752f242394"},
      {"42d12f1b4a8c981938242e29776102e96def142d", "42d12f1b4a8c981938242e29776102e96def142d"},
      {"000000000000000000000000000000000000000a", "a"},
      {"ffffffffffffffffffffffffffffffffffffffff", "-1"}};
  for (const auto& [octets, text] : known) {
    EXPECT_EQ(key_id_text(unwrap(from_hex(octets))), text);
    EXPECT_EQ(to_hex(unwrap(read_key_id(text))), octets);
    EXPECT_EQ(to_hex(unwrap(read_key_id(std::string("0x") + octets))), octets);
  }
  for (const auto* text : {"", "-", "0x", "xyz", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    EXPECT_EQ(read_key_id(text).error().fault, Fault::bad_configuration) << text;
  }
}

}  // namespace
}  // namespace signet::dogtag
