#pragma once

#include <functional>

#include "store/certificate_store.h"

/// Stores of any size: certificates that nobody asked for, which look to the indexes like real
/// ones.
namespace signet::bench {

/// The certificate of this number: a random-looking serial number of 16 octets, subject and key;
/// 800 octets of certificate. The same for the same number.
store::CertificateRecord made_up_certificate(std::uint64_t number, store::CertificateStatus status);

/// What one enrollment adds: the certificate of this number, its condition on the key, and the
/// request that it answers, of a requester of its own.
store::Commit made_up_enrollment(std::uint64_t number, store::CertificateStatus status);

/// Adds the enrollments numbered from `first`, `count` of them, in large batches. `progress` is
/// told after each how many there are by now. Ends the program when the store fails.
void fill(
    store::Engine& engine, std::uint64_t first, std::uint64_t count,
    store::CertificateStatus status,
    const std::function<void(std::uint64_t)>& progress = [](std::uint64_t) {});

/// Adds so many challenges that nobody answers, made now and open for an hour.
void add_challenges(store::Engine& engine, std::uint64_t count, Time now);

}  // namespace signet::bench
