// Fills a store with made-up certificates, to see how a server behaves beside so many.
//
//   signet_fill_store FILE COUNT
//
// FILE is the SQLite file of [store] path; it is made where there is none. The same numbers make
// the same certificates: a store that was filled is filled no second time.
#include <iostream>

#include "adapters/sqlite/sqlite_engine.h"
#include "filled_store.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: signet_fill_store FILE COUNT\n";
    return 2;
  }
  const std::uint64_t count = std::stoull(argv[2]);
  const auto engine = signet::sqlite::SqliteEngine::open(argv[1]);
  if (!engine.ok()) {
    std::cerr << engine.error().detail << "\n";
    return 1;
  }
  signet::bench::fill(
      **engine, 1, count, signet::store::CertificateStatus::valid, [&](std::uint64_t done) {
        std::cerr << "\r" << done << " of " << count << " certificates" << std::flush;
      });
  std::cerr << "\n";
  return 0;
}
