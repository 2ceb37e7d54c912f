#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace signet::tcp {

/// Tells where a BER element ends, as its octets come (RFC 10003 §7: a message over TCP has nothing
/// around it). Of a definite length that is known from its header; of an indefinite one (X.690
/// §8.1.3.6) it is where the end-of-contents is found, past all that is nested in it. Each octet is
/// looked at once, however few come at a time; what has a definite length is passed over unread.
///
/// Does not check what is nested in a definite length, nor any meaning: the decoder does.
class Delimiter {
 public:
  struct Limits {
    std::size_t octets = 256 * 1024;  ///< of the whole element, header included
    std::size_t depth = 32;           ///< of elements of indefinite length in each other
  };
  explicit Delimiter(Limits limits) : limits_(limits) {}

  /// Takes octets up to the element's end, and says how many those were: less than all of them, or
  /// none, when it is whole. After a fault, nothing more is to be taken. Faults: malformed (no
  /// SEQUENCE, no BER), too_large (as soon as a length tells it), too_deep.
  Result<std::size_t> take(ByteView octets);

  [[nodiscard]] bool is_whole() const { return awaits_ == Awaits::nothing; }

 private:
  enum class Awaits : std::uint8_t {
    identifier,
    tag_number,       ///< of an identifier in its long form
    length,           ///< its first octet
    length_octets,    ///< those that the first one announced
    contents,         ///< of a definite length
    end_of_contents,  ///< its second octet
    nothing,
  };

  Result<void> take(std::uint8_t octet);
  Result<void> take_identifier(std::uint8_t octet);
  Result<void> take_tag_number(std::uint8_t octet);
  Result<void> take_length(std::uint8_t octet);
  Result<void> take_length_octet(std::uint8_t octet);
  Result<void> open_indefinite();
  Result<void> pass_over_contents();
  Result<void> close_indefinite(std::uint8_t octet);
  void end_element();
  [[nodiscard]] Error refuse(std::string_view why) const;

  Limits limits_;
  std::size_t taken_ = 0;
  std::size_t open_ = 0;           ///< elements of indefinite length that have not ended
  std::size_t contents_left_ = 0;  ///< of a definite length
  std::size_t length_ = 0;         ///< as far as it was read
  std::size_t length_octets_left_ = 0;
  std::uint32_t tag_number_ = 0;
  std::uint8_t tag_octets_ = 0;
  bool is_constructed_ = false;
  Awaits awaits_ = Awaits::identifier;
};

}  // namespace signet::tcp
