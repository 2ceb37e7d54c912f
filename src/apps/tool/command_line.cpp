#include "apps/tool/command_line.h"

#include <exception>

#include "apps/tool/report.h"

namespace signet::tool {
namespace {

constexpr int kCalledWrongly = 2;

constexpr const char* kSignetFooter =
    "Examples:\n"
    "  signet enroll --help\n"
    "  signet inspect alice/request.crq\n"
    "Exit status: 0 done, 1 refused or failed, 2 called wrongly, 3 not yet: ask again later. "
    "Manual: man signet";

bool asks_for_json(int argc, const char* const* argv) {
  for (int at = 1; at < argc; ++at) {
    if (std::string_view(argv[at]) == "--json") return true;
  }
  return false;
}

/// --help and --version end here as well: CLI11 throws for them.
int tell_usage(CLI::App& app, const CLI::ParseError& error, Context& context) {
  if (error.get_exit_code() == 0) return app.exit(error, context.out, context.err);
  if (context.json) {
    report(context, {"usage", error.what(), "See signet --help."});
  } else {
    app.exit(error, context.out, context.err);
  }
  return kCalledWrongly;
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

}  // namespace

void add_json_flag(CLI::App& app, Context& context) {
  const auto commands = app.get_subcommands([](CLI::App*) { return true; });
  for (auto* command : commands) add_json_flag(*command, context);
  if (!commands.empty() || app.get_option_no_throw("--json") != nullptr) return;
  app.add_flag("--json", context.json, "Print one JSON object instead of text");
}

int run_command_line(int argc, const char* const* argv, Context context, const AddCommands& add) {
  CLI::App app{"Certificates over CMC (RFC 10002): enroll, look inside messages, run an authority",
               "signet"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "signet " SIGNET_VERSION);
  app.footer(kSignetFooter);
  add(app, context);
  add_json_flag(app, context);
  return parse_command_line(app, argc, argv, context);
}

}  // namespace signet::tool
