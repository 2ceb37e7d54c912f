// Fills a store with made-up certificates, to see how a server behaves beside so many.
//
//   signet_fill_store FILE COUNT
//
// FILE is the SQLite file of [store] path; it is made where there is none. The same numbers make
// the same certificates, so that a store that was filled is refused.
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
  using signet::store::CertificateStatus;
  const auto first = signet::bench::made_up_certificate(1, CertificateStatus::valid).serial_number;
  const auto there = (*engine)->find_certificate(first);
  if (!there.ok() || there->has_value()) {
    std::cerr << argv[1]
              << (there.ok() ? " was filled before: name another file" : " cannot be read") << "\n";
    return 1;
  }
  signet::bench::fill(**engine, 1, count, CertificateStatus::valid, [&](std::uint64_t done) {
    std::cerr << "\r" << done << " of " << count << " certificates" << std::flush;
  });
  std::cerr << "\n";
  return 0;
}
