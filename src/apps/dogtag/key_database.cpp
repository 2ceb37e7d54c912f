#include "apps/dogtag/key_database.h"

#include <algorithm>
#include <cstdlib>

#include "apps/dogtag/public_database.h"
#include "apps/exchange/received_answer.h"
#include "base/encoding.h"

namespace signet::dogtag {
namespace {

Result<std::string> real_folder(std::string_view folder) {
  if (folder.starts_with("dbm:")) {
    return wrong("'" + std::string(folder) +
                 "' is a database of the old kind (cert8.db, key3.db), which is not read: where "
                 "cert9.db and key4.db stand beside them, leave out dbm:; else certutil "
                 "--upgrade-merge makes those of it");
  }
  if (folder.starts_with("sql:")) folder.remove_prefix(4);
  const char* home = std::getenv("HOME");
  if (folder.starts_with("~/") && home != nullptr) return home + std::string(folder.substr(1));
  return std::string(folder.empty() ? "." : folder);
}

bool is_internal(std::string_view token) {
  const auto lower = lower_case(token);
  return lower.empty() || lower == "internal" || lower == "internal key storage token" ||
         lower == "nss certificate db";
}

/// "hsm" of "hsm:Alice"; nothing of "Alice".
std::string_view token_of_nickname(std::string_view nickname) {
  const auto colon = nickname.find(':');
  return colon == std::string_view::npos ? std::string_view() : nickname.substr(0, colon);
}

/// The label of the token that is meant; empty: the database itself.
std::string meant_token(const DatabasePlace& place, const std::string& folder,
                        const std::string& nickname) {
  if (!is_internal(place.token)) return place.token;
  const auto token = token_of_nickname(nickname);
  if (is_internal(token)) return {};
  const auto database = read_public_database(folder);
  const bool is_whole_name =
      database.ok() && std::ranges::any_of(database->certificates, [&](const auto& named) {
        return named.nickname == nickname;
      });
  return is_whole_name ? std::string() : std::string(token);
}

/// What the database or the token says when it cannot be opened, and what to do about it.
Error explained(Error error, const DatabasePlace& place, const std::string& folder,
                const std::string& token) {
  if (error.fault == Fault::decryption_failed && place.password.empty()) {
    error.detail = (token.empty() ? "the database in " + folder : "token \"" + token + "\"") +
                   " is protected by a password: " + std::string(place.password_advice);
  }
  if (error.fault != Fault::bad_configuration || token.empty()) return error;
  if (is_internal(place.token)) {
    error.detail += ", and the database in " + folder + " has no certificate of that nickname";
  }
  error.detail +=
      "; tokens are those of p11-kit's modules, not of modutil's: a file NAME.module in "
      "/etc/pkcs11/modules with the line 'module: <path>' adds one";
  return error;
}

}  // namespace

Result<DatabasePlace> read_place(const Options& options) {
  auto password = TRY(read_password(options));
  return DatabasePlace{options.text("-d", "."), options.text("-h"), std::move(password),
                       "give it with -p, or its file with -P"};
}

Result<KeyDatabase> KeyDatabase::open(const DatabasePlace& place, const Console& console,
                                      const std::string& nickname) {
  const auto folder = TRY(real_folder(place.folder));
  const auto token = meant_token(place, folder, nickname);
  auto opened = console.open_token(folder, token, place.password);
  if (!opened.ok()) return explained(opened.error(), place, folder, token);
  KeyDatabase database(*std::move(opened), token);
  if (token.empty()) return database;
  if (auto beside = read_public_database(folder); beside.ok()) {
    database.of_database_ = std::move(beside->certificates);
  }
  return database;
}

bool KeyDatabase::is_own(std::string_view token) const {
  return name_.empty() ? is_internal(token) : token == name_;
}

Error KeyDatabase::not_there(const std::string& nickname) {
  const auto all = token_->certificates("");
  if (!all.ok()) return all.error();
  std::string names;
  for (const auto& named : *all) names += (names.empty() ? "" : ", ") + named.nickname;
  const auto where = name_.empty() ? "the database" : "token \"" + name_ + "\"";
  auto detail =
      "no certificate with the nickname '" + nickname + "'; " +
      (names.empty() ? where + " holds none at all"
                     : (name_.empty() ? "" : "in " + where + " ") + "there are: " + names);
  const auto token = token_of_nickname(nickname);
  const bool of_this = token.empty() || is_own(token);
  if (!of_this) detail += "; a certificate of another token wants tokenname=" + std::string(token);
  const auto rest = of_this && !token.empty() ? nickname.substr(token.size() + 1) : nickname;
  if (std::ranges::any_of(of_database_, [&](const auto& one) { return one.nickname == rest; })) {
    detail += "; the NSS database has '" + rest +
              "', but a certificate that signs must stand where its key is: put it into the token, "
              "or name no token";
  }
  return {Fault::certificate_not_found, std::move(detail)};
}

Result<pkcs11::NamedCertificate> KeyDatabase::find_named(const std::string& nickname,
                                                         bool with_key) {
  if (nickname.empty()) return not_there(nickname);
  auto found = TRY(token_->certificates(nickname));
  const auto token = token_of_nickname(nickname);
  const auto rest = token.empty() ? std::string() : nickname.substr(token.size() + 1);
  if (found.empty() && !rest.empty() && is_own(token)) found = TRY(token_->certificates(rest));
  if (found.empty()) return not_there(nickname);
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
  std::vector<pkix::Certificate> pool;
  for (const auto& other : of_database_) pool.push_back(other.certificate);
  for (auto& other : TRY(token_->certificates(""))) pool.push_back(std::move(other.certificate));
  signer.chain = tool::issuers_of(signer.certificate, pool);
  return signer;
}

Result<pkix::Certificate> KeyDatabase::find_certificate(const std::string& nickname) {
  auto named = TRY(find_named(nickname, false));
  return std::move(named.certificate);
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

Result<std::vector<pkix::Certificate>> server_authorities(const DatabasePlace& place,
                                                          const Console& console,
                                                          const std::string& nickname) {
  const auto folder = TRY(real_folder(place.folder));
  const bool in_database = meant_token(place, folder, nickname).empty();
  if (in_database && !place.password.empty()) {
    return TRY(KeyDatabase::open(place, console, nickname)).server_authorities();
  }
  return TRY(read_public_database(folder)).server_authorities;
}

}  // namespace signet::dogtag
