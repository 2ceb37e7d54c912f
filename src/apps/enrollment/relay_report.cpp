#include "apps/enrollment/relay_report.h"

#include <algorithm>

#include "apps/exchange/pending_file.h"

namespace signet::tool {
namespace {

using client::RelayedOutcome;

std::string_view word_of(RelayedOutcome outcome) {
  switch (outcome) {
    case RelayedOutcome::granted:
      return "granted";
    case RelayedOutcome::pending:
      return "pending";
    case RelayedOutcome::must_prove:
      return "must prove";
    case RelayedOutcome::refused:
      return "refused";
    case RelayedOutcome::unreadable:
      return "answered";
  }
  return {};
}

/// Why, in the authority's words.
std::string reason_of(const client::RelayedAnswer& answer) {
  switch (answer.outcome) {
    case RelayedOutcome::granted:
      return {};
    case RelayedOutcome::must_prove:
      return "the key must prove itself first";
    case RelayedOutcome::unreadable:
      return "for whoever asked alone to read";
    case RelayedOutcome::pending:
    case RelayedOutcome::refused:
      break;
  }
  for (const auto& verdict : answer.verdicts) {
    if (verdict.status != cmc::CMCStatus::success) return verdict_text(verdict);
  }
  return {};
}

std::size_t count(const client::RelayedResponse& response, RelayedOutcome outcome) {
  return static_cast<std::size_t>(
      std::count_if(response.answers.begin(), response.answers.end(),
                    [&](const auto& answer) { return answer.outcome == outcome; }));
}

/// The authority says it later, and nobody decides.
bool comes_by_itself(const client::RelayedAnswer& answer) {
  return answer.outcome == RelayedOutcome::pending &&
         std::any_of(answer.verdicts.begin(), answer.verdicts.end(),
                     [](const auto& verdict) { return verdict.status == cmc::CMCStatus::partial; });
}

Json json_of(const RelayPaths& paths, const client::RelayedAnswer& answer) {
  Json object{{"message", paths.message}, {"outcome", word_of(answer.outcome)}};
  if (answer.octets) object["answer"] = paths.answer;
  const bool came_encrypted = answer.octets && paths.kept != AnswerKept::as_it_came;
  if (came_encrypted) object["encrypted"] = paths.kept == AnswerKept::encrypted;
  object["statuses"] = Json::array();
  for (const auto& verdict : answer.verdicts) object["statuses"].push_back(to_json(verdict));
  return object;
}

std::string_view how_it_is_kept(AnswerKept kept) {
  switch (kept) {
    case AnswerKept::as_it_came:
      return "";
    case AnswerKept::encrypted:
      return ", encrypted";
    case AnswerKept::in_clear:
      return ", not encrypted: whoever asked has no key that it could be encrypted to";
  }
  return {};
}

void print_answer(std::ostream& out, const RelayPaths& paths, const client::RelayedAnswer& answer) {
  const auto word = word_of(answer.outcome);
  const auto reason = reason_of(answer);
  out << word << std::string(16 - word.size(), ' ') << printable(paths.message);
  if (!reason.empty()) out << ": " << printable(reason);
  if (answer.octets) {
    out << " (answer: " << printable(paths.answer) << how_it_is_kept(paths.kept) << ")";
  }
  out << "\n";
}

void add_step(std::string& steps, std::string_view step) {
  if (!steps.empty()) steps += "\n  ";
  steps += step;
}

bool is_any_encrypted(const client::RelayedResponse& response,
                      const std::vector<RelayPaths>& paths) {
  for (std::size_t at = 0; at < paths.size(); ++at) {
    if (response.answers[at].octets && paths[at].kept == AnswerKept::encrypted) return true;
  }
  return false;
}

std::string next_step_of(const client::RelayedResponse& response,
                         const std::vector<RelayPaths>& paths, const RestKept* rest) {
  std::string step;
  if (response.has_answers()) {
    step = "Give each answer to whoever asked, who checks it: signet read --in x.crp ...";
  }
  if (is_any_encrypted(response, paths)) {
    add_step(step,
             "Who asked under encryption opens it by the key that signed, or the new one: "
             "--decrypt FILE.");
  }
  if (count(response, RelayedOutcome::must_prove) > 0) {
    add_step(step,
             "A key that must prove itself opens the challenge in its answer: signet answer.");
  }
  std::size_t later = 0;
  std::size_t in_part = 0;
  for (const auto& answer : response.answers) {
    if (comes_by_itself(answer)) ++(answer.comes_later() ? later : in_part);
  }
  if (count(response, RelayedOutcome::pending) > later + in_part) {
    add_step(step,
             "What is pending waits for a person's decision: relay the same message again then.");
  }
  if (in_part > 0) {
    add_step(step,
             "Who has an answer that is itself given in part (partial) asks for the rest of it: "
             "signet poll.");
  }
  if (rest != nullptr) {
    add_step(step, "The authority answers the rest of the messages later (partial). " +
                       how_to_ask_for_rest(rest->pend_info, rest->file));
  } else if (later > 0) {
    add_step(step,
             "What the authority answers later (partial) it gave nothing to ask for by: relay the "
             "messages that have no answer yet again then, without the others.");
  }
  return step;
}

/// What is refused to who is no agent.
bool may_be_signers_fault(const client::Verdict& verdict) {
  return verdict.fail_info == cmc::CMCFailInfo::badIdentity ||
         verdict.fail_info == cmc::CMCFailInfo::badRequest;
}

/// Not all were granted: each is told above, or in JSON.
Failure not_all_granted(const client::RelayedResponse& response,
                        const std::vector<RelayPaths>& paths, const RestKept* rest, Json members) {
  const auto refused =
      count(response, RelayedOutcome::refused) + count(response, RelayedOutcome::must_prove);
  const auto all = response.answers.size();
  return {"refused",
          std::to_string(refused) + " of " + std::to_string(all) +
              (all == 1 ? " message " : " messages ") +
              (refused == 1 ? "was not granted" : "were not granted"),
          next_step_of(response, paths, rest), std::move(members)};
}

}  // namespace

bool refuses_all(const client::RelayedResponse& response) {
  return !response.has_answers() &&
         count(response, RelayedOutcome::refused) == response.answers.size();
}

Failure refused_relay(const client::RelayedResponse& response) {
  auto failure = failure_of(response.verdicts);
  const auto& verdicts = response.verdicts;
  if (std::none_of(verdicts.begin(), verdicts.end(), may_be_signers_fault)) return failure;
  failure.what_to_do =
      "Check --signer: who relays is an agent of the authority, by a certificate with id-kp-cmcRA; "
      "and what the authority names.";
  return failure;
}

void tell_relayed(const client::RelayedResponse& response, const std::vector<RelayPaths>& paths,
                  const RestKept* rest, Context& context) {
  Json members = Json::object();
  members["messages"] = Json::array();
  for (std::size_t at = 0; at < paths.size(); ++at) {
    members["messages"].push_back(json_of(paths[at], response.answers[at]));
    if (!context.json) print_answer(context.out, paths[at], response.answers[at]);
  }
  if (rest != nullptr) {
    members["rest"] = to_json(rest->pend_info);
    members["rest"]["file"] = rest->file;
  }
  const bool is_refused = count(response, RelayedOutcome::refused) > 0 ||
                          count(response, RelayedOutcome::must_prove) > 0;
  if (is_refused) {
    return report(context, not_all_granted(response, paths, rest, std::move(members)));
  }
  const bool is_pending = count(response, RelayedOutcome::pending) > 0;
  if (is_pending) context.exit_status = kNotYet;
  if (!context.json) {
    context.err << next_step_of(response, paths, rest) << "\n";
    return;
  }
  Json told{{"ok", !is_pending}};
  if (is_pending) told["pending"] = true;
  told.update(members);
  write_json(context.out, told);
}

}  // namespace signet::tool
