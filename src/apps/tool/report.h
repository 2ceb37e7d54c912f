#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "apps/tool/context.h"
#include "base/result.h"
#include "client/read_response.h"

namespace signet::tool {

using Json = nlohmann::ordered_json;

/// Why a command could not do its work, for a person or (--json) for a program.
struct Failure {
  std::string word;            ///< "storage_failed", "refused", "usage"
  std::string detail;          ///< what happened, a plain sentence
  std::string what_to_do;      ///< the next step
  Json more = Json::object();  ///< further members of the JSON error
};

/// `command`: as for what_to_do. A server out of reach is "server_unreachable".
Failure failure_of(const Error& error, std::string_view command = {});
/// A refusal by the authority: its status, failInfo and words, from the first verdict that is not
/// success.
Failure failure_of(const std::vector<client::Verdict>& verdicts);

/// {"ok":false,"error":{…}}
Json to_json(const Failure& failure);
/// Writes the failure: text to `err`, or {"ok":false,"error":{…}} to `out`. Exit status 1.
void report(Context& context, const Failure& failure);
/// Ends a command: a failure is written, a success leaves what was written before.
void report(Context& context, const Result<void>& result);

/// {"status":"failed","failInfo":"badIdentity","bodyList":["1"],"statusString":"…"}
Json to_json(const client::Verdict& verdict);
/// "failed, badIdentity (request 1): …"
std::string verdict_text(const client::Verdict& verdict);

/// JSON in one line: octets that are no UTF-8 are replaced, characters that nobody sees
/// (base/unseen.h) escaped.
std::string json_text(const Json& json);
/// One JSON object as json_text, and a line feed.
void write_json(std::ostream& out, const Json& object);

/// Text from outside made fit for a terminal: control characters become '?', others that nobody
/// sees "\u{200b}".
std::string printable(std::string_view text);

}  // namespace signet::tool
