#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "authority/crl_maker.h"
#include "codec/pkix/distribution_point.h"
#include "codec/pkix/oids.h"
#include "support/change_status.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {

/// An authority whose CRLs are made here, and what is looked at in them.
class Crls : public testing::Test {
 protected:
  using Entries = std::map<pkix::Integer, int>;  ///< serial number, reason
  using Uri = pkix::UniformResourceIdentifier;

  static issuance::CrlPoints points(std::uint32_t shards) {
    issuance::CrlPoints made;
    made.shards = shards;
    made.uri = "http://ca.test/crl/{shard}";
    made.delta_uri = "http://ca.test/crl/delta/{shard}";
    return made;
  }
  static pkix::TBSCertList read(const store::CrlRecord& crl) {
    return unwrap(pkix::read_certificate_list(crl.der)).tbs.value;
  }
  static std::optional<pkix::Extension> find(const store::CrlRecord& crl, const asn1::Oid& kind) {
    const auto list = read(crl);
    const auto* found = pkix::find_extension(list.crl_extensions, kind);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }
  static int reason_of(const pkix::RevokedCertificate& entry) {
    const auto* found = pkix::find_extension(entry.crl_entry_extensions, pkix::oid::kReasonCode);
    return found == nullptr ? 0 : found->extn_value.back();
  }
  static Entries entries_of(const store::CrlRecord& crl) {
    Entries entries;
    for (const auto& entry : read(crl).revoked_certificates) {
      EXPECT_TRUE(entries.emplace(entry.user_certificate, reason_of(entry)).second) << "twice";
    }
    return entries;
  }
  static Bytes number(std::uint64_t value) {
    return pkix::write_crl_number(pkix::Integer::from(value));
  }

  explicit Crls(const issuance::CrlPoints& crl_points = {})
      : ca({.crl_points = crl_points}), committer(ca.engine(), journal) {
    settings.points = crl_points;
  }
  authority::CrlMaker maker() {
    return authority::CrlMaker{
        {.issuer = ca.authority().issuer(),
         .signature_algorithm = unwrap(crypto::default_signature_algorithm(ca.key())),
         .store = ca.engine(),
         .committer = committer,
         .clock = ca.clock,
         .settings = settings}};
  }
  store::CrlRecord full(std::uint32_t shard = 0) { return unwrap(maker().make(shard)); }
  store::CrlRecord delta(std::uint32_t shard = 0) { return unwrap(maker().make_delta(shard)); }
  std::size_t due() { return unwrap(maker().make_due()).made; }
  store::CrlRecord latest(const store::CrlQuery& query) {
    return unwrap(ca.engine().find_crl(query)).value();
  }
  void change(const pkix::Integer& serial, store::CertificateStatus to, pkix::CRLReason reason) {
    ASSERT_TRUE(change_status(ca.engine(), serial, to, ca.clock.now(), reason).ok());
  }
  pkix::Integer enroll(const std::string& name) {
    return ca.enroll("CN=" + name + ",O=Test").certificate->serial_number;
  }
  /// By a whole request, as users get theirs.
  pkix::Certificate issue() {
    const auto told = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice);
    EXPECT_EQ(told.certificates.size(), 1U) << told.text();
    return told.certificates.at(0);
  }
  std::uint32_t shard_of(const pkix::Certificate& certificate) {
    return unwrap(ca.engine().find_certificate(certificate->serial_number))->crl_shard;
  }
  static Bytes point(const pkix::Certificate& certificate) {
    const auto* found =
        pkix::find_extension(certificate->extensions, pkix::oid::kCrlDistributionPoints);
    return found == nullptr ? Bytes{} : found->extn_value;
  }

  authority::CrlSettings settings;
  TestAuthority ca;
  audit::MemoryJournal journal;
  store::Committer committer;
};

/// The same in three shards.
class Shards : public Crls {
 protected:
  Shards() : Crls(points(3)) {}
};

}  // namespace signet::test
