#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codec/pkix/certificate.h"
#include "crypto/private_key.h"

namespace signet::test {

/// What FixedClock shows: 2026-11-23T12:00:00Z.
inline constexpr Time kTestTime{std::chrono::seconds{1795435200}};

using Key = std::shared_ptr<const crypto::PrivateKey>;

/// A key of this kind ("ec:p256", "rsa:2048", …): made once in a test program, then always the same
/// one for the same number.
Key test_key(std::string_view kind = "ec:p256", int number = 0);

/// The subjectKeyIdentifier that our certificates and requests give to a key.
Bytes key_identifier_of(const crypto::PrivateKey& key);

/// A key with its certificate: who may sign.
struct Credential {
  Key key;
  pkix::Certificate certificate;
};

/// What stands in a certificate of TestCa. keyUsage, SKI and AKI are always there.
struct CertificateInput {
  std::string subject = "CN=Alice,O=Test";          ///< "" for an empty one
  Key key = {};                                     ///< null: a fresh P-256 key
  std::optional<pkix::Integer> serial_number = {};  ///< none: counted
  pkix::Validity validity{kTestTime - std::chrono::hours{24}, kTestTime + std::chrono::days{90}};
  std::vector<pkix::KeyUsageBit> key_usage = {pkix::KeyUsageBit::digitalSignature,
                                              pkix::KeyUsageBit::nonRepudiation};
  std::vector<asn1::Oid> purposes = {};  ///< ExtendedKeyUsage; none: no such extension
  pkix::GeneralNames alternative_names = {};
};

/// A self-signed authority of the tests. What it issues stands in no store.
class TestCa {
 public:
  explicit TestCa(const std::string& subject = "CN=Test CA,O=Test", Key key = {});

  [[nodiscard]] const pkix::Certificate& certificate() const { return own_.certificate; }
  [[nodiscard]] const crypto::PrivateKey& key() const { return *own_.key; }
  [[nodiscard]] Credential issue(const CertificateInput& input = {});
  /// New with old (RFC 4210 §4.4): subject and key of `fresh`, signed by this authority, with a
  /// root's extensions and this `validity`.
  [[nodiscard]] pkix::Certificate vouch_for(const TestCa& fresh,
                                            std::optional<pkix::Validity> validity = {});

 private:
  Credential own_;
  std::uint64_t next_serial_number_ = 0x1000;
};

/// A certificate over this TBSCertificate, its `signature` filled in, signed by this key: for what
/// no authority would issue.
pkix::Certificate sign_certificate(pkix::TBSCertificate tbs, const crypto::PrivateKey& key);

}  // namespace signet::test
