#include "client/number_parts.h"

#include <limits>

namespace signet::client {

Result<void> BodyPartIds::take(cmc::BodyPartID id) {
  //= E45 RFC 10002 §3.2.2: 0 stands for the PKIData itself
  if (id == cmc::kThisPKIData) {
    return Error{Fault::malformed, "a CertReqMsg with certReqId 0: make it with another id"};
  }
  //= E44 RFC 10002 §3.2.2: an id stands for one element only
  if (!taken_.insert(id).second) {
    return Error{Fault::duplicate_body_part, "two requests have the certReqId " +
                                                 std::to_string(id.value) +
                                                 ": make one of them with another id"};
  }
  return {};
}

cmc::BodyPartID BodyPartIds::next() {
  while (!taken_.insert(cmc::BodyPartID{next_}).second) ++next_;
  return cmc::BodyPartID{next_++};
}

Result<crmf::CertReqMsg> read_cert_req_msg(ByteView der) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{der, budget};
  auto message = TRY(crmf::read_cert_req_msg(reader));
  TRY(reader.finish());
  return message;
}

Result<TaggedItem> tag_cert_req_msg(ByteView der, BodyPartIds& ids) {
  const auto message = TRY(read_cert_req_msg(der));
  const auto number = message.cert_req.value.cert_req_id.to_uint64();
  if (!number || *number > std::numeric_limits<std::uint32_t>::max()) {
    return Error{Fault::malformed, "a CertReqMsg whose certReqId is not in 1..4294967295"};
  }
  const cmc::BodyPartID id{static_cast<std::uint32_t>(*number)};
  TRY(ids.take(id));
  const auto& key = message.cert_req.value.cert_template.public_key;
  if (!key) return Error{Fault::malformed, "a CertReqMsg without publicKey"};
  return TaggedItem{id, *key, cmc::write_tagged_request(der)};
}

Result<TaggedItem> tag_certification_request(ByteView der, BodyPartIds& ids) {
  const auto request = TRY(pkix::read_certification_request(der));
  const auto id = ids.next();
  return TaggedItem{id, request.info.value.subject_public_key_info,
                    cmc::write_tagged_request(id, der)};
}

Result<std::vector<TaggedItem>> tag_requests(const std::vector<RequestItem>& requests,
                                             BodyPartIds& ids) {
  std::vector<TaggedItem> items(requests.size());
  for (const auto form : {RequestForm::crmf, RequestForm::pkcs10}) {
    for (std::size_t at = 0; at < requests.size(); ++at) {
      if (requests[at].form != form) continue;
      items[at] = form == RequestForm::crmf ? TRY(tag_cert_req_msg(requests[at].der, ids))
                                            : TRY(tag_certification_request(requests[at].der, ids));
    }
  }
  return items;
}

}  // namespace signet::client
