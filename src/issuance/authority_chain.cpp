#include "issuance/authority_chain.h"

#include <algorithm>

#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"

namespace signet::issuance {
namespace {

using Certificates = std::vector<pkix::Certificate>;

Result<pkix::Certificate> find_own(const FutureAuthority& self, const Certificates& certificates) {
  const auto own = std::find_if(certificates.begin(), certificates.end(), [&](const auto& each) {
    return each->subject_public_key_info == self.key;
  });
  if (own != certificates.end()) return *own;
  return Error{Fault::certificate_not_found,
               "none of the " + std::to_string(certificates.size()) +
                   " certificates is for this authority's key (the first is of '" +
                   pkix::to_text(certificates.front()->subject) +
                   "'): the request that was made here must be signed, not another one"};
}

Result<void> check_name(const pkix::Certificate& own, const pkix::Name& name) {
  if (pkix::names_match(own->subject, name)) return {};
  return Error{Fault::identity_mismatch, "the certificate is for '" + pkix::to_text(own->subject) +
                                             "', this authority is '" + pkix::to_text(name) +
                                             "': have the request signed with its name as it is"};
}

Result<void> check_has_issuer(const pkix::Certificate& own) {
  if (!is_self_signed(own)) return {};
  return Error{Fault::not_allowed,
               "the certificate is signed by its own key: another authority must sign the request"};
}

Error no_authority(const pkix::Certificate& own, const std::string& lacks) {
  return {Fault::not_allowed, "the certificate of '" + pkix::to_text(own->subject) + "' " + lacks +
                                  ": have the request signed as an authority's, with "
                                  "basicConstraints cA TRUE and keyUsage keyCertSign, cRLSign"};
}

Result<void> check_is_authority(const pkix::Certificate& own) {
  const auto& extensions = own->extensions;
  const auto* constraints = pkix::find_extension(extensions, pkix::oid::kBasicConstraints);
  if (constraints == nullptr || !TRY(pkix::read_basic_constraints(constraints->extn_value)).ca) {
    return no_authority(own, "is none of an authority, basicConstraints cA is not TRUE");
  }
  const auto* extension = pkix::find_extension(extensions, pkix::oid::kKeyUsage);
  if (extension == nullptr) return {};
  const auto usage = TRY(pkix::read_key_usage(extension->extn_value));
  if (!usage.has(pkix::KeyUsageBit::keyCertSign)) {
    return no_authority(own, "may not sign certificates, keyUsage lacks keyCertSign");
  }
  if (usage.has(pkix::KeyUsageBit::cRLSign)) return {};
  return no_authority(own, "may not sign CRLs, keyUsage lacks cRLSign");
}

Result<Certificates> find_roots(const Certificates& certificates) {
  Certificates roots;
  std::copy_if(certificates.begin(), certificates.end(), std::back_inserter(roots), is_self_signed);
  if (!roots.empty()) return roots;
  return Error{Fault::untrusted_signer,
               "no self-signed root is among the certificates: give those above this authority's, "
               "up to the root, with --chain"};
}

}  // namespace

bool is_self_signed(const pkix::Certificate& certificate) {
  return pkix::names_match(certificate->issuer, certificate->subject) &&
         crypto::verify_certificate_signature(certificate, certificate->subject_public_key_info)
             .ok();
}

Result<Certificates> find_authority_chain(const FutureAuthority& self,
                                          const Certificates& certificates, Time now) {
  if (certificates.empty()) return Error{Fault::certificate_not_found, "no certificate is given"};
  const auto own = TRY(find_own(self, certificates));
  TRY(check_name(own, self.name));
  TRY(check_has_issuer(own));
  TRY(check_is_authority(own));
  const auto roots = TRY(find_roots(certificates));
  const auto validator = TRY(crypto::CertificationPathValidator::make(roots));
  return validator.validate(own, certificates, now);
}

Result<void> check_may_issue(const Certificates& chain, const pkix::Certificate& issued, Time now) {
  const auto validator = TRY(crypto::CertificationPathValidator::make({chain.back()}));
  const auto path = validator.validate(issued, chain, now);
  if (path.ok()) return {};
  return Error{Fault::not_allowed,
               "those above this authority do not let it issue a certificate of '" +
                   pkix::to_text(issued->subject) +
                   "' (path length or name constraints): " + path.error().detail};
}

}  // namespace signet::issuance
