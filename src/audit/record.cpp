#include <cstdio>

#include "audit/chain.h"
#include "audit/json_text.h"
#include "base/encoding.h"
#include "crypto/digest.h"

namespace signet::audit {
namespace {

constexpr std::size_t kHashHexDigits = 64;

std::string_view to_text(EventOutcome outcome) {
  return outcome == EventOutcome::success ? "success" : "failure";
}

/// Room for a record without growing: its values, and for each field its name and marks.
std::size_t expected_octets(const Event& event) {
  std::size_t octets = 320 + event.name.size();
  for (const auto& field : event.fields) octets += field.name.size() + field.value.size() + 6;
  return octets;
}

void write_fields(std::string& line, const std::vector<Field>& fields) {
  line += '{';
  for (const auto& field : fields) {
    if (line.back() != '{') line += ',';
    write_json_string(line, field.name);
    line += ':';
    write_json_string(line, field.value);
  }
  line += '}';
}

Result<std::vector<Field>> read_fields(JsonCursor& cursor) {
  std::vector<Field> fields;
  TRY(cursor.expect("{"));
  while (!cursor.next_is('}')) {
    if (!fields.empty()) TRY(cursor.expect(","));
    auto& field = fields.emplace_back();
    field.name = TRY(cursor.read_string());
    TRY(cursor.expect(":"));
    field.value = TRY(cursor.read_string());
  }
  TRY(cursor.expect("}"));
  return fields;
}

Result<EventOutcome> read_outcome(JsonCursor& cursor) {
  const auto text = TRY(cursor.read_string());
  for (const auto outcome : {EventOutcome::success, EventOutcome::failure}) {
    if (to_text(outcome) == text) return outcome;
  }
  return Error{Fault::malformed, "the outcome is neither success nor failure"};
}

/// The form that to_text(PreciseTime) writes, and no other.
Result<PreciseTime> read_time(JsonCursor& cursor) {
  const auto text = TRY(cursor.read_string());
  int year = 0, millisecond = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const int found = std::sscanf(text.c_str(), "%4d-%2u-%2uT%2u:%2u:%2u.%3dZ", &year, &month, &day,
                                &hour, &minute, &second, &millisecond);
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (found == 7 && date.ok()) {
    const PreciseTime time = std::chrono::sys_days{date} + std::chrono::hours{hour} +
                             std::chrono::minutes{minute} + std::chrono::seconds{second} +
                             std::chrono::milliseconds{millisecond};
    if (signet::to_text(time) == text) return time;
  }
  return Error{Fault::malformed, "the time is not written as 2026-11-23T14:46:20.123Z"};
}

Result<Bytes> read_hash(JsonCursor& cursor) {
  const auto text = TRY(cursor.read_string());
  const bool lower_case_hex = text.size() == kHashHexDigits &&
                              text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!lower_case_hex) return Error{Fault::malformed, "a hash is not 64 lower-case hex digits"};
  return from_hex(text);
}

/// Of a whole record: all but its last member, ,"hash":"…"}
std::string_view hashed_part(std::string_view line) {
  constexpr auto kHashMember = std::string_view(R"(,"hash":""})").size() + kHashHexDigits;
  return line.substr(0, line.size() - kHashMember);
}

void append_record(std::string& text, const Event& event, ChainHead& head) {
  const auto begin = text.size();
  text += R"({"sequence":)";
  text += std::to_string(head.sequence + 1);
  text += R"(,"time":")";
  text += signet::to_text(event.time);
  text += R"(","event":)";
  write_json_string(text, event.name);
  text += R"(,"outcome":")";
  text += to_text(event.outcome);
  text += R"(","fields":)";
  write_fields(text, event.fields);
  text += R"(,"previous":")";
  text += to_hex(head.hash);
  text += '"';

  const auto hashed = std::string_view(text).substr(begin);
  head = {.sequence = head.sequence + 1, .hash = crypto::sha256(as_bytes(hashed))};
  text += R"(,"hash":")";
  text += to_hex(head.hash);
  text += R"("})";
}

}  // namespace

std::string write_record(const Event& event, ChainHead& head) {
  std::string line;
  line.reserve(expected_octets(event));
  append_record(line, event, head);
  return line;
}

std::string write_records(std::span<const Event* const> events, ChainHead& head) {
  std::size_t octets = 0;
  for (const auto* event : events) octets += expected_octets(*event);
  std::string lines;
  lines.reserve(octets);
  for (const auto* event : events) {
    append_record(lines, *event, head);
    lines += '\n';
  }
  return lines;
}

Result<Record> read_record(std::string_view line) {
  Record record;
  JsonCursor cursor(line);
  TRY(cursor.expect(R"({"sequence":)"));
  record.sequence = TRY(cursor.read_number());
  TRY(cursor.expect(R"(,"time":)"));
  record.event.time = TRY(read_time(cursor));
  TRY(cursor.expect(R"(,"event":)"));
  record.event.name = TRY(cursor.read_string());
  TRY(cursor.expect(R"(,"outcome":)"));
  record.event.outcome = TRY(read_outcome(cursor));
  TRY(cursor.expect(R"(,"fields":)"));
  record.event.fields = TRY(read_fields(cursor));
  TRY(cursor.expect(R"(,"previous":)"));
  record.previous = TRY(read_hash(cursor));
  TRY(cursor.expect(R"(,"hash":)"));
  record.hash = TRY(read_hash(cursor));
  TRY(cursor.expect("}"));
  TRY(cursor.finish());
  if (record.hash != crypto::sha256(as_bytes(hashed_part(line)))) {
    return Error{Fault::malformed,
                 "its contents do not match its hash: changed after it was written"};
  }
  return record;
}

}  // namespace signet::audit
