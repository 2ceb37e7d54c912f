#include "apps/operator/certificate_list.h"

#include <algorithm>
#include <sstream>

#include "apps/tool/read_json.h"
#include "apps/tool/report.h"

namespace signet::tool {
namespace {

/// Columns are as wide as what stands in so many rows.
constexpr std::size_t kRowsOfBlock = 100;
constexpr std::size_t kDayLetters = sizeof "2026-11-23" - 1;
constexpr std::size_t kStateLetters = sizeof "revoked" - 1;
/// A longer subject than that moves the profile behind it alone.
constexpr std::size_t kMostPadded = 48;

/// Of UTF-8, roughly the columns that a terminal takes.
std::size_t letters_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char octet) {
    return (static_cast<unsigned char>(octet) & 0xC0) != 0x80;
  }));
}

/// As a column and the gap behind it.
std::string padded(const std::string& text, std::size_t width) {
  const auto letters = letters_of(text);
  return text + std::string(letters < width ? width - letters : 0, ' ') + "  ";
}

std::string serial_text(const store::CertificateRecord& record) {
  return "0x" + record.serial_number.to_hex();
}

Json certificate_to_json(const store::CertificateRecord& record, Time now) {
  Json json{{"serial_number", serial_text(record)},
            {"subject", subject_text(record)},
            {"status", state_name(state_of(record, now))},
            {"not_before", signet::to_text(record.not_before)},
            {"not_after", signet::to_text(record.not_after)},
            {"issued_at", signet::to_text(record.issued_at)},
            {"profile", record.profile_id},
            {"requester", record.requester},
            {"key_hash", to_hex(record.key_hash)}};
  if (record.revoked_at) {
    json["revoked_at"] = signet::to_text(*record.revoked_at);
    json["reason"] = pkix::to_text(record.revocation_reason);
  }
  return json;
}

/// What `report` writes of it.
Json error_to_json(const Error& error, const std::string& command) {
  std::ostringstream written;
  Context context{.json = true, .out = written, .err = written};
  report(context, failure_of(error, command));
  const auto told = read_json(written.str());
  return told.ok() ? told->at("error") : Json::object();
}

}  // namespace

CertificateList::CertificateList(Context& context, std::ostream& out, Time now)
    : context_(context), out_(out), now_(now) {
  if (context_.json) out_ << "{\"certificates\":[";
}

void CertificateList::add(const store::CertificateRecord& record) {
  ++count_;
  if (context_.json) {
    if (count_ > 1) out_ << ",";
    out_ << json_text(certificate_to_json(record, now_));
    return;
  }
  block_.push_back({std::string(state_name(state_of(record, now_))),
                    signet::to_text(record.not_after).substr(0, kDayLetters), serial_text(record),
                    printable(subject_text(record)), printable(record.profile_id)});
  if (block_.size() == kRowsOfBlock) print_block();
}

void CertificateList::end(bool more) {
  if (context_.json) {
    out_ << "],\"more\":" << (more ? "true" : "false") << ",\"ok\":true}\n";
    return;
  }
  print_block();
  if (count_ == 0) context_.err << "None is found\n";
  if (more) context_.err << "There are more: --most N shows as many, --most 0 all\n";
}

void CertificateList::end(const Error& error) {
  context_.exit_status = 1;
  if (context_.json) {
    out_ << "],\"ok\":false,\"error\":" << json_text(error_to_json(error, context_.command))
         << "}\n";
    return;
  }
  print_block();
  report(context_, failure_of(error, context_.command));
}

void CertificateList::print_block() {
  if (block_.empty()) return;
  const bool is_first = count_ == block_.size();
  if (is_first) {
    block_.insert(block_.begin(), {"status", "ends", "serial number", "subject", "profile"});
  }
  for (const auto& row : block_) {
    serial_width_ = std::max(serial_width_, row.serial.size());
    subject_width_ = std::max(subject_width_, std::min(letters_of(row.subject), kMostPadded));
  }
  for (const auto& row : block_) print(row);
  block_.clear();
}

void CertificateList::print(const Row& row) {
  out_ << padded(row.state, kStateLetters) << padded(row.ends, kDayLetters)
       << padded(row.serial, serial_width_) << padded(row.subject, subject_width_) << row.profile
       << "\n";
}

}  // namespace signet::tool
