#pragma once

#include <string>

#include "apps/inspect/annotated_tree.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/secret_bytes.h"

namespace signet::tool {

/// What a file is taken for.
enum class ObjectType {
  automatic,  ///< found out by trying
  certificate,
  crl,
  pkcs10,
  crmf,          ///< CertReqMsg or CertReqMessages
  cms,           ///< ContentInfo
  pki_data,      ///< bare, without a CMS layer
  pki_response,  ///< bare, without a CMS layer
  asn1,          ///< whatever it is, by tags and lengths
};

/// One encoding as a tree in the standard's terms, each signature in it checked with the keys it
/// carries. No trust is decided: a signature that verifies says only whose key made it.
/// With `secret` (null: none), what is proven by a shared secret is checked too.
/// Octets of no type we know become ObjectType::asn1 when they are well-formed.
/// Faults: malformed, trailing_data, too_large, too_deep.
Result<AnnotatedTree> inspect(ByteView octets, ObjectType type,
                              const SecretBytes* secret = nullptr);

}  // namespace signet::tool
