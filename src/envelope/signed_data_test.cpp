#include "envelope/signed_data.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "codec/cmc/oids.h"
#include "codec/cmc/pki_request.h"
#include "codec/pkix/oids.h"
#include "crypto/public_key.h"
#include "support/message_builder.h"
#include "support/opened.h"
#include "support/shared_data.h"

namespace signet::envelope {
namespace {

using test::unwrap;

const Bytes kContent = to_bytes("whatever is said");

cms::SignedData read_sealed(ByteView octets) {
  const auto content_info = unwrap(cms::read_content_info(octets, asn1::Limits::der()));
  EXPECT_EQ(content_info.content_type, cms::oid::kSignedData);
  return unwrap(cms::read_signed_data(content_info.content, asn1::Limits::der()));
}

crypto::PublicKey public_key(const crypto::PrivateKey& key) {
  return unwrap(crypto::PublicKey::from(key.public_key_info()));
}

class SealSignedData : public testing::Test {
 protected:
  SigningInput input_for(const test::Credential& by) {
    return {.content_type = cmc::oid::kPKIResponse,
            .content = kContent,
            .key = *by.key,
            .signature_algorithm = unwrap(crypto::default_signature_algorithm(*by.key)),
            .sid = test::signed_by(by).sid,
            .certificates = {by.certificate.der, ca.certificate().der},
            .signing_time = std::nullopt};
  }

  test::TestCa ca;
  test::Credential signer = ca.issue();
};

TEST_F(SealSignedData, VerifiesWithItsKeyAndWithNoOther) { /* matrix: B03, B04 */
  for (const auto* kind : {"rsa:2048", "ec:p256", "ec:p384", "ec:p521", "ed25519", "ed448"}) {
    const auto by = ca.issue({.key = test::test_key(kind)});
    const auto sealed = read_sealed(unwrap(seal_signed_data(input_for(by))));
    ASSERT_EQ(sealed.signer_infos.size(), 1U) << kind;
    const auto& info = sealed.signer_infos[0];
    EXPECT_TRUE(verify_signer(sealed, info, public_key(*by.key)).ok()) << kind;
    const auto other = unwrap(crypto::generate_private_key(kind));
    EXPECT_EQ(verify_signer(sealed, info, public_key(*other)).error().fault, Fault::bad_signature)
        << kind;
  }
}

TEST_F(SealSignedData, HoldsWhatWasGiven) { /* matrix: E165, S13 */
  auto input = input_for(signer);
  input.signing_time = test::kTestTime;
  const auto sealed = read_sealed(unwrap(seal_signed_data(input)));
  EXPECT_EQ(sealed.encap_content_info.e_content_type, cmc::oid::kPKIResponse);
  EXPECT_EQ(sealed.encap_content_info.e_content, kContent);
  EXPECT_EQ(sealed.certificates.size(), 2U);
  EXPECT_EQ(sealed.digest_algorithms.size(), 1U);
  const auto& info = sealed.signer_infos[0];
  EXPECT_EQ(info.signed_attrs.size(), 3U);
  EXPECT_NE(pkix::find_attribute(info.signed_attrs, pkix::oid::kContentType), nullptr);
  EXPECT_NE(pkix::find_attribute(info.signed_attrs, pkix::oid::kMessageDigest), nullptr);
  EXPECT_NE(pkix::find_attribute(info.signed_attrs, pkix::oid::kSigningTime), nullptr);
  EXPECT_EQ(*find_signer_certificate(sealed, info.sid), signer.certificate);
}

TEST_F(SealSignedData, LeavesSigningTimeAndCertificatesOutUnlessGiven) {
  auto input = input_for(signer);
  input.certificates = {};
  const auto sealed = read_sealed(unwrap(seal_signed_data(input)));
  EXPECT_TRUE(sealed.certificates.empty());
  EXPECT_FALSE(sealed.has_empty_certificates);
  EXPECT_EQ(sealed.signer_infos[0].signed_attrs.size(), 2U);
}

TEST_F(SealSignedData, WritesTheVersionsOfRfc5652) {
  auto input = input_for(signer);
  auto sealed = read_sealed(unwrap(seal_signed_data(input)));
  EXPECT_EQ(sealed.version, 3);  // content is not id-data
  EXPECT_EQ(sealed.signer_infos[0].version, 1);
  input.content_type = cms::oid::kData;
  EXPECT_EQ(read_sealed(unwrap(seal_signed_data(input))).version, 1);
  input.sid = cms::SubjectKeyIdentifier{{1, 2, 3}};
  sealed = read_sealed(unwrap(seal_signed_data(input)));
  EXPECT_EQ(sealed.version, 3);
  EXPECT_EQ(sealed.signer_infos[0].version, 3);
}

TEST_F(SealSignedData, WritesWhatTheCodecWritesForTheSameValue) {
  auto input = input_for(signer);
  input.signing_time = test::kTestTime;
  const auto octets = unwrap(seal_signed_data(input));
  EXPECT_EQ(to_hex(cms::write_content_info(cms::oid::kSignedData,
                                           cms::write_signed_data(read_sealed(octets)))),
            to_hex(octets));
}

TEST_F(SealSignedData, RefusesAnAlgorithmThatIsNotTheKeys) {
  auto input = input_for(signer);
  input.signature_algorithm = {pkix::oid::kSha256WithRsa, Bytes{0x05, 0x00}};
  EXPECT_EQ(seal_signed_data(input).error().fault, Fault::unsupported_algorithm);
  input.signature_algorithm = {pkix::oid::kNoSignature, Bytes{0x05, 0x00}};
  EXPECT_EQ(seal_signed_data(input).error().fault, Fault::unsupported_algorithm);
}

// ------------------------------------------------------------ another implementation reads it

/// What `openssl cms -verify` gives out; none when it refuses.
std::optional<Bytes> verified_by_openssl(ByteView octets, const std::string& name) {
  const auto path = testing::TempDir() + "signet-envelope-" + name;
  std::ofstream(path + ".der", std::ios::binary) << as_text(octets);
  const auto command = "openssl cms -verify -noverify -binary -inform DER -in " + path +
                       ".der -out " + path + ".out 2>" + path + ".err";
  if (std::system(command.c_str()) != 0) return std::nullopt;
  return test::file(path + ".out");
}

TEST_F(SealSignedData, IsAcceptedByOpenssl) {  // 3.0 reads no EdDSA in CMS
  for (const std::string kind : {"rsa:2048", "ec:p256", "ec:p384", "ec:p521"}) {
    const auto by = ca.issue({.key = test::test_key(kind)});
    auto octets = unwrap(seal_signed_data(input_for(by)));
    const auto name = kind.substr(0, kind.find(':')) + kind.substr(kind.size() - 3);
    EXPECT_EQ(verified_by_openssl(octets, name), kContent) << kind;
    EXPECT_EQ(verified_by_openssl(test::with_last_bit_changed(octets), name), std::nullopt) << kind;
  }
}

TEST(SealCertificatesOnly, HoldsCertificatesAndNothingElse) { /* matrix: A03 */
  test::TestCa ca;
  const auto alice = ca.issue();
  const auto sealed =
      read_sealed(seal_certificates_only({alice.certificate.der, ca.certificate().der}));
  EXPECT_EQ(sealed.version, 1);
  EXPECT_EQ(sealed.encap_content_info.e_content_type, cms::oid::kData);
  EXPECT_EQ(sealed.encap_content_info.e_content, std::nullopt);
  EXPECT_EQ(sealed.certificates.size(), 2U);
  EXPECT_TRUE(sealed.signer_infos.empty());
  EXPECT_TRUE(sealed.digest_algorithms.empty());
}

TEST(SealWithoutSignature, IsOpenedAsSignedByNobody) { /* matrix: B29, E166, E169 */
  const auto octets = seal_without_signature(test::pki_data({}, {test::tagged(1, test::pkcs10())}),
                                             cms::SubjectKeyIdentifier{{1, 2, 3}});
  const auto sealed = read_sealed(octets);
  EXPECT_EQ(sealed.signer_infos[0].version, 3);
  const auto opened = test::open(octets);
  ASSERT_TRUE(opened.result.ok()) << opened.result.error().detail;
  EXPECT_TRUE(std::holds_alternative<NoSignatureSigner>(opened.request().signers()[0]));
}

// ------------------------------------------------------------ verify_signer

TEST(VerifySigner, RefusesAttributesPosingAsContent) { /* matrix: E165, S13 */
  // What was signed is the attributes. Without them the same octets, now the content, would verify.
  test::TestCa ca;
  const auto alice = ca.issue();
  auto sealed = read_sealed(test::full_request(alice, {}).encode());
  auto& info = sealed.signer_infos[0];
  ASSERT_TRUE(verify_signer(sealed, info, public_key(*alice.key)).ok());
  sealed.encap_content_info.e_content = info.signed_attrs_der;
  info.signed_attrs_der.reset();
  info.signed_attrs.clear();
  EXPECT_EQ(verify_signer(sealed, info, public_key(*alice.key)).error().fault,
            Fault::bad_signature);
}

TEST(VerifySigner, RefusesASignerOverNothing) {
  test::TestCa ca;
  const auto alice = ca.issue();
  auto sealed = read_sealed(test::full_request(alice, {}).encode());
  sealed.encap_content_info.e_content.reset();
  EXPECT_EQ(verify_signer(sealed, sealed.signer_infos[0], public_key(*alice.key)).error().fault,
            Fault::malformed);
}

TEST(FindSignerCertificate, DemandsBothIssuerAndSerialNumber) {
  test::TestCa ca;
  test::TestCa other{"CN=Other CA,O=Test"};
  const auto serial = pkix::Integer::from(77);
  const auto wanted = ca.issue({.serial_number = serial});
  const auto same_serial = other.issue({.serial_number = serial});
  const auto same_issuer = ca.issue();
  auto message = test::full_request(wanted, {});
  message.certificates = {same_serial.certificate.der, same_issuer.certificate.der};
  const auto sid = test::signed_by(wanted).sid;
  EXPECT_EQ(find_signer_certificate(read_sealed(message.encode()), sid), nullptr);
  message.certificates.push_back(wanted.certificate.der);
  const auto sealed = read_sealed(message.encode());
  ASSERT_NE(find_signer_certificate(sealed, sid), nullptr);
  EXPECT_EQ(*find_signer_certificate(sealed, sid), wanted.certificate);
}

TEST(FindSignerCertificate, FindsNoneForACertificateWithoutKeyIdentifier) {
  test::TestCa ca;
  const auto issued = ca.issue();
  auto tbs = issued.certificate.tbs.value;
  tbs.extensions.clear();
  auto message = test::full_request(issued, {});
  message.certificates = {test::sign_certificate(tbs, ca.key()).der};
  const auto sealed = read_sealed(message.encode());
  EXPECT_EQ(find_signer_certificate(sealed, cms::SubjectKeyIdentifier{}), nullptr);
}

}  // namespace
}  // namespace signet::envelope
