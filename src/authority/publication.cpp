#include "authority/publication.h"

#include <algorithm>

namespace signet::authority {
namespace {

using store::PublicationWish;

template <typename Records>
bool names_serial(const Records& records, const store::Integer& serial) {
  return std::any_of(records.begin(), records.end(),
                     [&](const auto& each) { return each.serial_number == serial; });
}

}  // namespace

void add_publications(const PublishedProfiles& published, Time now, store::Commit& commit) {
  if (published.none()) return;
  const auto add = [&](const store::Integer& serial, PublicationWish wish) {
    commit.publications.push_back({.serial_number = serial, .wish = wish, .at = now});
  };
  for (const auto& certificate : commit.certificates) {
    const auto& serial = certificate.serial_number;
    const bool is_awaited = names_serial(commit.awaited, serial);
    if (!is_awaited && published.includes(certificate.profile_id)) {
      add(serial, PublicationWish::publish);
    }
  }
  for (const auto& serial : commit.settled) {
    if (!names_serial(commit.status_changes, serial)) add(serial, PublicationWish::publish);
  }
  for (const auto& change : commit.status_changes) {
    const bool is_released = change.to == store::CertificateStatus::valid;
    add(change.serial_number, is_released ? PublicationWish::publish : PublicationWish::withdraw);
  }
  for (const auto& choice : commit.publication_choices) {
    if (names_serial(commit.status_changes, choice.serial_number)) continue;
    add(choice.serial_number,
        choice.is_withheld ? PublicationWish::withdraw : PublicationWish::publish);
  }
}

}  // namespace signet::authority
