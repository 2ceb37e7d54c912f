#include <gtest/gtest.h>

#include "base/encoding.h"
#include "issuance/authority_certificates.h"
#include "support/token_scene.h"

namespace signet::test {
namespace {

pkix::Certificate root_of(const crypto::PrivateKey& key, const std::string& subject) {
  return unwrap(issuance::make_root(
      {.subject = unwrap(pkix::name_from_text(subject)), .key = key, .now = SystemClock().now()},
      crypto::system_random()));
}

TEST(ExportKey, GivesAKeyOfAnNssDatabaseAsPkcs8) {
  const NssDatabase database;
  const auto token = database.open();
  for (const auto* kind : {"rsa:2048", "ec:p256"}) {
    const auto key = unwrap(token->generate_key(kind, kind));
    const auto pkcs8 = unwrap(token->export_key(key->public_key_info()));
    const auto read = unwrap(crypto::read_private_key(pkcs8.view(), SecretBytes()));
    EXPECT_EQ(read->public_key_info(), key->public_key_info()) << kind;
  }
}

TEST(ExportKey, RefusesAKeyThatIsNotThere) {
  const auto other = unwrap(crypto::generate_private_key("ec:p256"));
  EXPECT_EQ(NssDatabase().open()->export_key(other->public_key_info()).error().fault,
            Fault::key_not_found);
}

TEST(ExportKey, RefusesAKeyThatMayNotLeave) {
  const SoftHsm hsm;
  const auto token = SoftHsm::open();
  const auto key = unwrap(token->generate_key("rsa:2048", "kept"));
  EXPECT_EQ(token->export_key(key->public_key_info()).error().fault, Fault::not_allowed);
}

TEST(ServerAuthorities, AreThoseThatCertutilTrusts) {
  const NssDatabase database;
  const auto key = unwrap(crypto::generate_private_key("ec:p256"));
  const auto trusted = root_of(*key, "CN=Trusted");
  const auto known = root_of(*key, "CN=Known");
  write_text(database / "trusted.pem", to_pem("CERTIFICATE", trusted.der));
  write_text(database / "known.pem", to_pem("CERTIFICATE", known.der));
  database.tool("certutil -A -n trusted -t CT,C,C -i " + (database / "trusted.pem"));
  database.tool("certutil -A -n known -t ,, -i " + (database / "known.pem"));
  EXPECT_EQ(unwrap(database.open()->server_authorities()), std::vector{trusted});
}

}  // namespace
}  // namespace signet::test
