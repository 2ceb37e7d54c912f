// Enrolls without end at a given pace, and outlives the server: a message that got no answer is
// sent again until it gets one. For bench/soak and bench/flood.
//
//   signet_bench_load URL CA_PEM SIGNER_PEM SIGNER_KEY PER_SECOND THREADS SECONDS [GRANTED_FILE]
//
// PER_SECOND 0: as fast as it goes. GRANTED_FILE gets the serial number (hexadecimal) of each
// certificate that was granted, one a line, as soon as it was. Each answer is checked as a client
// checks it. Prints one line of JSON: what was granted, how long it took from the first sending to
// the answer, and every trouble by its words, with the seconds (from the start) in which it was
// met.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "adapters/files/file.h"
#include "adapters/http/transport.h"
#include "base/encoding.h"
#include "client/read_response.h"

namespace signet::bench {
namespace {

using Stopwatch = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds kBeforeNextTry{50};
constexpr std::chrono::seconds kPatience{60};  // in which a message must get its answer

template <typename T>
T demand(Result<T> result, std::string_view what) {
  if (result.ok()) return std::move(result).value();
  std::cerr << what << ": " << result.error().detail << "\n";
  std::exit(1);
}

pkix::Certificate certificate_in(const std::string& file) {
  const auto pem = demand(files::read_file(file), "certificate");
  const auto blocks = demand(from_pem(as_text(pem)), "certificate");
  return demand(pkix::read_certificate(blocks.front().octets), "certificate");
}

struct Wanted {
  std::string url;
  std::string ca_file;
  std::string signer_file;
  std::string key_file;
  double per_second;
  std::size_t threads;
  double seconds;
  std::string granted_file;
};

/// What happened, of all threads.
class Account {
 public:
  explicit Account(const std::string& granted_file) {
    if (!granted_file.empty()) granted_.open(granted_file, std::ios::app);
  }
  void granted(const pkix::Certificate& certificate, Seconds took) {
    const std::lock_guard lock(mutex_);
    took_.push_back(took.count() * 1000);
    if (granted_.is_open()) granted_ << certificate->serial_number.to_hex() << std::endl;
  }
  void trouble(const std::string& words, Seconds at) {
    const std::lock_guard lock(mutex_);
    auto& met = troubles_[words];
    ++met.count;
    met.seconds.insert(static_cast<int>(at.count()));
  }
  void lost() { ++lost_; }

  [[nodiscard]] nlohmann::ordered_json report(Seconds took) {
    std::sort(took_.begin(), took_.end());
    const auto at = [&](double share) {
      if (took_.empty()) return 0.0;
      return took_[static_cast<std::size_t>(share * static_cast<double>(took_.size() - 1))];
    };
    auto troubles = nlohmann::ordered_json::object();
    for (const auto& [words, met] : troubles_) {
      troubles[words] = {{"count", met.count}, {"seconds", met.seconds}};
    }
    return {
        {"granted", took_.size()}, {"per_second", static_cast<double>(took_.size()) / took.count()},
        {"p50_ms", at(0.5)},       {"p99_ms", at(0.99)},
        {"longest_ms", at(1)},     {"without_answer", lost_.load()},
        {"troubles", troubles}};
  }

 private:
  struct Met {
    std::size_t count = 0;
    std::set<int> seconds;
  };
  std::mutex mutex_;
  std::ofstream granted_;
  std::vector<double> took_;
  std::map<std::string, Met> troubles_;
  std::atomic<std::size_t> lost_{0};
};

class Client {
 public:
  Client(const Wanted& wanted, Account& account, Stopwatch::time_point start)
      : wanted_(wanted),
        account_(account),
        start_(start),
        signer_(certificate_in(wanted.signer_file)),
        signer_key_(demand(crypto::read_private_key(
                               demand(files::read_file(wanted.key_file), "key"), SecretBytes()),
                           "key")),
        trust_(demand(proof::Trust::make({certificate_in(wanted.ca_file)}, {}), "trust")) {}

  void enroll() {
    const auto sent = ask();
    const auto begin = Stopwatch::now();
    while (Stopwatch::now() - begin < kPatience) {
      if (const auto certificate = try_once(sent)) {
        return account_.granted(*certificate, Stopwatch::now() - begin);
      }
      std::this_thread::sleep_for(kBeforeNextTry);
    }
    account_.lost();
  }

 private:
  [[nodiscard]] client::SentRequest ask() const {
    const auto key = demand(crypto::generate_private_key("ec:p256"), "key");
    auto request = demand(
        client::make_certification_request(
            {.subject = signer_->subject, .subject_alt_names = {}, .extensions = {}, .key = *key}),
        "request");
    return demand(
        client::make_full_request({.requests = {{client::RequestForm::pkcs10, std::move(request)}},
                                   .data_return = std::nullopt,
                                   .more_controls = {},
                                   .signer = signer_,
                                   .signer_key = *signer_key_,
                                   .chain = {}},
                                  crypto::system_random()),
        "message");
  }

  std::optional<pkix::Certificate> try_once(const client::SentRequest& sent) {
    if (transport_ == nullptr) connect();
    const auto reply = transport_->post(
        wanted_.url + "/cmc", "application/pkcs7-mime; smime-type=CMC-Request", sent.octets);
    if (!reply.ok()) {
      transport_.reset();
      return trouble("no answer: " + std::string(to_text(reply.error().fault)));
    }
    if (reply->status != 200) return trouble("HTTP " + std::to_string(reply->status));
    const auto read = client::read_response(reply->body, sent, trust_, SystemClock().now());
    if (!read.ok()) return trouble("answer: " + read.error().detail);
    if (!read->success()) return trouble("refused: " + read->verdicts.front().text);
    return read->certificates.at(0);
  }
  std::nullopt_t trouble(const std::string& words) {
    account_.trouble(words, Stopwatch::now() - start_);
    return std::nullopt;
  }
  void connect() {
    http::TransportSettings settings;
    settings.ca_file = wanted_.ca_file;
    settings.client_certificate_file = wanted_.signer_file;
    settings.client_key_file = wanted_.key_file;
    transport_ = demand(http::Transport::open(std::move(settings)), "transport");
  }

  const Wanted& wanted_;
  Account& account_;
  const Stopwatch::time_point start_;
  const pkix::Certificate signer_;
  const std::unique_ptr<crypto::PrivateKey> signer_key_;
  const proof::Trust trust_;
  std::unique_ptr<http::Transport> transport_;
};

/// One thread's share of the load: a message is due at each of its beats, also while it is late.
void work(const Wanted& wanted, Account& account, Stopwatch::time_point start) {
  Client client(wanted, account, start);
  const Seconds beat(wanted.per_second > 0 ? static_cast<double>(wanted.threads) / wanted.per_second
                                           : 0.0);
  Seconds due(0);
  while (Stopwatch::now() - start < Seconds(wanted.seconds)) {
    if (wanted.per_second > 0) {
      std::this_thread::sleep_until(start + std::chrono::duration_cast<Stopwatch::duration>(due));
      due += beat;
    }
    client.enroll();
  }
}

int run(const Wanted& wanted) {
  Account account(wanted.granted_file);
  const auto start = Stopwatch::now();
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < wanted.threads; ++i) {
    threads.emplace_back([&] { work(wanted, account, start); });
  }
  for (auto& thread : threads) thread.join();
  std::cout << account.report(Stopwatch::now() - start).dump() << std::endl;
  return 0;
}

}  // namespace
}  // namespace signet::bench

int main(int argc, char** argv) {
  if (argc < 8) {
    std::cerr << "signet_bench_load URL CA_PEM SIGNER_PEM SIGNER_KEY PER_SECOND THREADS SECONDS "
                 "[GRANTED_FILE]\n";
    return 2;
  }
  return signet::bench::run({argv[1], argv[2], argv[3], argv[4], std::stod(argv[5]),
                             std::stoul(argv[6]), std::stod(argv[7]), argc > 8 ? argv[8] : ""});
}
