#include "adapters/pkcs11/session.h"

#include <p11-kit/p11-kit.h>

#include <array>
#include <cstring>

namespace signet::pkcs11 {

std::string to_text(CK_RV answer) {
  return p11_kit_strerror(answer);
}

Template& Template::number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  return octets(type, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
}

Template& Template::boolean(CK_ATTRIBUTE_TYPE type, bool value) {
  return octets(type, Bytes{static_cast<std::uint8_t>(value ? CK_TRUE : CK_FALSE)});
}

Template& Template::octets(CK_ATTRIBUTE_TYPE type, ByteView value) {
  auto& kept = values_.emplace_back(to_bytes(value));
  attributes_.push_back({type, kept.data(), kept.size()});
  return *this;
}

bool Session::note(CK_RV answer) {
  if (answer_ == CKR_OK) answer_ = answer;
  return answer_ == CKR_OK;
}

std::vector<CK_OBJECT_HANDLE> Session::find(Template wanted) {
  std::vector<CK_OBJECT_HANDLE> found;
  if (!note(functions_->C_FindObjectsInit(handle_, wanted.data(), wanted.size()))) return found;
  std::array<CK_OBJECT_HANDLE, 64> some{};
  CK_ULONG count = 0;
  do {
    if (!note(functions_->C_FindObjects(handle_, some.data(), some.size(), &count))) break;
    found.insert(found.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count));
  } while (count > 0);
  note(functions_->C_FindObjectsFinal(handle_));
  return found;
}

std::optional<Bytes> Session::attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE asked{type, nullptr, 0};
  const auto first = functions_->C_GetAttributeValue(handle_, object, &asked, 1);
  if (first == CKR_ATTRIBUTE_TYPE_INVALID || first == CKR_ATTRIBUTE_SENSITIVE) return std::nullopt;
  if (!note(first) || asked.ulValueLen == CK_UNAVAILABLE_INFORMATION) return std::nullopt;
  Bytes value(asked.ulValueLen);
  asked.pValue = value.data();
  if (!note(functions_->C_GetAttributeValue(handle_, object, &asked, 1))) return std::nullopt;
  value.resize(asked.ulValueLen);
  return value;
}

std::optional<CK_ULONG> Session::number(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  const auto octets = attribute(object, type);
  CK_ULONG value = 0;
  if (!octets || octets->size() != sizeof value) return std::nullopt;
  std::memcpy(&value, octets->data(), sizeof value);
  return value;
}

std::string Session::label(CK_OBJECT_HANDLE object) {
  const auto octets = attribute(object, CKA_LABEL);
  if (!octets) return {};
  const auto text = as_text(*octets);
  return std::string(text.substr(0, text.find('\0')));
}

}  // namespace signet::pkcs11
