#pragma once

#include <string>
#include <vector>

#include "cli/session.h"

/// The commands of `zegel`: each is given its parsed words and answers with an exit code (exits.h).
namespace zegel::cli {

// check.cpp
int check(const Session&, const std::vector<std::string>& people);

// seal.cpp: the daemon's own code, without the daemon.
struct Trial {
  std::string from;
  std::vector<std::string> to;
  std::string file;  ///< empty: a small message of our own (explain only)
  std::string out;   ///< seal only
};
int seal(const Session&, const Trial&);
int explain(const Session&, const Trial&);

// key.cpp
int key_list(const Session&);
int key_show(const Session&, const std::string& address);
int key_import(const Session&, const std::vector<std::string>& files, bool replace);
struct Fetch {
  std::string via;  ///< HOST:PORT to connect to instead; empty: the domain's own
  bool replace = false, yes = false;
};
int key_fetch(const Session&, const std::string& address, const Fetch&);  // key_fetch.cpp
int key_remove(const Session&, const std::string& fingerprint);

// allow.cpp
int allow_list(const Session&);
int allow_check(const Session&, const std::vector<std::string>& inputs);
int allow_learn(const Session&, const std::string& file);
int allow_add(const Session&, const std::string& entry);
int allow_remove(const Session&, const std::string& entry);

// user.cpp
int user_list(const Session&);
int user_add(const Session&, const std::string& name);
int user_remove(const Session&, const std::string& name);

// queue.cpp
int queue_list(const Session&);
int queue_change(const Session&, const std::string& verb, const std::string& reference);

// held.cpp
int held_list(const Session&);
int held_show(const Session&, const std::string& reference, bool body);
int held_end(const Session&, const std::string& verb, const std::string& reference);

// password.cpp
int password_list(const Session&);
int password_set(const Session&, const std::string& address);
int password_new(const Session&, const std::string& address);
int password_show(const Session&, const std::string& reference);
int password_forget(const Session&, const std::string& address);

// trace.cpp
int trace(const Session&, const std::string& reference_or_message_id);
int forget(const Session&, const std::string& address);

// privacy.cpp: `what` is record or notice; an empty language is the office's
int privacy(const Session&, const std::string& what, const std::string& language);

// init.cpp
struct NewOffice {
  std::string domain, relay;
  std::string dir = "/etc/zegel";
};
int init(const NewOffice&);

// sink.cpp
int sink(const std::string& listen, const std::string& dir);

}  // namespace zegel::cli
