#include "adapters/ldap/directory_connection.h"

#include <openldap.h>

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

Error unreachable_at(LDAP* handle, const std::string& uri, const char* step, int answer) {
  return {Fault::directory_unreachable,
          uri + ": " + step + ": " + ldap_err2string(answer) + diagnosis(handle)};
}

bool is_ldaps(const std::string& uri) {
  return uri.starts_with("ldaps://");
}

timeval to_timeval(std::chrono::seconds seconds) {
  return {static_cast<time_t>(seconds.count()), 0};
}

bool set_options(LDAP* handle, const DirectoryAddress& address) {
  const int version = LDAP_VERSION3;
  const int demand = LDAP_OPT_X_TLS_DEMAND;
  const int as_client = 0;
  const auto timeout = to_timeval(address.timeout);
  const auto set = [&](int option, const void* value) {
    return ldap_set_option(handle, option, value) == LDAP_OPT_SUCCESS;
  };
  if (!set(LDAP_OPT_PROTOCOL_VERSION, &version) || !set(LDAP_OPT_NETWORK_TIMEOUT, &timeout) ||
      !set(LDAP_OPT_TIMEOUT, &timeout) || !set(LDAP_OPT_REFERRALS, LDAP_OPT_OFF)) {
    return false;
  }
  if (address.plaintext) return true;
  return set(LDAP_OPT_X_TLS_CACERTFILE, address.ca_file.c_str()) &&
         set(LDAP_OPT_X_TLS_REQUIRE_CERT, &demand) && set(LDAP_OPT_X_TLS_NEWCTX, &as_client);
}

struct FreeUrl {
  void operator()(LDAPURLDesc* url) const { ldap_free_urldesc(url); }
};

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

int operation_of(DirectoryConnection::Change change) {
  switch (change) {
    case DirectoryConnection::Change::add:
      return LDAP_MOD_ADD;
    case DirectoryConnection::Change::remove:
      return LDAP_MOD_DELETE;
    case DirectoryConnection::Change::replace:
      return LDAP_MOD_REPLACE;
  }
  return LDAP_MOD_REPLACE;
}

/// Modifications as the library takes them. They outlive this.
class Changes {
 public:
  explicit Changes(const std::vector<DirectoryConnection::Modification>& modifications)
      : items_(modifications.size()) {
    for (std::size_t at = 0; at < modifications.size(); ++at) fill(items_[at], modifications[at]);
    for (auto& item : items_) list_.push_back(&item.change);
    list_.push_back(nullptr);
  }
  Changes(const Changes&) = delete;
  Changes& operator=(const Changes&) = delete;

  LDAPMod** list() { return list_.data(); }

 private:
  struct Item {
    std::string attribute;
    std::vector<berval> values;
    std::vector<berval*> pointers;
    LDAPMod change{};
  };
  static void fill(Item& item, const DirectoryConnection::Modification& modification) {
    item.attribute = modification.attribute;
    for (const auto& value : modification.values) {
      item.values.push_back(
          {value.size(), reinterpret_cast<char*>(const_cast<std::uint8_t*>(value.data()))});
    }
    for (auto& value : item.values) item.pointers.push_back(&value);
    item.pointers.push_back(nullptr);
    item.change.mod_op = operation_of(modification.change) | LDAP_MOD_BVALUES;
    item.change.mod_type = item.attribute.data();
    item.change.mod_bvalues = item.pointers.data();
  }

  std::vector<Item> items_;
  std::vector<LDAPMod*> list_;
};

}  // namespace

bool names_one_directory(const std::string& uri) {
  const bool is_known = uri.starts_with("ldap://") || uri.starts_with("ldaps://");
  LDAPURLDesc* raw = nullptr;
  if (!is_known || uri.find_first_of(", ") != std::string::npos ||
      ldap_url_parse(uri.c_str(), &raw) != LDAP_URL_SUCCESS) {
    return false;
  }
  const std::unique_ptr<LDAPURLDesc, FreeUrl> url(raw);
  const auto is_absent = [](const char* part) { return part == nullptr || *part == '\0'; };
  return !is_absent(url->lud_host) && is_absent(url->lud_dn) && is_absent(url->lud_filter) &&
         url->lud_attrs == nullptr && url->lud_exts == nullptr;
}

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
    const DirectoryAddress& address, const std::stop_token& stop) {
  auto connection = TRY(connect(address, stop));
  if (!address.plaintext || is_ldaps(address.uri)) TRY(connection->start_tls(address));
  TRY(connection->bind(address));
  return connection;
}

Result<std::unique_ptr<DirectoryConnection>> DirectoryConnection::connect(
    const DirectoryAddress& address, const std::stop_token& stop) {
  auto socket = TRY(DirectorySocket::connect(address.uri, address.timeout, stop));
  LDAP* raw = nullptr;
  const int made = ldap_init_fd(socket.number(), LDAP_PROTO_TCP, address.uri.c_str(), &raw);
  if (made != LDAP_SUCCESS) return unreachable_at(nullptr, address.uri, "address", made);
  socket.take_number();
  std::unique_ptr<DirectoryConnection> connection(
      new DirectoryConnection(Handle(raw), socket.take_break_off(), address));
  if (!set_options(raw, address)) return connection->unreachable("TLS settings", LDAP_PARAM_ERROR);
  return connection;
}

Result<void> DirectoryConnection::start_tls(const DirectoryAddress& address) const {
  if (is_ldaps(address.uri)) {
    const int started = ldap_install_tls(handle_.get());
    if (started != LDAP_SUCCESS) return unreachable("TLS", started);
    return {};
  }
  const int started = ldap_start_tls_s(handle_.get(), nullptr, nullptr);
  if (started != LDAP_SUCCESS) return unreachable("StartTLS", started);
  return {};
}

Result<void> DirectoryConnection::bind(const DirectoryAddress& address) const {
  berval password{address.bind_password.size(),
                  const_cast<char*>(address.bind_password.text().data())};
  const int bound = ldap_sasl_bind_s(handle_.get(), address.bind_dn.c_str(), LDAP_SASL_SIMPLE,
                                     &password, nullptr, nullptr, nullptr);
  if (bound != LDAP_SUCCESS) return unreachable("bind", bound);
  return {};
}

Error DirectoryConnection::unreachable(const char* step, int code) const {
  return unreachable_at(handle_.get(), uri_, step, code);
}

Result<std::vector<Entry>> DirectoryConnection::find(const Question& question) {
  std::string attribute = question.attribute;
  char* wanted[] = {attribute.data(), nullptr};
  auto timeout = to_timeval(timeout_);
  constexpr int kTwo = 2;  // more than one is all that matters
  LDAPMessage* raw = nullptr;
  const int found =
      ldap_search_ext_s(handle_.get(), question.base.c_str(), LDAP_SCOPE_SUBTREE,
                        question.filter.c_str(), wanted, 0, nullptr, nullptr, &timeout, kTwo, &raw);
  const Message message(raw);
  if (found == LDAP_NO_SUCH_OBJECT) return std::vector<Entry>{};
  if (found != LDAP_SUCCESS && found != LDAP_SIZELIMIT_EXCEEDED) {
    return unreachable("search", found);
  }
  std::vector<Entry> entries;
  for (auto* entry = ldap_first_entry(handle_.get(), raw); entry != nullptr;
       entry = ldap_next_entry(handle_.get(), entry)) {
    entries.push_back({dn_of(handle_.get(), entry), values_of(handle_.get(), entry, attribute)});
  }
  // A limit of the directory's own: that no other entry matches is not said.
  if (found == LDAP_SIZELIMIT_EXCEEDED && entries.size() < std::size_t{kTwo}) {
    return unreachable("search", found);
  }
  return entries;
}

Result<DirectoryConnection::Answer> DirectoryConnection::modify(
    const std::string& dn, const std::vector<Modification>& modifications) {
  Changes changes(modifications);
  const int code = ldap_modify_ext_s(handle_.get(), dn.c_str(), changes.list(), nullptr, nullptr);
  return answer_to("modify", dn, code);
}

Result<DirectoryConnection::Answer> DirectoryConnection::add(
    const std::string& dn, const std::vector<Modification>& attributes) {
  Changes changes(attributes);
  const int code = ldap_add_ext_s(handle_.get(), dn.c_str(), changes.list(), nullptr, nullptr);
  return answer_to("add", dn, code);
}

Result<DirectoryConnection::Answer> DirectoryConnection::answer_to(const char* step,
                                                                   const std::string& dn,
                                                                   int code) const {
  const auto words = [&] {
    return dn + ": " + step + ": " + ldap_err2string(code) + diagnosis(handle_.get());
  };
  const bool is_the_librarys = code < 0;
  if (is_the_librarys) return unreachable(step, code);
  switch (code) {
    case LDAP_SUCCESS:
      return Answer{Verdict::made, ""};
    case LDAP_TYPE_OR_VALUE_EXISTS:
    case LDAP_NO_SUCH_ATTRIBUTE:
    case LDAP_ALREADY_EXISTS:
      return Answer{Verdict::made_before, words()};
    case LDAP_NO_SUCH_OBJECT:
      return Answer{Verdict::no_entry, words()};
    case LDAP_OBJECT_CLASS_VIOLATION:
      return Answer{Verdict::no_class, words()};
    case LDAP_BUSY:
    case LDAP_UNAVAILABLE:
    case LDAP_TIMELIMIT_EXCEEDED:
    case LDAP_ADMINLIMIT_EXCEEDED:
    case LDAP_OPERATIONS_ERROR:
    case LDAP_OTHER:  // a full disk, for one
      return unreachable(step, code);
    case LDAP_INSUFFICIENT_ACCESS:
    case LDAP_CONFIDENTIALITY_REQUIRED:
    case LDAP_STRONG_AUTH_REQUIRED:
    case LDAP_UNWILLING_TO_PERFORM:
    case LDAP_REFERRAL:
      return Error{Fault::not_allowed, uri_ + ": " + words()};
    default:
      return Answer{Verdict::refused, words()};
  }
}

}  // namespace signet::ldap
