// signetd: reads its configuration, serves until SIGTERM or SIGINT, then lets requests under way
// end.
#include <CLI/CLI.hpp>
#include <iostream>

#include "adapters/files/descriptor.h"
#include "adapters/files/file.h"
#include "adapters/sandbox/system_calls.h"
#include "apps/signetd/assembly.h"
#include "apps/signetd/named_files.h"
#include "apps/signetd/server_log.h"
#include "apps/signetd/serving.h"
#include "apps/signetd/signals.h"
#include "apps/signetd/watches.h"
#include "base/core_dumps.h"
#include "base/nearest_word.h"

namespace signet::server {
namespace {

constexpr std::chrono::seconds kGrace{20};

/// All of it or nothing: what cannot be used leaves the old ones in use.
Result<void> replace(const Configuration& configuration, Assembly& assembly, Serving& serving,
                     Log& log) {
  auto fresh = TRY(read_replaceable(configuration, log));
  TRY(serving.use_certificate(fresh.http));
  note_replaceable(*assembly.watches.lifetimes, fresh.http, fresh.response_signer.get());
  assembly.signing.authority->sign_responses_with(std::move(fresh.response_signer));
  return {};
}

void reload(const Configuration& configuration, Assembly& assembly, Serving& serving, Log& log) {
  assembly.own_work->look_at_profiles();
  const auto replaced = replace(configuration, assembly, serving, log);
  if (!replaced.ok()) {
    log.write(Log::Level::error, "not_reloaded", {{"why", replaced.error().detail}});
    return;
  }
  log.write(Log::Level::info, "reloaded",
            {{"what",
              "TLS and CMC certificates; profiles are looked at, the rest is read at the start"}});
}

int fail(const Error& error) {
  std::cerr << "signetd: " << error.detail << "\n";
  return 1;
}

/// After the keys are open: a module of a token may have started a program of its own. A kernel
/// that cannot do it leaves the server as it would be without.
void give_up_system_calls(const Configuration& configuration, Log& log) {
  if (!configuration.server.seccomp) return;
  const auto done = sandbox::give_up_system_calls();
  if (!done.ok()) {
    log.write(Log::Level::warning, "system_calls_not_given_up",
              {{"why", done.error().detail}, {"to_say_so", "[server] seccomp = false"}});
  }
}

Result<void> serve(const Configuration& configuration, Log& log) {
  const auto signals = hold_signals();
  const auto assembly = TRY(assemble(configuration, log));
  give_up_system_calls(configuration, log);
  Serving serving(configuration, *assembly, log);
  const auto listening = serving.listen(log);
  if (listening.ok()) {
    wait_for_end(
        signals, [&] { reload(configuration, *assembly, serving, log); }, log);
  }
  serving.end(listening.ok() ? kGrace : std::chrono::seconds{0});
  end(*assembly);
  TRY(listening);
  log.write(Log::Level::info, "ended", {});
  return {};
}

int run(const std::string& file, bool only_check) {
  const auto text = files::read_file(file);
  if (!text.ok()) return fail(text.error());
  auto configuration = read_configuration(file, as_text(*text));
  if (!configuration.ok()) return fail(configuration.error());
  const auto generations = add_generations(file, *configuration);
  if (!generations.ok()) return fail(generations.error());
  const auto log = make_log(configuration->log);
  const auto done = only_check ? check(*configuration, *log) : serve(*configuration, *log);
  if (!done.ok()) return fail(done.error());
  if (only_check) std::cout << file << " is good\n";
  return 0;
}

}  // namespace
}  // namespace signet::server

int main(int argc, char** argv) {
  signet::keep_out_of_core_dumps();
  signet::files::hold_standard_descriptors();
  CLI::App app{"Signet's server: a certificate authority that enrolls over CMC.", "signetd"};
  std::string configuration;
  bool only_check = false;
  app.add_option("--config", configuration, "The TOML configuration; `signet ca init` writes one")
      ->required();
  app.add_flag("--check", only_check, "Read everything, serve nothing");
  app.set_version_flag("--version", "signetd " SIGNET_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // A misspelt option is told before what is missing: it is often the missing one.
    if (const auto words = app.remaining(); !words.empty() && error.get_exit_code() != 0) {
      std::cerr << "signetd does not know " << words.front()
                << signet::do_you_mean(words.front(),
                                       {"--config", "--check", "--version", "--help"})
                << "\n";
      return 2;
    }
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return signet::server::run(configuration, only_check);
  } catch (const std::exception& thrown) {
    std::cerr << "signetd: " << thrown.what() << "\n";
    return 1;
  }
}
