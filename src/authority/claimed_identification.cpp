#include "authority/claimed_identification.h"

#include "base/unseen.h"
#include "codec/cmc/controls.h"

namespace signet::authority {
namespace {

constexpr std::size_t kLongestIdentification = 1024;  // as proof/identity takes them

}  // namespace

std::optional<std::string> claimed_identification(const cmc::PkiRequest& message) {
  const auto* control = cmc::find_control(cmc::controls_of(message), cmc::oid::kIdentification);
  if (control == nullptr || control->attr_values.size() != 1) return std::nullopt;
  const auto text = cmc::read_utf8_value(control->attr_values.front());
  if (!text.ok() || text->empty() || text->size() > kLongestIdentification) return std::nullopt;
  return shown_in_line(*text);
}

}  // namespace signet::authority
