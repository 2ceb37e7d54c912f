#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

/// Every message and control of CMS, CRMF and CMC, for tests and fuzzers that hold for all of them.
namespace signet::test {

/// A reader and the writer that goes with it.
struct Codec {
  std::string_view name;  ///< "SignedData"
  /// What the writer makes of what the reader reads.
  Result<Bytes> (*rewrite)(ByteView octets);
};
const std::vector<Codec>& cms_codecs();
const std::vector<Codec>& crmf_codecs();
const std::vector<Codec>& pki_data_codecs();
const std::vector<Codec>& pki_response_codecs();
const std::vector<Codec>& control_codecs();

/// An encoding as our writers make it. In form only: nothing in it is signed.
struct Sample {
  std::string_view codec;  ///< the name of the Codec that reads it
  std::string name;        ///< "key-agreement"; with the codec it names a seed of the fuzzers
  Bytes octets;
};
std::vector<Sample> cms_samples();
std::vector<Sample> crmf_samples();
std::vector<Sample> pki_data_samples();
std::vector<Sample> pki_response_samples();
std::vector<Sample> control_samples();

/// For fuzzers: each codec that reads `octets` writes what it reads back, and writes that the same
/// again. Stops the program when one does not.
void check_round_trips(const std::vector<Codec>& codecs, ByteView octets);

}  // namespace signet::test
