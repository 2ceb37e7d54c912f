#include "trial.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "adapters/files/file.h"
#include "base/encoding.h"
#include "support/loopback_listener.h"

namespace signet::bench {
namespace {

namespace fs = std::filesystem;

void shell(const std::string& command) {
  if (std::system(command.c_str()) == 0) return;
  std::cerr << "failed: " << command << "\n";
  std::exit(1);
}

std::string store() {
  const char* const uri = std::getenv("SIGNET_STORE");
  return uri == nullptr ? "" : " --store '" + std::string(uri) + "'";
}

int port_in(const fs::path& file) {
  int port = 0;
  if (std::ifstream(file) >> port) return port;
  std::cerr << file << ": no port\n";
  std::exit(1);
}

}  // namespace

pkix::Certificate certificate_in(const fs::path& pem_file) {
  const auto pem = demand(files::read_file(pem_file), "certificate");
  const auto blocks = demand(from_pem(as_text(pem)), "certificate");
  return demand(pkix::read_certificate(blocks.front().octets), "certificate");
}

Trial::Trial(const std::string& key, const fs::path& kept)
    : folder_(kept.empty() ? temporary_.emplace().path() : kept),
      is_new_(!fs::exists(folder_ / "signetd.toml")),
      port_(is_new_ ? test::free_port() : port_in(file("port"))) {
  if (is_new_) make(key);
  start();
  if (is_new_) enroll_user(key);
}

void Trial::make(const std::string& key) {
  fs::create_directories(folder_);
  const auto ca = folder_.string();
  shell("signet ca init --directory " + ca + " --subject 'CN=Bench CA,O=Example' --key " + key +
        " --host localhost --address 127.0.0.1 --port " + std::to_string(port_) +
        " --agent 'CN=Bench Agent,O=Example' --profiles " SIGNET_SOURCE_DIR "/profiles" + store() +
        " > /dev/null");
  shell("signet secret create '" + std::string(kIdentification) + "' --directory " + ca +
        " --subject '" + kUser + "' --uses 0 --out " + ca + "/user.secret > /dev/null 2>&1");
  std::ofstream(file("port")) << port_;
}

void Trial::enroll_user(const std::string& key) {
  const auto ca = folder_.string();
  shell("signet enroll --url " + url("") + " --ca " + ca + "/ca.pem --signer " + ca +
        "/agent.pem --signer-key " + ca + "/agent.key --subject '" + kUser + "' --key " + key +
        " --output " + ca + "/user > /dev/null 2>&1");
}

Trial::~Trial() {
  kill(server_, SIGTERM);
  waitpid(server_, nullptr, 0);
}

std::unique_ptr<http::Transport> Trial::connect_as(const std::string& certificate,
                                                   const std::string& key) const {
  http::TransportSettings settings;
  settings.ca_file = file("ca.pem");
  settings.client_certificate_file = file(certificate);
  settings.client_key_file = file(key);
  return demand(http::Transport::open(std::move(settings)), "transport");
}

double Trial::cpu_nanoseconds() const {
  double total = 0;
  for (const auto& thread : fs::directory_iterator("/proc/" + std::to_string(server_) + "/task")) {
    std::ifstream schedstat(thread.path() / "schedstat");
    double ran = 0;
    if (schedstat >> ran) total += ran;
  }
  return total;
}

double Trial::resident_octets() const {
  std::ifstream statm("/proc/" + std::to_string(server_) + "/statm");
  double size = 0;
  double resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double Trial::certificates_issued() const {
  http::TransportSettings settings;
  settings.ca_file = file("ca.pem");
  const auto transport = demand(http::Transport::open(std::move(settings)), "transport");
  const auto reply = demand(transport->fetch(url("/metrics")), "metrics");
  const std::string text(as_text(reply.body));
  const auto at = text.find("\nsignet_certificates_issued_total");
  return at == std::string::npos ? 0 : std::stod(text.substr(text.find(' ', at)));
}

void Trial::start() {
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

}  // namespace signet::bench
