#pragma once

#include "apps/inspect/inspect_parts.h"
#include "codec/crmf/crmf.h"
#include "codec/pkix/certification_request.h"

namespace signet::tool {

/// A PKCS#10; its signature, which proves possession of its key, is checked.
AnnotatedTree certification_request_tree(const pkix::CertificationRequest& request);
/// A CertReqMsg; popo.signature is checked over CertRequest (AMB-34).
AnnotatedTree cert_req_msg_tree(const crmf::CertReqMsg& message);
/// A CertTemplate, in a CertReqMsg or a modCertTemplate control.
AnnotatedTree cert_template_tree(const crmf::CertTemplate& cert_template);

}  // namespace signet::tool
