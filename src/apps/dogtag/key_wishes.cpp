#include "apps/dogtag/key_wishes.h"

#include "base/encoding.h"

namespace signet::dogtag {
namespace {

enum class Wish { yes, no, none };

/// "1", "0", "-1" as the originals have it; or true and false.
Result<Wish> read_wish(const Options& options, std::string_view name) {
  const auto text = lower_case(options.text(name, "-1"));
  if (text == "-1") return Wish::none;
  if (text == "1" || text == "true") return Wish::yes;
  if (text == "0" || text == "false") return Wish::no;
  return wrong(std::string(name) + " " + options.text(name) + ": choose 1, 0 or -1");
}

}  // namespace

Result<void> check_key_wishes(const Options& options, const KeyDatabase& database,
                              std::string_view tool, Console& console) {
  const auto sensitive = TRY(read_wish(options, "-s"));
  const auto extractable = TRY(read_wish(options, "-e"));
  if (extractable == Wish::no && database.keys_may_leave()) {
    return wrong("-e " + options.text("-e") +
                 ": keys of an NSS database may leave it, wrapped; name a token by -h for a key "
                 "that stays, or leave out -e");
  }
  if (extractable == Wish::yes && !database.keys_may_leave()) {
    warn(console, tool, "-e 1 has no effect: a key that is made in a token stays there");
  }
  if (sensitive == Wish::no) {
    warn(console, tool, "-s 0 has no effect: the key is sensitive, as every key made here");
  }
  warn_of_flags(options, {"-t", "-x"}, tool, console);
  if (options.flag("-t")) {
    warn(console, tool,
         "-t true has no effect: the key is no session's, it stays where it is made");
  }
  return {};
}

}  // namespace signet::dogtag
