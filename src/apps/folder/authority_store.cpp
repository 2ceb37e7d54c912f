#include "apps/folder/authority_store.h"

#include <toml++/toml.h>

#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/postgres/postgres_engine.h"
#include "adapters/sqlite/sqlite_engine.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStoreFile = "store.db";

struct StoreSettings {
  std::string engine = "sqlite";
  std::string path = kStoreFile;
  std::string uri;
};

Result<StoreSettings> read_settings(const fs::path& file) {
  StoreSettings settings;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return settings;
  const auto text = TRY(files::read_file(file));
  try {
    const auto table = toml::parse(as_text(text), file.string());
    const auto store = table["store"];
    settings.engine = store["engine"].value_or(settings.engine);
    settings.path = store["path"].value_or(settings.path);
    settings.uri = store["uri"].value_or(settings.uri);
  } catch (const toml::parse_error& error) {
    return Error{Fault::bad_configuration, file.string() + ":" +
                                               std::to_string(error.source().begin.line) + ": " +
                                               std::string(error.description())};
  }
  return settings;
}

Result<std::unique_ptr<store::Engine>> open_database(const std::string& uri) {
  auto engine = TRY(postgres::PostgresEngine::open(uri));
  return std::unique_ptr<store::Engine>(std::move(engine));
}

Result<std::unique_ptr<store::Engine>> open_file(const fs::path& path) {
  auto engine = TRY(sqlite::SqliteEngine::open(path));
  return std::unique_ptr<store::Engine>(std::move(engine));
}

}  // namespace

Result<std::unique_ptr<store::Engine>> open_authority_store(const std::string& directory) {
  const auto settings = TRY(read_settings(fs::path{directory} / "signetd.toml"));
  if (settings.engine == "postgres") return open_database(settings.uri);
  const auto path = fs::path{directory} / settings.path;
  std::error_code ignored;
  if (fs::exists(path, ignored)) return open_file(path);
  return Error{Fault::storage_failed,
               path.string() + " is not there: name the folder that `signet ca init` made"};
}

Result<std::unique_ptr<store::Engine>> make_authority_store(const std::string& directory,
                                                            const std::string& uri) {
  return uri.empty() ? open_file(fs::path{directory} / kStoreFile) : open_database(uri);
}

}  // namespace signet::tool
