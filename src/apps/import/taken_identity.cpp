#include "apps/import/taken_identity.h"

#include <algorithm>

#include "apps/tool/credentials.h"
#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"

namespace signet::tool {
namespace {

struct TakenMaterial {
  std::unique_ptr<crypto::PrivateKey> key;
  std::vector<pkix::Certificate> certificates;  ///< the key's own first
};

Result<TakenMaterial> read_material(const Takeover& wanted) {
  if (wanted.pkcs12_file.empty() == wanted.key_file.empty()) {
    return Error{Fault::bad_configuration,
                 "the authority's key is needed: --pkcs12, or --key with --certificate"};
  }
  if (wanted.pkcs12_file.empty()) {
    auto certificates = TRY(read_certificates_file(wanted.certificate_file));
    return TakenMaterial{TRY(read_key_file(wanted.key_file, wanted.source_passphrase_file)),
                         std::move(certificates)};
  }
  SignerOptions options;
  options.pkcs12_file = wanted.pkcs12_file;
  options.passphrase_file = wanted.source_passphrase_file;
  auto signer = TRY(read_signer(options));
  TakenMaterial material{std::move(signer.key), {std::move(signer.certificate)}};
  auto& certificates = material.certificates;
  certificates.insert(certificates.end(), signer.chain.begin(), signer.chain.end());
  if (wanted.certificate_file.empty()) return material;
  const auto more = TRY(read_certificates_file(wanted.certificate_file));
  certificates.insert(certificates.end(), more.begin(), more.end());
  return material;
}

bool may_sign_certificates(const pkix::Certificate& certificate) {
  const auto* constraints =
      pkix::find_extension(certificate->extensions, pkix::oid::kBasicConstraints);
  if (constraints == nullptr) return false;
  const auto read = pkix::read_basic_constraints(constraints->extn_value);
  const auto* usage = pkix::find_extension(certificate->extensions, pkix::oid::kKeyUsage);
  if (!read.ok() || !read->ca || usage == nullptr) return read.ok() && read->ca;
  const auto bits = pkix::read_key_usage(usage->extn_value);
  return bits.ok() && bits->has(pkix::KeyUsageBit::keyCertSign);
}

Result<void> check_own(const TakenMaterial& material, Time now) {
  const auto& own = material.certificates.front();
  const auto name = pkix::to_text(own->subject);
  if (!may_sign_certificates(own)) {
    return Error{Fault::bad_configuration,
                 "\"" + name +
                     "\" is no authority's certificate (basicConstraints, keyUsage); where the "
                     "PKCS#12 holds several keys, export the signing key alone"};
  }
  if (material.key->public_key_info().der != own->subject_public_key_info.der) {
    return Error{Fault::bad_configuration,
                 "the key is not that of the certificate \"" + name + "\""};
  }
  if (now < own->validity.not_before || own->validity.not_after < now) {
    return Error{Fault::bad_configuration,
                 "\"" + name + "\" is good from " + signet::to_text(own->validity.not_before) +
                     " to " + signet::to_text(own->validity.not_after) + ": renew it first"};
  }
  return {};
}

bool issued(const pkix::Certificate& issuer, const pkix::Certificate& subject) {
  return pkix::names_match(issuer->subject, subject->issuer) &&
         crypto::verify_certificate_signature(subject, issuer->subject_public_key_info).ok();
}

std::vector<pkix::Certificate> path_up(const std::vector<pkix::Certificate>& certificates) {
  std::vector<pkix::Certificate> path{certificates.front()};
  while (!is_self_issued(path.back()) && path.size() <= certificates.size()) {
    const auto above = std::find_if(certificates.begin() + 1, certificates.end(),
                                    [&](const auto& one) { return issued(one, path.back()); });
    if (above == certificates.end()) break;
    path.push_back(*above);
  }
  return path;
}

}  // namespace

Result<TakenIdentity> read_identity(const Takeover& wanted, Time now) {
  auto material = TRY(read_material(wanted));
  TRY(check_own(material, now));
  return TakenIdentity{std::move(material.key), path_up(material.certificates)};
}

}  // namespace signet::tool
