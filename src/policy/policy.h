#pragma once

#include <memory>
#include <optional>
#include <string>

#include "codec/crmf/crmf.h"
#include "policy/approve.h"
#include "policy/description.h"

namespace signet::policy {

/// What policies may look at: the request, who asks, the authority, the past and the time.
/// References live for one approval.
struct RequestFacts {
  /// Empty where the request's is. An agent's as asked for, but for ways of writing that no
  /// certificate may have, and so one that an agent in between gave; a user's own, octet for octet,
  /// whatever the request says; a new one as asked for.
  pkix::Name subject;
  bool renames = false;  ///< subject and SubjectAltName are new ones, by changeSubjectName
  const pkix::SubjectPublicKeyInfo& public_key_info;  ///< proven to be the requester's
  crypto::KeyKind key_kind;
  int key_bits = 0;
  // As asked for, by the request and by agents in between.
  pkix::Extensions extensions;                                 ///< each value well formed
  crmf::OptionalValidity validity;                             ///< no PKCS#10 itself asks for one
  std::optional<pkix::AlgorithmIdentifier> signing_algorithm;  ///< nor for this
  cmc::BodyPartID body_part_id;
  const std::string& profile_id;
  const std::string& set_id;
  /// The existing certificate that signed the message; null when the identity was proven otherwise.
  const pkix::Certificate* signer = nullptr;
  /// The name that a shared secret stands for; null when the identity was proven otherwise.
  const pkix::Name* secret_owner = nullptr;
  proof::Role role = proof::Role::user;
  const store::CertificateStore& store;
  const AuthorityFacts& authority;
  Time now;
  std::span<const ApprovedCertificate> before = {};  ///< in the message: on no record yet
};

/// Adds the extension, or puts it in the place of the one with the same extnID.
void set_extension(pkix::Extensions& extensions, pkix::Extension extension);

/// The certificate as the defaults fill it, one after the other.
struct CertificateDraft {
  pkix::Name subject;
  std::optional<pkix::Validity> validity;
  bool may_outlive_authority = false;  ///< notAfter is not cut to the authority's
  pkix::SubjectPublicKeyInfo public_key_info;
  pkix::Extensions extensions;
  pkix::AlgorithmIdentifier signature_algorithm;
  bool subject_replaced = false;
  std::optional<store::KeyCondition> key_condition;
  std::vector<store::SubjectCondition> subject_conditions;
  /// The latest notAfter among the certificates that already have this key (uniqueKeyConstraint).
  std::optional<Time> renewed_not_after;

  [[nodiscard]] const pkix::Extension* find(const asn1::Oid& id) const {
    return pkix::find_extension(extensions, id);
  }
  void set(pkix::Extension extension) { set_extension(extensions, std::move(extension)); }
};

/// Fills a part of the draft. Immutable; used by many threads.
class Default {
 public:
  virtual ~Default() = default;
  virtual Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const = 0;
  /// What it gives.
  [[nodiscard]] virtual Statements describe() const = 0;
  /// Whether the profile writes out the very octets of its extension, which then are no agent's to
  /// change by an approval (genericExtDefaultImpl).
  [[nodiscard]] virtual bool is_written_out() const { return false; }
  /// Whether a part of what it gives is left out where the authority has no ocsp_uri.
  [[nodiscard]] virtual bool wants_ocsp_uri() const { return false; }
};

/// Refuses a draft that the profile does not allow. May note in it what the commit must find
/// unchanged; userSubjectNameConstraint also puts the subject back, as Dogtag's does. Immutable;
/// used by many threads.
class Constraint {
 public:
  virtual ~Constraint() = default;
  virtual Result<void> check(const RequestFacts& facts, CertificateDraft& draft) const = 0;
  /// What it demands.
  [[nodiscard]] virtual Statements describe() const = 0;
};

/// One policy of a profile: `policyset.<set>.<id>`.
class Policy {
 public:
  Policy(std::string id, std::unique_ptr<const Default> the_default,
         std::unique_ptr<const Constraint> constraint)
      : id_(std::move(id)), default_(std::move(the_default)), constraint_(std::move(constraint)) {}

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const Default& fills() const { return *default_; }
  [[nodiscard]] const Constraint& demands() const { return *constraint_; }

 private:
  std::string id_;
  std::unique_ptr<const Default> default_;
  std::unique_ptr<const Constraint> constraint_;
};

}  // namespace signet::policy
