// Enrollment profiles in Dogtag's form: whatever stands in the file, it is a profile or the reason
// why not, with its line, and the same again.
#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "policy/profile.h"

using namespace signet;
using policy::Profile;
using policy::ProfileFault;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(ByteView{data, size});
  const auto ends_line = [](char each) { return each == '\n' || each == '\r'; };  // as Java has it
  const auto lines = 1 + std::count_if(text.begin(), text.end(), ends_line);
  const auto parsed = Profile::parse("profiles/fuzzed.cfg", text);
  const bool is_refused = std::any_of(
      parsed.faults.begin(), parsed.faults.end(),
      [](const ProfileFault& fault) { return fault.severity == ProfileFault::Severity::error; });
  CHECK((parsed.profile == nullptr) == is_refused);
  for (const auto& fault : parsed.faults) {
    CHECK(fault.line >= 0 && fault.line <= lines && !fault.reason.empty());
    CHECK(to_text(fault).starts_with("profiles/fuzzed.cfg"));
  }
  if (parsed.profile != nullptr) CHECK(parsed.profile->id() == "fuzzed");
  CHECK(Profile::parse("profiles/fuzzed.cfg", text).faults.size() == parsed.faults.size());
  return 0;
}
