#include "apps/folder/authority_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "adapters/files/descriptor.h"
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

/// `access`: R_OK, W_OK of who runs this.
Result<void> check_file(const std::string& path, int access) {
  if (::faccessat(AT_FDCWD, path.c_str(), access, AT_EACCESS) != 0) {
    if (errno != ENOENT) return files::system_error("use the store", path);
    return Error{Fault::storage_failed,
                 path + " is not there: name the folder that `signet ca init` made"};
  }
  std::error_code unknown;
  if (fs::file_size(path, unknown) != 0 || unknown) return {};
  // It would be made a store that knows of nothing.
  return Error{Fault::storage_failed,
               path + " is empty: bring it back from a backup (signet ca restore)"};
}

/// Where a store is.
struct Place {
  bool is_database = false;
  std::string name;  ///< the URI of a database, or a file
};

Result<Place> place_of_store(const std::string& directory) {
  const auto configuration = TRY(read_folder_configuration(directory));
  if (!configuration) return Place{false, (fs::path{directory} / kStoreFile).string()};
  const auto& settings = configuration->store;
  if (settings.engine == server::StoreEngine::postgres) return Place{true, settings.uri};
  if (settings.engine == server::StoreEngine::sqlite) return Place{false, settings.path};
  return Error{Fault::bad_configuration,
               "the store is the server's own memory ([store] engine = \"memory\" in "
               "signetd.toml): nobody else can look into it"};
}

}  // namespace

Result<std::unique_ptr<store::Engine>> open_authority_store(const std::string& directory) {
  const auto place = TRY(place_of_store(directory));
  if (place.is_database) return open_database(place.name);
  TRY(check_file(place.name, R_OK | W_OK));
  return open_file(place.name);
}

Result<std::unique_ptr<const store::Engine>> look_into_authority_store(
    const std::string& directory) {
  using Looking = std::unique_ptr<const store::Engine>;
  const auto place = TRY(place_of_store(directory));
  if (place.is_database) return Looking(TRY(postgres::PostgresEngine::open_to_read(place.name)));
  TRY(check_file(place.name, R_OK));
  return Looking(TRY(sqlite::SqliteEngine::open_to_read(place.name)));
}

Result<void> check_database(const std::string& uri) {
  if (uri.starts_with("postgresql://") || uri.starts_with("postgres://")) return {};
  return Error{Fault::bad_configuration,
               "--store \"" + uri + "\" is no PostgreSQL URI: it begins with postgresql://"};
}

Result<void> check_reachable(const std::string& uri) {
  return uri.empty() ? Result<void>() : postgres::PostgresEngine::check(uri);
}

Result<std::unique_ptr<store::Engine>> make_authority_store(const std::string& directory,
                                                            const std::string& uri) {
  return uri.empty() ? open_file(fs::path{directory} / kStoreFile) : open_database(uri);
}

}  // namespace signet::tool
