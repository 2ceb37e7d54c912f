#include "apps/tool/signer_file.h"

#include <optional>

#include "adapters/files/file.h"
#include "apps/tool/credentials.h"

namespace signet::tool {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kDashes = "-----";

/// Where a PEM block stands in a text.
struct Place {
  std::size_t at;
  std::size_t size;
};

/// The block that begins at `at`; nothing where its lines are cut off, which reading it tells.
std::optional<Place> private_key_at(std::string_view text, std::size_t at) {
  const auto label_at = at + kBegin.size();
  const auto label_end = text.find(kDashes, label_at);
  if (label_end == std::string_view::npos) return std::nullopt;
  const std::string label(text.substr(label_at, label_end - label_at));
  const auto end = "-----END " + label + "-----";
  const auto end_at = text.find(end, label_end);
  if (!label.ends_with("PRIVATE KEY") || end_at == std::string_view::npos) return std::nullopt;
  return Place{at, end_at + end.size() - at};
}

/// Takes the private keys out of `file`: where they stood it holds zeros.
std::vector<SecretBytes> take_private_keys(Bytes& file) {
  std::vector<SecretBytes> keys;
  const auto text = as_text(file);
  for (auto at = text.find(kBegin); at != std::string_view::npos; at = text.find(kBegin, at + 1)) {
    const auto place = private_key_at(text, at);
    if (!place) continue;
    keys.emplace_back(text.substr(place->at, place->size));
    wipe(std::span(file).subspan(place->at, place->size));
  }
  return keys;
}

}  // namespace

Result<SignerFile> read_signer_file(const std::string& path) {
  auto file = TRY(files::read_file(path));
  auto keys = take_private_keys(file);
  if (!keys.empty() && as_text(file).find(kBegin) == std::string_view::npos) {
    return Error{Fault::malformed, path + " holds no certificate: it holds a private key alone"};
  }
  return SignerFile{TRY(read_certificates_in(file, path)), std::move(keys)};
}

}  // namespace signet::tool
