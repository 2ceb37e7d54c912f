#pragma once

#include "codec/ocsp/request.h"
#include "crypto/digest.h"

namespace signet::authority {

/// What an OCSPRequest asks, as far as we look at it.
struct OcspQuestion {
  std::vector<asn1::Encoded<ocsp::CertID>> cert_ids;
  std::optional<pkix::Extension> nonce;  ///< to be echoed

  /// Whether its answer may serve others too.
  [[nodiscard]] bool is_common() const { return !nonce && cert_ids.size() == 1; }
};
/// Neither requestorName nor signature is looked at. Faults: malformed (also a nonce of other than
/// 1 to 128 octets, a critical extension that we do not know), too_large (also more CertIDs than
/// `most_cert_ids`), too_deep, trailing_data.
Result<OcspQuestion> read_ocsp_question(ByteView der, std::size_t most_cert_ids);

/// By what CertIDs name one issuer: hashes of its name and key, SHA-1 and SHA-2.
class IssuerHashes {
 public:
  explicit IssuerHashes(const pkix::Certificate& issuer);
  /// Whether it is a certificate of this issuer that is asked for.
  [[nodiscard]] bool match(const ocsp::CertID& cert_id) const;

 private:
  struct Pair {
    crypto::DigestAlgorithm algorithm;
    Bytes of_name;
    Bytes of_key;
  };
  std::vector<Pair> pairs_;
};

}  // namespace signet::authority
