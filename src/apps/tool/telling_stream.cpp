#include "apps/tool/telling_stream.h"

#include <algorithm>

#include "adapters/files/file.h"

namespace signet::tool {

std::ostream& telling_stream(const Context& context, std::initializer_list<std::string> files) {
  return std::any_of(files.begin(), files.end(), files::is_standard_output) ? context.err
                                                                            : context.out;
}

}  // namespace signet::tool
