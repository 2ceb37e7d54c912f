#include "codec/asn1/reader.h"

#include "codec/asn1/header.h"

namespace signet::asn1 {
namespace {

/// "SEQUENCE at octet 12 is cut short"
Error at_offset(std::optional<Tag> wanted, std::size_t offset, const Error& flaw) {
  return {flaw.fault, (wanted ? to_text(*wanted) : "the element") + " at octet " +
                          std::to_string(offset) + " " + flaw.detail};
}

Error wrong_tag(Tag wanted, Tag found, std::size_t offset) {
  return {Fault::malformed, to_text(wanted) + " wanted at octet " + std::to_string(offset) +
                                ", not " + to_text(found)};
}

}  // namespace

Error Budget::spent() const {
  return {Fault::too_large, "is beyond the " + std::to_string(limits_.elements) +
                                " elements that one message may have"};
}

std::optional<Tag> Reader::peek() const {
  if (rest_.empty()) return std::nullopt;
  if (is_short_tag(rest_.front())) return short_tag(rest_.front());
  const auto identifier = read_identifier(rest_);
  if (!identifier) return std::nullopt;
  return identifier->tag;
}

std::size_t Reader::offset() const {
  return static_cast<std::size_t>(rest_.data() - whole_.data());
}

Result<Element> Reader::read_next() {
  const auto& limits = budget_->limits();
  if (whole_.size() > limits.octets) {
    return Error{Fault::too_large, "is part of " + std::to_string(whole_.size()) +
                                       " octets; at most " + std::to_string(limits.octets) +
                                       " are read"};
  }
  TRY(budget_->spend_element());
  const auto quick = read_short_header(rest_);
  const auto header = quick ? *quick : TRY(read_header(rest_, limits.rules));
  const auto contents = rest_.subspan(header.octets);
  std::size_t length = 0;
  std::size_t end_octets = 0;
  if (header.length) {
    length = *header.length;
  } else {
    length = TRY(find_end_of_contents(contents, depth_, *budget_));
    end_octets = kEndOfContentsOctets;
  }
  const auto tlv = rest_.first(header.octets + length + end_octets);
  rest_ = rest_.subspan(tlv.size());
  return Element{header.tag, tlv, contents.first(length)};
}

Result<Element> Reader::read_any() {
  const auto start = offset();
  auto element = read_next();
  if (!element) return at_offset(std::nullopt, start, element.error());
  return element;
}

Result<Element> Reader::read(Tag expected) {
  const auto before = rest_;
  auto element = read_next();
  if (element.ok() && element->tag == expected) return element;
  rest_ = before;
  if (!element.ok() && element.error().fault != Fault::malformed) {
    return at_offset(expected, offset(), element.error());
  }
  const auto found = peek();
  if (found && *found != expected) return wrong_tag(expected, *found, offset());
  return at_offset(expected, offset(), element.error());
}

Result<std::optional<Element>> Reader::read_optional(Tag expected) {
  if (!next_is(expected)) return std::optional<Element>();
  return std::optional<Element>(TRY(read(expected)));
}

Result<Reader> Reader::enter(Tag expected) {
  return enter(TRY(read(expected)));
}

Result<std::optional<Reader>> Reader::enter_optional(Tag expected) {
  if (!next_is(expected)) return std::optional<Reader>();
  return std::optional<Reader>(TRY(enter(expected)));
}

Result<Reader> Reader::enter(const Element& element) const {
  if (depth_ >= budget_->limits().depth) {
    return at_offset(
        element.tag, offset_of(element),
        {Fault::too_deep, "is nested deeper than " + std::to_string(depth_) + " levels"});
  }
  return Reader(element.value, *budget_, whole_, depth_ + 1);
}

std::size_t Reader::offset_of(const Element& element) const {
  return static_cast<std::size_t>(element.tlv.data() - whole_.data());
}

Error Reader::refuse(Tag tag, const Element& element, std::string_view why) const {
  return at_offset(tag, offset_of(element), {Fault::malformed, std::string(why)});
}

Result<void> Reader::finish() const {
  if (rest_.empty()) return {};
  return Error{Fault::trailing_data, std::to_string(rest_.size()) + " octets too many from octet " +
                                         std::to_string(offset())};
}

}  // namespace signet::asn1
