#include "client/read_relayed.h"

#include <algorithm>
#include <map>

#include "client/authentic_response.h"
#include "client/pki_response.h"
#include "client/verdicts.h"
#include "codec/cmc/oids.h"

namespace signet::client {
namespace {

using AnswersById = std::map<cmc::BodyPartID, const cmc::TaggedContentInfo*>;

// ------------------------------------------------------------ which answers whom

/// What batchResponses lists; the rest of cmsSequence is not looked at (RFC 10002 §3.2.1).
Result<AnswersById> listed_answers(const CheckedResponse& checked) {
  AnswersById listed;
  if (!checked.batch_responses) return listed;
  for (const auto id : *checked.batch_responses) {
    const auto* message = cmc::find_message(checked.cms_sequence, id);
    if (message == nullptr || !listed.emplace(id, message).second) {
      return Error{Fault::malformed, "batchResponses of the answer lists body part " +
                                         std::to_string(id.value) +
                                         (message == nullptr ? ", which is not there" : " twice")};
    }
  }
  return listed;
}

bool are_all_ours(const AnswersById& listed, const SentRelay& relay) {
  return std::all_of(listed.begin(), listed.end(), [&](const auto& answer) {
    return std::any_of(relay.items.begin(), relay.items.end(),
                       [&](const auto& item) { return item.id == answer.first; });
  });
}

/// For each message what answers it; null: nothing does.
//= C78 RFC 10004 §5.2: batchResponses is read
Result<std::vector<const cmc::TaggedContentInfo*>> match_answers(const CheckedResponse& checked,
                                                                 const SentRelay& relay) {
  const auto listed = TRY(listed_answers(checked));
  std::vector<const cmc::TaggedContentInfo*> matched;
  // Of a rest, the numbers are known; what was answered before may be listed again.
  if (relay.asks_for_rest || are_all_ours(listed, relay)) {
    for (const auto& item : relay.items) {
      const auto found = listed.find(item.id);
      matched.push_back(found == listed.end() ? nullptr : found->second);
    }
    return matched;
  }
  if (listed.size() != relay.items.size()) {
    return Error{Fault::malformed,
                 "the answer holds answers to " + std::to_string(listed.size()) + " of " +
                     std::to_string(relay.items.size()) +
                     " messages under numbers of its own: nothing says which is whose"};
  }
  for (const auto id : *checked.batch_responses) matched.push_back(listed.at(id));
  return matched;
}

// ------------------------------------------------------------ what an answer says

RelayedOutcome outcome_of(const std::vector<Verdict>& verdicts, bool is_challenged) {
  auto outcome = RelayedOutcome::granted;
  for (const auto& verdict : verdicts) {
    switch (verdict.status) {
      case cmc::CMCStatus::pending:
      case cmc::CMCStatus::partial:
        return RelayedOutcome::pending;
      case cmc::CMCStatus::failed:
      case cmc::CMCStatus::noSupport:
      case cmc::CMCStatus::popRequired:
        outcome = RelayedOutcome::refused;
        break;
      case cmc::CMCStatus::success:
      case cmc::CMCStatus::confirmRequired:
        break;
    }
  }
  return is_challenged ? RelayedOutcome::must_prove : outcome;
}

using Controls = std::vector<cmc::TaggedAttribute>;

Error too_deep_to_be_read() {
  return {Fault::too_deep, "the answer holds more responses in each other than are read"};
}

bool is_empty(const cms::SignedData& signed_data) {
  return signed_data.certificates.empty() && signed_data.crls.empty();
}

/// The controls of an answer, and of the responses in it that are to be processed too. All empty:
/// there are only certificates, which says success.
struct Said {
  Controls own;
  Controls inside;
};

//= C88 RFC 10004 §5.2: an RA reads responseBody in what it hands on
/// Faults: whatever cannot be read.
Result<Said> said_by(UnverifiedResponse answer, std::size_t depth) {
  if (answer.has_certificates_alone() && !is_empty(std::get<cms::SignedData>(answer.layer))) {
    return Said{};
  }
  auto response = TRY(std::move(answer.response));
  Said said;
  for (auto& body : TRY(response_bodies(response))) {
    if (depth == kMostResponsesDeep) return too_deep_to_be_read();
    auto more = TRY(said_by(std::move(body), depth + 1));
    append_all(said.inside, std::move(more.own));
    append_all(said.inside, std::move(more.inside));
  }
  said.own = std::move(response.control_sequence);
  return said;
}

Result<Said> said_by(const cms::ContentInfo& answer) {
  auto taken_apart = TRY(read_unverified(answer));
  return said_by(std::move(taken_apart), 1);
}

/// An answer that cannot hold the nonce, or is a mere refusal, may lack it.
Result<void> check_nonce_of(const Controls& controls, const RelayedItem& item) {
  const auto* echoed = cmc::find_control(controls, cmc::oid::kRecipientNonce);
  if (echoed == nullptr || !item.sender_nonce || echoed->attr_values.size() != 1) return {};
  const auto nonce = cmc::read_octets_value(echoed->attr_values.front());
  if (!nonce.ok() || *nonce == *item.sender_nonce) return {};
  return Error{Fault::replayed,
               "what should answer message " + std::to_string(item.id.value) +
                   " bears the nonce of another one: the answers were mixed up, and are not to be "
                   "handed out"};
}

// ------------------------------------------------------------ what has no answer of its own

bool is_about(const Verdict& verdict, cmc::BodyPartID item) {
  return std::any_of(verdict.body_list.begin(), verdict.body_list.end(), [&](const auto& part) {
    const auto outer = outermost_id(part);
    return outer == item || outer == cmc::kThisPKIData;
  });
}

/// Of the message as a whole: one of our controls, which concerns whatever it speaks of.
bool is_about_no_message(const Verdict& verdict, const SentRelay& relay) {
  return std::none_of(relay.items.begin(), relay.items.end(),
                      [&](const auto& item) { return is_about(verdict, item.id); });
}

template <typename IsMeant>
std::vector<Verdict> withheld_by(const std::vector<Verdict>& verdicts, IsMeant is_meant) {
  std::vector<Verdict> meant;
  for (const auto& verdict : verdicts) {
    const bool is_success = verdict.status == cmc::CMCStatus::success;
    if (!is_success && is_meant(verdict)) meant.push_back(verdict);
  }
  return meant;
}

/// AMB-19: what no answer of its own could be made for is told beside the others.
Result<RelayedAnswer> told_without_answer(const RelayedItem& item,
                                          const std::vector<Verdict>& verdicts,
                                          const SentRelay& relay) {
  auto meant = withheld_by(verdicts, [&](const auto& each) { return is_about(each, item.id); });
  if (meant.empty()) {
    meant =
        withheld_by(verdicts, [&](const auto& each) { return is_about_no_message(each, relay); });
  }
  if (meant.empty()) {
    return Error{Fault::malformed, "the answer says nothing of message " +
                                       std::to_string(item.id.value) +
                                       ": the server erred; send the messages again"};
  }
  const auto outcome = outcome_of(meant, false);
  return RelayedAnswer{std::nullopt, outcome, std::move(meant)};
}

// ------------------------------------------------------------ what comes later

bool is_partial(const Verdict& verdict) {
  return verdict.status == cmc::CMCStatus::partial;
}

//= E137 RFC 10002 §6.17: an answer to a batch that is partial names what asks for the rest
std::optional<cmc::PendInfo> find_rest(const std::vector<RelayedAnswer>& answers,
                                       const std::vector<Verdict>& verdicts) {
  const bool some_come_later = std::any_of(answers.begin(), answers.end(),
                                           [](const auto& each) { return each.comes_later(); });
  if (!some_come_later) return std::nullopt;
  const auto named = std::find_if(verdicts.begin(), verdicts.end(), [](const auto& verdict) {
    return is_partial(verdict) && verdict.pend_info;
  });
  return named == verdicts.end() ? std::nullopt : named->pend_info;
}

// ------------------------------------------------------------ what has one

/// One that cannot be read is spoken of by what stands around it.
RelayedAnswer unread_answer(const RelayedItem& item, const cms::ContentInfo& content,
                            const std::vector<Verdict>& verdicts) {
  RelayedAnswer answer{content.der};
  const auto names_it = [&](const Verdict& verdict) {
    return std::any_of(verdict.body_list.begin(), verdict.body_list.end(),
                       [&](const auto& part) { return outermost_id(part) == item.id; });
  };
  answer.verdicts = withheld_by(verdicts, names_it);
  if (!answer.verdicts.empty()) answer.outcome = outcome_of(answer.verdicts, false);
  return answer;
}

bool asks_for_proof(const Controls& controls) {
  return cmc::find_control(controls, cmc::oid::kEncryptedPOP) != nullptr;
}

//= C02, C05 RFC 10004 §5.2: what became of a message is read of either status control
Result<std::vector<Verdict>> verdicts_in(const Said& said) {
  auto verdicts = TRY(read_verdicts(said.own));
  append_all(verdicts, TRY(read_verdicts(said.inside)));
  return verdicts;
}

Result<RelayedAnswer> read_answer_to(const RelayedItem& item, const cms::ContentInfo& content,
                                     const std::vector<Verdict>& around) {
  auto said = said_by(content);
  if (!said.ok()) return unread_answer(item, content, around);
  TRY(check_nonce_of(said->own, item));
  auto verdicts = verdicts_in(*said);
  if (!verdicts.ok()) return unread_answer(item, content, around);
  const bool is_challenged = asks_for_proof(said->own) || asks_for_proof(said->inside);
  //= C26, C39, C42, C62, C71 RFC 10004 §5.2: what an answer holds for whoever asked is handed on
  // AMB-20: what an answer says of itself counts, whatever is said of its message around it.
  const auto outcome = outcome_of(*verdicts, is_challenged);
  return RelayedAnswer{content.der, outcome, std::move(verdicts).value()};
}

}  // namespace

bool RelayedAnswer::comes_later() const {
  return !octets && std::any_of(verdicts.begin(), verdicts.end(), is_partial);
}

bool RelayedResponse::has_answers() const {
  return std::any_of(answers.begin(), answers.end(),
                     [](const auto& answer) { return answer.octets.has_value(); });
}

Result<RelayedResponse> read_relayed(ByteView octets, const SentRelay& relay,
                                     const proof::Trust& trust, Time now) {
  auto checked = TRY(read_response(octets, relay.sent, trust, now));
  const auto matched = TRY(match_answers(checked, relay));
  RelayedResponse response;
  for (std::size_t at = 0; at < relay.items.size(); ++at) {
    const auto& item = relay.items[at];
    response.answers.push_back(
        matched[at] != nullptr
            ? TRY(read_answer_to(item, matched[at]->content_info, checked.verdicts))
            : TRY(told_without_answer(item, checked.verdicts, relay)));
  }
  response.rest = find_rest(response.answers, checked.verdicts);
  response.verdicts = std::move(checked.verdicts);
  response.sender_nonce = std::move(checked.sender_nonce);
  return response;
}

}  // namespace signet::client
