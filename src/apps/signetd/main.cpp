// signetd: reads its configuration, serves until SIGTERM or SIGINT, then lets requests under way
// end.
#include <CLI/CLI.hpp>
#include <atomic>
#include <iostream>

#include "adapters/files/descriptor.h"
#include "adapters/files/file.h"
#include "adapters/sandbox/system_calls.h"
#include "apps/signetd/agent_line.h"
#include "apps/signetd/assembly.h"
#include "apps/signetd/client_limits.h"
#include "apps/signetd/health.h"
#include "apps/signetd/routes.h"
#include "apps/signetd/server_log.h"
#include "apps/signetd/signals.h"
#include "base/nearest_word.h"

namespace signet::server {
namespace {

constexpr std::chrono::seconds kGrace{20};

/// All of it or nothing: what cannot be used leaves the old ones in use.
Result<void> replace(const Configuration& configuration, Assembly& assembly, http::Server& server,
                     Log& log) {
  auto fresh = TRY(read_replaceable(configuration, log));
  TRY(server.use_certificate(fresh.http));
  assembly.authority->sign_responses_with(std::move(fresh.response_signer));
  return {};
}

void look_at_profiles(Assembly& assembly) {
  assembly.profile_watch->make_haste();
  assembly.profile_looks->wake();
}

void reload(const Configuration& configuration, Assembly& assembly, http::Server& server,
            Log& log) {
  look_at_profiles(assembly);
  const auto replaced = replace(configuration, assembly, server, log);
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

/// Each key of the authority answers about what it issued; the one that issues now is asked first.
std::function<authority::OcspAnswer(ByteView)> ocsp_of(Assembly& assembly) {
  if (assembly.ocsp.empty()) return {};
  return [&responders = assembly.ocsp](ByteView request) {
    auto answer = responders.back()->respond(request);
    for (auto at = responders.size() - 1; at > 0; --at) {
      if (answer.status != ocsp::OCSPResponseStatus::unauthorized) break;
      answer = responders[at - 1]->respond(request);
    }
    return answer;
  };
}

/// At its end no thread of a server asks for anything any more, however that end comes.
struct Drained {
  const std::unique_ptr<http::Server>& server;
  const std::unique_ptr<http::Server>& plain_server;
  void within(std::chrono::seconds grace) const {
    if (server) server->drain(grace);
    if (plain_server) plain_server->drain(grace);
  }
  ~Drained() { within(std::chrono::seconds{0}); }
};

/// Null where none is configured.
Result<std::unique_ptr<http::Server>> start_plain(Assembly& assembly, const RouteParts& parts,
                                                  ClientLimits& limits, Log& log) {
  if (!assembly.plain_http) return std::unique_ptr<http::Server>();
  const auto address = assembly.plain_http->address;
  auto server = TRY(
      http::Server::start(*std::move(assembly.plain_http),
                          within(limits,
                                 [&parts](http::Request request, const http::Server::Reply& reply) {
                                   route_plain(parts, std::move(request), reply);
                                 }),
                          log));
  log.write(Log::Level::info, "serving_plain",
            {{"address", address}, {"port", std::to_string(server->port())}});
  return server;
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
  auto assembly = TRY(assemble(configuration, log));
  give_up_system_calls(configuration, log);
  Metrics metrics;
  std::atomic<const http::Server*> serving{nullptr};
  std::atomic<const http::Server*> serving_plain{nullptr};
  const auto connections_of = [](const http::Server* server) {
    return server == nullptr
               ? Metrics::Connections{}
               : Metrics::Connections{server->connections(), server->refused_connections(),
                                      server->failed_handshakes()};
  };
  ClientLimits limits(
      assembly->limits,
      [&standing = *assembly->client_standing](ByteView certificate, ByteView hash) {
        return standing.is_in_force(certificate, hash);
      },
      metrics, log);
  CrlShelf crls([&](const store::CrlQuery& query) { return assembly->engine->find_crl(query); });
  // What answers from threads of its own ends after the servers', and before the servers.
  std::unique_ptr<http::Server> plain_server;
  std::unique_ptr<http::Server> server;
  std::optional<AgentLine> agents(std::in_place, assembly->authority->desk(), log);
  std::optional<Health> health(
      std::in_place,
      Health::Parts{
          .keeps = [&] { return assembly->committer->keeps(); },
          .store_answers =
              [&] { return assembly->engine->find_certificate({.octets = Bytes{0x00}}).ok(); },
          .clock = assembly->clock,
          .log = log});
  const RouteParts parts{
      .respond =
          [&](authority::Inquiry inquiry, authority::Service::Deliver deliver) {
            assembly->service->respond(std::move(inquiry), std::move(deliver));
          },
      .certificate_chain = [&] { return assembly->authority->certificate_chain(); },
      .certificate_pem = [&] { return assembly->chain_pem; },
      .encryption_pem = [&] { return assembly->encryption_pem; },
      .crls = crls,
      .ocsp = ocsp_of(*assembly),
      .agents =
          [&](http::Request request, http::Server::Reply reply) {
            agents->respond(std::move(request), std::move(reply));
          },
      .health = [&](std::function<void(bool)> tell) { health->ask(std::move(tell)); },
      .connections =
          [&] {
            const auto secured = connections_of(serving.load());
            const auto plain = connections_of(serving_plain.load());
            return Metrics::Connections{secured.open + plain.open, secured.refused + plain.refused,
                                        secured.failed_handshakes};
          },
      .profiles_current = [&] { return assembly->profile_watch->is_current(); },
      .metrics = metrics,
      .header_lines = static_cast<int>(configuration.compatibility.header_lines),
      .text_bodies = configuration.compatibility.text_bodies,
  };
  const Drained drained{server, plain_server};
  plain_server = TRY(start_plain(*assembly, parts, limits, log));
  serving_plain = plain_server.get();
  server =
      TRY(http::Server::start(std::move(assembly->http),
                              within(limits,
                                     [&parts](http::Request request, http::Server::Reply reply) {
                                       route(parts, std::move(request), std::move(reply));
                                     }),
                              log));
  serving = server.get();
  log.write(Log::Level::info, "serving",
            {{"address", configuration.http.address}, {"port", std::to_string(server->port())}});
  wait_for_end(
      signals, [&] { reload(configuration, *assembly, *server, log); }, log);
  drained.within(kGrace);
  agents.reset();
  health.reset();
  assembly->crl_schedule->end();
  if (assembly->ocsp_renewal) assembly->ocsp_renewal->end();
  assembly->overdue_confirmations->end();
  assembly->profile_looks->end();
  assembly->recording_probe->end();
  assembly->service.reset();  // the last answers find their connections still there
  assembly->committer.reset();
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
  return signet::server::run(configuration, only_check);
}
