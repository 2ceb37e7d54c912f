#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/cms/cms.h"
#include "codec/pkix/oids.h"
#include "support/octets.h"

namespace signet::cms {
namespace {

using test::hex;

constexpr auto kNonce = "040c000102030405060708090a0b";

std::string gcm(const std::string& icv) {
  const auto octets = 14 + icv.size() / 2;
  return "30" + to_hex(Bytes{static_cast<std::uint8_t>(octets)}) + kNonce + icv;
}

TEST(GcmParameters, ReadsAnIcvOfTwelveOctetsInBothEncodings) { /* matrix: B09 */
  EXPECT_EQ(read_gcm_parameters(hex(gcm("")))->icv_octets, 12U);
  EXPECT_EQ(read_gcm_parameters(hex(gcm("02010c")))->icv_octets, 12U);
}

TEST(GcmParameters, ReadsUpToSixteenOctetsOfIcv) {
  EXPECT_EQ(read_gcm_parameters(hex(gcm("020110")))->icv_octets, 16U);
  EXPECT_EQ(read_gcm_parameters(hex(gcm("02010b"))).error().fault, Fault::malformed);
  EXPECT_EQ(read_gcm_parameters(hex(gcm("020111"))).error().fault, Fault::malformed);
  EXPECT_EQ(read_gcm_parameters(hex(gcm("0201ff"))).error().fault, Fault::malformed);
}

TEST(GcmParameters, RefusesAnEmptyNonceAndTrailingOctets) {
  EXPECT_EQ(read_gcm_parameters(hex("30020400")).error().fault, Fault::malformed);
  EXPECT_EQ(read_gcm_parameters(hex(gcm("02010c0500"))).error().fault, Fault::trailing_data);
  EXPECT_EQ(read_gcm_parameters(hex(gcm("02010c") + "00")).error().fault, Fault::trailing_data);
}

TEST(GcmParameters, LeavesTheDefaultOutWhenWriting) { /* matrix: B08, B09 */
  const Bytes nonce = hex("000102030405060708090a0b");
  EXPECT_EQ(to_hex(write_gcm_parameters({nonce, 12})), gcm(""));
  EXPECT_EQ(to_hex(write_gcm_parameters({nonce, 16})), gcm("020110"));
}

TEST(CbcIv, HasSixteenOctets) {
  const auto read = [](std::size_t octets) {
    asn1::Writer writer;
    writer.octet_string(Bytes(octets, 7));
    return read_cbc_iv({pkix::oid::kAes128Cbc, std::move(writer).take()});
  };
  EXPECT_EQ(read(16).value(), Bytes(16, 7));
  EXPECT_EQ(read(15).error().fault, Fault::malformed);
  EXPECT_EQ(read(17).error().fault, Fault::malformed);
  EXPECT_EQ(read_cbc_iv({pkix::oid::kAes128Cbc, std::nullopt}).error().fault, Fault::malformed);
}

TEST(EccCmsSharedInfo, HoldsTheWrapTheKeyingMaterialAndTheLengthInBits) {
  const auto wrap = hex("300406022a03");
  EXPECT_EQ(to_hex(write_ecc_cms_shared_info(wrap, std::nullopt, 16)),
            "300e300406022a03a206040400000080");
  EXPECT_EQ(to_hex(write_ecc_cms_shared_info(wrap, Bytes{0xCC}, 32)),
            "3013300406022a03a0030401cca206040400000100");
}

const AlgorithmIdentifier kHmacSha256{pkix::oid::kHmacWithSha256, Bytes{0x05, 0x00}};
const AlgorithmIdentifier kHmacSha1{pkix::oid::kHmacWithSha1, Bytes{0x05, 0x00}};

TEST(Pbkdf2Parameters, ReadBackAsWritten) { /* matrix: B14 */
  for (const auto& parameters :
       {Pbkdf2Parameters{hex("0001"), 2048, 32, kHmacSha256},
        Pbkdf2Parameters{{}, 1, std::nullopt, kHmacSha1},
        Pbkdf2Parameters{hex("ff"), INT64_MAX, std::nullopt, {pkix::oid::kHmacWithSha512, {}}}}) {
    EXPECT_EQ(read_pbkdf2_parameters(write_pbkdf2_parameters(parameters)).value(), parameters);
  }
}

TEST(Pbkdf2Parameters, FillInTheDefaultPrfAndLeaveItOutWhenWriting) {
  const auto read = read_pbkdf2_parameters(hex("3006040101020101"));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->prf, kHmacSha1);
  EXPECT_EQ(to_hex(write_pbkdf2_parameters(*read)), "3006040101020101");
}

TEST(Pbkdf2Parameters, RefuseASaltFromAnotherSource) {
  EXPECT_EQ(read_pbkdf2_parameters(hex("300a30050603550403020101")).error().fault,
            Fault::unsupported_algorithm);
}

TEST(Pbkdf2Parameters, RefuseCountsBelowOne) {
  EXPECT_EQ(read_pbkdf2_parameters(hex("3006040101020100")).error().fault, Fault::malformed);
  EXPECT_EQ(read_pbkdf2_parameters(hex("30060401010201ff")).error().fault, Fault::malformed);
  EXPECT_EQ(read_pbkdf2_parameters(hex("3009040101020101020100")).error().fault, Fault::malformed);
  EXPECT_EQ(read_pbkdf2_parameters(hex("3003040101")).error().fault, Fault::malformed);
}

TEST(Pbkdf2Parameters, CostIsBoundedFromAbove) {
  const auto fault_of = [](const Pbkdf2Parameters& parameters) {
    const auto checked = check_pbkdf2_cost(parameters, 1000);
    return checked.ok() ? std::optional<Fault>{} : checked.error().fault;
  };
  EXPECT_EQ(fault_of({Bytes(1024, 1), 1000, 64, kHmacSha1}), std::nullopt);
  EXPECT_EQ(fault_of({Bytes(1024, 1), 1001, 64, kHmacSha1}), Fault::too_large);
  EXPECT_EQ(fault_of({Bytes(1025, 1), 1000, 64, kHmacSha1}), Fault::too_large);
  EXPECT_EQ(fault_of({Bytes(1024, 1), 1000, 65, kHmacSha1}), Fault::too_large);
}

}  // namespace
}  // namespace signet::cms
