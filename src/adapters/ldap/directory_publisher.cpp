#include "adapters/ldap/directory_publisher.h"

#include <algorithm>
#include <array>

#include "codec/pkix/ascii.h"

namespace signet::ldap {
namespace {

using Change = DirectoryConnection::Change;
using Modification = DirectoryConnection::Modification;
using Verdict = DirectoryConnection::Verdict;

constexpr std::string_view kAuthorityClass = "pkiCA";

/// The structural class of an entry that is named by this attribute (RFC 4519, RFC 4524), with no
/// other attribute that it must have.
struct NamedClass {
  std::string_view attribute;
  std::string_view object_class;
};
constexpr std::array<NamedClass, 4> kClasses = {{{"cn", "applicationProcess"},
                                                 {"ou", "organizationalUnit"},
                                                 {"o", "organization"},
                                                 {"uid", "account"}}};

bool same_word(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return pkix::lower(a) == pkix::lower(b); });
}

Bytes octets_of(std::string_view text) {
  return to_bytes(as_bytes(text));
}

Error not_there(std::string why) {
  return {Fault::unknown_identity, "directory: " + std::move(why)};
}

Result<void> demand_made(const DirectoryConnection::Answer& answer) {
  if (answer.verdict == Verdict::made || answer.verdict == Verdict::made_before) return {};
  return not_there(answer.words);
}

}  // namespace

/// A connection at rest may have died with the directory. One that was just made and fails tells
/// that the directory is there, and that this question is not for it.
template <typename Ask>
auto DirectoryPublisher::ask(Ask question)
    -> decltype(question(std::declval<DirectoryConnection&>())) {
  if (connection_ != nullptr) {
    auto answer = question(*connection_);
    if (answer.ok() || answer.error().fault != Fault::directory_unreachable) return answer;
    connection_.reset();
  }
  connection_ = TRY(DirectoryConnection::open(address_, stop_.get_token()));
  auto answer = question(*connection_);
  if (answer.ok() || answer.error().fault != Fault::directory_unreachable) return answer;
  connection_.reset();
  if (is_broken_off()) return answer;
  return Error{Fault::busy, answer.error().detail};
}

Result<DirectoryPublisher::Answer> DirectoryPublisher::modify(const std::string& dn,
                                                              const Modifications& modifications) {
  return ask([&](DirectoryConnection& connection) { return connection.modify(dn, modifications); });
}

Result<std::string> DirectoryPublisher::user_entry(const pkix::Certificate& certificate) {
  if (!places_.users) return not_there("no entries of users are configured");
  auto text = TRY(places_.users->text_for(certificate));
  if (places_.base.empty()) return text;
  const DirectoryConnection::Question question{
      .base = places_.base, .filter = text, .attribute = "1.1"};  // no attribute: RFC 4511 §4.5.1.8
  const auto found =
      TRY(ask([&](DirectoryConnection& connection) { return connection.find(question); }));
  if (found.size() > 1) return not_there("several entries match " + text);
  return found.empty() ? std::string() : found.front().dn;
}

Result<void> DirectoryPublisher::publish(const pkix::Certificate& certificate) {
  const auto dn = TRY(user_entry(certificate));
  if (dn.empty()) return not_there("no entry matches " + TRY(places_.users->text_for(certificate)));
  return demand_made(
      TRY(modify(dn, {{Change::add, places_.certificate_attribute, {certificate.der}}})));
}

Result<void> DirectoryPublisher::withdraw(const pkix::Certificate& certificate) {
  if (!places_.users || !places_.users->text_for(certificate).ok()) return {};  // it never had one
  const auto dn = TRY(user_entry(certificate));
  if (dn.empty()) return {};
  const auto answer =
      TRY(modify(dn, {{Change::remove, places_.certificate_attribute, {certificate.der}}}));
  if (answer.verdict == Verdict::no_entry) return {};
  return demand_made(answer);
}

Result<void> DirectoryPublisher::publish_authority(
    const std::vector<pkix::Certificate>& authorities) {
  std::vector<Bytes> values;
  for (const auto& each : authorities) values.push_back(each.der);
  return replace(authorities.back(), places_.authority_attribute, std::move(values));
}

Result<void> DirectoryPublisher::publish_crls(const pkix::Certificate& authority,
                                              const std::vector<Bytes>& crls) {
  return replace(authority, places_.crl_attribute, crls);
}

Result<void> DirectoryPublisher::replace(const pkix::Certificate& authority,
                                         const std::string& attribute, std::vector<Bytes> values) {
  if (!places_.authority) return not_there("no entry of the authority is configured");
  const auto dn = TRY(places_.authority->text_for(authority));
  Modifications modifications{{Change::replace, attribute, std::move(values)}};
  auto answer = TRY(modify(dn, modifications));
  if (answer.verdict == Verdict::no_entry && places_.create_authority) {
    TRY(create(dn));
    answer = TRY(modify(dn, modifications));
  }
  if (answer.verdict == Verdict::no_class) {
    modifications.push_back({Change::add, "objectClass", {octets_of(kAuthorityClass)}});
    answer = TRY(modify(dn, modifications));
  }
  if (answer.verdict == Verdict::made) return {};
  return not_there(answer.words);
}

Result<void> DirectoryPublisher::create(const std::string& dn) {
  const auto named = TRY(naming_attribute(dn));
  const auto known = std::find_if(kClasses.begin(), kClasses.end(), [&](const auto& each) {
    return same_word(each.attribute, named.type);
  });
  if (known == kClasses.end()) {
    return not_there(dn + " is not there, and no entry is made that is named by " + named.type +
                     ": by CN, OU, O or UID one is");
  }
  const Modifications attributes{
      {Change::add, "objectClass", {octets_of(known->object_class), octets_of(kAuthorityClass)}},
      {Change::add, named.type, {octets_of(named.value)}}};
  return demand_made(
      TRY(ask([&](DirectoryConnection& connection) { return connection.add(dn, attributes); })));
}

}  // namespace signet::ldap
