#include <gtest/gtest.h>

#include <algorithm>

#include "base/encoding.h"
#include "support/codec_table.h"
#include "support/one_more_element.h"

namespace signet::test {
namespace {

struct Family {
  const char* name;
  const std::vector<Codec>& (*codecs)();
  std::vector<Sample> (*samples)();
};

const Codec& codec_of(const Family& family, const Sample& sample) {
  const auto& codecs = family.codecs();
  return *std::find_if(codecs.begin(), codecs.end(),
                       [&](const Codec& codec) { return codec.name == sample.codec; });
}

class EveryMessage : public testing::TestWithParam<Family> {};

TEST_P(EveryMessage, ReadsBackAsWritten) {
  for (const auto& sample : GetParam().samples()) {
    const auto written = codec_of(GetParam(), sample).rewrite(sample.octets);
    ASSERT_TRUE(written.ok()) << sample.codec << " " << sample.name << written.error().detail;
    EXPECT_EQ(*written, sample.octets) << sample.codec << " " << sample.name;
  }
}

TEST_P(EveryMessage, IsRefusedWhereverItIsCutShort) {
  for (const auto& sample : GetParam().samples()) {
    const auto& codec = codec_of(GetParam(), sample);
    for (std::size_t size = 0; size < sample.octets.size(); ++size) {
      const auto read = codec.rewrite(ByteView(sample.octets).first(size));
      ASSERT_FALSE(read.ok()) << sample.codec << " " << sample.name << " cut to " << size;
      EXPECT_EQ(read.error().fault, Fault::malformed) << sample.codec << " " << sample.name;
    }
  }
}

TEST_P(EveryMessage, IsRefusedWithAnOctetAfterItsEnd) {
  for (auto& sample : GetParam().samples()) {
    auto longer = sample.octets;
    longer.push_back(0);
    const auto read = codec_of(GetParam(), sample).rewrite(longer);
    ASSERT_FALSE(read.ok()) << sample.codec << " " << sample.name;
    EXPECT_EQ(read.error().fault, Fault::trailing_data) << sample.codec << " " << sample.name;
  }
}

TEST_P(EveryMessage, PassesOverNoElementTooManyInAnyOfItsParts) {
  for (const auto& sample : GetParam().samples()) {
    for (const auto& longer : with_one_more_element(sample.octets)) {
      const auto written = codec_of(GetParam(), sample).rewrite(longer);
      // What may be of any type is kept.
      if (written.ok()) {
        EXPECT_EQ(to_hex(*written), to_hex(longer)) << sample.codec << " " << sample.name;
      }
    }
  }
}

TEST_P(EveryMessage, WithAnOctetChangedIsRefusedOrReadsBackAsWritten) {
  for (const auto& sample : GetParam().samples()) {
    for (std::size_t at = 0; at < sample.octets.size(); ++at) {
      auto changed = sample.octets;
      changed[at] ^= 0x21;
      check_round_trips({codec_of(GetParam(), sample)}, changed);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, EveryMessage,
                         testing::Values(Family{"Cms", cms_codecs, cms_samples},
                                         Family{"Crmf", crmf_codecs, crmf_samples},
                                         Family{"PkiData", pki_data_codecs, pki_data_samples},
                                         Family{"PkiResponse", pki_response_codecs,
                                                pki_response_samples},
                                         Family{"Controls", control_codecs, control_samples}),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace signet::test
