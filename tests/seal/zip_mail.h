#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/base64.h"
#include "mail/content.h"
#include "mail/structure.h"
#include "other_tools.h"

/// Messages to be sealed with a zip, and a look at what came of them.
namespace zegel::seal::test {

using zegel::test::Folder;

inline constexpr std::string_view word = "bakker-olifant-gordijn-lepel-kasteel-wolken";
inline const std::string by_7zip =
    "7zz x -y -p" + std::string(word) + " zip.zip && rm zip.zip && 7zz x -y -oout ./*.zip";

inline std::string leaf(std::string_view fields, std::string_view body) {
  return std::string(fields) + "\r\n" + std::string(body);
}

inline std::string file(std::string_view disposition, std::string_view bytes) {
  return leaf("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: " +
                  std::string(disposition) + "\r\n",
              base64::encode_lines(bytes));
}

inline std::string multipart(std::string_view subtype, const std::vector<std::string>& parts,
                             std::string_view boundary) {
  std::string out =
      "Content-Type: multipart/" + std::string(subtype) + "; boundary=\"" + std::string(boundary) + "\"\r\n\r\n";
  for (const auto& part : parts) out += "--" + std::string(boundary) + "\r\n" + part + "\r\n";
  return out + "--" + std::string(boundary) + "--\r\n";
}

inline mail::Message message(std::string_view entity) {
  return mail::Message(
      "Received: from pc12 by mail.kantoor.nl; Mon, 23 Nov 2026 20:00:00 +0100\r\nFrom: Piet Jansen "
      "<piet@kantoor.nl>\r\n"
      "To: jan@klant.nl\r\nBcc: geheim@klant.nl\r\nSubject: [veilig] Uw stukken\r\nX-Zegel-Via: x\r\n"
      "X-Attachments: ontslag.pdf\r\nMessage-ID: <1@kantoor.nl>\r\nDate: Mon, 23 Nov 2026 20:00:00 +0100\r\n"
      "MIME-Version: 1.0\r\n" +
      std::string(entity));
}

inline const std::string plain =
    leaf("Content-Type: text/plain; charset=utf-8\r\n", "Geachte heer, Kanarie-Body-1234. Groet, Piet");
inline constexpr std::string_view canary = "Kanarie-Bijlage-vertrouwelijk-1234";

/// What a mail program would see: the leaves of a sealed message.
struct Seen {
  explicit Seen(std::string bytes) : whole(std::move(bytes)), structure(mail::scan(whole)) {
    EXPECT_TRUE(structure.sound());
    for (const auto& part : structure.parts()) {
      if (!part.is_multipart()) leaves.push_back(&part);
    }
  }
  [[nodiscard]] std::string text(std::size_t i) const { return mail::decode(whole, *leaves.at(i)).value(); }

  mail::Message whole;
  mail::Structure structure;
  std::vector<const mail::Part*> leaves;
};

/// Takes the zip, the last leaf, to a folder and opens it there by 7-Zip: its files are in `out`.
inline void open(const Folder& folder, const Seen& seen) {
  folder.write("zip.zip", seen.text(seen.leaves.size() - 1));
  const auto outcome = folder.run(by_7zip);
  ASSERT_EQ(outcome.code, 0) << outcome.said;
}

}  // namespace zegel::seal::test
