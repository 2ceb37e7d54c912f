#include "apps/signet/run.h"

#include <exception>

#include "apps/signet/agent_command.h"
#include "apps/signet/answer_command.h"
#include "apps/signet/audit_command.h"
#include "apps/signet/ca_command.h"
#include "apps/signet/confirm_command.h"
#include "apps/signet/enroll_command.h"
#include "apps/signet/get_command.h"
#include "apps/signet/import_command.h"
#include "apps/signet/inspect_command.h"
#include "apps/signet/poll_command.h"
#include "apps/signet/profile_command.h"
#include "apps/signet/read_command.h"
#include "apps/signet/renew_command.h"
#include "apps/signet/report.h"
#include "apps/signet/request_command.h"
#include "apps/signet/revoke_command.h"
#include "apps/signet/secret_command.h"
#include "apps/signet/send_command.h"
#include "apps/signet/status_command.h"

namespace signet::tool {
namespace {

constexpr int kCalledWrongly = 2;

constexpr const char* kSignetFooter =
    "Examples:\n"
    "  signet enroll --help\n"
    "  signet inspect alice/request.crq\n"
    "Exit status: 0 done, 1 refused or failed, 2 called wrongly. Manual: man signet";

/// Every command that does something takes --json.
void add_json_flag(CLI::App& app, Context& context) {
  const auto commands = app.get_subcommands([](CLI::App*) { return true; });
  for (auto* command : commands) add_json_flag(*command, context);
  if (!commands.empty() || app.get_option_no_throw("--json") != nullptr) return;
  app.add_flag("--json", context.json, "Print one JSON object instead of text");
}

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

void add_commands(CLI::App& app, Context& context, const Surroundings& surroundings) {
  add_enroll_command(app, context, surroundings);
  add_request_command(app, context, surroundings);
  add_send_command(app, context, surroundings);
  add_read_command(app, context, surroundings);
  add_answer_command(app, context, surroundings);
  add_renew_command(app, context, surroundings);
  add_poll_command(app, context, surroundings);
  add_confirm_command(app, context, surroundings);
  add_get_command(app, context, surroundings);
  add_revoke_command(app, context, surroundings);
  add_status_command(app, context, surroundings);
  add_agent_command(app, context, surroundings);
  add_inspect_command(app, context);
  add_audit_command(app, context);
  add_ca_command(app, context, surroundings);
  add_import_command(app, context, surroundings);
  add_profile_command(app, context, surroundings);
  add_secret_command(app, context, surroundings);
  add_json_flag(app, context);
}

int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err,
        const Surroundings& surroundings) {
  CLI::App app{"Certificates over CMC (RFC 10002): enroll, look inside messages, run an authority",
               "signet"};
  Context context{.out = out, .err = err};
  app.require_subcommand(1);
  app.set_version_flag("--version", "signet " SIGNET_VERSION);
  app.footer(kSignetFooter);
  add_commands(app, context, surroundings);
  return parse_command_line(app, argc, argv, context);
}

}  // namespace signet::tool
