#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/cms/cms.h"
#include "codec/pkix/oids.h"
#include "support/octets.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::cms {
namespace {

using asn1::context_constructed;
using asn1::Writer;
using test::hex;
using test::unwrap;

constexpr Oid kPKIData{"1.3.6.1.5.5.7.12.2"};
const AlgorithmIdentifier kSha256{pkix::oid::kSha256, std::nullopt};
const AlgorithmIdentifier kEcdsa{pkix::oid::kEcdsaWithSha256, std::nullopt};
const SubjectKeyIdentifier kKey{{1, 2, 3, 4}};

pkix::Name name(std::string_view text) {
  return unwrap(pkix::name_from_text(text));
}

/// A certificate in form only: nobody has signed it.
pkix::Certificate certificate(std::uint64_t serial_number) {
  pkix::TBSCertificate tbs;
  tbs.serial_number = Integer::from(serial_number);
  tbs.signature = kEcdsa;
  tbs.issuer = name("CN=Test CA");
  tbs.subject = name("CN=Alice");
  tbs.subject_public_key_info.der = hex("300a300506032b6570030100");
  const auto der = pkix::write_certificate(pkix::write_tbs_certificate(tbs), kEcdsa, {{0xAA}, 0});
  return unwrap(pkix::read_certificate(der));
}

pkix::CertificateList revocation_list() {
  pkix::TBSCertList tbs;
  tbs.signature = kEcdsa;
  tbs.issuer = name("CN=Test CA");
  const auto der =
      pkix::write_certificate_list(pkix::write_tbs_cert_list(tbs), kEcdsa, {{0xBB}, 0});
  return unwrap(pkix::read_certificate_list(der));
}

SignerInfo signer(SignerIdentifier sid = kKey) {
  SignerInfo made;
  made.sid = std::move(sid);
  made.digest_algorithm = kSha256;
  made.signed_attrs = {{pkix::oid::kMessageDigest, {hex("0402abcd")}},
                       {pkix::oid::kContentType,
                        {hex("06082b060105050707"
                             "02")}}};
  made.signature_algorithm = kEcdsa;
  made.signature = hex("5151");
  return made;
}

SignedData request() {
  SignedData made;
  made.digest_algorithms = {kSha256};
  made.encap_content_info = {kPKIData, hex("3000")};
  made.signer_infos = {signer()};
  return made;
}

SignedData read_back(const SignedData& signed_data) {
  return unwrap(read_signed_data(write_signed_data(signed_data)));
}

TEST(SignedData, ReadsBackAsWritten) {
  auto made = request();
  made.certificates = {certificate(2), certificate(1)};
  made.crls = {revocation_list()};
  made.signer_infos.push_back(signer(IssuerAndSerialNumber{name("CN=Alice"), Integer::from(7)}));
  made.signer_infos.back().unsigned_attrs = {{pkix::oid::kSigningTime, {hex("0500")}}};

  const auto read = read_back(made);
  EXPECT_EQ(read.version, 3);
  EXPECT_EQ(read.digest_algorithms, made.digest_algorithms);
  EXPECT_EQ(read.encap_content_info, made.encap_content_info);
  ASSERT_EQ(read.certificates.size(), 2U);
  EXPECT_EQ(read.certificates[0], made.certificates[1]);
  EXPECT_EQ(read.certificates[1], made.certificates[0]);
  ASSERT_EQ(read.crls.size(), 1U);
  EXPECT_EQ(read.crls[0].der, made.crls[0].der);
  ASSERT_EQ(read.signer_infos.size(), 2U);
  const auto& by_name = read.signer_infos[1];
  EXPECT_EQ(by_name.version, 1);
  EXPECT_EQ(by_name.sid, made.signer_infos[1].sid);
  EXPECT_EQ(by_name.unsigned_attrs, made.signer_infos[1].unsigned_attrs);
  const auto& by_key = read.signer_infos[0];
  EXPECT_EQ(by_key.version, 3);
  EXPECT_EQ(by_key.sid, SignerIdentifier(kKey));
  EXPECT_EQ(by_key.digest_algorithm, kSha256);
  EXPECT_EQ(by_key.signature_algorithm, kEcdsa);
  EXPECT_EQ(by_key.signature, hex("5151"));
  EXPECT_TRUE(by_key.unsigned_attrs.empty());
  EXPECT_EQ(write_signed_data(read), write_signed_data(made));
}

TEST(SignedData, IsVersion1OnlyForPlainDataSignedByName) {
  auto certs_only = SignedData{};
  certs_only.encap_content_info = {oid::kData, std::nullopt};
  EXPECT_EQ(read_back(certs_only).version, 1);
  certs_only.signer_infos = {signer(IssuerAndSerialNumber{})};
  EXPECT_EQ(read_back(certs_only).version, 1);
  certs_only.signer_infos = {signer()};
  EXPECT_EQ(read_back(certs_only).version, 3);
  certs_only.signer_infos.clear();
  certs_only.encap_content_info.e_content_type = kPKIData;
  EXPECT_EQ(read_back(certs_only).version, 3);
}

TEST(SignedData, KeepsAbsentContentApartFromEmptyContent) {
  auto made = request();
  made.encap_content_info.e_content = std::nullopt;
  EXPECT_EQ(read_back(made).encap_content_info.e_content, std::nullopt);
  made.encap_content_info.e_content = Bytes{};
  EXPECT_EQ(read_back(made).encap_content_info.e_content, Bytes{});
}

/// SignedData around signerInfos and certificates that are given as octets.
struct Octets {
  int version = 3;
  std::string content =
      "30110608"
      "2b06010505070c02"
      "a00504033000ff";
  std::string certificates = {};
  std::string signer_infos = "3100";
};
Bytes signed_data(const Octets& octets) {
  Writer writer;
  writer.sequence([&] {
    writer.integer(octets.version);
    writer.raw(hex("3100"));
    writer.raw(hex(octets.content));
    writer.raw(hex(octets.certificates));
    writer.raw(hex(octets.signer_infos));
  });
  return std::move(writer).take();
}

Fault fault_of(const Octets& octets) {
  return read_signed_data(signed_data(octets)).error().fault;
}

TEST(SignedData, ReadsWrongVersionsButNoneBeyond5) {
  EXPECT_EQ(read_signed_data(signed_data({.version = 0}))->version, 0);
  EXPECT_EQ(read_signed_data(signed_data({.version = 5}))->version, 5);
  EXPECT_EQ(fault_of({.version = 6}), Fault::malformed);
  EXPECT_EQ(fault_of({.version = -1}), Fault::malformed);
}

TEST(SignedData, AcceptsEmptyCertificatesAndNotesThem) {
  const auto read = read_signed_data(signed_data({.certificates = "a000"}));
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->has_empty_certificates);
  EXPECT_FALSE(read_signed_data(signed_data({}))->has_empty_certificates);
}

TEST(SignedData, PassesOverCertificatesOfOtherKindsAndCountsThem) {
  const auto read = read_signed_data(signed_data({.certificates = "a006a0000000"}));
  EXPECT_EQ(read.error().fault, Fault::malformed);
  const auto others = read_signed_data(signed_data({.certificates = "a008a000a100a200a300"}));
  ASSERT_TRUE(others.ok());
  EXPECT_EQ(others->other_certificates, 4U);
  EXPECT_FALSE(others->has_empty_certificates);
  EXPECT_EQ(fault_of({.certificates = "a002a400"}), Fault::malformed);
  EXPECT_EQ(fault_of({.certificates = "a0020500"}), Fault::malformed);
  for (const auto* no_choice : {"a0028000", "a0022100", "a0026100", "a002e100"}) {
    EXPECT_EQ(fault_of({.certificates = no_choice}), Fault::malformed) << no_choice;
  }
}

TEST(SignedData, PassesOverRevocationInformationOfOtherKinds) {
  EXPECT_TRUE(read_signed_data(signed_data({.certificates = "a102a100"})).ok());
  EXPECT_EQ(fault_of({.certificates = "a102a200"}), Fault::malformed);
}

TEST(SignedData, RefusesPartsOutOfPlace) {
  EXPECT_EQ(fault_of({.certificates = "a100a000"}), Fault::malformed);
  EXPECT_EQ(fault_of({.content = ""}), Fault::malformed);
  EXPECT_EQ(fault_of({.signer_infos = ""}), Fault::malformed);
  EXPECT_EQ(fault_of({.signer_infos = "31003100"}), Fault::trailing_data);
}

/// "[0] IMPLICIT" of signedAttrs, in place of the one that `signer()` has.
Bytes with_signed_attributes(std::string_view attributes) {
  Writer writer;
  writer.sequence([&] {
    writer.integer(3);
    writer.raw(hex("80020102"));
    pkix::write_algorithm_identifier(writer, kSha256);
    writer.raw(hex(attributes));
    pkix::write_algorithm_identifier(writer, kEcdsa);
    writer.octet_string(hex("51"));
  });
  Octets octets;
  octets.signer_infos =
      "31" + to_hex(Bytes{static_cast<std::uint8_t>(writer.view().size())}) + to_hex(writer.view());
  return signed_data(octets);
}

TEST(SignerInfo, KeepsSignedAttributesAsReceivedUnderTheSetTag) {
  // Not sorted, as some signers send them: the octets that they signed stay.
  const std::string attributes =
      "300906035504043102"
      "0500"
      "3009"
      "0603550403"
      "31020500";
  const auto read = read_signed_data(with_signed_attributes("a016" + attributes));
  ASSERT_TRUE(read.ok()) << read.error().detail;
  EXPECT_EQ(to_hex(*read->signer_infos[0].signed_attrs_der), "3116" + attributes);
  EXPECT_EQ(read->signer_infos[0].signed_attrs.size(), 2U);
}

TEST(SignerInfo, PutsSignedAttributesInBerIntoDer) {
  const auto read =
      read_signed_data(with_signed_attributes("a080"
                                              "3080"
                                              "0603550404"
                                              "3181"
                                              "07"
                                              "2480"
                                              "0401aa"
                                              "0000"
                                              "0000"
                                              "3009"
                                              "0603550403"
                                              "31020500"
                                              "0000"));
  ASSERT_TRUE(read.ok()) << read.error().detail;
  EXPECT_EQ(to_hex(*read->signer_infos[0].signed_attrs_der),
            "3117"
            "3009"
            "0603550403"
            "31020500"
            "300a"
            "0603550404"
            "31030401aa");
}

TEST(SignerInfo, WritesSignedAttributesThatHaveOctetsAsTheseOctets) {
  auto made = request();
  made.signer_infos[0].signed_attrs_der = hex("310b3009060355040331020500");
  const auto octets = to_hex(write_signed_data(made));
  EXPECT_NE(octets.find("a00b3009060355040331020500"), std::string::npos);
}

TEST(SignerInfo, WritesOtherSignedAttributesSorted) {
  auto made = request();
  const auto sorted = write_signed_data(made);
  std::swap(made.signer_infos[0].signed_attrs[0], made.signer_infos[0].signed_attrs[1]);
  EXPECT_EQ(write_signed_data(made), sorted);
}

TEST(SignerInfo, RefusesEmptyAndRepeatedAttributes) {
  EXPECT_EQ(read_signed_data(with_signed_attributes("a000")).error().fault, Fault::malformed);
  const std::string one = "3009060355040331020500";
  EXPECT_TRUE(read_signed_data(with_signed_attributes("a00b" + one)).ok());
  EXPECT_EQ(read_signed_data(with_signed_attributes("a016" + one + one)).error().fault,
            Fault::malformed);
}

TEST(SignerInfo, DoesWithoutSignedAttributes) {
  const auto read = read_signed_data(with_signed_attributes(""));
  ASSERT_TRUE(read.ok());
  EXPECT_FALSE(read->signer_infos[0].signed_attrs_der);
  EXPECT_TRUE(read->signer_infos[0].signed_attrs.empty());
}

TEST(SignedData, ReadsAShellInBer) {
  const auto read =
      read_signed_data(hex("3080"
                           "020103"
                           "3100"
                           "3080"
                           "06082b06010505070c02"
                           "a080"
                           "2480"
                           "04023003"
                           "2480"
                           "0401"
                           "02"
                           "0000"
                           "04020105"
                           "0000"
                           "0000"
                           "0000"
                           "3100"
                           "0000"));
  ASSERT_TRUE(read.ok()) << read.error().detail;
  EXPECT_EQ(to_hex(*read->encap_content_info.e_content), "3003020105");
  EXPECT_EQ(read_signed_data(hex("3080020103"), asn1::Limits::der()).error().fault,
            Fault::malformed);
}

TEST(SignedData, IsRefusedWhereverItIsCutShort) {
  auto made = request();
  made.certificates = {certificate(1)};
  const auto octets = write_signed_data(made);
  for (std::size_t size = 0; size < octets.size(); ++size) {
    const auto read = read_signed_data(ByteView(octets).first(size));
    ASSERT_FALSE(read.ok()) << size;
    EXPECT_EQ(read.error().fault, Fault::malformed) << size;
  }
}

TEST(SignedData, RefusesOctetsAfterItsEnd) {
  auto octets = write_signed_data(request());
  octets.push_back(0);
  EXPECT_EQ(read_signed_data(octets).error().fault, Fault::trailing_data);
}

TEST(ContentInfo, ReadsBackAsWritten) {
  const auto octets = write_content_info(oid::kData, hex("04020304"));
  const auto read = read_content_info(octets);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->content_type, oid::kData);
  EXPECT_EQ(read->content, hex("04020304"));
  EXPECT_EQ(read->der, octets);
}

TEST(ContentInfo, HoldsExactlyOneElement) {
  EXPECT_EQ(read_content_info(hex("300706032a0304a000")).error().fault, Fault::malformed);
  EXPECT_EQ(read_content_info(hex("300b06032a0304a00405000500")).error().fault,
            Fault::trailing_data);
  EXPECT_EQ(read_content_info(hex("300506032a0304")).error().fault, Fault::malformed);
  EXPECT_EQ(read_content_info(hex("300b06032a0304a00205000500")).error().fault,
            Fault::trailing_data);
}

TEST(SignedData, ReadsTheKnownFullRequest) {
  SIGNET_NEEDS_SHARED("spec/vectors/fullreq-p10.der");
  const auto content_info =
      unwrap(read_content_info(test::shared_file("spec/vectors/fullreq-p10.der")));
  EXPECT_EQ(content_info.content_type, oid::kSignedData);
  const auto read = unwrap(read_signed_data(content_info.content));
  EXPECT_EQ(read.version, 3);
  EXPECT_EQ(read.encap_content_info.e_content, test::shared_file("spec/vectors/pkidata-p10.der"));
  ASSERT_EQ(read.signer_infos.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<SubjectKeyIdentifier>(read.signer_infos[0].sid));
  EXPECT_EQ(write_content_info(oid::kSignedData, write_signed_data(read)), content_info.der);
}

TEST(SignedData, ReadsTheKnownCertsOnlyResponse) {
  SIGNET_NEEDS_SHARED("spec/vectors/certsonly.der");
  const auto content_info =
      unwrap(read_content_info(test::shared_file("spec/vectors/certsonly.der")));
  const auto read = unwrap(read_signed_data(content_info.content));
  EXPECT_EQ(read.version, 1);
  EXPECT_EQ(read.encap_content_info, (EncapsulatedContentInfo{oid::kData, std::nullopt}));
  EXPECT_EQ(read.certificates.size(), 2U);
  EXPECT_TRUE(read.signer_infos.empty());
}

}  // namespace
}  // namespace signet::cms
