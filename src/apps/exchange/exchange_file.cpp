#include "apps/exchange/exchange_file.h"

#include <limits>

#include "apps/tool/read_json.h"
#include "base/encoding.h"

namespace signet::tool {
namespace {

constexpr int kVersion = 1;

Error malformed_member(const std::string& member) {
  return {Fault::malformed, "the exchange file has no proper \"" + member +
                                "\": use the file that was made with the request"};
}

Result<std::string> text_member(const Json& object, const std::string& name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return malformed_member(name);
  return found->get<std::string>();
}

Result<Bytes> hex_member(const Json& object, const std::string& name) {
  const auto text = TRY(text_member(object, name));
  return from_hex(text);
}

Result<pkix::SubjectPublicKeyInfo> key_member(const Json& object) {
  const auto text = TRY(text_member(object, "key"));
  const auto der = TRY(from_base64(text));
  return pkix::read_subject_public_key_info(der);
}

Result<cmc::BodyPartID> id_member(const Json& object) {
  const auto found = object.find("id");
  if (found == object.end() || !found->is_number_unsigned()) return malformed_member("id");
  const auto number = found->get<std::uint64_t>();
  if (number == 0 || number > std::numeric_limits<std::uint32_t>::max())
    return malformed_member("id");
  return cmc::BodyPartID{static_cast<std::uint32_t>(number)};
}

}  // namespace

std::string write_exchange(const client::SentRequest& sent) {
  Json object{{"exchange", kVersion},
              {"transaction_id", to_hex(sent.transaction_id.octets)},
              {"sender_nonce", to_hex(sent.sender_nonce)}};
  if (sent.data_return) object["data_return"] = to_hex(*sent.data_return);
  object["requests"] = Json::array();
  for (std::size_t at = 0; at < sent.keys.size(); ++at) {
    Json request{{"id", sent.request_ids[at].value}, {"key", to_base64(sent.keys[at].der)}};
    if (at < sent.tagged_requests.size()) {
      request["tagged_request"] = to_base64(sent.tagged_requests[at]);
    }
    object["requests"].push_back(std::move(request));
  }
  if (sent.link_random) object["link_random"] = to_hex(*sent.link_random);
  return object.dump(2) + "\n";
}

Result<client::SentRequest> read_exchange(std::string_view text) {
  const auto read = read_json_object(text);
  if (!read.ok() || !read->contains("exchange") || read->at("exchange") != kVersion) {
    return malformed_member("exchange");
  }
  const auto& object = *read;
  client::SentRequest sent;
  sent.transaction_id.octets = TRY(hex_member(object, "transaction_id"));
  if (sent.transaction_id.octets.empty()) return malformed_member("transaction_id");
  sent.sender_nonce = TRY(hex_member(object, "sender_nonce"));
  if (object.contains("data_return")) sent.data_return = TRY(hex_member(object, "data_return"));
  const auto requests = object.find("requests");
  if (requests == object.end() || !requests->is_array() || requests->size() != 1) {
    return malformed_member("requests");
  }
  for (const auto& request : *requests) {
    if (!request.is_object()) return malformed_member("requests");
    sent.request_ids.push_back(TRY(id_member(request)));
    sent.keys.push_back(TRY(key_member(request)));
    if (!request.contains("tagged_request")) continue;
    const auto tagged = TRY(text_member(request, "tagged_request"));
    sent.tagged_requests.push_back(TRY(from_base64(tagged)));
  }
  if (object.contains("link_random")) sent.link_random = TRY(hex_member(object, "link_random"));
  return sent;
}

}  // namespace signet::tool
