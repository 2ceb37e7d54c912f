#include "apps/upkeep/renewal_watch.h"

#include <sys/stat.h>

#include <filesystem>

#include "apps/tool/file_pair.h"

namespace signet::tool {
namespace {

std::vector<HolderFiles> pairs_of(const AuthorityFolder& folder) {
  std::vector<HolderFiles> pairs;
  for (const auto& files :
       {folder.current(), folder.tls, folder.cmc, folder.encryption, folder.agent}) {
    if (!files.certificate.empty()) pairs.push_back(files);
  }
  return pairs;
}

}  // namespace

RenewalWatch::Mark RenewalWatch::mark_of(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return {path};  // in a token, or not there
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return {path, about.st_ino, about.st_mtim.tv_sec * kNanoseconds + about.st_mtim.tv_nsec};
}

Result<RenewalWatch> RenewalWatch::begin(const AuthorityFolder& folder) {
  std::vector<Mark> marks;
  for (const auto& files : pairs_of(folder)) {
    marks.push_back(mark_of(files.certificate));
    marks.push_back(mark_of(files.key));
  }
  // A roll-over leaves the earlier files as they are, and begins to count with one of these.
  marks.push_back(mark_of(folder.generations_file));
  marks.push_back(mark_of((std::filesystem::path{folder.directory} / "signetd.toml").string()));
  // After the marks: what takes its place from here on is seen at the end.
  for (const auto& files : pairs_of(folder)) {
    if (!is_half_replaced(files)) continue;
    return Error{
        Fault::busy,
        files.certificate + ".new waits to take its place beside " + files.key +
            ": where signet ca renew (or install-certificate) is at work, wait until it "
            "has ended; where it was broken off, run it again, which brings it to its end"};
  }
  return RenewalWatch(std::move(marks));
}

Result<void> RenewalWatch::end() const {
  for (const auto& mark : marks_) {
    if (mark == mark_of(mark.path)) continue;
    return Error{Fault::busy, mark.path +
                                  " was replaced while the authority was copied, by signet ca "
                                  "renew or rollover it seems: do it again"};
  }
  return {};
}

}  // namespace signet::tool
