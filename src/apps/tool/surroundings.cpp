#include "apps/tool/surroundings.h"

#include <memory>

#include "crypto/digest.h"

namespace signet::tool {
namespace {

Result<http::Reply> post_by_transport(http::TransportSettings settings, const std::string& url,
                                      const std::string& content_type, ByteView body) {
  const auto transport = TRY(http::Transport::open(std::move(settings)));
  return transport->post(url, content_type, body);
}

Result<http::Reply> fetch_by_transport(http::TransportSettings settings, const std::string& url) {
  const auto transport = TRY(http::Transport::open(std::move(settings)));
  return transport->fetch(url);
}

}  // namespace

const Surroundings& system_surroundings() {
  static const SystemClock clock;
  static const Surroundings surroundings{
      clock, crypto::system_random(), post_by_transport, fetch_by_transport,
      [client = std::make_shared<tcp::Client>()](const tcp::Address& to, ByteView message,
                                                 const tcp::ClientSettings& settings) {
        return client->exchange(to, message, settings);
      }};
  return surroundings;
}

}  // namespace signet::tool
