#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "core/text.h"
#include "decide/fakes.h"

// Runs policies.txt, which says itself how it is read.
namespace zegel::decide {
namespace {

struct Row {
  int line = 0;
  std::string title;
  std::string toml;
  std::string text;  ///< `FROM > TO | has | message => result`
};

std::vector<Row> rows() {
  std::ifstream file(ZEGEL_SOURCE_DIR "/tests/decide/policies.txt");
  std::vector<Row> out;
  std::string title;
  std::string toml;
  bool in_rows = true;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with("== ")) {
      title = line.substr(3);
      toml.clear();
      in_rows = false;
    } else if (line == "--") {
      in_rows = true;
    } else if (!in_rows) {
      toml += line + "\n";
    } else if (!title.empty() && !line.empty()) {
      out.push_back({number, title, toml, line});
    }
  }
  return out;
}

std::string trimmed(std::string_view text) { return std::string(text::trim(text)); }

Facts facts_of(const std::string& words) {
  Facts facts;
  std::istringstream in(words);
  for (std::string word; in >> word;) {
    if (word == "attachments")
      facts.has_attachments = true;
    else if (word == "locked-attachments")
      facts.has_attachments = true, facts.all_locked = true;
    else if (word == "unsound")
      facts.sound = false, facts.flaw = "missing close";
    else if (word == "smime-encrypted")
      facts.smime_encrypted = true;
    else if (word == "pgp-encrypted")
      facts.pgp_encrypted = true;
    else if (word == "automatic")
      facts.automatic = true;
    else if (word.starts_with("subject:"))
      facts.subject = "Re: " + word.substr(8) + " stukken";
    else
      throw std::runtime_error("no such word for a message: " + word);
  }
  return facts;
}

std::string in_words(const Send& send) {
  const bool sealed_with_keys = !send.keys.empty();
  const bool locked = (send.method == Method::zip || send.method == Method::zip_attachments) && !send.nothing_to_lock;
  std::string out(to_text(send.method));
  for (const std::string& key : send.keys) out += " " + key;
  if (locked) out += " " + std::string(to_text(send.password));
  if (locked) out += " " + std::string(to_text(send.language));
  if (locked && send.locked != Locked::inside) out += " " + std::string(to_text(send.locked));
  if (send.already_sealed) out += " as-it-is";
  if (send.nothing_to_lock) out += " nothing-to-lock";
  if (send.sign) out += " sign";
  if (send.hide_subject) out += " hide-subject";
  if (sealed_with_keys && send.cipher != Cipher::aes256_cbc) out += " " + std::string(to_text(send.cipher));
  if (send.tls != Tls::verified) out += " tls:" + std::string(to_text(send.tls));
  if (!send.strip_tag.empty()) out += " strip:" + send.strip_tag;
  return out;
}

std::string in_words(const Decision& decision) {
  const std::string by = " by " + decision.rule;
  if (const auto* send = std::get_if<Send>(&decision.what)) return in_words(*send) + by;
  if (const auto* hold = std::get_if<Hold>(&decision.what)) return "hold, " + hold->why + by;
  const std::string lead = "no way to seal for this recipient: ";
  const std::string& say = std::get<Refuse>(decision.what).say;
  if (std::get<Refuse>(decision.what).temporary) return "later, " + say + by;
  return "refuse, " + (say.starts_with(lead) ? say.substr(lead.size()) : "WRONG LEAD " + say) + by;
}

std::string decided(const Row& row) {
  const std::string asked = row.text.substr(0, row.text.find("=>"));
  const auto fields = text::split(asked, '|');
  const std::size_t arrow = fields.at(0).find(" > ");
  const mail::Envelope envelope{.from = sender_of(trimmed(fields[0].substr(0, arrow))),
                                .to = {recipient_of(trimmed(fields[0].substr(arrow + 3)))}};
  const FakeDirectory directory(trimmed(fields.at(1)));
  const Plan plan = decide(envelope, facts_of(trimmed(fields.at(2))), settings_of(row.toml), directory, Time());
  return in_words(plan.decisions.at(0));
}

TEST(Policies, DecideAsTheTableSays) {
  const auto table = rows();
  EXPECT_GE(table.size(), 60U);
  for (const Row& row : table) {
    const std::size_t arrow = row.text.find("=>");
    ASSERT_NE(arrow, std::string::npos) << "policies.txt:" << row.line;
    EXPECT_EQ(decided(row), trimmed(row.text.substr(arrow + 2)))
        << "policies.txt:" << row.line << ": " << row.title << "\n"
        << row.text;
  }
}

/// Where `clear` stands in no rule, tag or ladder, it comes out of nothing. (The one readable way out that is left is
/// zip-attachments of a message without attachments, which is marked.)
TEST(Policies, NeverSendInClearUnlessItIsWritten) {
  const char* words[] = {"",
                         "attachments",
                         "unsound",
                         "automatic",
                         "smime-encrypted",
                         "unsound pgp-encrypted",
                         "subject:[veilig] attachments"};
  const char* knows[] = {"", "cert", "old-cert old-pgp", "pgp signs", "agreed", "pgp-away", "smime-away"};
  std::map<std::string, int> seen;
  for (const Row& row : rows()) {
    if (row.toml.contains("\"clear\"")) continue;
    const config::Settings settings = settings_of(row.toml);
    for (const char* sender : {"<>", "piet@kantoor.nl", "x@elders.nl"}) {
      for (const char* to : {"jan@x.nl", "jan@sub.x.nl", "a@y.com"}) {
        for (const char* message : words) {
          for (const char* known : knows) {
            const mail::Envelope envelope{.from = sender_of(sender), .to = {recipient_of(to)}};
            const Plan plan = decide(envelope, facts_of(message), settings, FakeDirectory(known), Time());
            const auto* send = std::get_if<Send>(&plan.decisions.at(0).what);
            if (send == nullptr) continue;
            ++seen[std::string(to_text(send->method))];
            EXPECT_NE(send->method, Method::clear) << row.toml;
            EXPECT_EQ(send->nothing_to_lock,
                      send->method == Method::zip_attachments && !facts_of(message).has_attachments);
            const bool with_keys = send->method == Method::smime || send->method == Method::pgp;
            EXPECT_EQ(with_keys && !send->already_sealed, !send->keys.empty()) << row.toml;
          }
        }
      }
    }
  }
  for (const char* method : {"smime", "pgp", "zip", "zip-attachments"}) EXPECT_GT(seen[method], 0) << method;
}

}  // namespace
}  // namespace zegel::decide
