#include "support/test_ca.h"

#include <map>
#include <mutex>

#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

pkix::KeyUsage key_usage(const std::vector<pkix::KeyUsageBit>& bits) {
  pkix::KeyUsage usage;
  for (const auto bit : bits) {
    usage.bits = static_cast<std::uint16_t>(usage.bits | static_cast<std::uint16_t>(bit));
  }
  return usage;
}

pkix::Extension authority_key_identifier(const pkix::Certificate& issuer) {
  pkix::AuthorityKeyIdentifier identifier;
  identifier.key_identifier = issuer.subject_key_identifier();
  return {pkix::oid::kAuthorityKeyIdentifier, false,
          pkix::write_authority_key_identifier(identifier)};
}

pkix::Extensions extensions_of(const CertificateInput& input, const crypto::PrivateKey& key) {
  pkix::Extensions extensions{
      {pkix::oid::kKeyUsage, true, pkix::write_key_usage(key_usage(input.key_usage))},
      {pkix::oid::kSubjectKeyIdentifier, false,
       pkix::write_subject_key_identifier(key_identifier_of(key))}};
  if (!input.purposes.empty()) {
    extensions.push_back(
        {pkix::oid::kExtendedKeyUsage, false, pkix::write_extended_key_usage(input.purposes)});
  }
  if (!input.alternative_names.empty()) {
    extensions.push_back({pkix::oid::kSubjectAltName, input.subject.empty(),
                          pkix::write_alternative_name(input.alternative_names)});
  }
  return extensions;
}

pkix::Certificate self_signed(const std::string& subject, const crypto::PrivateKey& key) {
  pkix::TBSCertificate tbs;
  // Two authorities of one name must not share a number: issuer and number name a certificate.
  tbs.serial_number =
      pkix::Integer::from_unsigned(ByteView(crypto::sha256(key.public_key_info().der)).first(8));
  tbs.issuer = unwrap(pkix::name_from_text(subject));
  tbs.validity = {kTestTime - std::chrono::days{365}, kTestTime + std::chrono::days{3650}};
  tbs.subject = tbs.issuer;
  tbs.subject_public_key_info = key.public_key_info();
  tbs.extensions = {{pkix::oid::kBasicConstraints, true,
                     pkix::write_basic_constraints({.ca = true, .path_len_constraint = {}})},
                    {pkix::oid::kKeyUsage, true,
                     pkix::write_key_usage(
                         key_usage({pkix::KeyUsageBit::digitalSignature,
                                    pkix::KeyUsageBit::keyCertSign, pkix::KeyUsageBit::cRLSign}))},
                    {pkix::oid::kSubjectKeyIdentifier, false,
                     pkix::write_subject_key_identifier(key_identifier_of(key))}};
  return sign_certificate(std::move(tbs), key);
}

Key fresh_key() {
  return unwrap(crypto::generate_private_key("ec:p256"));
}

}  // namespace

Key test_key(std::string_view kind, int number) {
  static std::mutex mutex;
  static std::map<std::pair<std::string, int>, Key> keys;
  const std::lock_guard lock(mutex);
  auto& key = keys[{std::string(kind), number}];
  if (key == nullptr) key = unwrap(crypto::generate_private_key(kind));
  return key;
}

Bytes key_identifier_of(const crypto::PrivateKey& key) {
  return crypto::key_identifier(key.public_key_info());
}

TestCa::TestCa(const std::string& subject, Key key)
    : own_{key != nullptr ? std::move(key) : fresh_key(), {}} {
  own_.certificate = self_signed(subject, *own_.key);
}

Credential TestCa::issue(const CertificateInput& input) {
  Credential issued{input.key != nullptr ? input.key : fresh_key(), {}};
  pkix::TBSCertificate tbs;
  tbs.serial_number = input.serial_number.value_or(pkix::Integer::from(next_serial_number_++));
  tbs.issuer = own_.certificate->subject;
  tbs.validity = input.validity;
  if (!input.subject.empty()) tbs.subject = unwrap(pkix::name_from_text(input.subject));
  tbs.subject_public_key_info = issued.key->public_key_info();
  tbs.extensions = extensions_of(input, *issued.key);
  tbs.extensions.push_back(authority_key_identifier(own_.certificate));
  issued.certificate = sign_certificate(std::move(tbs), *own_.key);
  return issued;
}

pkix::Certificate TestCa::vouch_for(const TestCa& fresh, std::optional<pkix::Validity> validity) {
  auto tbs = fresh.certificate().tbs.value;
  tbs.serial_number = pkix::Integer::from(next_serial_number_++);
  tbs.issuer = own_.certificate->subject;
  tbs.validity = validity.value_or(tbs.validity);
  tbs.extensions.push_back(authority_key_identifier(own_.certificate));
  return sign_certificate(std::move(tbs), *own_.key);
}

pkix::Certificate sign_certificate(pkix::TBSCertificate tbs, const crypto::PrivateKey& key) {
  tbs.signature = unwrap(crypto::default_signature_algorithm(key));
  const auto der = pkix::write_tbs_certificate(tbs);
  const auto signature = unwrap(key.sign(tbs.signature, der));
  return unwrap(pkix::read_certificate(
      pkix::write_certificate(der, tbs.signature, asn1::BitString{signature, 0})));
}

}  // namespace signet::test
