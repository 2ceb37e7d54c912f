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

/// The same SEQUENCE in BER, its length indefinite.
Bytes indefinite(const Bytes& sequence_der) {
  EXPECT_LT(sequence_der.at(1), 0x80) << "a length of one octet";
  Bytes ber{0x30, 0x80};
  ber.insert(ber.end(), sequence_der.begin() + 2, sequence_der.end());
  ber.insert(ber.end(), {0x00, 0x00});
  return ber;
}

TEST(NamesIssuerBare, IsToldOfWhateverTheReadersTake) {
  const auto serial = asn1::Integer::from(7);
  const auto bare = indefinite(bare_get_cert());
  ASSERT_TRUE(read_get_cert(bare).ok());
  EXPECT_TRUE(names_issuer_bare(control(oid::kGetCert, bare)));
  const auto wrapped = indefinite(wrapped_cert_id());
  ASSERT_TRUE(read_cmc_cert_id(wrapped).ok());
  EXPECT_TRUE(names_issuer_bare(control(oid::kConfirmCertAcceptance, wrapped)));

  const auto general_name = indefinite(write_get_cert({issuer(), serial}));
  ASSERT_TRUE(read_get_cert(general_name).ok());
  EXPECT_FALSE(names_issuer_bare(control(oid::kGetCert, general_name)));
  const auto name = indefinite(write_cmc_cert_id({issuer(), serial}));
  ASSERT_TRUE(read_cmc_cert_id(name).ok());
  EXPECT_FALSE(names_issuer_bare(control(oid::kConfirmCertAcceptance, name)));
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
