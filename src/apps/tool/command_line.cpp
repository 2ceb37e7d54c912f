#include "apps/tool/command_line.h"

#include <exception>
#include <optional>

#include "apps/tool/report.h"
#include "apps/tool/sound_values.h"
#include "base/nearest_word.h"

namespace signet::tool {
namespace {

constexpr int kCalledWrongly = 2;

bool asks_for_json(int argc, const char* const* argv) {
  for (int at = 1; at < argc; ++at) {
    if (std::string_view(argv[at]) == "--json") return true;
  }
  return false;
}

/// "signet secret create"
std::string full_name(const CLI::App& command) {
  const auto* above = command.get_parent();
  return (above == nullptr ? "" : full_name(*above) + " ") + command.get_name();
}

/// A word that the command, the last one read before it, does not take.
struct Unexpected {
  const CLI::App& command;
  std::string word;
};

std::optional<Unexpected> find_unexpected(const CLI::App& command) {
  if (const auto words = command.remaining(); !words.empty()) return {{command, words.front()}};
  for (const auto* below : command.get_subcommands()) {
    if (auto found = find_unexpected(*below)) return found;
  }
  return std::nullopt;
}

std::string do_you_mean_one_of(const std::string& word, const std::vector<std::string>& names) {
  return do_you_mean(word, {names.begin(), names.end()});
}

std::string text_of(const Unexpected& unexpected) {
  const auto& [command, given] = unexpected;
  const auto name = full_name(command);
  std::vector<std::string> known;
  if (given.starts_with('-')) {
    const auto option = given.substr(0, given.find('='));
    for (const auto* one : command.get_options()) {
      for (const auto& words : one->get_lnames()) known.push_back("--" + words);
    }
    return name + " has no option " + option + do_you_mean_one_of(option, known);
  }
  const auto below = command.get_subcommands([](const CLI::App*) { return true; });
  if (below.empty()) return name + " does not expect the word '" + given + "'";
  for (const auto* one : below) known.push_back(one->get_name());
  return name + " has no command '" + given + "'" + do_you_mean_one_of(given, known);
}

/// CLI11 names an option and a value that it does not take; what it takes stands in its help.
std::optional<std::string> text_of_value(const CLI::App& command, std::string_view told) {
  for (const auto* option : command.get_options()) {
    const auto start = "Could not convert: " + option->get_name() + " = ";
    if (!told.starts_with(start)) continue;
    return option->get_name() + " cannot be '" + std::string(told.substr(start.size())) +
           "'. From its help: " + option->get_description();
  }
  for (const auto* below : command.get_subcommands()) {
    if (auto text = text_of_value(*below, told)) return text;
  }
  return std::nullopt;
}

/// "--serial: --serial "x" is no number", where the fault of a value names the option as well.
std::string without_repetition(std::string text) {
  const auto colon = text.find(": ");
  if (colon == std::string::npos) return text;
  const auto rest = text.substr(colon + 2);
  return rest.starts_with(text.substr(0, colon)) ? rest : text;
}

/// A misspelt word is told before what is missing: it is often the missing one.
std::string text_of(const CLI::App& app, const CLI::ParseError& error) {
  if (const auto unexpected = find_unexpected(app)) return text_of(*unexpected);
  return without_repetition(text_of_value(app, error.what()).value_or(error.what()));
}

/// --help and --version end here as well: CLI11 throws for them.
int tell_usage(CLI::App& app, const CLI::ParseError& error, Context& context) {
  if (error.get_exit_code() == 0) return app.exit(error, context.out, context.err);
  const auto text = text_of(app, error);
  const auto of_command = context.command.empty() ? "" : " " + context.command;
  const auto next = "See signet" + of_command + " --help.";
  if (context.json) {
    report(context, {"usage", text, next});
  } else {
    context.err << printable(text) << "\n" << next << "\n";
  }
  return kCalledWrongly;
}

/// What each command that asks a server would have to be told again; no secrets, and not who signs:
/// that is said each time.
constexpr std::pair<const char*, const char*> kFromEnvironment[] = {{"--url", "SIGNET_URL"},
                                                                    {"--ca", "SIGNET_CA"}};

/// For the command that runs alone: CLI11 looks at the options of all that have a variable, and
/// would complain of its value where nobody asked for it.
void take_from_environment(CLI::App& command) {
  for (const auto& [name, variable] : kFromEnvironment) {
    if (auto* option = command.get_option_no_throw(name)) option->envname(variable);
  }
}

/// The context knows which command runs.
void name_commands(CLI::App& app, const std::string& above, Context& context) {
  for (auto* command : app.get_subcommands([](CLI::App*) { return true; })) {
    const auto name = above + command->get_name();
    command->preparse_callback([name, command, &context](std::size_t) {
      context.command = name;
      take_from_environment(*command);
    });
    name_commands(*command, name + " ", context);
  }
}

int parse_command_line(CLI::App& app, int argc, const char* const* argv, Context& context) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    context.json = asks_for_json(argc, argv);
    return tell_usage(app, error, context);
  } catch (const std::exception& error) {  // memory ran out, a library's surprise
    report(context, {"internal", error.what(), "This is a defect of signet: please report it."});
  }
  return context.exit_status;
}

/// What is said may be all that there is of something, as of a new secret.
int check_it_was_said(const Context& context, int status) {
  context.out.flush();
  if (context.out.good()) return status;
  context.err << "signet: standard output cannot be written to: what was to be said there is lost, "
                 "what was to be done is done\n  Make room, or leave it open; a secret that was "
                 "not shown: revoke it, and make another one.\n";
  return status == kCalledWrongly ? status : 1;
}

}  // namespace

void add_json_flag(CLI::App& app, Context& context) {
  const auto commands = app.get_subcommands([](CLI::App*) { return true; });
  for (auto* command : commands) add_json_flag(*command, context);
  if (!commands.empty() || app.get_option_no_throw("--json") != nullptr) return;
  app.add_flag("--json", context.json, "Print one JSON object instead of text");
}

int run_command_line(int argc, const char* const* argv, Context context, const AddCommands& add) {
  CLI::App app{"", "signet"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "signet " SIGNET_VERSION);
  add(app, context);
  add_json_flag(app, context);
  add_value_checks(app);
  name_commands(app, "", context);
  return check_it_was_said(context, parse_command_line(app, argc, argv, context));
}

}  // namespace signet::tool
