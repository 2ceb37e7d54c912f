#pragma once

#include <optional>
#include <string>
#include <vector>

#include "codec/cmc/pki_data.h"
#include "crypto/private_key.h"

namespace signet::client {

/// What is wanted in the certificate. The key signs the request (possession).
struct WantedCertificate {
  pkix::Name subject;
  pkix::GeneralNames subject_alt_names;
  pkix::Extensions extensions;  ///< besides SAN and SKI
  const crypto::PrivateKey& key;
};

enum class RequestForm { pkcs10, crmf };

/// A PKCS#10 (DER), with the SKI extension and what else is wanted.
/// Faults: unsupported_algorithm, signing_failed.
Result<Bytes> make_certification_request(const WantedCertificate& wanted);
/// A CertReqMsg (DER, SEQUENCE tag) with popo.signature.
Result<Bytes> make_cert_req_msg(const WantedCertificate& wanted, cmc::BodyPartID id);

/// What the client must remember to check the answer.
struct SentRequest {
  Bytes octets;  ///< the ContentInfo
  asn1::Integer transaction_id;
  Bytes sender_nonce;
  std::optional<Bytes> data_return;
  std::vector<cmc::BodyPartID> request_ids;
  std::vector<pkix::SubjectPublicKeyInfo> keys;  ///< of the requests, in order
};

struct FullRequestInput {
  /// Each a PKCS#10 or a CertReqMsg, DER.
  struct Item {
    RequestForm form = RequestForm::pkcs10;
    Bytes der;
  };
  std::vector<Item> requests;
  std::optional<Bytes> data_return;
  std::vector<cmc::TaggedAttribute> more_controls;  ///< ids are given anew
  const pkix::Certificate& signer;
  const crypto::PrivateKey& signer_key;
  std::vector<pkix::Certificate> chain;  ///< carried along besides the signer
};
/// A Full PKI Request signed by an existing certificate: transactionId, senderNonce (32 random
/// octets), then the requests. Faults: malformed (an item), unsupported_algorithm, signing_failed.
Result<SentRequest> make_full_request(const FullRequestInput& input, RandomSource& random);

}  // namespace signet::client
