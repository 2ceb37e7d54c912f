#include "adapters/ldif/line_reader.h"

#include <algorithm>

namespace signet::ldif {

LineReader::LineReader(std::istream& in, std::size_t most_octets)
    : in_(in),
      most_octets_(most_octets),
      block_(std::make_unique<std::array<char, kBlockOctets>>()) {}

bool LineReader::fill() {
  if (!unread_.empty()) return true;
  in_.read(block_->data(), static_cast<std::streamsize>(block_->size()));
  unread_ = {block_->data(), static_cast<std::size_t>(in_.gcount())};
  octets_read_ += unread_.size();
  return !unread_.empty();
}

bool LineReader::next_begins_with(char c) {
  return fill() && unread_.front() == c;
}

void LineReader::append(Line& line, std::string_view part) const {
  const auto room = most_octets_ - std::min(most_octets_, line.text.size());
  if (part.size() > room) line.is_cut = true;
  line.text.append(part.substr(0, room));
}

void LineReader::append_rest_of_line(Line& line) {
  ++lines_;
  bool ended = false;
  while (!ended && fill()) {
    const auto end = unread_.find('\n');
    ended = end != std::string_view::npos;
    append(line, unread_.substr(0, end));
    unread_.remove_prefix(ended ? end + 1 : unread_.size());
  }
  if (!line.is_cut && line.text.ends_with('\r')) line.text.pop_back();
}

bool LineReader::next(Line& line) {
  do {
    if (!fill()) return false;
    line = {lines_ + 1, {}, false};
    append_rest_of_line(line);
    while (!line.text.empty() && next_begins_with(' ')) {
      unread_.remove_prefix(1);
      append_rest_of_line(line);
    }
  } while (line.text.starts_with('#'));
  return true;
}

}  // namespace signet::ldif
