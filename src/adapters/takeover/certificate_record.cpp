#include "adapters/takeover/certificate_record.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "crypto/key_hash.h"

namespace signet::takeover {
namespace {

using store::CertificateStatus;

using pkix::CRLReason;

/// Of what is revoked: removeFromCRL is for deltas. None: it is none.
std::optional<CRLReason> to_reason(int number) {
  const auto reason = pkix::to_crl_reason(number);
  if (!reason.ok() || *reason == CRLReason::removeFromCRL) return std::nullopt;
  return *reason;
}

enum class DirectoryStatus { good, revoked };

Result<DirectoryStatus> read_status(const ldif::Entry& entry) {
  const auto word = text_of(entry, "certstatus");
  if (word == "VALID" || word == "INVALID" || word == "EXPIRED") return DirectoryStatus::good;
  if (word == "REVOKED" || word == "REVOKED_EXPIRED") return DirectoryStatus::revoked;
  return Error{Fault::malformed, word.empty() ? std::string("it has no certStatus")
                                              : "its certStatus \"" + word + "\" is not known"};
}

/// The serial number stands in the record a second time: another one there is another certificate's
/// record.
Result<void> check_serial(const ldif::Entry& entry, const store::Integer& serial) {
  const auto text = text_of(entry, "serialno");
  if (text.empty()) return {};
  const auto number = read_number(text);
  if (!number.ok()) return Error{Fault::malformed, "serialno: " + number.error().detail};
  if (*number == serial.to_decimal()) return {};
  return Error{Fault::malformed, "its serialno is " + *number +
                                     ", its certificate's serial number " + serial.to_decimal()};
}

/// The first of these dates that is there and is one.
std::optional<Time> first_date(const ldif::Entry& entry, const ToUtc& to_utc,
                               std::initializer_list<const char*> names) {
  for (const auto* name : names) {
    const auto* found = find(entry, name);
    if (found == nullptr) continue;
    if (const auto date = read_date(found->text(), to_utc); date.ok()) return *date;
  }
  return std::nullopt;
}

/// What revInfo says; where it says nothing, the next best.
RevocationInfo revocation_of(const ldif::Entry& entry, const ToUtc& to_utc, Time not_before,
                             std::vector<std::string>& remarks) {
  const auto* text = find(entry, "revinfo");
  if (text != nullptr) {
    if (auto info = read_revocation_info(text->text(), to_utc); info.ok()) return *info;
  }
  remarks.emplace_back(
      "revoked without a readable revInfo: its reason is unspecified, its date revokedOn, "
      "dateOfModify or notBefore");
  const auto date = first_date(entry, to_utc, {"revokedon", "dateofmodify"});
  return {date.value_or(not_before), std::nullopt, std::nullopt};
}

void set_revoked(TakenCertificate& taken, const RevocationInfo& info) {
  auto reason = CRLReason::unspecified;
  if (info.reason) {
    const auto known = to_reason(*info.reason);
    if (!known) {
      taken.remarks.push_back("its revocation reason " + std::to_string(*info.reason) +
                              " is none of a revoked certificate: it became unspecified");
    }
    reason = known.value_or(reason);
  }
  auto& record = taken.record;
  record.status = reason == CRLReason::certificateHold ? CertificateStatus::on_hold
                                                       : CertificateStatus::revoked;
  record.revoked_at = info.at;
  record.revocation_reason = reason;
  record.invalidity_date = info.invalidity_date;
}

/// Never the secret itself: it is wrapped.
void set_revocation_secret(TakenCertificate& taken, const ldif::Entry& entry) {
  const auto token = meta_info(entry, "revShrTok");
  if (token.empty()) return;
  const auto octets = from_base64(token);
  if (octets.ok() && !octets->empty()) {
    taken.revocation_verifier = "revShrTok:" + token;
  } else {
    taken.remarks.emplace_back("its revShrTok is no base64: it is left out");
  }
}

/// As much of a text from outside as a record keeps, cut between characters.
std::string kept(std::string text) {
  constexpr std::size_t kMostOctets = 256;
  if (text.size() <= kMostOctets) return text;
  auto end = kMostOctets;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

void set_requester(TakenCertificate& taken, const ldif::Entry& entry, RequestIndex& requests) {
  taken.request_id = meta_info(entry, "requestId");
  const auto requested = requests.find(taken.request_id).value_or(Requested{});
  auto& record = taken.record;
  record.profile_id =
      kept(requested.profile_id.empty() ? meta_info(entry, "profileId") : requested.profile_id);
  record.requester =
      kept(requested.requester.empty() ? text_of(entry, "issuedby") : requested.requester);
  if (taken.request_id.empty()) return;
  record.requester +=
      (record.requester.empty() ? "Dogtag request " : ", Dogtag request ") + kept(taken.request_id);
}

/// The record repeats its certificate's notBefore, in the way of all its dates.
void remark_on_dates(TakenCertificate& taken, const ldif::Entry& entry, const ToUtc& to_utc) {
  const auto written = first_date(entry, to_utc, {"notbefore"});
  if (!written || *written == taken.record.not_before) return;
  taken.remarks.emplace_back("its notBefore is not its certificate's: its dates may be hours off");
}

}  // namespace

Result<pkix::Certificate> read_user_certificate(const ldif::Entry& entry) {
  const auto* found = find(entry, "usercertificate");
  if (found == nullptr) {
    return Error{Fault::certificate_not_found, "there is no userCertificate in it"};
  }
  auto certificate = pkix::read_certificate(found->value);
  if (certificate.ok()) return certificate;
  return Error{Fault::malformed, "its userCertificate: " + certificate.error().detail};
}

Requested read_requested(const ldif::Entry& request) {
  constexpr std::string_view kToken = "extdata-auth--005ftoken";
  constexpr std::array<std::string_view, 5> kWho = {"tokenauthenticatedcertsubject", "userdn",
                                                    "uid", "userid", "user"};
  Requested requested;
  requested.profile_id = text_of(request, "extdata-profileid");
  for (const auto who : kWho) {
    const auto* found = find(request, kToken, who);
    if (found == nullptr || found->value.empty()) continue;
    requested.requester = found->text();
    break;
  }
  return requested;
}

Result<TakenCertificate> read_certificate_record(const ldif::Entry& entry, const Reading& reading) {
  if (!entry.fault.empty()) return Error{Fault::malformed, entry.fault};
  const auto certificate = TRY(read_user_certificate(entry));
  const auto vouched = TRY(reading.authority.vouch_for(certificate));
  TRY(check_serial(entry, certificate->serial_number));
  const auto status = TRY(read_status(entry));

  const auto created = first_date(entry, reading.to_utc, {"dateofcreate"});
  TakenCertificate taken;
  taken.record =
      store::record_of(certificate, crypto::key_hash(certificate->subject_public_key_info),
                       created.value_or(certificate->validity.not_before));
  if (vouched == Vouched::by_name) {
    taken.remarks.emplace_back("its signature, by an algorithm of old, is not verified");
  }
  if (status == DirectoryStatus::revoked) {
    set_revoked(taken,
                revocation_of(entry, reading.to_utc, taken.record.not_before, taken.remarks));
  } else if (find(entry, "revinfo") != nullptr) {
    taken.remarks.emplace_back("it has revInfo, though its certStatus is not REVOKED: it is valid");
  }
  remark_on_dates(taken, entry, reading.to_utc);
  set_requester(taken, entry, reading.requests);
  set_revocation_secret(taken, entry);
  return taken;
}

}  // namespace signet::takeover
