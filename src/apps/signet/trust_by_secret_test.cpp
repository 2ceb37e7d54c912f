// `signet enroll --trust-by-secret`, with a whole authority at the other end, and others between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "issuance/authority_certificates.h"
#include "support/commands_scene.h"
#include "support/test_ca.h"

namespace signet::tool {
namespace {

using issuance::ServiceKind;
using test::unwrap;
using ::testing::HasSubstr;

constexpr const char* kBobsSecret = "k7f2-m3qd-9xv1-tz8w-c4hn-p6rj-b0gs";

/// Bob has a secret, and nothing that says whom to trust.
class TrustBySecret : public Commands {
 protected:
  explicit TrustBySecret(test::TestAuthority::Choices choices = {}) : Commands(std::move(choices)) {
    know(authority);
    write("secret", std::string(kBobsSecret) + "\n");
    tls_certificates = {tls_certificate(authority)};
    surroundings.post = [this](const http::TransportSettings& settings, const std::string&,
                               const std::string&, ByteView body) -> Result<http::Reply> {
      ++posts;
      last_settings_any_server = settings.any_server;
      authority::Inquiry inquiry;
      inquiry.octets = to_bytes(body);
      http::Reply reply{200, "application/pkcs7-mime", authority.deliver_octets(inquiry).octets};
      if (settings.any_server) reply.server_certificates = tls_certificates;
      if (change) change(reply.body);
      return reply;
    };
  }
  static void know(test::TestAuthority& somebody) {
    somebody.secrets->entries["bob"] = {
        .secret = kBobsSecret, .subject = "CN=Bob,O=Test", .uses_allowed = 0};
  }
  /// What a TLS server shows.
  static std::string tls_certificate(test::TestAuthority& of, const std::string& host = "ca.test",
                                     ServiceKind kind = ServiceKind::tls_server) {
    const auto key = test::test_key("ec:p256", 3);
    const auto made = unwrap(
        issuance::make_service_certificate({.kind = kind,
                                            .subject = unwrap(pkix::name_from_text("CN=server")),
                                            .key = key->public_key_info(),
                                            .dns_names = {host},
                                            .now = of.clock.now()},
                                           {of.certificate()}, of.key(), crypto::system_random()));
    return to_pem("CERTIFICATE", made.der);
  }
  int enroll_bob(const std::string& output, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{
        "enroll",  "--url",    "https://ca.test:8443", "--identity",       "bob", "--secret-file",
        "@secret", "--output", "@" + output,           "--trust-by-secret"};
    words.insert(words.end(), more.begin(), more.end());
    return signet(words);
  }
  void expect_refused(const std::string& output, const std::string& why) {
    EXPECT_EQ(enroll_bob(output), 1);
    EXPECT_THAT(err.str(), HasSubstr(why));
    EXPECT_FALSE(exists(output + "/ca.pem"));
    EXPECT_FALSE(exists(output + "/certificate.pem"));
  }

  std::vector<std::string> tls_certificates;
  std::function<void(Bytes&)> change;
  int posts = 0;
  bool last_settings_any_server = false;
};

TEST_F(TrustBySecret, LearnsTheRootAndTakesTheCertificate) {
  ASSERT_EQ(enroll_bob("bob"), 0) << err.str();
  EXPECT_TRUE(last_settings_any_server);
  EXPECT_THAT(err.str(), HasSubstr("Trusted by the secret"));
  EXPECT_EQ(certificate("bob/ca.pem"), authority.certificate());
  EXPECT_EQ(pkix::to_text(certificate("bob/certificate.pem")->subject), "CN=Bob,O=Test");
  EXPECT_TRUE(exists("bob/ca.pem.anchors.json"));
  ASSERT_EQ(signet({"read", "--in", "@bob/response.crp", "--exchange", "@bob/exchange.json", "--ca",
                    "@bob/ca.pem", "--identity", "bob", "--secret-file", "@secret",
                    "--out-certificate", "@again.pem"}),
            0)
      << err.str();
}

TEST_F(TrustBySecret, GoesWithAnAuthenticatedDataAndWithCrmfToo) {
  EXPECT_EQ(enroll_bob("one", {"--authenticated-data"}), 0) << err.str();
  EXPECT_EQ(enroll_bob("two", {"--form", "crmf"}), 0) << err.str();
}

// ------------------------------------------------------------------------- who stands between

TEST_F(TrustBySecret, AServerOfAnotherAuthorityIsFoundOut) {
  test::TestAuthority other;
  tls_certificates = {tls_certificate(other)};
  expect_refused("bob", "is not the one whose authority knows the secret");
  EXPECT_TRUE(exists("bob/key.pem"));
  EXPECT_TRUE(exists("bob/response.crp"));
}

TEST_F(TrustBySecret, AServerForAnotherHostIsFoundOut) {
  tls_certificates = {tls_certificate(authority, "other.test")};
  expect_refused("bob", "is not for ca.test");
}

TEST_F(TrustBySecret, WhoIsNoTlsServerIsFoundOut) {
  tls_certificates = {to_pem("CERTIFICATE", authority.alice.certificate.der)};
  expect_refused("alice", "is not the one");
  tls_certificates = {};
  expect_refused("nobody", "showed no TLS certificate");
}

TEST_F(TrustBySecret, WhatCannotBeReadIsNoServersCertificate) {
  const auto good = tls_certificate(authority);
  const auto unreadable = to_pem("CERTIFICATE", Bytes{0x30, 0x00});
  tls_certificates = {unreadable, good};
  expect_refused("first", "showed no TLS certificate");
  EXPECT_TRUE(exists("first/response.crp"));
  tls_certificates = {good, unreadable};
  EXPECT_EQ(enroll_bob("second"), 0) << err.str();
}

TEST_F(TrustBySecret, WhoDoesNotKnowTheSecretIsNotBelieved) {
  authority.secrets->entries["bob"].secret = "another secret of his";
  expect_refused("bob", "nobody vouches for that: failed, badIdentity");
}

TEST_F(TrustBySecret, AnAnswerThatWasAlteredIsNotTaken) {
  change = [](Bytes& octets) { octets.back() ^= 1; };  // the signature around it
  expect_refused("bob", "Nothing is trusted");
}

TEST_F(TrustBySecret, AnAnswerToAnEarlierMessageIsNotTaken) {
  Bytes earlier;
  change = [&](Bytes& octets) { earlier = octets; };
  ASSERT_EQ(enroll_bob("first"), 0) << err.str();
  change = [&](Bytes& octets) { octets = earlier; };
  expect_refused("second", "it was made for another message");
}

TEST_F(TrustBySecret, WhoSpeaksTlsThereMayBeKnownOtherwise) {
  tls_certificates = {};
  ASSERT_EQ(enroll_bob("bob", {"--tls-ca", "@ca.pem"}), 0) << err.str();
  EXPECT_FALSE(last_settings_any_server);
}

TEST_F(TrustBySecret, OverTcpThereIsNoTlsServerToLookAt) {
  surroundings.exchange_over_tcp = [this](const tcp::Address&, ByteView message,
                                          const tcp::ClientSettings&) -> Result<Bytes> {
    authority::Inquiry inquiry;
    inquiry.octets = to_bytes(message);
    return authority.deliver_octets(inquiry).octets;
  };
  EXPECT_EQ(signet({"enroll", "--url", "tcp://ca.test", "--trust-by-secret", "--identity", "bob",
                    "--secret-file", "@secret", "--output", "@bob"}),
            0)
      << err.str();
  EXPECT_EQ(certificate("bob/ca.pem"), authority.certificate());
}

// ------------------------------------------------------------------------- before anything is sent

TEST_F(TrustBySecret, AWeakSecretIsNotShownToAnybody) {
  write("secret", "short\n");
  expect_refused("bob", "fewer than 16 characters");
  EXPECT_THAT(err.str(), HasSubstr("could find a secret that somebody thought of by trying"));
  write("secret", "trustno1-iloveyou-sunshine\n");
  expect_refused("bob", "none that `signet secret create` drew");
  EXPECT_FALSE(exists("bob/key.pem"));
  EXPECT_EQ(posts, 0);
}

TEST_F(TrustBySecret, WhatWasLearnedIsNotLearnedAgain) {
  ASSERT_EQ(enroll_bob("bob"), 0) << err.str();
  EXPECT_EQ(enroll_bob("bob"), 1);
  EXPECT_THAT(err.str(), HasSubstr("give their file as --ca"));
  EXPECT_EQ(posts, 1);
}

TEST_F(TrustBySecret, WhatIsRememberedOfRootsIsNotLeftForALaterEnd) {
  std::filesystem::create_directory(folder / "bob");
  write("bob/ca.pem.anchors.json", "{}");
  expect_refused("bob", "bob/ca.pem.anchors.json is there");
  EXPECT_FALSE(exists("bob/key.pem"));
  EXPECT_EQ(posts, 0) << "the secret would be used up";
}

TEST_F(TrustBySecret, ANameAndPasswordAreNotShownToAnybody) {
  const auto enroll_at = [&](std::vector<std::string> more) {
    more.insert(more.begin(),
                {"enroll", "--url", "https://bob:word@ca.test:8443", "--identity", "bob",
                 "--secret-file", "@secret", "--output", "@bob", "--trust-by-secret"});
    return signet(more);
  };
  EXPECT_EQ(enroll_at({}), 2);
  EXPECT_THAT(err.str(), HasSubstr("shown to whoever listens"));
  EXPECT_EQ(posts, 0);
  EXPECT_EQ(enroll_at({"--tls-ca", "@ca.pem"}), 0) << err.str();
  EXPECT_EQ(enroll_bob("two", {"--path", "/cmc@here"}), 0) << err.str();
}

TEST_F(TrustBySecret, SaysWhomToTrustInOneWay) {
  const std::vector<std::string> words{"enroll", "--url", "https://ca.test:8443"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return signet(more);
  };
  EXPECT_EQ(with({"--identity", "bob", "--secret-file", "@secret", "--output", "@bob"}), 2);
  EXPECT_THAT(err.str(), HasSubstr("--trust-by-secret"));
  EXPECT_EQ(enroll_bob("bob", {"--ca", "@ca.pem"}), 2);
  EXPECT_EQ(with({"--trust-by-secret", "--output", "@bob"}), 2);
  EXPECT_EQ(with({"--trust-by-secret", "--identity", "bob", "--out-key", "@k", "--out-certificate",
                  "@c"}),
            2);
  EXPECT_EQ(posts, 0);
}

class EncryptionBySecret : public TrustBySecret {
 protected:
  static test::TestAuthority::Choices choices() {
    test::TestAuthority::Choices made;
    made.settings.secret_profile = "caFullCMCSharedTokenEncryptionCert";
    return made;
  }
  EncryptionBySecret() : TrustBySecret(choices()) {}
};

TEST_F(EncryptionBySecret, TheSecondRoundTrustsWhatTheFirstLearned) {
  ASSERT_EQ(enroll_bob("bob", {"--key-usage", "encryption", "--key", "rsa:2048"}), 0) << err.str();
  EXPECT_EQ(posts, 2);
  EXPECT_FALSE(last_settings_any_server);
  EXPECT_TRUE(exists("bob/certificate.pem"));
}

class WithoutRoot : public TrustBySecret {
 protected:
  WithoutRoot() : TrustBySecret({.has_root = false}) {}
};

TEST_F(WithoutRoot, NothingIsLearned) {
  expect_refused("bob", "says nothing under the secret");
}

}  // namespace
}  // namespace signet::tool
