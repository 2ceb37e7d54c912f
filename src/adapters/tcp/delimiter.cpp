#include "adapters/tcp/delimiter.h"

#include <algorithm>

namespace signet::tcp {
namespace {

constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kConstructed = 0x20;
constexpr std::uint8_t kLongTag = 0x1F;  // number bits that announce the long form
constexpr std::uint8_t kMore = 0x80;     // of a tag number in its long form
constexpr std::uint8_t kLongTagOctets = 4;
constexpr std::uint8_t kIndefinite = 0x80;
constexpr std::uint8_t kReserved = 0xFF;

}  // namespace

Result<std::size_t> Delimiter::take(ByteView octets) {
  std::size_t at = 0;
  while (at < octets.size() && !is_whole()) {
    if (awaits_ != Awaits::contents) {
      if (taken_ == limits_.octets) {
        return Error{Fault::too_large,
                     "the message is longer than " + std::to_string(limits_.octets) + " octets"};
      }
      TRY(take(octets[at]));
      ++at;
      ++taken_;
      continue;
    }
    const auto passed = std::min(contents_left_, octets.size() - at);
    at += passed;
    taken_ += passed;
    contents_left_ -= passed;
    if (contents_left_ == 0) end_element();
  }
  return at;
}

Result<void> Delimiter::take(std::uint8_t octet) {
  switch (awaits_) {
    case Awaits::identifier:
      return take_identifier(octet);
    case Awaits::tag_number:
      return take_tag_number(octet);
    case Awaits::length:
      return take_length(octet);
    case Awaits::length_octets:
      return take_length_octet(octet);
    case Awaits::end_of_contents:
      return close_indefinite(octet);
    case Awaits::contents:
    case Awaits::nothing:
      break;
  }
  return refuse("has ended already");
}

Result<void> Delimiter::take_identifier(std::uint8_t octet) {
  if (open_ == 0 && octet != kSequence) {
    return Error{Fault::malformed, "no message begins with octet " + to_hex({&octet, 1}) +
                                       ": a SEQUENCE is wanted, in BER and with nothing around it"};
  }
  if (octet == 0) {
    awaits_ = Awaits::end_of_contents;
    return {};
  }
  is_constructed_ = (octet & kConstructed) != 0;
  if ((octet & kLongTag) == kLongTag) {
    tag_number_ = 0;
    tag_octets_ = 0;
    awaits_ = Awaits::tag_number;
    return {};
  }
  if (octet == kConstructed) return refuse("has a tag that is reserved");
  awaits_ = Awaits::length;
  return {};
}

/// X.690 §8.1.2.4: in its shortest form, below 2^28 as for the decoder.
Result<void> Delimiter::take_tag_number(std::uint8_t octet) {
  tag_number_ = tag_number_ << 7 | (octet & 0x7FU);
  ++tag_octets_;
  if (tag_number_ == 0) return refuse("has a padded tag number");
  if ((octet & kMore) == 0) {
    if (tag_number_ < kLongTag) return refuse("has a short tag number in its long form");
    awaits_ = Awaits::length;
    return {};
  }
  if (tag_octets_ == kLongTagOctets) return refuse("has a tag number of 2^28 or more");
  return {};
}

Result<void> Delimiter::take_length(std::uint8_t octet) {
  if (octet == kReserved) return refuse("has a reserved length octet");
  if (octet == kIndefinite) return open_indefinite();
  length_ = octet;
  if (octet < kIndefinite) return pass_over_contents();
  length_ = 0;
  length_octets_left_ = octet & 0x7FU;
  awaits_ = Awaits::length_octets;
  return {};
}

Result<void> Delimiter::take_length_octet(std::uint8_t octet) {
  length_ = length_ << 8 | octet;
  // Looked at with each octet, so that the shift loses nothing.
  if (length_ > limits_.octets) {
    return Error{Fault::too_large,
                 "the message is longer than " + std::to_string(limits_.octets) + " octets"};
  }
  return --length_octets_left_ == 0 ? pass_over_contents() : Result<void>{};
}

Result<void> Delimiter::open_indefinite() {
  if (!is_constructed_) return refuse("is primitive with an indefinite length");
  if (++open_ > limits_.depth) {
    return Error{Fault::too_deep, "elements of indefinite length are nested more than " +
                                      std::to_string(limits_.depth) + " deep"};
  }
  awaits_ = Awaits::identifier;
  return {};
}

Result<void> Delimiter::pass_over_contents() {
  const auto before = taken_ + 1;  // this octet of the header is not counted yet
  if (length_ > limits_.octets - before) {
    return Error{Fault::too_large,
                 "the message is longer than " + std::to_string(limits_.octets) + " octets"};
  }
  contents_left_ = length_;
  awaits_ = Awaits::contents;
  if (length_ == 0) end_element();
  return {};
}

Result<void> Delimiter::close_indefinite(std::uint8_t octet) {
  if (octet != 0) return refuse("is an end-of-contents with contents");
  --open_;
  end_element();
  return {};
}

void Delimiter::end_element() {
  awaits_ = open_ == 0 ? Awaits::nothing : Awaits::identifier;
}

Error Delimiter::refuse(std::string_view why) const {
  return {Fault::malformed,
          "the element at octet " + std::to_string(taken_) + " " + std::string(why)};
}

}  // namespace signet::tcp
