#pragma once

#include <optional>

#include "client/read_response.h"
#include "codec/cmc/pki_data.h"

namespace signet::dogtag {

/// An answer in a file: DER, PEM or base64.
struct ResponseFile {
  Bytes octets;  ///< the ContentInfo
  cms::SignedData signed_data;
  bool simple = false;        ///< certificates only
  cmc::PKIResponse response;  ///< of a Full response
  std::vector<client::Verdict> verdicts;
  std::optional<pkix::Certificate> signer;  ///< whose signature has verified; its path has not
};

/// Reads it, and verifies every signature of a Full response by the certificate that it carries.
/// Faults: storage_failed, malformed; bad_signature (also when nobody signed); untrusted_signer
/// when the signer's certificate is not carried.
Result<ResponseFile> read_response_file(const std::string& path);

/// The first verdict that is no success; null when all are.
const client::Verdict* first_refusal(const ResponseFile& file);

}  // namespace signet::dogtag
