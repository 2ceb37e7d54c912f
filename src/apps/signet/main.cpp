#include <iostream>

#include "adapters/files/descriptor.h"
#include "apps/signet/run.h"

int main(int argc, char** argv) {
  signet::files::hold_standard_descriptors();
  return signet::tool::run(argc, argv, std::cout, std::cerr);
}
