#include <cerrno>
#include <filesystem>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

#include "config/address.h"
#include "config/credential.h"
#include "config/form.h"

namespace zegel::config {

namespace {

std::string absolute(const std::string& written, const std::string& folder) {
  const auto path = (std::filesystem::path(folder) / written).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).string();  // no slash at the end
}

/// What is wrong with `path`, as `what; how to mend it`, or empty.
std::string why_not(Target target, const std::string& path, const std::string& written) {
  if (target == Target::made) return {};
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) {
    if (target == Target::made_secret && errno == ENOENT) return {};
    const std::string reason = std::error_code(errno, std::generic_category()).message();
    return quote(written) + " cannot be found (" + reason +
           "); make it, or mend the path (relative ones start at this file's folder)";
  }
  if (target == Target::folder && !S_ISDIR(status.st_mode)) return quote(written) + " is a file; name a folder";
  if (target != Target::folder && S_ISDIR(status.st_mode)) return quote(written) + " is a folder; name a file";
  if (target == Target::program && (status.st_mode & 0111) == 0) {
    return quote(written) + " cannot be run; chmod +x " + written;
  }
  const bool is_secret = target == Target::secret || target == Target::made_secret;
  if (is_secret && (status.st_mode & 0004) != 0) {
    return quote(written) + " holds secrets and everyone can read it; chmod o-rwx " + written;
  }
  if (target != Target::program && access(path.c_str(), R_OK) != 0) {
    return quote(written) + " cannot be read; let the user that Zegel runs as read it";
  }
  return {};
}

std::string wanted_for(Target target) {
  switch (target) {
    case Target::folder:
      return "a folder's path, in quotes";
    case Target::program:
      return "a program's path, in quotes";
    case Target::file:
    case Target::secret:
    case Target::made_secret:
    case Target::made:
      return "a path, in quotes";
  }
  return {};
}

}  // namespace

Form<std::string> path(Target target) {
  const Form<std::string> base = text();
  const std::string wanted = wanted_for(target);
  const auto read = [=](const Node& node, Reading& reading) -> std::optional<std::string> {
    if (node.as<std::string>() == nullptr) return reading.wrong_type(node, wanted), std::nullopt;
    auto written = base.read(node, reading);
    if (!written || written->empty()) return written;
    std::string full = absolute(*written, reading.folder);
    if (target == Target::secret) full = credential(full, reading.folder);
    const std::string why = why_not(target, full, *written);
    if (why.empty()) return full;
    reading.bad(node, why);
    return std::nullopt;
  };
  return {wanted, read, base.show};
}

Form<std::string> some_path(Target target, const std::string& may_lack) {
  const Form<std::string> form = path(target);
  const auto read = [form, may_lack](const Node& node, Reading& reading) -> std::optional<std::string> {
    const auto* written = node.as<std::string>();
    if (written != nullptr && !written->empty() && *written == may_lack) return may_lack;
    if (written == nullptr || !written->empty()) return form.read(node, reading);
    reading.problem(node.place, reading.key + " is empty", "write " + form.wanted);
    return std::nullopt;
  };
  return {form.wanted, read, form.show};
}

Form<std::string> host_port_or_socket() {
  const Form<std::string> socket = path(Target::made);
  const std::string wanted = "host:port, as in \"127.0.0.1:3310\", or a socket's path";
  const auto read = [=](const Node& node, Reading& reading) -> std::optional<std::string> {
    const auto* written = node.as<std::string>();
    if (written == nullptr) return reading.wrong_type(node, wanted), std::nullopt;
    if (written->empty() || written->contains('/')) return socket.read(node, reading);
    if (const auto at = parse_host_port(*written)) return at->text();
    reading.problem(node.place, reading.key + " cannot be " + quote(*written), "write " + wanted);
    return std::nullopt;
  };
  return {wanted, read, socket.show};
}

}  // namespace zegel::config
