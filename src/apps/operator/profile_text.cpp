#include "apps/operator/profile_text.h"

#include <array>

#include "codec/pkix/object_name.h"
#include "policy/policy.h"

namespace signet::tool {
namespace {

using policy::Statement;
using policy::Topic;

/// A default gives, a constraint demands.
enum class StatementKind { given, demanded };
struct Told {
  StatementKind kind;
  Statement statement;
};

/// All statements of a set: what is given, in order of execution, then what is demanded.
std::vector<Told> statements_of(const policy::PolicySet& set) {
  std::vector<Told> told;
  for (const auto& policy : set.policies) {
    for (auto& each : policy->fills().describe())
      told.push_back({StatementKind::given, std::move(each)});
  }
  for (const auto& policy : set.policies) {
    for (auto& each : policy->demands().describe()) {
      told.push_back({StatementKind::demanded, std::move(each)});
    }
  }
  return told;
}

struct Section {
  Topic topic;
  const char* title;
  const char* when_none;  ///< what holds where no policy says anything
};
constexpr std::array kSections{
    Section{Topic::subject, "Subject", "none"},
    Section{Topic::validity, "Validity", "none"},
    Section{Topic::key, "Key", "any"},
    Section{Topic::renewal, "Renewal", "no rule: a key may be certified again"},
    Section{Topic::extension, "Extensions", "none"},
    Section{Topic::signature, "Signature", "by the authority's own choice"},
};

std::string text_of(const Told& told) {
  const auto& [topic, text, extension, critical] = told.statement;
  std::string line = told.kind == StatementKind::demanded ? "demanded: " : "";
  if (extension) {
    line += pkix::object_name(*extension);
    if (critical) line += *critical ? " (critical)" : " (not critical)";
    line += ": ";
  }
  return printable(line + text);
}

void print_item(std::ostream& out, const std::string& text) {
  out << "  - " << text << "\n";
}

void print_section(std::ostream& out, const Section& section, const std::vector<Told>& all) {
  out << section.title << "\n";
  bool is_empty = true;
  for (const auto& told : all) {
    if (told.statement.topic != section.topic) continue;
    print_item(out, text_of(told));
    is_empty = false;
  }
  if (is_empty) print_item(out, section.when_none);
}

void print_set(std::ostream& out, const policy::PolicySet& set) {
  const auto all = statements_of(set);
  for (const auto& section : kSections) print_section(out, section, all);
}

void print_head(std::ostream& out, const policy::Profile& profile) {
  out << printable(profile.id()) << (profile.enabled() ? "" : " (not enabled)") << "\n";
  for (const auto& text : {profile.name(), profile.description()}) {
    if (!text.empty()) out << "  " << printable(text) << "\n";
  }
}

Json statement_to_json(const Told& told) {
  Json object{{"topic", policy::to_text(told.statement.topic)},
              {"kind", told.kind == StatementKind::given ? "given" : "demanded"},
              {"text", told.statement.text}};
  if (const auto& extension = told.statement.extension) {
    object["extension"] = pkix::object_name(*extension);
    object["oid"] = extension->to_text();
  }
  if (told.statement.critical) object["critical"] = *told.statement.critical;
  return object;
}

Json set_to_json(const policy::PolicySet& set) {
  Json object{{"id", set.id}, {"statements", Json::array()}};
  for (const auto& told : statements_of(set))
    object["statements"].push_back(statement_to_json(told));
  return object;
}

}  // namespace

void print_profile(std::ostream& out, const policy::Profile& profile) {
  print_head(out, profile);
  out << "\nWho may ask\n";
  for (const auto& who : describe(profile.authenticator())) print_item(out, who);
  out << "Approval\n";
  print_item(out, profile.demands_approval()
                      ? "what a user asks for waits for an agent (signet agent)"
                      : "none: granted at once when everything demanded holds");
  for (std::size_t i = 0; i < profile.sets().size(); ++i) {
    if (profile.sets().size() > 1) out << "\nRequest " << i + 1 << " of a message\n\n";
    print_set(out, profile.sets()[i]);
  }
  out << "Besides\n";
  print_item(out,
             "extensions that a request asks for and that are not named here are left out; "
             "critical unknown ones are refused");
  print_item(out,
             "cRLDistributionPoints and freshestCRL are added where [crl] of the server says so");
}

Json to_json(const policy::Profile& profile) {
  Json object{{"profile", profile.id()},
              {"name", profile.name()},
              {"description", profile.description()},
              {"enabled", profile.enabled()},
              {"authenticator", policy::to_text(profile.authenticator())},
              {"who", describe(profile.authenticator())},
              {"approval", profile.demands_approval()},
              {"sets", Json::array()}};
  for (const auto& set : profile.sets()) object["sets"].push_back(set_to_json(set));
  return object;
}

Json to_json(const policy::ProfileFault& fault) {
  const bool is_error = fault.severity == policy::ProfileFault::Severity::error;
  return {
      {"line", fault.line}, {"severity", is_error ? "error" : "warning"}, {"reason", fault.reason}};
}

}  // namespace signet::tool
