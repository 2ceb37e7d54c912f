#include "apps/dogtag/response_text.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "apps/tool/report.h"
#include "base/overloaded.h"
#include "codec/cmc/controls.h"
#include "crypto/private_key.h"

namespace signet::dogtag {
namespace {

namespace oid = cmc::oid;

constexpr std::array<std::string_view, 14> kFailInfoTexts = {
    "bad algorithm",     "bad message check",      "bad request",
    "bad time",          "bad certificate id",     "unsupported extensions",
    "must archive keys", "bad identity",           "POP required",
    "POP failed",        "no key reuse",           "internal ca error",
    "try later",         "authenticated data fail"};

std::string fail_info_text(cmc::CMCFailInfo fail_info) {
  const auto number = static_cast<std::size_t>(fail_info);
  return number < kFailInfoTexts.size() ? std::string(kFailInfoTexts.at(number))
                                        : cmc::to_text(fail_info);
}

/// "{1 3 6 1 5 5 7 7 25}"
std::string oid_text(const asn1::Oid& type) {
  auto text = type.to_text();
  std::replace(text.begin(), text.end(), '.', ' ');
  return "{" + text + "}";
}

/// "24/Nov/2026:04:05:15 UTC"
std::string date_text(Time time) {
  const auto seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  const auto length = std::strftime(text.data(), text.size(), "%d/%b/%Y:%H:%M:%S UTC", &parts);
  return {text.data(), length};
}

/// Octets as signed numbers, as Java prints them.
std::string signed_octets(ByteView octets) {
  std::string text;
  for (const auto octet : octets) {
    text += (text.empty() ? "" : " ") +
            std::to_string(static_cast<int>(static_cast<std::int8_t>(octet)));
  }
  return text;
}

/// The octets as a signed number: what Dogtag makes a request id of.
std::string request_id_text(ByteView octets) {
  const asn1::Integer number{to_bytes(octets)};
  if (octets.empty()) return "";
  return number.is_negative() ? "0x" + to_hex(octets) : number.to_decimal();
}

void print_other_info(std::ostream& out, const cmc::OtherStatusInfo& info) {
  std::visit(
      Overloaded{[&](cmc::CMCFailInfo fail_info) {
                   out << "   OtherInfo type: FAIL\n     failInfo=" << fail_info_text(fail_info)
                       << "\n";
                 },
                 [&](const cmc::PendInfo& pending) {
                   out << "   OtherInfo type: PEND\nPendInfo present...processing...\n   Date: "
                       << date_text(pending.pend_time)
                       << "\n   Pending request id: " << octets_text(pending.pend_token) << "\n";
                 },
                 [&](const cmc::ExtendedFailInfo& extended) {
                   out << "   OtherInfo type: FAIL\n     extendedFailInfo="
                       << extended.fail_info_oid.to_text() << "\n";
                 }},
      info);
}

Result<void> print_status(std::ostream& out, ByteView value) {
  const auto status = TRY(cmc::read_cmc_status_info_v2(value));
  out << "   BodyList: " << body_list_text(status.body_list) << " \n";
  if (status.cmc_status == cmc::CMCStatus::success) out << "   Status: SUCCESS\n";
  const bool more = status.cmc_status != cmc::CMCStatus::success &&
                    status.cmc_status != cmc::CMCStatus::confirmRequired;
  if (!more) return {};
  if (status.status_string) {
    out << "   Status String: " << tool::printable(*status.status_string) << "\n";
  }
  if (status.other_info) print_other_info(out, *status.other_info);
  return {};
}

Result<void> print_octets(std::ostream& out, ByteView value) {
  out << "   Value: " << signed_octets(TRY(cmc::read_octets_value(value))) << "\n";
  return {};
}

Result<void> print_transaction(std::ostream& out, ByteView value) {
  const auto id = TRY(cmc::read_integer_value(value));
  out << "   INTEGER: " << (id.is_negative() ? "-0x" + id.to_hex() : id.to_decimal()) << "\n";
  return {};
}

Result<void> print_challenge(std::ostream& out, ByteView value) {
  TRY(cmc::read_encrypted_pop(value));
  out << "     encryptedPOP decoded\n";
  return {};
}

Result<void> print_request_id(std::ostream& out, ByteView value) {
  out << "   requestID: " << request_id_text(TRY(cmc::read_octets_value(value))) << "\n";
  return {};
}

Result<void> print_nothing(std::ostream&, ByteView) {
  return {};
}

/// "0x1f": without leading zeros, as Java prints it and scripts compare it.
std::string serial_text(const asn1::Integer& serial_number) {
  const auto digits = serial_number.to_hex();
  return "0x" + digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

/// How a control is named and told.
struct ControlText {
  asn1::Oid type;
  std::string_view name;
  Result<void> (*print)(std::ostream& out, ByteView value);
};
const std::array<ControlText, 7> kControls = {{
    {oid::kStatusInfoV2, "CMCStatusInfoV2", print_status},
    {oid::kTransactionId, "CMC Transaction Id", print_transaction},
    {oid::kRecipientNonce, "CMC Recipient Nonce", print_octets},
    {oid::kSenderNonce, "CMC Sender Nonce", print_octets},
    {oid::kDataReturn, "CMC Data Return", print_octets},
    {oid::kEncryptedPOP, "CMC encrypted POP", print_challenge},
    {oid::kResponseInfo, "CMC ResponseInfo", print_request_id},
}};

ControlText control_text(const asn1::Oid& type) {
  for (const auto& control : kControls) {
    if (control.type == type) return control;
  }
  const auto* kind = cmc::find_control_kind(type);
  return {type, kind == nullptr ? std::string_view("unknown control") : kind->name, print_nothing};
}

}  // namespace

std::string_view status_name(cmc::CMCStatus status) {
  switch (status) {
    case cmc::CMCStatus::success:
      return "success";
    case cmc::CMCStatus::failed:
      return "failed";
    case cmc::CMCStatus::pending:
      return "pending";
    case cmc::CMCStatus::noSupport:
      return "not supported";
    case cmc::CMCStatus::confirmRequired:
      return "confirm required";
    case cmc::CMCStatus::popRequired:
      return "pop required";
    case cmc::CMCStatus::partial:
      return "partial";
  }
  return "unknown";
}

std::string octets_text(ByteView octets) {
  const auto text = as_text(octets);
  // What CMCRequest would read as something else is no text either: its values are trimmed.
  const bool is_text =
      !text.empty() && !text.starts_with("0x") && !text.starts_with("0X") && text.front() != ' ' &&
      text.back() != ' ' &&
      std::ranges::all_of(text, [](char letter) { return letter >= ' ' && letter <= '~'; });
  return is_text ? std::string(text) : "0x" + to_hex(octets);
}

std::string body_list_text(const std::vector<cmc::BodyPartReference>& references) {
  std::string text;
  for (const auto& reference : references) {
    std::string one;
    if (const auto* id = std::get_if<cmc::BodyPartID>(&reference)) {
      one = std::to_string(id->value);
    } else {
      for (const auto& step : std::get<cmc::BodyPartPath>(reference)) {
        one += (one.empty() ? "" : ".") + std::to_string(step.value);
      }
    }
    text += (text.empty() ? "" : " ") + one;
  }
  return text;
}

void print_certificates(std::ostream& out, const std::vector<pkix::Certificate>& certificates) {
  out << "Certificates: \n";
  for (const auto& certificate : certificates) {
    out << "    Certificate: \n        Data: \n            Version:  v" << certificate->version
        << "\n            Serial Number: " << serial_text(certificate->serial_number)
        << "\n            Signature Algorithm: "
        << crypto::signature_algorithm_name(certificate->signature) << " - "
        << certificate->signature.algorithm.to_text()
        << "\n            Issuer: " << tool::printable(pkix::to_text(certificate->issuer))
        << "\n            Validity: \n                Not Before: "
        << to_text(certificate->validity.not_before)
        << "\n                Not  After: " << to_text(certificate->validity.not_after)
        << "\n            Subject: " << tool::printable(pkix::to_text(certificate->subject))
        << "\n";
  }
}

Result<void> print_controls(std::ostream& out, const cmc::PKIResponse& response) {
  out << "Number of controls is " << response.control_sequence.size() << "\n";
  std::size_t number = 0;
  for (const auto& control : response.control_sequence) {
    const auto text = control_text(control.attr_type);
    out << "Control #" << number++ << ": " << text.name
        << "\n   OID: " << oid_text(control.attr_type) << "\n";
    if (control.attr_values.size() != 1) {
      return Error{Fault::malformed,
                   "the control " + std::string(text.name) + " has not one value"};
    }
    TRY(text.print(out, control.attr_values.front()));
  }
  return {};
}

}  // namespace signet::dogtag
