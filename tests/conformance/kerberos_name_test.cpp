// Names of Kerberos principals (RFC 4556 §3.2.2, RFC 4120 §5.2.1), which KDCs and smart cards have
// in their certificates: GeneralStrings in an otherName.
#include <gtest/gtest.h>

#include "support/approval_scene.h"
#include "support/message_builder.h"
#include "support/shared_data.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

/// KRB5PrincipalName ::= SEQUENCE { realm [0] Realm, principalName [1] PrincipalName }
pkix::OtherName principal(std::string_view realm, std::string_view name) {
  constexpr auto kGeneralString = asn1::universal(27);
  asn1::Writer writer;
  writer.sequence([&] {
    writer.constructed(asn1::context_constructed(0),
                       [&] { writer.primitive(kGeneralString, as_bytes(realm)); });
    writer.constructed(asn1::context_constructed(1), [&] {
      writer.sequence([&] {
        writer.constructed(asn1::context_constructed(0),
                           [&] { writer.integer(asn1::Integer::from(2)); });
        writer.constructed(asn1::context_constructed(1), [&] {
          writer.sequence([&] { writer.primitive(kGeneralString, as_bytes(name)); });
        });
      });
    });
  });
  return {asn1::Oid{"1.3.6.1.5.2.2"}, std::move(writer).take()};  // id-pkinit-san
}

class KerberosName : public testing::Test {
 protected:
  /// SubjectAltNames are given as agents ask for them.
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.more_profiles =
        std::string(as_text(file(source_folder() + "/profiles/caFullCMCUserCert.cfg"))) +
        one_more_policy("userExtensionDefaultImpl", "userExtOID=2.5.29.17");
    made.settings.agent_profile = "extra";
    return made;
  }
  Told ask_for(const pkix::OtherName& name) {
    const pkix::Extension names{pkix::oid::kSubjectAltName, false,
                                pkix::write_alternative_name({name})};
    const auto request = pkcs10({.subject = "CN=kdc,O=Test", .extensions = {names}});
    return ca.send(full_request({ca.agent.key, ca.agent.certificate}, {tagged(60, request)},
                                {control(1, cmc::oid::kSenderNonce,
                                         cmc::write_octets_value(Bytes(16, ++nonce)))})
                       .encode(),
                   &ca.agent);
  }

  TestAuthority ca{choices()};
  std::uint8_t nonce = 0;
};

TEST_F(KerberosName, IsIssuedAsItWasAskedFor) {
  const auto name = principal("EXAMPLE.COM", "krbtgt");
  const auto told = ask_for(name);
  ASSERT_TRUE(told.issued()) << told.text();
  const auto names = unwrap(pkix::subject_alt_names(told.certificates[0].tbs.value.extensions));
  ASSERT_EQ(names.size(), 1U);
  EXPECT_EQ(names.front(), pkix::GeneralName{name});
}

TEST_F(KerberosName, IsRefusedWithOctetsThatAreNotVisible) {
  for (const auto* realm : {"EXAMPLE\x1b(B", "EXAMPLE\x7f", "EXAMPL\xc9", "EXAMPLE\u200B"}) {
    const auto told = ask_for(principal(realm, "krbtgt"));
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(told.fail_info(), cmc::CMCFailInfo::badRequest) << told.text();
    EXPECT_NE(told.text().find("GeneralString"), std::string::npos) << told.text();
  }
}

}  // namespace
}  // namespace signet::test
