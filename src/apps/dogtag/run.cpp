#include "apps/dogtag/run.h"

#include <array>

#include "apps/dogtag/cmc_enroll.h"
#include "apps/dogtag/cmc_request.h"
#include "apps/dogtag/cmc_response.h"
#include "apps/dogtag/cmc_revoke.h"
#include "apps/dogtag/cmc_shared_token.h"
#include "apps/dogtag/crmf_pop_client.h"
#include "apps/dogtag/http_client.h"
#include "apps/dogtag/pkcs10_client.h"

namespace signet::dogtag {
namespace {

struct Tool {
  std::string_view name;
  int (*run)(const Arguments& arguments, Console& console);
};
constexpr std::array<Tool, 8> kTools = {{
    {"PKCS10Client", run_pkcs10_client},
    {"CRMFPopClient", run_crmf_pop_client},
    {"CMCRequest", run_cmc_request},
    {"HttpClient", run_http_client},
    {"CMCResponse", run_cmc_response},
    {"CMCRevoke", run_cmc_revoke},
    {"CMCSharedToken", run_cmc_shared_token},
    {"CMCEnroll", run_cmc_enroll},
}};

}  // namespace

int run(std::string_view tool, const Arguments& arguments, Console& console) {
  for (const auto& known : kTools) {
    if (known.name == tool) return known.run(arguments, console);
  }
  console.err << "Call it by the name of one of its tools:";
  for (const auto& known : kTools) console.err << " " << known.name;
  console.err << "\n";
  return kFailed;
}

}  // namespace signet::dogtag
