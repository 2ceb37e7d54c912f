#include "apps/signetd/profile_watch.h"

#include <algorithm>
#include <filesystem>
#include <map>

namespace signet::server {
namespace {

/// After a failure of the disk or of the database.
constexpr std::chrono::seconds kAfterProfileFailure{1};

std::string joined(const std::vector<std::string>& ids) {
  std::string text;
  for (const auto& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text;
}

/// Ids of the profiles that are there with enable=false.
std::vector<std::string> not_enabled(const FoundProfiles& found,
                                     const policy::ProfileCollection& collection) {
  std::vector<std::string> ids;
  for (const auto& file : *found.files) {
    const auto& others = collection.left_out;
    if (std::find(others.begin(), others.end(), file.name) != others.end()) continue;
    const auto id = std::filesystem::path(file.name).stem().string();
    if (collection.profiles.find(id) == nullptr) ids.push_back(id);
  }
  return ids;
}

/// Without "policyset.SET.ID.": what is said of a policy, whatever its number. Its line tells
/// which.
std::string in_common(const std::string& reason) {
  if (!reason.starts_with("policyset.")) return reason;
  std::size_t at = 0;
  for (int dots = 0; dots < 3; ++dots) {
    const auto end = reason.find_first_of(".: ", at);
    if (end == std::string::npos || reason[end] != '.') return reason;
    at = end + 1;
  }
  return reason.substr(at);
}

/// What shows each place. An edition of the store lies in no folder here.
std::string where_each_is_told(const std::string& place) {
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(place, ignored);
  return "signet profile check " + (is_folder ? place : std::string("FOLDER"));
}

/// One line for all places where the same is doubtful: Dogtag's profiles have much in common, and
/// with their names in it a warning that is about one alone would drown.
void tell_warnings(const std::vector<policy::ProfileFault>& warnings, const std::string& place,
                   Log& log) {
  std::map<std::string, std::vector<const policy::ProfileFault*>> places;
  for (const auto& fault : warnings) places[in_common(fault.reason)].push_back(&fault);
  for (const auto& fault : warnings) {
    const auto reason = in_common(fault.reason);
    const auto& alike = places[reason];
    if (alike.front() != &fault) continue;  // told already
    if (alike.size() == 1) {
      log.write(Log::Level::warning, "profile", {{"fault", to_text(fault)}});
      continue;
    }
    log.write(Log::Level::warning, "profile",
              {{"fault", reason},
               {"places", std::to_string(alike.size())},
               {"see", where_each_is_told(place)}});
  }
}

/// A message that names no profile would be refused where its default is absent: no fault, but
/// seldom meant.
void warn(const FoundProfiles& found, const policy::ProfileCollection& collection,
          const std::vector<std::string>& defaults, Log& log) {
  for (const auto& fault : collection.errors) {
    log.write(Log::Level::error, "profile", {{"not_offered", to_text(fault)}});
  }
  tell_warnings(collection.warnings, found.place, log);
  const auto disabled = not_enabled(found, collection);
  for (const auto& id : disabled) {
    log.write(Log::Level::info, "profile", {{"there_but_not_enabled", id}});
  }
  for (const auto& id : defaults) {
    if (collection.profiles.find(id) != nullptr) continue;
    const bool is_there = std::find(disabled.begin(), disabled.end(), id) != disabled.end();
    log.write(Log::Level::warning, "profile",
              {{is_there ? "default_not_enabled" : "default_absent", id}});
  }
}

Result<policy::ProfileCollection> read(const FoundProfiles& found) {
  if (!found.files.ok()) return found.files.error();
  return policy::read_collection(*found.files, found.place, policy::WithErrors::leave_out);
}

/// One with errors is left out from the start. Later it must not take what is offered away, nor
/// hinder others: unless it was left out already, all stays as it is.
bool has_new_errors(const policy::ProfileCollection& before,
                    const policy::ProfileCollection& after) {
  return !std::includes(before.left_out.begin(), before.left_out.end(), after.left_out.begin(),
                        after.left_out.end());
}

}  // namespace

Result<BegunProfiles> begin_profiles(std::unique_ptr<ProfileSource> source,
                                     std::vector<std::string> defaults, Log& log) {
  const auto found = TRY(source->begin());
  auto collection = TRY(read(found));
  warn(found, collection, defaults, log);
  return BegunProfiles{std::move(source), found.place, std::move(collection), std::move(defaults)};
}

std::chrono::milliseconds ProfileWatch::look() {
  const auto haste =
      in_haste_.exchange(false) ? ProfileSource::Haste::at_once : ProfileSource::Haste::none;
  notice(parts_.begun.source->look(haste));
  if (!answers_) return kAfterProfileFailure;
  if (!untaken_) return parts_.begun.source->pause();
  const auto taken = take(*untaken_);
  if (!taken.ok() && records_) {
    parts_.log.write(Log::Level::error, "profiles_not_taken", {{"why", taken.error().detail}});
  }
  records_ = taken.ok();
  if (taken.ok()) {
    untaken_.reset();
    return parts_.begun.source->pause();
  }
  is_current_ = false;
  return kAfterProfileFailure;
}

/// A source that does not answer is told of once: the old profiles stay, and it is asked again.
void ProfileWatch::notice(Result<std::optional<FoundProfiles>> found) {
  if (!found.ok() && answers_) {
    parts_.log.write(Log::Level::error, "profiles_not_seen", {{"why", found.error().detail}});
  }
  answers_ = found.ok();
  if (found.ok() && *found) untaken_ = *std::move(found);
}

/// Faults: what could not be recorded is not done.
Result<void> ProfileWatch::take(const FoundProfiles& found) {
  auto next = read(found);
  if (!next.ok()) return refuse(found, next.error());
  if (has_new_errors(parts_.begun.collection, *next)) return refuse(found, unusable(*next));
  return offer(found, *std::move(next));
}

Result<void> ProfileWatch::offer(const FoundProfiles& found, policy::ProfileCollection next) {
  auto& now = parts_.begun.collection;
  if (is_current_ && next.digest == now.digest) return {};
  const auto change = policy::change_between(now, next);
  const auto added = joined(change.added);
  const auto changed = joined(change.changed);
  const auto withdrawn = joined(change.withdrawn);
  TRY(record(audit::EventOutcome::success, {{"Source", found.place},
                                            {"Added", added},
                                            {"Changed", changed},
                                            {"Withdrawn", withdrawn},
                                            {"Digest", next.digest}}));
  parts_.offered->offer(next.profiles);
  is_current_ = true;
  parts_.log.write(Log::Level::info, "profiles_taken",
                   {{"from", found.place},
                    {"added", added},
                    {"changed", changed},
                    {"withdrawn", withdrawn},
                    {"digest", next.digest}});
  warn(found, next, parts_.begun.defaults, parts_.log);
  now = std::move(next);
  is_whole_ = now.left_out.empty();
  return {};
}

Result<void> ProfileWatch::refuse(const FoundProfiles& found, const Error& why) {
  is_current_ = false;
  TRY(record(audit::EventOutcome::failure, {{"Source", found.place}, {"Info", why.detail}}));
  parts_.log.write(Log::Level::error, "profiles_refused",
                   {{"from", found.place}, {"why", why.detail}, {"offered", "those of before"}});
  return {};
}

Result<void> ProfileWatch::record(audit::EventOutcome outcome, std::vector<audit::Field> fields) {
  fields.insert(fields.begin(), {"SubjectID", "$System$"});
  store::Commit commit;
  commit.events.push_back(
      {"CONFIG_CERT_PROFILE", parts_.clock.now_precise(), outcome, std::move(fields)});
  const auto recorded = parts_.committer.commit(std::move(commit));
  if (recorded.durable()) return {};
  return recorded.failed.value_or(
      Error{Fault::storage_failed, "the change of profiles could not be recorded"});
}

}  // namespace signet::server
