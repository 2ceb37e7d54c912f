#include "client/follow_up.h"

#include <gtest/gtest.h>

#include "client/build_revocation.h"
#include "codec/cmc/pki_request.h"
#include "codec/cmc/status.h"
#include "support/fakes.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using test::unwrap;

class FollowUp : public ::testing::Test {
 protected:
  cmc::FullPkiRequest message_of(const std::vector<cmc::TaggedAttribute>& controls,
                                 const Ongoing* within = nullptr) {
    sent = unwrap(make_full_request({.requests = {},
                                     .data_return = std::nullopt,
                                     .more_controls = controls,
                                     .signer = signer.certificate,
                                     .signer_key = *signer.key,
                                     .chain = {},
                                     .within = within},
                                    random));
    return std::get<cmc::FullPkiRequest>(unwrap(cmc::read_pki_request(sent.octets)));
  }
  static Bytes value_of(const cmc::FullPkiRequest& message, const asn1::Oid& type) {
    const auto* control = cmc::find_control(message.pki_data.control_sequence, type);
    return control == nullptr ? Bytes{} : control->attr_values.at(0);
  }

  test::TestCa ca;
  test::Credential signer = ca.issue();
  test::CountingRandom random;
  SentRequest sent;
};

TEST_F(FollowUp, PollsInTheTransactionThatIsUnderWay) {
  /* matrix: C64, C38 */
  const Ongoing within{asn1::Integer::from(4711), Bytes(16, 7)};
  const auto message = message_of(poll_controls(Bytes{1, 2, 3}), &within);
  EXPECT_TRUE(message.pki_data.req_sequence.empty());
  EXPECT_EQ(unwrap(cmc::read_octets_value(value_of(message, cmc::oid::kQueryPending))),
            (Bytes{1, 2, 3}));
  EXPECT_EQ(unwrap(cmc::read_integer_value(value_of(message, cmc::oid::kTransactionId))),
            within.transaction_id);
  EXPECT_EQ(unwrap(cmc::read_octets_value(value_of(message, cmc::oid::kRecipientNonce))),
            within.recipient_nonce);
  EXPECT_EQ(sent.transaction_id, within.transaction_id);
}

TEST_F(FollowUp, StartsATransactionOfItsOwnWhereNoneIsUnderWay) {
  const auto message = message_of(poll_controls(Bytes{1}));
  EXPECT_EQ(unwrap(cmc::read_integer_value(value_of(message, cmc::oid::kTransactionId))),
            sent.transaction_id);
  EXPECT_TRUE(value_of(message, cmc::oid::kRecipientNonce).empty());
}

TEST_F(FollowUp, ConfirmsACertificateAndSaysWhetherItIsTaken) {
  /* matrix: C67, E125 */
  for (const bool is_taken : {true, false}) {
    const auto message = message_of(confirmation_controls(signer.certificate, is_taken));
    const auto id =
        unwrap(cmc::read_cmc_cert_id(value_of(message, cmc::oid::kConfirmCertAcceptance)));
    EXPECT_EQ(id.issuer, signer.certificate->issuer);
    EXPECT_EQ(id.serial_number, signer.certificate->serial_number);
    const auto status =
        unwrap(cmc::read_cmc_status_info_v2(value_of(message, cmc::oid::kStatusInfoV2)));
    EXPECT_EQ(status.cmc_status, is_taken ? cmc::CMCStatus::success : cmc::CMCStatus::failed);
  }
}

TEST_F(FollowUp, HasEachCertificatePublishedOnceAndSaysNotWhere) {
  /* matrix: C80, E139, E140 */
  for (const auto what : {Publishing::wanted, Publishing::unwanted}) {
    const std::vector twice{signer.certificate, signer.certificate};
    const auto message = message_of(publication_controls(twice, what));
    const auto wanted =
        unwrap(cmc::read_cmc_publication_info(value_of(message, cmc::oid::kPublishCert)));
    EXPECT_EQ(wanted.hash_alg, crypto::algorithm_identifier(crypto::DigestAlgorithm::sha256));
    EXPECT_EQ(wanted.cert_hashes, std::vector<Bytes>{crypto::sha256(signer.certificate.der)});
    EXPECT_EQ(wanted.pub_info.action, what == Publishing::wanted ? 1 : 0);
    EXPECT_TRUE(wanted.pub_info.pub_infos.empty());
  }
}

TEST_F(FollowUp, AsksForACertificateAndForTheCrl) {
  /* matrix: C49, C52 */
  const auto& issuer = signer.certificate->issuer;
  const auto message =
      message_of(get_certificate_controls(issuer, signer.certificate->serial_number));
  const auto wanted = unwrap(cmc::read_get_cert(value_of(message, cmc::oid::kGetCert)));
  EXPECT_EQ(std::get<pkix::Name>(wanted.issuer_name), issuer);
  EXPECT_EQ(wanted.serial_number, signer.certificate->serial_number);
  const auto crl =
      unwrap(cmc::read_get_crl(value_of(message_of(get_crl_controls(issuer)), cmc::oid::kGetCRL)));
  EXPECT_EQ(crl.issuer_name, issuer);
  EXPECT_EQ(crl.time, std::nullopt);
}

TEST_F(FollowUp, RevokesBySecretInAMessageThatNobodySigns) {
  /* matrix: E120 */
  const SecretBytes secret{std::string_view("a secret of some length")};
  const auto revocation = unwrap(
      make_unsigned_revocation({signer.certificate->issuer, signer.certificate->serial_number,
                                pkix::CRLReason::keyCompromise},
                               secret, random));
  const auto message =
      std::get<cmc::FullPkiRequest>(unwrap(cmc::read_pki_request(revocation.octets)));
  EXPECT_TRUE(message.signed_data.signer_infos.empty());
  EXPECT_FALSE(message.bare);
  const auto wanted = unwrap(cmc::read_revoke_request(value_of(message, cmc::oid::kRevokeRequest)));
  EXPECT_EQ(wanted.shared_secret, to_bytes(secret.view()));
  EXPECT_EQ(wanted.serial_number, signer.certificate->serial_number);
}

}  // namespace
}  // namespace signet::client
