#include "adapters/listener/connections.h"

#include "base/long_answer.h"

namespace signet::listener {

void Connections::enter(const std::shared_ptr<Connection>& connection, const std::string& client) {
  const std::lock_guard lock(mutex_);
  auto& of_one = of_client_[client];
  connections_.insert(connection.get());  // last of what may throw
  ++of_one;
}

void Connections::leave(Connection* connection, const std::string& client) {
  const std::lock_guard lock(mutex_);
  connections_.erase(connection);
  if (--of_client_[client] == 0) of_client_.erase(client);
  changed_.notify_all();
}

std::string_view Connections::one_too_many(const std::string& client) {
  if (new_connections_.refuse(client, RateLimiter::Clock::now())) {
    return "too many new connections of one client";
  }
  const std::lock_guard lock(mutex_);
  if (connections_.size() >= settings.maximum_connections) return "too many connections";
  const auto found = of_client_.find(client);
  if (found != of_client_.end() && found->second >= settings.maximum_connections_of_one) {
    return "too many connections of one client";
  }
  return "";
}

Result<Allowance::Held> Connections::take_room(std::size_t octets, const std::string& client) {
  if (octets <= kLongAnswerOctets) return Allowance::Held();
  return long_answers_.take(octets, client);
}

std::size_t Connections::count() {
  const std::lock_guard lock(mutex_);
  return connections_.size();
}

std::vector<std::shared_ptr<Connection>> Connections::living() {
  std::vector<std::shared_ptr<Connection>> found;
  const std::lock_guard lock(mutex_);
  for (auto* connection : connections_) {
    if (auto alive = connection->weak_from_this().lock()) found.push_back(std::move(alive));
  }
  return found;
}

void Connections::wait_until_none(std::chrono::seconds at_most) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, at_most, [&] { return connections_.empty(); });
}

}  // namespace signet::listener
