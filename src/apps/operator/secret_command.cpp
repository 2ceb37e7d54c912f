#include "apps/operator/secret_command.h"

#include "apps/operator/secret_create_command.h"
#include "apps/operator/secret_import_command.h"
#include "apps/operator/secret_list_command.h"
#include "apps/operator/secret_locks_command.h"
#include "apps/operator/secret_revocation_command.h"
#include "apps/operator/secret_revoke_command.h"
#include "apps/operator/secret_wrap_command.h"

namespace signet::tool {

void add_secret_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto* secret = app.add_subcommand("secret", "Shared secrets for those without a certificate");
  secret->require_subcommand(1);
  add_secret_create_command(*secret, context, surroundings);
  add_secret_list_command(*secret, context, surroundings);
  add_secret_locks_command(*secret, context, surroundings);
  add_secret_unlock_command(*secret, context, surroundings);
  add_secret_revoke_command(*secret, context, surroundings);
  add_secret_wrap_command(*secret, context, surroundings);
  add_secret_revocation_command(*secret, context, surroundings);
  add_secret_import_command(*secret, context, surroundings);
}

}  // namespace signet::tool
