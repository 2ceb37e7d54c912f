// The headline figure: processor time of the whole server per enrollment, divided by the crypto
// limit, over kept-alive TLS with durable commits. One run measures both.
//
//   signet_bench_server [ec:p256|rsa:2048] [enrollments] [connections]
//   [signing|secret|challenge] [pending]
//
// signing: a user's certificate signs the message, each key its request. secret: nobody has a
// certificate; each key signs message and request, with identityProofV2 and popLinkWitnessV2.
// challenge: each key only decrypts, and proves itself in two rounds, while so many other
// challenges are pending in the store.
// Needs signet and signetd on PATH. Prints one line of JSON.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "adapters/files/file.h"
#include "adapters/http/transport.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "base/encoding.h"
#include "client/answer_challenge.h"
#include "crypto_limit.h"
#include "support/loopback_listener.h"
#include "support/temporary_folder.h"

namespace signet::bench {
namespace {

namespace fs = std::filesystem;
using Stopwatch = std::chrono::steady_clock;

template <typename T>
T demand(Result<T> result, std::string_view what) {
  if (result.ok()) return std::move(result).value();
  std::cerr << what << ": " << result.error().detail << "\n";
  std::exit(1);
}

void shell(const std::string& command) {
  if (std::system(command.c_str()) == 0) return;
  std::cerr << "failed: " << command << "\n";
  std::exit(1);
}

pkix::Certificate certificate_in(const fs::path& file) {
  const auto pem = demand(files::read_file(file), "certificate");
  const auto blocks = demand(from_pem(as_text(pem)), "certificate");
  return demand(pkix::read_certificate(blocks.front().octets), "certificate");
}

/// A server of our own in a temporary folder, with one user enrolled.
class Trial {
 public:
  explicit Trial(const std::string& key) : port_(test::free_port()) {
    const auto ca = folder_.path().string();
    shell("signet ca init --directory " + ca + " --subject 'CN=Bench CA,O=Example' --key " + key +
          " --host localhost --address 127.0.0.1 --port " + std::to_string(port_) +
          " --agent 'CN=Bench Agent,O=Example' --profiles " SIGNET_SOURCE_DIR "/profiles" +
          store() + " > /dev/null");
    shell("signet secret create '" + std::string(kIdentification) + "' --directory " + ca +
          " --subject '" + kUser + "' --uses 0 --out " + ca + "/user.secret > /dev/null 2>&1");
    start();
    shell("signet enroll --url " + url("") + " --ca " + ca + "/ca.pem --signer " + ca +
          "/agent.pem --signer-key " + ca + "/agent.key --subject '" + kUser + "' --key " + key +
          " --output " + ca + "/user > /dev/null 2>&1");
  }
  ~Trial() {
    kill(server_, SIGTERM);
    waitpid(server_, nullptr, 0);
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  static constexpr const char* kUser = "CN=Bench User,O=Example";
  static constexpr const char* kIdentification = "bench";
  [[nodiscard]] fs::path file(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "https://localhost:" + std::to_string(port_) + path;
  }
  [[nodiscard]] std::unique_ptr<http::Transport> connect() const {
    http::TransportSettings settings;
    settings.ca_file = file("ca.pem");
    settings.client_certificate_file = file("user/certificate.pem");
    settings.client_key_file = file("user/key.pem");
    return demand(http::Transport::open(std::move(settings)), "transport");
  }
  /// Nanoseconds that all threads of the server have run.
  [[nodiscard]] double cpu_nanoseconds() const {
    double total = 0;
    for (const auto& thread :
         fs::directory_iterator("/proc/" + std::to_string(server_) + "/task")) {
      std::ifstream schedstat(thread.path() / "schedstat");
      double ran = 0;
      if (schedstat >> ran) total += ran;
    }
    return total;
  }

 private:
  /// SIGNET_STORE: the URI of an empty PostgreSQL schema; not set: SQLite.
  static std::string store() {
    const char* const uri = std::getenv("SIGNET_STORE");
    return uri == nullptr ? "" : " --store '" + std::string(uri) + "'";
  }
  void start() {
    server_ = fork();
    if (server_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // however this program ends
      const auto configuration = file("signetd.toml").string();
      execlp("signetd", "signetd", "--config", configuration.c_str(), nullptr);
      _exit(127);
    }
    http::TransportSettings settings;
    settings.ca_file = file("ca.pem");
    const auto transport = demand(http::Transport::open(std::move(settings)), "transport");
    for (int i = 0; i < 100; ++i) {
      const auto reply = transport->fetch(url("/healthz"));
      if (reply.ok() && reply->status == 200) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    std::cerr << "signetd does not answer\n";
    std::exit(1);
  }

  test::TemporaryFolder folder_;
  int port_;
  pid_t server_ = -1;
};

/// How requester and key prove themselves.
enum class Way { signing, secret, challenge };

/// One enrollment on its way: the key, and the message that asks for its certificate.
struct Enrollment {
  std::unique_ptr<crypto::PrivateKey> key;
  client::SentRequest sent;
};

/// The user who signs, and whom it trusts.
class User {
 public:
  explicit User(const Trial& trial)
      : certificate_(certificate_in(trial.file("user/certificate.pem"))),
        key_(demand(crypto::read_private_key(
                        demand(files::read_file(trial.file("user/key.pem")), "key"), SecretBytes()),
                    "key")),
        secret_(demand(files::read_passphrase_file(trial.file("user.secret")), "secret")),
        trust_(demand(proof::Trust::make({certificate_in(trial.file("ca.pem"))}, {}), "trust")) {}

  [[nodiscard]] Enrollment ask(const std::string& kind, Way way) const {
    auto key = demand(crypto::generate_private_key(kind), "key");
    if (way == Way::secret) {
      auto sent = ask_by_secret(*key);
      return {std::move(key), std::move(sent)};
    }
    const auto possession = way == Way::challenge ? client::ShowPossession::by_challenge
                                                  : client::ShowPossession::by_signature;
    auto request = demand(client::make_certification_request({.subject = certificate_->subject,
                                                              .subject_alt_names = {},
                                                              .extensions = {},
                                                              .key = *key,
                                                              .possession = possession}),
                          "request");
    auto sent = sign({{client::RequestForm::pkcs10, std::move(request)}}, nullptr);
    return {std::move(key), std::move(sent)};
  }

  /// The second message, to the challenge in this answer.
  [[nodiscard]] client::SentRequest answer(const Enrollment& asked, ByteView response) const {
    const auto checked = demand(
        client::read_response(response, asked.sent, trust_, SystemClock().now()), "response");
    auto answered = demand(client::answer_challenge(checked.challenges.at(0), asked.sent,
                                                    *asked.key, crypto::system_random()),
                           "challenge");
    const client::Continuation continues{
        asked.sent, checked.sender_nonce, checked.request_id, {std::move(answered)}};
    return sign({}, &continues);
  }

 private:
  [[nodiscard]] client::SentRequest ask_by_secret(const crypto::PrivateKey& key) const {
    auto& random = crypto::system_random();
    const client::SecretHolder holder{Trial::kIdentification, secret_};
    const auto link = demand(client::make_link_random(random), "random");
    auto request = demand(
        client::make_certification_request(
            {.subject = certificate_->subject,
             .subject_alt_names = {},
             .extensions = {},
             .key = key,
             .link_witness = demand(
                 client::make_link_witness(holder, link, client::LinkKey::of_secret), "witness")}),
        "request");
    return demand(client::make_secret_request(
                      {.requests = {{client::RequestForm::pkcs10, std::move(request)}},
                       .data_return = std::nullopt,
                       .more_controls = {},
                       .key = key,
                       .holder = holder,
                       .link_random = link},
                      random),
                  "message");
  }

  [[nodiscard]] client::SentRequest sign(std::vector<client::RequestItem> requests,
                                         const client::Continuation* continues) const {
    return demand(client::make_full_request({.requests = std::move(requests),
                                             .data_return = std::nullopt,
                                             .more_controls = {},
                                             .signer = certificate_,
                                             .signer_key = *key_,
                                             .chain = {},
                                             .continues = continues},
                                            crypto::system_random()),
                  "message");
  }

  pkix::Certificate certificate_;
  std::unique_ptr<crypto::PrivateKey> key_;
  SecretBytes secret_;
  proof::Trust trust_;
};

/// User-signed requests, each for a fresh key, made before the clock starts.
std::vector<Enrollment> make_requests(const User& user, const std::string& kind, Way way,
                                      std::size_t count) {
  std::vector<Enrollment> requests(count);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (auto i = next++; i < count; i = next++) requests[i] = user.ask(kind, way);
  };
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < 2; ++i) workers.emplace_back(work);
  for (auto& worker : workers) worker.join();
  return requests;
}

Bytes post(http::Transport& transport, const std::string& url, ByteView message) {
  const auto reply = demand(
      transport.post(url, "application/pkcs7-mime; smime-type=CMC-Request", message), "post");
  if (reply.status == 200) return reply.body;
  std::cerr << "HTTP " << reply.status << "\n";
  std::exit(1);
}

/// Milliseconds of each enrollment, in no order.
std::vector<double> send_all(const Trial& trial, const User& user,
                             std::span<const Enrollment> requests, Way way,
                             std::size_t connections) {
  const auto url = trial.url(
      way == Way::challenge ? "/cmc?profileId=caFullCMCUserSignedEncryptionCert" : "/cmc");
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::vector<double> latencies;
  const auto work = [&] {
    const auto transport = trial.connect();
    std::vector<double> own;
    for (auto i = next++; i < requests.size(); i = next++) {
      const auto before = Stopwatch::now();
      const auto response = post(*transport, url, requests[i].sent.octets);
      if (way == Way::challenge) post(*transport, url, user.answer(requests[i], response).octets);
      own.push_back(std::chrono::duration<double, std::milli>(Stopwatch::now() - before).count());
    }
    const std::lock_guard lock(mutex);
    latencies.insert(latencies.end(), own.begin(), own.end());
  };
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < connections; ++i) workers.emplace_back(work);
  for (auto& worker : workers) worker.join();
  return latencies;
}

/// Challenges that nobody answers, put into the store beside the server.
void add_pending(const Trial& trial, std::size_t count) {
  constexpr std::size_t kInOneBatch = 1000;
  const auto engine = demand(sqlite::SqliteEngine::open(trial.file("store.db")), "store");
  audit::MemoryJournal journal;
  const auto now = SystemClock().now();
  for (std::size_t done = 0; done < count; done += kInOneBatch) {
    std::vector<store::Commit> commits(std::min(kInOneBatch, count - done));
    std::vector<const store::Commit*> batch;
    for (auto& commit : commits) {
      commit.challenge =
          store::PendingChallenge{.id = demand(crypto::system_random().octets(16), "random"),
                                  .requester_hash = Bytes(32, 1),
                                  .req_sequence = Bytes(500, 2),
                                  .sealed_seed = Bytes(61, 3),
                                  .profile_id = "caFullCMCUserSignedEncryptionCert",
                                  .transaction_id = Bytes(16, 4),
                                  .created_at = now,
                                  .expires_at = now + std::chrono::hours{1}};
      batch.push_back(&commit);
    }
    for (const auto& outcome : engine->apply(batch, journal)) {
      if (!outcome.durable()) std::exit(1);
    }
  }
}

double certificates_issued(const Trial& trial) {
  const auto reply = demand(trial.connect()->fetch(trial.url("/metrics")), "metrics");
  const std::string text(as_text(reply.body));
  const auto at = text.find("\nsignet_certificates_issued_total");
  return at == std::string::npos ? 0 : std::stod(text.substr(text.find(' ', at)));
}

double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

constexpr std::array<std::string_view, 3> kWays{"signing", "secret", "challenge"};

Way way_named(std::string_view name) {
  const auto found = std::find(kWays.begin(), kWays.end(), name);
  if (found != kWays.end()) return static_cast<Way>(found - kWays.begin());
  std::cerr << "signing, secret or challenge, not " << name << "\n";
  std::exit(2);
}

struct Measurement {
  std::string kind;
  std::size_t count;
  std::size_t connections;
  Way way;
  std::size_t pending;
};

int run(const Measurement& wanted) {
  const auto& [kind, count, connections, way, pending] = wanted;
  const auto limit_of = [way = way](const CryptoLimit& limit) {
    return way == Way::challenge ? limit.two_rounds() : limit.enrollment();
  };
  const auto before_limit = measure_crypto_limit(kind);
  const Trial trial(kind);
  const User user(trial);
  add_pending(trial, pending);
  const auto requests = make_requests(user, kind, way, count + connections);
  const std::span all(requests);
  send_all(trial, user, all.first(connections), way, connections);  // warm: one on each connection

  const auto issued = certificates_issued(trial);
  const auto cpu = trial.cpu_nanoseconds();
  const auto start = Stopwatch::now();
  const auto latencies = send_all(trial, user, all.subspan(connections), way, connections);
  const auto seconds = std::chrono::duration<double>(Stopwatch::now() - start).count();
  const auto cpu_each = (trial.cpu_nanoseconds() - cpu) / 1e3 / static_cast<double>(count);
  const auto granted = certificates_issued(trial) - issued;
  const auto after_limit = measure_crypto_limit(kind);
  const auto limit = (limit_of(before_limit) + limit_of(after_limit)) / 2;

  const nlohmann::ordered_json report = {
      {"key", kind},
      {"way", kWays[static_cast<std::size_t>(way)]},
      {"pending", pending},
      {"enrollments", count},
      {"granted", granted},
      {"connections", connections},
      {"per_second", static_cast<double>(count) / seconds},
      {"latency_ms", {{"p50", percentile(latencies, 0.5)}, {"p99", percentile(latencies, 0.99)}}},
      {"server_cpu_us", cpu_each},
      {"crypto_limit_us", limit},
      {"crypto",
       {{"make_public_key_us", after_limit.make_public_key},
        {"verify_us", after_limit.verify},
        {"sign_us", after_limit.sign},
        {"encrypt_us", after_limit.encrypt}}},
      {"ratio", cpu_each / limit},
  };
  std::cout << report.dump() << std::endl;
  return granted == static_cast<double>(count) ? 0 : 1;
}

}  // namespace
}  // namespace signet::bench

int main(int argc, char** argv) {
  using signet::bench::Way;
  const auto argument = [&](int at, const std::string& otherwise) {
    return argc > at ? std::string(argv[at]) : otherwise;
  };
  const auto kind = argument(1, "ec:p256");
  return signet::bench::run({kind, std::stoul(argument(2, kind == "ec:p256" ? "4000" : "400")),
                             std::stoul(argument(3, "16")),
                             signet::bench::way_named(argument(4, "signing")),
                             std::stoul(argument(5, "0"))});
}
