#include "apps/signetd/directory_settings.h"

#include "adapters/files/file.h"
#include "apps/signetd/key_files.h"

namespace signet::server {
namespace {

Result<ldap::EntryPattern> pattern_of(const char* setting, const std::string& text,
                                      ldap::EntryPattern::Form form) {
  auto pattern = ldap::EntryPattern::parse(text, form);
  if (pattern.ok()) return pattern;
  return Error{pattern.error().fault,
               "[publishing] " + std::string(setting) + ": " + pattern.error().detail};
}

/// One entry for all would have them all.
Result<ldap::EntryPattern> user_pattern_of(const Configuration::Publishing& given) {
  const bool searches = !given.filter.empty();
  const auto* setting = searches ? "filter" : "user_dn";
  auto pattern = TRY(searches ? pattern_of(setting, given.filter, ldap::EntryPattern::Form::filter)
                              : pattern_of(setting, given.user_dn, ldap::EntryPattern::Form::dn));
  if (pattern.has_variables()) return pattern;
  return Error{Fault::bad_configuration,
               "[publishing] " + std::string(setting) +
                   " has no variable ($subj.UID): all certificates would be of one entry"};
}

Error bad_setting(const std::string& setting, const std::string& why) {
  return {Fault::bad_configuration, setting + ": " + why};
}

/// A wrong file is found before the directory is asked.
Result<void> check_vouching(const std::string& file) {
  const auto octets = TRY(files::read_file(file));
  if (as_text(octets).find("CERTIFICATE-----") != std::string_view::npos) return {};
  return bad_setting(file, "it holds no certificate (PEM) of who vouches for the directory");
}

}  // namespace

Result<ldap::DirectoryAddress> directory_address(const Configuration::Directory& given) {
  ldap::DirectoryAddress address{.uri = given.uri,
                                 .ca_file = given.ca,
                                 .plaintext = given.plaintext,
                                 .bind_dn = given.bind_dn,
                                 .bind_password = {},
                                 .timeout = std::chrono::seconds{given.timeout_seconds}};
  if (!ldap::names_one_directory(given.uri)) {
    return bad_setting("uri \"" + given.uri + "\"",
                       "one directory is named, as ldap://host[:port] or ldaps://host[:port]");
  }
  if (!given.plaintext) TRY(check_vouching(given.ca));
  if (!given.bind_password_file.empty()) {
    address.bind_password = TRY(read_passphrase(given.bind_password_file));
    // RFC 4513 §5.1.2: it would be let in as nobody.
    if (address.bind_password.empty()) {
      return bad_setting(given.bind_password_file, "the password is empty: it binds nobody");
    }
  }
  return address;
}

Result<ldap::PublishingPlaces> publishing_places(const Configuration::Publishing& given) {
  ldap::PublishingPlaces places;
  if (given.has_users()) places.users = TRY(user_pattern_of(given));
  places.base = given.base;
  if (!given.ca_dn.empty()) {
    places.authority = TRY(pattern_of("ca_dn", given.ca_dn, ldap::EntryPattern::Form::dn));
  }
  places.create_authority = given.create_ca_entry;
  places.certificate_attribute = given.certificate_attribute;
  places.authority_attribute = given.ca_certificate_attribute;
  places.crl_attribute = given.crl_attribute;
  return places;
}

Result<void> check_publishing(const Configuration::Publishing& given) {
  if (given.uri.empty()) return {};
  TRY(directory_address(given));
  TRY(publishing_places(given));
  return {};
}

}  // namespace signet::server
