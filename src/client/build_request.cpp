#include "client/build_request.h"

#include <algorithm>
#include <limits>
#include <set>

#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"
#include "envelope/signed_data.h"

namespace signet::client {
namespace {

constexpr std::size_t kNonceOctets = 32;        // S2 wants 16 at least
constexpr std::size_t kTransactionOctets = 16;  // first bit clear, second set: 127 bits, positive

/// One certification request as it goes into reqSequence.
struct TaggedItem {
  cmc::BodyPartID id;
  pkix::SubjectPublicKeyInfo key;
  Bytes der;  ///< TaggedRequest
};

/// Gives out body part ids; those inside CertReqMsgs are signed and stand.
class BodyPartIds {
 public:
  Result<void> take(cmc::BodyPartID id) {
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
  cmc::BodyPartID next() {
    while (!taken_.insert(cmc::BodyPartID{next_}).second) ++next_;
    return cmc::BodyPartID{next_++};
  }

 private:
  std::set<cmc::BodyPartID> taken_;
  std::uint32_t next_ = 1;
};

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

/// In the order given; CertReqMsgs come first to their ids, which are signed.
Result<std::vector<TaggedItem>> tag_requests(const std::vector<FullRequestInput::Item>& requests,
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

Result<void> check_more_controls(const std::vector<cmc::TaggedAttribute>& controls) {
  using namespace cmc::oid;
  for (const auto& control : controls) {
    const auto is_one_of = [&](std::initializer_list<asn1::Oid> types) {
      return std::find(types.begin(), types.end(), control.attr_type) != types.end();
    };
    //= E17 RFC 10002 §3.2: signed by an existing certificate, the message proves identity by that
    if (is_one_of({kIdentification, kIdentityProof, kIdentityProofV2})) {
      return Error{Fault::misplaced_control,
                   "an identity proof control in a request signed by a certificate: leave it out"};
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

/// A random positive number of 127 bits.
Result<asn1::Integer> random_transaction_id(RandomSource& random) {
  auto octets = TRY(random.octets(kTransactionOctets));
  octets.front() = static_cast<std::uint8_t>((octets.front() & 0x3F) | 0x40);
  return asn1::Integer::from_unsigned(octets);
}

std::vector<cmc::TaggedAttribute> control_sequence(const SentRequest& sent,
                                                   const FullRequestInput& input,
                                                   BodyPartIds& ids) {
  std::vector<cmc::TaggedAttribute> controls;
  const auto add = [&](const asn1::Oid& type, std::vector<Bytes> values) {
    controls.push_back({ids.next(), type, std::move(values)});
  };
  //= E101 RFC 10002 §6.6: the transaction is named from its first message on
  add(cmc::oid::kTransactionId, {cmc::write_integer_value(sent.transaction_id)});
  add(cmc::oid::kSenderNonce, {cmc::write_octets_value(sent.sender_nonce)});
  if (sent.data_return) {
    add(cmc::oid::kDataReturn, {cmc::write_octets_value(*sent.data_return)});
  }
  for (const auto& control : input.more_controls) add(control.attr_type, control.attr_values);
  return controls;
}

Result<Bytes> seal(const FullRequestInput& input, ByteView pki_data) {
  const auto algorithm = TRY(crypto::default_signature_algorithm(input.signer_key));
  std::vector<Bytes> certificates{input.signer.der};
  for (const auto& certificate : input.chain) {
    if (certificate != input.signer) certificates.push_back(certificate.der);
  }
  return envelope::seal_signed_data({
      .content_type = cmc::oid::kPKIData,
      .content = pki_data,
      .key = input.signer_key,
      .signature_algorithm = algorithm,
      .sid = cms::IssuerAndSerialNumber{input.signer->issuer, input.signer->serial_number},
      .certificates = std::move(certificates),
      .signing_time = std::nullopt,
  });
}

}  // namespace

Result<SentRequest> make_full_request(const FullRequestInput& input, RandomSource& random) {
  if (input.signer->subject_public_key_info != input.signer_key.public_key_info()) {
    return Error{Fault::signing_failed, "the signer's key does not belong to its certificate (" +
                                            pkix::to_text(input.signer->subject) + ")"};
  }
  TRY(check_more_controls(input.more_controls));
  SentRequest sent;
  sent.transaction_id = TRY(random_transaction_id(random));
  sent.sender_nonce = TRY(random.octets(kNonceOctets));
  sent.data_return = input.data_return;

  BodyPartIds ids;
  const auto items = TRY(tag_requests(input.requests, ids));
  cmc::PKIDataParts parts;
  for (const auto& item : items) {
    parts.tagged_requests.push_back(item.der);
    sent.request_ids.push_back(item.id);
    sent.keys.push_back(item.key);
  }
  parts.control_sequence = control_sequence(sent, input, ids);
  sent.octets = TRY(seal(input, cmc::write_pki_data(parts)));
  return sent;
}

}  // namespace signet::client
