#include <iostream>

#include "apps/signet/run.h"

int main(int argc, char** argv) {
  return signet::tool::run(argc, argv, std::cout, std::cerr);
}
