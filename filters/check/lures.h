#pragma once

#include <array>
#include <string_view>

namespace zegel::check {

/// Words that are put before or after a known name to make another domain look like a part of it, or that people think
/// belong to it.
inline constexpr std::array<std::string_view, 37> lure_words = {
    "klantenservice", "klantenportaal", "klantportaal", "klanten",  "klant",    "zakelijk", "particulier", "contact",
    "service",        "support",        "helpdesk",     "secure",   "security", "veilig",   "beveiligd",   "login",
    "inloggen",       "signin",         "account",      "accounts", "mijn",     "mail",     "email",       "webmail",
    "portal",         "portaal",        "factuur",      "facturen", "invoice",  "betaling", "betalen",     "payment",
    "billing",        "verify",         "verificatie",  "auth",     "nederland"};

/// The same, of words that also stand in many an honest name.
inline constexpr std::array<std::string_view, 25> everyday_words = {
    "services", "help",        "my",      "online", "info",       "betaal", "update", "id",   "app",
    "web",      "netherlands", "holland", "belgie", "group",      "groep",  "office", "team", "shop",
    "admin",    "digitaal",    "digital", "actie",  "bestelling", "pakket", "post"};

/// Host names that organisations really use: `mail.klant.nl` is klant.nl, not a slip of the keyboard.
inline constexpr std::array<std::string_view, 24> host_names = {
    "www",    "mail",   "webmail", "smtp",   "mx",   "imap",     "pop",     "intranet",
    "extern", "e",      "m",       "mijn",   "news", "email",    "post",    "info",
    "shop",   "secure", "login",   "portal", "owa",  "exchange", "kantoor", "service"};

}  // namespace zegel::check
