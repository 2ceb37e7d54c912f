#include "apps/enrollment/agent_command.h"

#include <set>

#include "adapters/files/file.h"
#include "apps/enrollment/extension_text.h"
#include "apps/exchange/posting.h"
#include "apps/tool/read_json.h"
#include "apps/tool/report.h"
#include "apps/tool/telling_stream.h"
#include "apps/tool/usage.h"
#include "base/encoding.h"
#include "codec/asn1/oid.h"

namespace signet::tool {
namespace {

struct AgentOptions {
  ServerOptions server;
  SignerOptions signer;
  std::string state = "open";
  bool all = false;
  std::string id;
  std::string out;
  std::string note;
  std::string not_before;
  std::string not_after;
  std::vector<std::string> extensions;
  std::vector<std::string> left_out;
};

/// A million requests, as many as the server gives at once.
constexpr std::size_t kMostPages = 1000;

constexpr const char* kAgentFooter =
    "Examples:\n"
    "  signet agent list --url https://ca.example.org:8443 --ca ca.pem --signer agent.pem \\\n"
    "    --signer-key agent.key\n"
    "  signet agent approve ID --url https://ca.example.org:8443 --ca ca.pem \\\n"
    "    --signer agent.pem --signer-key agent.key --note \"seen in person\"";

// ------------------------------------------------------------ asking

/// {"error": {"detail": "…"}}
std::string detail_of(const Json& refusal) {
  const Json none;
  return text_member_of(member_or(refusal, "error", none), "detail");
}

/// What the server says, or its refusal as a fault of ours.
Result<Json> ask_agent_api(const AgentOptions& options, HttpCall wanted,
                           const Surroundings& surroundings) {
  const auto signer = TRY(read_signer(options.signer));
  const auto address = wanted.address;
  const auto reply = TRY(call(options.server, &signer, wanted, surroundings));
  auto body = read_json_object(as_text(reply.body));
  if (!body.ok() || !body->contains("ok")) {
    const auto why = body.ok() ? "this JSON is no answer for agents" : body.error().detail;
    return Error{Fault::directory_unreachable, address + " answered HTTP " +
                                                   std::to_string(reply.status) + ", and " + why +
                                                   ": is this a Signet server?"};
  }
  if (body->at("ok") == true) return body;
  const auto detail = detail_of(*body);
  return Error{Fault::not_allowed,
               "the authority says: " + (detail.empty() ? "no, and not why" : detail)};
}

// ------------------------------------------------------------ showing

std::string shown(const Json& object, const char* name) {
  return printable(text_member_of(object, name));
}

void print_waiting(std::ostream& out, const Json& request) {
  out << shown(request, "id") << "  " << shown(request, "state") << "  "
      << shown(request, "created_at") << "  " << shown(request, "subject") << "  (by "
      << shown(request, "requester") << ", " << shown(request, "profile") << ")\n";
}

void print_whole(std::ostream& out, const Json& request) {
  for (const auto& [name, value] : request.items()) {
    if (name == "message") continue;
    auto text = value.is_string() ? value.get<std::string>() : value.dump();
    out << printable(name) << std::string(name.size() < 15 ? 16 - name.size() : 1, ' ')
        << printable(text) << "\n";
  }
}

/// One page, or the pages from the first to the last.
class Listing {
 public:
  Listing(const AgentOptions& options, Context& context) : options_(options), context_(context) {}

  Result<void> read(const Surroundings& surroundings) {
    do {
      if (pages_ == kMostPages) return does_not_end("another page, and no end");
      const auto told = TRY(ask_agent_api(options_, {.address = address()}, surroundings));
      if (pages_++ == 0 && context_.json) context_.out << R"({"requests":[)";
      const auto before = seen_;
      const auto none = Json::array();
      take(member_or(told, "requests", none));
      next_ = text_member_of(told, "next");
      if (options_.all) TRY(check_goes_on(seen_ - before));
    } while (options_.all && !next_.empty());
    return {};
  }

  void finish() {
    if (context_.json) {
      Json members{{"ok", true}};
      if (!next_.empty()) members["next"] = next_;
      return end_json(members);
    }
    context_.err << seen_ << (seen_ == 1 ? " request (" : " requests (") << options_.state << ")"
                 << (next_.empty() ? "" : ", and more: give --all to see them") << "\n";
  }

  /// The one object is brought to its end, as that of a failure.
  void break_off(const Failure& failure) {
    if (!context_.json || pages_ == 0) return report(context_, failure);
    context_.exit_status = 1;
    end_json(to_json(failure));
  }

 private:
  [[nodiscard]] std::string address() const {
    const auto first = "/agent/requests?state=" + options_.state;
    return next_.empty() ? first : first + "&after=" + next_;
  }

  /// A server that turns in a circle would have us ask for ever.
  Result<void> check_goes_on(std::size_t page_size) {
    if (next_.empty() || (page_size > 0 && asked_.insert(next_).second)) return {};
    return does_not_end(page_size == 0 ? "an empty page" : "a page that it gave before");
  }
  [[nodiscard]] Error does_not_end(const std::string& goes_on_with) const {
    return {Fault::directory_unreachable, "the authority's list does not end: after " +
                                              std::to_string(seen_) + " requests it goes on with " +
                                              goes_on_with + "; is this a Signet server?"};
  }

  /// Printed as it comes: lines, or what is in the array of the one JSON object.
  void take(const Json& page) {
    if (!page.is_array()) return;
    for (const auto& request : page) {
      const bool is_first = seen_++ == 0;
      if (context_.json) {
        context_.out << (is_first ? "" : ",") << json_text(request);
      } else {
        print_waiting(context_.out, request);
      }
    }
    context_.out.flush();
    if (options_.all) context_.err << seen_ << " requests so far\n";
  }

  /// Behind the array.
  void end_json(const Json& members) {
    context_.out << "]," << json_text(members).substr(1) << "\n";
  }

  const AgentOptions& options_;
  Context& context_;
  std::size_t seen_ = 0;
  std::size_t pages_ = 0;
  std::string next_;
  std::set<std::string> asked_;
};

void list_requests(const AgentOptions& options, Context& context,
                   const Surroundings& surroundings) {
  Listing listing{options, context};
  const auto read = listing.read(surroundings);
  if (read.ok()) return listing.finish();
  listing.break_off(failure_of(read.error(), context.command));
}

Result<void> show_request(const AgentOptions& options, Context& context,
                          const Surroundings& surroundings) {
  const auto told =
      TRY(ask_agent_api(options, {.address = "/agent/requests/" + options.id}, surroundings));
  const auto none = Json::object();
  const auto& request = member_or(told, "request", none);
  if (!options.out.empty()) {
    const auto message = TRY(from_base64(text_member_of(request, "message")));
    TRY(files::write_file(options.out, message));
  }
  auto& out = telling_stream(context, {options.out});
  if (context.json) {
    write_json(out, told);
    return {};
  }
  print_whole(out, request);
  if (!options.out.empty()) {
    context.err << "What it asks for, part by part: signet inspect " << options.out << "\n";
  }
  return {};
}

// ------------------------------------------------------------ deciding

Result<Json> verdict_of(const AgentOptions& options) {
  Json verdict = Json::object();
  if (!options.note.empty()) verdict["note"] = options.note;
  if (!options.not_before.empty()) verdict["not_before"] = options.not_before;
  if (!options.not_after.empty()) verdict["not_after"] = options.not_after;
  for (const auto& text : options.extensions) {
    const auto extension = TRY(extension_from_text(text));
    verdict["extensions"].push_back(Json{{"oid", extension.extn_id.to_text()},
                                         {"critical", extension.critical},
                                         {"value", to_base64(extension.extn_value)}});
  }
  for (const auto& oid : options.left_out) verdict["left_out"].push_back(oid);
  return verdict;
}

Result<void> decide(const AgentOptions& options, const char* verb, Context& context,
                    const Surroundings& surroundings) {
  const auto verdict = TRY(verdict_of(options));
  const auto told = TRY(ask_agent_api(options,
                                      {.address = "/agent/requests/" + options.id + "/" + verb,
                                       .content_type = "application/json",
                                       .body = to_bytes(verdict.dump())},
                                      surroundings));
  if (context.json) {
    write_json(context.out, told);
  } else {
    const Json none;
    print_waiting(context.out, member_or(told, "request", none));
  }
  return {};
}

// ------------------------------------------------------------ the command line

/// What the options alone show.
Result<void> check_agent(const AgentOptions& options) {
  if (names_signer(options.signer)) return check_signer(options.signer);
  return Error{Fault::bad_configuration,
               "an agent signs in with --signer and --signer-key (or --signer-p12)"};
}

CLI::App* add_agent_subcommand(CLI::App& parent, const char* name, const char* what,
                               AgentOptions& options) {
  auto* below = parent.add_subcommand(name, what);
  add_url_option(*below, options.server);
  add_anchors_option(*below, options.server.anchors);
  add_signer_options(*below, options.signer);
  return below;
}

/// As `signet agent list` shows them.
Result<void> check_id(const std::string& text) {
  if (from_hex(text).ok()) return {};
  return Error{Fault::malformed,
               "\"" + text + "\" is no id: write the hexadecimal that signet agent list shows"};
}

void add_id(CLI::App& below, AgentOptions& options) {
  below.add_option("ID", options.id, "Which request: its id")
      ->required()
      ->check(taken_by(check_id));
}

void add_change_options(CLI::App& below, AgentOptions& options) {
  const auto add = [&](const char* name, std::string& value, const char* what) {
    below.add_option(name, value, what)->type_name("TIME")->check(taken_by(time_from_text));
  };
  add("--not-before", options.not_before, "Another beginning: 2026-11-24 or 2026-11-24T08:30:00Z");
  add("--not-after", options.not_after, "Another end, within what the profile allows");
  below
      .add_option("--extension", options.extensions,
                  "Another extension, within what the profile allows: OID=HEX or OID,critical=HEX")
      ->type_name("EXTENSION")
      ->check(taken_by(extension_from_text));
  below.add_option("--without-extension", options.left_out, "Leave this extension out")
      ->type_name("OID")
      ->check(taken_by(asn1::Oid::from_text));
}

}  // namespace

void add_agent_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<AgentOptions>();
  auto* agent = app.add_subcommand("agent", "Decide on requests that wait for an agent");
  agent->require_subcommand(1);
  agent->footer(kAgentFooter);

  auto* listing = add_agent_subcommand(*agent, "list", "What waits, newest first", *options);
  listing->add_option("--state", options->state, "open, granted, rejected, all")
      ->type_name("STATE")
      ->check(CLI::IsMember({"open", "granted", "rejected", "all"}))
      ->capture_default_str();
  listing->add_flag("--all", options->all, "All of them, not the newest thousand");
  listing->callback([options, &context, &surroundings] {
    check_usage(check_agent(*options));
    list_requests(*options, context, surroundings);
  });

  auto* showing = add_agent_subcommand(*agent, "show", "One request", *options);
  add_id(*showing, *options);
  showing->add_option("--out", options->out, "Write the message here, for signet inspect")
      ->type_name("FILE");
  showing->callback([options, &context, &surroundings] {
    check_usage(check_agent(*options));
    report(context, show_request(*options, context, surroundings));
  });

  auto* approving = add_agent_subcommand(*agent, "approve", "Grant a request", *options);
  add_id(*approving, *options);
  add_change_options(*approving, *options);
  approving->add_option("--note", options->note, "For the records")->type_name("TEXT");
  approving->callback([options, &context, &surroundings] {
    check_usage(check_agent(*options));
    report(context, decide(*options, "approve", context, surroundings));
  });

  auto* rejecting = add_agent_subcommand(*agent, "reject", "Refuse a request", *options);
  add_id(*rejecting, *options);
  rejecting->add_option("--note", options->note, "Why: the requester reads it")->type_name("TEXT");
  rejecting->callback([options, &context, &surroundings] {
    check_usage(check_agent(*options));
    report(context, decide(*options, "reject", context, surroundings));
  });
}

}  // namespace signet::tool
