#include "authority/response_signer.h"

#include <algorithm>

#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"

namespace signet::authority {
namespace {

Error unusable(const std::string& why) {
  return {Fault::bad_configuration, "the certificate that signs responses (cmc_certificate) " +
                                        why + "; `signet ca renew cmc` makes a good one"};
}

bool is_issued_by(const pkix::Certificate& certificate, const pkix::Certificate& authority) {
  return pkix::names_match(certificate->issuer, authority->subject) &&
         crypto::verify_certificate_signature(certificate, authority->subject_public_key_info).ok();
}

}  // namespace

Result<std::shared_ptr<const ResponseSigner>> make_response_signer(
    const pkix::Certificate& certificate, std::shared_ptr<const crypto::PrivateKey> key,
    const std::vector<pkix::Certificate>& authority) {
  if (certificate->subject_public_key_info != key->public_key_info()) {
    return unusable("is for another key than cmc_key");
  }
  if (!certificate.has_extended_key_usage(pkix::oid::kCmcCA)) {
    return unusable("lacks the extended key usage id-kp-cmcCA");
  }
  const bool ours = std::any_of(authority.begin(), authority.end(),
                                [&](const auto& each) { return is_issued_by(certificate, each); });
  if (!ours) return unusable("was not issued by this authority");
  auto algorithm = TRY(crypto::default_signature_algorithm(*key));
  return std::shared_ptr<const ResponseSigner>(
      new ResponseSigner(std::move(key), std::move(algorithm), certificate));
}

}  // namespace signet::authority
