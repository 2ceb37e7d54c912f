#include "codec/pkix/certification_request.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/asn1/whole.h"
#include "codec/pkix/oids.h"
#include "support/shared_data.h"

namespace signet::pkix {
namespace {

constexpr std::array<const char*, 4> kRequestVectors = {"rsa-extensions", "ec-null-name",
                                                        "ed25519-challenge", "ec-plain"};

Bytes request_vector(const std::string& name) {
  return test::file(test::source_folder() + "/fuzz/certification_request_corpus/" + name + ".der");
}

CertificationRequest request(const std::string& name) {
  return read_certification_request(request_vector(name)).value();
}

Result<CertificationRequest> read_made(ByteView info_der) {
  return read_certification_request(
      write_certification_request(info_der, {oid::kEcdsaWithSha256, std::nullopt}, {{1, 2}, 0}));
}

/// The parts of a CertificationRequestInfo, to be put together wrongly.
Bytes info_of(std::int64_t version, std::string_view attributes_tlv) {
  const auto sound = request("ec-plain").info.value;
  asn1::Writer writer;
  writer.sequence([&] {
    writer.integer(version);
    write_name(writer, sound.subject);
    writer.raw(sound.subject_public_key_info.der);
    writer.raw(from_hex(attributes_tlv).value());
  });
  return std::move(writer).take();
}

CertificationRequestInfo info_with(std::vector<Attribute> attributes) {
  CertificationRequestInfo info;
  info.attributes = std::move(attributes);
  return info;
}

TEST(ReadCertificationRequest, ReadsSubjectKeyAndExtensions) {
  const auto read = request("rsa-extensions");
  EXPECT_EQ(read.info.value.version, 1);
  EXPECT_EQ(to_text(read.info.value.subject), "CN=Vector,O=Signet Vectors,C=DE");
  EXPECT_EQ(read.signature_algorithm.algorithm, oid::kSha256WithRsa);
  const auto extensions = requested_extensions(read.info.value).value();
  ASSERT_EQ(extensions.size(), 2U);
  EXPECT_TRUE(extensions[0].critical);
  EXPECT_EQ(
      read_alternative_name(find_extension(extensions, oid::kSubjectAltName)->extn_value).value(),
      GeneralNames{Rfc822Name{"alice@example.org"}});
}

TEST(ReadCertificationRequest, ReadsTheNullSubject) {
  /* matrix: E27 */
  const auto read = request("ec-null-name");
  EXPECT_TRUE(read.info.value.subject.empty());
  EXPECT_EQ(requested_extensions(read.info.value).value().size(), 5U);
}

TEST(ReadCertificationRequest, ReadsOtherAttributesAndNone) {
  const auto challenge = request("ed25519-challenge").info.value;
  EXPECT_NE(find_attribute(challenge.attributes, oid::kChallengePassword), nullptr);
  EXPECT_TRUE(requested_extensions(challenge).value().empty());
  EXPECT_TRUE(request("ec-plain").info.value.attributes.empty());
}

TEST(WriteCertificationRequest, GivesTheOctetsThatWereRead) {
  for (const auto* name : kRequestVectors) {
    const auto read = request(name);
    EXPECT_EQ(write_certification_request_info(read.info.value), read.info.der) << name;
    EXPECT_EQ(write_certification_request(read.info.der, read.signature_algorithm, read.signature),
              request_vector(name))
        << name;
  }
}

TEST(ReadCertificationRequest, RefusesEveryTruncation) {
  for (const auto* name : kRequestVectors) {
    const auto der = request_vector(name);
    for (std::size_t size = 0; size < der.size(); ++size) {
      EXPECT_EQ(read_certification_request(ByteView(der).first(size)).error().fault,
                Fault::malformed)
          << name << " " << size;
    }
  }
}

TEST(ReadCertificationRequest, RefusesEveryOctetAfterItsEnd) {
  auto der = request_vector("ec-plain");
  der.push_back(0);
  for (int octet = 0; octet < 256; ++octet) {
    der.back() = static_cast<std::uint8_t>(octet);
    EXPECT_EQ(read_certification_request(der).error().fault, Fault::trailing_data) << octet;
  }
}

TEST(ReadCertificationRequest, SurvivesEveryChangedOctet) {
  const auto der = request_vector("ec-null-name");
  for (std::size_t at = 0; at < der.size(); ++at) {
    for (const int change : {0x01, 0x20, 0x80, 0xFF}) {
      auto changed = der;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
      const auto read = read_certification_request(changed);
      if (read.ok() && requested_extensions(read->info.value).ok()) {
        EXPECT_EQ(read->der, changed);
      }
    }
  }
}

TEST(ReadCertificationRequest, RefusesOtherVersions) {
  EXPECT_TRUE(read_made(info_of(0, "A000")).ok());
  EXPECT_EQ(read_made(info_of(1, "A000")).error().fault, Fault::malformed);
  EXPECT_EQ(read_made(info_of(-1, "A000")).error().fault, Fault::malformed);
}

TEST(ReadCertificationRequest, RefusesAbsentAttributes) {
  EXPECT_EQ(read_made(info_of(0, "")).error().fault, Fault::malformed);
}

TEST(ReadCertificationRequest, RefusesAnElementTooManyInItsInfoAndInAnAttribute) {
  EXPECT_TRUE(read_made(info_of(0, "A00C 300A 0603550403 3103 0C0141")).ok());
  EXPECT_EQ(read_made(info_of(0, "A00C 300A 0603550403 3103 0C0141 0500")).error().fault,
            Fault::trailing_data);
  EXPECT_EQ(read_made(info_of(0, "A00E 300C 0603550403 3103 0C0141 0500")).error().fault,
            Fault::trailing_data);
}

TEST(ReadCertificationRequest, RefusesAttributesWithoutValueOrTwice) {
  EXPECT_EQ(read_made(info_of(0, "A00F 300D 0609 2A864886F70D010907 3100")).error().fault,
            Fault::malformed);
  EXPECT_EQ(read_made(info_of(0, "A018 300A 0603550403 3103 0C0141 300A 0603550403 3103 0C0142"))
                .error()
                .fault,
            Fault::malformed);
}

TEST(ReadCertificationRequest, ReadsDERInsideBEROnly) {
  const auto der = request_vector("ec-plain");
  const auto read = [](asn1::Reader& reader) { return read_certification_request(reader); };
  EXPECT_EQ(asn1::read_whole(der, asn1::Limits::ber(), read).value().der, der);
  Bytes indefinite{0x30, 0x80};
  append(indefinite, ByteView(der).subspan(3));
  append(indefinite, Bytes{0, 0});
  EXPECT_EQ(asn1::read_whole(indefinite, asn1::Limits::ber(), read).error().fault,
            Fault::malformed);
}

TEST(RequestedExtensions, AreReadBackAsWritten) {
  /* matrix: E04 */
  const Extensions wanted = {{oid::kKeyUsage, true, write_key_usage({1})},
                             {oid::kSubjectKeyIdentifier, false, {4, 1, 7}}};
  const auto info = info_with({extension_request(wanted)});
  EXPECT_EQ(requested_extensions(info).value(), wanted);
}

TEST(RequestedExtensions, RefusesTwoLists) {
  const auto attribute = extension_request({{oid::kKeyUsage, true, write_key_usage({1})}});
  const auto two_attributes = info_with({attribute, attribute});
  EXPECT_EQ(requested_extensions(two_attributes).error().fault, Fault::malformed);
  auto two_values = attribute;
  two_values.values.push_back(two_values.values.front());
  EXPECT_EQ(requested_extensions(info_with({two_values})).error().fault, Fault::malformed);
}

TEST(RequestedExtensions, RefusesListsThatAreNone) {
  const auto fault_of = [](std::string_view value) {
    const Attribute attribute{oid::kExtensionRequest, {from_hex(value).value()}};
    return requested_extensions(info_with({attribute})).error().fault;
  };
  EXPECT_EQ(fault_of("3000"), Fault::malformed);
  EXPECT_EQ(fault_of("0500"), Fault::malformed);
  EXPECT_EQ(fault_of("3009 3007 0603551D0F 0400 00"), Fault::trailing_data);
  EXPECT_EQ(fault_of("308109 3007 0603551D0F 0400"), Fault::malformed) << "BER";
  EXPECT_EQ(fault_of("3012 3007 0603551D0F 0400 3007 0603551D0F 0400"), Fault::malformed);
}

TEST(ReadCertificationRequest, ReadsThoseOfOthers) {
  SIGNET_NEEDS_SHARED("interop/seeds/csr-parse_seed_corpus");
  for (const auto* name :
       {"spec/vectors/p10-nosignature.der", "interop/seeds/csr-parse_seed_corpus/full.der",
        "interop/seeds/csr-parse_seed_corpus/minimal.der"}) {
    const auto der = test::shared_file(name);
    const auto read = read_certification_request(der);
    ASSERT_TRUE(read.ok()) << name << ": " << read.error().detail;
    EXPECT_EQ(write_certification_request_info(read->info.value), read->info.der) << name;
  }
}

}  // namespace
}  // namespace signet::pkix
