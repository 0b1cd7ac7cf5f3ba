#pragma once

#include <deque>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/terms.h"
#include "mail/content.h"
#include "mail/file_name.h"
#include "mail/message.h"
#include "mail/structure.h"
#include "seal/zip.h"

namespace zegel::seal {

/// The files of a zip and their octets.
class ZipContents {
 public:
  /// Adds ` (2)` and so on before the extension where the name is taken; case does not tell names apart.
  void add(std::string name, std::string bytes);
  [[nodiscard]] const std::vector<ZipFile>& files() const { return files_; }

 private:
  mail::UniqueNames names_;
  std::deque<std::string> bytes_;  // stays where it is while it grows
  std::vector<ZipFile> files_;
};

/// The attachments that a zip is there for: all but detached signatures, which come along in the original.
[[nodiscard]] std::vector<mail::Attachment> lockable(const mail::Message&, const mail::Structure&,
                                                     const mail::Content&);

/// Takes those out of `attachments` that are locked already (is_locked) and gives them. None of a signed message, which
/// goes in as a whole. One that does not decode stays.
[[nodiscard]] std::vector<mail::Attachment> take_locked(const mail::Message&, const mail::Structure&,
                                                        std::vector<mail::Attachment>& attachments);

/// What goes into the zip for this method: the content's attachments, as lockable and take_locked left them, and more.
/// Error: a part that does not decode.
[[nodiscard]] Result<ZipContents> collect(const mail::Message&, const mail::Structure&, const mail::Content&, Method,
                                          Language, std::string_view strip_tag);

}  // namespace zegel::seal
