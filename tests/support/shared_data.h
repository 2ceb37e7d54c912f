#pragma once

#include <string>

#include "base/bytes.h"

namespace signet::test {

/// The project's own folder, as it was when the tests were built.
std::string source_folder();
/// The folder of the shared material beside the project.
std::string shared_folder();
/// A file of the shared material beside the project ("spec/vectors/fullreq-p10.der").
/// Third-party data is not part of the project; where it is absent a test says so and is skipped:
///   SIGNET_NEEDS_SHARED("spec/vectors");
Bytes shared_file(const std::string& path);
bool shared_exists(const std::string& path);
Bytes file(const std::string& path);

}  // namespace signet::test

#define SIGNET_NEEDS_SHARED(path)                                 \
  if (!::signet::test::shared_exists(path)) {                     \
    GTEST_SKIP() << "shared material is absent here: " << (path); \
  }
