#include "crypto/openssl.h"

#include <openssl/err.h>

namespace signet::crypto::openssl {

std::string reason() {
  std::string text;
  while (const auto code = ERR_get_error()) {
    const char* words = ERR_reason_error_string(code);
    if (words == nullptr) continue;
    if (!text.empty()) text += "; ";
    text += words;
  }
  return text.empty() ? "no reason given" : text;
}

void forget_reason() {
  ERR_clear_error();
}

ByteView contents(BIO* memory) {
  char* data = nullptr;
  const auto octets = BIO_get_mem_data(memory, &data);
  return {reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(octets)};
}

}  // namespace signet::crypto::openssl
