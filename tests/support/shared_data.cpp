#include "support/shared_data.h"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace signet::test {

std::string source_folder() {
  return SIGNET_SOURCE_DIR;
}

std::string shared_folder() {
  return source_folder() + "/../shared";
}

Bytes file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

Bytes shared_file(const std::string& path) {
  return file(shared_folder() + "/" + path);
}

bool shared_exists(const std::string& path) {
  return std::filesystem::exists(shared_folder() + "/" + path);
}

}  // namespace signet::test
