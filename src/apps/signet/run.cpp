#include "apps/signet/run.h"

#include "apps/enrollment/agent_command.h"
#include "apps/enrollment/answer_command.h"
#include "apps/enrollment/confirm_command.h"
#include "apps/enrollment/enroll_command.h"
#include "apps/enrollment/get_command.h"
#include "apps/enrollment/poll_command.h"
#include "apps/enrollment/publish_command.h"
#include "apps/enrollment/read_command.h"
#include "apps/enrollment/relay_command.h"
#include "apps/enrollment/renew_command.h"
#include "apps/enrollment/request_command.h"
#include "apps/enrollment/revoke_command.h"
#include "apps/enrollment/send_command.h"
#include "apps/enrollment/status_command.h"
#include "apps/import/import_command.h"
#include "apps/inspect/inspect_command.h"
#include "apps/operator/audit_command.h"
#include "apps/operator/certificates_command.h"
#include "apps/operator/profile_command.h"
#include "apps/operator/secret_command.h"
#include "apps/tool/command_line.h"
#include "apps/upkeep/ca_command.h"

namespace signet::tool {
namespace {

constexpr const char* kWhatItIs =
    "Certificates over CMC (RFC 10002): enroll, look inside messages, run an authority";

constexpr const char* kSignetFooter =
    "Examples:\n"
    "  signet enroll --help\n"
    "  signet inspect alice/request.crq\n"
    "Exit status: 0 done, 1 refused or failed, 2 called wrongly, 3 not yet: ask again later. "
    "Manual: man signet";

/// What stands together in the tool's help.
void put_under(CLI::App& app, const char* heading, std::initializer_list<const char*> commands) {
  for (const auto* command : commands) app.get_subcommand(command)->group(heading);
}

}  // namespace

void add_commands(CLI::App& app, Context& context, const Surroundings& surroundings) {
  add_enroll_command(app, context, surroundings);
  add_renew_command(app, context, surroundings);
  add_revoke_command(app, context, surroundings);
  add_status_command(app, context, surroundings);
  add_poll_command(app, context, surroundings);
  add_confirm_command(app, context, surroundings);
  add_publish_certificates_command(app, context, surroundings);
  add_get_command(app, context, surroundings);
  put_under(app, "Certificates",
            {"enroll", "renew", "revoke", "status", "poll", "confirm", "publish", "get"});
  add_request_command(app, context, surroundings);
  add_send_command(app, context, surroundings);
  add_read_command(app, context, surroundings);
  add_answer_command(app, context, surroundings);
  add_inspect_command(app, context);
  put_under(app, "Messages, by hand", {"request", "send", "read", "answer", "inspect"});
  add_agent_command(app, context, surroundings);
  add_relay_command(app, context, surroundings);
  put_under(app, "For agents of an authority", {"agent", "relay"});
  add_ca_command(app, context, surroundings);
  add_certificates_command(app, context, surroundings);
  add_profile_command(app, context, surroundings);
  add_secret_command(app, context, surroundings);
  add_audit_command(app, context);
  add_import_command(app, context, surroundings);
  put_under(app, "For who runs an authority",
            {"ca", "certificates", "profile", "secret", "audit", "import"});
}

int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err,
        const Surroundings& surroundings) {
  return run_command_line(argc, argv, {.out = out, .err = err}, [&](auto& app, auto& context) {
    add_commands(app, context, surroundings);
    app.description(kWhatItIs);
    app.footer(kSignetFooter);  // after them: they would take it over
  });
}

}  // namespace signet::tool
