#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include <algorithm>
#include <array>

#include "adapters/pkcs11/token.h"

namespace signet::pkcs11 {
namespace {

constexpr std::string_view kScheme = "pkcs11:";
constexpr std::array<std::string_view, 9> kUnderstood{"token",  "manufacturer", "model",
                                                      "serial", "object",       "id",
                                                      "type",   "module-path",  "pin-source"};

/// RFC 7512 §2.3: attributes stand between ';' in the path and between '&' in the query.
Result<void> check_attribute(std::string_view attribute) {
  const auto name = attribute.substr(0, attribute.find('='));
  if (name == "pin-value") {
    return Error{Fault::bad_configuration,
                 "pkcs11 URI with pin-value: a PIN does not belong where commands and settings are "
                 "read by others; name a file that holds it with pin-source"};
  }
  if (std::ranges::find(kUnderstood, name) != kUnderstood.end()) return {};
  return Error{Fault::bad_configuration, "pkcs11 URI: the attribute \"" + std::string(name) +
                                             "\" is not understood (RFC 7512 §2.3)"};
}

Result<void> check_attributes(std::string_view attributes) {
  while (!attributes.empty()) {
    const auto end = std::min(attributes.find_first_of(";?&"), attributes.size());
    if (end > 0) TRY(check_attribute(attributes.substr(0, end)));
    attributes.remove_prefix(std::min(end + 1, attributes.size()));
  }
  return {};
}

template <std::size_t size>
std::string unpadded(const unsigned char (&text)[size]) {
  const auto octets = p11_kit_space_strlen(text, size);
  return text[0] == 0 ? "" : std::string(reinterpret_cast<const char*>(text), octets);
}

std::string text_or_empty(const char* text) {
  return text == nullptr ? "" : text;
}

Bytes octets_of(P11KitUri* uri, CK_ATTRIBUTE_TYPE type) {
  const auto* attribute = p11_kit_uri_get_attribute(uri, type);
  if (attribute == nullptr) return {};
  const auto* octets = static_cast<const std::uint8_t*>(attribute->pValue);
  return {octets, octets + attribute->ulValueLen};
}

}  // namespace

Result<Uri> read_uri(std::string_view text) {
  if (!text.starts_with(kScheme)) {
    return Error{Fault::bad_configuration,
                 "\"" + std::string(text) + "\" is no pkcs11 URI: it does not begin with pkcs11:"};
  }
  TRY(check_attributes(text.substr(kScheme.size())));
  const std::unique_ptr<P11KitUri, void (*)(P11KitUri*)> uri(p11_kit_uri_new(), p11_kit_uri_free);
  const int read = p11_kit_uri_parse(std::string(text).c_str(), P11_KIT_URI_FOR_ANY, uri.get());
  if (read != P11_KIT_URI_OK) {
    return Error{Fault::bad_configuration,
                 "pkcs11 URI: " + text_or_empty(p11_kit_uri_message(read)) + " (RFC 7512)"};
  }
  const auto* token = p11_kit_uri_get_token_info(uri.get());
  return Uri{.module_path = text_or_empty(p11_kit_uri_get_module_path(uri.get())),
             .token = unpadded(token->label),
             .manufacturer = unpadded(token->manufacturerID),
             .model = unpadded(token->model),
             .serial = unpadded(token->serialNumber),
             .object = std::string(as_text(octets_of(uri.get(), CKA_LABEL))),
             .id = octets_of(uri.get(), CKA_ID),
             .pin_source = text_or_empty(p11_kit_uri_get_pin_source(uri.get()))};
}

}  // namespace signet::pkcs11
