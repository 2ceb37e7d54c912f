#include "adapters/takeover/issuing_authority.h"

#include <algorithm>
#include <array>

#include "codec/pkix/oids.h"

namespace signet::takeover {
namespace {

/// With MD2, MD5 and SHA-1: by RSA (RFC 3279 §2.2.1), ECDSA and DSA.
constexpr std::array<asn1::Oid, 5> kAlgorithmsOfOld = {
    asn1::Oid{"1.2.840.113549.1.1.2"}, asn1::Oid{"1.2.840.113549.1.1.4"},
    asn1::Oid{"1.2.840.113549.1.1.5"}, asn1::Oid{"1.2.840.10045.4.1"},
    asn1::Oid{"1.2.840.10040.4.3"}};

bool is_of_old(const pkix::AlgorithmIdentifier& algorithm) {
  return std::find(kAlgorithmsOfOld.begin(), kAlgorithmsOfOld.end(), algorithm.algorithm) !=
         kAlgorithmsOfOld.end();
}

}  // namespace

Result<IssuingAuthority> IssuingAuthority::of(const pkix::Certificate& certificate) {
  auto key = TRY(crypto::PublicKey::from(certificate->subject_public_key_info));
  return IssuingAuthority(certificate->subject, certificate.subject_key_identifier(),
                          std::move(key));
}

bool IssuingAuthority::is_named_by(const pkix::Certificate& certificate) const {
  return certificate->issuer == name_ || pkix::names_match(certificate->issuer, name_);
}

/// By authorityKeyIdentifier; one without it may be of any key.
bool IssuingAuthority::may_have_signed(const pkix::Certificate& certificate) const {
  const auto* extension =
      pkix::find_extension(certificate->extensions, pkix::oid::kAuthorityKeyIdentifier);
  if (extension == nullptr || !key_identifier_) return true;
  const auto read = pkix::read_authority_key_identifier(extension->extn_value);
  return read.ok() && (!read->key_identifier || read->key_identifier == key_identifier_);
}

Result<Vouched> IssuingAuthority::vouch_for(const pkix::Certificate& certificate) const {
  if (!is_named_by(certificate)) {
    return Error{Fault::untrusted_signer, "another authority issued it"};
  }
  if (!may_have_signed(certificate)) {
    return Error{Fault::untrusted_signer, "another key of this authority signed it"};
  }
  if (is_of_old(certificate.signature_algorithm)) return Vouched::by_name;
  const auto verified = key_.verify(certificate.signature_algorithm, certificate.tbs.der,
                                    certificate.signature_value.octets);
  if (verified.ok()) return Vouched::by_signature;
  return Error{Fault::bad_signature, "its signature is not by this authority's key"};
}

}  // namespace signet::takeover
