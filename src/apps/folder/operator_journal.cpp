#include "apps/folder/operator_journal.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "adapters/files/descriptor.h"

namespace signet::tool {
namespace {

constexpr const char* kJournal = "operator.jsonl";
constexpr int kTries = 50;
constexpr std::chrono::milliseconds kPause{100};

/// "root (0)"
std::string account() {
  const auto user = ::getuid();
  const auto* entry = ::getpwuid(user);
  const std::string name = entry != nullptr ? entry->pw_name : "?";
  return name + " (" + std::to_string(user) + ")";
}

/// The mode that files::JournalFile makes one with.
constexpr mode_t kJournalMode = 0640;

/// Made by root in a folder of the server's account, it would be closed to who runs the tool as
/// that account. It is given by the descriptor that made it, where nothing stood: whoever may write
/// in the folder can have no other file given away, by whatever he calls it. Where that fails it
/// stays root's, as what root makes is.
void make_for_owner_of_folder(const std::string& directory) {
  if (::geteuid() != 0) return;
  const files::Descriptor folder(files::uninterrupted(
      [&] { return ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  struct stat about {};
  if (!folder.is_open() || ::fstat(folder.number(), &about) != 0) return;
  const files::Descriptor made(files::uninterrupted([&] {
    return ::openat(folder.number(), kJournal, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                    kJournalMode);
  }));
  if (!made.is_open()) return;  // it is there, or opening it says why it cannot be
  static_cast<void>(::fchown(made.number(), about.st_uid, about.st_gid) == 0);
}

}  // namespace

/// Others hold it for an instant only. Who may write in the folder may not have root write through
/// a link to where root alone may.
Result<std::unique_ptr<files::JournalFile>> open_operator_journal(const std::string& directory) {
  const auto path = (std::filesystem::path{directory} / kJournal).string();
  make_for_owner_of_folder(directory);
  auto journal = files::JournalFile::open(path, files::JournalFile::Links::refused);
  for (int tries = 1; tries < kTries; ++tries) {
    if (journal.ok() || journal.error().fault != Fault::busy) break;
    std::this_thread::sleep_for(kPause);
    journal = files::JournalFile::open(path, files::JournalFile::Links::refused);
  }
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

Error undone(const OperatorDeed& deed, const Error& why, const Clock& clock) {
  auto fields = deed.fields;
  fields.push_back({"Info", "not done: " + why.detail});
  const auto recorded =
      record_failure_of_operator(deed.directory, deed.event, std::move(fields), clock);
  if (recorded.ok()) return why;
  return {why.fault,
          why.detail +
              "; the operator's journal tells it as done, since its failure could not be "
              "recorded: " +
              recorded.error().detail};
}

}  // namespace signet::tool
