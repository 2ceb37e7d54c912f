#include "client/promote_unsigned_data.h"

#include <gtest/gtest.h>

#include "codec/cmc/oids.h"
#include "envelope/authenticated_data.h"
#include "envelope/signed_data.h"
#include "support/message_builder.h"
#include "support/reseal.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using cmc::BodyPartID;
using test::unwrap;

const asn1::Oid kSomeType{"1.3.6.1.4.1.55555.7"};
const Bytes kSomeContent{0x04, 0x02, 0xAB, 0xCD};

class TakeUnsignedData : public ::testing::Test {
 protected:
  static cmc::CMCUnsignedData about(cmc::BodyPartPath path) {
    return {std::move(path), kSomeType, kSomeContent};
  }
  static pkix::Attribute attribute_of(const cmc::CMCUnsignedData& value) {
    return test::attribute(cmc::oid::kCMCUnsignedData, cmc::write_cmc_unsigned_data(value));
  }
  [[nodiscard]] Bytes signed_by_alice(std::size_t signers) const {
    auto request = test::full_request(alice, {test::tagged(5, test::pkcs10())});
    request.signers.resize(signers, request.signers.front());
    return request.encode();
  }
  /// The message, `attributes` beside each of its signatures.
  static Bytes with(const std::vector<pkix::Attribute>& attributes, ByteView octets) {
    auto signed_data = test::signed_data_of(octets);
    for (auto& signer : signed_data.signer_infos) signer.unsigned_attrs = attributes;
    return test::write_message(signed_data);
  }
  void expect_verifies(ByteView octets) const {
    const auto signed_data = test::signed_data_of(octets);
    const auto key = unwrap(crypto::PublicKey::from(alice.key->public_key_info()));
    for (const auto& signer : signed_data.signer_infos) {
      EXPECT_TRUE(envelope::verify_signer(signed_data, signer, key).ok());
    }
  }

  test::TestCa ca;
  test::Credential alice = ca.issue();
  Bytes message = signed_by_alice(1);
};

TEST_F(TakeUnsignedData, TakesItOutAndLeavesTheRestAsItWas) {
  /* matrix: D08 */
  const auto other = test::attribute(kSomeType, kSomeContent);
  const auto taken =
      unwrap(take_unsigned_data(with({attribute_of(about({BodyPartID{5}})), other}, message)));

  EXPECT_EQ(taken.octets, with({other}, message));
  EXPECT_EQ(taken.values, (std::vector{about({BodyPartID{5}})}));
  expect_verifies(taken.octets);
}

TEST_F(TakeUnsignedData, LeavesNoEmptySetBehind) {
  const auto taken = unwrap(take_unsigned_data(with({attribute_of(about({{5}}))}, message)));
  EXPECT_EQ(taken.octets, message);
}

TEST_F(TakeUnsignedData, OfSeveralSignersIsOneValue) {
  message = signed_by_alice(2);
  const auto taken = unwrap(take_unsigned_data(with({attribute_of(about({{5}}))}, message)));
  EXPECT_EQ(taken.octets, message);
  EXPECT_EQ(taken.values.size(), 1U);
}

TEST_F(TakeUnsignedData, OfAnAuthenticatedDataToo) {
  const SecretBytes password{std::string_view{"alice and her secret"}};
  const auto sealed = unwrap(envelope::seal_authenticated_data(
      {.content_type = cmc::oid::kPKIData, .content = test::pki_data({}, {}), .password = password},
      crypto::system_random()));
  auto data = unwrap(cms::read_authenticated_data(unwrap(cms::read_content_info(sealed)).content));
  data.unauth_attrs = {attribute_of(about({BodyPartID{0}}))};
  const auto taken = unwrap(take_unsigned_data(
      cms::write_content_info(cms::oid::kAuthenticatedData, cms::write_authenticated_data(data))));
  EXPECT_EQ(taken.octets, sealed);
  EXPECT_EQ(taken.values, (std::vector{about({BodyPartID{0}})}));
}

TEST_F(TakeUnsignedData, ThatIsNotThereChangesNothing) {
  const auto other = with({test::attribute(kSomeType, kSomeContent)}, message);
  const auto taken = unwrap(take_unsigned_data(other));
  EXPECT_EQ(taken.octets, other);
  EXPECT_TRUE(taken.values.empty());
}

TEST_F(TakeUnsignedData, ThatCannotBeReadIsRefused) {
  const auto damaged = test::attribute(cmc::oid::kCMCUnsignedData, Bytes{0x30, 0x00});
  EXPECT_EQ(take_unsigned_data(with({damaged}, message)).error().fault, Fault::malformed);
}

TEST_F(TakeUnsignedData, PromotedBeginsWithTheMessageItCameFrom) {
  /* matrix: E48 */
  EXPECT_EQ(promoted(about({BodyPartID{5}}), BodyPartID{2}), about({BodyPartID{2}, BodyPartID{5}}));
}

}  // namespace
}  // namespace signet::client
