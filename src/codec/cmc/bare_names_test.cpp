#include "codec/cmc/bare_names.h"

#include <gtest/gtest.h>

#include "support/octets.h"
#include "support/unwrap.h"

namespace signet::cmc {
namespace {

using test::sequence;

const pkix::Name& issuer() {
  static const auto name = test::unwrap(pkix::name_from_text("CN=CA,O=Test"));
  return name;
}

Bytes bare_get_cert() {
  return sequence([](asn1::Writer& writer) {
    pkix::write_name(writer, issuer());
    writer.integer(7);
  });
}
Bytes wrapped_cert_id() {
  return sequence([](asn1::Writer& writer) {
    writer.sequence([&] { pkix::write_name(writer, issuer()); });
    writer.integer(7);
  });
}

TaggedAttribute control(const asn1::Oid& type, Bytes value) {
  return {BodyPartID{1}, type, {std::move(value)}};
}

TEST(NamesIssuerBare, IsTrueOfTheFormsThatDogtagsClientWrites) {
  EXPECT_TRUE(names_issuer_bare(control(oid::kGetCert, bare_get_cert())));
  EXPECT_TRUE(names_issuer_bare(control(oid::kConfirmCertAcceptance, wrapped_cert_id())));
}

TEST(NamesIssuerBare, IsFalseOfTheStandardsForms) {
  const auto serial = asn1::Integer::from(7);
  EXPECT_FALSE(names_issuer_bare(control(oid::kGetCert, write_get_cert({issuer(), serial}))));
  EXPECT_FALSE(names_issuer_bare(
      control(oid::kConfirmCertAcceptance, write_cmc_cert_id({issuer(), serial}))));
  const auto empty = write_cmc_cert_id({pkix::Name{}, serial});
  EXPECT_FALSE(names_issuer_bare(control(oid::kConfirmCertAcceptance, empty)));
}

TEST(NamesIssuerBare, IsFalseOfOtherControlsAndOfWhatCannotBeRead) {
  EXPECT_FALSE(names_issuer_bare(control(oid::kGetCRL, bare_get_cert())));
  EXPECT_FALSE(names_issuer_bare(control(oid::kGetCRL, wrapped_cert_id())));
  for (const auto& value : {Bytes{}, Bytes{0x30}, Bytes{0x30, 0x00}, Bytes{0x04, 0x00}}) {
    EXPECT_FALSE(names_issuer_bare(control(oid::kGetCert, value)));
    EXPECT_FALSE(names_issuer_bare(control(oid::kConfirmCertAcceptance, value)));
  }
  auto two_values = control(oid::kGetCert, bare_get_cert());
  two_values.attr_values.push_back(bare_get_cert());
  EXPECT_FALSE(names_issuer_bare(two_values));
}

}  // namespace
}  // namespace signet::cmc
