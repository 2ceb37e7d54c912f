#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/signetd/routes.h"

namespace signet::server {

/// The routes with stand-ins for what they stand on, which answer what they are told to and keep
/// what they were asked. OCSP is offered where a test puts it into `parts`.
class RouteScene : public ::testing::Test {
 protected:
  RouteScene() { answer.octets = {1, 2, 3}; }

  http::Response send(http::Request request) {
    return told([&](const http::Server::Reply& reply) { route(parts, std::move(request), reply); });
  }
  http::Response send_plain(http::Request request) {
    return told(
        [&](const http::Server::Reply& reply) { route_plain(parts, std::move(request), reply); });
  }
  static std::string words(const http::Response& response) {
    return std::string(as_text(response.body));
  }
  /// Empty when there is none of that name.
  static std::string header(const http::Response& response, const std::string& name) {
    for (const auto& [each, value] : response.headers) {
      if (each == name) return value;
    }
    return "";
  }

  /// What the transport let pass of the last message.
  [[nodiscard]] std::vector<Tolerance> tolerated() const {
    std::vector<Tolerance> all;
    for (const auto& each : asked.back().tolerated) all.push_back(each.tolerance);
    return all;
  }

  authority::Answer answer;
  std::vector<authority::Inquiry> asked;
  std::vector<http::Request> agents_asked;
  std::string encryption_pem;
  std::optional<store::CrlRecord> crl;
  int crls_looked_up = 0;
  Condition condition;
  int health_asked = 0;
  Metrics::Readings readings{.connections = {.open = 3, .refused = 4, .failed_handshakes = 5},
                             .profiles_current = true,
                             .lifetimes = {},
                             .store = {},
                             .clock_offset = {}};
  Metrics metrics;
  CrlShelf crls{[this](const store::CrlQuery&) {
    ++crls_looked_up;
    return crl;
  }};
  RouteParts parts{
      .respond =
          [this](authority::Inquiry inquiry, const authority::Service::Deliver& deliver) {
            asked.push_back(std::move(inquiry));
            deliver(answer);
          },
      .certificate_chain =
          [] {
            return Bytes{4, 5};
          },
      .certificate_pem = [] { return std::string("-----BEGIN CERTIFICATE-----"); },
      .encryption_pem = [this] { return encryption_pem; },
      .crls = crls,
      .ocsp = {},
      .agents =
          [this](http::Request request, const http::Server::Reply& reply) {
            agents_asked.push_back(std::move(request));
            reply({200, "application/json", {}, {}});
          },
      .health =
          [this](const std::function<void(const Condition&)>& tell) {
            ++health_asked;
            tell(condition);
          },
      .readings = [this] { return readings; },
      .metrics = metrics,
  };

 private:
  /// What `ask` is replied: that once.
  static http::Response told(const std::function<void(http::Server::Reply)>& ask) {
    http::Response received;
    int replies = 0;
    ask([&](http::Response response) {
      ++replies;
      received = std::move(response);
    });
    EXPECT_EQ(replies, 1);
    return received;
  }
};

}  // namespace signet::server
