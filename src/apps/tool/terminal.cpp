#include "apps/tool/terminal.h"

#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace signet::tool {
namespace {

/// The terminal does not show what is typed as long as this lives.
class HiddenTyping {
 public:
  HiddenTyping() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    auto hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
  }
  ~HiddenTyping() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

}  // namespace

std::optional<SecretBytes> ask_terminal(const std::string& question) {
  if (::isatty(STDIN_FILENO) != 1) return std::nullopt;
  std::cerr << question << std::flush;
  std::string line;
  {
    const HiddenTyping hidden;
    std::getline(std::cin, line);
  }
  std::cerr << "\n";
  SecretBytes secret{std::string_view{line}};
  wipe({reinterpret_cast<std::uint8_t*>(line.data()), line.size()});
  return secret;
}

bool is_terminal(const std::ostream& stream) {
  return &stream == &std::cerr && ::isatty(STDERR_FILENO) == 1;
}

}  // namespace signet::tool
