#include "apps/exchange/pending_file.h"

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/tool/credentials.h"
#include "apps/tool/read_json.h"
#include "apps/tool/shell_word.h"
#include "base/clock.h"
#include "base/encoding.h"

namespace signet::tool {
namespace {

Error malformed_pending_file(const std::string& path) {
  return {Fault::malformed, path + " is no file of a pending request: `signet enroll` makes one"};
}

Result<Bytes> pending_hex_member(const Json& object, const char* name, const std::string& path) {
  if (!object.contains(name) || !object[name].is_string()) return malformed_pending_file(path);
  return from_hex(object[name].get<std::string>());
}

/// Where `signet poll` looks for the file: in a folder, by the name that it has there.
std::string place_of(const std::string& path) {
  const std::filesystem::path file{path};
  if (file.filename() != "pending.json") return "";
  return " --output " + (file.has_parent_path() ? shell_word(file.parent_path().string()) : ".");
}

}  // namespace

Result<void> check_nothing_waits(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  return Error{Fault::already_exists,
               path +
                   ": an earlier request waits there for its answer, or for the rest of it, and "
                   "nothing could ask for that any more. Ask first (signet poll" +
                   place_of(path) +
                   " …); or choose another place, or remove that file to give it up"};
}

Result<void> keep_pending(const PendingAnswer& pending, const std::string& path) {
  if (path.empty()) return {};
  auto object = to_json(pending.pend_info);
  object["sender_nonce"] = to_hex(pending.sender_nonce);
  if (pending.has_certificate) object["has_certificate"] = true;
  if (!pending.certificates.empty()) object["certificates"] = pkix::to_pem(pending.certificates);
  return files::write_file(path, as_bytes(object.dump(2) + "\n"));
}

Json to_json(const cmc::PendInfo& pend_info) {
  return {{"pend_token", to_hex(pend_info.pend_token)},
          {"ask_after", signet::to_text(pend_info.pend_time)}};
}

std::string how_to_poll(const cmc::PendInfo& pend_info, const std::string& path) {
  return "Ask from " + signet::to_text(pend_info.pend_time) +
         " on what became of it, with --url, --ca and who signs as before:\n  signet poll" +
         place_of(path) + " …\n";
}

void print_pending(const cmc::PendInfo& pend_info, const PendingNews& news, Context& context) {
  news.out << "pending         " << to_hex(pend_info.pend_token) << "\n";
  context.err << (news.waits_for == WaitsFor::decision
                      ? "The request waits for a person's decision. "
                      : "The authority answers the rest of the request later. ")
              << (news.next == AskAgain::by_poll
                      ? how_to_poll(pend_info, news.path)
                      : "The next run of this command from " +
                            signet::to_text(pend_info.pend_time) + " on asks what became of it\n");
}

Result<PendingAnswer> read_pending_file(const std::string& path) {
  const auto octets = TRY(files::read_file(path));
  const auto read = read_json_object(as_text(octets));
  if (!read.ok()) return malformed_pending_file(path);
  const auto& object = *read;
  const auto ask_after = text_member_of(object, "ask_after");
  if (ask_after.empty()) return malformed_pending_file(path);
  PendingAnswer pending;
  pending.pend_info.pend_token = TRY(pending_hex_member(object, "pend_token", path));
  pending.pend_info.pend_time = TRY(time_from_text(ask_after));
  pending.sender_nonce = TRY(pending_hex_member(object, "sender_nonce", path));
  pending.has_certificate = object.contains("has_certificate") && object["has_certificate"] == true;
  if (object.contains("certificates")) {
    const auto pem = text_member_of(object, "certificates");
    pending.certificates = TRY(read_certificates_in(as_bytes(pem), path));
  }
  return pending;
}

Result<void> forget_pending(const std::string& path) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (!error) return {};
  return Error{Fault::storage_failed, path + " cannot be removed: " + error.message()};
}

}  // namespace signet::tool
