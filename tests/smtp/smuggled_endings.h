#pragma once

#include <string>
#include <vector>

#include "smtp/dot_reader.h"

namespace zegel::smtp {

struct Ending {
  const char* name;
  std::string bytes;
  DotReader::Fault fault;
};

/// Every ending by which a second message was ever smuggled past somebody.
inline const std::vector<Ending>& smuggled_endings() {
  using enum DotReader::Fault;
  static const std::vector<Ending> endings = {
      {"LF.LF", "\n.\n", bare_lf},
      {"LF.CRLF", "\n.\r\n", bare_lf},
      {"CRLF.LF", "\r\n.\n", bare_lf},
      {"CR.CR", "\r.\r", bare_cr},
      {"CR.LF", "\r.\n", bare_cr},
      {"CRLF.CR", "\r\n.\r", bare_cr},
      {"CR.CRLF", "\r.\r\n", bare_cr},
      {"LF.CR", "\n.\r", bare_lf},
      {"CRCRLF.CRCRLF", "\r\r\n.\r\r\n", bare_cr},
      {"CRLF.CRCRLF", "\r\n.\r\r\n", bare_cr},
      {"LFCR.LFCR", "\n\r.\n\r", bare_lf},
      {"LFLF.LFLF", "\n\n.\n\n", bare_lf},
      {"CRLF.NUL", std::string("\r\n.\0\r\n", 6), nul},
      {"CRLF NUL.CRLF", std::string("\r\n\0.\r\n", 6), nul},
  };
  return endings;
}

}  // namespace zegel::smtp
