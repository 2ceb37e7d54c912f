#include "client/read_response.h"

#include <algorithm>

#include "client/authentic_response.h"
#include "client/echo.h"
#include "client/granted_certificates.h"
#include "client/one_control.h"
#include "client/saying.h"
#include "client/verdicts.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"

namespace signet::client {

/// Where an answer is looked at: what was sent, what is trusted, when. References live for the call
/// only.
class ResponseReader {
 public:
  struct Checks {
    const SentRequest& sent;
    const proof::Trust& trust;
    Time now;
    const std::optional<SecretHolder>& holder;
    const PublishedAnchors* anchors_by_secret = nullptr;  ///< where they are proven already
  };
  explicit ResponseReader(const Checks& checks) : checks_(checks) {}

  [[nodiscard]] Result<CheckedResponse> read(UnverifiedResponse answer) const;

 private:
  [[nodiscard]] Result<CheckedResponse> read_simple(const cms::SignedData& signed_data) const;
  [[nodiscard]] Result<CheckedResponse> read_full(std::vector<AuthenticResponse> layers) const;
  [[nodiscard]] CheckedResponse unable_response() const;

  const Checks& checks_;
};

namespace {

using Checks = ResponseReader::Checks;
using Layers = std::vector<AuthenticResponse>;

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
    if (!found) continue;
    // One that an agent had begin later, or that begins by a clock ahead of ours, is good from
    // then.
    const auto from = std::max(checks.now, (*found)->validity.not_before);
    TRY(checks.trust.validate(*found, certificates, from));
  }
  checked.certificates = std::move(sorted.ours);
  checked.chain = std::move(sorted.others);
  return {};
}

// ------------------------------------------------------------------------- who answers whom

/// What each of the layers bears of the message that it answers.
std::vector<Result<Echo>> read_echoes(const Layers& layers) {
  std::vector<Result<Echo>> echoes;
  for (const auto& layer : layers) {
    echoes.push_back(read_echo(layer.response().control_sequence));
  }
  return echoes;
}

/// Those that answer our very message.
std::vector<const AuthenticResponse*> find_ours(const Layers& layers,
                                                const std::vector<Result<Echo>>& echoes,
                                                const SentRequest& sent) {
  std::vector<const AuthenticResponse*> ours;
  for (std::size_t at = 0; at < layers.size(); ++at) {
    if (check_echo(echoes[at], sent, EchoMay::lack_none).ok()) ours.push_back(&layers[at]);
  }
  return ours;
}

/// What the outermost response says. Of those that stand in another one, that one shows that they
/// answer us: to whom an authority speaks is a registration authority's own exchange.
Result<Saying> read_outermost(const cmc::PKIResponse& response, const Result<Echo>& echo,
                              const SentRequest& sent) {
  auto saying = TRY(read_saying(response));
  const bool mere_refusal =
      saying.grants_nothing() && saying.challenges.empty() && response.cms_sequence.empty();
  // A mere refusal may lack what ties it to our message, but may not hold another's.
  TRY(check_echo(echo, sent, mere_refusal ? EchoMay::lack_any : EchoMay::lack_none));
  return saying;
}

/// Not a registration authority's own word: an authority signed it, or who knows the secret made
/// it.
bool is_authoritys(const AuthenticResponse& layer) {
  const auto& signers = layer.signers();
  return signers.empty() || std::any_of(signers.begin(), signers.end(),
                                        [](const auto& signer) { return !signer.registers; });
}

/// What an authority answered to our very message; null: nothing.
const AuthenticResponse* find_authoritys(const std::vector<const AuthenticResponse*>& ours) {
  const auto found = std::find_if(ours.begin(), ours.end(),
                                  [](const auto* layer) { return is_authoritys(*layer); });
  return found == ours.end() ? nullptr : *found;
}

/// A certificate shows by its key that it is ours. Where none is asked for, an authority's answer
/// to somebody else, or of another day, would pass for one to us.
Result<void> check_answered_by(const AuthenticResponse* authoritys, const Saying& saying,
                               const SentRequest& sent) {
  const bool shows_by_itself = !sent.keys.empty() || sent.only_retrieves;
  if (authoritys != nullptr || shows_by_itself || saying.grants_nothing()) return {};
  return Error{Fault::replayed,
               "the answer is a registration authority's, and that of the authority in it answers "
               "another message than ours: nothing shows that what we asked for was done. Ask the "
               "authority itself"};
}

Result<void> check_granted_by(const Layers& layers,
                              const std::vector<const AuthenticResponse*>& ours,
                              const CheckedResponse& checked) {
  const bool is_under_secret = std::any_of(
      ours.begin(), ours.end(), [](const auto* layer) { return layer->signers().empty(); });
  if (is_under_secret) return {};
  std::vector<ResponseSigner> signers;
  for (const auto& layer : layers) append_all(signers, layer.signers());
  for (const auto& certificate : checked.certificates) {
    if (certificate) TRY(check_may_grant(signers, *certificate));
  }
  return {};
}

// ------------------------------------------------------------------------- what it brings

/// The messages in the authority's answer that answer those of a batch.
Result<void> take_batch(CheckedResponse& checked, const cmc::PKIResponse& response) {
  checked.batch_responses = TRY(read_control(response.control_sequence, cmc::oid::kBatchResponses,
                                             cmc::read_body_part_list_value));
  checked.cms_sequence = response.cms_sequence;
  return {};
}

/// What one layer says of trust anchors, where none before it did. `certificates`: those up to it.
void take_anchors(CheckedResponse& checked, const AuthenticResponse& layer,
                  const std::vector<pkix::Certificate>& certificates, const Checks& checks) {
  if (!checked.published_anchors) checked.published_anchors = layer.published_anchors();
  if (checked.anchors_by_secret || !checks.holder) return;
  checked.anchors_by_secret =
      find_anchors_by_secret(layer.response(), certificates,
                             {.sent = checks.sent, .holder = *checks.holder, .now = checks.now});
}

void take_saying(CheckedResponse& checked, Saying saying) {
  checked.verdicts = std::move(saying.verdicts);
  checked.challenges = std::move(saying.challenges);
  checked.request_id = std::move(saying.request_id);
  checked.sender_nonce = std::move(saying.sender_nonce);
}

bool has_all_certificates(const CheckedResponse& checked) {
  return std::all_of(checked.certificates.begin(), checked.certificates.end(),
                     [](const auto& certificate) { return certificate.has_value(); });
}

}  // namespace

// ------------------------------------------------------------------------- the shapes

Result<CheckedResponse> ResponseReader::read(UnverifiedResponse answer) const {
  CHECK(checks_.sent.keys.size() == checks_.sent.request_ids.size());
  if (answer.has_certificates_alone()) return read_simple(std::get<cms::SignedData>(answer.layer));
  const ResponseTrust shown{checks_.trust, checks_.now, checks_.holder};
  auto outermost = TRY(open_response(std::move(answer), shown));
  return read_full(TRY(with_bodies(std::move(outermost), shown)));
}

/// RFC 10002 §3.2.1.3.4: neither content nor signers is how a server says that it cannot sign.
CheckedResponse ResponseReader::unable_response() const {
  CheckedResponse checked;
  checked.verdicts.push_back({cmc::CMCStatus::failed,
                              {cmc::kThisPKIData},
                              cmc::CMCFailInfo::internalCAError,
                              "the server cannot sign its answers at present"});
  checked.certificates.resize(checks_.sent.keys.size());
  return checked;
}

//= E49 RFC 10002 §4.1: a Simple PKI Response is read
Result<CheckedResponse> ResponseReader::read_simple(const cms::SignedData& signed_data) const {
  const bool is_empty = signed_data.certificates.empty() && signed_data.crls.empty();
  if (is_empty) return unable_response();  // AMB-15
  if (asked_in_full(checks_.sent) && !checks_.sent.only_retrieves) {
    return Error{Fault::replayed,
                 "the answer is a Simple PKI Response, which echoes neither transactionId nor "
                 "nonce: nothing shows that it answers our message"};
  }
  CheckedResponse checked;
  checked.simple = true;
  checked.crls = signed_data.crls;
  TRY(take_certificates(checked, signed_data.certificates, checks_));
  return checked;
}

/// `layers`: the outermost first.
Result<CheckedResponse> ResponseReader::read_full(std::vector<AuthenticResponse> layers) const {
  const auto echoes = read_echoes(layers);
  auto saying = TRY(read_outermost(layers.front().response(), echoes.front(), checks_.sent));
  const auto ours = find_ours(layers, echoes, checks_.sent);
  const auto* authoritys = find_authoritys(ours);
  CheckedResponse checked;
  if (authoritys != nullptr) TRY(take_batch(checked, authoritys->response()));
  if (checks_.anchors_by_secret != nullptr) checked.anchors_by_secret = *checks_.anchors_by_secret;
  std::vector<pkix::Certificate> certificates;
  for (auto& layer : layers) {
    //= E147 RFC 10002 §6.21: the response that responseBody names is processed too
    if (&layer != &layers.front()) add_saying(saying, TRY(read_saying(layer.response())));
    append_all(certificates, layer.certificates());
    append_all(checked.crls, layer.take_crls());
    take_anchors(checked, layer, certificates, checks_);
  }
  append_all(certificates, checks_.sent.brought_before);
  TRY(check_answered_by(authoritys, saying, checks_.sent));
  take_saying(checked, std::move(saying));
  TRY(take_certificates(checked, certificates, checks_));
  TRY(check_granted_by(layers, ours, checked));
  return checked;
}

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
  return find_pending(verdicts);
}

Result<CheckedResponse> read_response(ByteView octets, const SentRequest& sent,
                                      const proof::Trust& trust, Time now,
                                      const std::optional<SecretHolder>& holder) {
  const auto message = TRY(cms::read_content_info(octets, kAnswerLimits));
  auto answer = TRY(read_unverified(message));
  const ResponseReader::Checks checks{.sent = sent, .trust = trust, .now = now, .holder = holder};
  return ResponseReader{checks}.read(std::move(answer));
}

Result<ResponseBySecret> read_response_by_secret(ByteView octets, const SecretChecks& by) {
  const auto message = TRY(cms::read_content_info(octets, kAnswerLimits));
  auto answer = TRY(read_unverified(message));
  auto anchors = TRY(demand_anchors_by_secret(answer, by));
  auto trust = TRY(proof::Trust::make(anchors.anchors(), {}));
  const std::optional<SecretHolder> holder = by.holder;
  const ResponseReader::Checks checks{.sent = by.sent,
                                      .trust = trust,
                                      .now = by.now,
                                      .holder = holder,
                                      .anchors_by_secret = &anchors};
  auto checked = TRY(ResponseReader{checks}.read(std::move(answer)));
  return ResponseBySecret{std::move(anchors), std::move(trust), std::move(checked)};
}

}  // namespace signet::client
