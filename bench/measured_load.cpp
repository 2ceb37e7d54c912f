#include "measured_load.h"

#include <thread>

namespace signet::bench {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

std::string path_for(Way way) {
  return way == Way::challenge ? "/cmc?profileId=caFullCMCUserSignedEncryptionCert" : "/cmc";
}

}  // namespace

MeasuredLoad::MeasuredLoad(const Trial& trial, const Requester& requester, Settings settings)
    : requester_(requester), settings_(settings), url_(trial.url(path_for(settings.way))) {
  while (transports_.size() < settings.connections) transports_.push_back(requester.connect());
}

std::vector<double> MeasuredLoad::send(std::span<const Enrollment> messages, double per_second) {
  messages_ = messages;
  beat_ = std::chrono::duration<double>(per_second > 0 ? 1 / per_second : 0);
  next_ = transports_.size();
  took_.clear();
  start_ = Stopwatch::now();
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < transports_.size(); ++i) workers.emplace_back([this, i] { work(i); });
  for (auto& worker : workers) worker.join();
  return std::move(took_);
}

void MeasuredLoad::work(std::size_t own) {
  auto& transport = transports_[own];
  std::vector<double> took;
  for (auto i = own; i < messages_.size(); i = next_++) {
    const auto due = wait_for_turn(i);
    if (settings_.handshakes) transport = requester_.connect();
    enroll(*transport, messages_[i]);
    took.push_back(Milliseconds(Stopwatch::now() - due).count());
  }
  const std::lock_guard lock(mutex_);
  took_.insert(took_.end(), took.begin(), took.end());
}

MeasuredLoad::Stopwatch::time_point MeasuredLoad::wait_for_turn(std::size_t message) const {
  if (beat_.count() == 0) return Stopwatch::now();
  const auto due = start_ + std::chrono::duration_cast<Stopwatch::duration>(
                                beat_ * static_cast<double>(message));
  std::this_thread::sleep_until(due);
  return due;
}

void MeasuredLoad::enroll(http::Transport& transport, const Enrollment& asked) const {
  const auto response = post(transport, asked.sent.octets);
  if (settings_.way == Way::lookup && !requester_.is_found_in(response)) {
    std::cerr << "a look-up is refused\n";
    std::exit(1);
  }
  if (settings_.way != Way::challenge) return;
  static_cast<void>(post(transport, requester_.answer(asked, response).octets));
}

Bytes MeasuredLoad::post(http::Transport& transport, ByteView message) const {
  const auto reply = demand(
      transport.post(url_, "application/pkcs7-mime; smime-type=CMC-Request", message), "post");
  if (reply.status == 200) return reply.body;
  std::cerr << "HTTP " << reply.status << "\n";
  std::exit(1);
}

}  // namespace signet::bench
