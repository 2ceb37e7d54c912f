#include "apps/enrollment/relay_files.h"

#include <filesystem>
#include <limits>
#include <map>
#include <set>

#include "adapters/files/file.h"
#include "apps/exchange/pending_file.h"
#include "apps/tool/file_pair.h"
#include "apps/tool/read_json.h"
#include "apps/tool/shell_word.h"
#include "base/clock.h"
#include "base/encoding.h"

namespace signet::tool {
namespace {

constexpr int kRelayVersion = 1;
//= F03 RFC 10003 §4: the extension .crp
constexpr const char* kAnswerExtension = ".crp";

std::filesystem::path whole_path(const std::filesystem::path& path) {
  std::error_code error;  // as where the working folder was removed: then it is taken as it stands
  const auto whole = std::filesystem::absolute(path, error);
  return (error ? path : whole).lexically_normal();
}

RelayPaths relay_paths_of(const std::string& message, const std::string& folder) {
  auto answer = std::filesystem::path{message}.replace_extension(kAnswerExtension);
  if (!folder.empty()) answer = std::filesystem::path{folder} / answer.filename();
  return {message, answer.string()};
}

Error two_for_one_file(const std::string& what, const std::string& other) {
  return {Fault::bad_configuration,
          what + " and " + other +
              " would be one file: give the messages other names, or relay them one by one with "
              "another --out-dir"};
}

Error no_relay_rest(const std::string& path) {
  return {Fault::malformed, path + " asks for the rest of no relay: `signet relay` makes the file"};
}

/// Whole paths: who asks for the rest may stand in another folder.
Json waiting_to_json(const MessageWaiting& waiting) {
  Json object{{"id", waiting.item.id.value},
              {"message", whole_path(waiting.paths.message).string()},
              {"answer", whole_path(waiting.paths.answer).string()}};
  if (waiting.item.sender_nonce) object["sender_nonce"] = to_hex(*waiting.item.sender_nonce);
  if (!waiting.inside_hash.empty()) object["inside_sha256"] = to_hex(waiting.inside_hash);
  return object;
}

Result<MessageWaiting> waiting_from_json(const Json& object) {
  MessageWaiting waiting;
  const Json none;
  const auto& id = member_or(object, "id", none);
  if (!id.is_number_unsigned() ||
      id.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max()) {
    return Error{Fault::malformed, "a message has no id"};
  }
  waiting.item.id = cmc::BodyPartID{id.get<std::uint32_t>()};
  if (object.contains("sender_nonce")) {
    waiting.item.sender_nonce = TRY(from_hex(text_member_of(object, "sender_nonce")));
  }
  waiting.paths = {text_member_of(object, "message"), text_member_of(object, "answer")};
  // Whoever changed the file is to have nothing else written over.
  const bool is_answer =
      std::filesystem::path{waiting.paths.answer}.extension() == kAnswerExtension;
  if (waiting.paths.message.empty() || !is_answer) {
    return Error{Fault::malformed, "a message has no files"};
  }
  waiting.inside_hash = TRY(from_hex(text_member_of(object, "inside_sha256")));
  return waiting;
}

Result<RelayRest> relay_rest_from_json(const Json& object) {
  RelayRest rest;
  rest.pend_info.pend_token = TRY(from_hex(text_member_of(object, "pend_token")));
  rest.pend_info.pend_time = TRY(time_from_text(text_member_of(object, "ask_after")));
  rest.transaction_id.octets = TRY(from_hex(text_member_of(object, "transaction_id")));
  rest.sender_nonce = TRY(from_hex(text_member_of(object, "sender_nonce")));
  std::set<std::string> answers;
  std::set<cmc::BodyPartID> ids;
  const auto nobody = Json::array();
  for (const auto& message : member_or(object, "messages", nobody)) {
    rest.messages.push_back(TRY(waiting_from_json(message)));
    const auto& [item, paths, hash] = rest.messages.back();
    if (!ids.insert(item.id).second || !answers.insert(paths.answer).second) {
      return Error{Fault::malformed, "two messages are one"};
    }
  }
  const bool is_whole = !rest.transaction_id.octets.empty() && !rest.messages.empty();
  return is_whole ? Result<RelayRest>(std::move(rest)) : Error{Fault::malformed, "nothing waits"};
}

}  // namespace

std::vector<RelayPaths> relay_paths(const std::vector<std::string>& messages,
                                    const std::string& folder) {
  std::vector<RelayPaths> paths;
  for (const auto& message : messages) paths.push_back(relay_paths_of(message, folder));
  return paths;
}

Result<void> check_relay_paths(const std::vector<std::string>& messages,
                               const std::string& folder) {
  std::map<std::filesystem::path, std::string> taken;
  for (const auto& message : messages) {
    const auto [at, is_new] = taken.emplace(whole_path(message), message);
    if (!is_new) return two_for_one_file(at->second, message);
  }
  for (const auto& paths : relay_paths(messages, folder)) {
    const auto what = "the answer to " + paths.message;
    const auto [at, is_new] = taken.emplace(whole_path(paths.answer), what);
    if (!is_new) return two_for_one_file(at->second, what);
  }
  return {};
}

std::string relay_rest_file(const std::vector<RelayPaths>& paths) {
  return std::filesystem::path{paths.front().answer}.replace_extension(".relay.json").string();
}

Result<void> keep_relay_rest(const RelayRest& rest, const std::string& path) {
  Json object{{"relay", kRelayVersion}};
  object.update(to_json(rest.pend_info));
  object["transaction_id"] = to_hex(rest.transaction_id.octets);
  object["sender_nonce"] = to_hex(rest.sender_nonce);
  for (const auto& waiting : rest.messages) object["messages"].push_back(waiting_to_json(waiting));
  return files::write_file(path, as_bytes(json_text(object) + "\n"));
}

Result<RelayRest> read_relay_rest(const std::string& path) {
  const auto octets = TRY(files::read_file(path));
  const auto object = read_json_object(as_text(octets));
  const Json none;
  if (!object.ok() || member_or(*object, "relay", none) != kRelayVersion) {
    return no_relay_rest(path);
  }
  auto rest = relay_rest_from_json(*object);
  return rest.ok() ? std::move(rest) : no_relay_rest(path);
}

Result<void> check_no_relay_waits(const std::string& path) {
  if (!is_there(path)) return {};
  return Error{Fault::already_exists,
               path +
                   ": answers to messages that were relayed before are waited for, and nothing "
                   "could ask for them any more. Ask first (signet relay --rest " +
                   shell_word(path) + " …), or remove that file to give them up"};
}

std::string how_to_ask_for_rest(const cmc::PendInfo& pend_info, const std::string& path) {
  return "Ask from " + signet::to_text(pend_info.pend_time) +
         " on, with --url, --ca and who signs as before:\n  signet relay --rest " +
         shell_word(path) + " …";
}

}  // namespace signet::tool
