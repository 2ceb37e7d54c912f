#include "issuance/crl_points.h"

#include "codec/pkix/oids.h"

namespace signet::issuance {
namespace {

namespace oid = pkix::oid;

pkix::UniformResourceIdentifier address(const std::string& pattern, std::uint32_t shard) {
  constexpr std::string_view kPlaceholder = "{shard}";
  auto uri = pattern;
  for (auto at = uri.find(kPlaceholder); at != std::string::npos; at = uri.find(kPlaceholder)) {
    uri.replace(at, kPlaceholder.size(), std::to_string(shard));
  }
  return {uri};
}

}  // namespace

std::uint32_t choose_shard(const CrlPoints& points, const pkix::Integer& serial_number) {
  std::uint64_t rest = 0;
  for (const auto octet : serial_number.octets) rest = (rest << 8 | octet) % points.shards;
  return points.of_key.first + static_cast<std::uint32_t>(rest);
}

pkix::GeneralNames names_of_shard(const CrlPoints& points, std::uint32_t shard) {
  if (points.uri.empty()) return {};
  pkix::GeneralNames names{address(points.uri, shard)};
  if (shard != 0) return names;
  for (const auto& uri : points.earlier_uris) {
    names.emplace_back(pkix::UniformResourceIdentifier{uri});
  }
  return names;
}

pkix::GeneralNames names_of_deltas(const CrlPoints& points, std::uint32_t shard) {
  if (points.delta_uri.empty()) return {};
  return {address(points.delta_uri, shard)};
}

std::uint32_t place(const CrlPoints& points, const pkix::Integer& serial_number,
                    pkix::Extensions& extensions) {
  const bool placed = pkix::find_extension(extensions, oid::kCrlDistributionPoints) != nullptr;
  if (points.uri.empty() || placed) return points.of_key.first;
  const auto shard = choose_shard(points, serial_number);
  extensions.push_back({oid::kCrlDistributionPoints, false,
                        pkix::write_crl_distribution_points({{address(points.uri, shard)}})});
  const auto deltas = names_of_deltas(points, shard);
  const bool names_deltas = points.freshest_in_certificates && !deltas.empty() &&
                            pkix::find_extension(extensions, oid::kFreshestCrl) == nullptr;
  if (names_deltas) {
    extensions.push_back({oid::kFreshestCrl, false, pkix::write_crl_distribution_points({deltas})});
  }
  return shard;
}

}  // namespace signet::issuance
