#pragma once

#include <string>
#include <vector>

#include "config/settings.h"
#include "core/terms.h"
#include "decide/match.h"

namespace zegel::decide {

/// What holds for one sender and recipient, with nothing left open.
struct Policy {
  std::vector<Method> methods;
  Otherwise otherwise = Otherwise::refuse;
  bool sign = true;
  bool hide_subject = false;
  Tls tls = Tls::verified;
  Language language = Language::nl;
  PasswordMode password = PasswordMode::per_message;
  Cipher cipher = Cipher::aes256_cbc;
  bool domain_certificates = false;
  Locked locked = Locked::inside;
  std::string strip_tag;  ///< the tag that chose the methods, or empty
  std::string rule;       ///< Decision::rule
  std::string choice;     ///< Decision::choice
};

/// The first written tag that the subject holds, in any case of A–Z; or null.
[[nodiscard]] const config::Tag* find_tag(const std::vector<config::Tag>&, std::string_view subject);

/// The winning rule over [protect] and its like; `tag` (may be null) over the rule's methods.
[[nodiscard]] Policy policy_for(const config::Settings&, const Subject& from, const Subject& to,
                                const config::Tag* tag);

}  // namespace zegel::decide
