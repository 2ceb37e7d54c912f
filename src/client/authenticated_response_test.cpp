// Answers under a shared secret.
#include "envelope/authenticated_data.h"
#include "support/response_scene.h"

namespace signet::client {
namespace {

using cmc::CMCStatus;
using test::unwrap;

class AuthenticatedResponse : public test::ResponseScene {
 protected:
  /// The same answer in an AuthenticatedData made with this secret of alice's.
  [[nodiscard]] Bytes answer_under(std::string_view secret_text,
                                   const asn1::Oid& type = cmc::oid::kPKIResponse) const {
    const auto signed_answer = answer({status(CMCStatus::success, {kRequest})});
    const SecretBytes password{"alice" + std::string(secret_text)};
    return unwrap(envelope::seal_authenticated_data({.content_type = type,
                                                     .content = signed_answer.content,
                                                     .password = password,
                                                     .certificates = signed_answer.certificates},
                                                    crypto::system_random()));
  }
  [[nodiscard]] Result<CheckedResponse> read_as(std::string identification, ByteView octets) const {
    return read_response(octets, sent, trust, test::kTestTime,
                         SecretHolder{std::move(identification), secret});
  }
  SecretBytes secret{std::string_view("correct horse battery staple")};
};

TEST_F(AuthenticatedResponse, UnderTheSameSecretIsTaken) {
  /* matrix: E14, E16 */
  const auto checked = unwrap(read_as("alice", answer_under(secret.text())));
  EXPECT_TRUE(checked.success());
  EXPECT_EQ(checked.certificates.at(0), alice.certificate);
}

TEST_F(AuthenticatedResponse, UnderAnotherSecretOrNameIsRefused) {
  const auto octets = answer_under(secret.text());
  EXPECT_EQ(read_as("alice", answer_under("another secret, long enough")).error().fault,
            Fault::mac_mismatch);
  EXPECT_EQ(read_as("bob", octets).error().fault, Fault::mac_mismatch);
  EXPECT_EQ(fault_of(octets), Fault::mac_mismatch) << "to somebody who used no secret";
}

TEST_F(AuthenticatedResponse, OfOtherContentIsRefused) {
  EXPECT_EQ(read_as("alice", answer_under(secret.text(), cmc::oid::kPKIData)).error().fault,
            Fault::malformed)
      << "our own request sent back";
}

TEST_F(AuthenticatedResponse, CertificateOfAnotherAuthorityIsRefused) {
  test::TestCa stranger{"CN=Test CA,O=Test", test::test_key("ec:p256", 9)};
  alice = stranger.issue({.key = alice.key});
  EXPECT_EQ(read_as("alice", answer_under(secret.text())).error().fault, Fault::untrusted_signer);
}

}  // namespace
}  // namespace signet::client
