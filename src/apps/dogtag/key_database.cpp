#include "apps/dogtag/key_database.h"

#include <algorithm>
#include <cstdlib>

#include "apps/signet/answer.h"
#include "base/encoding.h"

namespace signet::dogtag {
namespace {

std::string real_folder(std::string_view folder) {
  if (folder.starts_with("sql:")) folder.remove_prefix(4);
  const char* home = std::getenv("HOME");
  if (folder.starts_with("~/") && home != nullptr) return home + std::string(folder.substr(1));
  return std::string(folder.empty() ? "." : folder);
}

bool is_internal(std::string_view token) {
  const auto lower = lower_case(token);
  return lower.empty() || lower == "internal" || lower == "internal key storage token";
}

Error not_there(const std::string& nickname, const std::vector<pkcs11::NamedCertificate>& all) {
  std::string names;
  for (const auto& named : all) names += (names.empty() ? "" : ", ") + named.nickname;
  return {Fault::certificate_not_found,
          "no certificate with the nickname '" + nickname + "'; " +
              (names.empty() ? "the database holds none at all" : "there are: " + names)};
}

}  // namespace

Result<KeyDatabase> KeyDatabase::open(const DatabasePlace& place, const Console& console) {
  const auto token = is_internal(place.token) ? std::string() : place.token;
  return KeyDatabase{TRY(console.open_token(real_folder(place.folder), token, place.password))};
}

Result<pkcs11::NamedCertificate> KeyDatabase::find_named(const std::string& nickname,
                                                         bool with_key) {
  const auto found = TRY(token_->certificates(nickname));
  if (found.empty() || nickname.empty()) return not_there(nickname, TRY(token_->certificates("")));
  if (!with_key) return found.front();
  const auto newest =
      std::find_if(found.begin(), found.end(), [](const auto& named) { return named.has_key; });
  if (newest != found.end()) return *newest;
  return Error{Fault::certificate_not_found,
               "the certificate '" + nickname + "' has no private key here, so it cannot sign"};
}

Result<tool::Signer> KeyDatabase::find_signer(const std::string& nickname) {
  auto named = TRY(find_named(nickname, true));
  tool::Signer signer{std::move(named.certificate), {}, nullptr};
  signer.key = TRY(token_->find_key_of(signer.certificate->subject_public_key_info));
  signer.chain = tool::issuers_of(signer.certificate, TRY(certificates()));
  return signer;
}

Result<pkix::Certificate> KeyDatabase::find_certificate(const std::string& nickname) {
  auto named = TRY(find_named(nickname, false));
  return std::move(named.certificate);
}

Result<std::vector<pkix::Certificate>> KeyDatabase::certificates() {
  std::vector<pkix::Certificate> certificates;
  for (auto& named : TRY(token_->certificates(""))) {
    certificates.push_back(std::move(named.certificate));
  }
  return certificates;
}

Result<std::unique_ptr<crypto::PrivateKey>> KeyDatabase::find_key(const Bytes& key_id) {
  return token_->find_key({.label = "", .id = key_id});
}

Result<std::unique_ptr<crypto::PrivateKey>> KeyDatabase::find_key_of(
    const pkix::SubjectPublicKeyInfo& key) {
  return token_->find_key_of(key);
}

Result<SecretBytes> KeyDatabase::export_key(const pkix::SubjectPublicKeyInfo& key) {
  return token_->export_key(key);
}

Result<std::vector<pkix::Certificate>> KeyDatabase::server_authorities() {
  return token_->server_authorities();
}

Result<std::unique_ptr<crypto::PrivateKey>> KeyDatabase::generate_key(std::string_view kind) {
  return token_->generate_key(kind, "");
}

}  // namespace signet::dogtag
