#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace signet {

/// The one of `words` that is spelt most like `word`, whatever the case of its letters; empty when
/// none is near: more than a third of the letters differ, and more than two.
std::string_view nearest_word(std::string_view word, const std::vector<std::string_view>& words);

/// "; do you mean 'nickname'?", or nothing when no word is near.
std::string do_you_mean(std::string_view word, const std::vector<std::string_view>& words);

}  // namespace signet
