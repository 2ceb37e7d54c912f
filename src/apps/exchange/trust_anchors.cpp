#include "apps/exchange/trust_anchors.h"

#include <algorithm>
#include <filesystem>

#include "adapters/files/file.h"
#include "apps/tool/credentials.h"
#include "apps/tool/read_json.h"
#include "base/encoding.h"
#include "crypto/digest.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

std::string memory_of(const AnchorFiles& files) {
  return files.anchors + ".anchors.json";
}

/// What was accepted before: {"CN=…": {"sequence_number": "hex", …}}.
Result<Json> read_memory(const AnchorFiles& files) {
  std::error_code ignored;
  if (!fs::exists(memory_of(files), ignored)) return Json(Json::object());
  const auto text = TRY(files::read_file(memory_of(files)));
  auto memory = read_json_object(as_text(text));
  if (memory.ok()) return memory;
  return Error{Fault::malformed, memory_of(files) +
                                     " is no JSON object: it tells which trust "
                                     "anchors were accepted last"};
}

Result<asn1::Integer> last_number(const Json& memory, const std::string& authority) {
  const auto found = memory.find(authority);
  if (found == memory.end()) return asn1::Integer{};
  const auto number = text_member_of(*found, "sequence_number");
  if (!number.empty()) return asn1::Integer::from_unsigned(TRY(from_hex(number)));
  return Error{Fault::malformed,
               "the file of the trust anchors that were accepted last has no "
               "sequence_number for " +
                   authority};
}

/// A set is accepted once: what it named is remembered beside its number.
Result<void> remember(const AnchorFiles& files, Json memory,
                      const client::PublishedAnchors& published, Time now) {
  Json anchors = Json::array();
  for (const auto& anchor : published.anchors()) {
    anchors.push_back(to_hex(crypto::sha256(anchor.der)));
  }
  memory[pkix::to_text(published.authority())] = {
      {"sequence_number", published.sequence_number().to_hex()},
      {"accepted_at", signet::to_text(now)},
      {"sha256", anchors}};
  return files::write_file(memory_of(files), as_bytes(memory.dump(2) + "\n"));
}

std::vector<pkix::Certificate> not_among(const std::vector<pkix::Certificate>& trusted,
                                         const std::vector<pkix::Certificate>& named) {
  std::vector<pkix::Certificate> fresh;
  for (const auto& each : named) {
    if (std::find(trusted.begin(), trusted.end(), each) == trusted.end()) fresh.push_back(each);
  }
  return fresh;
}

/// The number of the last set lies beside them.
Result<void> check_are_in_a_file(const AnchorFiles& files) {
  if (!files::is_left_in_place(files.anchors)) return {};
  return Error{Fault::bad_configuration,
               "--ca " + files.anchors +
                   " is no file, and which set of trust anchors was accepted last is remembered "
                   "beside it: give the file itself"};
}

Result<void> keep_old_anchors(const AnchorFiles& files) {
  if (files.out != files.anchors) return {};
  return files::write_file(files.anchors + ".old", TRY(files::read_file(files.anchors)));
}

}  // namespace

std::string anchor_text(const pkix::Certificate& anchor) {
  return printable(pkix::to_text(anchor->subject)) + ", until " +
         signet::to_text(anchor->validity.not_after) + ", SHA-256 " +
         to_hex(crypto::sha256(anchor.der));
}

Result<std::vector<pkix::Certificate>> accept_anchors(const AnchorFiles& files,
                                                      const client::PublishedAnchors& published,
                                                      Time now) {
  auto trusted = TRY(read_certificates_file(files.anchors));
  const auto fresh = not_among(trusted, published.anchors());
  if (fresh.empty()) return fresh;
  TRY(check_are_in_a_file(files));
  auto memory = TRY(read_memory(files));
  //= E133 RFC 10002 §6.15: each authority's sets are counted by themselves
  const auto last = TRY(last_number(memory, pkix::to_text(published.authority())));
  TRY(client::check_is_newer(published, last));
  TRY(keep_old_anchors(files));
  trusted.insert(trusted.end(), fresh.begin(), fresh.end());
  TRY(files::write_file(files.out, as_bytes(pkix::to_pem(trusted))));
  TRY(remember(files, std::move(memory), published, now));
  return fresh;
}

Result<void> check_is_new(const std::string& file) {
  const auto memory = memory_of({file, file});
  std::error_code ignored;
  for (const auto& each : {file, memory}) {
    if (!fs::exists(each, ignored)) continue;
    return Error{Fault::already_exists,
                 each +
                     " is there, of roots that were accepted before: give their file as --ca, "
                     "or choose another --output"};
  }
  return {};
}

Result<void> write_first_anchors(const std::string& file, const client::PublishedAnchors& published,
                                 Time now) {
  TRY(check_is_new(file));
  const AnchorFiles files{file, file};
  TRY(files::write_file(file, as_bytes(pkix::to_pem(published.anchors()))));
  return remember(files, Json::object(), published, now);
}

Result<void> take_anchors(const client::CheckedResponse& checked, const std::string& anchors,
                          AnchorUse use, Context& context, Time now) {
  const auto& found =
      checked.published_anchors ? checked.published_anchors : checked.anchors_by_secret;
  if (!found) return {};
  const auto& published = *found;
  if (!published.ok()) {
    context.err << "Trust anchors that the answer names are passed over: "
                << printable(published.error().detail) << "\n";
    return {};
  }
  // A secret may be known to others than the authority, which alone adds to what is trusted.
  const bool is_signed = checked.published_anchors.has_value();
  const bool accepts = use == AnchorUse::accept && is_signed;
  const auto fresh = accepts
                         ? TRY(accept_anchors({anchors, anchors}, *published, now))
                         : not_among(TRY(read_certificates_file(anchors)), published->anchors());
  for (const auto& anchor : fresh) {
    context.err << (accepts ? "New trust anchor in " + anchors + ": "
                            : std::string("The authority announces a new trust anchor: "))
                << anchor_text(anchor) << "\n";
  }
  if (!fresh.empty() && !accepts) {
    context.err << (is_signed ? "  To trust it: signet get --trust-anchors, or "
                                "--accept-trust-anchors\n"
                              : "  Said under the secret alone, and never added to what is trusted "
                                "already: signet get --trust-anchors\n");
  }
  return {};
}

}  // namespace signet::tool
