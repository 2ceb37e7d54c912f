#include "codec/ocsp/request.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/ocsp/oids.h"
#include "codec/pkix/oids.h"
#include "support/one_more_element.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::ocsp {
namespace {

using asn1::Writer;
using test::unwrap;

constexpr std::array<const char*, 4> kRequestVectors = {"nonce", "plain", "three", "signed"};

Bytes request_vector(const std::string& name) {
  return test::file(test::source_folder() + "/fuzz/ocsp_request_corpus/" + name + ".der");
}

OCSPRequest request(const std::string& name) {
  return unwrap(read_ocsp_request(request_vector(name)));
}

Fault fault_of_tbs(const Bytes& tbs_der) {
  return read_ocsp_request(write_ocsp_request(tbs_der)).error().fault;
}

/// A TBSRequest whose fields are what `fields` writes.
template <typename Fields>
Bytes tbs_of(Fields&& fields) {
  Writer writer;
  writer.sequence([&] { fields(writer); });
  return std::move(writer).take();
}

void write_list(Writer& writer) {
  writer.sequence([&] {
    writer.sequence(
        [&] { writer.raw(request("plain").tbs_request.value.request_list[0].req_cert.der); });
  });
}

TEST(ReadOCSPRequest, ReadsACertIDAndANonceOfOpenSSL) {
  const auto tbs = request("nonce").tbs_request.value;
  ASSERT_EQ(tbs.request_list.size(), 1U);
  const auto& cert_id = tbs.request_list[0].req_cert.value;
  EXPECT_EQ(cert_id.hash_algorithm.algorithm, pkix::oid::kSha1);
  EXPECT_EQ(cert_id.issuer_name_hash.size(), 20U);
  EXPECT_EQ(cert_id.issuer_key_hash.size(), 20U);
  EXPECT_EQ(cert_id.serial_number, pkix::Integer::from(10));
  const auto* nonce = pkix::find_extension(tbs.request_extensions, oid::kNonce);
  ASSERT_NE(nonce, nullptr);
  EXPECT_EQ(unwrap(read_nonce(nonce->extn_value)).size(), 16U);
  EXPECT_FALSE(tbs.requestor_name);
}

TEST(ReadOCSPRequest, ReadsSeveralCertIDsInTheirOrder) {
  const auto tbs = request("three").tbs_request.value;
  ASSERT_EQ(tbs.request_list.size(), 3U);
  EXPECT_EQ(tbs.request_list[0].req_cert.value.hash_algorithm.algorithm, pkix::oid::kSha256);
  EXPECT_EQ(tbs.request_list[2].req_cert.value.serial_number, pkix::Integer::from(12));
  EXPECT_TRUE(tbs.request_extensions.empty());
}

TEST(ReadOCSPRequest, KeepsTheRequestorAndTheSignature) {
  const auto read = request("signed");
  ASSERT_TRUE(read.tbs_request.value.requestor_name);
  EXPECT_EQ(pkix::to_text(*read.tbs_request.value.requestor_name),
            "DirName:CN=Responder,O=Signet Vectors");
  ASSERT_TRUE(read.optional_signature);
  EXPECT_EQ(read.optional_signature->certs.size(), 1U);
  EXPECT_EQ(read.optional_signature->signature_algorithm.algorithm, pkix::oid::kEcdsaWithSha256);
}

TEST(WriteOCSPRequest, GivesTheOctetsThatWereRead) {
  for (const auto* name : kRequestVectors) {
    const auto read = request(name);
    EXPECT_EQ(write_tbs_request(read.tbs_request.value), read.tbs_request.der) << name;
    EXPECT_EQ(write_ocsp_request(read.tbs_request.der, read.optional_signature),
              request_vector(name));
    const auto& cert_id = read.tbs_request.value.request_list[0].req_cert;
    EXPECT_EQ(write_cert_id(cert_id.value), cert_id.der) << name;
  }
}

TEST(ReadOCSPRequest, RefusesEveryTruncationAndTrailingOctet) {
  for (const auto* name : kRequestVectors) {
    auto der = request_vector(name);
    for (std::size_t size = 0; size < der.size(); ++size) {
      EXPECT_EQ(read_ocsp_request(ByteView(der).first(size)).error().fault, Fault::malformed);
    }
    der.push_back(0);
    EXPECT_EQ(read_ocsp_request(der).error().fault, Fault::trailing_data) << name;
  }
}

TEST(ReadOCSPRequest, RefusesAnElementTooManyInAnyOfItsParts) {
  for (const auto* name : kRequestVectors) {
    for (const auto& longer : test::with_one_more_element(request_vector(name))) {
      EXPECT_FALSE(read_ocsp_request(longer).ok()) << name << " " << to_hex(longer);
    }
  }
}

TEST(ReadOCSPRequest, RefusesAVersionThatIsWritten) {
  for (const std::int64_t version : {0, 1}) {
    const auto tbs = tbs_of([&](Writer& writer) {
      writer.constructed(asn1::context_constructed(0), [&] { writer.integer(version); });
      write_list(writer);
    });
    EXPECT_EQ(fault_of_tbs(tbs), Fault::malformed) << version;
  }
  EXPECT_TRUE(read_ocsp_request(write_ocsp_request(tbs_of(write_list))).ok());
}

TEST(ReadOCSPRequest, RefusesAnEmptyList) {
  EXPECT_EQ(fault_of_tbs(tbs_of([](Writer& writer) { writer.sequence([] {}); })), Fault::malformed);
}

TEST(ReadOCSPRequest, RefusesTheSameExtensionTwiceAndEmptyExtensions) {
  auto tbs = request("nonce").tbs_request.value;
  tbs.request_extensions.push_back(tbs.request_extensions.front());
  EXPECT_EQ(fault_of_tbs(write_tbs_request(tbs)), Fault::malformed);
  const auto empty = tbs_of([](Writer& writer) {
    write_list(writer);
    writer.constructed(asn1::context_constructed(2), [&] { writer.sequence([] {}); });
  });
  EXPECT_EQ(fault_of_tbs(empty), Fault::malformed);
}

TEST(ReadOCSPRequest, RefusesFieldsInAnotherOrder) {
  const auto tbs = tbs_of([](Writer& writer) {
    write_list(writer);
    writer.constructed(asn1::context_constructed(1),
                       [&] { pkix::write_general_name(writer, pkix::DnsName{"host.example"}); });
  });
  EXPECT_EQ(fault_of_tbs(tbs), Fault::trailing_data);
}

TEST(ReadOCSPRequest, RefusesMoreThanARequestCanNeed) {
  auto tbs = request("plain").tbs_request.value;
  tbs.request_list.resize(2'000, tbs.request_list.front());
  EXPECT_EQ(fault_of_tbs(write_tbs_request(tbs)), Fault::too_large);
}

TEST(Nonce, IsInDer) {
  EXPECT_EQ(unwrap(read_nonce(Bytes{0x04, 1, 7})), Bytes{7});
  EXPECT_FALSE(read_nonce(Bytes{0x04, 0x81, 1, 7}).ok());
  EXPECT_FALSE(read_nonce(Bytes{0x24, 3, 0x04, 1, 7}).ok());
}

TEST(Nonce, HasOneTo128Octets) {
  for (const std::size_t size : {1U, 16U, 32U, 128U}) {
    EXPECT_EQ(unwrap(read_nonce(write_nonce(Bytes(size, 7)))), Bytes(size, 7));
  }
  for (const std::size_t size : {0U, 129U}) {
    EXPECT_EQ(read_nonce(write_nonce(Bytes(size, 7))).error().fault, Fault::malformed) << size;
  }
  EXPECT_EQ(read_nonce(Bytes{1, 2, 3}).error().fault, Fault::malformed) << "no OCTET STRING";
  EXPECT_EQ(read_nonce(Bytes{4, 1, 3, 0}).error().fault, Fault::trailing_data);
}

}  // namespace
}  // namespace signet::ocsp
