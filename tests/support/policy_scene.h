#pragma once

#include <memory>
#include <string>
#include <vector>

#include "policy/policy.h"
#include "support/test_ca.h"

namespace signet::test {

/// Certificates on record, as a test puts them down.
class RecordedCertificates final : public store::CertificateStore {
 public:
  std::vector<store::CertificateRecord> records;
  bool fails = false;

  Result<std::optional<store::CertificateRecord>> find_certificate(
      const store::Integer& serial) const override;
  Result<std::vector<store::CertificateRecord>> find_by_subject(ByteView subject) const override;
  Result<std::vector<store::CertificateRecord>> find_some_by_subject(
      ByteView subject, std::size_t most) const override;
  Result<std::vector<store::CertificateRecord>> find_by_key(ByteView key_hash) const override;
  Result<std::vector<store::CertificateRecord>> find_certificates(const Query&) const override {
    return records;
  }
  Result<store::Seen> seen_before(const store::AnsweredRequest&) const override {
    return store::Seen{};
  }

 private:
  template <typename Predicate>
  Result<std::vector<store::CertificateRecord>> select(Predicate predicate) const;
};

/// Everything that a default or a constraint may look at, to be set as a test needs it: a user
/// "CN=Alice,O=Test" with a P-256 key, who asks for nothing special.
///
///   PolicyScene scene;
///   scene.key_kind = crypto::KeyKind::rsa;
///   EXPECT_TRUE(scene.apply("keyUsageExtDefaultImpl", "keyUsageDigitalSignature=true").ok());
struct PolicyScene {
  PolicyScene();

  /// Makes the default (constraint) of this class from parameters, one "name=value" a line, and
  /// runs it on the draft. Stops the test program when the parameters hold an error.
  Result<void> apply(std::string_view class_id, std::string_view parameters = "");
  Result<void> check(std::string_view class_id, std::string_view parameters = "");

  /// A certificate on record with this key and subject.
  store::CertificateRecord& record(const pkix::Name& subject, const crypto::PrivateKey& with_key);

  [[nodiscard]] policy::RequestFacts facts() const;

  TestCa ca;
  Key key;
  pkix::Name subject;
  crypto::KeyKind key_kind = crypto::KeyKind::ec_p256;
  int key_bits = 256;
  pkix::Extensions extensions;
  crmf::OptionalValidity validity;
  std::optional<pkix::AlgorithmIdentifier> signing_algorithm;
  std::optional<pkix::Certificate> signer;
  std::optional<pkix::Name> secret_owner;
  proof::Role role = proof::Role::user;
  RecordedCertificates store;
  policy::AuthorityFacts authority;
  Time now = kTestTime;

  policy::CertificateDraft draft;

 private:
  std::string profile_id_ = "caTest";
  std::string set_id_ = "testSet";
  std::uint64_t next_serial_number_ = 100;
};

/// What is wrong or doubtful in the parameters of a class, as text: "error: pattern: …".
std::vector<std::string> faults_in_default(std::string_view class_id, std::string_view parameters);
std::vector<std::string> faults_in_constraint(std::string_view class_id,
                                              std::string_view parameters);

pkix::Name name(const std::string& text);

/// What refused; none when nothing did.
template <typename T>
std::optional<Fault> fault_of(const Result<T>& result) {
  return result.ok() ? std::nullopt : std::optional{result.error().fault};
}

}  // namespace signet::test
