#include "proof/possession/cert_req_msg_rules.h"

#include <string>

namespace signet::proof {
namespace {

constexpr std::int64_t kVersion3 = 2;  // RFC 4211 §5: version is absent or 2

Error forbid(const std::string& what) {
  return {Fault::malformed, "a CRMF request with " + what};
}

Result<void> check_required_fields(const crmf::CertTemplate& wanted) {
  //= E29 RFC 10002 §3.2.1.2.2: the template holds a subject, NULL perhaps, and a public key
  if (!wanted.subject) return forbid("no subject in its template: send one, empty if need be");
  if (!wanted.public_key) return forbid("no publicKey in its template");
  return {};
}

/// RFC 4211 §5: what the authority alone fills in.
Result<void> check_absent_fields(const crmf::CertTemplate& wanted) {
  if (wanted.version && *wanted.version != kVersion3) {
    return forbid("version " + std::to_string(*wanted.version) +
                  " in its template: leave it out, or send 2 (v3)");
  }
  if (wanted.serial_number) return forbid("a serialNumber in its template: leave it out");
  if (wanted.signing_alg) return forbid("a signingAlg in its template: leave it out");
  if (wanted.issuer_uid) return forbid("an issuerUID in its template: leave it out");
  if (wanted.subject_uid) return forbid("a subjectUID in its template: leave it out");
  return {};
}

/// Of CRMF's own controls two say what CMC has controls for (identification, identityProof): they
/// are refused. The others are passed over.
//= D02, D03, D04 RFC 10004 §5.3: pkiArchiveOptions, oldCertID and protocolEncrKey do nothing
Result<void> check_controls(const std::vector<crmf::AttributeTypeAndValue>& controls) {
  for (const auto& control : controls) {
    //= D01 RFC 10004 §5.3: the registration controls of CRMF are not used in CMC
    //= E31 RFC 10002 §3.2.1.2.2: CMC's controls alone say what both could say
    if (control.type == crmf::oid::kRegToken) return forbid("a regToken control: leave it out");
    if (control.type == crmf::oid::kAuthenticator) {
      return forbid("an authenticator control: leave it out");
    }
  }
  return {};
}

}  // namespace

Result<void> check_cert_req_msg(const crmf::CertReqMsg& message) {
  TRY(check_required_fields(message.cert_req.value.cert_template));
  TRY(check_absent_fields(message.cert_req.value.cert_template));
  TRY(check_controls(message.cert_req.value.controls));
  //= E32 RFC 10002 §3.2.1.2.2: the field regInfo is not used
  if (!message.reg_info.empty()) {
    return forbid("regInfo: leave it out, and send the control regInfo in the PKIData");
  }
  return {};
}

}  // namespace signet::proof
