#include "issuance/crl_points.h"

#include <gtest/gtest.h>

#include <map>

#include "codec/pkix/distribution_point.h"
#include "codec/pkix/oids.h"

namespace signet::issuance {
namespace {

namespace oid = pkix::oid;
using Uri = pkix::UniformResourceIdentifier;

CrlPoints points(std::uint32_t shards = 4) {
  CrlPoints made;
  made.shards = shards;
  made.uri = "http://ca.test/{shard}.crl";
  return made;
}

std::vector<pkix::GeneralNames> named(const pkix::Extensions& extensions, const asn1::Oid& kind) {
  const auto* found = pkix::find_extension(extensions, kind);
  if (found == nullptr) return {};
  EXPECT_FALSE(found->critical);
  return pkix::read_crl_distribution_points(found->extn_value).value();
}

TEST(Place, SpreadsCertificatesOverAllShards) {
  std::map<std::uint32_t, int> count;
  for (std::uint64_t serial = 1; serial <= 400; ++serial) {
    ++count[choose_shard(points(), pkix::Integer::from(serial))];
  }
  ASSERT_EQ(count.size(), 4U);
  for (const auto& [shard, certificates] : count) EXPECT_EQ(certificates, 100) << shard;
}

TEST(Place, TakesAllOctetsOfTheNumber) {
  const pkix::Integer large{Bytes{0x40, 0, 0, 0, 0, 0, 0, 0, 0, 1}};  // 2^78 + 1
  EXPECT_EQ(choose_shard(points(3), large), 2U);                      // 2^78 leaves 1
}

TEST(Place, NamesTheShardInTheCertificate) {
  pkix::Extensions extensions;
  EXPECT_EQ(place(points(), pkix::Integer::from(7), extensions), 3U);
  EXPECT_EQ(named(extensions, oid::kCrlDistributionPoints),
            (std::vector<pkix::GeneralNames>{{Uri{"http://ca.test/3.crl"}}}));
  EXPECT_TRUE(named(extensions, oid::kFreshestCrl).empty());
}

TEST(Place, NamesTheDeltasWhereWanted) {
  auto with_deltas = points();
  with_deltas.delta_uri = "http://ca.test/{shard}/{shard}.delta";
  pkix::Extensions extensions;
  place(with_deltas, pkix::Integer::from(7), extensions);
  EXPECT_TRUE(named(extensions, oid::kFreshestCrl).empty());
  with_deltas.freshest_in_certificates = true;
  extensions.clear();
  place(with_deltas, pkix::Integer::from(7), extensions);
  EXPECT_EQ(named(extensions, oid::kFreshestCrl),
            (std::vector<pkix::GeneralNames>{{Uri{"http://ca.test/3/3.delta"}}}));
}

TEST(Place, LeavesAProfilesOwnPlaceAndNamesNoneWhereNoneIsConfigured) {
  pkix::Extensions extensions{{oid::kCrlDistributionPoints, false, Bytes{0x30, 0x00}}};
  const auto before = extensions;
  EXPECT_EQ(place(points(), pkix::Integer::from(7), extensions), 0U);
  EXPECT_EQ(extensions, before);
  extensions.clear();
  EXPECT_EQ(place({}, pkix::Integer::from(7), extensions), 0U);
  EXPECT_TRUE(extensions.empty());
}

TEST(NamesOfShard, HasEarlierNamesForTheFirstAlone) {
  auto renamed = points();
  renamed.earlier_uris = {"http://old.test/crl"};
  EXPECT_EQ(names_of_shard(renamed, 0),
            (pkix::GeneralNames{Uri{"http://ca.test/0.crl"}, Uri{"http://old.test/crl"}}));
  EXPECT_EQ(names_of_shard(renamed, 1), (pkix::GeneralNames{Uri{"http://ca.test/1.crl"}}));
  EXPECT_TRUE(names_of_shard({}, 0).empty());
  EXPECT_TRUE(names_of_deltas(renamed, 0).empty());
}

}  // namespace
}  // namespace signet::issuance
