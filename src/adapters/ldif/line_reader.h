#pragma once

#include <array>
#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <string_view>

namespace signet::ldif {

/// A line as LDIF means it: folded ones joined, without its line end.
struct Line {
  std::uint64_t number = 0;  ///< of its first line in the file, from 1
  std::string text;          ///< empty: what separates entries
  bool is_cut = false;       ///< it was longer than is kept
};

/// The lines of an LDIF file (RFC 2849): a line that begins with a blank goes on with the one
/// before; comments are passed over; lines end with LF or CRLF, the last one with the file.
/// `most_octets` of a line are kept. The stream outlives the reader.
class LineReader {
 public:
  LineReader(std::istream& in, std::size_t most_octets);

  /// False at the end of the file, or where it cannot be read.
  bool next(Line& line);
  [[nodiscard]] std::uint64_t octets_read() const { return octets_read_; }
  [[nodiscard]] bool failed() const { return in_.bad(); }

 private:
  static constexpr std::size_t kBlockOctets = 64 * 1024;

  bool fill();
  [[nodiscard]] bool next_begins_with(char c);
  void append_rest_of_line(Line& line);
  void append(Line& line, std::string_view part) const;

  std::istream& in_;
  std::size_t most_octets_;
  std::unique_ptr<std::array<char, kBlockOctets>> block_;
  std::string_view unread_;  ///< of the block
  std::uint64_t lines_ = 0;
  std::uint64_t octets_read_ = 0;
};

}  // namespace signet::ldif
