#include "issuance/issuer.h"

#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"
#include "crypto/key_hash.h"
#include "issuance/serial_number.h"
#include "issuance/sign_tbs.h"

namespace signet::issuance {
namespace {

Error misconfigured(const std::string& what) {
  return {Fault::bad_configuration, what};
}

/// Whether certificate and key belong together; how the algorithm's parameters are written aside.
bool is_key_of(const pkix::Certificate& certificate, const crypto::PrivateKey& key) {
  const auto& certified = certificate->subject_public_key_info;
  const auto& own = key.public_key_info();
  return certified.algorithm.algorithm == own.algorithm.algorithm &&
         certified.subject_public_key == own.subject_public_key;
}

Result<void> check_may_sign_certificates(const pkix::Certificate& certificate) {
  const auto name = "the authority's certificate '" + pkix::to_text(certificate->subject) + "'";
  const auto& extensions = certificate->extensions;
  const auto* constraints = pkix::find_extension(extensions, pkix::oid::kBasicConstraints);
  if (constraints == nullptr || !TRY(pkix::read_basic_constraints(constraints->extn_value)).ca) {
    return misconfigured(name + " is none of an authority: basicConstraints cA is not TRUE");
  }
  const auto* usage = pkix::find_extension(extensions, pkix::oid::kKeyUsage);
  if (usage != nullptr &&
      !TRY(pkix::read_key_usage(usage->extn_value)).has(pkix::KeyUsageBit::keyCertSign)) {
    return misconfigured(name + " may not sign certificates: keyUsage lacks keyCertSign");
  }
  return {};
}

Result<void> check_order(const std::vector<pkix::Certificate>& chain) {
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (pkix::names_match(chain[i - 1]->issuer, chain[i]->subject)) continue;
    return misconfigured("the chain's certificate '" + pkix::to_text(chain[i]->subject) +
                         "' is not the issuer of '" + pkix::to_text(chain[i - 1]->subject) + "'");
  }
  return {};
}

}  // namespace

Result<Issuer> Issuer::make(std::vector<pkix::Certificate> chain,
                            std::shared_ptr<const crypto::PrivateKey> key) {
  if (chain.empty() || key == nullptr) {
    return misconfigured("the authority has no certificate or no key");
  }
  if (!is_key_of(chain.front(), *key)) {
    return misconfigured("the authority's key is not the one in its certificate '" +
                         pkix::to_text(chain.front()->subject) + "'");
  }
  TRY(check_may_sign_certificates(chain.front()));
  TRY(check_order(chain));
  return Issuer{std::move(chain), std::move(key)};
}

Result<PreparedCertificate> Issuer::prepare(policy::ApprovedCertificate approved,
                                            RandomSource& random, PreciseTime now,
                                            const CrlPoints& points) const {
  PreparedCertificate prepared;
  prepared.request_id_ = approved.request_id();
  prepared.profile_id_ = approved.profile_id();
  prepared.key_condition_ = approved.key_condition();

  pkix::TBSCertificate tbs;
  tbs.version = 3;
  tbs.serial_number = TRY(draw_serial_number(random, now));
  tbs.signature = approved.signature_algorithm();
  tbs.issuer = certificate()->subject;
  tbs.validity = approved.validity();
  tbs.subject = approved.subject();
  tbs.subject_public_key_info = std::move(approved).public_key_info();
  tbs.extensions = std::move(approved).extensions();
  prepared.crl_shard_ = place(points, tbs.serial_number, tbs.extensions);
  auto linted = TRY(write_linted(std::move(tbs), certificate()));
  prepared.tbs_ = std::move(linted.tbs);
  prepared.tbs_der_ = std::move(linted.der);
  return prepared;
}

Result<IssuedCertificate> Issuer::sign(PreparedCertificate prepared) const {
  auto certificate_signed =
      TRY(sign_linted({std::move(prepared.tbs_), std::move(prepared.tbs_der_)}, *key_));
  if (!verified_once_->load()) {
    const auto verified = crypto::verify_certificate_signature(
        certificate_signed, certificate()->subject_public_key_info);
    if (!verified.ok()) {
      return Error{Fault::signing_failed,
                   "the authority's key signs, but its certificate does not "
                   "verify the signature: " +
                       verified.error().detail};
    }
    verified_once_->store(true);
  }
  IssuedCertificate issued{std::move(certificate_signed)};
  issued.request_id_ = prepared.request_id_;
  issued.profile_id_ = std::move(prepared.profile_id_);
  issued.key_condition_ = std::move(prepared.key_condition_);
  issued.crl_shard_ = prepared.crl_shard_;
  return issued;
}

store::CertificateRecord record_of(const IssuedCertificate& issued, std::string requester,
                                   Time issued_at) {
  const auto& certificate = issued.certificate();
  auto key_hash = issued.key_condition() ? issued.key_condition()->key_hash
                                         : crypto::key_hash(certificate->subject_public_key_info);
  auto record = store::record_of(certificate, std::move(key_hash), issued_at);
  record.profile_id = issued.profile_id();
  record.requester = std::move(requester);
  record.crl_shard = issued.crl_shard();
  return record;
}

}  // namespace signet::issuance
