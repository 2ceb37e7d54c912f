#include "authority/ocsp_question.h"

#include <algorithm>

#include "codec/ocsp/oids.h"
#include "crypto/public_key.h"

namespace signet::authority {
namespace {

/// RFC 5280 §4.2's rule for extensions holds for requests too (RFC 6960 §4.4). Which responses are
/// acceptable is always the same: the basic one, which everybody must know.
Result<void> check_critical(const pkix::Extensions& extensions) {
  for (const auto& extension : extensions) {
    const bool is_known = extension.extn_id == ocsp::oid::kNonce ||
                          extension.extn_id == ocsp::oid::kAcceptableResponses;
    if (is_known || !extension.critical) continue;
    return Error{Fault::malformed,
                 "the critical extension " + extension.extn_id.to_text() + " is not known here"};
  }
  return {};
}

Result<std::optional<pkix::Extension>> nonce_of(const pkix::Extensions& extensions) {
  const auto* extension = pkix::find_extension(extensions, ocsp::oid::kNonce);
  if (extension == nullptr) return std::optional<pkix::Extension>();
  TRY(ocsp::read_nonce(extension->extn_value));
  return std::optional(pkix::Extension{extension->extn_id, false, extension->extn_value});
}

}  // namespace

Result<OcspQuestion> read_ocsp_question(ByteView der, std::size_t most_cert_ids) {
  const auto request = TRY(ocsp::read_ocsp_request(der));
  const auto& tbs = request.tbs_request.value;
  if (tbs.request_list.size() > most_cert_ids) {
    return Error{Fault::too_large, std::to_string(tbs.request_list.size()) +
                                       " certificates in one OCSP request; at most " +
                                       std::to_string(most_cert_ids) + " are answered"};
  }
  OcspQuestion question;
  TRY(check_critical(tbs.request_extensions));
  for (const auto& each : tbs.request_list) {
    TRY(check_critical(each.single_request_extensions));
    question.cert_ids.push_back(each.req_cert);
  }
  question.nonce = TRY(nonce_of(tbs.request_extensions));
  return question;
}

IssuerHashes::IssuerHashes(const pkix::Certificate& issuer) {
  using crypto::DigestAlgorithm;
  for (const auto algorithm :
       {DigestAlgorithm::sha1, DigestAlgorithm::sha256, DigestAlgorithm::sha384,
        DigestAlgorithm::sha512, DigestAlgorithm::sha224}) {
    pairs_.push_back({algorithm, crypto::digest(algorithm, issuer->subject.der()),
                      crypto::key_identifier(issuer->subject_public_key_info, algorithm)});
  }
}

bool IssuerHashes::match(const ocsp::CertID& cert_id) const {
  const auto algorithm = crypto::digest_algorithm(cert_id.hash_algorithm);
  if (!algorithm.ok()) return false;
  return std::any_of(pairs_.begin(), pairs_.end(), [&](const Pair& pair) {
    return pair.algorithm == *algorithm && pair.of_name == cert_id.issuer_name_hash &&
           pair.of_key == cert_id.issuer_key_hash;
  });
}

}  // namespace signet::authority
