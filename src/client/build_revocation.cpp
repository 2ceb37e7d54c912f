#include "client/build_revocation.h"

#include "client/compose_message.h"
#include "client/seal_message.h"

namespace signet::client {

namespace {

cmc::RevokeRequest request_of(const WantedRevocation& wanted) {
  cmc::RevokeRequest request;
  request.issuer_name = wanted.issuer;
  request.serial_number = wanted.serial_number;
  request.reason = wanted.reason;
  request.invalidity_date = wanted.invalidity_date;
  if (!wanted.comment.empty()) request.comment = wanted.comment;
  return request;
}

}  // namespace

//= E120 RFC 10002 §6.11: a revocation by secret is unsigned
Result<SentRequest> make_unsigned_revocation(const WantedRevocation& wanted,
                                             const SecretBytes& secret, RandomSource& random) {
  SentRequest sent;
  sent.transaction_id = TRY(random_transaction_id(random));
  sent.sender_nonce = TRY(random.octets(kSenderNonceOctets));
  auto request = request_of(wanted);
  request.shared_secret = to_bytes(secret.view());
  const auto composed = TRY(compose_message(
      {.controls = {
           {cmc::oid::kTransactionId, cmc::write_integer_value(sent.transaction_id)},
           {cmc::oid::kSenderNonce, cmc::write_octets_value(sent.sender_nonce)},
           {cmc::oid::kRevokeRequest, cmc::write_revoke_request(request)},
       }}));
  sent.octets = leave_unsigned(composed.pki_data, UnsignedForm::signed_data);
  return sent;
}

//= C55 RFC 10004 §5.2: revokeRequest is sent
//= E119 RFC 10002 §6.11: a revocation is signed
Result<SentRequest> make_revocation_request(const RevocationInput& input, RandomSource& random) {
  std::vector<cmc::TaggedAttribute> controls;
  for (const auto& wanted : input.revocations) {
    controls.push_back({cmc::BodyPartID{0},
                        cmc::oid::kRevokeRequest,
                        {cmc::write_revoke_request(request_of(wanted))}});
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
