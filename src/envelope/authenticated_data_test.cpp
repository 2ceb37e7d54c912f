#include "envelope/authenticated_data.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/cmc/oids.h"
#include "crypto/digest.h"
#include "support/fakes.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::envelope {
namespace {

using test::unwrap;

cms::AuthenticatedData read(ByteView message) {
  return unwrap(cms::read_authenticated_data(unwrap(cms::read_content_info(message)).content));
}

TEST(AuthenticatedData, KnownAnswerVerifiesWithIdentificationBeforeSecret) {
  /* matrix: E14, E16 */
  SIGNET_NEEDS_SHARED("spec/vectors");
  const auto data = read(test::shared_file("spec/vectors/fullreq-authdata.der"));
  const SecretBytes password{unwrap(from_hex(
      "616c696365406578616d706c652e746573745368347265642d5333637265742d546f6b656e2d30303031"))};
  EXPECT_TRUE(verify_mac(data, password).ok());
  const SecretBytes other_order{unwrap(from_hex(
      "5368347265642d5333637265742d546f6b656e2d30303031616c696365406578616d706c652e74657374"))};
  const auto refused = verify_mac(data, other_order);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::mac_mismatch);
}

TEST(AuthenticatedData, OursVerifiesWithItsPasswordOnly) {
  /* matrix: E15 */
  const Bytes content{0x30, 0x00};
  const SecretBytes password{std::string_view("alice and a secret of some length")};
  const SecretBytes other{std::string_view("alice and a secret of some lengti")};
  const auto sealed = [&] {
    return unwrap(
        seal_authenticated_data({cmc::oid::kPKIData, content, password}, crypto::system_random()));
  };
  const auto first = read(sealed());
  EXPECT_EQ(first.encap_content_info.e_content, content);
  EXPECT_TRUE(verify_mac(first, password).ok());
  EXPECT_FALSE(verify_mac(first, other).ok());
  const auto second = read(sealed());
  EXPECT_NE(std::get<cms::PasswordRecipientInfo>(first.recipient_infos[0]).encrypted_key,
            std::get<cms::PasswordRecipientInfo>(second.recipient_infos[0]).encrypted_key);
}

}  // namespace
}  // namespace signet::envelope
