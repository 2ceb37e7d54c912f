#include "adapters/files/secret_file.h"

#include "adapters/files/file.h"
#include "adapters/files/split.h"
#include "codec/asn1/utf8.h"
#include "crypto/digest.h"

namespace signet::files {
namespace {

constexpr std::size_t kLeastSecretOctets = 16;
constexpr std::size_t kMostFields = 3;

Error at(const std::string& path, std::size_t line, const std::string& what) {
  return {Fault::bad_configuration, path + ":" + std::to_string(line) + ": " + what};
}

Result<void> read_line(std::string_view line, SecretFile::Entries& entries, const std::string& path,
                       std::size_t number) {
  const auto fields = split(line, '\t');
  if (fields.size() < 2 || fields.size() > kMostFields || fields[0].empty()) {
    return at(path, number, "a line is: identification, tab, secret, and maybe tab, subject");
  }
  if (fields[1].size() < kLeastSecretOctets) {
    return at(path, number, "the secret has fewer than 16 octets");
  }
  const std::string subject{fields.size() == kMostFields ? fields[2] : std::string_view{}};
  const auto added = entries.try_emplace(std::string{fields[0]},
                                         SecretFile::Entry{SecretBytes{fields[1]}, subject});
  if (added.second) return {};
  return at(path, number, "'" + std::string{fields[0]} + "' stands in the file twice");
}

}  // namespace

Result<SecretFile> SecretFile::read(const std::string& path) {
  const auto file = TRY(read_private_file(path));
  if (!asn1::is_utf8(file.view())) return at(path, 1, "the file is not UTF-8");
  Entries entries;
  std::size_t number = 0;
  for (auto line : split(file.text(), '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    TRY(read_line(line, entries, path, number));
  }
  return SecretFile{std::move(entries)};
}

Result<std::optional<proof::SharedSecret>> SecretFile::find(std::string_view identification) const {
  const auto found = entries_.find(identification);
  if (found == entries_.end()) return std::optional<proof::SharedSecret>{};
  const auto& [name, entry] = *found;
  Bytes named = crypto::sha256(as_bytes(name));
  append(named, entry.secret.view());
  const SecretBytes both{std::move(named)};
  return std::optional{proof::SharedSecret{.octets = entry.secret.copy(),
                                           .token_id = crypto::sha256(both.view()),
                                           .subject = entry.subject,
                                           .expires_at = std::nullopt,
                                           .uses_allowed = 1}};
}

}  // namespace signet::files
