#pragma once

#include "store/records.h"

namespace signet::store {

// What every engine does alike, and needs no look into its tables for.

/// Whether one serial number stands twice among its intents, or twice among its certificates.
bool repeats_serial(const Commit& commit);

/// Whether the certificate was made over the octets that were announced: an intent and its own
/// certificate share a serial number, any other two may not.
/// False for what is no certificate.
bool made_as_intended(const CertificateRecord& certificate, ByteView intended_tbs_digest);

/// The record after a change of status. A valid certificate has neither time nor reason.
void set_status(CertificateRecord& certificate, CertificateStatus status, Time at, int reason);

Error certificate_not_found(const Integer& serial);

}  // namespace signet::store
