#include "envelope/open_request.h"

#include <gtest/gtest.h>

#include "codec/cmc/oids.h"
#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "support/open_request_scene.h"

namespace signet::envelope {
namespace {

using test::KnownCertificates;
using test::open;

class OpenRequest : public test::OpenRequestScene {};

const pkix::Certificate* certificate_of(const Signer& signer) {
  const auto* existing = std::get_if<CertificateSigner>(&signer);
  return existing == nullptr ? nullptr : existing->certificate.get();
}

TEST_F(OpenRequest, FindsTheCertificateThatSignedInTheMessage) { /* matrix: E40 */
  const auto opened = open(by_alice().encode());
  ASSERT_TRUE(opened.result.ok()) << opened.result.error().detail;
  ASSERT_EQ(opened.request().signers().size(), 1U);
  ASSERT_NE(certificate_of(opened.request().signers()[0]), nullptr);
  EXPECT_EQ(*certificate_of(opened.request().signers()[0]), alice.certificate);
  EXPECT_EQ(opened.request().certification_requests().size(), 1U);
}

TEST_F(OpenRequest, FindsTheCertificateBySubjectKeyIdentifier) {
  auto message = by_alice();
  message.signers = {test::signed_by_key_identifier(alice)};
  message.certificates = {bob.certificate.der, alice.certificate.der};
  const auto opened = open(message.encode());
  ASSERT_TRUE(opened.result.ok()) << opened.result.error().detail;
  EXPECT_EQ(*certificate_of(opened.request().signers()[0]), alice.certificate);
}

TEST_F(OpenRequest, RefusesAnIssuerNameThatIsTheCertificatesInOtherOctets) {
  auto message = by_alice();
  message.signers[0].sid = cms::IssuerAndSerialNumber{
      test::unwrap(pkix::name_from_text("cn=TEST  ca,o=test")), alice.certificate->serial_number};
  EXPECT_EQ(fault_of(message), Fault::untrusted_signer);
}

TEST_F(OpenRequest, AsksTheSourceWhenNoCertificateCameAlong) {
  auto message = by_alice();
  message.certificates = {};
  const KnownCertificates known{{alice.certificate}};
  EXPECT_TRUE(open(message.encode(), known).result.ok());
  message.signers = {test::signed_by_key_identifier(alice)};
  EXPECT_TRUE(open(message.encode(), known).result.ok());
}

TEST_F(OpenRequest, DoesNotAskTheSourceWhenOnlyTheCertificatesOfOthersCameAlong) {
  auto message = by_alice();
  message.certificates = {bob.certificate.der};
  const auto opened = open(message.encode(), KnownCertificates{{alice.certificate}});
  ASSERT_FALSE(opened.result.ok());
  EXPECT_EQ(opened.result.error().fault, Fault::untrusted_signer);
}

TEST_F(OpenRequest, RefusesASignerWithoutCertificate) {
  auto message = by_alice();
  message.certificates = {bob.certificate.der};
  EXPECT_EQ(fault_of(message), Fault::untrusted_signer);
  message.signers = {test::signed_by_key_identifier(alice)};
  EXPECT_EQ(fault_of(message), Fault::untrusted_signer);
}

TEST_F(OpenRequest, TellsWhatAKeyIdentifierThatNothingHasWouldNeed) {
  auto message = by_alice();
  message.signers = {test::signed_by_key_identifier(alice)};
  message.certificates = {bob.certificate.der};
  const auto opened = open(message.encode());
  ASSERT_FALSE(opened.result.ok());
  EXPECT_NE(opened.result.error().detail.find("must ask for this subjectKeyIdentifier"),
            std::string::npos)
      << opened.result.error().detail;
}

TEST_F(OpenRequest, VerifiesEveryKindOfKey) { /* matrix: B01, B02 */
  for (const auto* kind : {"rsa:2048", "ec:p256", "ec:p384", "ec:p521", "ed25519", "ed448"}) {
    const auto signer = ca.issue({.key = test::test_key(kind)});
    auto message = test::full_request(signer, {test::tagged(1, test::pkcs10())});
    const auto opened = open(message.encode());
    EXPECT_TRUE(opened.result.ok()) << kind << ": " << opened.result.error().detail;
    message.content_sent = test::pki_data({}, {test::tagged(2, test::pkcs10())});
    EXPECT_EQ(fault_of(message), Fault::bad_signature) << kind;
  }
}

TEST_F(OpenRequest, TakesEd448BesideSha512AndNotBesideSha256) {
  const auto signer = ca.issue({.key = test::test_key("ed448")});
  auto message = test::full_request(signer, {test::tagged(1, test::pkcs10())});
  message.signers[0].digest_algorithm = pkix::AlgorithmIdentifier{pkix::oid::kSha512, {}};
  const auto opened = open(message.encode());
  EXPECT_TRUE(opened.result.ok()) << opened.result.error().detail;
  message.signers[0].digest_algorithm = pkix::AlgorithmIdentifier{pkix::oid::kSha256, {}};
  EXPECT_EQ(fault_of(message), Fault::unsupported_algorithm);
}

TEST_F(OpenRequest, ReadsRsaEncryptionAsTheSignatureAlgorithm) {  // AMB-33
  const auto signer = ca.issue({.key = test::test_key("rsa:2048")});
  auto message = test::full_request(signer, {test::tagged(1, test::pkcs10())});
  message.signers[0].signature_algorithm =
      pkix::AlgorithmIdentifier{pkix::oid::kRsaEncryption, Bytes{0x05, 0x00}};
  const auto opened = open(message.encode());
  EXPECT_TRUE(opened.result.ok()) << opened.result.error().detail;
}

// ------------------------------------------------------------ what does not verify

TEST_F(OpenRequest, GivesTheSameAnswerForEveryCryptographicMismatch) { /* matrix: E40, S14 */
  auto other_content = by_alice();
  other_content.content_sent = test::pki_data({}, {});
  auto other_key = by_alice();
  other_key.signers[0].key = bob.key;
  auto both = other_key;
  both.content_sent = test::pki_data({}, {});

  const auto expected = open(other_content.encode()).result.error();
  EXPECT_EQ(expected.fault, Fault::bad_signature);
  EXPECT_EQ(open(other_key.encode()).result.error(), expected);
  EXPECT_EQ(open(both.encode()).result.error(), expected);
}

TEST_F(OpenRequest, RefusesASignatureThatIsNoSignature) {
  auto message = by_alice();
  message.signers[0].signature = Bytes(64, 0);
  EXPECT_EQ(fault_of(message), Fault::bad_signature);
}

TEST_F(OpenRequest, RefusesASignerWithoutSignedAttributes) { /* matrix: E165, S13 */
  auto message = by_alice();
  message.signers[0].signed_attributes = test::SignedAttributes::absent;
  EXPECT_EQ(fault_of(message), Fault::bad_signature);
}

TEST_F(OpenRequest, RefusesEveryMessageOfWhichOneSignerFails) { /* matrix: E40 */
  auto message = by_alice();
  message.signers.push_back(test::signed_by(bob));
  message.certificates.push_back(bob.certificate.der);
  EXPECT_TRUE(open(message.encode()).result.ok());
  message.signers[1].key = alice.key;
  EXPECT_EQ(fault_of(message), Fault::bad_signature);
}

TEST_F(OpenRequest, RefusesMoreThanEightSigners) { /* matrix: S15 */
  auto message = by_alice();
  message.signers.resize(8, test::signed_by(alice));
  EXPECT_TRUE(open(message.encode()).result.ok());
  message.signers.resize(9, test::signed_by(alice));
  EXPECT_EQ(fault_of(message), Fault::too_large);
}

// ------------------------------------------------------------ what stands outside the signature

/// Opens a message after `edit` has changed what was read of its SignedData.
template <typename Edit>
std::optional<Fault> fault_after(const test::SignedMessage& message, const Edit& edit) {
  auto read = test::unwrap(cmc::read_pki_request(message.encode()));
  edit(std::get<cmc::FullPkiRequest>(read).signed_data);
  crypto::PublicKeyCache keys;
  const auto opened = open_request(read, KnownCertificates{}, keys);
  return opened.ok() ? std::nullopt : std::optional{opened.error().fault};
}

TEST_F(OpenRequest, RefusesASignedDataOfAnotherVersion) {
  for (const int version : {1, 2, 4, 5}) {
    EXPECT_EQ(fault_after(by_alice(), [&](auto& data) { data.version = version; }),
              Fault::malformed)
        << version;
  }
  EXPECT_EQ(fault_after(by_alice(), [](auto& data) { data.version = 3; }), std::nullopt);
}

TEST_F(OpenRequest, RefusesASignerInfoWhoseVersionIsNotItsIdentifiers) {
  auto message = by_alice();
  EXPECT_EQ(fault_after(message, [](auto& data) { data.signer_infos[0].version = 3; }),
            Fault::malformed);
  message.signers = {test::signed_by_key_identifier(alice)};
  EXPECT_EQ(fault_after(message, [](auto& data) { data.signer_infos[0].version = 3; }),
            std::nullopt);
  EXPECT_EQ(fault_after(message, [](auto& data) { data.signer_infos[0].version = 1; }),
            Fault::malformed);
}

TEST_F(OpenRequest, RefusesASignerInfoWhoseDigestIsNotListed) {
  EXPECT_EQ(fault_after(by_alice(), [](auto& data) { data.digest_algorithms.clear(); }),
            Fault::malformed);
}

// ------------------------------------------------------------ signed attributes

TEST_F(OpenRequest, RefusesAContentTypeThatIsNotTheContents) {
  auto message = by_alice();
  message.signers[0].edit_attributes = [](auto& attributes) {
    asn1::Writer writer;
    writer.oid(cmc::oid::kPKIResponse);
    attributes[0].values = {std::move(writer).take()};
  };
  EXPECT_EQ(fault_of(message), Fault::bad_signature);
}

TEST_F(OpenRequest, RefusesMissingAttributes) {
  for (const std::ptrdiff_t missing : {0, 1}) {
    auto message = by_alice();
    message.signers[0].edit_attributes = [missing](auto& attributes) {
      attributes.erase(attributes.begin() + missing);
    };
    EXPECT_EQ(fault_of(message), Fault::malformed) << missing;
  }
}

TEST_F(OpenRequest, RefusesAnAttributeWithTwoValues) {
  for (const std::size_t doubled : {0U, 1U}) {
    auto message = by_alice();
    message.signers[0].edit_attributes = [doubled](auto& attributes) {
      attributes[doubled].values.push_back(attributes[doubled].values[0]);
    };
    EXPECT_EQ(fault_of(message), Fault::malformed) << doubled;
  }
}

TEST_F(OpenRequest, RefusesAnAttributeOfTheWrongType) {
  for (const std::size_t wrong : {0U, 1U}) {
    auto message = by_alice();
    message.signers[0].edit_attributes = [wrong](auto& attributes) {
      attributes[wrong].values = {Bytes{0x05, 0x00}};
    };
    EXPECT_EQ(fault_of(message), Fault::malformed) << wrong;
  }
}

TEST_F(OpenRequest, RefusesADoubledAttribute) {
  auto message = by_alice();
  message.signers[0].edit_attributes = [](auto& attributes) {
    attributes.push_back(attributes[1]);
    attributes.back().values = {Bytes{0x04, 0x01, 0x00}};
  };
  EXPECT_EQ(cmc::read_pki_request(message.encode()).error().fault, Fault::malformed);
}

TEST_F(OpenRequest, KeepsTheSigningTime) {
  auto message = by_alice();
  EXPECT_EQ(open(message.encode()).request().signing_time(), std::nullopt);
  message.signers[0].signing_time = test::kTestTime;
  EXPECT_EQ(open(message.encode()).request().signing_time(), test::kTestTime);
}

TEST_F(OpenRequest, RefusesASigningTimeThatIsNoTime) {
  auto message = by_alice();
  message.signers[0].signing_time = test::kTestTime;
  message.signers[0].edit_attributes = [](auto& attributes) {
    attributes[2].values = {Bytes{0x05, 0x00}};
  };
  EXPECT_EQ(fault_of(message), Fault::malformed);
}

// ------------------------------------------------------------ algorithms

TEST_F(OpenRequest, RefusesDigestsThatAreNotOffered) {
  for (const auto& digest : {pkix::oid::kSha1, pkix::oid::kMd5}) {
    auto message = by_alice();
    message.signers[0].digest_algorithm = pkix::AlgorithmIdentifier{digest, {}};
    EXPECT_EQ(fault_of(message), Fault::unsupported_algorithm) << digest.to_text();
    message.signers = {test::signed_by_nobody({1, 2, 3})};
    message.signers[0].digest_algorithm = pkix::AlgorithmIdentifier{digest, {}};
    EXPECT_EQ(fault_of(message), Fault::unsupported_algorithm) << digest.to_text();
  }
}

TEST_F(OpenRequest, RefusesADigestThatIsNotTheSignatures) {
  auto message = by_alice();
  message.signers[0].digest_algorithm =
      crypto::algorithm_identifier(crypto::DigestAlgorithm::sha512);
  EXPECT_EQ(fault_of(message), Fault::unsupported_algorithm);
}

TEST_F(OpenRequest, RefusesASignatureAlgorithmThatIsNotTheKeys) {
  auto message = by_alice();
  message.signers[0].signature_algorithm =
      pkix::AlgorithmIdentifier{pkix::oid::kSha256WithRsa, Bytes{0x05, 0x00}};
  EXPECT_EQ(fault_of(message), Fault::unsupported_algorithm);
}

// ------------------------------------------------------------ nobody

TEST_F(OpenRequest, LeavesAMessageWithoutSignersWithoutSigners) {
  auto message = by_alice();
  message.signers = {};
  EXPECT_TRUE(open(message.encode()).request().signers().empty());
  EXPECT_TRUE(open(test::pkcs10()).request().signers().empty());
}

}  // namespace
}  // namespace signet::envelope
