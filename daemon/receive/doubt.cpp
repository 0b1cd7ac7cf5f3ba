#include "receive/doubt.h"

#include <utility>

namespace zegel::receive {

OnDoubt what_to_do(const check::Verdict& verdict, const config::Recipients& settings) {
  switch (verdict.standing) {
    case check::Standing::known:
    case check::Standing::related:
      return OnDoubt::allow;
    case check::Standing::unknown:
      return settings.on_unknown;
    case check::Standing::near_miss:
      break;
  }
  const bool too_hard = settings.on_typo == OnDoubt::refuse || settings.on_typo == OnDoubt::hold;
  return verdict.about_person && too_hard ? OnDoubt::confirm : settings.on_typo;
}

std::string spoken(seconds duration) {
  static constexpr std::pair<long long, std::string_view> units[] = {
      {86'400, "day"}, {3'600, "hour"}, {60, "minute"}, {1, "second"}};
  for (const auto& [size, name] : units) {
    if (duration.count() < size || duration.count() % size != 0) continue;
    const long long number = duration.count() / size;
    return std::to_string(number) + " " + std::string(name) + (number == 1 ? "" : "s");
  }
  return "0 seconds";
}

namespace {

/// So that two addresses fit into one line of a reply (RFC 5321 4.5.3.1.5) with the words around them.
std::string shortened(const std::string& address) {
  constexpr std::size_t most = 180, tail = 60;
  if (address.size() <= most) return address;
  return address.substr(0, most - tail - 3) + "..." + address.substr(address.size() - tail);
}

}  // namespace

smtp::Reply doubt_reply(const mail::Mailbox& recipient, const check::Verdict& verdict, OnDoubt action,
                        seconds confirm_window, std::string_view reference) {
  std::string text = "<" + shortened(recipient.address()) + ">: ";
  const bool near = verdict.standing == check::Standing::near_miss;
  text += near ? "did you mean " + shortened(verdict.suggestion) + "?" : "this address is new here.";
  if (action == OnDoubt::confirm) {
    text += near ? " If not, send it again within " : " If it is right, send it again within ";
    text += spoken(confirm_window);
  }
  return {550, "5.1.2", text + " [" + std::string(reference) + "]"};
}

}  // namespace zegel::receive
