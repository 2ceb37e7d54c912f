#pragma once

#include <initializer_list>
#include <optional>
#include <string>

#include "codec/pkix/extension.h"
#include "codec/pkix/oids.h"

namespace signet::test {

inline pkix::Extension key_usage(std::initializer_list<pkix::KeyUsageBit> bits,
                                 bool critical = true) {
  pkix::KeyUsage usage;
  for (const auto bit : bits) {
    usage.bits = static_cast<std::uint16_t>(usage.bits | static_cast<std::uint16_t>(bit));
  }
  return {pkix::oid::kKeyUsage, critical, pkix::write_key_usage(usage)};
}

inline pkix::Extension basic_constraints(bool ca, std::optional<std::int64_t> path_length = {},
                                         bool critical = true) {
  return {pkix::oid::kBasicConstraints, critical, pkix::write_basic_constraints({ca, path_length})};
}

inline pkix::Extension dns_name(const std::string& host) {
  return {pkix::oid::kSubjectAltName, false, pkix::write_alternative_name({pkix::DnsName{host}})};
}

inline pkix::Extension purpose(const asn1::Oid& id, bool critical = false) {
  return {pkix::oid::kExtendedKeyUsage, critical, pkix::write_extended_key_usage({id})};
}

}  // namespace signet::test
