#include "adapters/files/generations_file.h"

#include <charconv>
#include <filesystem>
#include <optional>

#include "adapters/files/file.h"
#include "adapters/files/split.h"

namespace signet::files {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFields = 6;
constexpr std::string_view kNone = "-";
constexpr std::string_view kHead =
    "# The keys of this authority after its first, which signetd.toml names. The last one issues;\n"
    "# each signs CRLs and OCSP delegations about what it issued. Made by `signet ca rollover`.\n"
    "# certificate\tkey\tpassphrase file\tcross-certificates\tfirst CRL shard\tsince\n";

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

/// A token's key is no path.
std::string absolute(const fs::path& folder, std::string_view field) {
  if (field == kNone) return {};
  if (field.starts_with("pkcs11:") || field.starts_with("nss:")) return std::string(field);
  return (folder / field).lexically_normal();
}

std::string relative(const fs::path& folder, const std::string& path) {
  if (path.empty()) return std::string(kNone);
  const auto beside = fs::path(path).parent_path() == folder;
  return beside ? fs::path(path).filename().string() : path;
}

std::optional<Generation> read_line(const fs::path& folder, std::string_view line) {
  const auto fields = split(line, '\t');
  if (fields.size() != kFields) return std::nullopt;
  const auto shard = number_of<std::uint32_t>(fields[4]);
  const auto since = number_of<std::int64_t>(fields[5]);
  if (!shard || !since) return std::nullopt;
  return Generation{absolute(folder, fields[0]),
                    absolute(folder, fields[1]),
                    absolute(folder, fields[2]),
                    absolute(folder, fields[3]),
                    *shard,
                    Time{std::chrono::seconds{*since}}};
}

Error wrong_line(const std::string& path, std::size_t number, const std::string& why) {
  return {Fault::bad_configuration, path + ":" + std::to_string(number) + ": " + why};
}

/// A link that leads nowhere is there, and so is what may not be looked at: reading says why not.
/// Without it, the first key would issue again.
bool is_absent(const std::string& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() == fs::file_type::not_found;
}

}  // namespace

Result<std::vector<Generation>> read_generations(const std::string& path) {
  std::vector<Generation> generations;
  if (is_absent(path)) return generations;
  const auto folder = fs::absolute(path).parent_path();
  const auto text = TRY(read_file(path));
  std::size_t number = 0;
  for (const auto line : split(as_text(text), '\n')) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    auto read = read_line(folder, line);
    if (!read) {
      return wrong_line(path, number, "wanted are six fields between tabs, the last two numbers");
    }
    const auto before = generations.empty() ? 0 : generations.back().first_crl_shard;
    if (read->first_crl_shard <= before) {
      return wrong_line(path, number,
                        "the first CRL shard must come after those of the line before");
    }
    generations.push_back(*std::move(read));
  }
  return generations;
}

Result<void> write_generations(const std::string& path,
                               const std::vector<Generation>& generations) {
  const auto folder = fs::absolute(path).parent_path();
  std::string text(kHead);
  for (const auto& each : generations) {
    for (const auto* field :
         {&each.certificate, &each.key, &each.key_passphrase_file, &each.cross_certificates}) {
      text += relative(folder, *field) + "\t";
    }
    text += std::to_string(each.first_crl_shard) + "\t" +
            std::to_string(each.since.time_since_epoch().count()) + "\n";
  }
  return write_file(path, as_bytes(text));
}

}  // namespace signet::files
