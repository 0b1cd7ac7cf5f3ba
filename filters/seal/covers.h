#pragma once

#include <expected>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/terms.h"
#include "seal/cover.h"

namespace zegel::seal {

/// The cover texts in force: the office's own, and the shipped ones where it has none.
class Covers {
 public:
  /// The shipped ones.
  Covers() = default;

  /// Those of a folder's files `zip-attachments.nl.txt`, `zip.en.txt`, …; empty: the shipped ones.
  /// Error: all that is wrong, each as `FILE:LINE:COLUMN: what; how to mend it`. A file of another name is wrong too:
  /// nobody would notice that it is not used.
  [[nodiscard]] static std::expected<Covers, std::vector<std::string>> load(const std::string& folder);

  /// `method` is zip_attachments or zip. Valid as long as this.
  [[nodiscard]] const CoverTemplate& of(Language, Method method) const;

 private:
  std::map<std::pair<Language, Method>, CoverTemplate> own_;
};

}  // namespace zegel::seal
