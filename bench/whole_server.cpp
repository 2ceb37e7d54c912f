// The headline figure: processor time of the whole server per certificate, divided by the crypto
// limit, over TLS with durable commits (or per look-up, of a certificate by getCert); then the
// latencies at 70 % of what it did, and its memory. One run measures all. `signet_bench_server
// --help`; needs signet and signetd on PATH. Prints one line of JSON.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <nlohmann/json.hpp>
#include <numeric>
#include <span>
#include <thread>

#include "adapters/sqlite/sqlite_engine.h"
#include "crypto_limit.h"
#include "filled_store.h"
#include "measured_load.h"
#include "requests.h"
#include "trial.h"

namespace signet::bench {
namespace {

using Stopwatch = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

constexpr double kShareOfMost = 0.7;
constexpr double kMegabyte = 1e6;

struct Measurement {
  std::string kind = "ec:p256";
  std::size_t messages = 4000;
  std::size_t connections = 16;
  Way way = Way::signing;
  std::size_t certificates = 0;  ///< others in the store
  std::size_t pending = 0;       ///< challenges that nobody answers, likewise
  bool handshakes = false;       ///< a connection of its own for each message
  std::size_t paced = 0;         ///< messages at 70 % of the most
  std::string keep;              ///< the authority's folder, kept for other runs
};

/// Each for fresh keys, made before the clock starts.
std::vector<Enrollment> make_messages(const Requester& requester, const std::string& kind,
                                      std::size_t count) {
  std::vector<Enrollment> messages(count);
  FreshKeys keys(kind, count * requester.keys_of_message());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (auto i = next++; i < count; i = next++) messages[i] = requester.ask(keys, i);
  };
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < 2; ++i) workers.emplace_back(work);
  for (auto& worker : workers) worker.join();
  return messages;
}

/// Puts into the store, beside the server, what others left there.
void furnish(const Trial& trial, const Measurement& wanted) {
  if (wanted.certificates + wanted.pending == 0 || !trial.is_new()) return;
  const auto engine = demand(sqlite::SqliteEngine::open(trial.file("store.db")), "store");
  fill(*engine, 1, wanted.certificates, store::CertificateStatus::valid, [&](std::uint64_t done) {
    std::cerr << "\rfilling: " << done << " of " << wanted.certificates << std::flush;
  });
  add_challenges(*engine, wanted.pending, SystemClock().now());
}

Json latencies(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  return {{"p50_ms", at(0.5)}, {"p99_ms", at(0.99)}, {"longest_ms", at(1)}};
}

constexpr std::array<const char*, 5> kWays{"signing", "secret", "challenge", "agent", "lookup"};

double limit_of(const CryptoLimit& limit, Way way) {
  if (way == Way::challenge) return limit.two_rounds();
  if (way == Way::agent) return limit.message_of(kRequestsOfAgent) / kRequestsOfAgent;
  if (way == Way::lookup) return limit.verify + limit.sign;
  return limit.message_of(1);
}

/// The crypto limit of one measurement, before and after it.
class Limits {
 public:
  explicit Limits(const Measurement& wanted) : wanted_(wanted) { measure(); }
  void measure() {
    last_ = measure_crypto_limit(wanted_.kind);
    alone_.push_back(limit_of(last_, wanted_.way));
    on_all_.push_back(limit_of(measure_crypto_limit_on_all_processors(wanted_.kind), wanted_.way));
  }
  [[nodiscard]] const CryptoLimit& last() const { return last_; }
  [[nodiscard]] double alone() const { return mean(alone_); }
  [[nodiscard]] double on_all_processors() const { return mean(on_all_); }

 private:
  static double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  }

  const Measurement& wanted_;
  CryptoLimit last_;
  std::vector<double> alone_;
  std::vector<double> on_all_;
};

int run(const Measurement& wanted) {
  Limits limits(wanted);
  const Trial trial(wanted.kind, wanted.keep);
  const Requester requester(trial, wanted.way, wanted.certificates);
  furnish(trial, wanted);
  const auto idle = trial.resident_octets();
  const auto messages =
      make_messages(requester, wanted.kind, wanted.connections + wanted.messages + wanted.paced);
  const std::span all(messages);
  MeasuredLoad load(trial, requester, {wanted.way, wanted.connections, wanted.handshakes});
  load.send(all.first(wanted.connections));  // warm: one on each connection

  const auto issued = trial.certificates_issued();
  const auto cpu = trial.cpu_nanoseconds();
  const auto start = Stopwatch::now();
  const auto took = load.send(all.subspan(wanted.connections, wanted.messages));
  const auto seconds = std::chrono::duration<double>(Stopwatch::now() - start).count();
  const auto cpu_used = (trial.cpu_nanoseconds() - cpu) / 1e3;
  const auto loaded = trial.resident_octets();
  const auto granted = wanted.way == Way::lookup ? static_cast<double>(took.size())
                                                 : trial.certificates_issued() - issued;
  const auto most = static_cast<double>(wanted.messages) / seconds;
  auto paced = Json(nullptr);
  if (wanted.paced > 0) {
    paced = latencies(load.send(all.last(wanted.paced), kShareOfMost * most));
    paced["messages_per_second"] = kShareOfMost * most;
  }
  limits.measure();
  const auto each = cpu_used / granted;

  const Json report = {
      {"key", wanted.kind},
      {"way", kWays.at(static_cast<std::size_t>(wanted.way))},
      {"tls", wanted.handshakes ? "a handshake each" : "kept alive"},
      {"certificates", wanted.certificates},
      {"pending", wanted.pending},
      {"connections", wanted.connections},
      {"granted", granted},
      {"per_second", granted / seconds},
      {"latency", latencies(took)},
      {"at_70_percent", paced},
      {"memory_mb", {{"idle", idle / kMegabyte}, {"loaded", loaded / kMegabyte}}},
      {"crypto",
       {{"make_public_key_us", limits.last().make_public_key},
        {"verify_us", limits.last().verify},
        {"sign_us", limits.last().sign},
        {"encrypt_us", limits.last().encrypt}}},
      {"server_cpu_us", each},
      {"crypto_limit_us", limits.alone()},
      {"ratio", each / limits.alone()},
      {"crypto_limit_on_all_processors_us", limits.on_all_processors()},
      {"ratio_on_all_processors", each / limits.on_all_processors()},
  };
  std::cout << report.dump() << std::endl;
  const auto asked = wanted.messages * (wanted.way == Way::agent ? kRequestsOfAgent : 1);
  return granted == static_cast<double>(asked) ? 0 : 1;
}

}  // namespace
}  // namespace signet::bench

int main(int argc, char** argv) {
  using signet::bench::kWays;
  using signet::bench::Way;
  signet::bench::Measurement wanted;
  std::string way = kWays.front();
  CLI::App app("What the whole server costs, beside its cryptography alone.");
  app.add_option("key", wanted.kind, "of everybody")->check(CLI::IsMember({"ec:p256", "rsa:2048"}));
  app.add_option("--messages", wanted.messages, "as fast as it goes")->capture_default_str();
  app.add_option("--connections", wanted.connections, "at once")->capture_default_str();
  app.add_option("--way", way, "who asks, and how the key is proved")
      ->check(CLI::IsMember(std::vector<std::string>(kWays.begin(), kWays.end())))
      ->capture_default_str();
  app.add_option("--certificates", wanted.certificates, "others in the store (SQLite)");
  app.add_option("--pending", wanted.pending, "other challenges in the store (SQLite)");
  app.add_flag("--handshakes", wanted.handshakes, "a connection of its own for each message");
  app.add_option("--keep", wanted.keep,
                 "the authority's folder; the same in another run: nothing is filled again");
  app.add_option("--paced", wanted.paced, "messages more, at 70 % of the most");
  CLI11_PARSE(app, argc, argv);
  wanted.way = static_cast<Way>(std::find(kWays.begin(), kWays.end(), way) - kWays.begin());
  return signet::bench::run(wanted);
}
