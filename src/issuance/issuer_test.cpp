#include "issuance/issuer.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"
#include "issuance/serial_number.h"
#include "support/approval_scene.h"
#include "support/fakes.h"
#include "support/unwrap.h"

namespace signet::issuance {
namespace {

namespace oid = pkix::oid;
using test::ApprovalScene;
using test::fault_of;
using test::unwrap;

const PreciseTime kNow{std::chrono::milliseconds{1'795'435'200'123}};

/// The authority's key, given out for an Issuer.
class SharedKey final : public crypto::PrivateKey {
 public:
  /// `shown` is what it says it is; `signer` is what signs.
  SharedKey(const crypto::PrivateKey& shown, const crypto::PrivateKey& signer)
      : shown_(shown), signer_(signer) {}
  const pkix::SubjectPublicKeyInfo& public_key_info() const override {
    return shown_.public_key_info();
  }
  crypto::KeyKind kind() const override { return shown_.kind(); }
  Result<Bytes> sign(const crypto::AlgorithmIdentifier& algorithm,
                     ByteView message) const override {
    ++signatures;
    if (fails) return Error{Fault::signing_failed, "the token is gone"};
    return signer_.sign(algorithm, message);
  }
  Result<SecretBytes> decrypt(const crypto::AlgorithmIdentifier& algorithm,
                              ByteView ciphertext) const override {
    return signer_.decrypt(algorithm, ciphertext);
  }
  Result<SecretBytes> agree(const crypto::PublicKey& peer) const override {
    return signer_.agree(peer);
  }

  mutable int signatures = 0;
  bool fails = false;

 private:
  const crypto::PrivateKey& shown_;
  const crypto::PrivateKey& signer_;
};

/// An authority, and what it approved for "CN=Bob,O=Test".
class IssuerTest : public testing::Test {
 protected:
  IssuerTest() : key(std::make_shared<SharedKey>(scene.ca.key(), scene.ca.key())) {}

  [[nodiscard]] Issuer issuer() const {
    return unwrap(Issuer::make({scene.ca.certificate()}, key));
  }
  [[nodiscard]] policy::ApprovedCertificate approved() const {
    const auto request =
        test::tagged(7, test::pkcs10({.subject = "CN=Bob,O=Test", .key = test::test_key()}));
    return unwrap(scene.approve(*test::shipped_profile("caFullCMCUserCert"), scene.agent, request));
  }

  ApprovalScene scene;
  std::shared_ptr<SharedKey> key;
  test::CountingRandom random;
};

TEST_F(IssuerTest, PreparesWhatWasApproved) {
  const auto what = approved();
  const auto prepared = unwrap(issuer().prepare(what, random, kNow));
  const auto& tbs = prepared.tbs();
  EXPECT_EQ(tbs.version, 3);
  EXPECT_EQ(tbs.issuer, scene.ca.certificate()->subject);
  EXPECT_EQ(tbs.subject, what.subject());
  EXPECT_EQ(tbs.validity, what.validity());
  EXPECT_EQ(tbs.subject_public_key_info, what.public_key_info());
  EXPECT_EQ(tbs.extensions, what.extensions());
  EXPECT_EQ(tbs.signature, what.signature_algorithm());
  EXPECT_EQ(key->signatures, 0);
}

TEST_F(IssuerTest, SignsTheOctetsThatWereLinted) {
  auto prepared = unwrap(issuer().prepare(approved(), random, kNow));
  const auto tbs_der = prepared.tbs_der();
  const auto issued = unwrap(issuer().sign(std::move(prepared)));
  const auto certificate = unwrap(pkix::read_certificate(issued.certificate().der));
  EXPECT_EQ(certificate.tbs.der, tbs_der);
  EXPECT_EQ(issued.certificate().tbs.der, tbs_der);
  EXPECT_EQ(certificate.tbs.value, issued.certificate().tbs.value);
  EXPECT_EQ(certificate.signature_value, issued.certificate().signature_value);
  EXPECT_TRUE(
      crypto::verify_certificate_signature(certificate, scene.ca.key().public_key_info()).ok());
  EXPECT_EQ(issued.request_id(), cmc::BodyPartID{7});
  EXPECT_EQ(issued.profile_id(), "caFullCMCUserCert");
}

TEST_F(IssuerTest, DrawsAnotherSerialNumberEachTime) {
  const auto one = unwrap(issuer().prepare(approved(), random, kNow));
  const auto two = unwrap(issuer().prepare(approved(), random, kNow));
  EXPECT_NE(one.tbs().serial_number, two.tbs().serial_number);
}

TEST_F(IssuerTest, RefusesASignatureByAnotherKeyThanTheCertificates) {
  const auto other = test::test_key("ec:p256", 5);
  const auto lying = std::make_shared<SharedKey>(scene.ca.key(), *other);
  const auto issuer_of_lies = unwrap(Issuer::make({scene.ca.certificate()}, lying));
  auto prepared = unwrap(issuer_of_lies.prepare(approved(), random, kNow));
  EXPECT_EQ(fault_of(issuer_of_lies.sign(std::move(prepared))), Fault::signing_failed);
}

TEST_F(IssuerTest, SaysThatTheKeyDidNotSign) {
  key->fails = true;
  auto prepared = unwrap(issuer().prepare(approved(), random, kNow));
  EXPECT_EQ(fault_of(issuer().sign(std::move(prepared))), Fault::signing_failed);
}

TEST_F(IssuerTest, PreparesNothingWithoutRandomness) {
  class NoRandom final : public RandomSource {
   public:
    Result<void> fill(std::span<std::uint8_t>) override {
      return Error{Fault::internal, "the generator failed"};
    }
  } none;
  EXPECT_EQ(fault_of(issuer().prepare(approved(), none, kNow)), Fault::internal);
}

TEST_F(IssuerTest, RecordsWhatItIssued) {
  auto prepared = unwrap(issuer().prepare(approved(), random, kNow));
  const auto issued = unwrap(issuer().sign(std::move(prepared)));
  const auto record = record_of(issued, "CN=Agent,O=Test", scene.now);
  EXPECT_EQ(record.serial_number, issued.certificate()->serial_number);
  EXPECT_EQ(record.certificate_der, issued.certificate().der);
  EXPECT_EQ(record.subject_der, test::name("CN=Bob,O=Test").der());
  EXPECT_EQ(record.key_hash, crypto::sha256(test::test_key()->public_key_info().der));
  EXPECT_EQ(record.not_after, scene.now + std::chrono::days{180});
  EXPECT_EQ(record.status, store::CertificateStatus::valid);
  EXPECT_EQ(record.profile_id, "caFullCMCUserCert");
  EXPECT_EQ(record.requester, "CN=Agent,O=Test");
  EXPECT_EQ(record.issued_at, scene.now);
}

TEST_F(IssuerTest, IsMadeOnlyOfAKeyThatIsTheCertificates) {
  EXPECT_EQ(fault_of(Issuer::make({scene.ca.certificate()}, test::test_key("ec:p256", 5))),
            Fault::bad_configuration);
  EXPECT_EQ(fault_of(Issuer::make({}, key)), Fault::bad_configuration);
  EXPECT_EQ(fault_of(Issuer::make({scene.ca.certificate()}, nullptr)), Fault::bad_configuration);
}

TEST_F(IssuerTest, IsMadeOnlyOfACertificateThatMaySignCertificates) {
  EXPECT_EQ(fault_of(Issuer::make({scene.alice.certificate}, scene.alice.key)),
            Fault::bad_configuration);
  const auto with = [&](const pkix::Extension& changed) {
    auto tbs = scene.ca.certificate().tbs.value;
    for (auto& extension : tbs.extensions) {
      if (extension.extn_id == changed.extn_id) extension = changed;
    }
    return Issuer::make({test::sign_certificate(std::move(tbs), scene.ca.key())}, key);
  };
  const auto usage = [](pkix::KeyUsageBit bit) {
    return pkix::Extension{oid::kKeyUsage, true,
                           pkix::write_key_usage({static_cast<std::uint16_t>(bit)})};
  };
  const auto constraints = [](bool ca) {
    return pkix::Extension{oid::kBasicConstraints, true,
                           pkix::write_basic_constraints({.ca = ca, .path_len_constraint = {}})};
  };
  EXPECT_TRUE(with(constraints(true)).ok());
  EXPECT_EQ(fault_of(with(constraints(false))), Fault::bad_configuration);
  EXPECT_TRUE(with(usage(pkix::KeyUsageBit::keyCertSign)).ok());
  EXPECT_EQ(fault_of(with(usage(pkix::KeyUsageBit::cRLSign))), Fault::bad_configuration);
}

TEST_F(IssuerTest, DemandsAChainInOrder) {
  const test::TestCa stranger{"CN=Stranger"};
  EXPECT_TRUE(Issuer::make({scene.ca.certificate(), scene.ca.certificate()}, key).ok());
  EXPECT_EQ(fault_of(Issuer::make({scene.ca.certificate(), stranger.certificate()}, key)),
            Fault::bad_configuration);
}

/// Fills with one octet, again and again.
class SameOctet final : public RandomSource {
 public:
  explicit SameOctet(std::uint8_t octet) : octet_(octet) {}
  Result<void> fill(std::span<std::uint8_t> octets) override {
    for (auto& octet : octets) octet = octet_;
    return {};
  }

 private:
  std::uint8_t octet_;
};

PreciseTime at(std::int64_t milliseconds) {
  return PreciseTime{std::chrono::milliseconds{milliseconds}};
}

TEST(DrawSerialNumber, BeginsWithTheTimeAndEndsWithTenRandomOctets) {
  test::CountingRandom counting;  // 00 01 02 …
  EXPECT_EQ(to_hex(unwrap(draw_serial_number(counting, at(0x1234'5678'9ABC))).octets),
            "123456789abc00010203040506070809");
  EXPECT_EQ(to_hex(unwrap(draw_serial_number(counting, at(0x1234'5678'9ABC))).octets),
            "123456789abc0a0b0c0d0e0f10111213");
}

TEST(DrawSerialNumber, IsPositiveWithSixteenOctetsAtMost) {
  SameOctet ones{0xFF};
  const auto last = unwrap(draw_serial_number(ones, at(0x7FFF'FFFF'FFFF)));
  EXPECT_FALSE(last.is_negative());
  EXPECT_EQ(to_hex(last.octets), "7f" + std::string(30, 'f'));
  EXPECT_EQ(fault_of(draw_serial_number(ones, at(0x8000'0000'0000))), Fault::internal);
}

TEST(DrawSerialNumber, IsTheShortestInteger) {
  SameOctet zeros{0};
  EXPECT_EQ(to_hex(unwrap(draw_serial_number(zeros, at(1))).octets), "01" + std::string(20, '0'));
}

TEST(DrawSerialNumber, IsNeverZeroOrNegative) {
  SameOctet zeros{0};
  EXPECT_EQ(fault_of(draw_serial_number(zeros, at(0))), Fault::internal);
  EXPECT_EQ(fault_of(draw_serial_number(zeros, at(-1))), Fault::internal);
}

TEST(DrawSerialNumber, OfALaterMillisecondIsGreaterWhateverIsRandomInIt) {
  SameOctet ones{0xFF};
  SameOctet zeros{0};
  EXPECT_LT(unwrap(draw_serial_number(ones, at(1'795'435'200'000))).octets,
            unwrap(draw_serial_number(zeros, at(1'795'435'200'001))).octets);
}

}  // namespace
}  // namespace signet::issuance
