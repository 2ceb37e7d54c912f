#pragma once

#include "apps/dogtag/key_database.h"
#include "apps/dogtag/options.h"
#include "crypto/private_key.h"

namespace signet::dogtag {

/// What PKCS10Client and CRMFPopClient are told alike.
struct KeyRequestOptions {
  DatabasePlace place;
  std::string key_kind;  ///< as crypto::generate_private_key names it
  pkix::Name subject;
  std::string output;
};
/// Reads -d -h -p -P -a -l -c -n -k -o. Faults: bad_configuration, unsupported_algorithm (naming
/// the choices), malformed (the subject), storage_failed (nothing can be written at -o: no key is
/// to be made for nowhere).
Result<KeyRequestOptions> read_key_request_options(const Options& options);

/// A request for one key.
struct KeyRequest {
  const pkix::Name& subject;
  const crypto::PrivateKey& key;
  bool key_identifier = false;  ///< asks for a subjectKeyIdentifier
};
/// A PKCS#10. Faults: unsupported_algorithm, signing_failed.
Result<Bytes> make_pkcs10(const KeyRequest& request);

enum class Popo {
  success,  ///< a signature over the CertRequest
  fail,     ///< a signature over something else
  none,     ///< no popo at all: the key is to be challenged
};
/// CertReqMessages with one CertReqMsg, certReqId 1. Faults: as make_pkcs10.
Result<Bytes> make_crmf(const KeyRequest& request, Popo popo);

/// Writes the request as PEM, its key's id beside it (.keyId, no line end).
/// The id's text comes back. Faults: storage_failed, malformed.
Result<std::string> write_key_request(const std::string& path, ByteView request,
                                      const crypto::PrivateKey& key);

}  // namespace signet::dogtag
