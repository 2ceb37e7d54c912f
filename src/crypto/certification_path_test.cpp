#include "crypto/certification_path.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "crypto/public_key.h"
#include "support/crypto_vectors.h"
#include "support/test_ca.h"

namespace signet::crypto {
namespace {

using std::chrono::sys_days;
using std::chrono::year;
using test::certificate_vector;

constexpr Time date(int y, unsigned m, unsigned d) {
  return sys_days{year{y} / std::chrono::month{m} / std::chrono::day{d}};
}

/// All certificates of the vectors are valid then.
constexpr Time kNow = date(2028, 6, 1);

CertificationPathValidator trusting(const std::string& anchor) {
  return test::unwrap(CertificationPathValidator::make({certificate_vector(anchor)}));
}

std::vector<pkix::Certificate> certificates(const std::vector<std::string>& names) {
  std::vector<pkix::Certificate> read;
  for (const auto& name : names) read.push_back(certificate_vector(name));
  return read;
}

Result<std::vector<pkix::Certificate>> path_to_root(const std::string& leaf,
                                                    const std::vector<std::string>& hints = {},
                                                    Time at = kNow,
                                                    PathPurpose purpose = PathPurpose::any) {
  return trusting("root").validate(certificate_vector(leaf), certificates(hints), at, purpose);
}

void expect_untrusted(const Result<std::vector<pkix::Certificate>>& path, const std::string& word) {
  ASSERT_FALSE(path.ok());
  EXPECT_EQ(path.error().fault, Fault::untrusted_signer);
  EXPECT_NE(path.error().detail.find(word), std::string::npos) << path.error().detail;
}

TEST(CertificationPath, IsGivenFromEndEntityToAnchor) {
  EXPECT_EQ(test::unwrap(path_to_root("leaf", {"intermediate"})),
            certificates({"leaf", "intermediate", "root"}));
  EXPECT_EQ(test::unwrap(path_to_root("leaf-of-root")), certificates({"leaf-of-root", "root"}));
  EXPECT_EQ(test::unwrap(path_to_root("root")), certificates({"root"}));
}

TEST(CertificationPath, IsFoundAmongHintsThatDoNotBelong) {
  EXPECT_TRUE(path_to_root("leaf", {"impostor", "leaf-of-root", "intermediate", "root"}).ok());
}

TEST(CertificationPath, IsRefusedWithoutTheIntermediate) {
  expect_untrusted(path_to_root("leaf"), "unable to get local issuer certificate");
}

TEST(CertificationPath, IsRefusedWithoutAnAnchor) {
  const auto validator = test::unwrap(CertificationPathValidator::make({}));
  expect_untrusted(
      validator.validate(certificate_vector("leaf"), certificates({"intermediate", "root"}), kNow),
      "unable to get local issuer certificate");
}

TEST(CertificationPath, TrustsNoSelfSignedHint) {
  expect_untrusted(path_to_root("leaf-of-impostor", {"impostor"}), "");
  expect_untrusted(path_to_root("impostor"), "self-signed certificate");
}

TEST(CertificationPath, IsRefusedForACertificateOfAnImpostorOfTheSameName) {
  expect_untrusted(path_to_root("leaf-of-impostor"), "");
}

TEST(CertificationPath, IsRefusedOutsideTheValidityOfTheLeaf) {
  expect_untrusted(path_to_root("leaf", {"intermediate"}, date(2026, 12, 31)), "not yet valid");
  expect_untrusted(path_to_root("leaf", {"intermediate"}, date(2031, 1, 1)), "expired");
}

TEST(CertificationPath, HoldsToTheLastSecondOfTheLeaf) {
  const auto first = date(2027, 1, 1);
  const auto last = date(2031, 1, 1) - std::chrono::seconds{1};
  EXPECT_TRUE(path_to_root("leaf", {"intermediate"}, first).ok());
  EXPECT_TRUE(path_to_root("leaf", {"intermediate"}, last).ok());
  expect_untrusted(path_to_root("leaf", {"intermediate"}, first - std::chrono::seconds{1}),
                   "not yet valid");
}

TEST(CertificationPath, IsRefusedOutsideTheValidityOfTheIntermediate) {
  EXPECT_TRUE(path_to_root("leaf-outlives-intermediate", {"intermediate"}, date(2040, 1, 1)).ok());
  const auto path = path_to_root("leaf-outlives-intermediate", {"intermediate"}, date(2041, 1, 1));
  expect_untrusted(path, "certificate has expired");
  EXPECT_NE(path.error().detail.find(
                "certificate of \"CN=Intermediate,O=Example\", valid from 2026-01-01T00:00:00Z to "
                "2040-12-31T23:59:59Z"),
            std::string::npos)
      << path.error().detail;
}

TEST(CertificationPath, IsRefusedOutsideTheValidityOfTheAnchor) {
  expect_untrusted(path_to_root("leaf-of-root", {}, date(2025, 12, 31)), "not yet valid");
}

TEST(CertificationPath, IsRefusedWithAChangedSignature) {
  auto leaf = certificate_vector("leaf-of-root");
  leaf.der.back() ^= 0x01;
  expect_untrusted(trusting("root").validate(leaf, {}, kNow), "signature failure");
}

TEST(CertificationPath, IsRefusedUnderACertificateThatIsNoAuthority) {
  expect_untrusted(path_to_root("leaf-under-leaf", {"leaf-of-root"}), "invalid CA certificate");
}

TEST(CertificationPath, IsRefusedUnderAnAuthorityWithoutBasicConstraints) {
  expect_untrusted(
      path_to_root("leaf-of-no-constraints", {"intermediate-without-basic-constraints"}), "");
}

TEST(CertificationPath, IsRefusedUnderAnAuthorityThatMayNotSignCertificates) {
  expect_untrusted(path_to_root("leaf-of-no-key-cert-sign", {"intermediate-without-key-cert-sign"}),
                   "");
}

TEST(CertificationPath, IsRefusedBeyondThePathLength) {
  expect_untrusted(path_to_root("leaf-beyond-path-length",
                                {"intermediate-below-path-length-0", "intermediate-path-length-0"}),
                   "path length");
}

TEST(CertificationPath, HasEightAuthoritiesBelowTheAnchorAtMost) {
  std::vector<test::TestCa> authorities;
  for (int i = 0; i < 10; ++i) {
    authorities.emplace_back("CN=Authority " + std::to_string(i), test::test_key("ec:p256", i));
  }
  const auto validator =
      test::unwrap(CertificationPathValidator::make({authorities[0].certificate()}));
  const auto length_below = [&](std::size_t below) {
    std::vector<pkix::Certificate> hints;
    for (std::size_t i = 1; i <= below; ++i) {
      hints.push_back(authorities[i - 1].vouch_for(authorities[i]));
    }
    return validator.validate(authorities[below].issue().certificate, hints, test::kTestTime);
  };
  EXPECT_EQ(test::unwrap(length_below(8)).size(), 10U);
  expect_untrusted(length_below(9), "");
}

TEST(CertificationPath, IsRefusedUnderAnAnchorWithoutBasicConstraints) {
  test::TestCa root;
  const auto path_from = [&](const pkix::Certificate& anchor) {
    const auto validator = test::unwrap(CertificationPathValidator::make({anchor}));
    return validator.validate(root.issue().certificate, {}, test::kTestTime);
  };
  EXPECT_TRUE(path_from(root.certificate()).ok());
  auto tbs = root.certificate().tbs.value;
  std::erase_if(tbs.extensions,
                [](const auto& each) { return each.extn_id == pkix::oid::kBasicConstraints; });
  expect_untrusted(path_from(test::sign_certificate(std::move(tbs), root.key())),
                   "invalid CA certificate");
}

TEST(CertificationPath, IsRefusedOutsideTheNameConstraints) {
  EXPECT_TRUE(path_to_root("leaf-inside-name-constraints", {"intermediate-for-example-org"}).ok());
  expect_untrusted(path_to_root("leaf-outside-name-constraints", {"intermediate-for-example-org"}),
                   "permitted subtree violation");
}

TEST(CertificationPath, IsRefusedWithAnUnknownCriticalExtension) {
  expect_untrusted(path_to_root("leaf-with-unknown-critical-extension"),
                   "unhandled critical extension");
}

TEST(CertificationPath, IsRefusedWithSha1) {
  expect_untrusted(path_to_root("leaf-signed-with-sha1"), "");
}

TEST(CertificationPath, IsRefusedWithAWeakKey) {
  expect_untrusted(path_to_root("leaf-with-rsa-1024"), "key too weak");
}

TEST(CertificationPath, IsRefusedWithAKeyThatWeDoNotOffer) {
  expect_untrusted(path_to_root("leaf-with-secp256k1"), "1.3.132.0.10");
}

TEST(CertificationPath, IsRefusedUnderAnAuthorityWithAKeyThatWeDoNotOffer) {
  expect_untrusted(trusting("root-above-secp256k1")
                       .validate(certificate_vector("leaf-of-secp256k1"),
                                 certificates({"intermediate-with-secp256k1"}), kNow),
                   "1.3.132.0.10");
}

TEST(CertificationPath, LooksAtThePurpose) {
  EXPECT_TRUE(path_to_root("leaf-for-servers", {}, kNow, PathPurpose::any).ok());
  EXPECT_TRUE(path_to_root("leaf-for-servers", {}, kNow, PathPurpose::tls_server).ok());
  expect_untrusted(path_to_root("leaf-for-servers", {}, kNow, PathPurpose::tls_client), "purpose");
  EXPECT_TRUE(path_to_root("leaf", {"intermediate"}, kNow, PathPurpose::tls_client).ok());
}

TEST(CertificationPath, TakesARootAsOpensslReqMakesIt) {
  const auto path = trusting("root-without-key-usage")
                        .validate(certificate_vector("leaf-of-home-made"), {}, kNow);
  EXPECT_TRUE(path.ok()) << path.error().detail;
}

TEST(CertificationPath, TakesALeafWithoutKeyIdentifiers) {
  const auto path = path_to_root("leaf-without-key-identifiers");
  EXPECT_TRUE(path.ok()) << path.error().detail;
}

TEST(CertificationPath, PassesOverHintsThatCannotBeRead) {
  auto broken = certificate_vector("impostor");
  broken.der.resize(broken.der.size() - 1);
  EXPECT_TRUE(trusting("root").validate(certificate_vector("leaf-of-root"), {broken}, kNow).ok());
}

TEST(CertificationPath, RefusesAnAnchorThatCannotBeRead) {
  auto broken = certificate_vector("root");
  broken.der.resize(broken.der.size() - 1);
  const auto made = CertificationPathValidator::make({broken});
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::malformed);
}

TEST(CertificationPath, RefusesAnEndEntityThatCannotBeRead) {
  auto broken = certificate_vector("leaf-of-root");
  broken.der.resize(broken.der.size() - 1);
  expect_untrusted(trusting("root").validate(broken, {}, kNow), "cannot read");
}

TEST(CheckNamesHost, FindsNamesAndAddressesAmongTheAlternativeNamesAlone) {
  test::TestCa ca;
  const auto server =
      ca.issue({.subject = "CN=common.test",
                .alternative_names = {pkix::DnsName{"host.test"}, pkix::DnsName{"*.wild.test"},
                                      pkix::IpAddress{{192, 0, 2, 1}}}});
  const auto fault_for = [&](const std::string& host) {
    const auto checked = check_names_host(server.certificate, host);
    return checked.ok() ? Fault::internal : checked.error().fault;
  };
  for (const auto* host : {"host.test", "HOST.test", "one.wild.test", "192.0.2.1"}) {
    EXPECT_TRUE(check_names_host(server.certificate, host).ok()) << host;
  }
  for (const auto* host : {"common.test", "other.test", "sub.host.test", "a.b.wild.test",
                           "192.0.2.2", "2001:db8::1", ""}) {
    EXPECT_EQ(fault_for(host), Fault::tls_mismatch) << host;
  }
  const auto nameless = ca.issue({.subject = "CN=common.test"});
  EXPECT_FALSE(check_names_host(nameless.certificate, "common.test").ok());
}

TEST(VerifyCertificateSignature, TellsTheIssuersKeyFromAnother) {
  const auto leaf = certificate_vector("leaf");
  const auto issuer = certificate_vector("intermediate");
  EXPECT_TRUE(verify_certificate_signature(leaf, issuer->subject_public_key_info).ok());
  const auto wrong =
      verify_certificate_signature(leaf, certificate_vector("root")->subject_public_key_info);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().fault, Fault::bad_signature);
}

TEST(VerifyCertificateSignature, RefusesUnusedBits) {
  auto leaf = certificate_vector("leaf");
  leaf.signature_value.unused_bits = 1;
  const auto verified = verify_certificate_signature(
      leaf, certificate_vector("intermediate")->subject_public_key_info);
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().fault, Fault::bad_signature);
}

}  // namespace
}  // namespace signet::crypto
