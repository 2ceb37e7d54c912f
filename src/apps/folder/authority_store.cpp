#include "apps/folder/authority_store.h"

#include <filesystem>

#include "adapters/postgres/postgres_engine.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "apps/folder/folder_configuration.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStoreFile = "store.db";

Result<std::unique_ptr<store::Engine>> open_database(const std::string& uri) {
  auto engine = TRY(postgres::PostgresEngine::open(uri));
  return std::unique_ptr<store::Engine>(std::move(engine));
}

Result<std::unique_ptr<store::Engine>> open_file(const fs::path& path) {
  auto engine = TRY(sqlite::SqliteEngine::open(path));
  return std::unique_ptr<store::Engine>(std::move(engine));
}

Result<std::unique_ptr<store::Engine>> open_existing_file(const fs::path& path) {
  std::error_code absent;
  const auto octets = fs::file_size(path, absent);
  // One that is empty would be made a store that knows of nothing.
  if (!absent && octets == 0) {
    return Error{Fault::storage_failed,
                 path.string() + " is empty: bring it back from a backup (signet ca restore)"};
  }
  if (!absent) return open_file(path);
  return Error{Fault::storage_failed,
               path.string() + " is not there: name the folder that `signet ca init` made"};
}

}  // namespace

Result<std::unique_ptr<store::Engine>> open_authority_store(const std::string& directory) {
  const auto configuration = TRY(read_folder_configuration(directory));
  if (!configuration) return open_existing_file(fs::path{directory} / kStoreFile);
  const auto& settings = configuration->store;
  if (settings.engine == "postgres") return open_database(settings.uri);
  if (settings.engine == "sqlite") return open_existing_file(settings.path);
  return Error{Fault::bad_configuration,
               "the store is the server's own memory ([store] engine = \"memory\" in "
               "signetd.toml): nobody else can look into it"};
}

Result<void> check_database(const std::string& uri) {
  if (uri.starts_with("postgresql://") || uri.starts_with("postgres://")) return {};
  return Error{Fault::bad_configuration,
               "--store \"" + uri + "\" is no PostgreSQL URI: it begins with postgresql://"};
}

Result<std::unique_ptr<store::Engine>> make_authority_store(const std::string& directory,
                                                            const std::string& uri) {
  return uri.empty() ? open_file(fs::path{directory} / kStoreFile) : open_database(uri);
}

}  // namespace signet::tool
