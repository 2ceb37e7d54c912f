// Stands where libFuzzer stands: feeds a target its seeds, each whole, then cut short and with one
// octet changed at so many places. So every build with tests, and every sanitizer, runs the
// targets; new inputs are fuzz/run's.
//   TARGET_seeds FOLDER
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t places = 48;

std::vector<std::uint8_t> read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Says first what it feeds: the last line names what stopped it.
void feed(const std::vector<std::uint8_t>& input, const char* seed, const char* altered,
          std::size_t place) {
  std::printf("%s%s %zu\n", seed, altered, place);
  std::fflush(stdout);
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

void feed_altered(const std::vector<std::uint8_t>& seed, const char* name) {
  const std::size_t step = seed.size() / places + 1;
  for (std::size_t place = 0; place < seed.size(); place += step) {
    feed({seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(place)}, name, ", cut at octet",
         place);
    auto changed = seed;
    changed[place] ^= static_cast<std::uint8_t>(1U << (place % 8));
    feed(changed, name, ", changed at octet", place);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", arguments[0]);
    return 2;
  }
  int fed = 0;
  feed({}, "nothing", ", octets", 0);
  for (const auto& file : std::filesystem::directory_iterator(arguments[1])) {
    const auto seed = read(file.path());
    const auto name = file.path().filename().string();
    feed(seed, name.c_str(), ", octets", seed.size());
    feed_altered(seed, name.c_str());
    ++fed;
  }
  std::printf("%d seeds\n", fed);
  return fed > 0 ? 0 : 1;
}
