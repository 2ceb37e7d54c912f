#include "apps/signetd/serving.h"

#include <algorithm>
#include <utility>

#include "apps/signetd/tcp_route.h"

namespace signet::server {
namespace {

/// Each key of the authority answers about what it issued; the one that issues now is asked first.
std::function<authority::OcspAnswer(ByteView)> ocsp_of(Assembly& assembly) {
  if (assembly.signing.ocsp.empty()) return {};
  return [&responders = assembly.signing.ocsp](ByteView request) {
    auto answer = responders.back()->respond(request);
    for (auto at = responders.size() - 1; at > 0; --at) {
      if (answer.status != ocsp::OCSPResponseStatus::unauthorized) break;
      answer = responders[at - 1]->respond(request);
    }
    return answer;
  };
}

ClientLimits::IsInForce standing_of(Assembly& assembly) {
  return [&standing = *assembly.listening.client_standing](ByteView certificate, ByteView hash) {
    return standing.is_in_force(certificate, hash);
  };
}

Health::Parts health_of(Assembly& assembly, Log& log) {
  return {.keeps = [&assembly] { return assembly.keeping.committer->keeps(); },
          .store_answers =
              [&engine = *assembly.keeping.engine] {
                return engine.find_certificate({.octets = Bytes{0x00}}).ok();
              },
          .else_known =
              [&assembly] {
                const auto& watches = assembly.watches;
                auto condition = watches.lifetimes->condition();
                if (!watches.profiles->is_current()) {
                  condition.degraded.emplace_back(
                      "not all profiles are offered as they are written: see the log");
                }
                if (watches.store) condition.add(watches.store->condition());
                if (watches.delivery) condition.add(watches.delivery->condition());
                return condition;
              },
          .clock = assembly.clock,
          .log = log};
}

Metrics::Connections connections_of(const http::Server* server) {
  if (server == nullptr) return {};
  return {server->connections(), server->refused_connections(), server->failed_handshakes()};
}

std::optional<Metrics::Publishing> publication_reading(const Assembly& assembly) {
  const auto& delivery = assembly.watches.delivery;
  if (!delivery) return std::nullopt;
  const auto known = delivery->known();
  std::chrono::seconds waited{0};
  if (known.oldest_due) waited = assembly.clock.now() - *known.oldest_due;
  return Metrics::Publishing{.published = known.published,
                             .withdrawn = known.withdrawn,
                             .refused = known.refused,
                             .waited = waited,
                             .is_failing = known.failing_since || known.entry_failing_since};
}

void tell_where(Log& log, std::string_view event, const std::string& address,
                const http::Server& server) {
  log.write(Log::Level::info, event,
            {{"address", address}, {"port", std::to_string(server.port())}});
}

}  // namespace

Serving::Serving(const Configuration& configuration, Assembly& assembly, Log& log)
    : assembly_(assembly),
      limits_(assembly.listening.limits, standing_of(assembly), metrics_, log),
      crls_([&engine = *assembly.keeping.engine](const store::CrlQuery& query) {
        return engine.find_crl(query);
      }),
      agents_(std::in_place, assembly.signing.authority->desk(), log),
      health_(std::in_place, health_of(assembly, log)),
      parts_(route_parts(configuration.compatibility)) {}

RouteParts Serving::route_parts(const Configuration::Compatibility& compatibility) {
  return {
      .respond =
          [this](authority::Inquiry inquiry, authority::Service::Deliver deliver) {
            assembly_.service->respond(std::move(inquiry), std::move(deliver));
          },
      .certificate_chain = [this] { return assembly_.signing.authority->certificate_chain(); },
      .certificate_pem = [this] { return assembly_.shown.chain; },
      .encryption_pem = [this] { return assembly_.shown.encryption; },
      .crls = crls_,
      .ocsp = ocsp_of(assembly_),
      .agents =
          [this](http::Request request, http::Server::Reply reply) {
            agents_->respond(std::move(request), std::move(reply));
          },
      .health =
          [this](std::function<void(const Condition&)> tell) { health_->ask(std::move(tell)); },
      .readings = [this] { return readings(); },
      .metrics = metrics_,
      .header_lines = static_cast<int>(compatibility.header_lines),
      .text_bodies = compatibility.text_bodies,
  };
}

Metrics::Connections Serving::connections() const {
  const auto secured = connections_of(listening_.load());
  const auto plain = connections_of(listening_in_plain_.load());
  return {secured.open + plain.open, secured.refused + plain.refused, secured.failed_handshakes};
}

std::optional<Metrics::Tcp> Serving::tcp_readings() const {
  const auto* server = listening_over_tcp_.load();
  if (server == nullptr) return std::nullopt;
  return Metrics::Tcp{server->connections(), server->refused_connections(), server->messages(),
                      server->refused_messages()};
}

Metrics::Readings Serving::readings() const {
  const auto& watches = assembly_.watches;
  return {.connections = connections(),
          .tcp = tcp_readings(),
          .profiles_current = watches.profiles->is_current(),
          .lifetimes = watches.lifetimes->known(),
          .store = watches.store ? std::optional(watches.store->known()) : std::nullopt,
          .clock_offset = watches.clock ? watches.clock->offset() : std::nullopt,
          .publication = publication_reading(assembly_)};
}

Result<void> Serving::listen_with_tls(Log& log) {
  auto& settings = assembly_.listening.http;
  const auto address = settings.address;
  server_ =
      TRY(http::Server::start(std::move(settings),
                              within(limits_,
                                     [this](http::Request request, http::Server::Reply reply) {
                                       route(parts_, std::move(request), std::move(reply));
                                     }),
                              log));
  listening_ = server_.get();
  tell_where(log, "serving", address, *server_);
  return {};
}

Result<void> Serving::listen_in_plain(Log& log) {
  auto& settings = assembly_.listening.plain_http;
  if (!settings) return {};
  const auto address = settings->address;
  plain_server_ = TRY(
      http::Server::start(*std::move(settings),
                          within(limits_,
                                 [this](http::Request request, const http::Server::Reply& reply) {
                                   route_plain(parts_, std::move(request), reply);
                                 }),
                          log));
  listening_in_plain_ = plain_server_.get();
  tell_where(log, "serving_plain", address, *plain_server_);
  return {};
}

//= A12 RFC 10004 §5: TCP beside HTTP
Result<void> Serving::listen_over_tcp(Log& log) {
  const auto& settings = assembly_.listening.tcp;
  if (!settings) return {};
  tcp_server_ =
      TRY(tcp::Server::start(*settings,
                             within(limits_,
                                    [this](tcp::Message message, tcp::Server::Reply reply) {
                                      route_tcp(parts_, std::move(message), std::move(reply));
                                    }),
                             log));
  listening_over_tcp_ = tcp_server_.get();
  log.write(Log::Level::info, "serving_tcp",
            {{"address", settings->address}, {"port", std::to_string(tcp_server_->port())}});
  return {};
}

Result<void> Serving::listen(Log& log) {
  TRY(listen_in_plain(log));
  TRY(listen_over_tcp(log));
  return listen_with_tls(log);
}

Result<void> Serving::use_certificate(const http::ServerSettings& settings) {
  return server_->use_certificate(settings);
}

void Serving::end(std::chrono::seconds grace) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + grace;
  const auto rest = [&] {
    return std::max(std::chrono::seconds{0},
                    std::chrono::ceil<std::chrono::seconds>(until - Clock::now()));
  };
  // All of them before one is waited for: who is slow with one keeps no other one open.
  if (server_) server_->stop_accepting();
  if (plain_server_) plain_server_->stop_accepting();
  if (tcp_server_) tcp_server_->stop_accepting();
  if (server_) server_->drain(rest());
  if (plain_server_) plain_server_->drain(rest());
  if (tcp_server_) tcp_server_->drain(rest());
  agents_.reset();
  health_.reset();
}

}  // namespace signet::server
