#include "codec/cmc/status.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "support/octets.h"
#include "support/shared_data.h"

namespace signet::cmc {
namespace {

using test::hex;

Result<CMCStatusInfoV2> read(std::string_view text) {
  return read_cmc_status_info_v2(hex(text));
}

TEST(CMCStatusInfoV2, ReadsEachStatusAndNoOther) {
  for (const auto* known : {"00", "02", "03", "04", "05", "06", "07"}) {
    EXPECT_TRUE(read("30080201" + std::string(known) + "3003020101").ok()) << known;
  }
  for (const auto* unknown : {"01", "08", "7f", "ff"}) {
    EXPECT_EQ(read("30080201" + std::string(unknown) + "3003020101").error().fault,
              Fault::malformed);
  }
  EXPECT_EQ(read("3009020201003003020101").error().fault, Fault::malformed);  // 256
}

TEST(CMCStatusInfoV2, NamesAtLeastOneBodyPart) {
  EXPECT_EQ(read("30050201003000").error().fault, Fault::malformed);
  EXPECT_EQ(read("300702010030023000").error().fault, Fault::malformed);  // an empty path
}

TEST(CMCStatusInfoV2, KeepsPrivateFailInfo) {
  /* matrix: E70 */
  const auto status = read("300c0201023003020101020203f2");
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->other_info, OtherStatusInfo(CMCFailInfo{1010}));
  EXPECT_EQ(to_text(CMCFailInfo{1010}), "failInfo 1010");
  EXPECT_EQ(to_text(CMCFailInfo{14}), "failInfo 14");
  EXPECT_EQ(to_text(CMCFailInfo::authDataFail), "authDataFail");
}

TEST(CMCStatusInfoV2, HasFailInfoBelow2ToThe32) {
  EXPECT_EQ(read("300f 020102 3003020101 020500ffffffff")->other_info,
            OtherStatusInfo(CMCFailInfo{0xFFFFFFFF}));
  EXPECT_EQ(read("300f 020102 3003020101 02050100000000").error().fault, Fault::malformed);
}

TEST(CMCStatusInfoV2, HasNoPendInfoUnderTheTagOfExtendedFailInfo) {
  const std::string pend_info = "14 0401aa 180f32303236303130313030303030305a";
  EXPECT_TRUE(
      std::holds_alternative<PendInfo>(*read("301e 020103 3003020101 30" + pend_info)->other_info));
  EXPECT_EQ(read("301e 020103 3003020101 a1" + pend_info).error().fault, Fault::malformed);
}

TEST(CMCStatusInfoV2, IsWrittenWithItsText) {
  const auto* octets = "300b02010230030201010c0161";
  EXPECT_EQ(to_hex(write_cmc_status_info_v2(*read(octets))), octets);
}

TEST(CMCStatusInfoV2, ReadsExtendedFailInfoWithAndWithoutItsTag) {
  const OtherStatusInfo expected = ExtendedFailInfo{asn1::Oid{"1.2.3"}, hex("0500")};
  const auto tagged = read("300e0201023003020101a10406022a030500");
  EXPECT_EQ(tagged.error().fault, Fault::malformed);  // the OBJECT IDENTIFIER alone
  EXPECT_EQ(read("30100201023003020101a10606022a030500")->other_info, expected);
  EXPECT_EQ(read("30100201023003020101300606022a030500")->other_info, expected);
  EXPECT_EQ(to_hex(write_cmc_status_info_v2(*read("30100201023003020101300606022a030500"))),
            "30100201023003020101a10606022a030500");
}

TEST(CMCStatusInfo, KnowsNoExtendedFailInfoAndNoPaths) {
  EXPECT_FALSE(read_cmc_status_info(hex("30100201023003020101a10606022a030500")).ok());
  EXPECT_FALSE(read_cmc_status_info(hex("30100201023003020101300606022a030500")).ok());
  EXPECT_FALSE(read_cmc_status_info(hex("300a02010030053003020101")).ok());
}

TEST(CMCStatusInfoV2, ReadsTheKnownAnswers) {
  SIGNET_NEEDS_SHARED("spec/vectors/status-pending.der");
  const auto known = [](const std::string& name) {
    return test::shared_file("spec/vectors/status-" + name + ".der");
  };
  const auto pending = read_cmc_status_info_v2(known("pending"));
  ASSERT_TRUE(pending.ok());
  EXPECT_EQ(pending->cmc_status, CMCStatus::pending);
  const auto& pend_info = std::get<PendInfo>(*pending->other_info);
  EXPECT_EQ(as_text(pend_info.pend_token), "token-1");
  EXPECT_EQ(signet::to_text(pend_info.pend_time), "2026-11-23T12:00:00Z");
  EXPECT_EQ(std::get<BodyPartPath>(read_cmc_status_info_v2(known("path"))->body_list[0]),
            (BodyPartPath{{1}, {201}}));
  for (const auto* name : {"pending", "extfail", "path"}) {
    const auto status = read_cmc_status_info_v2(known(name));
    ASSERT_TRUE(status.ok()) << name;
    EXPECT_EQ(write_cmc_status_info_v2(*status), known(name)) << name;
  }
}

}  // namespace
}  // namespace signet::cmc
