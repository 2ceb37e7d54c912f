#include "apps/upkeep/folder_findings.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "apps/folder/folder_configuration.h"
#include "apps/tool/file_pair.h"
#include "apps/upkeep/backup.h"
#include "apps/upkeep/rollover.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

using Findings = std::vector<FolderFinding>;

// ------------------------------------------------------------ the store

void judge_crl(const store::CrlRecord& crl, const std::string& file, Time now, Findings& found) {
  const auto name = "of shard " + std::to_string(crl.shard);
  if (crl.next_update < now) {
    found.push_back({"CRL", file, name + " is overdue since " + to_text(crl.next_update),
                     "see that signetd runs, and what its log says of CRLs"});
  }
  // Two machines' clocks differ by less.
  if (crl.this_update > now + std::chrono::minutes{5}) {
    found.push_back({"CRL", file, name + " is of the future: " + to_text(crl.this_update),
                     "set this machine's clock, then restart signetd, which makes another one"});
  }
}

void look_at_crls(const store::Engine& engine, const std::string& file, Time now, Findings& found) {
  const auto shards = engine.crl_shards();
  for (std::uint32_t shard = 0; shards.ok() && shard < *shards; ++shard) {
    const auto crl = engine.find_crl({.shard = shard, .parts = store::CrlParts::without_der});
    if (!crl.ok()) {
      found.push_back({"store", file, crl.error().detail, ""});
      return;
    }
    if (*crl) judge_crl(**crl, file, now, found);
  }
  if (!shards.ok()) found.push_back({"store", file, shards.error().detail, ""});
}

/// A server's memory: nobody else can look into it.
bool is_in_memory(const AuthorityFolder& folder) {
  const auto configuration = read_folder_configuration(folder.directory);
  return configuration.ok() && *configuration &&
         (*configuration)->store.engine == server::StoreEngine::memory;
}

/// The words of a store that cannot be opened say what to do.
void look_at_store(const AuthorityFolder& folder, const StoreAsOpened& engine, Time now,
                   Findings& found) {
  if (engine.ok()) return look_at_crls(**engine, folder.store, now, found);
  if (is_in_memory(folder)) return;
  const bool is_gone = !folder.store.empty() && !is_there(folder.store);
  found.push_back({"store", folder.store,
                   is_gone ? folder.store + " is not there" : engine.error().detail,
                   is_gone ? "bring it back from a backup: signet ca restore" : ""});
}

// ------------------------------------------------------------ the folder

void look_at_journal(const AuthorityFolder& folder, Findings& found) {
  if (folder.journal.empty() || is_there(folder.journal)) return;
  found.push_back({"journal", folder.journal, folder.journal + " is not there",
                   "where a copy is, keep it beside the one that signetd begins when it starts"});
}

/// A command at work has what it writes for some seconds, and a backup for as long as it takes.
bool is_old(const fs::path& path) {
  std::error_code error;
  const auto changed = fs::last_write_time(path, error);
  return !error && changed + std::chrono::minutes{1} < fs::file_time_type::clock::now();
}

/// KEY.new and CERTIFICATE.new of a renewal, or the FILE.??????.new of files::Replacement; what an
/// operator calls signetd.toml.new is his own.
bool is_begun(const fs::path& path) {
  constexpr std::size_t kDrawn = 7;  // a dot and six letters
  const auto of = path.stem().extension().string();
  return path.extension() == ".new" && (of == ".key" || of == ".pem" || of.size() == kDrawn);
}

void look_for_leavings(const AuthorityFolder& folder, Findings& found) {
  std::vector<std::string> left;
  std::error_code error;
  for (fs::directory_iterator entry(folder.directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_begun(entry->path()) && is_old(entry->path())) left.push_back(entry->path().string());
  }
  for (auto& name : left_by_restores(folder.directory)) {
    if (is_old(name)) left.push_back(std::move(name));
  }
  std::sort(left.begin(), left.end());
  for (const auto& name : left) {
    found.push_back({"left", name, name + " is what a command that was killed had begun",
                     "it may hold keys or secrets, a secret that is in force too: remove it when "
                     "the command was run again"});
  }
}

/// One at work has its files for some seconds before a generation names them.
void look_for_left_keys(const AuthorityFolder& folder, Findings& found) {
  for (const auto& name : left_by_rollovers(folder)) {
    if (!name.ends_with(".key") || !is_old(name)) continue;
    found.push_back({"left", name,
                     name + " is the key of a roll-over that did not end or was given up",
                     "find out whether it was certified, then move it out of the folder, with "
                     "what is called like it"});
  }
}

}  // namespace

std::vector<FolderFinding> findings_in(const AuthorityFolder& folder, const StoreAsOpened& engine,
                                       const Clock& clock) {
  Findings found;
  look_at_store(folder, engine, clock.now(), found);
  look_at_journal(folder, found);
  look_for_leavings(folder, found);
  look_for_left_keys(folder, found);
  return found;
}

}  // namespace signet::tool
