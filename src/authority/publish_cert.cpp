#include "authority/publish_cert.h"

#include <algorithm>
#include <map>
#include <set>

#include "authority/refusal.h"
#include "authority/whose_certificate.h"
#include "codec/cmc/concerning.h"
#include "codec/cmc/controls.h"
#include "crypto/digest.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;
using store::CertificateRecord;
using store::CertificateStatus;

// A message of 256 KiB has room for thousands of hashes.
constexpr std::size_t kMostWishes = 64;
// Each is read and hashed, for one message. Whoever has more names them by bringing them along.
constexpr std::size_t kMostOfSubject = 1000;

enum class Action : std::int64_t { dont_publish = 0, please_publish = 1 };
enum class Method : std::int64_t { dont_care = 0, x500 = 1, web = 2, ldap = 3 };

/// What becomes of one certificate.
struct Wish {
  cmc::BodyPartID control;
  asn1::Integer serial_number;
  Action action;
};

std::vector<const cmc::TaggedAttribute*> publications_in(const cmc::PkiRequest& message) {
  return cmc::find_controls(cmc::controls_of(message), cmc::oid::kPublishCert);
}

Result<void> check_way(const crmf::SinglePubInfo& way) {
  const auto method = static_cast<Method>(way.pub_method);
  if (method != Method::dont_care && method != Method::ldap) {
    const auto name = method == Method::x500  ? "x500"
                      : method == Method::web ? "web"
                                              : "number " + std::to_string(way.pub_method);
    return Error{Fault::unsupported_control,
                 "pubMethod " + name +
                     " is not offered: this authority publishes in a directory "
                     "(ldap, dontCare)"};
  }
  if (!way.pub_location) return {};
  return Error{Fault::unsupported_control,
               "pubLocation is not offered: this authority publishes where it is told to by its "
               "operator; leave it out"};
}

Result<Action> read_action(const crmf::PKIPublicationInfo& info) {
  const auto action = static_cast<Action>(info.action);
  if (action == Action::dont_publish) {
    //= E139 RFC 10002 §6.18: dontPublish comes without pubInfos
    if (info.pub_infos.empty()) return action;
    return Error{Fault::malformed, "dontPublish says by pubInfos where to publish: leave them out"};
  }
  if (action != Action::please_publish) {
    return Error{Fault::malformed, "action " + std::to_string(info.action) +
                                       " is neither dontPublish (0) nor pleasePublish (1)"};
  }
  for (const auto& way : info.pub_infos) TRY(check_way(way));
  return action;
}

/// Hashes of certificates are no signatures, but whose hash can be made again could be mistaken.
Result<crypto::DigestAlgorithm> hash_algorithm(const pkix::AlgorithmIdentifier& given) {
  using crypto::DigestAlgorithm;
  const auto algorithm = TRY(crypto::digest_algorithm(given));
  if (algorithm == DigestAlgorithm::sha256 || algorithm == DigestAlgorithm::sha384 ||
      algorithm == DigestAlgorithm::sha512) {
    return algorithm;
  }
  return Error{Fault::unsupported_algorithm,
               "certificates are named by their SHA-256, SHA-384 or SHA-512"};
}

/// Certificates of ours that a message may be about: no hash is looked for in the whole record.
class Candidates {
 public:
  static Result<Candidates> gather(const Asker& asker) {
    const auto& [parts, request, identity, now, trail] = asker;
    Candidates candidates;
    if (!identity.subject().empty()) {
      auto own =
          TRY(parts.store.find_some_by_subject(identity.subject().der(), kMostOfSubject + 1));
      candidates.has_too_many_ = own.size() > kMostOfSubject;
      if (candidates.has_too_many_) own.clear();
      for (auto& record : own) candidates.add(std::move(record));
    }
    if (const auto* signer = identity.certificate()) TRY(candidates.add(parts, *signer));
    if (const auto* full = std::get_if<cmc::FullPkiRequest>(&request.message())) {
      for (const auto& each : full->signed_data.certificates) TRY(candidates.add(parts, each));
    }
    return candidates;
  }

  /// Null: none of them.
  const CertificateRecord* find(crypto::DigestAlgorithm algorithm, ByteView hash) {
    auto& known = by_hash_[algorithm];
    if (known.empty()) {
      for (const auto& [serial, record] : records_) {
        known.emplace(crypto::digest(algorithm, record.certificate_der), &record);
      }
    }
    const auto found = known.find(to_bytes(hash));
    return found == known.end() ? nullptr : found->second;
  }

  /// The signer's subject has more than are looked through: none is a candidate for that.
  [[nodiscard]] bool has_too_many() const { return has_too_many_; }

 private:
  void add(CertificateRecord record) {
    auto serial = record.serial_number.octets;
    records_.emplace(std::move(serial), std::move(record));
  }
  /// What is on record under its number, whatever it says itself.
  Result<void> add(const Parts& parts, const pkix::Certificate& certificate) {
    if (!pkix::names_match(certificate->issuer, parts.issuer.certificate()->subject)) return {};
    auto record = TRY(parts.store.find_certificate(certificate->serial_number));
    if (record) add(*std::move(record));
    return {};
  }

  bool has_too_many_ = false;
  std::map<Bytes, CertificateRecord> records_;  ///< by serial number
  std::map<crypto::DigestAlgorithm, std::map<Bytes, const CertificateRecord*>> by_hash_;
};

/// As it will be once the message is granted.
CertificateStatus status_after(const CertificateRecord& record, const Granted& granted) {
  const auto* change = granted.status_change_of(record.serial_number);
  return change == nullptr ? record.status : change->to;
}

Result<void> check_may_be_published(const Asker& asker, const CertificateRecord& record,
                                    const Granted& granted) {
  const auto named = "the certificate with serial number 0x" + record.serial_number.to_hex();
  if (status_after(record, granted) != CertificateStatus::valid) {
    return Error{Fault::not_allowed, named + " is revoked or on hold: it is not published"};
  }
  if (record.not_after < asker.now) {
    return Error{Fault::not_allowed,
                 named + " expired at " + to_text(record.not_after) + ": it is not published"};
  }
  if (!asker.parts.settings.published.includes(record.profile_id)) {
    return Error{Fault::not_allowed, named + " is of profile \"" + record.profile_id +
                                         "\", whose certificates this authority does not publish"};
  }
  if (granted.settles(record.serial_number)) return {};
  if (TRY(asker.parts.life.find_awaited(record.serial_number))) {
    return Error{Fault::not_allowed, named +
                                         " is published once its owner says that it is taken "
                                         "(confirmCertAcceptance)"};
  }
  return {};
}

Error not_found(const Candidates& candidates, ByteView hash) {
  const auto named = to_hex(hash.first(std::min<std::size_t>(hash.size(), 64)));
  if (candidates.has_too_many()) {
    return {Fault::too_large,
            "no certificate that comes along in the message has the hash " + named +
                ", and those of the signer's subject are more than " +
                std::to_string(kMostOfSubject) +
                ", too many to look through: put the certificate into the message"};
  }
  return {Fault::certificate_not_found,
          "no certificate of the signer's subject, and none that comes along in the message, "
          "has the hash " +
              named + ": check it, or put the certificate into the message"};
}

Result<const CertificateRecord*> find_named(Candidates& candidates,
                                            crypto::DigestAlgorithm algorithm, ByteView hash,
                                            const proof::ProvenIdentity& identity) {
  const auto* record = candidates.find(algorithm, hash);
  if (record == nullptr) return not_found(candidates, hash);
  if (may_act_on(*record, identity)) return record;
  return Error{Fault::identity_mismatch,
               "the certificate with serial number 0x" + record->serial_number.to_hex() +
                   " is not the signer's: a user has certificates of its own subject published "
                   "only"};
}

/// Whose message it is, and what it is granted besides.
struct Wishing {
  const Asker& asker;
  const Granted& granted;
  Candidates candidates;
  std::set<Bytes> named;  ///< serial numbers
  std::vector<Wish> wishes;

  Result<void> add(const cmc::TaggedAttribute& control);
};

Result<void> Wishing::add(const cmc::TaggedAttribute& control) {
  const auto wanted = TRY(cmc::read_cmc_publication_info(control.attr_values.front()));
  const auto action = TRY(read_action(wanted.pub_info));
  const auto algorithm = TRY(hash_algorithm(wanted.hash_alg));
  if (wanted.cert_hashes.empty()) {
    return Error{Fault::malformed, "publishCert names no certificate"};
  }
  for (const auto& hash : wanted.cert_hashes) {
    if (wishes.size() == kMostWishes) {
      return Error{Fault::too_large, "a message has more than " + std::to_string(kMostWishes) +
                                         " certificates published or withdrawn: send several"};
    }
    const auto* record = TRY(find_named(candidates, algorithm, hash, asker.identity));
    //= E140 RFC 10002 §6.18: a certificate stands in one publishCert; what two mean is not defined
    if (!named.insert(record->serial_number.octets).second) {
      return Error{Fault::duplicate_control,
                   "publishCert names the certificate with serial number 0x" +
                       record->serial_number.to_hex() + " twice"};
    }
    if (action == Action::please_publish) {
      TRY(check_may_be_published(asker, *record, granted));
    }
    wishes.push_back({control.body_part_id, record->serial_number, action});
  }
  return {};
}

Result<std::vector<Wish>> read_wishes(const Asker& asker, const Granted& granted) {
  const auto controls = publications_in(asker.request.message());
  if (controls.empty()) return std::vector<Wish>();
  if (asker.identity.method() != proof::IdentityMethod::signing_certificate) {
    return Error{Fault::unknown_identity,
                 "publishCert is signed by an existing certificate (its own, another of the same "
                 "subject, or an agent's)",
                 {controls.front()->body_part_id.value}};
  }
  auto candidates = TRY(Candidates::gather(asker));
  Wishing wishing{asker, granted, std::move(candidates), {}, {}};
  for (const auto* control : controls) {
    TRY(concerning(control->body_part_id, wishing.add(*control)));
  }
  return std::move(wishing.wishes);
}

/// Written though the store may say the same already: a wish to the contrary that was decided
/// before this one may not be durable yet, and the last one counts.
void choose(const Asker& asker, const Wish& wish, Granted& granted) {
  const bool is_withheld = wish.action == Action::dont_publish;
  granted.changes.publication_choices.push_back({wish.serial_number, is_withheld});
  asker.trail.publication_wished(wish.control, wish.serial_number, is_withheld);
}

}  // namespace

bool asks_to_publish(const cmc::PkiRequest& message) {
  return !publications_in(message).empty();
}

//= C82 RFC 10004 §5.2: publishCert is acted on
//= E138 RFC 10002 §6.18: after what the message issues and revokes, with which it is granted
Result<void> publish(const Asker& asker, Granted& granted) {
  for (const auto& wish : TRY(read_wishes(asker, granted))) choose(asker, wish, granted);
  add_published_before(asker.request.message(), granted);
  return {};
}

Result<void> check_publishes_nothing(const cmc::PkiRequest& message) {
  const auto controls = publications_in(message);
  if (controls.empty()) return {};
  return Error{Fault::unsupported_message,
               "publishCert beside a request that is not answered yet: send two messages",
               {controls.front()->body_part_id.value}};
}

void add_published_before(const cmc::PkiRequest& message, Granted& told) {
  for (const auto* control : publications_in(message)) {
    told.outcomes.emplace_back(Published{control->body_part_id});
  }
}

}  // namespace signet::authority
