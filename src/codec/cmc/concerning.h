#pragma once

#include "codec/cmc/body_part.h"

namespace signet::cmc {

/// `error`, said to concern this body part when it names none itself: whoever saw what is wrong
/// first knows best where it is.
inline Error concerning(BodyPartID part, Error error) {
  if (error.body_parts.empty()) error.body_parts.push_back(part.value);
  return error;
}

/// The same of a result's error.
template <typename T>
Result<T> concerning(BodyPartID part, Result<T> result) {
  if (result.ok()) return result;
  return concerning(part, std::move(result).error());
}

}  // namespace signet::cmc
