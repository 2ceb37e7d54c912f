#include "apps/folder/operator_journal.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

namespace signet::tool {
namespace {

constexpr int kTries = 50;
constexpr std::chrono::milliseconds kPause{100};

/// "root (0)"
std::string account() {
  const auto user = ::getuid();
  const auto* entry = ::getpwuid(user);
  const std::string name = entry != nullptr ? entry->pw_name : "?";
  return name + " (" + std::to_string(user) + ")";
}

/// Made by root in a folder of the server's account, it would be closed to who runs the tool as
/// that account.
void give_to_owner_of_folder(const std::string& path, const std::string& directory) {
  struct stat folder {};
  struct stat journal {};
  if (::geteuid() != 0 || ::stat(directory.c_str(), &folder) != 0) return;
  const bool is_new = ::lstat(path.c_str(), &journal) == 0 && S_ISREG(journal.st_mode) &&
                      journal.st_size == 0 && journal.st_nlink == 1;
  if (!is_new) return;
  // Where that fails it stays root's, as what root makes is.
  static_cast<void>(::lchown(path.c_str(), folder.st_uid, folder.st_gid) == 0);
}

}  // namespace

/// Others hold it for an instant only.
Result<std::unique_ptr<files::JournalFile>> open_operator_journal(const std::string& directory) {
  const auto path = (std::filesystem::path{directory} / "operator.jsonl").string();
  auto journal = files::JournalFile::open(path);
  for (int tries = 1; tries < kTries; ++tries) {
    if (journal.ok() || journal.error().fault != Fault::busy) break;
    std::this_thread::sleep_for(kPause);
    journal = files::JournalFile::open(path);
  }
  if (journal.ok()) give_to_owner_of_folder(path, directory);
  return journal;
}

audit::Event operator_event(std::string event, std::vector<audit::Field> fields,
                            const Clock& clock) {
  fields.push_back({"Operator", account()});
  return {std::move(event), clock.now_precise(), audit::EventOutcome::success, std::move(fields)};
}

Result<void> record_by_operator(const std::string& directory, std::string event,
                                std::vector<audit::Field> fields, const Clock& clock) {
  const auto journal = TRY(open_operator_journal(directory));
  const auto deed = operator_event(std::move(event), std::move(fields), clock);
  return journal->append({&deed});
}

Result<void> record_failure_of_operator(const std::string& directory, std::string event,
                                        std::vector<audit::Field> fields, const Clock& clock) {
  const auto journal = TRY(open_operator_journal(directory));
  auto failure = operator_event(std::move(event), std::move(fields), clock);
  failure.outcome = audit::EventOutcome::failure;
  return journal->append({&failure});
}

}  // namespace signet::tool
