#include "authority/response.h"

#include <algorithm>

#include "authority/statuses.h"
#include "codec/cmc/controls.h"
#include "envelope/authenticated_data.h"
#include "envelope/signed_data.h"
#include "proof/possession/challenge_search.h"

namespace signet::authority {
namespace {

constexpr std::size_t kNonceOctets = 32;  // RFC 10002 §6.6 gives no size

/// The next number that nothing in the response bears.
cmc::BodyPartID next_id(const cmc::PKIResponse& response) {
  const auto& controls = response.control_sequence;
  cmc::BodyPartID id = controls.empty() ? cmc::kThisPKIData : controls.back().body_part_id;
  const auto is_taken = [&](const cmc::TaggedContentInfo& item) { return item.body_part_id == id; };
  do ++id.value;
  while (std::any_of(response.cms_sequence.begin(), response.cms_sequence.end(), is_taken));
  return id;
}

void add_control(cmc::PKIResponse& response, const asn1::Oid& type, Bytes value) {
  response.control_sequence.push_back({next_id(response), type, {std::move(value)}});
}

//= C03 RFC 10004 §5.2: what became of a request is told in CMCStatusInfoV2
//= E62 RFC 10002 §6.1: and in no other
void add_status(cmc::PKIResponse& response, const cmc::CMCStatusInfoV2& status) {
  add_control(response, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status));
}

Exchange exchange_of(const cmc::PkiRequest& request) {
  return authority::exchange_of(cmc::controls_of(request));
}

Enclosed enclosed_by(const std::vector<Outcome>& outcomes) {
  Enclosed enclosed;
  for (const auto& outcome : outcomes) {
    if (const auto* issued = std::get_if<Issued>(&outcome)) {
      enclosed.certificates.push_back(issued->certificate_der);
    }
    if (const auto* found = std::get_if<FoundCertificate>(&outcome)) {
      enclosed.certificates.push_back(found->certificate_der);
    }
    if (const auto* found = std::get_if<FoundCrls>(&outcome)) {
      enclosed.crls.insert(enclosed.crls.end(), found->crls_der.begin(), found->crls_der.end());
    }
  }
  return enclosed;
}

/// What was asked for may be of the chain.
void add_missing(const std::vector<Bytes>& chain, std::vector<Bytes>& certificates) {
  for (const auto& each : chain) {
    const auto found = std::find(certificates.begin(), certificates.end(), each);
    if (found == certificates.end()) certificates.push_back(each);
  }
}

/// With a CRL in it, it may be longer than what others may send.
Result<cms::ContentInfo> read_own(ByteView octets) {
  return cms::read_content_info(octets, {.octets = octets.size()});
}

/// The announcement, tied by its own MAC to the message that asks for it: whose secret, which
/// transaction, whose nonce.
Bytes anchors_for(const AnchorSet& set, const std::vector<cmc::TaggedAttribute>& asked) {
  cmc::PKIDataParts parts;
  const auto add = [&](const asn1::Oid& type, Bytes value) {
    const cmc::BodyPartID id{static_cast<std::uint32_t>(parts.control_sequence.size() + 1)};
    parts.control_sequence.push_back({id, type, {std::move(value)}});
  };
  const auto exchange = authority::exchange_of(asked);
  if (const auto* named = cmc::find_control(asked, cmc::oid::kIdentification)) {
    add(cmc::oid::kIdentification, named->attr_values.front());
  }
  if (exchange.transaction_id) {
    add(cmc::oid::kTransactionId, cmc::write_integer_value(*exchange.transaction_id));
  }
  if (exchange.sender_nonce) {
    add(cmc::oid::kRecipientNonce, cmc::write_octets_value(*exchange.sender_nonce));
  }
  add(cmc::oid::kTrustedAnchors, set.control);
  return cmc::write_pki_data(parts);
}

cmc::BodyPartList items_answered(const std::vector<ForwardedAnswer>& answers) {
  cmc::BodyPartList items;
  for (const auto& answer : answers) {
    if (!answer.octets.empty()) items.push_back(answer.item);
  }
  return items;
}

}  // namespace

bool is_answered_simply(const Addressee& to) {
  const auto* full = std::get_if<cmc::FullPkiRequest>(&to.request);
  //= E01 RFC 10002 §3.1: a Simple request that succeeds gets a Simple response
  if (full == nullptr) return true;
  const bool is_signed_in_clear = !full->authenticated_data && !full->bare && !to.is_encrypted;
  const auto& controls = full->pki_data.control_sequence;
  if (!is_signed_in_clear || controls.size() != 1) return false;
  //= E117 RFC 10002 §6.9: what a lone getCert finds comes in a Simple response
  //= E118 RFC 10002 §6.10: and so does what a lone getCRL finds
  //= E09 RFC 10002 §3.2: to nothing else of a Full request: the rest wants a status or an echo
  const auto& type = controls.front().attr_type;
  return (type == cmc::oid::kGetCert || type == cmc::oid::kGetCRL) &&
         full->pki_data.req_sequence.empty();
}

void ResponseWriter::delegate_to(std::shared_ptr<const ResponseSigner> signer) {
  const std::lock_guard lock(mutex_);
  delegate_.swap(signer);
}

std::shared_ptr<const ResponseSigner> ResponseWriter::delegate() const {
  const std::lock_guard lock(mutex_);
  return delegate_;
}

Result<void> ResponseWriter::check_can_sign() const {
  if (!was_away_) return {};
  TRY(sign({cms::oid::kData, as_bytes("can this key sign?"), {}}));
  return {};
}

Result<void> ResponseWriter::add_exchange(cmc::PKIResponse& response, const Exchange& exchange,
                                          const store::PendingChallenge* challenge) const {
  //= C27 RFC 10004 §5.2: dataReturn is acted on
  //= E92 RFC 10002 §6.4: dataReturn comes back as it came
  if (exchange.data_return) {
    add_control(response, cmc::oid::kDataReturn, cmc::write_octets_value(*exchange.data_return));
  }
  //= C34 RFC 10004 §5.2: transactionId is acted on
  //= E101 RFC 10002 §6.6: transactionId stands in every later message of the transaction
  if (exchange.transaction_id) {
    add_control(response, cmc::oid::kTransactionId,
                cmc::write_integer_value(*exchange.transaction_id));
  }
  if (!exchange.sender_nonce) return {};
  //= C37 RFC 10004 §5.2: senderNonce is acted on
  //= C40 RFC 10004 §5.2: recipientNonce too
  //= E102 RFC 10002 §6.6: senderNonce comes back as recipientNonce
  add_control(response, cmc::oid::kRecipientNonce, cmc::write_octets_value(*exchange.sender_nonce));
  //= E103 RFC 10002 §6.6: and the response has a fresh senderNonce of its own
  const auto nonce = TRY(challenge == nullptr ? parts_.random.octets(kNonceOctets)
                                              : proof::nonce_with_id(*challenge, parts_.random));
  add_control(response, cmc::oid::kSenderNonce, cmc::write_octets_value(nonce));
  return {};
}

Result<Bytes> ResponseWriter::write_success(const Addressee& to,
                                            const std::vector<Outcome>& outcomes) const {
  auto enclosed = enclosed_by(outcomes);
  //= E51 RFC 10002 §4.1: intermediates up to an anchor come along
  //= E57 RFC 10002 §4.2: likewise in a Full response
  add_missing(parts_.chain, enclosed.certificates);

  if (is_answered_simply(to)) {
    //= A03 RFC 10004 §5: Simple PKI Responses are made
    return envelope::seal_certificates_only(enclosed.certificates, enclosed.crls);
  }
  cmc::PKIResponse response;
  for (const auto& status : granted_statuses(outcomes)) add_status(response, status);
  if (const auto withdrawn = withdrawn_status(outcomes)) add_status(response, *withdrawn);
  TRY(add_exchange(response, exchange_of(to.request)));
  //= A04 RFC 10004 §5: and Full ones
  //= E55 RFC 10002 §4.2: new certificates stand in the SignedData right around the PKIResponse
  return seal_for(to, std::move(response), std::move(enclosed));
}

Result<Bytes> ResponseWriter::write_challenge(const Addressee& to,
                                              const std::vector<Outcome>& outcomes,
                                              const store::PendingChallenge& challenge) const {
  const bool as_dogtag = challenge.form == store::ChallengeForm::dogtag;
  //= C43 RFC 10004 §5.2: a key is challenged by encryptedPOP
  cmc::PKIResponse response;
  for (const auto& outcome : outcomes) {
    add_control(response, cmc::oid::kEncryptedPOP,
                cmc::write_encrypted_pop(std::get<Challenged>(outcome).encrypted_pop));
  }
  add_status(response, challenge_status(to.request, outcomes, as_dogtag));
  //= C63 RFC 10004 §5.2: responseInfo is sent
  add_control(response, cmc::oid::kResponseInfo, cmc::write_octets_value(challenge.id));
  TRY(add_exchange(response, exchange_of(to.request), &challenge));
  return seal_for(to, std::move(response), {parts_.chain, {}});
}

Result<Bytes> ResponseWriter::write_pending(const Addressee& to,
                                            const std::vector<Outcome>& outcomes,
                                            const cmc::PendInfo& pend_info) const {
  cmc::PKIResponse response;
  add_status(response, pending_status(outcomes, pend_info));
  TRY(add_exchange(response, exchange_of(to.request)));
  return seal_for(to, std::move(response), {parts_.chain, {}});
}

Result<Bytes> ResponseWriter::write_batch(const Addressee& to,
                                          const std::vector<ForwardedAnswer>& answers) const {
  cmc::PKIResponse response;
  for (const auto& answer : answers) {
    if (answer.octets.empty()) continue;
    auto content = TRY(read_own(answer.octets));
    response.cms_sequence.push_back({answer.item, std::move(content)});
  }
  //= E136 RFC 10002 §6.17: each message has its own answer, and what it was refused stays in there
  if (const auto items = items_answered(answers); !items.empty()) {
    cmc::CMCStatusInfoV2 status;
    status.body_list.assign(items.begin(), items.end());
    add_status(response, status);
    //= C79 RFC 10004 §5.2: batchResponses is sent
    //= E137 RFC 10002 §6.17: all answers come at once, so that none is partial
    add_control(response, cmc::oid::kBatchResponses, cmc::write_body_part_list_value(items));
  }
  for (const auto& answer : answers) {
    if (answer.refusal) add_status(response, refusal_of({answer.item}, *answer.refusal));
  }
  TRY(add_exchange(response, exchange_of(to.request)));
  return seal_for(to, std::move(response), {parts_.chain, {}});
}

Result<Bytes> ResponseWriter::write_refusal(const cmc::PkiRequest* request,
                                            const Exchange& exchange, const Error& error) const {
  cmc::PKIResponse response;
  for (const auto& status : refusal_statuses(request, error)) add_status(response, status);
  TRY(add_exchange(response, exchange));
  return seal(std::move(response), {parts_.chain, {}}, nullptr);
}

Bytes ResponseWriter::write_unable() {
  //= E43 RFC 10002 §3.2.1.3.4: no eContent and no SignerInfo when the server cannot sign
  return envelope::seal_certificates_only({});
}

Result<Bytes> ResponseWriter::seal_for(const Addressee& to, cmc::PKIResponse response,
                                       Enclosed enclosed) const {
  TRY(add_anchors_by_secret(to, response, enclosed));
  return seal(std::move(response), std::move(enclosed), to.password);
}

//= C75 RFC 10004 §5.2: authData is written
//= E134 RFC 10002 §6.16: around a PKIData, although it stands in a response
Result<void> ResponseWriter::add_anchors_by_secret(const Addressee& to, cmc::PKIResponse& response,
                                                   Enclosed& enclosed) const {
  const auto& set = parts_.anchors_by_secret;
  if (to.anchors_under == nullptr || set.control.empty()) return {};
  const auto told = TRY(envelope::seal_authenticated_data(
      {.content_type = cmc::oid::kPKIData,
       .content = anchors_for(set, cmc::controls_of(to.request)),
       .password = *to.anchors_under,
       .signing_time = parts_.clock.now()},  // §6.15: an old announcement is to be known
      parts_.random));
  const auto item = next_id(response);
  auto read = TRY(read_own(told));
  response.cms_sequence.push_back({item, std::move(read)});
  add_control(response, cmc::oid::kAuthData, cmc::write_body_part_id_value(item));
  add_missing(set.certificates, enclosed.certificates);
  return {};
}

Result<Bytes> ResponseWriter::seal(cmc::PKIResponse response, Enclosed enclosed,
                                   const SecretBytes* password) const {
  if (password != nullptr) {
    return envelope::seal_authenticated_data({.content_type = cmc::oid::kPKIResponse,
                                              .content = cmc::write_pki_response(response),
                                              .password = *password,
                                              .certificates = std::move(enclosed.certificates),
                                              .crls = std::move(enclosed.crls)},
                                             parts_.random);
  }
  std::optional<Time> signing_time;
  if (!parts_.announcement.empty()) {
    //= C72 RFC 10004 §5.2: new trust anchors are announced
    add_control(response, cmc::oid::kTrustedAnchors, parts_.announcement);
    signing_time = parts_.clock.now();  // RFC 10002 §6.15: an old announcement is to be known
  }
  const auto content = cmc::write_pki_response(response);
  return sign({cmc::oid::kPKIResponse, content, std::move(enclosed), signing_time});
}

Result<Bytes> ResponseWriter::sign_around(ByteView encrypted) const {
  const auto content = TRY(read_own(encrypted));
  return sign({content.content_type, content.content, {parts_.chain, {}}});
}

Result<Bytes> ResponseWriter::sign(ContentToSign content) const {
  const auto signer = delegate();
  const auto& own = signer ? signer->certificate() : parts_.issuer.certificate();
  auto& [certificates, crls] = content.enclosed;
  if (signer) certificates.push_back(own.der);
  auto sealed = envelope::seal_signed_data({
      .content_type = content.type,
      .content = content.content,
      .key = signer ? signer->key() : parts_.issuer.key(),
      .signature_algorithm = signer ? signer->algorithm() : parts_.algorithm,
      .sid = cms::IssuerAndSerialNumber{own->issuer, own->serial_number},
      .certificates = std::move(certificates),
      .signing_time = content.signing_time,
      .crls = std::move(crls),
  });
  was_away_ = !sealed.ok() && sealed.error().fault == Fault::token_failed;
  return sealed;
}

}  // namespace signet::authority
