#include "adapters/ldap/directory_connection.h"

#include <cstdio>

namespace signet::ldap {
namespace {

/// What the library knows beyond its answer: what was wrong with a certificate, for one.
std::string diagnosis(LDAP* handle) {
  char* text = nullptr;
  if (handle == nullptr ||
      ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text) != LDAP_OPT_SUCCESS ||
      text == nullptr) {
    return "";
  }
  const std::string words = *text == '\0' ? "" : " (" + std::string(text) + ")";
  ldap_memfree(text);
  return words;
}

Error unreachable(LDAP* handle, const DirectorySettings& settings, const char* step, int answer) {
  return {Fault::directory_unreachable,
          settings.uri + ": " + step + ": " + ldap_err2string(answer) + diagnosis(handle)};
}

timeval to_timeval(std::chrono::seconds seconds) {
  return {static_cast<time_t>(seconds.count()), 0};
}

bool set_options(LDAP* handle, const DirectorySettings& settings) {
  const int version = LDAP_VERSION3;
  const int demand = LDAP_OPT_X_TLS_DEMAND;
  const int as_client = 0;
  const auto timeout = to_timeval(settings.timeout);
  const auto set = [&](int option, const void* value) {
    return ldap_set_option(handle, option, value) == LDAP_OPT_SUCCESS;
  };
  if (!set(LDAP_OPT_PROTOCOL_VERSION, &version) || !set(LDAP_OPT_NETWORK_TIMEOUT, &timeout) ||
      !set(LDAP_OPT_TIMEOUT, &timeout) || !set(LDAP_OPT_REFERRALS, LDAP_OPT_OFF)) {
    return false;
  }
  if (settings.plaintext) return true;
  return set(LDAP_OPT_X_TLS_CACERTFILE, settings.ca_file.c_str()) &&
         set(LDAP_OPT_X_TLS_REQUIRE_CERT, &demand) && set(LDAP_OPT_X_TLS_NEWCTX, &as_client);
}

/// Frees what a search gave.
struct FreeMessage {
  void operator()(LDAPMessage* message) const { ldap_msgfree(message); }
};
using Message = std::unique_ptr<LDAPMessage, FreeMessage>;

std::vector<std::string> values_of(LDAP* handle, LDAPMessage* entry, const std::string& attribute) {
  std::vector<std::string> values;
  berval** found = ldap_get_values_len(handle, entry, attribute.c_str());
  if (found == nullptr) return values;
  for (berval** value = found; *value != nullptr; ++value) {
    values.emplace_back((*value)->bv_val, (*value)->bv_len);
  }
  ldap_value_free_len(found);
  return values;
}

std::string dn_of(LDAP* handle, LDAPMessage* entry) {
  char* text = ldap_get_dn(handle, entry);
  std::string dn = text == nullptr ? "" : text;
  ldap_memfree(text);
  return dn;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool plain =
        octet > 0x1F && octet < 0x7F && c != '*' && c != '(' && c != ')' && c != '\\';
    if (plain) {
      safe += c;
      continue;
    }
    char hexadecimal[4];
    std::snprintf(hexadecimal, sizeof hexadecimal, "\\%02x", octet);
    safe += hexadecimal;
  }
  return safe;
}

Result<std::unique_ptr<DirectoryConnection>> DirectoryConnection::open(
    const DirectorySettings& settings) {
  LDAP* raw = nullptr;
  const int made = ldap_initialize(&raw, settings.uri.c_str());
  Handle handle(raw);
  if (made != LDAP_SUCCESS) return unreachable(nullptr, settings, "address", made);
  if (!set_options(raw, settings))
    return unreachable(raw, settings, "TLS settings", LDAP_PARAM_ERROR);
  const bool is_ldaps = settings.uri.starts_with("ldaps://");
  if (!is_ldaps && !settings.plaintext) {
    const int started = ldap_start_tls_s(raw, nullptr, nullptr);
    if (started != LDAP_SUCCESS) return unreachable(raw, settings, "StartTLS", started);
  }
  berval password{settings.bind_password.size(),
                  const_cast<char*>(settings.bind_password.text().data())};
  const int bound = ldap_sasl_bind_s(raw, settings.bind_dn.c_str(), LDAP_SASL_SIMPLE, &password,
                                     nullptr, nullptr, nullptr);
  if (bound != LDAP_SUCCESS) return unreachable(raw, settings, "bind", bound);
  return std::unique_ptr<DirectoryConnection>(new DirectoryConnection(std::move(handle)));
}

Result<std::vector<Entry>> DirectoryConnection::find(const DirectorySettings& settings,
                                                     std::string_view uid) {
  const auto filter = "(" + settings.uid_attribute + "=" + escaped(uid) + ")";
  std::string attribute = settings.secret_attribute;
  char* wanted[] = {attribute.data(), nullptr};
  auto timeout = to_timeval(settings.timeout);
  constexpr int kTwo = 2;  // more than one is all that matters
  LDAPMessage* raw = nullptr;
  const int found =
      ldap_search_ext_s(handle_.get(), settings.base.c_str(), LDAP_SCOPE_SUBTREE, filter.c_str(),
                        wanted, 0, nullptr, nullptr, &timeout, kTwo, &raw);
  const Message message(raw);
  if (found == LDAP_NO_SUCH_OBJECT) return std::vector<Entry>{};
  if (found != LDAP_SUCCESS && found != LDAP_SIZELIMIT_EXCEEDED) {
    return unreachable(handle_.get(), settings, "search", found);
  }
  std::vector<Entry> entries;
  for (auto* entry = ldap_first_entry(handle_.get(), raw); entry != nullptr;
       entry = ldap_next_entry(handle_.get(), entry)) {
    entries.push_back({dn_of(handle_.get(), entry), values_of(handle_.get(), entry, attribute)});
  }
  return entries;
}

}  // namespace signet::ldap
