#pragma once

#include "codec/crmf/crmf.h"

namespace signet::proof {

/// Whether a CRMF request keeps to what CMC and CRMF let a requester say: subject and publicKey
/// there; no field that the authority alone fills in; no regInfo, regToken or authenticator.
/// RFC 10002 §3.2.1.2.2, RFC 4211 §5, RFC 10004 §5.3.
/// Does not look at the proof of possession, nor judge subject, key or extensions.
/// Faults: malformed, naming the field.
Result<void> check_cert_req_msg(const crmf::CertReqMsg& message);

}  // namespace signet::proof
