#include "config/keys.h"

namespace zegel::config {

namespace {

constexpr std::uint64_t kb = 1 << 10;
constexpr std::uint64_t gb = 1 << 30;
using List = std::vector<Key<Settings>>;

List office() {
  const Section in{"office", &Settings::office};
  return {
      in.key("domains", &Office::domains, list(domain(), 1),
             "The office's own domains. Only they may send (MAIL FROM and From:), and only to them may notices go.",
             {.example = R"(["kantoor.nl"])", .required = true}),
      in.key("relay", &Office::relay, maybe(host_port()),
             "Takes mail for the office itself: bounces, notices, passwords (TLS where it is offered).",
             {.by_default = "the client's address, port 25", .example = R"("mail.kantoor.nl:25")"}),
      in.key("language", &Office::language, word<Language>(), "Of notices and cover texts; a rule may say another."),
      in.key("phone", &Office::phone, text(), "Shown in cover texts, for recipients who want the password.",
             {.by_default = "none", .example = R"("+31 20 123 45 67")"}),
  };
}

List server() {
  const Section in{"server", &Settings::server};
  return {
      in.key("hostname", &Server::hostname, host(), "In EHLO, Received and the Message-ID of notices.",
             {.by_default = "the machine's name", .example = R"("zegel.kantoor.nl")"}),
      in.key("listen", &Server::listen, list(listen_at(), 1),
             "Where the office's mail server hands its mail over: plain, and STARTTLS where there is a certificate. "
             "Port 0 is any free one.",
             {.example = R"(["127.0.0.1:10025"])", .required = true}),
      in.key("listen_tls", &Server::listen_tls, list(listen_at()), "The same with TLS from the first octet.",
             {.by_default = "none", .example = R"(["0.0.0.0:465"])"}),
      in.key("tls_certificate", &Server::tls_certificate, path(Target::file),
             "PEM file with the server's certificate and its chain. Without it STARTTLS is not offered.",
             {.by_default = "none", .example = R"("tls/fullchain.pem")"}),
      in.key("tls_key", &Server::tls_key, path(Target::secret), "PEM file with its key; not readable by everyone.",
             {.by_default = "none", .example = R"("tls/key.pem")"}),
      in.key("require_tls", &Server::require_tls, flag(), "Answer 530 to MAIL without TLS."),
      in.key("trusted", &Server::trusted, list(network()), "Networks that may relay without AUTH."),
      in.key(
          "users", &Server::users, path(Target::made_secret),
          "File of `name:hash` lines for AUTH PLAIN and LOGIN, which are offered only under TLS. `zegel user add NAME` "
          "writes it.",
          {.by_default = "none", .example = R"("users")"}),
      in.key("message_size", &Server::message_size, size(kb, gb), "A bigger message gets 552."),
      in.key("recipients", &Server::recipients, number(1, 100'000), "Recipients of one message; more get 452."),
      in.key("connections", &Server::connections, number(1, 100'000), "Connections at a time; more get 421."),
      in.key("per_client", &Server::per_client, number(1, 100'000), "Connections at a time from one address."),
      in.key("memory", &Server::memory, size(kb, 1024 * gb), "Octets of messages in work; over it new ones get 452."),
  };
}

List delivery() {
  const Section in{"delivery", &Settings::delivery};
  return {
      in.key("relay", &Delivery::relay, one_or_more(host_port()),
             "The next hop. A list is tried in its order. Either this or `direct`.",
             {.example = R"("smtp.provider.nl:587")", .required = true}),
      in.key("direct", &Delivery::direct, flag(), "Deliver to each recipient domain's MX instead."),
      in.key("tls", &Delivery::tls, word<Tls>(),
             "Demanded of the next hop: `opportunistic` (where it is offered), `required` (whoever it is), `verified` "
             "(name and chain). `none` only to this machine. A rule may say another."),
      in.key("ca_file", &Delivery::ca_file, path(Target::file), "PEM file of the authorities that `verified` believes.",
             {.by_default = "the system's", .example = R"("tls/ca.pem")"}),
      in.key("user", &Delivery::user, text(), "AUTH at the next hop, only under TLS.",
             {.by_default = "none", .example = R"("kantoor@provider.nl")"}),
      in.key("password_file", &Delivery::password_file, path(Target::secret),
             "The password for it: the file's first line; not readable by everyone.",
             {.by_default = "none", .example = R"("relay.password")"}),
      in.key("connections", &Delivery::connections, number(1, 10'000), "Connections to next hops at a time."),
      in.key("retry", &Delivery::retry, list(duration(), 1, Twice::allowed),
             "Waits between attempts, with jitter; the last one repeats."),
      in.key("give_up", &Delivery::give_up, duration(), "After it the sender gets a bounce."),
  };
}

List recipients() {
  const Section in{"recipients", &Settings::recipients};
  return {
      in.key("allowlist", &Recipients::allowlist, list(some_path(Target::file)),
             "Files of known recipients, one a line: domains (`klant.nl`), addresses (`jan@klant.nl`), `.klant.nl` for "
             "subdomains; `#` comments.",
             {.by_default = "none", .example = R"(["allowlist.txt"])"}),
      in.key("well_known", &Recipients::well_known, flag(), "Count the shipped list of big mail providers as known."),
      in.key("learn", &Recipients::learn, flag(), "A recipient that a message reached becomes known."),
      in.key("on_typo", &Recipients::on_typo, word<OnDoubt>({OnDoubt::allow}),
             "For a near-miss of something known: `confirm` (refuse; sending again within `confirm_window` is the "
             "confirmation), `refuse`, `hold` (for a person to judge) or `warn` (goes out; the sender gets a notice)."),
      in.key("on_unknown", &Recipients::on_unknown, word<OnDoubt>(),
             "For an unknown recipient that resembles nothing: the same words, and `allow`."),
      in.key("confirm_window", &Recipients::confirm_window, duration(), "How long sending again counts as confirming."),
      in.key("visible", &Recipients::visible, number(1, 100'000),
             "More outside recipients than this in To and Cc, of more than 3 domains, are asked to go into Bcc."),
      in.key("weights", &Recipients::weights, weights(),
             "Prices of the recipient check that differ from the shipped ones, by their names in "
             "`filters/check/weights.h`; for those who measure.",
             {.by_default = "none", .example = "{ swap = 0.32, allowed_5 = 0.9 }"}),
  };
}

List protect() {
  const Section in{"protect", &Settings::protect};
  return {
      in.key("methods", &Protect::methods, ladder(),
             "The ladder: the first method that can be done for a recipient. `smime` and `pgp` need its key; "
             "`zip-attachments` locks the attachments and leaves the body readable, also of a message that has none; "
             "`zip` "
             "locks the body too; `clear` seals nothing, and has to be written out."),
      in.key("otherwise", &Protect::otherwise, word<Otherwise>(),
             "When no method can be done: `refuse`, or `hold` for a person to judge. Never in clear."),
      in.key("sign", &Protect::sign, flag(), "Sign with the sender's key where there is one."),
      in.key("hide_subject", &Protect::hide_subject, flag(),
             "Seal the subject too (RFC 9788): outside it reads `[...]`."),
      in.key("tags", &Protect::tags,
             records(tag_keys(), "a list in [ ], each item as { subject = \"[veilig]\", methods = [\"zip\"] }"),
             "Marks in a subject (any case) that choose the methods instead of the rule; the mark is taken off.",
             {.by_default = "none", .example = R"([{ subject = "[veilig]", methods = ["smime", "pgp", "zip"] }])"}),
      in.key(
          "rule", &Protect::rules, records(rule_keys(), "[[protect.rule]] in double brackets, and its keys below it"),
          "Exceptions for some recipients or senders, each under a `[[protect.rule]]` of its own. The rule with the "
          "most "
          "specific `to` wins, then the most specific `from`, then the first written. What the winning rule leaves out "
          "comes from `[protect]`, not from other rules.",
          {.by_default = "none", .example = R"([{ to = ["klant.nl"], methods = ["smime"] }])"}),
  };
}

List sealing() {
  const Section smime{"smime", &Settings::smime};
  const Section pgp{"pgp", &Settings::pgp};
  const Section zip{"zip", &Settings::zip};
  return {
      smime.key("certificates", &Smime::certificates, some_path(Target::folder, Smime().certificates),
                "Folder of certificates (PEM, DER, P7B), and of senders' pairs (PEM, PKCS#12)."),
      smime.key("authorities", &Smime::authorities, path(Target::file),
                "PEM file of authorities that vouch for recipients. Without it only certificates that were imported by "
                "hand count, as pinned.",
                {.by_default = "none", .example = R"("authorities.pem")"}),
      smime.key("crl_dir", &Smime::crl_dir, path(Target::folder), "Folder of revocation lists.",
                {.by_default = "none", .example = R"("crl")"}),
      smime.key("cipher", &Smime::cipher, word<Cipher>(),
                "`aes-256-gcm` only for recipients known to read it (Outlook does not); a rule may say another."),
      smime.key(
          "domain_certificates", &Smime::domain_certificates, flag(),
          "Where a recipient has no usable certificate of his own: seal to the one of his whole domain, if it was "
          "imported by hand. Meant for a rule about a domain that agreed to it."),
      pgp.key("home", &Pgp::home, path(Target::made), "Zegel's own keyring, nobody else's.",
              {.by_default = "`gnupg` in `state.dir`", .example = R"("/var/lib/zegel/gnupg")"}),
      zip.key(
          "password", &Zip::password, word<PasswordMode>(),
          "`per-message` (a new one, mailed to the sender in the office), `agreed` (set with `zegel password`; without "
          "one, the next method) or `command`. A rule may say another."),
      zip.key("command", &Zip::command, path(Target::program),
              "Run with the recipient and the reference as arguments and the password on its input: an SMS gateway.",
              {.by_default = "none", .example = R"("/usr/local/bin/sms-password")"}),
      zip.key("command_time", &Zip::command_time, duration(),
              "How long it may take; then it is killed and the message held, as when it fails."),
      zip.key("words", &Zip::words, number(5, 20), "Words in a password, each of a list of 7,776."),
      zip.key("agreed_for", &Zip::agreed_for, duration(),
              "How long an agreed password may be used; then the next method is taken until a new one is agreed."),
      zip.key("remind", &Zip::remind, duration(),
              "How long before that senders to its recipients are reminded, once a week at most; `zegel check` tells "
              "too."),
      zip.key("locked", &Zip::locked, word<Locked>(),
              "Where an attachment goes under `zip-attachments` that is locked already (a zip or 7z with AES, a PDF "
              "with AES-256, an encrypted docx, xlsx or pptx): `inside` the zip with the rest, or `beside` it as it "
              "is, its name readable. A rule may say another."),
      zip.key("covers", &Zip::covers, path(Target::folder),
              "Folder of the office's own cover texts, each in the place of a shipped one: `zip-attachments.nl.txt`, "
              "`zip.nl.txt`, and so for `en` and `de`.",
              {.by_default = "none", .example = R"("covers")"}),
  };
}

List watching() {
  const Section scan{"scan", &Settings::scan};
  const Section limits{"limits", &Settings::limits};
  return {
      scan.key("clamd", &Scan::clamd, host_port_or_socket(),
               "ClamAV's daemon, asked before sealing: host:port or a socket.",
               {.by_default = "none", .example = R"("/run/clamav/clamd.ctl")"}),
      scan.key("otherwise", &Scan::defer_without, either("pass", "defer"), "When it is away: `defer` (451) or `pass`."),
      limits.key("sender", &Limits::sender, maybe(number(1, 1'000'000)),
                 "Messages an hour that one sender may send; then 452 and an alarm, for a taken-over account.",
                 {.by_default = "none", .example = "200"}),
  };
}

List keeping() {
  const Section retention{"retention", &Settings::retention};
  const Section state{"state", &Settings::state};
  return {
      retention.key("held", &Retention::held, duration(), "A held message; then it bounces."),
      retention.key("passwords", &Retention::passwords, duration(), "A zip's password, for `zegel password show`."),
      retention.key("audit", &Retention::audit, duration(), "Who sent what to whom and how, for `zegel trace`."),
      retention.key("learned", &Retention::learned, duration(), "A learned recipient that nobody wrote to since."),
      state.key("dir", &State::dir, some_path(Target::made), "Queue, held mail, learned recipients, audit: one store."),
  };
}

List running() {
  const Section log{"log", &Settings::log};
  const Section admin{"admin", &Settings::admin};
  return {
      log.key("to", &Log::to_stderr, either("syslog", "stderr"), "`syslog` (facility mail) or `stderr`."),
      log.key("level", &Log::level, word<LogLevel>(), "The least that is logged."),
      log.key("addresses", &Log::addresses, word<LogAddresses>(), "`domain` and `hash` keep persons out of the log."),
      admin.key("socket", &Admin::socket, some_path(Target::made),
                "Where `zegel` talks to the daemon; `/metrics` too."),
      admin.key("metrics", &Admin::metrics, maybe(listen_at()), "Serves `/metrics` to Prometheus over TCP as well.",
                {.by_default = "none", .example = R"("127.0.0.1:9125")"}),
  };
}

}  // namespace

const std::vector<Key<Settings>>& keys() {
  static const List all = [] {
    List list;
    for (const List& part :
         {office(), server(), delivery(), recipients(), protect(), sealing(), watching(), keeping(), running()}) {
      std::ranges::copy(part, std::back_inserter(list));
    }
    return list;
  }();
  return all;
}

const std::vector<Key<Rule>>& rule_keys() {
  static const std::vector<Key<Rule>> all = {
      key_of("to", &Rule::to, list(pattern(), 1), "Recipients: `jan@x.nl`, `x.nl`, `.x.nl` (its subdomains) or `*`.",
             {.by_default = "everyone", .example = R"(["klant.nl", "jan@ander.nl"])"}),
      key_of("from", &Rule::from, list(pattern(), 1), "Senders, written the same way.",
             {.by_default = "everyone", .example = R"(["directie@kantoor.nl"])"}),
      key_of("methods", &Rule::methods, given(ladder()), "As `protect.methods`.", {.example = R"(["smime", "pgp"])"}),
      key_of("otherwise", &Rule::otherwise, given(word<Otherwise>()), "As `protect.otherwise`.",
             {.example = R"("hold")"}),
      key_of("sign", &Rule::sign, given(flag()), "As `protect.sign`.", {.example = "false"}),
      key_of("hide_subject", &Rule::hide_subject, given(flag()), "As `protect.hide_subject`.", {.example = "true"}),
      key_of("tls", &Rule::tls, given(word<Tls>()), "As `delivery.tls`.", {.example = R"("required")"}),
      key_of("language", &Rule::language, given(word<Language>()), "As `office.language`.", {.example = R"("en")"}),
      key_of("password", &Rule::password, given(word<PasswordMode>()), "As `zip.password`.",
             {.example = R"("agreed")"}),
      key_of("locked", &Rule::locked, given(word<Locked>()), "As `zip.locked`.", {.example = R"("beside")"}),
      key_of("cipher", &Rule::cipher, given(word<Cipher>()), "As `smime.cipher`.", {.example = R"("aes-256-gcm")"}),
      key_of("domain_certificates", &Rule::domain_certificates, given(flag()), "As `smime.domain_certificates`.",
             {.example = "true"}),
  };
  return all;
}

const std::vector<Key<Tag>>& tag_keys() {
  static const std::vector<Key<Tag>> all = {
      key_of("subject", &Tag::subject, some_text(), "The mark.", {.example = R"("[veilig]")", .required = true}),
      key_of("methods", &Tag::methods, ladder(), "As `protect.methods`.",
             {.example = R"(["smime", "pgp", "zip"])", .required = true}),
  };
  return all;
}

}  // namespace zegel::config
