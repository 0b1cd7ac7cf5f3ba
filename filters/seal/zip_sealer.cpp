#include "seal/zip_sealer.h"

#include "mail/compose.h"
#include "mail/content.h"
#include "mail/header.h"
#include "seal/clear_by_rule.h"
#include "seal/cover.h"
#include "seal/kept_body.h"
#include "seal/layers.h"
#include "seal/zip_contents.h"

namespace zegel::seal {

namespace {

using mail::Entity;

/// How the recipient knows the sender: by name, else by address.
std::string sender_of(std::string_view header) {
  const auto from = mail::find(header, "From");
  if (from.empty()) return {};
  const auto addresses = mail::parse_addresses(from.front().value());
  if (!addresses || addresses->empty()) return {};
  const auto& first = addresses->front();
  return first.name.empty() ? first.mailbox.address() : first.name;
}

Entity cover(const mail::Message& message, const mail::Structure& structure, const ZipSealer::Request& request,
             bool some_beside) {
  const CoverFacts facts = {sender_of(message.slice(structure.root().header)), std::string(request.phone),
                            std::string(request.reference), some_beside};
  const auto& words = request.cover != nullptr ? *request.cover : cover_template(request.language, request.method);
  return Entity::text(words.render(request.language, facts));
}

/// A name that none of the files has.
std::string padding_name(const ZipContents& contents, Language language) {
  ZipContents names;
  for (const auto& file : contents.files()) names.add(file.name, {});
  names.add(std::string(zip_words(language).padding), {});
  return names.files().back().name;
}

/// The locked zip as a part of the message; what it was made of is let go of.
Result<Entity> zip_part(const mail::Message& message, const mail::Structure& structure, const mail::Content& content,
                        const ZipSealer::Request& request) {
  const ZipWords& words = zip_words(request.language);
  std::string zip;
  {
    const auto contents = collect(message, structure, content, request.method, request.language, request.strip_tag);
    if (!contents) return std::unexpected(contents.error());
    auto locked =
        lock_in_zip(contents->files(), words.inner, padding_name(*contents, request.language), request.password);
    if (!locked) return std::unexpected(locked.error());
    zip = std::move(*locked);
  }
  return Entity::file("application/zip", words.zip, zip);
}

/// The files that go beside the zip: named and typed as the sender had them, all else of their headers written anew.
Result<void> add_beside(const mail::Message& message, const mail::Structure& structure,
                        const std::vector<mail::Attachment>& files, std::vector<Entity>& to) {
  for (const mail::Attachment& file : files) {
    const mail::Part& part = structure.parts()[file.part];
    const auto bytes = mail::decode(message, part);
    if (!bytes) return std::unexpected(bytes.error());
    to.push_back(Entity::file(part.type + "/" + part.subtype, file.name, *bytes));
  }
  return {};
}

}  // namespace

bool ZipSealer::has_nothing_to_lock(const mail::Message& message, const mail::Structure& structure, Method method) {
  return method == Method::zip_attachments && structure.sound() &&
         lockable(message, structure, mail::sort_content(message, structure)).empty();
}

bool ZipSealer::all_locked_already(const mail::Message& message, const mail::Structure& structure) {
  if (!structure.sound()) return false;
  auto attachments = lockable(message, structure, mail::sort_content(message, structure));
  const auto locked = take_locked(message, structure, attachments);
  return attachments.empty() && !locked.empty();
}

Result<Sealed> ZipSealer::seal(const mail::Message& message, const mail::Structure& structure, const Request& request) {
  if (!structure.sound()) {
    const auto& flaw = structure.flaws().front();
    return fail("a zip needs a message that can be taken apart: " + flaw.why, "its structure is ambiguous");
  }
  auto content = mail::sort_content(message, structure);
  content.attachments = lockable(message, structure, content);
  const bool whole = request.method == Method::zip;
  std::vector<mail::Attachment> beside;
  if (!whole && request.locked == Locked::beside) beside = take_locked(message, structure, content.attachments);
  if (!whole && content.attachments.empty()) return ClearByRule::pass(message, structure, request.strip_tag);
  auto zip = zip_part(message, structure, content, request);
  if (!zip) return std::unexpected(zip.error());
  std::vector<Entity> children;
  if (auto body = whole ? std::nullopt : kept_body(message, structure, content)) children.push_back(std::move(*body));
  children.push_back(cover(message, structure, request, !beside.empty()));
  children.push_back(std::move(*zip));
  if (auto added = add_beside(message, structure, beside, children); !added) return std::unexpected(added.error());
  const Entity mixed = Entity::multipart("multipart/mixed", {}, std::move(children));
  const std::string fields = outer_layer(message, structure, {.strip_tag = request.strip_tag});
  return Sealed(Sealed::Stamp(), mail::compose_message(fields, mixed));
}

}  // namespace zegel::seal
