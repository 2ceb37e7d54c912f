#include "apps/exchange/pending_file.h"

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/tool/report.h"
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

Result<void> tell_pending(const PendingAnswer& pending, const std::string& path, AskAgain next,
                          Context& context) {
  const auto& [pend_info, sender_nonce] = pending;
  const auto ask_after = signet::to_text(pend_info.pend_time);
  if (!path.empty()) {
    const Json object{{"pend_token", to_hex(pend_info.pend_token)},
                      {"ask_after", ask_after},
                      {"sender_nonce", to_hex(sender_nonce)}};
    TRY(files::write_file(path, as_bytes(object.dump(2) + "\n")));
  }
  context.exit_status = kNotYet;
  if (context.json) {
    write_json(context.out, {{"ok", false},
                             {"pending", true},
                             {"pend_token", to_hex(pend_info.pend_token)},
                             {"ask_after", ask_after}});
    return {};
  }
  context.out << "pending         " << to_hex(pend_info.pend_token) << "\n";
  context.err << "The request waits for a person's decision. "
              << (next == AskAgain::by_poll ? "Ask from " + ask_after +
                                                  " on what became of it, with --url, --ca and who "
                                                  "signs as before:\n  signet poll" +
                                                  place_of(path) + " …\n"
                                            : "The next run of this command from " + ask_after +
                                                  " on asks what became of it\n");
  return {};
}

Result<PendingAnswer> read_pending_file(const std::string& path) {
  const auto octets = TRY(files::read_file(path));
  const auto object = Json::parse(as_text(octets), nullptr, false);
  if (!object.is_object() || !object.contains("ask_after") || !object["ask_after"].is_string()) {
    return malformed_pending_file(path);
  }
  PendingAnswer pending;
  pending.pend_info.pend_token = TRY(pending_hex_member(object, "pend_token", path));
  const auto ask_after = object["ask_after"].get<std::string>();
  pending.pend_info.pend_time = TRY(time_from_text(ask_after));
  pending.sender_nonce = TRY(pending_hex_member(object, "sender_nonce", path));
  return pending;
}

Result<void> forget_pending(const std::string& path) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (!error) return {};
  return Error{Fault::storage_failed, path + " cannot be removed: " + error.message()};
}

}  // namespace signet::tool
