#pragma once

/// Exit codes of sysexits(3): what scripts around `zegel` rely on.
namespace zegel::cli {

inline constexpr int exit_ok = 0;
inline constexpr int exit_usage = 64;        ///< the words of the command are wrong
inline constexpr int exit_data = 65;         ///< what was given is not what it should be
inline constexpr int exit_no_input = 66;     ///< no such file, message, key
inline constexpr int exit_unavailable = 69;  ///< the daemon or another service is not there
inline constexpr int exit_try_later = 75;
inline constexpr int exit_not_allowed = 77;
inline constexpr int exit_config = 78;  ///< the config is wrong

}  // namespace zegel::cli
