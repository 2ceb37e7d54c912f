#pragma once

#include <vector>

#include "apps/operator/certificate_search.h"
#include "apps/tool/context.h"

namespace signet::tool {

/// Tells certificates as they are found: a table, some rows at a time, or one JSON object. Holds
/// what is one block of the table, however many come.
class CertificateList {
 public:
  CertificateList(Context& context, std::ostream& out, Time now);

  void add(const store::CertificateRecord& record);
  /// `more`: that there are further ones.
  void end(bool more);
  /// The search broke off. What was found before it stays.
  void end(const Error& error);

 private:
  struct Row {
    std::string state;
    std::string ends;  ///< the day
    std::string serial;
    std::string subject;
    std::string profile;
  };
  void print(const Row& row);
  void print_block();

  Context& context_;
  std::ostream& out_;
  const Time now_;
  std::size_t count_ = 0;
  std::size_t serial_width_ = 0;
  std::size_t subject_width_ = 0;
  std::vector<Row> block_;
};

}  // namespace signet::tool
