#include "issuance/authority_certificates.h"

#include <algorithm>

#include "codec/pkix/certification_request.h"
#include "codec/pkix/oids.h"
#include "issuance/serial_number.h"
#include "issuance/sign_tbs.h"
#include "policy/key_usage_of_key.h"
#include "policy/name_rules.h"
#include "policy/text.h"

namespace signet::issuance {
namespace {

namespace oid = pkix::oid;
using pkix::KeyUsageBit;

pkix::KeyUsage usage_of(std::initializer_list<KeyUsageBit> bits) {
  pkix::KeyUsage usage;
  for (const auto bit : bits) {
    usage.bits = static_cast<std::uint16_t>(usage.bits | static_cast<std::uint16_t>(bit));
  }
  return usage;
}

pkix::Extension subject_key_identifier(const pkix::SubjectPublicKeyInfo& key) {
  return {oid::kSubjectKeyIdentifier, false,
          pkix::write_subject_key_identifier(crypto::key_identifier(key))};
}

pkix::Extension authority_key_identifier(Bytes key_identifier) {
  pkix::AuthorityKeyIdentifier identifier;
  identifier.key_identifier = std::move(key_identifier);
  return {oid::kAuthorityKeyIdentifier, false, pkix::write_authority_key_identifier(identifier)};
}

/// What makes a certificate an authority's. digitalSignature: its key signs responses too.
pkix::Extensions authority_extensions(const pkix::SubjectPublicKeyInfo& key) {
  return {{oid::kBasicConstraints, true,
           pkix::write_basic_constraints({.ca = true, .path_len_constraint = {}})},
          {oid::kKeyUsage, true,
           pkix::write_key_usage(usage_of(
               {KeyUsageBit::digitalSignature, KeyUsageBit::keyCertSign, KeyUsageBit::cRLSign}))},
          subject_key_identifier(key)};
}

pkix::KeyUsage wanted_usage(ServiceKind kind) {
  switch (kind) {
    case ServiceKind::tls_server:
      return usage_of({KeyUsageBit::digitalSignature, KeyUsageBit::keyEncipherment});
    case ServiceKind::agent:
      return usage_of({KeyUsageBit::digitalSignature, KeyUsageBit::nonRepudiation});
    case ServiceKind::encryption:
      return usage_of({KeyUsageBit::keyEncipherment, KeyUsageBit::keyAgreement});
    case ServiceKind::ocsp_responder:
    case ServiceKind::cmc_signer:
      return usage_of({KeyUsageBit::digitalSignature});
  }
  return {};
}

pkix::Extension key_usage(const ServiceInput& input) {
  const auto wanted = wanted_usage(input.kind);
  const auto usable = policy::usable_key_usage(input.key.algorithm);
  const pkix::KeyUsage usage{static_cast<std::uint16_t>(wanted.bits & usable.bits)};
  return {oid::kKeyUsage, true, pkix::write_key_usage(usage)};
}

std::vector<asn1::Oid> purposes_of(ServiceKind kind) {
  switch (kind) {
    case ServiceKind::tls_server:
      return {oid::kServerAuth};
    case ServiceKind::agent:
      //= E158 RFC 10002 §9.1: a certificate that speaks for others as an RA has id-kp-cmcRA
      return {oid::kClientAuth, oid::kEmailProtection, oid::kCmcRA};
    case ServiceKind::encryption:
      return {};
    case ServiceKind::ocsp_responder:
      return {oid::kOcspSigning};
    case ServiceKind::cmc_signer:
      return {oid::kCmcCA};
  }
  return {};
}

Result<pkix::GeneralNames> alternative_names(const ServiceInput& input) {
  auto names = input.more_names;
  for (const auto& name : input.dns_names) names.emplace_back(pkix::DnsName{name});
  for (const auto& address : input.ip_addresses) {
    names.emplace_back(pkix::IpAddress{TRY(policy::ip_address_from_text(address))});
  }
  for (const auto& name : names) TRY(policy::check_name_form(name));
  return names;
}

pkix::Extension authority_key_identifier(const pkix::Certificate& issuer) {
  return authority_key_identifier(crypto::issuer_key_identifier(issuer));
}

Result<pkix::Extensions> service_extensions(const ServiceInput& input,
                                            const pkix::Certificate& authority) {
  pkix::Extensions extensions{authority_key_identifier(authority),
                              subject_key_identifier(input.key), key_usage(input)};
  const auto purposes = purposes_of(input.kind);
  if (!purposes.empty()) {
    extensions.push_back({oid::kExtendedKeyUsage, false, pkix::write_extended_key_usage(purposes)});
  }
  if (input.kind == ServiceKind::ocsp_responder) {
    // Who checks an answer does not ask for the status of its signer: it lives for days only.
    extensions.push_back({oid::kOcspNoCheck, false, Bytes{0x05, 0x00}});
  }
  const auto names = TRY(alternative_names(input));
  if (!names.empty()) {
    extensions.push_back(
        {oid::kSubjectAltName, input.subject.empty(), pkix::write_alternative_name(names)});
  }
  return extensions;
}

Result<pkix::AlgorithmIdentifier> signature_algorithm(const ServiceInput& input,
                                                      const crypto::PrivateKey& authority_key) {
  if (input.signature_algorithm) return *input.signature_algorithm;
  return crypto::default_signature_algorithm(authority_key);
}

/// The certificate as its own issuer sees it, before it is signed: what a root is linted against.
pkix::Certificate as_own_issuer(const pkix::TBSCertificate& tbs) {
  pkix::Certificate certificate;
  certificate.tbs.value = tbs;
  return certificate;
}

}  // namespace

Result<pkix::Certificate> make_root(const RootInput& input, RandomSource& random) {
  const auto& key = input.key.public_key_info();
  pkix::TBSCertificate tbs;
  tbs.serial_number = TRY(draw_serial_number(random, input.now));
  tbs.signature = TRY(crypto::default_signature_algorithm(input.key));
  tbs.issuer = input.subject;
  tbs.validity = {input.now, input.now + input.validity};
  tbs.subject = input.subject;
  tbs.subject_public_key_info = key;
  tbs.extensions = authority_extensions(key);
  tbs.extensions.push_back(authority_key_identifier(crypto::key_identifier(key)));
  const auto issuer = as_own_issuer(tbs);
  return sign_linted(TRY(write_linted(std::move(tbs), issuer)), input.key);
}

Result<pkix::Certificate> make_authority_certificate(const AuthorityInput& input,
                                                     const pkix::Certificate& issuer,
                                                     const crypto::PrivateKey& issuer_key,
                                                     RandomSource& random) {
  pkix::TBSCertificate tbs;
  tbs.serial_number = TRY(draw_serial_number(random, input.validity.not_before));
  tbs.signature = TRY(crypto::default_signature_algorithm(issuer_key));
  tbs.issuer = issuer->subject;
  tbs.validity = {input.validity.not_before,
                  std::min(input.validity.not_after, issuer->validity.not_after)};
  tbs.subject = input.subject;
  tbs.subject_public_key_info = input.key;
  tbs.extensions = authority_extensions(input.key);
  tbs.extensions.push_back(authority_key_identifier(issuer));
  return sign_linted(TRY(write_linted(std::move(tbs), issuer)), issuer_key);
}

Result<pkix::Certificate> make_service_certificate(const ServiceInput& input,
                                                   const std::vector<pkix::Certificate>& chain,
                                                   const crypto::PrivateKey& authority_key,
                                                   RandomSource& random) {
  if (chain.empty()) return Error{Fault::internal, "the authority has no certificate"};
  const auto& authority = chain.front();
  const auto not_after = std::min(input.now + input.validity, authority->validity.not_after);
  pkix::TBSCertificate tbs;
  tbs.serial_number = TRY(draw_serial_number(random, input.now));
  tbs.signature = TRY(signature_algorithm(input, authority_key));
  tbs.issuer = authority->subject;
  tbs.validity = {input.now, not_after};
  tbs.subject = input.subject;
  tbs.subject_public_key_info = input.key;
  tbs.extensions = TRY(service_extensions(input, authority));
  return sign_linted(TRY(write_linted(std::move(tbs), authority)), authority_key);
}

Result<Bytes> make_subordinate_request(const pkix::Name& subject, const crypto::PrivateKey& key) {
  pkix::CertificationRequestInfo info;
  info.subject = subject;
  info.subject_public_key_info = key.public_key_info();
  info.attributes = {pkix::extension_request(authority_extensions(key.public_key_info()))};
  const auto info_der = pkix::write_certification_request_info(info);
  const auto algorithm = TRY(crypto::default_signature_algorithm(key));
  auto signature = TRY(key.sign(algorithm, info_der));
  return pkix::write_certification_request(info_der, algorithm,
                                           asn1::BitString{std::move(signature), 0});
}

}  // namespace signet::issuance
