#include "authority/retrieval.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "authority/refusal.h"
#include "authority/revocation.h"
#include "codec/cmc/concerning.h"
#include "codec/cmc/controls.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;

// A message of 256 KiB has room for thousands of each.
constexpr std::size_t kMostCertificates = 64;
constexpr std::size_t kMostCrls = 16;
// Of all CRLs in one answer, unless it is one alone: they must fit the memory several times.
constexpr std::size_t kMostCrlOctets = std::size_t{64} << 20;

/// What an answer has already: each certificate and CRL goes once, however often it is asked for.
struct Gathered {
  std::set<Bytes> serial_numbers;                          ///< of certificates
  std::set<std::pair<std::uint32_t, std::uint64_t>> crls;  ///< shard and number
  std::size_t crl_octets = 0;
};

bool is_retrieval(const cmc::TaggedAttribute& control) {
  return control.attr_type == cmc::oid::kGetCert || control.attr_type == cmc::oid::kGetCRL;
}

Result<void> check_issuer(const pkix::Name& issuer, const Parts& parts, Fault fault) {
  if (pkix::names_match(issuer, parts.issuer.certificate()->subject)) return {};
  return Error{fault, "this authority is " + pkix::to_text(parts.issuer.certificate()->subject) +
                          ", not " + pkix::to_text(issuer)};
}

//= C51 RFC 10004 §5.2: getCert is acted on
//= E117 RFC 10002 §6.9: getCert brings the certificate
Result<Outcome> find_certificate(const Parts& parts, const cmc::TaggedAttribute& control,
                                 Gathered& gathered) {
  const auto wanted = TRY(cmc::read_get_cert(control.attr_values.front()));
  const auto* issuer = std::get_if<pkix::Name>(&wanted.issuer_name);
  if (issuer == nullptr) {
    return Error{Fault::malformed,
                 "getCert names its issuer by something else than a directoryName"};
  }
  TRY(check_issuer(*issuer, parts, Fault::certificate_not_found));
  if (!gathered.serial_numbers.insert(wanted.serial_number.octets).second) {
    return Outcome{SentAlready{control.body_part_id}};
  }
  for (const auto& own : parts.issuer.chain()) {
    const bool is_it = wanted.serial_number == own->serial_number && own->issuer == *issuer;
    if (is_it) return Outcome{FoundCertificate{control.body_part_id, own.der}};
  }
  const auto record = TRY(parts.store.find_certificate(wanted.serial_number));
  if (record) return Outcome{FoundCertificate{control.body_part_id, record->certificate_der}};
  return Error{
      Fault::certificate_not_found,
      "no certificate of this authority has serial number 0x" + wanted.serial_number.to_hex()};
}

/// Without a name: of each key of the authority, the first shard's, as all have the same issuer
/// name.
std::vector<store::CrlQuery> nameless_queries(const Parts& parts, const cmc::GetCRL& wanted) {
  std::vector<store::CrlQuery> queries{{.shard = parts.crl_points.of_key.first}};
  for (const auto shard : parts.crl_points.of_earlier_keys) queries.push_back({.shard = shard});
  for (auto& query : queries) query.before = wanted.time;
  return queries;
}

/// By a name of its issuing distribution point, or of its deltas.
Result<store::CrlQuery> named_query(const Parts& parts, const cmc::GetCRL& wanted) {
  store::CrlQuery query;
  query.before = wanted.time;
  const auto named = [&](const pkix::GeneralNames& names) {
    return std::find(names.begin(), names.end(), *wanted.crl_name) != names.end();
  };
  const auto issuing = parts.crl_points.of_key.first + parts.crl_points.shards;
  const auto shards = std::max(issuing, TRY(parts.crls.crl_shards()));
  for (query.shard = 0; query.shard < shards; ++query.shard) {
    if (named(issuance::names_of_shard(parts.crl_points, query.shard))) return query;
    query.kind = store::CrlKind::delta;
    if (named(issuance::names_of_deltas(parts.crl_points, query.shard))) return query;
    query.kind = store::CrlKind::full;
  }
  return Error{Fault::crl_not_found,
               "no CRL of this authority has this distribution point: leave cRLName out, or copy "
               "it from the certificate's cRLDistributionPoints"};
}

Error too_many_crl_octets() {
  return {Fault::too_large,
          "the CRLs that the message asks for have more than 64 MiB together: ask for each by its "
          "name (cRLName), in a message of its own"};
}

/// Before the next one is read.
Result<void> count_octets(const Bytes& crl, Gathered& gathered) {
  const bool is_first = gathered.crl_octets == 0;
  gathered.crl_octets += crl.size();
  if (is_first || gathered.crl_octets <= kMostCrlOctets) return {};
  return too_many_crl_octets();
}

/// Those that the answer does not have yet.
Result<std::vector<Bytes>> find_new_crls(const Parts& parts,
                                         const std::vector<store::CrlQuery>& queries,
                                         Gathered& gathered, bool& is_any) {
  std::vector<Bytes> found;
  for (auto query : queries) {
    query.parts = store::CrlParts::without_der;
    const auto known = TRY(parts.crls.find_crl(query));
    is_any = is_any || known;
    if (!known || !gathered.crls.insert({known->shard, known->number}).second) continue;
    if (gathered.crl_octets >= kMostCrlOctets) return too_many_crl_octets();
    query.parts = store::CrlParts::all;
    auto crl = TRY(parts.crls.find_crl(query));
    if (!crl) return Error{Fault::crl_not_found, "the CRL that was asked for is kept no longer"};
    TRY(count_octets(crl->der, gathered));
    found.push_back(std::move(crl->der));
  }
  return found;
}

//= C54 RFC 10004 §5.2: getCRL too
//= E118 RFC 10002 §6.10: getCRL brings the latest, or the latest before a time
Result<Outcome> find_crl(const Parts& parts, const cmc::TaggedAttribute& control,
                         Gathered& gathered) {
  const auto wanted = TRY(cmc::read_get_crl(control.attr_values.front()));
  TRY(check_issuer(wanted.issuer_name, parts, Fault::crl_not_found));
  if (wanted.reasons) {
    return Error{Fault::crl_not_found, "the CRLs here are for all reasons: leave reasons out"};
  }
  auto queries = nameless_queries(parts, wanted);
  if (wanted.crl_name) queries = {TRY(named_query(parts, wanted))};
  bool is_any = false;
  auto crls = TRY(find_new_crls(parts, queries, gathered, is_any));
  if (!crls.empty()) return Outcome{FoundCrls{control.body_part_id, std::move(crls)}};
  if (is_any) return Outcome{SentAlready{control.body_part_id}};
  return Error{Fault::crl_not_found,
               wanted.time ? "no such CRL is kept here from before " + to_text(*wanted.time)
                           : std::string("no such CRL was published yet")};
}

/// Before anything is looked up.
Result<void> check_count(const cmc::PkiRequest& message) {
  std::size_t certificates = 0;
  std::size_t crls = 0;
  for (const auto& control : cmc::controls_of(message)) {
    if (control.attr_type == cmc::oid::kGetCert) ++certificates;
    if (control.attr_type == cmc::oid::kGetCRL) ++crls;
    if (certificates <= kMostCertificates && crls <= kMostCrls) continue;
    return Error{Fault::too_large,
                 "a message may ask for " + std::to_string(kMostCertificates) +
                     " certificates (getCert) and " + std::to_string(kMostCrls) +
                     " CRLs (getCRL): send several messages",
                 {control.body_part_id.value}};
  }
  return {};
}

}  // namespace

bool asks_to_retrieve(const cmc::PkiRequest& message) {
  for (const auto& control : cmc::controls_of(message)) {
    if (is_retrieval(control)) return true;
  }
  return false;
}

bool only_retrieves(const envelope::OpenedRequest& request) {
  return asks_to_retrieve(request.message()) && request.certification_requests().empty();
}

Result<Granted> retrieve(const Asker& asker) {
  const auto& parts = asker.parts;
  const auto& message = asker.request.message();
  Granted told;
  if (!asks_to_retrieve(message)) return told;
  if (asks_to_revoke(message)) {
    return Error{Fault::unsupported_message,
                 "getCert or getCRL beside revocations: send two messages"};
  }
  TRY(check_count(message));
  Gathered gathered;
  for (const auto& control : cmc::controls_of(message)) {
    if (!is_retrieval(control)) continue;
    told.outcomes.push_back(
        TRY(concerning(control.body_part_id, control.attr_type == cmc::oid::kGetCert
                                                 ? find_certificate(parts, control, gathered)
                                                 : find_crl(parts, control, gathered))));
  }
  return told;
}

void add_retrieved(Granted retrieved, Granted& granted) {
  if (granted.changes.challenge || granted.pend_info) return;
  for (auto& outcome : retrieved.outcomes) granted.outcomes.push_back(std::move(outcome));
}

}  // namespace signet::authority
