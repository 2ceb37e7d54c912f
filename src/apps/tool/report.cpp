#include "apps/tool/report.h"

#include <algorithm>

#include "apps/tool/body_part_text.h"
#include "apps/tool/what_to_do.h"
#include "base/unseen.h"
#include "codec/asn1/utf8.h"

namespace signet::tool {
namespace {

std::string_view next_step(const client::Verdict& verdict) {
  return verdict.fail_info ? what_to_do(*verdict.fail_info) : what_to_do(verdict.status);
}

/// What the tool cannot reach is a server, never a directory of people.
std::string_view word_of(Fault fault) {
  return fault == Fault::directory_unreachable ? "server_unreachable" : to_text(fault);
}

/// As JSON writes a character that does not stand there itself: for programs, it is the same.
std::string json_form(char32_t character) {
  std::string text;
  asn1::append_utf8(text, character);
  const auto quoted = Json(text).dump(-1, ' ', true);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

Failure failure_of(const Error& error, std::string_view command) {
  return {std::string(word_of(error.fault)), error.detail, std::string(what_to_do(error, command))};
}

Failure failure_of(const std::vector<client::Verdict>& verdicts) {
  const auto bad = std::find_if(verdicts.begin(), verdicts.end(), [](const auto& verdict) {
    return verdict.status != cmc::CMCStatus::success;
  });
  if (bad == verdicts.end()) {
    return failure_of(Error{Fault::internal, "a response without refusal counts as refused"});
  }
  Failure failure{"refused", "The authority says: " + verdict_text(*bad),
                  std::string(next_step(*bad)), to_json(*bad)};
  return failure;
}

Json to_json(const Failure& failure) {
  Json error{{"fault", failure.word}, {"detail", failure.detail}};
  error.update(failure.more);
  error["what_to_do"] = failure.what_to_do;
  return {{"ok", false}, {"error", error}};
}

void report(Context& context, const Failure& failure) {
  context.exit_status = 1;
  if (!context.json) {
    context.err << "signet: " << printable(failure.detail) << "\n";
    const auto step = failure.what_to_do.find_first_not_of(" \n");
    if (step != std::string::npos) context.err << "  " << failure.what_to_do.substr(step) << "\n";
    return;
  }
  write_json(context.out, to_json(failure));
}

void report(Context& context, const Result<void>& result) {
  if (!result.ok()) report(context, failure_of(result.error(), context.command));
}

Json to_json(const client::Verdict& verdict) {
  Json object{{"status", cmc::to_text(verdict.status)}};
  if (verdict.fail_info) object["failInfo"] = cmc::to_text(*verdict.fail_info);
  object["bodyList"] = Json::array();
  for (const auto& reference : verdict.body_list)
    object["bodyList"].push_back(body_part_text(reference));
  if (!verdict.text.empty()) object["statusString"] = verdict.text;
  return object;
}

std::string verdict_text(const client::Verdict& verdict) {
  std::string text{cmc::to_text(verdict.status)};
  if (verdict.fail_info) text += ", " + cmc::to_text(*verdict.fail_info);
  std::string parts;
  for (const auto& reference : verdict.body_list) {
    parts += (parts.empty() ? "" : ", ") + body_part_text(reference);
  }
  if (!parts.empty()) text += " (body part " + parts + ")";
  if (!verdict.text.empty()) text += ": " + verdict.text;
  return text;
}

std::string json_text(const Json& json) {
  return with_unseen(json.dump(-1, ' ', false, Json::error_handler_t::replace), json_form);
}

void write_json(std::ostream& out, const Json& object) {
  out << json_text(object) << "\n";
}

std::string printable(std::string_view text) {
  return shown_in_line(text);
}

}  // namespace signet::tool
