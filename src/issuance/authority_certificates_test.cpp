#include "issuance/authority_certificates.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/encoding.h"
#include "codec/pkix/certification_request.h"
#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"
#include "support/fakes.h"
#include "support/policy_scene.h"
#include "support/unwrap.h"

namespace signet::issuance {
namespace {

namespace oid = pkix::oid;
using std::chrono::days;
using test::fault_of;
using test::kTestTime;
using test::name;
using test::unwrap;

pkix::Certificate root_with(const crypto::PrivateKey& key) {
  test::CountingRandom random;
  return unwrap(
      make_root({.subject = name("CN=Root,O=Test"), .key = key, .now = kTestTime}, random));
}

Result<pkix::Certificate> tls_server(const std::vector<std::string>& dns_names,
                                     const std::vector<std::string>& addresses,
                                     const std::string& key_kind = "ec:p256") {
  const auto key = test::test_key("ec:p256");
  test::CountingRandom random;
  return make_service_certificate({.kind = ServiceKind::tls_server,
                                   .subject = name("CN=host.example"),
                                   .key = test::test_key(key_kind, 1)->public_key_info(),
                                   .dns_names = dns_names,
                                   .ip_addresses = addresses,
                                   .now = kTestTime},
                                  {root_with(*key)}, *key, random);
}

TEST(MakeRoot, MakesASelfSignedAuthorityOfTwentyYears) {
  const auto key = test::test_key("ec:p256");
  const auto root = root_with(*key);
  EXPECT_EQ(root->subject, root->issuer);
  EXPECT_EQ(root->validity, (pkix::Validity{kTestTime, kTestTime + days{7305}}));
  EXPECT_TRUE(crypto::verify_certificate_signature(root, key->public_key_info()).ok());
  const auto* constraints = pkix::find_extension(root->extensions, oid::kBasicConstraints);
  ASSERT_NE(constraints, nullptr);
  EXPECT_TRUE(constraints->critical);
  EXPECT_TRUE(unwrap(pkix::read_basic_constraints(constraints->extn_value)).ca);
  EXPECT_EQ(root.subject_key_identifier(), crypto::key_identifier(key->public_key_info()));
}

TEST(MakeRoot, CanBeMadeOfEveryKindOfSigningKey) {
  for (const auto* kind : {"rsa:2048", "ec:p256", "ec:p384", "ec:p521", "ed25519", "ed448"}) {
    const auto key = test::test_key(kind);
    const auto root = root_with(*key);
    EXPECT_TRUE(crypto::verify_certificate_signature(root, key->public_key_info()).ok()) << kind;
  }
}

TEST(MakeServiceCertificate, NamesTheServerAndItsAddresses) {
  const auto certificate =
      unwrap(tls_server({"host.example", "other.example"}, {"192.0.2.1", "::1"}));
  const auto* extension = pkix::find_extension(certificate->extensions, oid::kSubjectAltName);
  ASSERT_NE(extension, nullptr);
  const auto names = unwrap(pkix::read_alternative_name(extension->extn_value));
  ASSERT_EQ(names.size(), 4U);
  EXPECT_EQ(names[0], pkix::GeneralName{pkix::DnsName{"host.example"}});
  EXPECT_EQ(names[2], (pkix::GeneralName{pkix::IpAddress{{192, 0, 2, 1}}}));
  EXPECT_TRUE(certificate.has_extended_key_usage(oid::kServerAuth));
}

TEST(MakeServiceCertificate, GivesKeyEnciphermentToRsaKeysOnly) {
  const auto usage_of = [](const pkix::Certificate& certificate) {
    return unwrap(pkix::read_key_usage(
        pkix::find_extension(certificate->extensions, oid::kKeyUsage)->extn_value));
  };
  EXPECT_TRUE(usage_of(unwrap(tls_server({"host.example"}, {}, "rsa:2048")))
                  .has(pkix::KeyUsageBit::keyEncipherment));
  EXPECT_FALSE(
      usage_of(unwrap(tls_server({"host.example"}, {}))).has(pkix::KeyUsageBit::keyEncipherment));
}

TEST(MakeServiceCertificate, RefusesWhatIsNoNameOrAddress) {
  EXPECT_EQ(fault_of(tls_server({"host a.example"}, {})), Fault::malformed);
  EXPECT_EQ(fault_of(tls_server({"host.example"}, {"192.0.2.256"})), Fault::malformed);
  EXPECT_EQ(fault_of(tls_server({"host.example"}, {"host.example"})), Fault::malformed);
}

TEST(MakeServiceCertificate, MakesAnOcspResponderByTheAlgorithmAskedFor) {
  const auto key = test::test_key("rsa:2048");
  test::CountingRandom random;
  const auto responder = unwrap(make_service_certificate(
      {.kind = ServiceKind::ocsp_responder,
       .subject = name("CN=Responder,O=Test"),
       .key = test::test_key("ec:p256", 1)->public_key_info(),
       .now = kTestTime,
       .signature_algorithm = unwrap(crypto::signature_algorithm_by_name("SHA512withRSA"))},
      {root_with(*key)}, *key, random));
  EXPECT_TRUE(responder.has_extended_key_usage(oid::kOcspSigning));
  EXPECT_NE(pkix::find_extension(responder->extensions, oid::kOcspNoCheck), nullptr);
  EXPECT_EQ(responder->signature.algorithm, oid::kSha512WithRsa);
}

TEST(MakeServiceCertificate, MakesAnAgentWhoMaySpeakForOthers) {
  /* matrix: E158 */
  const auto key = test::test_key("ec:p256");
  test::CountingRandom random;
  const auto agent =
      unwrap(make_service_certificate({.kind = ServiceKind::agent,
                                       .subject = name("CN=Agent,O=Test"),
                                       .key = test::test_key("ec:p256", 1)->public_key_info(),
                                       .now = kTestTime},
                                      {root_with(*key)}, *key, random));
  EXPECT_TRUE(agent.has_extended_key_usage(oid::kCmcRA));
  EXPECT_TRUE(agent.has_extended_key_usage(oid::kClientAuth));
}

TEST(MakeServiceCertificate, IsCutToTheAuthoritysValidity) {
  const auto key = test::test_key("ec:p256");
  test::CountingRandom random;
  const auto root = unwrap(make_root(
      {.subject = name("CN=Root"), .key = *key, .validity = days{10}, .now = kTestTime}, random));
  const auto agent = unwrap(make_service_certificate({.kind = ServiceKind::agent,
                                                      .subject = name("CN=Agent"),
                                                      .key = key->public_key_info(),
                                                      .now = kTestTime},
                                                     {root}, *key, random));
  EXPECT_EQ(agent->validity.not_after, root->validity.not_after);
}

TEST(MakeSubordinateRequest, AsksForAnAuthorityAndProvesItsKey) {
  const auto key = test::test_key("ec:p384");
  const auto der = unwrap(make_subordinate_request(name("CN=Sub,O=Test"), *key));
  const auto request = unwrap(pkix::read_certification_request(der));
  EXPECT_EQ(to_text(request.info.value.subject), "CN=Sub,O=Test");
  const auto extensions = unwrap(pkix::requested_extensions(request.info.value));
  const auto* constraints = pkix::find_extension(extensions, oid::kBasicConstraints);
  ASSERT_NE(constraints, nullptr);
  EXPECT_TRUE(unwrap(pkix::read_basic_constraints(constraints->extn_value)).ca);
  const auto public_key = unwrap(crypto::PublicKey::from(key->public_key_info()));
  EXPECT_TRUE(
      public_key.verify(request.signature_algorithm, request.info.der, request.signature.octets)
          .ok());
}

/// A folder of its own for one test, with PEM files in it.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "signet-XXXXXX").string();
    CHECK(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& file, const pkix::Certificate& certificate) {
    const auto path = (path_ / file).string();
    std::ofstream{path} << to_pem("CERTIFICATE", certificate.der);
    return path;
  }

 private:
  std::filesystem::path path_;
};

TEST(AuthorityCertificates, PassOpensslsStrictVerification) {
  Folder folder;
  for (const auto* kind : {"ec:p256", "rsa:2048"}) {
    const auto key = test::test_key(kind);
    test::CountingRandom random;
    const auto root = root_with(*key);
    const auto service = [&](ServiceKind service_kind) {
      return unwrap(make_service_certificate({.kind = service_kind,
                                              .subject = name("CN=Service,O=Test"),
                                              .key = test::test_key(kind, 1)->public_key_info(),
                                              .dns_names = {"host.example"},
                                              .now = kTestTime},
                                             {root}, *key, random));
    };
    const auto root_file = folder.write("root.pem", root);
    const auto server_file = folder.write("server.pem", service(ServiceKind::tls_server));
    const auto agent_file = folder.write("agent.pem", service(ServiceKind::agent));
    const auto passes = [&](const std::string& what) {
      const auto command = "openssl verify -x509_strict -attime " +
                           std::to_string(kTestTime.time_since_epoch().count() + 1) + " -CAfile " +
                           root_file + " " + what + " >/dev/null 2>&1";
      return std::system(command.c_str()) == 0;
    };
    EXPECT_TRUE(passes("-purpose sslserver " + server_file)) << kind;
    EXPECT_TRUE(passes("-purpose sslclient " + agent_file)) << kind;
    EXPECT_TRUE(passes(root_file)) << kind;
    EXPECT_FALSE(passes("-purpose sslserver " + agent_file)) << kind;
  }
}

/* matrix: E157 */
TEST(MakeServiceCertificate, GivesTheSignerOfResponsesTheNameOfTheAuthorityAndCmcCA) {
  const auto key = test::test_key("ec:p256");
  const auto root = root_with(*key);
  const auto signer_key = test::test_key("ec:p256", 1);
  test::CountingRandom random;
  const auto signer = unwrap(make_service_certificate({.kind = ServiceKind::cmc_signer,
                                                       .subject = root->subject,
                                                       .key = signer_key->public_key_info(),
                                                       .now = kTestTime},
                                                      {root}, *key, random));
  EXPECT_EQ(signer->subject, root->subject);
  EXPECT_TRUE(signer.has_extended_key_usage(oid::kCmcCA));
  EXPECT_FALSE(signer.has_extended_key_usage(oid::kCmcRA));
  EXPECT_EQ(pkix::find_extension(signer->extensions, oid::kBasicConstraints), nullptr);
  const auto validator = unwrap(crypto::CertificationPathValidator::make({root}));
  EXPECT_TRUE(validator.validate(signer, {}, kTestTime + days{1}).ok());
}

}  // namespace
}  // namespace signet::issuance
