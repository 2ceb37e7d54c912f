#pragma once

#include "adapters/ldap/directory_connection.h"
#include "adapters/ldap/entry_pattern.h"

namespace signet::ldap {

/// Where in a directory certificates and CRLs stand.
struct PublishingPlaces {
  /// The entries of those whose certificates are published: their DNs, or below `base` the one
  /// entry that a filter finds. None: no certificates but the authority's.
  std::optional<EntryPattern> users;
  std::string base;  ///< empty: `users` tells DNs
  /// The authority's own entry, from its certificate. None: neither its certificate nor CRLs.
  std::optional<EntryPattern> authority;
  bool create_authority = false;  ///< where it has no entry
  std::string certificate_attribute = "userCertificate;binary";
  std::string authority_attribute = "cACertificate;binary";
  std::string crl_attribute = "certificateRevocationList;binary";
};

/// Puts certificates and CRLs into a directory, as Dogtag's LdapUserCertPublisher,
/// LdapCaCertPublisher and LdapCrlPublisher do, and takes certificates out again. What is there or
/// gone already is as it was wanted. Opens no connection before it has something to tell; one that
/// died since is opened anew. One thread at a time. The process must ignore SIGPIPE.
///
/// Faults of all:
///   directory_unreachable   the directory is away
///   busy                    it is there, and gave no answer to this
///   not_allowed             it does not let us
///   unknown_identity        the certificate has no entry of its own there, or the entry cannot
///                           take it: no other try is worth while
class DirectoryPublisher {
 public:
  DirectoryPublisher(DirectoryAddress address, PublishingPlaces places)
      : address_(std::move(address)), places_(std::move(places)) {}

  /// Adds the certificate's value to its entry; others stay.
  Result<void> publish(const pkix::Certificate& certificate);
  /// Takes that value away, where its entry has it.
  Result<void> withdraw(const pkix::Certificate& certificate);
  /// Makes these the authority's certificates, and the CRLs in its entry these. The entry is the
  /// last one's, which issues now. Its object class pkiCA (RFC 4523) is added where that is wanted.
  Result<void> publish_authority(const std::vector<pkix::Certificate>& authorities);
  Result<void> publish_crls(const pkix::Certificate& authority, const std::vector<Bytes>& crls);

  /// For good, from any thread: what is under way, and whatever is asked later, ends at once as if
  /// the directory were away.
  void break_off() { stop_.request_stop(); }
  [[nodiscard]] bool is_broken_off() const { return stop_.stop_requested(); }

  [[nodiscard]] bool has_users() const { return places_.users.has_value(); }
  [[nodiscard]] bool has_authority() const { return places_.authority.has_value(); }

 private:
  using Answer = DirectoryConnection::Answer;
  using Modifications = std::vector<DirectoryConnection::Modification>;

  template <typename Ask>
  auto ask(Ask question) -> decltype(question(std::declval<DirectoryConnection&>()));
  /// Empty: there is none.
  Result<std::string> user_entry(const pkix::Certificate& certificate);
  Result<Answer> modify(const std::string& dn, const Modifications& modifications);
  Result<void> replace(const pkix::Certificate& authority, const std::string& attribute,
                       std::vector<Bytes> values);
  Result<void> create(const std::string& dn);

  DirectoryAddress address_;
  PublishingPlaces places_;
  std::stop_source stop_;
  std::unique_ptr<DirectoryConnection> connection_;
};

}  // namespace signet::ldap
