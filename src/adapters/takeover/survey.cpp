#include "adapters/takeover/survey.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace signet::takeover {
namespace {

std::uint64_t key_of(ByteView octets) {
  return std::hash<std::string_view>{}(as_text(octets));
}

/// "result: 0 Success" at the end of what ldapsearch writes: no entry of the directory.
Result<void> check_search_result(const ldif::Entry& entry) {
  const auto result = text_of(entry, "result");
  if (!entry.dn.empty() || result.empty() || result == "0" || result.starts_with("0 ")) return {};
  return Error{Fault::malformed, "line " + std::to_string(entry.line) +
                                     ": the search that made this export ended with \"" + result +
                                     "\": it is not whole; export anew, without limits"};
}

std::uint64_t crl_number_in(const ldif::Entry& entry, std::string_view name) {
  const auto number = read_number(text_of(entry, name));
  std::uint64_t value = 0;
  if (!number.ok()) return value;
  const auto* end = number->data() + number->size();
  const auto parsed = std::from_chars(number->data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end ? value : 0;
}

}  // namespace

bool is_complete(const ldif::Entry& request) {
  return text_of(request, "requeststate") == "complete";
}

void Survey::see_certificate(const ldif::Entry& entry) {
  const auto certificate = read_user_certificate(entry);
  if (!certificate.ok() || !authority_.is_named_by(*certificate)) return;
  ++surveyed_.certificates;
  const auto& tbs = certificate->tbs.value;
  seen_.push_back({key_of(tbs.serial_number.octets), key_of(certificate->der), entry.line});
  const auto written = read_date(text_of(entry, "notbefore"), to_utc_);
  if (!written.ok() || *written == tbs.validity.not_before) return;
  if (surveyed_.shifted_dates++ == 0) surveyed_.shift = *written - tbs.validity.not_before;
}

void Survey::see_request(const ldif::Entry& entry) {
  const auto id = read_number(text_of(entry, "requestid"));
  const auto type = text_of(entry, "requesttype");
  const bool brings_certificate = type == "enrollment" || type == "renewal";
  if (id.ok() && brings_certificate && is_complete(entry)) {
    surveyed_.requests.add(*id, read_requested(entry));
  }
}

void Survey::see_issuing_point(const ldif::Entry& entry) {
  const auto highest =
      std::max({surveyed_.last_crl_number.value_or(0), crl_number_in(entry, "crlnumber"),
                crl_number_in(entry, "deltanumber")});
  if (highest > 0) surveyed_.last_crl_number = highest;
}

Result<void> Survey::see(const ldif::Entry& entry) {
  TRY(check_search_result(entry));
  const auto kind = kind_of(entry);
  if (!entry.fault.empty()) return {};
  if (kind == EntryKind::certificate) see_certificate(entry);
  if (kind == EntryKind::request) see_request(entry);
  if (kind == EntryKind::issuing_point) see_issuing_point(entry);
  return {};
}

Result<Surveyed> Survey::finish() && {
  const auto order = [](const Seen& one) { return std::tie(one.serial, one.line); };
  std::sort(seen_.begin(), seen_.end(),
            [&](const Seen& left, const Seen& right) { return order(left) < order(right); });
  for (std::size_t at = 1; at < seen_.size(); ++at) {
    const auto& before = seen_[at - 1];
    const auto& here = seen_[at];
    if (here.serial != before.serial) continue;
    if (here.certificate != before.certificate) {
      return Error{Fault::already_exists,
                   "the entries at lines " + std::to_string(before.line) + " and " +
                       std::to_string(here.line) +
                       " are two certificates with one serial number: find out which of them the "
                       "authority issued, and take the other one out of the export"};
    }
    surveyed_.repeated.push_back(here.line);
  }
  std::sort(surveyed_.repeated.begin(), surveyed_.repeated.end());
  surveyed_.requests.sort();
  return std::move(surveyed_);
}

}  // namespace signet::takeover
