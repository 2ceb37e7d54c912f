#include "codec/pkix/certificate.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/asn1/whole.h"
#include "codec/pkix/oids.h"
#include "support/one_more_element.h"
#include "support/shared_data.h"

namespace signet::pkix {
namespace {

using namespace std::chrono_literals;

Bytes certificate_vector(const std::string& name) {
  return test::file(test::source_folder() + "/fuzz/certificate_corpus/" + name + ".der");
}

Certificate certificate(const std::string& name) {
  return read_certificate(certificate_vector(name)).value();
}

/// A certificate of these fields, with a signature of no meaning.
Result<Certificate> read_made(const TBSCertificate& tbs) {
  return read_certificate(
      write_certificate(write_tbs_certificate(tbs), tbs.signature, {{1, 2}, 0}));
}

/// The certificate with `from` replaced by `to`, which are of the same size, at its first place.
Bytes replaced(Bytes octets, std::string_view from, std::string_view to) {
  const auto wanted = from_hex(from).value();
  const auto put = from_hex(to).value();
  const auto at = std::search(octets.begin(), octets.end(), wanted.begin(), wanted.end());
  if (at == octets.end() || wanted.size() != put.size())
    ADD_FAILURE() << from << " is absent";
  else
    std::copy(put.begin(), put.end(), at);
  return octets;
}

TEST(ReadCertificate, ReadsAVersion3Certificate) {
  const auto ca = certificate("rsa-ca");
  EXPECT_EQ(ca->version, 3);
  EXPECT_EQ(to_text(ca->issuer), "CN=Vector,O=Signet Vectors,C=DE");
  EXPECT_EQ(ca->issuer, ca->subject);
  EXPECT_EQ(ca->signature.algorithm, oid::kSha256WithRsa);
  EXPECT_EQ(ca->signature, ca.signature_algorithm);
  EXPECT_EQ(ca->subject_public_key_info.algorithm.algorithm, oid::kRsaEncryption);
  EXPECT_EQ(ca->validity.not_after - ca->validity.not_before, 3650 * 24h);
  EXPECT_EQ(ca.signature_value.octets.size(), 256U);
  EXPECT_EQ(ca->extensions.size(), 8U);
}

TEST(ReadCertificate, KeepsTheOctetsReceived) {
  const auto der = certificate_vector("ec-server");
  const auto server = read_certificate(der).value();
  EXPECT_EQ(server.der, der);
  EXPECT_TRUE(equal(server.tbs.der, ByteView(der).subspan(4, server.tbs.der.size())));
  EXPECT_EQ(server->serial_number.to_hex(), "7fedcba987654321");
}

TEST(ReadCertificate, ReadsAVersion1Certificate) {
  const auto v1 = certificate("ec-v1");
  EXPECT_EQ(v1->version, 1);
  EXPECT_TRUE(v1->extensions.empty());
}

TEST(ReadCertificate, ReadsTimesBeyond2049) {
  const auto user = certificate("ed25519-user");
  EXPECT_GT(user->validity.not_after, Time(std::chrono::sys_days{2050y / 1 / 1}));
}

TEST(WriteCertificate, GivesTheOctetsThatWereRead) {
  for (const auto* name : {"rsa-ca", "ec-server", "ed25519-user", "ec-v1"}) {
    const auto read = certificate(name);
    EXPECT_EQ(write_tbs_certificate(read.tbs.value), read.tbs.der) << name;
    EXPECT_EQ(write_certificate(read.tbs.der, read.signature_algorithm, read.signature_value),
              read.der)
        << name;
  }
}

TEST(ReadCertificate, RefusesEveryTruncation) {
  for (const auto* name : {"rsa-ca", "ec-server", "ed25519-user", "ec-v1"}) {
    const auto der = certificate_vector(name);
    for (std::size_t size = 0; size < der.size(); ++size) {
      EXPECT_EQ(read_certificate(ByteView(der).first(size)).error().fault, Fault::malformed)
          << size;
    }
  }
}

TEST(ReadCertificate, RefusesAnElementTooManyInAnyOfItsParts) {
  for (const auto* name : {"rsa-ca", "ec-server", "ed25519-user", "ec-v1"}) {
    for (const auto& longer : test::with_one_more_element(certificate_vector(name))) {
      EXPECT_FALSE(read_certificate(longer).ok()) << name << " " << to_hex(longer);
    }
  }
}

TEST(ReadCertificate, RefusesEveryOctetAfterItsEnd) {
  auto der = certificate_vector("ed25519-user");
  der.push_back(0);
  for (int octet = 0; octet < 256; ++octet) {
    der.back() = static_cast<std::uint8_t>(octet);
    EXPECT_EQ(read_certificate(der).error().fault, Fault::trailing_data) << octet;
  }
}

TEST(ReadCertificate, SurvivesEveryChangedOctet) {
  const auto der = certificate_vector("ec-server");
  for (std::size_t at = 0; at < der.size(); ++at) {
    for (const int change : {0x01, 0x20, 0x80, 0xFF}) {
      auto changed = der;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
      const auto read = read_certificate(changed);
      if (read.ok()) {
        EXPECT_EQ(read->der, changed);
      }
    }
  }
}

TEST(ReadCertificate, RefusesVersionsThatAreNone) {
  const auto der = certificate_vector("rsa-ca");
  EXPECT_EQ(read_certificate(replaced(der, "A003020102", "A003020103")).error().fault,
            Fault::malformed);
  // v1 is the default, which DER leaves out
  EXPECT_EQ(read_certificate(replaced(der, "A003020102", "A003020100")).error().fault,
            Fault::malformed);
}

TEST(ReadCertificate, RefusesExtensionsBeforeVersion3) {
  auto tbs = certificate("rsa-ca").tbs.value;
  for (const int version : {1, 2}) {
    tbs.version = version;
    EXPECT_EQ(read_made(tbs).error().fault, Fault::malformed) << version;
  }
}

TEST(ReadCertificate, ReadsUniqueIdentifiersFromVersion2On) {
  auto tbs = certificate("ec-v1").tbs.value;
  tbs.issuer_unique_id = BitString{{0xAB}, 0};
  tbs.subject_unique_id = BitString{{0xF0}, 4};
  EXPECT_EQ(read_made(tbs).error().fault, Fault::malformed);
  tbs.version = 2;
  EXPECT_EQ(read_made(tbs).value().tbs.value, tbs);
  tbs.version = 3;
  EXPECT_EQ(read_made(tbs).value().tbs.value, tbs);
}

TEST(ReadCertificate, RefusesTwoSignatureAlgorithms) {
  const auto ca = certificate("rsa-ca");
  const AlgorithmIdentifier other{oid::kSha384WithRsa, Bytes{5, 0}};
  EXPECT_EQ(
      read_certificate(write_certificate(ca.tbs.der, other, ca.signature_value)).error().fault,
      Fault::malformed);
  const AlgorithmIdentifier without_null{oid::kSha256WithRsa, std::nullopt};
  EXPECT_FALSE(
      read_certificate(write_certificate(ca.tbs.der, without_null, ca.signature_value)).ok());
}

TEST(ReadCertificate, ReadsSerialNumbersUpTo64Octets) {
  auto tbs = certificate("ec-v1").tbs.value;
  for (const auto& octets : {Bytes{0}, Bytes{0xFF}, Bytes(64, 0x7F)}) {
    tbs.serial_number.octets = octets;
    EXPECT_EQ(read_made(tbs).value()->serial_number.octets, octets);
  }
  tbs.serial_number.octets = Bytes(65, 0x7F);
  EXPECT_EQ(read_made(tbs).error().fault, Fault::too_large);
}

TEST(ReadCertificate, RefusesTheSameExtensionTwice) {
  auto tbs = certificate("rsa-ca").tbs.value;
  tbs.extensions.push_back(tbs.extensions.front());
  EXPECT_EQ(read_made(tbs).error().fault, Fault::malformed);
}

TEST(ReadCertificate, AcceptsAnEncodedFalseForCritical) {
  const auto* extensions = "3010 300E 0603551D0E 010100 0404 04020102";
  const auto read = asn1::read_whole(from_hex(extensions).value(), asn1::Limits::der(),
                                     [](asn1::Reader& reader) { return read_extensions(reader); });
  EXPECT_FALSE(read.value().front().critical);
}

TEST(ReadCertificate, ReadsDERInsideBEROnly) {
  const auto der = certificate_vector("ed25519-user");
  const auto read = [](asn1::Reader& reader) { return read_certificate(reader); };
  EXPECT_EQ(asn1::read_whole(der, asn1::Limits::ber(), read).value().der, der);
  Bytes indefinite{0x30, 0x80};
  append(indefinite, ByteView(der).subspan(4));
  append(indefinite, Bytes{0, 0});
  EXPECT_EQ(asn1::read_whole(indefinite, asn1::Limits::ber(), read).error().fault,
            Fault::malformed);
}

TEST(Certificate, KnowsItsKeyIdentifierAndPurposes) {
  const auto server = certificate("ec-server");
  EXPECT_EQ(server.subject_key_identifier().value().size(), 20U);
  EXPECT_TRUE(server.has_extended_key_usage(oid::kServerAuth));
  EXPECT_TRUE(server.has_extended_key_usage(oid::kCmcCA));
  EXPECT_FALSE(server.has_extended_key_usage(oid::kCmcRA));
  const auto v1 = certificate("ec-v1");
  EXPECT_FALSE(v1.subject_key_identifier().has_value());
  EXPECT_FALSE(v1.has_extended_key_usage(oid::kServerAuth));
}

TEST(Certificate, HasNoKeyIdentifierWhenItIsMalformed) {
  auto made = certificate("ec-v1");
  made.tbs.value.extensions = {{oid::kSubjectKeyIdentifier, false, {0x04, 0x02, 0x01}},
                               {oid::kExtendedKeyUsage, false, {0x30, 0x00}}};
  EXPECT_FALSE(made.subject_key_identifier().has_value());
  EXPECT_FALSE(made.has_extended_key_usage(oid::kServerAuth));
}

TEST(ReadSubjectPublicKeyInfo, KeepsASequenceAlsoUnderAnImplicitTag) {
  const auto key = certificate("ec-v1")->subject_public_key_info;
  const auto tagged = asn1::with_tag(key.der, asn1::context_constructed(6));
  const auto read = asn1::read_whole(tagged, asn1::Limits::der(), [](asn1::Reader& reader) {
    return read_subject_public_key_info(reader, asn1::context_constructed(6));
  });
  EXPECT_EQ(read.value(), key);
  EXPECT_EQ(read.value().algorithm.algorithm, oid::kEcPublicKey);
}

TEST(ReadSubjectPublicKeyInfo, RefusesBER) {
  auto octets = certificate("ec-server")->subject_public_key_info.der;
  EXPECT_TRUE(read_subject_public_key_info(octets).ok());
  ASSERT_LT(octets[1], 0x80);
  octets.insert(octets.begin() + 1, 0x81);  // the long form of a short length
  EXPECT_EQ(read_subject_public_key_info(octets).error().fault, Fault::malformed);
}

TEST(ReadCertificate, ReadsThoseOfOthers) {
  SIGNET_NEEDS_SHARED("spec/vectors/ca-cert.der");
  const auto ca = read_certificate(test::shared_file("spec/vectors/ca-cert.der")).value();
  EXPECT_EQ(to_text(ca->subject), "CN=Vector CA");
  EXPECT_TRUE(ca.has_extended_key_usage(oid::kCmcCA));
  EXPECT_EQ(write_tbs_certificate(ca.tbs.value), ca.tbs.der);
}

TEST(ReadCertificate, ReadsThoseOfDogtag) {
  SIGNET_NEEDS_SHARED("interop/dogtag");
  for (const auto* name : {"interop/dogtag/caadmin.crt", "interop/dogtag/kra.crt"}) {
    const auto pem = from_pem(as_text(test::shared_file(name))).value();
    const auto read = read_certificate(pem.at(0).octets);
    ASSERT_TRUE(read.ok()) << name << ": " << read.error().detail;
    EXPECT_EQ(write_tbs_certificate(read->tbs.value), read->tbs.der) << name;
  }
}

}  // namespace
}  // namespace signet::pkix
