// What one of these readers reads, its writer writes, and reads back equal. What is read of a whole
// PKIData is read alike of one that has a fault elsewhere.
#include "base/check.h"
#include "codec/cmc/pki_data.h"
#include "support/codec_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto legible = signet::cmc::legible_controls({data, size});
  const auto whole = signet::cmc::read_pki_data({data, size});
  CHECK(!whole.ok() || whole->control_sequence.size() == legible.size());
  signet::test::check_round_trips(signet::test::pki_data_codecs(), {data, size});
  return 0;
}
