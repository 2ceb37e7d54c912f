#include "apps/signetd/agent_routes.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "apps/signetd/media_type.h"
#include "authority/refusal.h"
#include "base/encoding.h"
#include "base/nesting.h"
#include "base/unseen.h"

namespace signet::server {
namespace {

using Json = nlohmann::ordered_json;
using store::PendingRequest;
using store::PendingState;

constexpr std::string_view kRequests = "/agent/requests";
constexpr std::size_t kMostListed = 1000;
/// A verdict with a few extensions; agents send nothing larger.
constexpr std::size_t kMostBodyOctets = 64UL * 1024;

// ------------------------------------------------------------ answers

http::Response json(int status, const Json& body) {
  const auto text = body.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  return {status, "application/json", to_bytes(text), {{"Cache-Control", "no-store"}}};
}

int http_status(Fault fault) {
  switch (fault) {
    case Fault::unknown_identity:
    case Fault::untrusted_signer:
      return 403;
    case Fault::malformed:
      return 400;
    case Fault::too_large:
      return 413;
    case Fault::key_not_found:
      return 404;
    case Fault::not_allowed:
      return 409;
    case Fault::busy:
    case Fault::in_doubt:
    case Fault::token_failed:
      return 503;
    case Fault::storage_failed:
    case Fault::signing_failed:
    case Fault::internal:
      return 500;
    default:
      return 422;  // proof or policy refuses what was to be approved
  }
}

/// What went wrong on our side is for the operator's log, as in a CMC response.
http::Response refusal(const Error& why) {
  const int status = http_status(why.fault);
  const bool is_inside = status == 500 || why.fault == Fault::token_failed;
  const auto detail = is_inside ? authority::refusal_text(why) : why.detail;
  return json(status,
              {{"ok", false},
               {"error", {{"fault", to_text(why.fault)}, {"detail", shown_in_line(detail)}}}});
}

http::Response wrong_method(const char* allowed) {
  auto response =
      json(405, {{"ok", false}, {"error", {{"fault", "malformed"}, {"detail", "another method"}}}});
  response.headers.emplace_back("Allow", allowed);
  return response;
}

std::string_view name_of(PendingState state) {
  switch (state) {
    case PendingState::open:
      return "open";
    case PendingState::granted:
      return "granted";
    case PendingState::rejected:
      return "rejected";
  }
  return "";
}

/// Names as an agent must see them who decides on them: with what is not seen in them.
Json summary(const PendingRequest& pending) {
  Json body{{"id", to_hex(pending.id)},
            {"state", name_of(pending.state)},
            {"profile", pending.profile_id},
            {"requester", shown_in_line(pending.requester)},
            {"subject", shown_in_line(pending.subject)},
            {"created_at", to_text(pending.created_at)},
            {"expires_at", to_text(pending.expires_at)}};
  if (!pending.decided_at) return body;
  body["decided_at"] = to_text(*pending.decided_at);
  body["decided_by"] = shown_in_line(pending.decided_by);
  body["note"] = pending.note;
  body["serial_numbers"] = Json::array();
  for (const auto& serial_number : pending.serial_numbers) {
    body["serial_numbers"].push_back("0x" + serial_number.to_hex());
  }
  return body;
}

Json whole(const PendingRequest& pending) {
  auto body = summary(pending);
  body["client_address"] = pending.client_address;
  body["message"] = to_base64(pending.message);
  return body;
}

// ------------------------------------------------------------ verdicts

Error wrong_body(const std::string& why) {
  return {Fault::malformed, "the JSON of the request: " + why};
}

Result<Json> read_body(const http::Request& request) {
  const auto type = read_media_type(request.content_type);
  // Browsers cannot send this type from elsewhere without asking first.
  if (!type || type->name != "application/json") {
    return wrong_body("its Content-Type must be application/json");
  }
  if (request.body.size() > kMostBodyOctets) {
    return Error{Fault::too_large, "the JSON of the request has " +
                                       std::to_string(request.body.size()) +
                                       " octets; at most 65536 are read"};
  }
  if (nests_deeper(as_text(request.body))) {
    return wrong_body("it is nested more than " + std::to_string(kMostJsonDepth) + " deep");
  }
  auto body = Json::parse(as_text(request.body), nullptr, false);
  if (body.is_object()) return body;
  return wrong_body("it is no object");
}

Result<std::string> text_of(const Json& value, const char* name) {
  if (value.is_string()) return value.get<std::string>();
  return wrong_body(std::string(name) + " must be a string");
}

Result<pkix::Extension> extension_of(const Json& value) {
  if (!value.is_object() || !value.contains("oid") || !value.contains("value")) {
    return wrong_body("an extension has oid, value (base64 of its DER) and critical");
  }
  pkix::Extension extension;
  const auto oid = TRY(text_of(value["oid"], "oid"));
  extension.extn_id = TRY(asn1::Oid::from_text(oid));
  const auto octets = TRY(text_of(value["value"], "value"));
  extension.extn_value = TRY(from_base64(octets));
  const auto critical = value.find("critical");
  if (critical == value.end()) return extension;
  if (!critical->is_boolean()) return wrong_body("critical must be true or false");
  extension.critical = critical->get<bool>();
  return extension;
}

Result<void> read_member(const std::string& name, const Json& value,
                         authority::AgentVerdict& verdict) {
  auto& changes = verdict.changes;
  if (name == "note") {
    verdict.note = TRY(text_of(value, "note"));
    return {};
  }
  if (!verdict.approves) return wrong_body("\"" + name + "\" is not known; note is");
  if (name == "not_before" || name == "not_after") {
    const auto text = TRY(text_of(value, name.c_str()));
    (name == "not_before" ? changes.not_before : changes.not_after) = TRY(time_from_text(text));
    return {};
  }
  if (name != "extensions" && name != "left_out") {
    return wrong_body("\"" + name +
                      "\" is not known; note, not_before, not_after, extensions and left_out are");
  }
  if (!value.is_array()) return wrong_body("\"" + name + "\" must be a list");
  for (const auto& each : value) {
    if (name == "extensions") {
      changes.extensions.push_back(TRY(extension_of(each)));
    } else {
      const auto text = TRY(text_of(each, "left_out"));
      changes.left_out.push_back(TRY(asn1::Oid::from_text(text)));
    }
  }
  return {};
}

Result<authority::AgentVerdict> read_verdict(const http::Request& request, Bytes id,
                                             bool approves) {
  const auto body = TRY(read_body(request));
  authority::AgentVerdict verdict{.id = std::move(id), .approves = approves};
  for (const auto& [name, value] : body.items()) TRY(read_member(name, value, verdict));
  return verdict;
}

// ------------------------------------------------------------ routes

Result<std::optional<PendingState>> wanted_state(std::string_view query) {
  const auto text = http::query_parameter(query, "state").value_or("open");
  using State = std::optional<PendingState>;
  if (text == "all") return State{};
  for (const auto state : {PendingState::open, PendingState::granted, PendingState::rejected}) {
    if (text == name_of(state)) return State{state};
  }
  return Error{Fault::malformed, "state is open, granted, rejected or all"};
}

Result<std::size_t> wanted_number(std::string_view query) {
  const auto text = http::query_parameter(query, "most");
  if (!text) return kMostListed;
  std::size_t number = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
  const bool is_whole = read.ec == std::errc() && read.ptr == text->data() + text->size();
  if (is_whole && number >= 1 && number <= kMostListed) return number;
  return Error{Fault::malformed, "most is a number from 1 to 1000"};
}

Result<authority::AgentDesk::Page> wanted_page(std::string_view query) {
  authority::AgentDesk::Page page;
  page.state = TRY(wanted_state(query));
  page.most = TRY(wanted_number(query));
  const auto after = http::query_parameter(query, "after");
  if (!after) return page;
  auto id = from_hex(*after);
  if (!id.ok() || id->empty()) {
    return Error{Fault::malformed, "after is the id of a request: the last one of the page before"};
  }
  page.after = std::move(id).value();
  return page;
}

/// One more than wanted is asked for: it says whether there is another page.
http::Response list(authority::AgentDesk& desk, const proof::Peer& agent,
                    const http::Request& request) {
  auto page = wanted_page(request.query);
  if (!page.ok()) return refusal(page.error());
  const auto most = page->most++;
  auto found = desk.list(agent, *page);
  if (!found.ok()) return refusal(found.error());
  const bool has_more = found->size() > most;
  if (has_more) found->pop_back();
  Json requests = Json::array();
  for (const auto& pending : *found) requests.push_back(summary(pending));
  Json body{{"ok", true}, {"requests", std::move(requests)}};
  if (has_more) body["next"] = to_hex(found->back().id);
  return json(200, body);
}

http::Response answer_with(const Result<PendingRequest>& pending) {
  if (!pending.ok()) return refusal(pending.error());
  return json(200, {{"ok", true}, {"request", whole(*pending)}});
}

/// Who is no agent is refused before anything that he sent is looked at.
http::Response decide(authority::AgentDesk& desk, const proof::Peer& agent,
                      const http::Request& request, const Bytes& id, bool approves) {
  const auto known = desk.prove_agent(agent);
  if (!known.ok()) return refusal(known.error());
  const auto verdict = read_verdict(request, id, approves);
  if (!verdict.ok()) return refusal(verdict.error());
  return answer_with(desk.decide(agent, *verdict));
}

/// "<id>", "<id>/approve", "<id>/reject"
http::Response answer_one(authority::AgentDesk& desk, const proof::Peer& agent,
                          const http::Request& request, std::string_view rest) {
  const auto slash = rest.find('/');
  const auto verb = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  const auto id = from_hex(rest.substr(0, slash));
  const bool decides = verb == "approve" || verb == "reject";
  if (!id.ok() || (!verb.empty() && !decides)) {
    return refusal({Fault::key_not_found, "nothing is here; see /agent/requests"});
  }
  if (!decides) {
    if (request.method != "GET") return wrong_method("GET, HEAD");
    return answer_with(desk.show(agent, *id));
  }
  if (request.method != "POST") return wrong_method("POST");
  return decide(desk, agent, request, *id, verb == "approve");
}

}  // namespace

http::Response refuse_agent(const Error& why) {
  return refusal(why);
}

bool is_agent_path(std::string_view path) {
  return path == kRequests || path.starts_with(std::string(kRequests) + "/");
}

http::Response answer_agent(authority::AgentDesk& desk, const http::Request& request) {
  const proof::Peer agent{request.client_certificate, request.client_address};
  if (request.path != kRequests) {
    const std::string_view path = request.path;
    return answer_one(desk, agent, request, path.substr(kRequests.size() + 1));
  }
  if (request.method != "GET") return wrong_method("GET, HEAD");
  return list(desk, agent, request);
}

}  // namespace signet::server
