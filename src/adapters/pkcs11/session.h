#pragma once

#include <p11-kit/pkcs11.h>

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace signet::pkcs11 {

/// The module's own words for its answer: "The PIN is incorrect".
std::string to_text(CK_RV answer);

/// Attributes to look for or to make an object of, with the octets that they point to.
class Template {
 public:
  Template() = default;
  explicit Template(CK_OBJECT_CLASS object_class) { number(CKA_CLASS, object_class); }
  Template& number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
  Template& boolean(CK_ATTRIBUTE_TYPE type, bool value);
  Template& octets(CK_ATTRIBUTE_TYPE type, ByteView value);

  CK_ATTRIBUTE* data() { return attributes_.data(); }
  [[nodiscard]] CK_ULONG size() const { return attributes_.size(); }

 private:
  std::deque<Bytes> values_;
  std::vector<CK_ATTRIBUTE> attributes_;
};

/// One session of a token, used by one thread at a time. It remembers the first answer that was not
/// CKR_OK: a list of steps looks at it once, at its end.
class Session {
 public:
  Session(CK_FUNCTION_LIST* functions, CK_SESSION_HANDLE handle, std::uint64_t login)
      : functions_(functions), handle_(handle), login_(login) {}

  [[nodiscard]] CK_FUNCTION_LIST* operator->() const { return functions_; }
  [[nodiscard]] CK_SESSION_HANDLE handle() const { return handle_; }
  /// Which login of the connection this is: object handles of another one are void.
  [[nodiscard]] std::uint64_t login() const { return login_; }

  /// Whether all went well so far, this answer included.
  bool note(CK_RV answer);
  [[nodiscard]] CK_RV answer() const { return answer_; }

  std::vector<CK_OBJECT_HANDLE> find(Template wanted);
  /// None when the object has no such attribute or does not tell.
  std::optional<Bytes> attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
  std::optional<CK_ULONG> number(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
  /// CKA_LABEL without the NULs that some write behind it.
  std::string label(CK_OBJECT_HANDLE object);

 private:
  CK_FUNCTION_LIST* functions_;
  CK_SESSION_HANDLE handle_;
  std::uint64_t login_;
  CK_RV answer_ = CKR_OK;
};

}  // namespace signet::pkcs11
