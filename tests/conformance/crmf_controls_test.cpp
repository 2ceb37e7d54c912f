// Controls of CRMF's own that CMC has no use for (RFC 10004 §5.3): asked with them or without, the
// answer is the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_builder.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using crmf::AttributeTypeAndValue;

class CrmfControls : public testing::Test {
 protected:
  Told ask(const std::vector<AttributeTypeAndValue>& controls) {
    const auto request =
        crmf({.id = 20, .key = test_key("ec:p256", next_key_++), .controls = controls});
    const auto message = full_request(
        {ca.alice.key, ca.alice.certificate}, {tagged(request)},
        {control(90, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, next_nonce_++)))});
    return ca.send(message.encode(), &ca.alice);
  }
  /// What an answer may not show a trace of: whatever is of one request alone is left out.
  static std::vector<asn1::Oid> extensions_of(const Told& told) {
    std::vector<asn1::Oid> types;
    for (const auto& each : told.certificates.at(0)->extensions) types.push_back(each.extn_id);
    return types;
  }
  void expect_no_effect(const AttributeTypeAndValue& control) {
    const auto without = ask({});
    const auto with = ask({control});
    ASSERT_TRUE(without.issued()) << without.text();
    ASSERT_TRUE(with.issued()) << with.text();
    EXPECT_EQ(with.kind, without.kind);
    EXPECT_EQ(with.certificates.size(), without.certificates.size());
    EXPECT_EQ(with.certificates[0]->subject, without.certificates[0]->subject);
    EXPECT_EQ(extensions_of(with), extensions_of(without));
  }

  TestAuthority ca;

 private:
  std::uint16_t next_key_ = 1;
  std::uint8_t next_nonce_ = 1;
};

TEST_F(CrmfControls, NoKeyIsArchived) {
  /* matrix: D02 */
  const Bytes archive_what_you_make{0x82, 0x01, 0xFF};  // [2] TRUE: archiveRemGenPrivKey
  expect_no_effect({crmf::oid::kPkiArchiveOptions, archive_what_you_make});
}

TEST_F(CrmfControls, AnOldCertificateStaysAsItIs) {
  /* matrix: D03 */
  const auto& old = ca.alice.certificate;
  Bytes issuer = old->issuer.der();
  issuer.insert(issuer.begin(), {0xA4, static_cast<std::uint8_t>(issuer.size())});  // directoryName
  asn1::Writer old_cert_id;
  old_cert_id.sequence([&] {
    old_cert_id.raw(issuer);
    old_cert_id.integer(old->serial_number);
  });
  expect_no_effect({crmf::oid::kOldCertId, std::move(old_cert_id).take()});
  EXPECT_EQ(unwrap(ca.engine().find_certificate(old->serial_number))->status,
            store::CertificateStatus::valid);
}

TEST_F(CrmfControls, NothingIsEncryptedToAKeyForThat) {
  /* matrix: D04 */
  expect_no_effect({crmf::oid::kProtocolEncrKey, test_key("rsa:2048")->public_key_info().der});
}

}  // namespace
}  // namespace signet::test
