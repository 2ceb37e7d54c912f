#pragma once

#include <ostream>
#include <string>

#include "codec/pkix/certificate.h"

namespace signet::test {

/// What one certificateRecord says beside its certificate.
struct ExportedCertificate {
  const pkix::Certificate& certificate;
  std::string status = "VALID";
  std::string revocation_info = {};   ///< revInfo
  std::string request_id = {};        ///< decimal
  std::string revocation_token = {};  ///< revShrTok: base64
};

/// An export of a Dogtag directory, in the form of 389 Directory Server's: folded after 76 columns,
/// with comments, octets in base64, and many attributes that say nothing to us.
class DogtagExport {
 public:
  explicit DogtagExport(std::ostream& out);

  void certificate(const ExportedCertificate& record);
  /// An enrollment request. `id` in decimal.
  void request(const std::string& id, const std::string& state, const std::string& requester);
  void crl_issuing_point(std::uint64_t crl_number);
  /// Any other entry: its lines as they stand.
  void entry(const std::string& lines);

  /// "0517389"
  static std::string counted(const std::string& decimal);
  /// "20261123120000Z"
  static std::string date(Time time);

 private:
  void begin(const std::string& dn);
  void value(const std::string& name, std::string_view text);
  void octets(const std::string& name, ByteView octets);
  void line(const std::string& text);

  std::ostream& out_;
  std::uint64_t entries_ = 0;
};

}  // namespace signet::test
