#include <iostream>

#include "adapters/files/descriptor.h"
#include "apps/signet/run.h"
#include "base/core_dumps.h"

int main(int argc, char** argv) {
  signet::keep_out_of_core_dumps();
  signet::files::hold_standard_descriptors();
  return signet::tool::run(argc, argv, std::cout, std::cerr);
}
