#include "support/shared_data.h"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace signet::test {

Bytes file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

Bytes shared_file(const std::string& path) {
  return file(std::string(SIGNET_SHARED_DIR) + "/" + path);
}

bool shared_exists(const std::string& path) {
  return std::filesystem::exists(std::string(SIGNET_SHARED_DIR) + "/" + path);
}

}  // namespace signet::test
