// signetd: reads its configuration, serves until SIGTERM or SIGINT, then lets requests under way
// end.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "adapters/files/file.h"
#include "apps/signetd/assembly.h"
#include "apps/signetd/routes.h"
#include "apps/signetd/server_log.h"

namespace signet::server {
namespace {

constexpr std::chrono::seconds kGrace{20};

/// SIGTERM and SIGINT wait for wait_for_end, in every thread started after this.
sigset_t hold_signals() {
  signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int fail(const Error& error) {
  std::cerr << "signetd: " << error.detail << "\n";
  return 1;
}

Result<void> serve(const Configuration& configuration, bool only_check) {
  const auto signals = hold_signals();
  const auto log = make_log(configuration.log);
  auto assembly = TRY(assemble(configuration, *log));
  if (only_check) return {};
  Metrics metrics;
  const RouteParts parts{
      .respond =
          [&](authority::Inquiry inquiry, authority::Service::Deliver deliver) {
            assembly->service->respond(std::move(inquiry), std::move(deliver));
          },
      .certificate_chain = [&] { return assembly->authority->certificate_chain(); },
      .certificate_pem = [&] { return assembly->chain_pem; },
      .healthy = [&] { return assembly->engine->find_answered(Bytes(32, 0)).ok(); },
      .metrics = metrics,
  };
  const auto server = TRY(http::Server::start(
      std::move(assembly->http),
      [&parts](http::Request request, http::Server::Reply reply) {
        route(parts, std::move(request), std::move(reply));
      },
      *log));
  log->write(Log::Level::info, "serving",
             {{"address", configuration.http.address}, {"port", std::to_string(server->port())}});
  int received = 0;
  sigwait(&signals, &received);
  log->write(Log::Level::info, "draining",
             {{"signal", received == SIGTERM ? "SIGTERM" : "SIGINT"}});
  server->drain(kGrace);
  log->write(Log::Level::info, "ended", {});
  return {};
}

int run(const std::string& file, bool only_check) {
  const auto text = files::read_file(file);
  if (!text.ok()) return fail(text.error());
  const auto configuration = read_configuration(file, as_text(*text));
  if (!configuration.ok()) return fail(configuration.error());
  const auto served = serve(*configuration, only_check);
  if (!served.ok()) return fail(served.error());
  if (only_check) std::cout << file << " is good\n";
  return 0;
}

}  // namespace
}  // namespace signet::server

int main(int argc, char** argv) {
  CLI::App app{"Signet's server: a certificate authority that enrolls over CMC.", "signetd"};
  std::string configuration;
  bool only_check = false;
  app.add_option("--config", configuration, "The TOML configuration; `signet ca init` writes one")
      ->required();
  app.add_flag("--check", only_check, "Read everything, serve nothing");
  app.set_version_flag("--version", "signetd 0.1.0");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return signet::server::run(configuration, only_check);
}
