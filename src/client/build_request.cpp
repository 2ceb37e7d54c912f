#include "client/build_request.h"

#include <algorithm>

#include "client/number_parts.h"
#include "client/seal_message.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/status.h"
#include "codec/pkix/oids.h"
#include "envelope/authenticated_data.h"
#include "envelope/signed_data.h"
#include "proof/witness/identity_proof.h"
#include "proof/witness/pop_link.h"

namespace signet::client {
namespace {

constexpr std::size_t kLinkRandomOctets = 64;
constexpr std::size_t kTransactionOctets = 16;  // first bit clear, second set: 127 bits, positive

Result<void> check_more_controls(const std::vector<cmc::TaggedAttribute>& controls) {
  using namespace cmc::oid;
  for (const auto& control : controls) {
    const auto is_one_of = [&](std::initializer_list<asn1::Oid> types) {
      return std::find(types.begin(), types.end(), control.attr_type) != types.end();
    };
    //= E17 RFC 10002 §3.2: signed by an existing certificate, the message proves identity by that
    if (is_one_of({kIdentification, kIdentityProof, kIdentityProofV2})) {
      return Error{
          Fault::misplaced_control,
          "identification and identity proofs are put in for a shared secret only; leave them "
          "out of the other controls"};
    }
    //= E104 RFC 10002 §6.6: the first message of a transaction has no recipientNonce
    if (is_one_of({kRecipientNonce, kSenderNonce, kTransactionId, kDataReturn})) {
      return Error{Fault::duplicate_control,
                   "transactionId, nonces and dataReturn are put in here; "
                   "leave them out of the other controls"};
    }
  }
  return {};
}

/// A message under construction: its controls are numbered as they come.
struct Draft {
  SentRequest sent;
  BodyPartIds ids;
  cmc::PKIDataParts parts;

  void add(const asn1::Oid& type, std::vector<Bytes> values) {
    parts.control_sequence.push_back({ids.next(), type, std::move(values)});
  }
};

/// Requests first, because the ids in CertReqMsgs stand; then the controls of every first message.
Result<Draft> begin(const std::vector<RequestItem>& requests,
                    const std::optional<Bytes>& data_return, const Ongoing* within,
                    RandomSource& random) {
  Draft draft;
  draft.sent.transaction_id = TRY(random_transaction_id(random));
  if (within != nullptr) draft.sent.transaction_id = within->transaction_id;
  draft.sent.sender_nonce = TRY(random.octets(kSenderNonceOctets));
  draft.sent.data_return = data_return;
  auto items = TRY(tag_requests(requests, draft.ids));
  for (auto& item : items) {
    draft.sent.tagged_requests.push_back(item.der);
    draft.parts.tagged_requests.push_back(std::move(item.der));
    draft.sent.request_ids.push_back(item.id);
    draft.sent.keys.push_back(std::move(item.key));
  }
  //= E101 RFC 10002 §6.6: the transaction is named from its first message on
  //= C32 RFC 10004 §5.2: transactionId is sent
  //= C35 RFC 10004 §5.2: senderNonce too
  draft.add(cmc::oid::kTransactionId, {cmc::write_integer_value(draft.sent.transaction_id)});
  draft.add(cmc::oid::kSenderNonce, {cmc::write_octets_value(draft.sent.sender_nonce)});
  //= C38 RFC 10004 §5.2: recipientNonce is sent from the second message on
  if (within != nullptr && !within->recipient_nonce.empty()) {
    draft.add(cmc::oid::kRecipientNonce, {cmc::write_octets_value(within->recipient_nonce)});
  }
  //= C25 RFC 10004 §5.2: dataReturn is sent where it is wanted
  if (data_return) draft.add(cmc::oid::kDataReturn, {cmc::write_octets_value(*data_return)});
  return draft;
}

/// The same requests and transaction, or, without answers, no requests and what went wrong.
Result<Draft> proceed(const Continuation& continues, RandomSource& random) {
  const auto& first = continues.first;
  const bool gives_up = continues.answers.empty();
  Draft draft;
  draft.sent = first;
  draft.sent.sender_nonce = TRY(random.octets(kSenderNonceOctets));
  if (!gives_up) draft.parts.tagged_requests = first.tagged_requests;
  for (const auto id : first.request_ids) TRY(draft.ids.take(id));
  draft.add(cmc::oid::kTransactionId, {cmc::write_integer_value(first.transaction_id)});
  draft.add(cmc::oid::kSenderNonce, {cmc::write_octets_value(draft.sent.sender_nonce)});
  //= C38 RFC 10004 §5.2: recipientNonce is sent from the second message on
  draft.add(cmc::oid::kRecipientNonce, {cmc::write_octets_value(continues.recipient_nonce)});
  if (first.data_return) {
    draft.add(cmc::oid::kDataReturn, {cmc::write_octets_value(*first.data_return)});
  }
  //= C44 RFC 10004 §5.2: a challenge is answered by decryptedPOP
  for (const auto& answer : continues.answers) {
    draft.add(cmc::oid::kDecryptedPOP, {cmc::write_decrypted_pop(answer)});
  }
  //= C58 RFC 10004 §5.2: regInfo is sent
  draft.add(cmc::oid::kRegInfo, {cmc::write_octets_value(continues.request_id)});
  if (!gives_up) return draft;
  //= E111 RFC 10002 §6.7: where the witness is wrong, the transaction ends with popFailed
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = cmc::CMCStatus::failed;
  for (const auto id : first.request_ids) status.body_list.emplace_back(id);
  status.status_string = "the witness of encryptedPOP is not that of its proof value";
  status.other_info = cmc::CMCFailInfo::popFailed;
  draft.add(cmc::oid::kStatusInfoV2, {cmc::write_cmc_status_info_v2(status)});
  return draft;
}

template <typename Input>
Result<Draft> draft_of(const Input& input, RandomSource& random) {
  if (input.continues != nullptr) return proceed(*input.continues, random);
  return begin(input.requests, input.data_return, input.within, random);
}

bool only_retrieves(const Draft& draft, const std::vector<cmc::TaggedAttribute>& controls) {
  const auto retrieves = [](const cmc::TaggedAttribute& control) {
    return control.attr_type == cmc::oid::kGetCert || control.attr_type == cmc::oid::kGetCRL;
  };
  return draft.parts.tagged_requests.empty() && !controls.empty() &&
         std::all_of(controls.begin(), controls.end(), retrieves);
}

bool goes_in_authenticated_data(const SecretRequestInput& input) {
  const bool gives_up = input.continues != nullptr && input.continues->answers.empty();
  return input.in_authenticated_data || gives_up;
}

void add_identity_controls(Draft& draft, const SecretRequestInput& input) {
  const auto& holder = input.holder;
  //= C13 RFC 10004 §5.2: identification is sent
  draft.add(cmc::oid::kIdentification, {cmc::write_utf8_value(holder.identification)});
  if (!goes_in_authenticated_data(input)) {
    //= C07 RFC 10004 §5.2: with identityProofV2
    //= E90 RFC 10002 §6.3.2: whatever the subject is
    const auto proof =
        proof::make_identity_proof_v2({}, {holder.secret, holder.identification},
                                      cmc::write_req_sequence(draft.parts.tagged_requests));
    draft.add(cmc::oid::kIdentityProofV2, {cmc::write_identity_proof_v2(proof)});
  }
  //= C16 RFC 10004 §5.2: popLinkRandom is sent
  //= E85 RFC 10002 §6.3.1.1: in the Full request
  const auto& link_random = draft.sent.link_random;
  const bool has_requests = !draft.parts.tagged_requests.empty();
  if (link_random && has_requests) {
    draft.add(cmc::oid::kPopLinkRandom, {cmc::write_octets_value(*link_random)});
  }
}

Result<Bytes> seal_with_secret(const SecretHolder& holder, ByteView content, RandomSource& random) {
  const auto password = proof::SharedKnowledge{holder.secret, holder.identification}.password();
  return envelope::seal_authenticated_data({cmc::oid::kPKIData, content, password}, random);
}

/// Nothing but what says with which message it goes: that it is there at all is the wish. Without
/// the nonce, so that who takes it out and sends it alone uses nothing up.
//= C73 RFC 10004 §5.2: authData is sent
Result<void> add_auth_data(Draft& draft, const SecretHolder& holder, RandomSource& random) {
  cmc::PKIDataParts inside;
  inside.control_sequence = {{cmc::BodyPartID{1},
                              cmc::oid::kIdentification,
                              {cmc::write_utf8_value(holder.identification)}},
                             {cmc::BodyPartID{2},
                              cmc::oid::kTransactionId,
                              {cmc::write_integer_value(draft.sent.transaction_id)}}};
  const auto sealed = TRY(seal_with_secret(holder, cmc::write_pki_data(inside), random));
  auto content = TRY(cms::read_content_info(sealed));
  const auto item = draft.ids.next();
  draft.parts.cms_sequence.push_back({item, std::move(content)});
  draft.add(cmc::oid::kAuthData, {cmc::write_body_part_id_value(item)});
  return {};
}

template <typename Input>
Result<Bytes> seal_with_request_key(const Input& input, const Draft& draft, ByteView content) {
  if (input.possession == ShowPossession::by_signature) {
    return sign_by_request(content, draft.parts.tagged_requests, input.key);
  }
  auto identifier = TRY(key_identifier_of(draft.parts.tagged_requests, input.key));
  //= B29 RFC 10004 §5.1: a key that cannot sign goes with id-alg-noSignature
  return envelope::seal_without_signature(content,
                                          cms::SubjectKeyIdentifier{std::move(identifier)});
}

}  // namespace

Result<asn1::Integer> random_transaction_id(RandomSource& random) {
  auto octets = TRY(random.octets(kTransactionOctets));
  octets.front() = static_cast<std::uint8_t>((octets.front() & 0x3F) | 0x40);
  return asn1::Integer::from_unsigned(octets);
}

Result<SentRequest> make_full_request(const FullRequestInput& input, RandomSource& random) {
  const MessageSigner signer{input.signer, input.signer_key, input.chain};
  TRY(check_signer(signer));
  TRY(check_more_controls(input.more_controls));
  auto draft = TRY(draft_of(input, random));
  for (const auto& control : input.more_controls) draft.add(control.attr_type, control.attr_values);
  draft.sent.only_retrieves = only_retrieves(draft, input.more_controls);
  draft.sent.octets = TRY(sign_message(cmc::write_pki_data(draft.parts), signer));
  return std::move(draft.sent);
}

//= E84 RFC 10002 §6.3.1.1: 512 bits
Result<Bytes> make_link_random(RandomSource& random) {
  return random.octets(kLinkRandomOctets);
}

//= C19 RFC 10004 §5.2: popLinkWitnessV2 is made
//= B19 RFC 10004 §5.1: keyGenAlgorithm SHA-256
//= B21 RFC 10004 §5.1: macAlgorithm HMAC-SHA256
Result<Bytes> make_link_witness(const SecretHolder& holder, ByteView link_random, LinkKey key) {
  proof::SharedKnowledge known{holder.secret, std::nullopt};
  if (key == LinkKey::of_secret_and_identification) known.identification = holder.identification;
  return cmc::write_pop_link_witness_v2(TRY(proof::make_pop_link_witness_v2(known, link_random)));
}

Result<SentRequest> make_secret_request(const SecretRequestInput& input, RandomSource& random) {
  TRY(check_more_controls(input.more_controls));
  auto draft = TRY(draft_of(input, random));
  if (input.continues == nullptr) draft.sent.link_random = input.link_random;
  add_identity_controls(draft, input);
  if (input.wants_anchors) TRY(add_auth_data(draft, input.holder, random));
  for (const auto& control : input.more_controls) draft.add(control.attr_type, control.attr_values);
  const auto content = cmc::write_pki_data(draft.parts);
  draft.sent.octets = goes_in_authenticated_data(input)
                          ? TRY(seal_with_secret(input.holder, content, random))
                          : TRY(seal_with_request_key(input, draft, content));
  return std::move(draft.sent);
}

//= E145 RFC 10002 §6.20: where an RA sees who asks, the message itself proves no identity
Result<SentRequest> make_unproven_request(const UnprovenRequestInput& input, RandomSource& random) {
  TRY(check_more_controls(input.more_controls));
  auto draft = input.continues != nullptr
                   ? TRY(proceed(*input.continues, random))
                   : TRY(begin(input.requests, std::nullopt, nullptr, random));
  for (const auto& control : input.more_controls) draft.add(control.attr_type, control.attr_values);
  draft.sent.octets = TRY(seal_with_request_key(input, draft, cmc::write_pki_data(draft.parts)));
  return std::move(draft.sent);
}

}  // namespace signet::client
