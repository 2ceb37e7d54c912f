#include "apps/operator/profile_publish_command.h"

#include <filesystem>
#include <sstream>

#include "adapters/files/profile_folder.h"
#include "apps/folder/authority_folder.h"
#include "apps/folder/operator_journal.h"
#include "apps/tool/report.h"
#include "policy/profile_collection.h"

namespace signet::tool {
namespace {

using policy::CollectionChange;
using policy::ProfileCollection;

struct PublishOptions {
  std::string directory;
  std::string folder;  ///< empty: that of the authority
  bool only_check = false;
};

/// What would be published, and what it would replace.
struct Draft {
  std::vector<store::ProfileFile> files;
  ProfileCollection collection;
  std::uint64_t newest = 0;  ///< edition in the store; 0: none yet
  bool differs = true;       ///< from the newest
  CollectionChange change;
};

/// Line by line, as `signet profile check` tells them.
Error nothing_published(const Error& faults, Context& context) {
  if (context.json) return faults;
  std::istringstream lines(faults.detail);
  for (std::string line; std::getline(lines, line);) context.err << printable(line) << "\n";
  return {faults.fault, "nothing was published: the profiles named above cannot be used"};
}

/// An edition that this version cannot read offers nothing that could be told of.
ProfileCollection collection_of(const store::ProfileEdition& edition) {
  auto read = policy::read_collection(edition.files, "edition");
  return read.ok() ? *std::move(read) : ProfileCollection{};
}

Result<Draft> draft(const store::Engine& engine, const std::string& folder, Context& context) {
  Draft made;
  made.files = TRY(files::read_profile_folder(folder));
  auto collection = policy::read_collection(made.files, folder);
  if (!collection.ok()) return nothing_published(collection.error(), context);
  made.collection = *std::move(collection);
  ProfileCollection before;
  if (const auto edition = TRY(engine.find_profiles(0))) {
    made.newest = edition->number;
    made.differs = policy::digest_of(edition->files) != made.collection.digest;
    before = collection_of(*edition);
  }
  made.change = policy::change_between(before, made.collection);
  return made;
}

std::string joined(const std::vector<std::string>& ids) {
  std::string text;
  for (const auto& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text;
}

/// On record before it is done, and that it was not done, too.
Result<std::uint64_t> publish(store::Engine& engine, const Draft& made,
                              const std::string& directory, const Clock& clock) {
  const auto edition = "edition " + std::to_string(made.newest + 1);
  TRY(record_by_operator(directory, "CONFIG_CERT_PROFILE",
                         {{"Source", edition},
                          {"Added", joined(made.change.added)},
                          {"Changed", joined(made.change.changed)},
                          {"Withdrawn", joined(made.change.withdrawn)},
                          {"Digest", made.collection.digest}},
                         clock));
  auto number = engine.publish_profiles(made.files, made.newest, clock.now());
  if (number.ok()) return number;
  TRY(record_failure_of_operator(directory, "CONFIG_CERT_PROFILE",
                                 {{"Source", edition}, {"Info", number.error().detail}}, clock));
  if (number.error().fault != Fault::already_exists) return number.error();
  return Error{Fault::busy, number.error().detail + "; look at what is new, and publish again"};
}

void print_ids(std::ostream& out, const char* what, const std::vector<std::string>& ids) {
  if (!ids.empty()) out << what << printable(joined(ids)) << "\n";
}

void print_draft(std::ostream& out, const Draft& made, std::uint64_t edition) {
  print_ids(out, "added           ", made.change.added);
  print_ids(out, "changed         ", made.change.changed);
  print_ids(out, "withdrawn       ", made.change.withdrawn);
  if (edition != 0) {
    out << "published       edition " << edition << "; every node takes it within a second\n";
  } else if (!made.differs) {
    out << "unchanged       edition " << made.newest << " holds these files: nothing to publish\n";
  } else {
    out << "checked         can be published as edition " << made.newest + 1 << "\n";
  }
}

Json draft_to_json(const Draft& made, std::uint64_t edition) {
  return {{"ok", true},
          {"published", edition != 0},
          {"edition", edition != 0 ? edition : made.newest},
          {"added", made.change.added},
          {"changed", made.change.changed},
          {"withdrawn", made.change.withdrawn},
          {"digest", made.collection.digest}};
}

Result<void> run(const PublishOptions& options, Context& context, const Clock& clock) {
  const auto authority = TRY(read_authority_folder(options.directory));
  const auto engine = TRY(open_store(authority));
  const auto folder = options.folder.empty() ? authority.profiles : options.folder;
  const auto made = TRY(draft(*engine, folder, context));
  std::uint64_t edition = 0;  // none was published
  if (made.differs && !options.only_check) {
    edition = TRY(publish(*engine, made, options.directory, clock));
  }
  if (context.json) {
    write_json(context.out, draft_to_json(made, edition));
  } else {
    print_draft(context.out, made, edition);
  }
  if (!authority.profiles_from_store) {
    context.err << "note: " << printable(authority.configuration)
                << " does not say profiles_from = \"store\": its node reads its own folder\n";
  }
  return {};
}

}  // namespace

void add_publish_command(CLI::App& profile, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<PublishOptions>();
  auto* publishing = profile.add_subcommand(
      "publish", "Give a folder of profiles to all nodes of an authority, through its store");
  publishing->add_option("FOLDER", options->folder, "Of *.cfg; that of the authority if not given");
  publishing->add_option("--directory", options->directory, "The authority's folder")
      ->required()
      ->type_name("DIR");
  publishing->add_flag("--check", options->only_check, "Tell what would change; publish nothing");
  publishing->footer(
      "Example:\n  signet profile publish /srv/signet/profiles --directory /srv/signet");
  publishing->callback([options, &context, &surroundings] {
    report(context, run(*options, context, surroundings.clock));
  });
}

}  // namespace signet::tool
