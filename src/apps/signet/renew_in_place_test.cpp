#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/files/file.h"
#include "base/encoding.h"
#include "crypto/private_key.h"
#include "support/change_status.h"
#include "support/commands_scene.h"

namespace signet::tool {
namespace {

using test::unwrap;
using ::testing::HasSubstr;
using ::testing::Not;

/// Over a line on which answers may be lost; what they tell is on record.
class RenewInPlace : public Commands {
 protected:
  int renew(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{
        "renew",      "--url",        "https://ca.test:8443", "--ca",    "@ca.pem",   "--signer",
        "@alice.pem", "--signer-key", "@alice.key",           "--force", "--in-place"};
    words.insert(words.end(), more.begin(), more.end());
    surroundings.post = [this](const http::TransportSettings& settings, const std::string&,
                               const std::string&, ByteView body) -> Result<http::Reply> {
      authority::Inquiry inquiry;
      inquiry.octets = to_bytes(body);
      const auto pem = unwrap(files::read_file(settings.client_certificate_file));
      inquiry.peer.tls_client_certificate = unwrap(from_pem(as_text(pem))).front().octets;
      auto answered = authority.deliver_octets(std::move(inquiry));
      if (is_lost) return Error{Fault::directory_unreachable, "no answer in time"};
      return http::Reply{200, "application/pkcs7-mime", std::move(answered.octets)};
    };
    return signet(words);
  }
  [[nodiscard]] std::size_t granted() const { return authority_.certificates_on_record() - before; }

  test::TestAuthority& authority_ = authority;
  const std::size_t before = authority.certificates_on_record();
  bool is_lost = false;
};

TEST_F(RenewInPlace, WhoseAnswerWasLostIsNotGrantedTwice) {
  is_lost = true;
  EXPECT_EQ(renew(), 1);
  EXPECT_THAT(err.str(), HasSubstr("the very same message again"));
  EXPECT_EQ(renew(), 1) << "and again";
  is_lost = false;
  EXPECT_EQ(renew(), 0) << err.str();
  EXPECT_EQ(granted(), 1U);
  EXPECT_NE(certificate("alice.pem"), authority.alice.certificate);
  EXPECT_FALSE(exists("alice.pem.renewal"));
  EXPECT_EQ(renew(), 0) << err.str();
  EXPECT_EQ(granted(), 2U) << "this one was asked for anew";
}

TEST_F(RenewInPlace, WhoseAnswerWasLostIsAskedForAnewWhereSomethingElseIsWanted) {
  is_lost = true;
  EXPECT_EQ(renew(), 1);
  is_lost = false;
  EXPECT_EQ(renew({"--key", "ec:p384"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("p384"));
  EXPECT_EQ(granted(), 2U);
}

TEST_F(RenewInPlace, WhoseKeyHadAnotherPassphraseIsAskedForAnew) {
  const auto lock = [&](const std::string& word) {
    write("word", word + "\n");
    write("alice.key", unwrap(crypto::write_private_key(*authority.alice.key,
                                                        SecretBytes{std::string_view{word}}))
                           .text());
  };
  const std::vector<std::string> by_word{"--passphrase-file", "@word"};
  lock("one");
  is_lost = true;
  EXPECT_EQ(renew(by_word), 1);
  lock("two");
  is_lost = false;
  EXPECT_EQ(renew(by_word), 0) << err.str();
  EXPECT_EQ(granted(), 2U);
}

TEST_F(RenewInPlace, ThatIsRefusedIsAskedForAnewByTheNextRun) {
  is_lost = true;
  EXPECT_EQ(renew(), 1);
  is_lost = false;
  const auto& subject = authority.alice.certificate->subject;
  for (const auto& record : unwrap(authority.engine().find_by_subject(subject.der()))) {
    if (record.serial_number == authority.alice.certificate->serial_number) continue;
    ASSERT_TRUE(test::change_status(authority.engine(), record.serial_number,
                                    store::CertificateStatus::revoked, authority.clock.now(),
                                    pkix::CRLReason::cessationOfOperation)
                    .ok());
  }
  EXPECT_EQ(renew(), 1);
  EXPECT_THAT(err.str(), HasSubstr("is revoked"));
  EXPECT_EQ(granted(), 1U);
  EXPECT_EQ(renew(), 0) << err.str();
  EXPECT_EQ(granted(), 2U);
}

TEST_F(RenewInPlace, NamesWhatStoodInItsWay) {
  write("alice.key.new", "somebody's");
  EXPECT_EQ(renew(), 0) << err.str();
  EXPECT_THAT(err.str(), HasSubstr("In the way was what is now " + (folder / "alice.key.new.1")));
  EXPECT_EQ(as_text(read("alice.key.new.1")), "somebody's");
  EXPECT_EQ(renew(), 0) << err.str();
  EXPECT_THAT(err.str(), Not(HasSubstr("In the way")));
}

TEST_F(RenewInPlace, NamesWhatStoodInItsWayToProgramsToo) {
  EXPECT_EQ(renew({"--json"}), 0) << out.str();
  EXPECT_EQ(json()["set_aside"], nlohmann::json::array());
  write("alice.key.new", "somebody's");
  write("alice.pem.new", "somebody's");
  EXPECT_EQ(renew({"--json"}), 0) << out.str();
  EXPECT_EQ(json()["set_aside"],
            (nlohmann::json{folder / "alice.key.new.1", folder / "alice.pem.new.1"}));
}

}  // namespace
}  // namespace signet::tool
