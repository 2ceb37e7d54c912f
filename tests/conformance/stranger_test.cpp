// What a stranger may send within the limits of HTTP, made to be costly: each is refused before
// much was done for it, and nothing is issued. The limits of HTTP itself:
// adapters/http/server_test.
#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/message_builder.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;

/// A public key that nobody has, and signatures that nobody made: what it says of itself is all.
class MadeUpKey final : public crypto::PrivateKey {
 public:
  MadeUpKey(Bytes modulus, Bytes exponent) : octets_(modulus.size()) {
    asn1::Writer key;
    key.sequence([&] {
      key.integer(asn1::Integer::from_unsigned(modulus));
      key.integer(asn1::Integer::from_unsigned(exponent));
    });
    info_.algorithm = {pkix::oid::kRsaEncryption, Bytes{0x05, 0x00}};
    info_.subject_public_key = {std::move(key).take(), 0};
    asn1::Writer info;
    info.sequence([&] {
      pkix::write_algorithm_identifier(info, info_.algorithm);
      info.bit_string(info_.subject_public_key);
    });
    info_.der = std::move(info).take();
  }
  [[nodiscard]] const pkix::SubjectPublicKeyInfo& public_key_info() const override { return info_; }
  [[nodiscard]] crypto::KeyKind kind() const override { return crypto::KeyKind::rsa; }
  [[nodiscard]] Result<Bytes> sign(const pkix::AlgorithmIdentifier&, ByteView) const override {
    return Bytes(octets_, 0x5A);
  }
  [[nodiscard]] Result<SecretBytes> decrypt(const pkix::AlgorithmIdentifier&,
                                            ByteView) const override {
    return Error{Fault::unsupported_algorithm, ""};
  }
  [[nodiscard]] Result<SecretBytes> agree(const crypto::PublicKey&) const override {
    return Error{Fault::unsupported_algorithm, ""};
  }

 private:
  std::size_t octets_;
  pkix::SubjectPublicKeyInfo info_;
};

Key rsa_of(std::size_t bits, const Bytes& exponent) {
  return std::make_shared<MadeUpKey>(Bytes(bits / 8, 0xFF), exponent);
}

class Stranger : public testing::Test {
 protected:
  void expect_refused(const Told& told, CMCFailInfo why) {
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::failed);
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_EQ(ca.certificates_on_record(), before);
  }
  Told send(const std::vector<Bytes>& requests,
            const std::vector<cmc::TaggedAttribute>& controls = {}) {
    const Credential alice{ca.alice.key, ca.alice.certificate};
    return ca.send(full_request(alice, requests, controls).encode(), &ca.alice);
  }

  TestAuthority ca;
  std::size_t before = ca.certificates_on_record();
};

TEST_F(Stranger, AsksForAnRsaKeyOfSixteenThousandBits) {
  for (const std::size_t bits : {16384U, 65536U, 8200U}) {
    const auto key = rsa_of(bits, {1, 0, 1});
    expect_refused(send({tagged(1, pkcs10({.key = key}))}), CMCFailInfo::badAlg);
  }
}

TEST_F(Stranger, AsksForAnRsaKeyWithAHugeExponent) {
  for (const std::size_t octets : {33U, 256U}) {
    const auto key = rsa_of(2048, Bytes(octets, 0xFF));
    expect_refused(send({tagged(1, pkcs10({.key = key}))}), CMCFailInfo::badAlg);
  }
}

TEST_F(Stranger, SignsTheMessageWithAKeyOfSixteenThousandBits) {
  const auto key = rsa_of(16384, {1, 0, 1});
  const Bytes ski(20, 7);
  SignedMessage message;
  message.content = pki_data(
      {}, {tagged(1, pkcs10({.key = key,
                             .extensions = {{pkix::oid::kSubjectKeyIdentifier, false,
                                             pkix::write_subject_key_identifier(ski)}}}))});
  message.signers = {signed_by_request_key(key, ski)};
  const auto told = ca.send(message.encode(), nullptr);
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(ca.certificates_on_record(), before);
}

/// What a message leaves behind, in the journal and in its answer.
std::size_t octets_left_by(const Told& told) {
  std::size_t octets = told.text().size();
  for (const auto& event : told.events) {
    for (const auto& field : event.fields) octets += field.value.size();
  }
  return octets;
}

TEST_F(Stranger, LeavesLittleBehindHoweverLongTheNamesItGives) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += (i == 0 ? "OU=" : ",OU=") + std::string(100, 'x');
  cmc::RevokeRequest wanted;
  wanted.issuer_name = unwrap(pkix::name_from_text(text));
  wanted.serial_number = asn1::Integer::from(20);
  wanted.shared_secret = to_bytes(std::string_view("secret"));
  SignedMessage message;
  message.content =
      pki_data({control(1, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted))}, {});
  const auto revoking = ca.send(message.encode(), nullptr);
  EXPECT_EQ(revoking.fail_info(), CMCFailInfo::badCertId) << revoking.text();
  EXPECT_LT(octets_left_by(revoking), 64U * 1024);

  TestCa elsewhere(text);
  const auto stranger = elsewhere.issue();
  const auto told = ca.send(full_request(stranger, {tagged(1, pkcs10())}).encode(), nullptr);
  EXPECT_FALSE(told.issued());
  EXPECT_LT(octets_left_by(told), 64U * 1024);
}

TEST_F(Stranger, SendsThousandsOfControls) {
  std::vector<cmc::TaggedAttribute> controls;
  for (std::uint32_t id = 2; id < 6000; ++id) {
    controls.push_back(control(id, cmc::oid::kDataReturn, cmc::write_octets_value(Bytes{1})));
  }
  expect_refused(send({tagged(1, pkcs10())}, controls), CMCFailInfo::badRequest);
}

TEST_F(Stranger, SendsThousandsOfRequests) {
  const auto one = pkcs10();
  const auto requests = [&](std::uint32_t count) {
    std::vector<Bytes> made;
    for (std::uint32_t id = 1; id <= count; ++id) made.push_back(tagged(id, one));
    return made;
  };
  // What the octets of a message leave room for is judged, and refused as a whole.
  expect_refused(send(requests(800)), CMCFailInfo::noKeyReuse);
  const auto of_too_many_octets = send(requests(3000));
  EXPECT_EQ(of_too_many_octets.kind, authority::ResponseKind::none);
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST_F(Stranger, SignsWithThousandsOfSigners) {
  const Credential alice{ca.alice.key, ca.alice.certificate};
  auto message = full_request(alice, {tagged(1, pkcs10())});
  message.signers.assign(9, message.signers.front());
  EXPECT_FALSE(ca.send(message.encode(), &ca.alice).issued());
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST_F(Stranger, CarriesThousandsOfCertificates) {
  const Credential alice{ca.alice.key, ca.alice.certificate};
  auto message = full_request(alice, {tagged(1, pkcs10())});
  message.certificates.resize(2000, message.certificates.front());
  EXPECT_FALSE(ca.send(message.encode(), &ca.alice).issued());
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST_F(Stranger, NestsAsDeepAsAMessageIsLong) {
  Bytes nested;
  for (int depth = 0; depth < 60'000; ++depth) {
    nested.push_back(0x30);
    nested.push_back(0x80);
  }
  const auto told = ca.send(nested, nullptr);
  EXPECT_EQ(told.kind, authority::ResponseKind::none);
  const auto in_a_control =
      send({tagged(1, pkcs10())}, {control(2, cmc::oid::kDataReturn, Bytes(nested))});
  EXPECT_FALSE(in_a_control.issued());
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST_F(Stranger, SendsMoreOctetsThanAMessageMayHave) {
  const auto told =
      send({tagged(1, pkcs10())},
           {control(2, cmc::oid::kDataReturn, cmc::write_octets_value(Bytes(300'000)))});
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(ca.certificates_on_record(), before);
}

}  // namespace
}  // namespace signet::test
