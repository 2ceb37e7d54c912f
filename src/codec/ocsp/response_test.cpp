#include "codec/ocsp/response.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/encoding.h"
#include "codec/ocsp/oids.h"
#include "codec/pkix/oids.h"
#include "support/one_more_element.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::ocsp {
namespace {

using namespace std::chrono_literals;
using test::unwrap;

constexpr std::array<const char*, 3> kSuccessful = {"good-by-name", "three-by-key", "no-certs"};

Bytes response_vector(const std::string& name) {
  return test::file(test::source_folder() + "/fuzz/ocsp_response_corpus/" + name + ".der");
}

BasicOCSPResponse basic(const std::string& name) {
  const auto response = unwrap(read_ocsp_response(response_vector(name)));
  EXPECT_EQ(response.response_status, OCSPResponseStatus::successful);
  EXPECT_EQ(response.response_bytes->response_type, oid::kBasic);
  return unwrap(read_basic_ocsp_response(response.response_bytes->response));
}

Bytes write(const BasicOCSPResponse& basic) {
  const auto data = write_response_data(basic.tbs_response_data.value);
  return write_basic_ocsp_response({.tbs_response_data_der = data,
                                    .signature_algorithm = basic.signature_algorithm,
                                    .signature = basic.signature,
                                    .certs = basic.certs});
}

Fault fault_of(const BasicOCSPResponse& made) {
  return read_basic_ocsp_response(write(made)).error().fault;
}

TEST(ReadOCSPResponse, ReadsGoodByNameWithNonceAndCertificate) {
  const auto read = basic("good-by-name");
  const auto& data = read.tbs_response_data.value;
  EXPECT_EQ(pkix::to_text(std::get<pkix::Name>(data.responder_id)),
            "CN=Responder,O=Signet Vectors");
  ASSERT_EQ(data.responses.size(), 1U);
  EXPECT_EQ(data.responses[0].cert_status, CertStatus(Good{}));
  EXPECT_EQ(data.responses[0].this_update, data.produced_at);
  EXPECT_EQ(data.responses[0].next_update.value() - data.responses[0].this_update, 7 * 24h);
  EXPECT_NE(pkix::find_extension(data.response_extensions, oid::kNonce), nullptr);
  ASSERT_EQ(read.certs.size(), 1U);
  EXPECT_TRUE(read.certs[0].has_extended_key_usage(pkix::oid::kOcspSigning));
}

TEST(ReadOCSPResponse, ReadsRevokedAndUnknownByKey) {
  const auto data = basic("three-by-key").tbs_response_data.value;
  EXPECT_EQ(std::get<KeyHash>(data.responder_id).octets.size(), 20U);
  ASSERT_EQ(data.responses.size(), 3U);
  const auto& revoked = std::get<RevokedInfo>(data.responses[1].cert_status);
  EXPECT_EQ(revoked.revocation_time, Time(std::chrono::sys_days{2026y / 1 / 1}));
  EXPECT_EQ(revoked.revocation_reason, pkix::CRLReason::keyCompromise);
  EXPECT_EQ(data.responses[2].cert_status, CertStatus(Unknown{}));
}

TEST(ReadOCSPResponse, ReadsWhatSaysNothingMoreThanWhyThereIsNoAnswer) {
  const auto response = unwrap(read_ocsp_response(response_vector("malformed-request")));
  EXPECT_EQ(response.response_status, OCSPResponseStatus::malformedRequest);
  EXPECT_FALSE(response.response_bytes);
}

TEST(WriteOCSPResponse, GivesTheOctetsThatWereRead) {
  for (const auto* name : kSuccessful) {
    const auto read = basic(name);
    EXPECT_EQ(write_response_data(read.tbs_response_data.value), read.tbs_response_data.der);
    EXPECT_EQ(write_ocsp_response(
                  {OCSPResponseStatus::successful, ResponseBytes{oid::kBasic, write(read)}}),
              response_vector(name));
  }
  EXPECT_EQ(write_ocsp_response({OCSPResponseStatus::malformedRequest, std::nullopt}),
            response_vector("malformed-request"));
}

TEST(ReadOCSPResponse, RefusesEveryTruncationAndTrailingOctet) {
  for (const auto* name : kSuccessful) {
    auto der = write(basic(name));
    for (std::size_t size = 0; size < der.size(); ++size) {
      EXPECT_EQ(read_basic_ocsp_response(ByteView(der).first(size)).error().fault,
                Fault::malformed);
    }
    der.push_back(0);
    EXPECT_EQ(read_basic_ocsp_response(der).error().fault, Fault::trailing_data);
  }
  EXPECT_EQ(read_ocsp_response(Bytes{0x30, 3, 10, 1, 1, 0}).error().fault, Fault::trailing_data);
  EXPECT_EQ(read_ocsp_response(Bytes{0x30, 3, 10, 1}).error().fault, Fault::malformed);
}

TEST(ReadOCSPResponse, RefusesAnElementTooManyInAnyOfItsParts) {
  for (const auto* name : kSuccessful) {
    for (const auto& longer : test::with_one_more_element(response_vector(name))) {
      EXPECT_FALSE(read_ocsp_response(longer).ok()) << name << " " << to_hex(longer);
    }
    for (const auto& longer : test::with_one_more_element(write(basic(name)))) {
      EXPECT_FALSE(read_basic_ocsp_response(longer).ok()) << name << " " << to_hex(longer);
    }
  }
}

TEST(ReadOCSPResponse, RefusesStatusesThatTheStandardDoesNotHave) {
  for (const auto status : Bytes{4, 7, 0xFF}) {
    EXPECT_EQ(read_ocsp_response(Bytes{0x30, 3, 10, 1, status}).error().fault, Fault::malformed);
  }
  for (const auto status : Bytes{1, 2, 3, 5, 6}) {
    EXPECT_TRUE(read_ocsp_response(Bytes{0x30, 3, 10, 1, status}).ok());
  }
}

TEST(ReadOCSPResponse, RefusesSuccessWithoutAnAnswerAndAnAnswerWithoutSuccess) {
  EXPECT_EQ(read_ocsp_response(Bytes{0x30, 3, 10, 1, 0}).error().fault, Fault::malformed);
  auto response = unwrap(read_ocsp_response(response_vector("no-certs")));
  response.response_status = OCSPResponseStatus::unauthorized;
  EXPECT_EQ(read_ocsp_response(write_ocsp_response(response)).error().fault, Fault::malformed);
}

TEST(ReadOCSPResponse, RefusesWhatIsBerOnly) {
  EXPECT_FALSE(read_ocsp_response(Bytes{0x30, 0x81, 3, 10, 1, 1}).ok());
  EXPECT_FALSE(read_ocsp_response(Bytes{0x30, 0x80, 10, 1, 1, 0, 0}).ok());
  auto der = write(basic("no-certs"));
  ASSERT_EQ(der[1], 0x81);
  der.insert(der.begin() + 2, 0x00);
  der[1] = 0x82;  // a length with a leading zero
  EXPECT_EQ(read_basic_ocsp_response(der).error().fault, Fault::malformed);
}

TEST(ReadBasicOCSPResponse, RefusesReasonsThatTheStandardDoesNotHave) {
  auto made = basic("three-by-key");
  auto& status = std::get<RevokedInfo>(made.tbs_response_data.value.responses[1].cert_status);
  for (const int reason : {7, 11}) {
    status.revocation_reason = static_cast<pkix::CRLReason>(reason);
    EXPECT_EQ(fault_of(made), Fault::malformed) << reason;
  }
  for (const int reason : {0, 6, 8, 10}) {
    status.revocation_reason = static_cast<pkix::CRLReason>(reason);
    EXPECT_TRUE(read_basic_ocsp_response(write(made)).ok()) << reason;
  }
  status.revocation_reason = std::nullopt;
  const auto again = unwrap(read_basic_ocsp_response(write(made)));
  EXPECT_EQ(again.tbs_response_data.value, made.tbs_response_data.value);
}

TEST(ReadBasicOCSPResponse, RefusesAnAnswerAboutNothing) {
  auto made = basic("no-certs");
  made.tbs_response_data.value.responses.clear();
  EXPECT_EQ(fault_of(made), Fault::malformed);
}

TEST(ReadBasicOCSPResponse, RefusesAnotherCertStatus) {
  constexpr std::array<std::uint8_t, 3> kGoodAndTime = {0x80, 0x00, 0x18};
  auto der = write(basic("no-certs"));
  const auto good = std::search(der.begin(), der.end(), kGoodAndTime.begin(), kGoodAndTime.end());
  ASSERT_NE(good, der.end());
  *good = 0x83;
  EXPECT_EQ(read_basic_ocsp_response(der).error().fault, Fault::malformed);
}

}  // namespace
}  // namespace signet::ocsp
