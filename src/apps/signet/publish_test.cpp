// `signet publish` before an authority that publishes, and one that does not.
#include <gmock/gmock.h>

#include "support/commands_scene.h"
#include "support/outbox_reading.h"

namespace signet::tool {
namespace {

using ::testing::HasSubstr;

class Publish : public Commands {
 protected:
  static test::TestAuthority::Choices publishing() {
    test::TestAuthority::Choices choices;
    choices.settings.published.all = true;
    return choices;
  }
  explicit Publish(test::TestAuthority::Choices choices = publishing())
      : Commands(std::move(choices)) {
    surroundings.post = [this](const http::TransportSettings& settings, const std::string&,
                               const std::string&, ByteView body) -> Result<http::Reply> {
      authority::Inquiry inquiry;
      inquiry.octets = to_bytes(body);
      const auto pem = test::unwrap(files::read_file(settings.client_certificate_file));
      inquiry.peer.tls_client_certificate = test::unwrap(from_pem(as_text(pem))).front().octets;
      return http::Reply{200, "application/pkcs7-mime",
                         authority.deliver_octets(std::move(inquiry)).octets};
    };
  }
  int publish(const std::string& signer, const std::string& certificate,
              const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"publish",
                                   "--url",
                                   "https://ca.test:8443",
                                   "--ca",
                                   "@ca.pem",
                                   "--signer",
                                   "@" + signer + ".pem",
                                   "--signer-key",
                                   "@" + signer + ".key",
                                   "--certificate",
                                   "@" + certificate + ".pem"};
    words.insert(words.end(), more.begin(), more.end());
    return signet(words);
  }
  std::vector<test::Due> due() { return test::empty_outbox(authority.engine()); }
};

TEST_F(Publish, HasOnesOwnCertificateInTheDirectoryOrNoMore) {
  ASSERT_EQ(publish("alice", "alice"), 0) << err.str();
  EXPECT_EQ(out.str(),
            "to be published   0x" + authority.alice.certificate->serial_number.to_hex() + "\n");
  const auto& serial = authority.alice.certificate->serial_number;
  EXPECT_THAT(due(), ::testing::ElementsAre(test::Due(serial, test::Telling::publish)));
  ASSERT_EQ(publish("alice", "alice", {"--withdraw", "--json"}), 0) << err.str();
  EXPECT_EQ(json()["said"], "to be withdrawn");
  EXPECT_EQ(json()["serial_numbers"].size(), 1U);
  EXPECT_THAT(due(), ::testing::ElementsAre(test::Due(serial, test::Telling::withdraw)));
}

TEST_F(Publish, AnAgentSpeaksForAnotherWhoDoesNotSpeakForHim) {
  EXPECT_EQ(publish("agent", "alice", {"--withdraw"}), 0) << err.str();
  EXPECT_EQ(publish("alice", "agent", {"--withdraw"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("badIdentity"));
  EXPECT_EQ(due().size(), 1U);
}

class PublishNowhere : public Publish {
 protected:
  PublishNowhere() : Publish({}) {}
};

TEST_F(PublishNowhere, IsToldThatNothingIsPublished) {
  EXPECT_EQ(publish("alice", "alice"), 1);
  EXPECT_THAT(err.str(), HasSubstr("publishCert is not offered"));
}

}  // namespace
}  // namespace signet::tool
