#include "client/pki_response.h"

#include <algorithm>

#include "codec/cmc/controls.h"

namespace signet::client {
namespace {

// Each is a signature to verify.
constexpr std::size_t kMostBodies = 8;

std::string text_of(const cmc::BodyPartPath& path) {
  std::string text;
  for (const auto id : path) text += (text.empty() ? "" : ", ") + std::to_string(id.value);
  return "{" + text + "}";
}

Error leads_nowhere(const cmc::BodyPartPath& path, const std::string& why) {
  return {Fault::malformed, "responseBody of the answer names the message " + text_of(path) + ", " +
                                why + ": whoever answered erred; ask them for the answer"};
}

/// The PKIResponse of a message that stands in an answer.
Result<cmc::PKIResponse> read_body(const cms::ContentInfo& message) {
  if (message.content_type == cms::oid::kAuthenticatedData) {
    const auto data = TRY(cms::read_authenticated_data(message.content, kAnswerLimits));
    return cmc::read_pki_response(TRY(pki_response_in(data.encap_content_info)), kAnswerLimits);
  }
  const auto data = TRY(cms::read_signed_data(message.content, kAnswerLimits));
  return cmc::read_pki_response(TRY(pki_response_in(data.encap_content_info)), kAnswerLimits);
}

/// Walks inwards: each number names a message in the one before.
Result<cms::ContentInfo> body_at(const cmc::BodyPartPath& path, const cmc::PKIResponse& outer) {
  cms::ContentInfo found;
  auto around = outer;
  for (const auto id : path) {
    const auto* message = cmc::find_message(around.cms_sequence, id);
    if (message == nullptr) return leads_nowhere(path, "which is not there");
    found = message->content_info;
    auto inside = read_body(found);
    if (!inside.ok()) return leads_nowhere(path, "which holds no PKIResponse");
    around = std::move(inside).value();
  }
  return found;
}

}  // namespace

Result<ByteView> pki_response_in(const cms::EncapsulatedContentInfo& content) {
  if (content.e_content_type == cmc::oid::kPKIResponse && content.e_content) {
    return ByteView{*content.e_content};
  }
  return Error{Fault::malformed, "the answer holds content of type " +
                                     content.e_content_type.to_text() +
                                     " instead of a PKIResponse (1.3.6.1.5.5.7.12.3)"};
}

//= C87 RFC 10004 §5.2: responseBody is read
Result<std::vector<cms::ContentInfo>> response_bodies(const cmc::PKIResponse& response) {
  std::vector<cmc::BodyPartPath> paths;
  std::vector<cms::ContentInfo> bodies;
  for (const auto& control : response.control_sequence) {
    if (control.attr_type != cmc::oid::kResponseBody) continue;
    if (control.attr_values.size() != 1) {
      return Error{Fault::malformed, "a responseBody of the answer has not one value"};
    }
    auto path = TRY(cmc::read_body_part_list_value(control.attr_values.front()));
    if (std::find(paths.begin(), paths.end(), path) != paths.end()) continue;
    if (path.size() >= kMostResponsesDeep) return leads_nowhere(path, "too deep to be looked for");
    if (bodies.size() == kMostBodies) {
      return Error{Fault::too_large, "the answer names more than " + std::to_string(kMostBodies) +
                                         " further ones by responseBody"};
    }
    bodies.push_back(TRY(body_at(path, response)));
    paths.push_back(std::move(path));
  }
  return bodies;
}

}  // namespace signet::client
