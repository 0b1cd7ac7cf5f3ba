#include "core/text.h"
#include "mail/header.h"
#include "seal/encrypted_already.h"
#include "seal/sealer.h"
#include "seal/subject.h"
#include "seal/zip_sealer.h"

namespace zegel::seal {

namespace {

/// RFC 3834 5: anything but `no`.
bool is_automatic(std::string_view header) {
  for (const mail::Field& field : mail::find(header, "Auto-Submitted")) {
    const std::string value = field.value();
    if (!text::equal_folded(text::trim(value.substr(0, value.find(';'))), "no")) return true;
  }
  return false;
}

}  // namespace

decide::Facts look(const mail::Message& message, const mail::Structure& structure, bool into_files) {
  decide::Facts facts;
  facts.subject = subject_of(message.slice(structure.root().header));
  facts.automatic = is_automatic(message.slice(structure.root().header));
  facts.sound = structure.sound();
  if (!facts.sound) {
    facts.flaw = structure.flaws().front().why;
    facts.has_attachments = true;  // nobody knows: whatever hides in there counts as one
    return facts;
  }
  facts.has_attachments = !ZipSealer::has_nothing_to_lock(message, structure, Method::zip_attachments);
  facts.all_locked = into_files && facts.has_attachments && ZipSealer::all_locked_already(message, structure);
  facts.smime_encrypted = is_smime_encrypted(message, structure);
  facts.pgp_encrypted = is_pgp_encrypted(message, structure);
  return facts;
}

}  // namespace zegel::seal
