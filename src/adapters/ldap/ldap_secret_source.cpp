#include "adapters/ldap/ldap_secret_source.h"

#include "crypto/digest.h"

namespace signet::ldap {
namespace {

constexpr std::size_t kMostIdle = 8;

/// Another value, or the same one in another entry, is another secret.
Bytes token_id(const Entry& entry, const std::string& value) {
  Bytes named = to_bytes(entry.dn);
  named.push_back(0);
  append(named, as_bytes(value));
  return crypto::sha256(named);
}

Error no_single_secret(std::string why) {
  return {Fault::unknown_identity, "directory: " + std::move(why)};
}

}  // namespace

LdapSecretSource::LdapSecretSource(DirectorySettings settings, Protection protection,
                                   std::size_t uses_allowed, std::string decoy)
    : settings_(std::move(settings)),
      protection_(std::move(protection)),
      uses_allowed_(uses_allowed),
      decoy_(std::move(decoy)) {}

Result<std::unique_ptr<LdapSecretSource>> LdapSecretSource::make(DirectorySettings settings,
                                                                 Protection protection,
                                                                 std::size_t uses_allowed) {
  auto& random = crypto::system_random();
  const auto public_key = TRY(crypto::PublicKey::from(protection.key->public_key_info()));
  const SecretBytes nobodys{TRY(random.octets(16))};
  auto decoy = TRY(proof::wrap_secret(nobodys, public_key, random, protection.transport));
  return std::unique_ptr<LdapSecretSource>(new LdapSecretSource(
      std::move(settings), std::move(protection), uses_allowed, std::move(decoy)));
}

/// While the key is in a token that is away, nobody is told who has no secret either.
Result<std::optional<proof::SharedSecret>> LdapSecretSource::nobody() const {
  const auto opened = proof::unwrap_secret(decoy_, *protection_.key, protection_.transport);
  if (!opened.ok() && opened.error().fault == Fault::token_failed) return opened.error();
  return std::optional<proof::SharedSecret>();
}

std::unique_ptr<DirectoryConnection> LdapSecretSource::take_idle() const {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void LdapSecretSource::give_back(std::unique_ptr<DirectoryConnection> connection) const {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(connection));
}

Result<std::vector<Entry>> LdapSecretSource::search(std::string_view identification) const {
  const auto begin = Patience::Clock::now();
  if (!patience_.may_ask(begin)) {
    return Error{Fault::directory_unreachable,
                 settings_.uri + ": it did not answer in time a moment ago and is left alone"};
  }
  auto entries = ask(identification);
  const auto end = Patience::Clock::now();
  const bool was_left_waiting = !entries.ok() && end - begin >= settings_.timeout;
  was_left_waiting ? patience_.was_left_waiting(end) : patience_.was_answered();
  return entries;
}

Result<std::vector<Entry>> LdapSecretSource::ask(std::string_view identification) const {
  const DirectoryConnection::Question question{
      .base = settings_.base,
      .filter = "(" + settings_.uid_attribute + "=" + escaped(identification) + ")",
      .attribute = settings_.secret_attribute};
  // Those at rest may all have died with the directory: the first failure says nothing yet.
  if (auto connection = take_idle()) {
    auto entries = connection->find(question);
    if (entries.ok()) {
      give_back(std::move(connection));
      return entries;
    }
    const std::lock_guard lock(mutex_);
    idle_.clear();
  }
  auto connection = TRY(DirectoryConnection::open(settings_));
  auto entries = TRY(connection->find(question));
  give_back(std::move(connection));
  return entries;
}

Result<std::optional<proof::SharedSecret>> LdapSecretSource::find(
    std::string_view identification) const {
  const auto entries = TRY(search(identification));
  if (entries.empty()) return nobody();
  if (entries.size() > 1) {
    return no_single_secret("more than one entry has " + settings_.uid_attribute + "=" +
                            std::string(identification));
  }
  const auto& entry = entries.front();
  if (entry.values.empty()) return nobody();
  if (entry.values.size() > 1) {
    return no_single_secret(entry.dn + " has " + settings_.secret_attribute + " more than once");
  }
  auto secret = proof::unwrap_secret(entry.values.front(), *protection_.key, protection_.transport);
  if (!secret.ok() && secret.error().fault == Fault::token_failed) return secret.error();
  if (!secret.ok()) return no_single_secret(entry.dn + ": " + secret.error().detail);
  return std::optional{proof::SharedSecret{.octets = std::move(*secret),
                                           .token_id = token_id(entry, entry.values.front()),
                                           .subject = entry.dn,
                                           .expires_at = std::nullopt,
                                           .uses_allowed = uses_allowed_,
                                           .any_spelling = true}};
}

}  // namespace signet::ldap
