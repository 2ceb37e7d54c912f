#include "apps/tool/message_file.h"

#include <algorithm>

#include "adapters/files/file.h"
#include "apps/tool/file_kind.h"
#include "base/encoding.h"

namespace signet::tool {
namespace {

constexpr std::string_view kPemBegin = "-----BEGIN ";
constexpr std::string_view kPrivateKey = "PRIVATE KEY";

bool is_base64_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char character) {
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z') ||
           (character >= '0' && character <= '9') || character == '+' || character == '/' ||
           character == '=' || character == '\n' || character == '\r' || character == ' ' ||
           character == '\t';
  });
}

Result<std::vector<FileObject>> unwrap_pem(std::string_view text) {
  std::vector<FileObject> objects;
  for (auto& block : TRY(from_pem(text))) {
    if (block.label.ends_with(kPrivateKey)) {
      return Error{Fault::not_allowed, "the file holds a private key (" + block.label +
                                           "): keys are not looked at or sent"};
    }
    objects.push_back({Wrapping::pem, std::move(block.label), std::move(block.octets)});
  }
  return objects;
}

}  // namespace

Result<std::vector<FileObject>> unwrap(ByteView file) {
  const auto text = as_text(file);
  if (file.empty()) return Error{Fault::malformed, "the file is empty"};
  if (text.find(kPemBegin) != std::string_view::npos) return unwrap_pem(text);
  if (is_base64_text(text)) {
    if (auto octets = from_base64(text); octets.ok()) {
      return std::vector<FileObject>{{Wrapping::base64, "", *std::move(octets)}};
    }
  }
  if (is_plain_text(file)) return Error{Fault::malformed, "it is text, neither PEM nor base64"};
  return std::vector<FileObject>{{Wrapping::binary, "", to_bytes(file)}};
}

Result<Bytes> read_message_file(const std::string& path) {
  const auto file = TRY(files::read_file(path));
  auto objects = unwrap(file);
  if (!objects.ok()) return Error{objects.error().fault, path + ": " + objects.error().detail};
  //= F01 RFC 10003 §4: a file holds one message
  if (objects->size() != 1) {
    return Error{Fault::malformed, path + " holds " + std::to_string(objects->size()) +
                                       " PEM blocks; one message a file is wanted"};
  }
  return std::move(objects->front().octets);
}

}  // namespace signet::tool
