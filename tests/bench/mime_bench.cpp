// How fast a message's structure is seen, beside GMime and mimetic in the same run, and entities are composed.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>

#include <gmime/gmime.h>
#include <mimetic/mimetic.h>

#include "core/base64.h"
#include "mail/compose.h"
#include "mail/content.h"
#include "mail/structure.h"

namespace {

using namespace zegel;
using Clock = std::chrono::steady_clock;

/// A letter in plain and html with an attachment that fills it up to about `size` octets.
std::string message_of(std::size_t size) {
  std::string paragraph;
  while (paragraph.size() < 1500)
    paragraph += "Geachte heer De Vries, hierbij de gevraagde stukken - zie de bijlage.\n";
  const std::size_t rest = size > 5000 ? (size - 5000) * 3 / 4 : 300;
  std::string file(rest, '\0');
  for (std::size_t i = 0; i < rest; ++i) file[i] = static_cast<char>(i * 2654435761U >> 7);
  using mail::Entity;
  const std::string text = paragraph;
  std::vector<Entity> alternatives = {Entity::text(text), Entity::text("<p>" + text + "</p>", "html")};
  std::vector<Entity> parts;
  parts.push_back(Entity::multipart("multipart/alternative", {}, std::move(alternatives)));
  parts.push_back(Entity::file("application/pdf", "stukken.pdf", file));
  return mail::compose_message(
      "Received: from a.kantoor.nl (a.kantoor.nl [192.0.2.1])\r\n\tby b.kantoor.nl; Mon, 23 Nov 2026 20:01:45 +0100\r\n"
      "From: Piet <piet@kantoor.nl>\r\nTo: jan@klant.nl\r\nDate: Mon, 23 Nov 2026 20:01:45 +0100\r\n"
      "Message-ID: <a.b.c@kantoor.nl>\r\nSubject: Stukken\r\n",
      Entity::multipart("multipart/mixed", {}, std::move(parts)));
}

/// Times a second that `work` runs, over at least `seconds`.
double rate(double seconds, const std::function<void()>& work) {
  work();
  std::size_t runs = 0;
  const auto begin = Clock::now();
  double taken = 0;
  for (std::size_t batch = 1; taken < seconds; batch *= 2) {
    for (std::size_t i = 0; i < batch; ++i) work();
    runs += batch;
    taken = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  return static_cast<double>(runs) / taken;
}

std::size_t sink = 0;  ///< keeps the compiler from dropping the work

void with_gmime(const std::string& bytes) {
  GMimeStream* stream = g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size());
  GMimeParser* parser = g_mime_parser_new_with_stream(stream);
  GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr);
  sink += message != nullptr ? 1U : 0U;
  g_object_unref(message);
  g_object_unref(parser);
  g_object_unref(stream);
}

/// Bodies are left where they are, as we do: GMime's cheapest way.
void with_gmime_persistent(GMimeStream* stream) {
  g_mime_stream_reset(stream);
  GMimeParser* parser = g_mime_parser_new_with_stream(stream);
  g_mime_parser_set_persist_stream(parser, TRUE);
  GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr);
  sink += message != nullptr ? 1U : 0U;
  g_object_unref(message);
  g_object_unref(parser);
}

void with_mimetic(const std::string& bytes) {
  mimetic::MimeEntity entity(bytes.begin(), bytes.end());
  sink += entity.body().parts().size();
}

void row(const char* what, double rate_per_second, std::size_t size) {
  std::printf("%-34s %12.0f %12.0f\n", what, rate_per_second, rate_per_second * static_cast<double>(size) / 1e6);
}

void scanning(std::size_t size, double seconds) {
  const std::string bytes = message_of(size);
  const mail::Message message(bytes);
  if (!mail::scan(message).sound()) throw std::logic_error("the sample is not sound");
  std::printf("\n%-34s %12s %12s\n", ("message of " + std::to_string(bytes.size()) + " octets").c_str(), "messages/s",
              "MB/s");
  GByteArray* array = g_byte_array_new();
  g_byte_array_append(array, reinterpret_cast<const guint8*>(bytes.data()), static_cast<guint>(bytes.size()));
  GMimeStream* stream = g_mime_stream_mem_new_with_byte_array(array);
  row("zegel scan", rate(seconds, [&] { sink += mail::scan(message).parts().size(); }), bytes.size());
  row("GMime, bodies copied", rate(seconds, [&] { with_gmime(bytes); }), bytes.size());
  row("GMime, bodies in place", rate(seconds, [&] { with_gmime_persistent(stream); }), bytes.size());
  row("mimetic", rate(seconds, [&] { with_mimetic(bytes); }), bytes.size());
  const mail::Structure structure = mail::scan(message);
  row("zegel decode attachment",
      rate(seconds, [&] { sink += mail::decode(message, structure.parts().back())->size(); }), bytes.size());
  g_object_unref(stream);
}

void composing(double seconds) {
  const std::string file(10'000'000, '\x5a');
  std::printf("\n%-34s %12s %12s\n", "composing", "times/s", "MB/s");
  row("zegel file of 10 MB", rate(seconds, [&] { sink += mail::Entity::file("a/b", "x", file).body().size(); }),
      file.size());
  const mail::Entity part = mail::Entity::file("a/b", "x", file);
  row("zegel multipart around it",
      rate(seconds,
           [&] { sink += mail::compose_message("", mail::Entity::multipart("multipart/mixed", {}, {part})).size(); }),
      file.size());
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  const double seconds = quick ? 0.2 : 2;
  g_mime_init();
  scanning(10'000, seconds);
  scanning(10'000'000, seconds);
  composing(seconds);
  return sink == 0 ? 1 : 0;
}
