#include "apps/upkeep/awaited_certificate.h"

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/tool/file_pair.h"
#include "apps/tool/read_json.h"
#include "base/encoding.h"
#include "issuance/authority_certificates.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

std::string place(const std::string& directory) {
  return fs::path(directory) / "awaited.json";
}

std::string absolute(const std::string& path) {
  return path.empty() ? path : fs::absolute(path).string();
}

/// The command that installs the certificate may run elsewhere: paths are written in full.
Json awaited_to_json(const AwaitedCertificate& awaited) {
  const auto& wanted = awaited.wanted;
  return {{"subject", wanted.subject},
          {"key", wanted.key},
          {"hosts", wanted.hosts},
          {"address", wanted.address},
          {"port", wanted.port},
          {"agent", wanted.agent},
          {"store", wanted.store},
          {"profiles", absolute(wanted.profiles)},
          {"passphrase_file", absolute(wanted.passphrase_file)},
          {"token", wanted.token},
          {"key_file", fs::path(awaited.key_file).filename().string()},
          {"request_file", fs::path(awaited.request_file).filename().string()}};
}

AwaitedCertificate from_json(const std::string& directory, const Json& json) {
  AwaitedCertificate awaited;
  awaited.wanted = {.directory = directory,
                    .subject = json.at("subject"),
                    .key = json.at("key"),
                    .hosts = json.at("hosts"),
                    .address = json.at("address"),
                    .port = json.at("port"),
                    .agent = json.at("agent"),
                    .store = json.value("store", std::string()),
                    .profiles = json.at("profiles"),
                    .passphrase_file = json.at("passphrase_file"),
                    .token = json.at("token")};
  awaited.key_file = fs::path(directory) / json.at("key_file").get<std::string>();
  awaited.request_file = fs::path(directory) / json.at("request_file").get<std::string>();
  return awaited;
}

}  // namespace

bool awaits_certificate(const std::string& directory) {
  std::error_code ignored;
  return fs::exists(place(directory), ignored);
}

Result<void> remember(const AwaitedCertificate& awaited) {
  const auto text = awaited_to_json(awaited).dump(2) + "\n";
  return files::write_file(place(awaited.wanted.directory), as_bytes(text));
}

Result<AwaitedCertificate> recall(const std::string& directory) {
  if (!is_there(directory)) {
    return Error{Fault::bad_configuration,
                 directory + " is not there; --directory names the folder of an authority"};
  }
  if (!awaits_certificate(directory)) {
    return Error{Fault::bad_configuration,
                 directory +
                     " awaits no certificate: `signet ca init --subordinate` makes an authority "
                     "that does"};
  }
  const auto text = TRY(files::read_file(place(directory)));
  const auto json = read_json(as_text(text));
  if (!json.ok()) return Error{Fault::malformed, place(directory) + ": " + json.error().detail};
  try {
    return from_json(directory, *json);
  } catch (const Json::exception& error) {
    return Error{Fault::malformed, place(directory) + ": " + error.what()};
  }
}

Result<void> forget_awaited(const std::string& directory) {
  std::error_code error;
  fs::remove(place(directory), error);
  if (!error) return {};
  return Error{Fault::storage_failed, place(directory) + ": " + error.message()};
}

std::string stem_of_request(const std::string& request_file) {
  return fs::path(request_file).replace_extension().string();
}

Result<void> write_request(const std::string& file, const pkix::Name& subject,
                           const crypto::PrivateKey& key) {
  const auto request = TRY(issuance::make_subordinate_request(subject, key));
  return files::write_file(file, as_bytes(to_pem("CERTIFICATE REQUEST", request)));
}

}  // namespace signet::tool
