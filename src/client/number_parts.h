#pragma once

#include <set>

#include "client/build_request.h"

namespace signet::client {

/// One certification request as it goes into reqSequence.
struct TaggedItem {
  cmc::BodyPartID id;
  pkix::SubjectPublicKeyInfo key;
  Bytes der;  ///< TaggedRequest
};

/// Gives out body part ids; those inside CertReqMsgs are signed and stand.
class BodyPartIds {
 public:
  /// Faults: malformed (0), duplicate_body_part.
  Result<void> take(cmc::BodyPartID id);
  cmc::BodyPartID next();

 private:
  std::set<cmc::BodyPartID> taken_;
  std::uint32_t next_ = 1;
};

/// A CertReqMsg (SEQUENCE tag) of its own: all of `der`.
Result<crmf::CertReqMsg> read_cert_req_msg(ByteView der);

/// A CertReqMsg keeps its certReqId. Faults: malformed, duplicate_body_part.
Result<TaggedItem> tag_cert_req_msg(ByteView der, BodyPartIds& ids);
/// A PKCS#10 gets the next id. Faults: malformed.
Result<TaggedItem> tag_certification_request(ByteView der, BodyPartIds& ids);
/// In the order given; CertReqMsgs come first to their ids.
Result<std::vector<TaggedItem>> tag_requests(const std::vector<RequestItem>& requests,
                                             BodyPartIds& ids);

}  // namespace signet::client
