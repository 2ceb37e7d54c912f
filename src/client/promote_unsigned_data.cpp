#include "client/promote_unsigned_data.h"

#include <algorithm>
#include <functional>

namespace signet::client {
namespace {

constexpr auto kSignerUnsignedAttrs = asn1::context_constructed(1);
constexpr auto kUnauthAttrs = asn1::context_constructed(3);

/// One element of another: `rest` stands behind it. Gives what takes its place; nothing: it goes.
using ChangeElement =
    std::function<Result<Bytes>(const asn1::Element& element, const asn1::Reader& rest)>;

/// `whole` with each of its elements changed; the others stand as their octets.
Result<Bytes> with_elements_changed(const asn1::Element& whole, const asn1::Reader& around,
                                    const ChangeElement& change) {
  auto inside = TRY(around.enter(whole));
  Bytes contents;
  while (!inside.at_end()) {
    const auto element = TRY(inside.read_any());
    const auto changed = TRY(change(element, inside));
    contents.insert(contents.end(), changed.begin(), changed.end());
  }
  return asn1::joined(whole.tag, {contents});
}

/// Walks down to the attributes and takes out the one.
class UnsignedDataTaker {
 public:
  std::vector<cmc::CMCUnsignedData> values;

  Result<Bytes> from_content_info(ByteView octets) {
    asn1::Budget budget{asn1::Limits::ber()};
    asn1::Reader outer{octets, budget};
    const auto whole = TRY(outer.read(asn1::kSequence));
    TRY(outer.finish());
    return with_elements_changed(whole, outer, [&](const auto& element, const auto& rest) {
      if (element.tag == asn1::kOid) return kept(element);
      return with_elements_changed(element, rest, [&](const auto& content, const auto& around) {
        return from_content(content, around);
      });
    });
  }

 private:
  static Result<Bytes> kept(const asn1::Element& element) { return to_bytes(element.tlv); }

  /// SignedData, whose last element are its signerInfos; or AuthenticatedData.
  Result<Bytes> from_content(const asn1::Element& content, const asn1::Reader& around) {
    return with_elements_changed(
        content, around, [&](const auto& element, const auto& rest) -> Result<Bytes> {
          if (element.tag == kUnauthAttrs) return from_attributes(element, rest);
          if (element.tag != asn1::kSet || !rest.at_end()) return kept(element);
          return with_elements_changed(element, rest, [&](const auto& signer, const auto& signers) {
            return from_signer(signer, signers);
          });
        });
  }

  Result<Bytes> from_signer(const asn1::Element& signer, const asn1::Reader& around) {
    return with_elements_changed(signer, around,
                                 [&](const auto& element, const auto& rest) -> Result<Bytes> {
                                   if (element.tag != kSignerUnsignedAttrs) return kept(element);
                                   return from_attributes(element, rest);
                                 });
  }

  /// SET SIZE (1..MAX) OF Attribute: where no other is left, it goes too.
  Result<Bytes> from_attributes(const asn1::Element& attributes, const asn1::Reader& around) {
    bool is_empty = true;
    const ChangeElement without_ours = [&](const auto& attribute,
                                           const auto& rest) -> Result<Bytes> {
      if (TRY(take(attribute, rest))) return Bytes{};
      is_empty = false;
      return kept(attribute);
    };
    auto others = TRY(with_elements_changed(attributes, around, without_ours));
    if (is_empty) others.clear();
    return others;
  }

  Result<bool> take(const asn1::Element& attribute, const asn1::Reader& around) {
    auto fields = TRY(around.enter(attribute));
    if (TRY(fields.read_oid()) != cmc::oid::kCMCUnsignedData) return false;
    auto each = TRY(fields.enter(asn1::kSet));
    while (!each.at_end()) {
      const auto der = TRY(each.read_any()).tlv;
      auto value = TRY(cmc::read_cmc_unsigned_data(der));
      const bool is_known = std::find(values.begin(), values.end(), value) != values.end();
      if (!is_known) values.push_back(std::move(value));
    }
    return true;
  }
};

bool has_unsigned_data(const std::vector<pkix::Attribute>& attributes) {
  return pkix::find_attribute(attributes, cmc::oid::kCMCUnsignedData) != nullptr;
}

Result<bool> message_has_unsigned_data(ByteView octets) {
  const auto content_info = TRY(cms::read_content_info(octets));
  if (content_info.content_type == cms::oid::kAuthenticatedData) {
    return has_unsigned_data(TRY(cms::read_authenticated_data(content_info.content)).unauth_attrs);
  }
  if (content_info.content_type != cms::oid::kSignedData) return false;
  const auto signed_data = TRY(cms::read_signed_data(content_info.content));
  return std::any_of(signed_data.signer_infos.begin(), signed_data.signer_infos.end(),
                     [](const auto& signer) { return has_unsigned_data(signer.unsigned_attrs); });
}

}  // namespace

//= D08 RFC 10004 §9: what stands in CMCUnsignedData is taken out of the message that is wrapped
Result<WithoutUnsignedData> take_unsigned_data(ByteView content_info) {
  if (!TRY(message_has_unsigned_data(content_info)))
    return WithoutUnsignedData{to_bytes(content_info), {}};
  UnsignedDataTaker taker;
  auto octets = TRY(taker.from_content_info(content_info));
  return WithoutUnsignedData{std::move(octets), std::move(taker.values)};
}

cmc::CMCUnsignedData promoted(cmc::CMCUnsignedData value, cmc::BodyPartID item) {
  //= E48 RFC 10002 §3.2.3: the path then begins with the message it came from
  value.body_part_path.insert(value.body_part_path.begin(), item);
  return value;
}

}  // namespace signet::client
