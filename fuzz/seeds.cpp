// Stands where libFuzzer stands: feeds a target its seeds, once each. So every build with tests,
// and every sanitizer, runs the targets; a minute of new inputs is fuzz/run's.
//   TARGET_seeds FOLDER
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<char> read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void feed(const std::vector<char>& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", arguments[0]);
    return 2;
  }
  int fed = 0;
  feed({});
  for (const auto& seed : std::filesystem::directory_iterator(arguments[1])) {
    std::printf("%s\n", seed.path().filename().c_str());  // the last line names what stopped it
    std::fflush(stdout);
    feed(read(seed.path()));
    ++fed;
  }
  std::printf("%d seeds\n", fed);
  return fed > 0 ? 0 : 1;
}
