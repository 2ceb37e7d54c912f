#include "proof/identity/revocation_verifier.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "support/unwrap.h"

namespace signet::proof {
namespace {

using test::unwrap;

constexpr std::string_view kSecret = "the secret of one certificate";

std::string verifier() {
  return unwrap(make_revocation_verifier(SecretBytes(kSecret), crypto::system_random()));
}
bool is_it(const std::string& kept, std::string_view secret) {
  return unwrap(agrees(kept, as_bytes(secret), {}));
}
std::string salted(const std::string& iterations, std::size_t salt, std::size_t hash) {
  return "$pbkdf2-sha256$i=" + iterations + "$" + to_base64(Bytes(salt, 1)) + "$" +
         to_base64(Bytes(hash, 2));
}

TEST(RevocationVerifier, KnowsItsSecretAndNoOther) {
  const auto kept = verifier();
  EXPECT_TRUE(is_it(kept, kSecret));
  EXPECT_FALSE(is_it(kept, "the secret of one certificatf"));
  EXPECT_FALSE(is_it(kept, "the secret of one certificate "));
  EXPECT_FALSE(is_it(kept, ""));
  EXPECT_EQ(kept.find(kSecret), std::string::npos);
  EXPECT_NE(kept, verifier()) << "another salt each time";
}

TEST(RevocationVerifier, TakesSaltedHashesWithinBoundsOnly) {
  EXPECT_TRUE(check_salted_hash(verifier()).ok());
  EXPECT_TRUE(check_salted_hash(salted("1000", 16, 32)).ok());
  EXPECT_TRUE(check_salted_hash(salted("20000", 64, 32)).ok());
  for (const auto& wrong :
       {salted("999", 16, 32), salted("20001", 16, 32), salted("0", 16, 32), salted("-1", 16, 32),
        salted("1000x", 16, 32), salted("", 16, 32), salted("99999999999999", 16, 32),
        salted("1000", 15, 32), salted("1000", 65, 32), salted("1000", 16, 31),
        salted("1000", 16, 33), salted("1000", 16, 32) + "$", salted("1000", 16, 32) + "$more",
        std::string("$pbkdf2-sha1$i=1000$AA==$AA=="), std::string("plain"), std::string()}) {
    EXPECT_EQ(check_salted_hash(wrong).error().fault, Fault::malformed) << wrong;
  }
  // a stranger registers no wrapped one
  EXPECT_EQ(check_salted_hash("revShrTok:AAAA").error().fault, Fault::malformed);
}

TEST(RevocationVerifier, DoesAHundredThousandIterationsAtMost) {
  EXPECT_FALSE(is_it(salted("100000", 16, 32), kSecret));
  EXPECT_EQ(agrees(salted("100001", 16, 32), as_bytes(kSecret), {}).error().fault,
            Fault::malformed);
}

TEST(RevocationVerifier, OpensAWrappedOneWithItsKeyOnly) {
  const std::shared_ptr<const crypto::PrivateKey> key =
      unwrap(crypto::generate_private_key("rsa:2048"));
  const auto wrapped =
      "revShrTok:" + unwrap(wrap_secret(SecretBytes(kSecret),
                                        unwrap(crypto::PublicKey::from(key->public_key_info())),
                                        crypto::system_random()));
  EXPECT_TRUE(unwrap(agrees(wrapped, as_bytes(kSecret), {key, SecretTransport::pkcs1})));
  EXPECT_FALSE(unwrap(agrees(wrapped, as_bytes("another"), {key, SecretTransport::pkcs1})));
  EXPECT_EQ(agrees(wrapped, as_bytes(kSecret), {}).error().fault, Fault::bad_configuration);
  const std::shared_ptr<const crypto::PrivateKey> other =
      unwrap(crypto::generate_private_key("rsa:2048"));
  EXPECT_FALSE(agrees(wrapped, as_bytes(kSecret), {other, SecretTransport::pkcs1}).ok());
}

}  // namespace
}  // namespace signet::proof
