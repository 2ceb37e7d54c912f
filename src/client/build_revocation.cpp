#include "client/build_revocation.h"

namespace signet::client {

//= C55 RFC 10004 §5.2: revokeRequest is sent
//= E119 RFC 10002 §6.11: a revocation is signed
Result<SentRequest> make_revocation_request(const RevocationInput& input, RandomSource& random) {
  std::vector<cmc::TaggedAttribute> controls;
  for (const auto& wanted : input.revocations) {
    cmc::RevokeRequest request;
    request.issuer_name = wanted.issuer;
    request.serial_number = wanted.serial_number;
    request.reason = wanted.reason;
    request.invalidity_date = wanted.invalidity_date;
    if (!wanted.comment.empty()) request.comment = wanted.comment;
    controls.push_back(
        {cmc::BodyPartID{0}, cmc::oid::kRevokeRequest, {cmc::write_revoke_request(request)}});
  }
  return make_full_request({.requests = {},
                            .data_return = std::nullopt,
                            .more_controls = std::move(controls),
                            .signer = input.signer,
                            .signer_key = input.signer_key,
                            .chain = input.chain},
                           random);
}

}  // namespace signet::client
