#include "client/pki_response.h"

#include <algorithm>
#include <map>

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

Error no_pki_response(const asn1::Oid& type) {
  return {Fault::malformed, "the answer is a ContentInfo of type " + type.to_text() +
                                " instead of a SignedData: no PKI Response"};
}

Result<cmc::PKIResponse> read_response_in(const cms::EncapsulatedContentInfo& content) {
  TRY(check_is_pki_response(content));
  return cmc::read_pki_response(*content.e_content, kAnswerLimits);
}

/// The responses in a response, each taken apart once, however many paths lead through it.
class ResponsesWithin {
 public:
  explicit ResponsesWithin(const cmc::PKIResponse& outer) : outer_(outer) {}

  /// Walks inwards: each number names a message in the one before.
  Result<void> walk(const cmc::BodyPartPath& path) {
    const auto* around = &outer_;
    cmc::BodyPartPath walked;
    for (const auto id : path) {
      walked.push_back(id);
      auto found = found_.find(walked);
      if (found == found_.end()) {
        const auto* message = cmc::find_message(around->cms_sequence, id);
        if (message == nullptr) return leads_nowhere(path, "which is not there");
        auto inside = read_unverified(message->content_info);
        if (!inside.ok() || !inside->response.ok()) {
          return leads_nowhere(path, "which holds no PKIResponse");
        }
        found = found_.emplace(walked, std::move(inside).value()).first;
      }
      around = &*found->second.response;
    }
    return {};
  }
  /// What a walk led to, when all walks are done.
  UnverifiedResponse take(const cmc::BodyPartPath& path) { return std::move(found_.at(path)); }

 private:
  const cmc::PKIResponse& outer_;
  std::map<cmc::BodyPartPath, UnverifiedResponse> found_;
};

}  // namespace

const std::vector<pkix::Certificate>& UnverifiedResponse::certificates() const {
  static const std::vector<pkix::Certificate> kNone;
  if (const auto* data = std::get_if<cms::SignedData>(&layer)) return data->certificates;
  const auto& info = std::get<cms::AuthenticatedData>(layer).originator_info;
  return info ? info->certificates : kNone;
}

bool UnverifiedResponse::has_certificates_alone() const {
  const auto* data = std::get_if<cms::SignedData>(&layer);
  return data != nullptr && !data->encap_content_info.e_content && data->signer_infos.empty();
}

Result<UnverifiedResponse> read_unverified(const cms::ContentInfo& message) {
  if (message.content_type == cms::oid::kAuthenticatedData) {
    auto data = TRY(cms::read_authenticated_data(message.content, kAnswerLimits));
    auto response = read_response_in(data.encap_content_info);
    return UnverifiedResponse{std::move(data), std::move(response)};
  }
  if (message.content_type != cms::oid::kSignedData) return no_pki_response(message.content_type);
  auto data = TRY(cms::read_signed_data(message.content, kAnswerLimits));
  auto response = read_response_in(data.encap_content_info);
  return UnverifiedResponse{std::move(data), std::move(response)};
}

Result<void> check_is_pki_response(const cms::EncapsulatedContentInfo& content) {
  if (content.e_content_type == cmc::oid::kPKIResponse && content.e_content) return {};
  return Error{Fault::malformed, "the answer holds content of type " +
                                     content.e_content_type.to_text() +
                                     " instead of a PKIResponse (1.3.6.1.5.5.7.12.3)"};
}

//= C87 RFC 10004 §5.2: responseBody is read
Result<std::vector<UnverifiedResponse>> response_bodies(const cmc::PKIResponse& response) {
  std::vector<cmc::BodyPartPath> paths;
  ResponsesWithin within{response};
  for (const auto& control : response.control_sequence) {
    if (control.attr_type != cmc::oid::kResponseBody) continue;
    if (control.attr_values.size() != 1) {
      return Error{Fault::malformed, "a responseBody of the answer has not one value"};
    }
    auto path = TRY(cmc::read_body_part_list_value(control.attr_values.front()));
    if (std::find(paths.begin(), paths.end(), path) != paths.end()) continue;
    if (path.size() >= kMostResponsesDeep) return leads_nowhere(path, "too deep to be looked for");
    if (paths.size() == kMostBodies) {
      return Error{Fault::too_large, "the answer names more than " + std::to_string(kMostBodies) +
                                         " further ones by responseBody"};
    }
    TRY(within.walk(path));
    paths.push_back(std::move(path));
  }
  std::vector<UnverifiedResponse> bodies;
  for (const auto& path : paths) bodies.push_back(within.take(path));
  return bodies;
}

}  // namespace signet::client
