#include "cli/commandline.h"

#include <cstdio>
#include <cstdlib>
#include <functional>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/exits.h"
#include "cli/manual.h"

namespace zegel::cli {

namespace {

/// The grammar of `zegel`: what each word means, and what is then run.
class CommandLine {
 public:
  CommandLine();
  int run(int argc, char** argv);

 private:
  using Run = std::function<int()>;

  CLI::App* group(const std::string& name, const std::string& about);
  CLI::App* command(CLI::App* parent, const std::string& name, const std::string& about, Run run);
  /// A command that lists something: it takes --json.
  CLI::App* listing(CLI::App* parent, const std::string& name, const std::string& about, Run run);
  void shared_options(CLI::App*);

  void add_trials();
  void add_keys();
  void add_allow();
  void add_users();
  void add_queue();
  void add_held();
  void add_passwords();
  void add_others();

  CLI::App app_{"Administers Zegel, the outbound e-mail encryption gateway.", "zegel"};
  Session session_;
  Trial trial_;
  NewOffice office_;
  std::string word_;                ///< the one argument that most commands take
  std::vector<std::string> words_;  ///< or several
  std::string listen_, dir_;
  Fetch fetch_;
  bool replace_ = false, body_ = false;
  Run run_;
};

CommandLine::CommandLine() {
  if (const char* file = std::getenv("ZEGEL_CONFIG"); file != nullptr && *file != '\0') session_.config = file;
  app_.require_subcommand(1);
  app_.set_version_flag("--version", ZEGEL_VERSION);
  shared_options(&app_);
  add_trials();
  add_keys();
  add_allow();
  add_users();
  add_queue();
  add_held();
  add_passwords();
  add_others();
}

void CommandLine::shared_options(CLI::App* app) {
  app->add_option("--config", session_.config, "the config file; else $ZEGEL_CONFIG, else /etc/zegel/zegel.toml")
      ->type_name("FILE");
  app->add_flag("--json", session_.json, "answer in JSON");
}

CLI::App* CommandLine::group(const std::string& name, const std::string& about) {
  CLI::App* app = app_.add_subcommand(name, about);
  shared_options(app);
  return app;
}

CLI::App* CommandLine::command(CLI::App* parent, const std::string& name, const std::string& about, Run run) {
  CLI::App* app = parent->add_subcommand(name, about);
  shared_options(app);
  app->callback([this, run = std::move(run)] { run_ = run; });
  return app;
}

CLI::App* CommandLine::listing(CLI::App* parent, const std::string& name, const std::string& about, Run run) {
  parent->require_subcommand(0, 1);
  parent->callback([this, run] {
    if (!run_) run_ = run;
  });
  return command(parent, name, about, std::move(run));
}

void CommandLine::add_trials() {
  CLI::App* init_app = command(&app_, "init", "write a working config, and say what to set on the office's mail server",
                               [this] { return init(office_); });
  init_app->add_option("--domain", office_.domain, "the office's domain")->required()->type_name("D");
  init_app->add_option("--relay", office_.relay, "the next hop")->required()->type_name("HOST:PORT");
  init_app->add_option("--dir", office_.dir, "the folder of the config")->capture_default_str()->type_name("DIR");
  command(&app_, "check",
          "look at config, keys, files, clock, room and next hops, and say what is wrong; with addresses: whether mail "
          "could be sealed for them, and why not",
          [this] { return check(session_, words_); })
      ->add_option("ADDRESS", words_);
  const auto message = [this](CLI::App* app, bool file_required) {
    app->add_option("--from", trial_.from, "the sender")->required()->type_name("ADDRESS");
    app->add_option("--to", trial_.to, "the recipients")->required()->delimiter(',')->type_name("ADDRESS");
    app->add_option("--file", trial_.file, "the message (RFC 5322), - for stdin")
        ->required(file_required)
        ->type_name("FILE");
  };
  message(command(&app_, "explain", "say what would happen to a message, and why",
                  [this] { return explain(session_, trial_); }),
          false);
  CLI::App* seal_app =
      command(&app_, "seal", "seal a message and write what would leave", [this] { return seal(session_, trial_); });
  message(seal_app, true);
  seal_app->add_option("--out", trial_.out, "the folder for N.eml and N.json")->required()->type_name("DIR");
}

void CommandLine::add_keys() {
  CLI::App* key = group("key", "S/MIME certificates and PGP keys");
  listing(key, "list", "every certificate and key, and what it is good for", [this] { return key_list(session_); });
  command(key, "show", "the keys of one address", [this] { return key_show(session_, word_); })
      ->add_option("ADDR", word_)
      ->required();
  CLI::App* import = command(key, "import", "take over certificates and keys from files (- for stdin)",
                             [this] { return key_import(session_, words_, replace_); });
  import->add_option("FILE", words_)->required();
  import->add_flag("--replace", replace_, "take the place of keys for the same address");
  CLI::App* fetch = command(key, "fetch", "look for a PGP key in the address's Web Key Directory; shows it and asks",
                            [this] { return key_fetch(session_, word_, fetch_); });
  fetch->add_option("ADDR", word_)->required();
  fetch->add_option("--via", fetch_.via, "connect there instead, as to a proxy of TLS")->type_name("HOST:PORT");
  fetch->add_flag("--replace", fetch_.replace, "take the place of keys for the same address");
  fetch->add_flag("--yes", fetch_.yes, "do not ask");
  command(key, "remove", "remove a certificate or key", [this] { return key_remove(session_, word_); })
      ->add_option("FPR", word_)
      ->required();
}

void CommandLine::add_allow() {
  CLI::App* allow = group("allow", "known domains and people");
  listing(allow, "list", "file entries and learned ones", [this] { return allow_list(session_); });
  command(allow, "add", "make a domain or an address known", [this] { return allow_add(session_, word_); })
      ->add_option("ENTRY", word_)
      ->required();
  command(allow, "remove", "forget a learned domain or address", [this] { return allow_remove(session_, word_); })
      ->add_option("ENTRY", word_)
      ->required();
  command(allow, "learn",
          "take over history: a Postfix log, an Exchange tracking CSV, or `recipient<TAB>mails[<TAB>last-date]`",
          [this] { return allow_learn(session_, word_); })
      ->add_option("FILE", word_)
      ->required();
  command(allow, "check", "judge addresses or domains; - reads one a line",
          [this] { return allow_check(session_, words_); })
      ->add_option("ADDR", words_)
      ->required();
}

void CommandLine::add_users() {
  CLI::App* user = group("user", "who may AUTH");
  listing(user, "list", "the names", [this] { return user_list(session_); });
  command(user, "add", "add a user or set a new password (asks, or reads stdin)",
          [this] { return user_add(session_, word_); })
      ->add_option("NAME", word_)
      ->required();
  command(user, "remove", "remove a user", [this] { return user_remove(session_, word_); })
      ->add_option("NAME", word_)
      ->required();
}

void CommandLine::add_queue() {
  CLI::App* queue = group("queue", "mail on its way out");
  listing(queue, "list", "what waits, and why", [this] { return queue_list(session_); });
  const auto change = [&](const std::string& verb, const std::string& about) {
    command(queue, verb, about, [this, verb] { return queue_change(session_, verb, word_); })
        ->add_option("ID", word_)
        ->required();
  };
  change("retry", "try now; `all` for everything that is not on hold");
  change("drop", "throw away, without a bounce");
  change("hold", "keep, and do not try until `retry`");
}

void CommandLine::add_held() {
  CLI::App* held = group("held", "messages that wait for a person");
  listing(held, "list", "what waits, and why", [this] { return held_list(session_); });
  CLI::App* show = command(held, "show", "headers and reason", [this] { return held_show(session_, word_, body_); });
  show->add_option("ID", word_)->required();
  show->add_flag("--body", body_, "the whole message; this is logged");
  const auto end = [&](const std::string& verb, const std::string& about) {
    command(held, verb, about, [this, verb] { return held_end(session_, verb, word_); })
        ->add_option("ID", word_)
        ->required();
  };
  end("release", "send it on as the policy says");
  end("refuse", "send it back to the sender");
}

void CommandLine::add_passwords() {
  CLI::App* password = group("password", "zip passwords");
  listing(password, "list", "with whom passwords are agreed, since when and until when",
          [this] { return password_list(session_); });
  const auto add = [&](const std::string& verb, const std::string& argument, const std::string& about,
                       int (*run)(const Session&, const std::string&)) {
    command(password, verb, about, [this, run] { return run(session_, word_); })
        ->add_option(argument, word_)
        ->required();
  };
  add("set", "ADDR", "agree on a password (asks, or reads stdin)", password_set);
  add("new", "ADDR", "agree on a new passphrase and show it once", password_new);
  add("show", "REF", "the password of one message; this is logged", password_show);
  add("forget", "ADDR", "forget every password of an address", password_forget);
}

void CommandLine::add_others() {
  command(&app_, "trace", "who, when, to whom, how sealed", [this] { return trace(session_, word_); })
      ->add_option("REF", word_, "a reference or a Message-ID")
      ->required();
  command(&app_, "forget", "erase a person", [this] { return forget(session_, word_); })
      ->add_option("ADDR", word_)
      ->required();
  CLI::App* privacy_app = group("privacy", "texts for the office's privacy papers, from the config in force");
  privacy_app->require_subcommand(1);
  const auto add_paper = [&](const std::string& what, const std::string& about) {
    command(privacy_app, what, about, [this, what] { return privacy(session_, what, word_); })
        ->add_option("--language", word_)
        ->check(CLI::IsMember({"nl", "en"}));
  };
  add_paper("record", "the record of processing (GDPR art. 30)");
  add_paper("notice", "a paragraph for the privacy notice");
  CLI::App* sink_app =
      command(&app_, "sink", "a next hop that keeps what it gets as files", [this] { return sink(listen_, dir_); });
  sink_app->add_option("--listen", listen_, "where to listen")->required()->type_name("HOST:PORT");
  sink_app->add_option("--dir", dir_, "the folder for N.eml and N.json")->required()->type_name("DIR");
  CLI::App* manual_app = command(&app_, "manual", "print a page of the manual, in roff", [this] {
    const std::string page = manual(app_, word_);
    return page.empty() ? complain(exit_no_input, "there is no page " + word_)
                        : (std::fputs(page.c_str(), stdout), exit_ok);
  });
  manual_app->group("");  // for those who build and package
  manual_app->add_option("PAGE", word_)->required();
}

int CommandLine::run(int argc, char** argv) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) { return app_.exit(error) == 0 ? exit_ok : exit_usage; }
  try {
    return run_();
  } catch (const std::exception& accident) { return complain(exit_unavailable, accident.what()); }
}

}  // namespace

int run(int argc, char** argv) { return CommandLine().run(argc, argv); }

}  // namespace zegel::cli
