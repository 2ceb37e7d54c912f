#include "adapters/http/shared.h"

namespace signet::http {

Shared::Tls Shared::tls() {
  const std::lock_guard lock(mutex);
  return tls_;
}

void Shared::replace_tls(Tls next) {
  const std::lock_guard lock(mutex);
  tls_.swap(next);
}

std::vector<std::shared_ptr<Connection>> Shared::living() {
  std::vector<std::shared_ptr<Connection>> found;
  const std::lock_guard lock(mutex);
  for (auto* connection : connections) {
    if (auto alive = connection->weak_from_this().lock()) found.push_back(std::move(alive));
  }
  return found;
}

void Shared::enter(Connection* connection, const std::string& client) {
  const std::lock_guard lock(mutex);
  connections.insert(connection);
  ++connections_of[client];
}

void Shared::leave(Connection* connection, const std::string& client) {
  const std::lock_guard lock(mutex);
  connections.erase(connection);
  if (--connections_of[client] == 0) connections_of.erase(client);
  changed.notify_all();
}

std::optional<AnswerRoom> Shared::take_room(std::size_t octets) {
  constexpr std::size_t kLong = 1024 * 1024;
  if (octets <= kLong) return AnswerRoom();
  std::optional<AnswerRoom> room(std::in_place, long_answers_, octets);
  if (long_answers_ += octets; long_answers_ > settings.maximum_long_answer_octets) room.reset();
  return room;
}

std::string_view Shared::one_too_many(const std::string& client) {
  if (new_connections.refuse(client, RateLimiter::Clock::now())) {
    return "too many new connections of one client";
  }
  const std::lock_guard lock(mutex);
  if (connections.size() >= settings.maximum_connections) return "too many connections";
  const auto found = connections_of.find(client);
  if (found != connections_of.end() && found->second >= settings.maximum_connections_of_one) {
    return "too many connections of one client";
  }
  return "";
}

}  // namespace signet::http
