#include <algorithm>
#include <array>

#include "base/nearest_word.h"
#include "policy/profile_parser.h"

/// What stands around a profile's policies: inputs, outputs, updaters.
namespace signet::policy {
namespace {

using Severity = ProfileFault::Severity;

/// What a class of Dogtag's does with a CMC message here.
enum class Effect {
  none,       ///< there neither: how a page shows the certificate
  query,      ///< takes what HttpClient's servlet= may have behind its '?'
  request,    ///< takes the request, as every profile here does
  form_only,  ///< wants what only a web form brings
  not_done,   ///< does something that is not done here
};
struct CompanyClass {
  std::string_view class_id;
  Effect effect;
};
constexpr std::array kInputs{
    CompanyClass{"cmcCertReqInputImpl", Effect::request},
    CompanyClass{"certReqInputImpl", Effect::request},
    CompanyClass{"submitterInfoInputImpl", Effect::query},
    CompanyClass{"genericInputImpl", Effect::form_only},
    CompanyClass{"imageInputImpl", Effect::form_only},
    CompanyClass{"subjectNameInputImpl", Effect::form_only},
    CompanyClass{"subjectDNInputImpl", Effect::form_only},
    CompanyClass{"subjectAltNameExtInputImpl", Effect::form_only},
    CompanyClass{"serialNumRenewInputImpl", Effect::form_only},
    CompanyClass{"keyGenInputImpl", Effect::form_only},
    CompanyClass{"dualKeyGenInputImpl", Effect::form_only},
    CompanyClass{"signingKeyGenInputImpl", Effect::form_only},
    CompanyClass{"encKeyGenInputImpl", Effect::form_only},
    CompanyClass{"fileSigningInputImpl", Effect::form_only},
    CompanyClass{"nsHKeyCertReqInputImpl", Effect::form_only},
    CompanyClass{"nsNKeyCertReqInputImpl", Effect::form_only},
    CompanyClass{"serverKeygenInputImpl", Effect::not_done},
};
constexpr std::array kOutputs{
    CompanyClass{"certOutputImpl", Effect::none},
    CompanyClass{"pkcs7OutputImpl", Effect::none},
    CompanyClass{"cmmfOutputImpl", Effect::none},
    CompanyClass{"nsNKeyOutputImpl", Effect::none},
    CompanyClass{"pkcs12OutputImpl", Effect::not_done},
};
constexpr std::array kUpdaters{
    CompanyClass{"subsystemGroupUpdaterImpl", Effect::not_done},
};

std::string_view reason_of(Effect effect) {
  switch (effect) {
    case Effect::none:
    case Effect::request:
      return "";
    case Effect::query:
      return " takes requestor_name, requestor_email and requestor_phone from the address that a "
             "message is sent to: nothing reads them here, and they come into no certificate";
    case Effect::form_only:
      return " wants what only a web form brings: no CMC message has it";
    case Effect::not_done:
      return " has no effect: that is not done here";
  }
  return "";
}

template <typename Classes>
void check_class(const ConfigFile& file, const std::string& prefix, const Classes& classes,
                 std::vector<ProfileFault>& faults) {
  const auto* entry = file.find(prefix + "class_id");
  if (entry == nullptr) {
    const auto list = prefix.substr(0, prefix.find('.')) + ".list";
    faults.push_back({Severity::error, file.name, file.line_of(list),
                      prefix + "class_id is missing: " + list + " names it"});
    return;
  }
  const auto found = std::find_if(classes.begin(), classes.end(), [&](const CompanyClass& known) {
    return known.class_id == entry->value;
  });
  if (found == classes.end()) {
    std::vector<std::string_view> ids;
    for (const auto& known : classes) ids.push_back(known.class_id);
    faults.push_back({Severity::error, file.name, entry->line,
                      "unknown class_id '" + entry->value + "'" + do_you_mean(entry->value, ids)});
  } else if (const auto reason = reason_of(found->effect); !reason.empty()) {
    faults.push_back(
        {Severity::warning, file.name, entry->line, entry->value + std::string(reason)});
  }
}

template <typename Classes>
void check_list(const ConfigFile& file, const std::string& kind, const Classes& classes,
                std::vector<ProfileFault>& faults) {
  const auto* list = file.find(kind + ".list");
  if (list == nullptr) return;
  for (const auto& id : split_list(list->value)) {
    check_class(file, kind + "." + id + ".", classes, faults);
  }
}

}  // namespace

void check_company(const ConfigFile& file, std::vector<ProfileFault>& faults) {
  check_list(file, "input", kInputs, faults);
  check_list(file, "output", kOutputs, faults);
  check_list(file, "updater", kUpdaters, faults);
}

}  // namespace signet::policy
