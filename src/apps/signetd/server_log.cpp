#include "apps/signetd/server_log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

namespace signet::server {
namespace {

spdlog::level::level_enum level_of(Log::Level level) {
  switch (level) {
    case Log::Level::debug:
      return spdlog::level::debug;
    case Log::Level::info:
      return spdlog::level::info;
    case Log::Level::warning:
      return spdlog::level::warn;
    case Log::Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

class SpdLog final : public Log {
 public:
  explicit SpdLog(const Configuration::Logging& settings)
      : json_(settings.format == LogFormat::json),
        logger_("signetd", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_level(level_of(settings.level));
    logger_.set_pattern(json_ ? "%v" : "%Y-%m-%dT%H:%M:%S.%e %l %v");
  }

  void write(Level level, std::string_view event, std::initializer_list<Field> fields) override {
    const auto severity = level_of(level);
    if (!logger_.should_log(severity)) return;
    logger_.log(severity, "{}", json_ ? as_json(severity, event, fields) : as_line(event, fields));
    logger_.flush();
  }

 private:
  static std::string as_line(std::string_view event, std::initializer_list<Field> fields) {
    std::string line(event);
    for (const auto& [name, value] : fields) {
      line += " " + std::string(name) + "=" +
              nlohmann::json(value).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    }
    return line;
  }
  static std::string as_json(spdlog::level::level_enum severity, std::string_view event,
                             std::initializer_list<Field> fields) {
    nlohmann::ordered_json line;
    line["time"] = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
    line["level"] = std::string(spdlog::level::to_string_view(severity).data());
    line["event"] = event;
    for (const auto& [name, value] : fields) line[std::string(name)] = value;
    return line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  }

  bool json_;
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<Log> make_log(const Configuration::Logging& settings) {
  return std::make_unique<SpdLog>(settings);
}

}  // namespace signet::server
