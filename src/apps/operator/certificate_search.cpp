#include "apps/operator/certificate_search.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "apps/folder/certificate_pages.h"
#include "base/encoding.h"
#include "codec/asn1/whole.h"
#include "codec/pkix/name_strings.h"

namespace signet::tool {
namespace {

using store::CertificateRecord;
using store::CertificateStatus;
using Records = std::vector<CertificateRecord>;

constexpr auto kStates = std::to_array<std::pair<std::string_view, CertificateState>>({
    {"valid", CertificateState::valid},
    {"revoked", CertificateState::revoked},
    {"held", CertificateState::held},
    {"expired", CertificateState::expired},
});

/// One whose name has more certificates than that is looked for page by page.
constexpr std::size_t kMostByName = 1000;
constexpr std::size_t kPageLength = 1000;

Result<pkix::Name> subject_of(const CertificateRecord& record) {
  return asn1::read_whole(record.subject_der, asn1::Limits::ber(), pkix::read_name);
}

/// The encodings by which an index may know the name: as it stands, and as most writers spell it.
std::vector<Bytes> spellings_of(const pkix::Name& name) {
  std::vector<Bytes> spellings{name.der()};
  for (const auto string_type : {asn1::kUtf8String, asn1::kPrintableString}) {
    const auto other = pkix::respelled(name, string_type);
    if (!other.ok()) continue;
    const auto known = std::find(spellings.begin(), spellings.end(), other->der());
    if (known == spellings.end()) spellings.push_back(other->der());
  }
  return spellings;
}

/// One search: what is wanted, and when.
class Search {
 public:
  Search(const store::CertificateStore& store, const CertificateWish& wish, Time now)
      : store_(store), wish_(wish), now_(now), part_(lower_case(wish.subject)) {
    if (auto name = pkix::name_from_text(wish.subject); name.ok() && !name->empty()) {
      whole_ = *std::move(name);
    }
  }

  /// What an index tells: few, newest first. None when it is to be looked for page by page.
  [[nodiscard]] Result<std::optional<Records>> by_index();
  /// How the store narrows a walk.
  [[nodiscard]] store::CertificateStore::Query query() const;
  [[nodiscard]] bool is_wanted(const CertificateRecord& record) const;

 private:
  [[nodiscard]] Result<std::optional<Records>> by_name();
  [[nodiscard]] bool has_subject(const CertificateRecord& record) const;
  [[nodiscard]] bool has_time(const CertificateRecord& record) const;

  const store::CertificateStore& store_;
  const CertificateWish& wish_;
  const Time now_;
  const std::string part_;
  std::optional<pkix::Name> whole_;
  bool has_whole_ = false;  ///< there are certificates of this whole name
};

Result<std::optional<Records>> Search::by_index() {
  Records found;
  if (wish_.serial) {
    if (auto record = TRY(store_.find_certificate(*wish_.serial))) {
      found.push_back(*std::move(record));
    }
    return std::optional(std::move(found));
  }
  if (wish_.key_hash) return std::optional(TRY(store_.find_by_key(*wish_.key_hash)));
  if (whole_) return by_name();
  return std::optional<Records>();
}

Result<std::optional<Records>> Search::by_name() {
  Records found;
  for (const auto& subject_der : spellings_of(*whole_)) {
    auto records = TRY(store_.find_some_by_subject(subject_der, kMostByName));
    has_whole_ = has_whole_ || !records.empty();
    if (records.size() == kMostByName) return std::optional<Records>();
    std::move(records.begin(), records.end(), std::back_inserter(found));
  }
  if (!has_whole_) return std::optional<Records>();
  // Serial numbers begin with the time of issue, more exactly than to the second.
  std::sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
    return std::tie(one.issued_at, one.serial_number.octets) >
           std::tie(other.issued_at, other.serial_number.octets);
  });
  return std::optional(std::move(found));
}

store::CertificateStore::Query Search::query() const {
  store::CertificateStore::Query query;
  query.most = kPageLength;
  query.issued_from = wish_.issued_since;
  query.issued_to = wish_.issued_until;
  if (wish_.state == CertificateState::valid) query.status = CertificateStatus::valid;
  if (wish_.state == CertificateState::revoked) query.status = CertificateStatus::revoked;
  if (wish_.state == CertificateState::held) query.status = CertificateStatus::on_hold;
  return query;
}

bool Search::has_subject(const CertificateRecord& record) const {
  if (wish_.subject.empty()) return true;
  const auto name = subject_of(record);
  if (name.ok() && whole_ && pkix::names_match(*name, *whole_)) return true;
  if (has_whole_) return false;
  return lower_case(subject_text(record)).find(part_) != std::string::npos;
}

bool Search::has_time(const CertificateRecord& record) const {
  if (wish_.issued_since && record.issued_at < *wish_.issued_since) return false;
  if (wish_.issued_until && record.issued_at >= *wish_.issued_until) return false;
  if (!wish_.ends_within) return true;
  return record.not_after >= now_ && record.not_after <= now_ + *wish_.ends_within;
}

bool Search::is_wanted(const CertificateRecord& record) const {
  if (wish_.state && state_of(record, now_) != *wish_.state) return false;
  if (!wish_.profile.empty() && record.profile_id != wish_.profile) return false;
  if (wish_.key_hash && record.key_hash != *wish_.key_hash) return false;
  return has_time(record) && has_subject(record);
}

}  // namespace

CertificateState state_of(const CertificateRecord& record, Time now) {
  if (record.status == CertificateStatus::revoked) return CertificateState::revoked;
  if (record.not_after < now) return CertificateState::expired;
  return record.status == CertificateStatus::on_hold ? CertificateState::held
                                                     : CertificateState::valid;
}

std::string_view state_name(CertificateState state) {
  return kStates.at(static_cast<std::size_t>(state)).first;
}

Result<CertificateState> state_from_text(std::string_view text) {
  for (const auto& [word, state] : kStates) {
    if (word == text) return state;
  }
  return Error{Fault::malformed, "\"" + std::string(text) +
                                     "\" is no status: there are valid, revoked, held and expired"};
}

std::string subject_text(const CertificateRecord& record) {
  const auto name = subject_of(record);
  return name.ok() ? pkix::to_text(*name) : "#" + to_hex(record.subject_der);
}

Result<void> for_each_certificate(const store::CertificateStore& store, const CertificateWish& wish,
                                  Time now,
                                  const std::function<bool(const CertificateRecord&)>& take) {
  Search search(store, wish, now);
  const auto hand_over = [&](const Records& records) {
    return std::all_of(records.begin(), records.end(), [&](const auto& record) {
      return !search.is_wanted(record) || take(record);
    });
  };
  if (const auto found = TRY(search.by_index())) {
    hand_over(*found);
    return {};
  }
  CertificatePages pages(store, search.query());
  while (true) {
    const auto page = TRY(pages.next());
    if (page.empty() || !hand_over(page)) return {};
  }
}

}  // namespace signet::tool
