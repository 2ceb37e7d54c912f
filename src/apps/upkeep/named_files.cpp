#include "apps/upkeep/named_files.h"

#include <algorithm>

#include "apps/tool/file_pair.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

/// The files of an authority as they are found.
class Gathering {
 public:
  void add(const std::string& path, Need need) {
    const bool is_new = std::none_of(files_.begin(), files_.end(),
                                     [&](const auto& other) { return other.path == path; });
    if (!path.empty() && is_new) files_.push_back({path, need});
  }
  void add(const HolderFiles& holder, Need certificate) {
    add(holder.certificate, certificate);
    add(holder.key, Need::may_follow);
    add(holder.passphrase_file, Need::may_follow);
  }
  std::vector<NamedFile> take() { return std::move(files_); }

 private:
  std::vector<NamedFile> files_;
};

/// A service that was set and never had its certificate made has no key either.
Need need_of_service(const HolderFiles& service) {
  return is_there(service.key) ? Need::always : Need::where_it_was;
}

}  // namespace

std::vector<NamedFile> named_files(const AuthorityFolder& folder) {
  Gathering all;
  all.add(folder.configuration, Need::always);
  all.add(folder.store, Need::always);
  for (const auto& journal : journals_of(folder)) all.add(journal, Need::where_it_was);
  all.add(folder.generations_file, folder.generations.empty() ? Need::where_it_was : Need::always);
  all.add(folder.first, Need::always);
  for (const auto& each : folder.generations) {
    all.add({each.certificate, each.key, each.key_passphrase_file}, Need::always);
    all.add(each.cross_certificates, Need::always);
  }
  for (const auto* service : {&folder.tls, &folder.cmc, &folder.encryption, &folder.agent}) {
    all.add(*service, need_of_service(*service));
  }
  all.add(folder.store_key, Need::may_follow);
  all.add(folder.profiles, Need::may_follow);
  return all.take();
}

std::vector<HolderFiles> holders_of(const AuthorityFolder& folder) {
  std::vector<HolderFiles> all{folder.first};
  for (const auto& each : folder.generations) {
    all.push_back({each.certificate, each.key, each.key_passphrase_file});
  }
  for (const auto* files : {&folder.tls, &folder.cmc, &folder.encryption, &folder.agent}) {
    if (!files->certificate.empty()) all.push_back(*files);
  }
  return all;
}

std::vector<std::string> journals_of(const AuthorityFolder& folder) {
  return {folder.journal, (fs::path(folder.directory) / "operator.jsonl").string()};
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const auto relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace signet::tool
