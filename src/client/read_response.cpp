#include "client/read_response.h"

#include <algorithm>

#include "client/anchors_by_secret.h"
#include "client/authentic_response.h"
#include "client/granted_certificates.h"
#include "client/pki_response.h"
#include "client/verdicts.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"

namespace signet::client {
namespace {

/// Where an answer is looked at: what was sent, what is trusted, when.
struct Checks {
  const SentRequest& sent;
  const proof::Trust& trust;
  Time now;
  const std::optional<SecretHolder>& holder;
};

bool asked_in_full(const SentRequest& sent) {
  return !sent.sender_nonce.empty();
}

// ------------------------------------------------------------------------- what ties it to us

/// The value of the one control of this type, by `read`; none when there is no such control.
template <typename Value>
Result<std::optional<Value>> read_control(const std::vector<cmc::TaggedAttribute>& controls,
                                          const asn1::Oid& type,
                                          Result<Value> (*read)(ByteView der)) {
  std::optional<Value> found;
  for (const auto& control : controls) {
    if (control.attr_type != type) continue;
    if (found || control.attr_values.size() != 1) {
      return Error{Fault::malformed,
                   "the answer holds the control " + type.to_text() + " more than once"};
    }
    found = TRY(read(control.attr_values.front()));
  }
  return found;
}

template <typename Value>
Result<void> check_equal(const std::optional<Value>& told, const Value& sent, bool may_be_absent,
                         std::string_view name) {
  if (!told && may_be_absent) return {};
  if (told == sent) return {};
  return Error{Fault::replayed, "the " + std::string(name) + " of the answer " +
                                    (told ? "is not ours" : "is missing") +
                                    ": it answers another message. Send the request again; if it "
                                    "happens again, somebody may be replaying answers"};
}

bool grants_nothing(const std::vector<Verdict>& verdicts) {
  return !verdicts.empty() &&
         std::all_of(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) {
           return verdict.status == cmc::CMCStatus::failed;
         });
}

/// A server that could not read our message cannot echo it: a mere refusal may lack what ties it to
/// our message, but may not hold another's.
Result<void> check_exchange(const cmc::PKIResponse& response, const SentRequest& sent,
                            bool mere_refusal) {
  if (!asked_in_full(sent)) return {};
  const auto& controls = response.control_sequence;
  const auto transaction_id =
      TRY(read_control(controls, cmc::oid::kTransactionId, cmc::read_integer_value));
  const auto recipient_nonce =
      TRY(read_control(controls, cmc::oid::kRecipientNonce, cmc::read_octets_value));
  const auto data_return =
      TRY(read_control(controls, cmc::oid::kDataReturn, cmc::read_octets_value));
  //= E101 RFC 10002 §6.6: the answer belongs to our transaction
  TRY(check_equal(transaction_id, sent.transaction_id, mere_refusal, "transactionId"));
  //= E105 RFC 10002 §6.6: recipientNonce is compared with the senderNonce sent
  //= E102 RFC 10002 §6.6: which the server echoes
  TRY(check_equal(recipient_nonce, sent.sender_nonce, mere_refusal, "recipientNonce"));
  if (!sent.data_return) return {};
  return check_equal(data_return, *sent.data_return, mere_refusal, "dataReturn");
}

Result<void> take_challenges(CheckedResponse& checked,
                             const std::vector<cmc::TaggedAttribute>& controls) {
  for (const auto& control : controls) {
    if (control.attr_type != cmc::oid::kEncryptedPOP) continue;
    if (control.attr_values.size() != 1) {
      return Error{Fault::malformed, "an encryptedPOP of the answer has not one value"};
    }
    checked.challenges.push_back(TRY(cmc::read_encrypted_pop(control.attr_values.front())));
  }
  //= C61 RFC 10004 §5.2: responseInfo is read
  const auto id = TRY(read_control(controls, cmc::oid::kResponseInfo, cmc::read_octets_value));
  const auto nonce = TRY(read_control(controls, cmc::oid::kSenderNonce, cmc::read_octets_value));
  checked.request_id = id.value_or(Bytes{});
  checked.sender_nonce = nonce.value_or(Bytes{});
  return {};
}

Result<void> check_direction(const cmc::PKIResponse& response) {
  //= E141 RFC 10002 §6.20: raIdentityWitness never stands in a PKIResponse
  if (cmc::find_control(response.control_sequence, cmc::oid::kRaIdentityWitness) == nullptr) {
    return {};
  }
  return Error{Fault::misplaced_control,
               "the answer holds raIdentityWitness, by which registration authorities speak to "
               "authorities: whoever made it erred; ask the server's operator"};
}

Result<void> check_unique_ids(const cmc::PKIResponse& response) {
  std::vector<cmc::BodyPartID> ids;
  for (const auto& part : response.control_sequence) ids.push_back(part.body_part_id);
  for (const auto& part : response.cms_sequence) ids.push_back(part.body_part_id);
  for (const auto& part : response.other_msg_sequence) ids.push_back(part.body_part_id);
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  //= E44 RFC 10002 §3.2.2: body part ids are unique within a PKIResponse
  if (twice == ids.end()) return {};
  return Error{Fault::duplicate_body_part,
               "two elements of the answer have the body part id " + std::to_string(twice->value)};
}

// ------------------------------------------------------------------------- the certificates

/// Finds our certificates and checks each against `trust`; demands those that were granted.
Result<void> take_certificates(CheckedResponse& checked,
                               const std::vector<pkix::Certificate>& certificates,
                               const Checks& checks) {
  const auto& sent = checks.sent;
  auto sorted = sort_certificates(certificates, sent.keys);
  for (std::size_t at = 0; at < sent.keys.size(); ++at) {
    const auto grant = grant_of(sent.request_ids[at], sent.request_ids, checked.verdicts);
    auto& found = sorted.ours[at];
    if (grant == Grant::withheld) found.reset();
    if (grant == Grant::granted && !found) {
      return Error{Fault::possession_failed,
                   "the answer says success, but holds no certificate for our key (request " +
                       std::to_string(sent.request_ids[at].value) +
                       "): the server erred; ask its "
                       "operator for the certificate"};
    }
    //= E52 RFC 10002 §4.1: a self-signed certificate is not trusted for standing in the answer
    if (found) TRY(checks.trust.validate(*found, certificates, checks.now));
  }
  checked.certificates = std::move(sorted.ours);
  checked.chain = std::move(sorted.others);
  return {};
}

// ------------------------------------------------------------------------- the shapes

/// RFC 10002 §3.2.1.3.4: neither content nor signers is how a server says that it cannot sign.
CheckedResponse unable_response(const SentRequest& sent) {
  CheckedResponse checked;
  checked.verdicts.push_back({cmc::CMCStatus::failed,
                              {cmc::kThisPKIData},
                              cmc::CMCFailInfo::internalCAError,
                              "the server cannot sign its answers at present"});
  checked.certificates.resize(sent.keys.size());
  return checked;
}

//= E49 RFC 10002 §4.1: a Simple PKI Response is read
Result<CheckedResponse> read_simple(const cms::SignedData& signed_data, const Checks& checks) {
  const bool is_empty = signed_data.certificates.empty() && signed_data.crls.empty();
  if (is_empty) return unable_response(checks.sent);  // AMB-15
  if (asked_in_full(checks.sent) && !checks.sent.only_retrieves) {
    return Error{Fault::replayed,
                 "the answer is a Simple PKI Response, which echoes neither transactionId nor "
                 "nonce: nothing shows that it answers our message"};
  }
  CheckedResponse checked;
  checked.simple = true;
  checked.crls = signed_data.crls;
  TRY(take_certificates(checked, signed_data.certificates, checks));
  return checked;
}

/// What the response says of our message. Of those that stand in another one, that one shows that
/// they answer us: to whom an authority speaks is a registration authority's own exchange.
Result<CheckedResponse> read_saying(const cmc::PKIResponse& response) {
  TRY(check_unique_ids(response));
  TRY(check_direction(response));
  CheckedResponse checked;
  checked.verdicts = TRY(read_verdicts(response.control_sequence));
  TRY(take_challenges(checked, response.control_sequence));
  return checked;
}

/// Whether whoever answered it wants to hear of us again.
bool goes_on(const CheckedResponse& checked) {
  return !checked.challenges.empty() || checked.pending().has_value();
}

void take_saying(CheckedResponse& checked, CheckedResponse inside) {
  if (goes_on(inside) && !goes_on(checked)) {
    checked.request_id = std::move(inside.request_id);
    checked.sender_nonce = std::move(inside.sender_nonce);
  }
  append_all(checked.verdicts, std::move(inside.verdicts));
  append_all(checked.challenges, std::move(inside.challenges));
}

/// Not a registration authority's own word: an authority signed it, or who knows the secret made
/// it.
bool is_authoritys(const AuthenticResponse& layer) {
  const auto& signers = layer.signers;
  return signers.empty() || std::any_of(signers.begin(), signers.end(),
                                        [](const auto& signer) { return !signer.registers; });
}

bool is_to_us(const AuthenticResponse& layer, const Checks& checks) {
  return check_exchange(layer.response, checks.sent, false).ok();
}

/// What an authority answered to our very message; null: nothing.
const AuthenticResponse* find_authoritys(const std::vector<AuthenticResponse>& layers,
                                         const Checks& checks) {
  const auto found = std::find_if(layers.begin(), layers.end(), [&](const auto& layer) {
    return is_authoritys(layer) && is_to_us(layer, checks);
  });
  return found == layers.end() ? nullptr : &*found;
}

/// A certificate shows by its key that it is ours. Where none is asked for, an authority's answer
/// to somebody else, or of another day, would pass for one to us.
Result<void> check_answered_by(const AuthenticResponse* authoritys, const CheckedResponse& checked,
                               const SentRequest& sent) {
  const bool shows_by_itself = !sent.keys.empty() || sent.only_retrieves;
  if (authoritys != nullptr || shows_by_itself || grants_nothing(checked.verdicts)) return {};
  return Error{Fault::replayed,
               "the answer is a registration authority's, and that of the authority in it answers "
               "another message than ours: nothing shows that what we asked for was done. Ask the "
               "authority itself"};
}

Result<void> check_granted_by(const std::vector<AuthenticResponse>& layers,
                              const CheckedResponse& checked, const Checks& checks) {
  std::vector<ResponseSigner> signers;
  for (const auto& layer : layers) {
    if (layer.signers.empty() && is_to_us(layer, checks)) return {};
    append_all(signers, layer.signers);
  }
  for (const auto& certificate : checked.certificates) {
    if (certificate) TRY(check_may_grant(signers, *certificate));
  }
  return {};
}

/// The messages in the authority's answer that answer those of a batch.
Result<void> take_batch(CheckedResponse& checked, const cmc::PKIResponse& response) {
  checked.batch_responses = TRY(read_control(response.control_sequence, cmc::oid::kBatchResponses,
                                             cmc::read_body_part_list_value));
  checked.cms_sequence = response.cms_sequence;
  return {};
}

Result<CheckedResponse> read_outermost(const cmc::PKIResponse& response, const Checks& checks) {
  auto checked = TRY(read_saying(response));
  const bool mere_refusal = grants_nothing(checked.verdicts) && checked.challenges.empty() &&
                            response.cms_sequence.empty();
  TRY(check_exchange(response, checks.sent, mere_refusal));
  return checked;
}

/// `layers`: the outermost first.
Result<CheckedResponse> read_full(std::vector<AuthenticResponse> layers, const Checks& checks) {
  auto checked = TRY(read_outermost(layers.front().response, checks));
  const auto* authoritys = find_authoritys(layers, checks);
  if (authoritys != nullptr) TRY(take_batch(checked, authoritys->response));
  std::vector<pkix::Certificate> certificates;
  for (std::size_t at = 0; at < layers.size(); ++at) {
    auto& layer = layers[at];
    //= E147 RFC 10002 §6.21: the response that responseBody names is processed too
    if (at > 0) take_saying(checked, TRY(read_saying(layer.response)));
    append_all(certificates, std::move(layer.certificates));
    append_all(checked.crls, std::move(layer.crls));
    if (!checked.published_anchors) checked.published_anchors = std::move(layer.published_anchors);
    if (!checked.anchors_by_secret && checks.holder) {
      checked.anchors_by_secret = find_anchors_by_secret(
          layer.response, certificates,
          {.sent = checks.sent, .holder = *checks.holder, .now = checks.now});
    }
  }
  TRY(check_answered_by(authoritys, checked, checks.sent));
  TRY(take_certificates(checked, certificates, checks));
  TRY(check_granted_by(layers, checked, checks));
  return checked;
}

bool has_all_certificates(const CheckedResponse& checked) {
  return std::all_of(checked.certificates.begin(), checked.certificates.end(),
                     [](const auto& certificate) { return certificate.has_value(); });
}

bool is_simple(const cms::SignedData& signed_data) {
  return !signed_data.encap_content_info.e_content && signed_data.signer_infos.empty();
}

}  // namespace

bool CheckedResponse::success() const {
  const bool granted = std::all_of(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) {
    return verdict.status == cmc::CMCStatus::success;
  });
  return granted && has_all_certificates(*this);
}

bool CheckedResponse::must_confirm() const {
  bool asked = false;
  for (const auto& verdict : verdicts) {
    const bool confirms = verdict.status == cmc::CMCStatus::confirmRequired;
    if (!confirms && verdict.status != cmc::CMCStatus::success) return false;
    asked = asked || confirms;
  }
  return asked && has_all_certificates(*this);
}

std::optional<cmc::PendInfo> CheckedResponse::pending() const {
  for (const auto& verdict : verdicts) {
    if (verdict.status == cmc::CMCStatus::pending && verdict.pend_info) return verdict.pend_info;
  }
  return std::nullopt;
}

Result<CheckedResponse> read_response(ByteView octets, const SentRequest& sent,
                                      const proof::Trust& trust, Time now,
                                      const std::optional<SecretHolder>& holder) {
  CHECK(sent.keys.size() == sent.request_ids.size());
  const auto content_info = TRY(cms::read_content_info(octets, kAnswerLimits));
  const Checks checks{sent, trust, now, holder};
  const ResponseTrust shown{trust, now, holder};
  if (content_info.content_type != cms::oid::kSignedData) {
    auto only = TRY(open_response(content_info, shown));
    return read_full(TRY(with_bodies(std::move(only), shown)), checks);
  }
  auto signed_data = TRY(cms::read_signed_data(content_info.content, kAnswerLimits));
  if (is_simple(signed_data)) return read_simple(signed_data, checks);
  auto outermost = TRY(open_signed_response(std::move(signed_data), shown));
  return read_full(TRY(with_bodies(std::move(outermost), shown)), checks);
}

}  // namespace signet::client
