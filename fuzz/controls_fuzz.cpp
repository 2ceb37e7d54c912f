// What one of these readers reads, its writer writes, and reads back equal.
#include "support/codec_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  signet::test::check_round_trips(signet::test::control_codecs(), {data, size});
  return 0;
}
