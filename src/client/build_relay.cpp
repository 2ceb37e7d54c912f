#include "client/build_relay.h"

#include "client/number_parts.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/pki_request.h"
#include "codec/pkix/oids.h"
#include "envelope/encrypted_message.h"

namespace signet::client {
namespace {

Error is_encrypted_for_others() {
  return {Fault::unsupported_message,
          "the message is encrypted to the authority: what nobody here can read, nobody here can "
          "vouch for or change. Have it relayed without saying anything of it"};
}

/// What the RA's controls speak of.
void take_parts(RelayableMessage& message, const cmc::PKIData& pki_data) {
  for (const auto& each : pki_data.req_sequence) {
    if (each.public_key() != nullptr) message.requests.push_back(each.body_part_id());
  }
  for (const auto& control : pki_data.control_sequence) {
    const auto& type = control.attr_type;
    if (type == cmc::oid::kIdentityProof || type == cmc::oid::kIdentityProofV2) {
      message.identity_controls.push_back(control.body_part_id);
    }
    if (type != cmc::oid::kSenderNonce || control.attr_values.size() != 1) continue;
    auto nonce = cmc::read_octets_value(control.attr_values.front());
    if (nonce.ok()) message.sender_nonce = std::move(nonce).value();
  }
}

/// That it is a Full PKI Request of which this may be said.
Result<void> read_in_clear(RelayableMessage& message, ByteView octets) {
  const auto read = TRY(cmc::read_pki_request(octets));
  const auto* full = std::get_if<cmc::FullPkiRequest>(&read);
  if (full == nullptr) {
    return Error{Fault::unsupported_message,
                 "a bare PKCS#10 is no message that could be relayed: it says nothing of who sends "
                 "it. Ask for its holder as an agent (`signet enroll`, `signet send`), or have the "
                 "holder make a Full PKI Request (`signet request`)"};
  }
  take_parts(message, full->pki_data);
  if (message.assertions.concern_requests() && message.requests.empty()) {
    return Error{
        Fault::unsupported_message,
        "the message asks for no certificate: there is no key that could be vouched for, "
        "and nothing that could be changed. Have it relayed without saying anything of those"};
  }
  return {};
}

/// The RA's message under construction.
struct RelayDraft {
  BodyPartIds ids;
  cmc::PKIDataParts parts;
  cmc::ControlsProcessed processed;
  std::vector<Bytes> unsigned_data;  ///< CMCUnsignedData

  void add(const asn1::Oid& type, Bytes value) {
    parts.control_sequence.push_back({ids.next(), type, {std::move(value)}});
  }
};

//= E144 RFC 10002 §6.20: controlProcessed goes with raIdentityWitness
//= C83 RFC 10004 §5.2: controlProcessed is sent
//= C85 RFC 10004 §5.2: raIdentityWitness is sent
void witness_identity(RelayDraft& draft, cmc::BodyPartID item, const RelayableMessage& message) {
  if (message.identity_controls.empty()) {
    const cmc::BodyPartPath whole_message{item};
    draft.add(cmc::oid::kRaIdentityWitness, cmc::write_body_part_list_value(whole_message));
  }
  for (const auto control : message.identity_controls) {
    const cmc::BodyPartPath path{item, control};
    draft.add(cmc::oid::kRaIdentityWitness, cmc::write_body_part_list_value(path));
    draft.processed.body_list.emplace_back(path);
  }
}

//= C28 RFC 10004 §5.2: modCertTemplate is sent
//= E152 RFC 10002 §8: what is to be changed is said beside the requests, which stay as they are
void change_template(RelayDraft& draft, cmc::BodyPartID item, const RelayableMessage& message) {
  const auto& said = message.assertions;
  cmc::ModCertTemplate change{{item}, message.requests, true, {}};
  change.cert_template.subject = said.subject;
  if (!said.subject_alt_names.empty()) {
    const bool is_critical = said.subject && said.subject->empty();
    change.cert_template.extensions.push_back(
        {pkix::oid::kSubjectAltName, is_critical,
         pkix::write_alternative_name(said.subject_alt_names)});
  }
  if (change.cert_template != crmf::CertTemplate{}) {
    draft.add(cmc::oid::kModCertTemplate, cmc::write_mod_cert_template(change));
  }
  if (said.left_out.empty()) return;
  static const Bytes kAnyValue{0x05, 0x00};  // values of what is left out are not looked at
  cmc::ModCertTemplate left_out{{item}, message.requests, false, {}};
  for (const auto& type : said.left_out) {
    left_out.cert_template.extensions.push_back({type, false, kAnyValue});
  }
  draft.add(cmc::oid::kModCertTemplate, cmc::write_mod_cert_template(left_out));
}

void assert_of(RelayDraft& draft, cmc::BodyPartID item, const RelayableMessage& message) {
  const auto& said = message.assertions;
  if (said.saw_identity) witness_identity(draft, item, message);
  //= D07 RFC 10004 §9: whoever takes the proof of possession upon itself sends lraPOPWitness
  //= D06 RFC 10004 §9: an RA may
  //= C47 RFC 10004 §5.2: lraPOPWitness is sent
  if (said.saw_possession) {
    draft.add(cmc::oid::kLraPOPWitness, cmc::write_lra_pop_witness({item, message.requests}));
  }
  change_template(draft, item, message);
  //= C30 RFC 10004 §5.2: addExtensions is sent
  if (said.added.empty()) return;
  draft.add(cmc::oid::kAddExtensions,
            cmc::write_add_extensions({item, message.requests, said.added}));
}

/// Into cmsSequence, its CMCUnsignedData into ours.
void put_message(RelayDraft& draft, cmc::BodyPartID item, RelayableMessage& message) {
  //= E155 RFC 10002 §8.2: the client's signature stays around its message
  //= E21 RFC 10002 §3.2.1: and no two people's requests stand in one PKIData
  //= C08, C11, C14 RFC 10004 §5.2: so what shows who asks is handed on as it stands,
  //= C17, C20, C23 RFC 10004 §5.2: what links keys to it,
  //= C45, C59, C65, C68 RFC 10004 §5.2: what goes on with an exchange,
  //= C50, C53, C56, C81 RFC 10004 §5.2: what else may be asked for,
  //= C74 RFC 10004 §5.2: and an AuthenticatedData
  draft.parts.cms_sequence.push_back({item, std::move(message.content_info)});
  for (auto& value : message.unsigned_data) {
    draft.unsigned_data.push_back(cmc::write_cmc_unsigned_data(promoted(std::move(value), item)));
  }
}

void begin_transaction(RelayDraft& draft, const SentRequest& sent) {
  //= C33, C36 RFC 10004 §5.2: transactionId and senderNonce are sent
  draft.add(cmc::oid::kTransactionId, cmc::write_integer_value(sent.transaction_id));
  draft.add(cmc::oid::kSenderNonce, cmc::write_octets_value(sent.sender_nonce));
  cmc::BodyPartList items;
  for (const auto& message : draft.parts.cms_sequence) items.push_back(message.body_part_id);
  //= C76 RFC 10004 §5.2: batchRequests is sent
  draft.add(cmc::oid::kBatchRequests, cmc::write_body_part_list_value(items));
}

//= E46 RFC 10002 §3.2.3: one attribute, however many values
//= E47 RFC 10002 §3.2.3: the same in all SignerInfos, of which there is one
std::vector<pkix::Attribute> unsigned_attributes_of(RelayDraft& draft) {
  if (draft.unsigned_data.empty()) return {};
  return {{cmc::oid::kCMCUnsignedData, std::move(draft.unsigned_data)}};
}

}  // namespace

bool RaAssertions::concern_requests() const {
  return saw_possession || subject || !subject_alt_names.empty() || !left_out.empty() ||
         !added.empty();
}

Result<RelayableMessage> read_relayable(ByteView message, RaAssertions said) {
  RelayableMessage read;
  read.assertions = std::move(said);
  if (!envelope::has_encryption(message)) {
    TRY(read_in_clear(read, message));
  } else if (read.assertions.any()) {
    return is_encrypted_for_others();
  }
  auto taken = TRY(take_unsigned_data(message));
  read.content_info = TRY(cms::read_content_info(taken.octets));
  read.unsigned_data = std::move(taken.values);
  return read;
}

Result<SentRelay> make_relay(std::vector<RelayableMessage> messages, const MessageSigner& signer,
                             RandomSource& random) {
  TRY(check_signer(signer));
  SentRelay relay;
  relay.sent.transaction_id = TRY(random_transaction_id(random));
  relay.sent.sender_nonce = TRY(random.octets(kSenderNonceOctets));
  RelayDraft draft;
  for (auto& message : messages) {
    relay.items.push_back({draft.ids.next(), std::move(message.sender_nonce)});
    put_message(draft, relay.items.back().id, message);
  }
  begin_transaction(draft, relay.sent);
  for (std::size_t at = 0; at < messages.size(); ++at) {
    assert_of(draft, relay.items[at].id, messages[at]);
  }
  if (!draft.processed.body_list.empty()) {
    draft.add(cmc::oid::kControlProcessed, cmc::write_controls_processed(draft.processed));
  }
  const auto pki_data = cmc::write_pki_data(draft.parts);
  relay.sent.octets = TRY(sign_message(pki_data, signer, unsigned_attributes_of(draft)));
  return relay;
}

}  // namespace signet::client
