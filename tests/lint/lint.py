#!/usr/bin/env python3
"""The rules of the house that a machine can check: `lint.py [--quick]`. Exit 1 and a line for each breach.

format, include directions, one room per library, file and function sizes; and, without --quick, clang-tidy."""
import concurrent.futures, json, os, re, subprocess, sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
os.chdir(ROOT)

# A room may include itself and what stands in its row.
FILTERS = {"core", "config", "mail"}
DAEMON_LOW = FILTERS | {"check", "decide", "seal", "log", "metrics", "smtp", "net", "store"}
MAY_INCLUDE = {
    "core": set(),
    "mail": {"core"},
    "config": {"core", "mail"},
    "check": FILTERS,
    "decide": FILTERS,
    "seal": FILTERS | {"decide"},
    "log": {"core", "config"},
    "metrics": {"core"},
    "smtp": {"core", "mail"},
    "net": {"core", "config", "log"},
    "store": {"core", "mail", "seal", "log"},
    "notify": FILTERS | {"seal"},
    "receive": DAEMON_LOW | {"notify"},
    "send": DAEMON_LOW | {"notify"},
    "admin": DAEMON_LOW | {"receive"},
    "cli": DAEMON_LOW | {"notify", "receive", "send", "admin", "gateway"},
    "gateway": DAEMON_LOW | {"receive", "send", "admin"},
    "main": DAEMON_LOW | {"gateway", "cli"},
}

# Each library is known to one room (OpenSSL's parts to three).
LIBRARIES = {
    r"mimetic/": {"mail"},
    r"openssl/cms\.h": {"seal"},
    r"openssl/ssl\.h": {"net"},
    r"gpgme\.h": {"seal"},
    r"zip\.h>": {"seal"},
    r"sqlite3\.h": {"store"},
    r"spdlog/": {"log"},
    r"prometheus/": {"metrics"},
    r"toml\+\+": {"config"},
    r"CLI/": {"cli", "main"},
    r"libpsl\.h": {"check"},
    r"ares\.h": {"send", "net"},
    r"boost/asio": {"net", "receive", "send", "admin", "gateway", "cli"},
    r"boost/beast": {"admin"},
    r"unicode/uspoof": {"check"},
}
MOST_LINES = 400
MOST_FUNCTION_LINES = 60


def tracked(*patterns):
    out = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns], stdout=subprocess.PIPE, check=True)
    return [p for p in out.stdout.decode().split("\n") if p and os.path.exists(p)]


def room(path):
    parts = path.split("/")
    if parts[0] == "config":
        return "config"
    if parts[0] in ("filters", "daemon"):
        if parts[-1] in ("zegeld.cpp", "zegel.cpp"):
            return "main"
        return parts[1] if len(parts) > 2 else "gateway"
    return None


def includes(path):
    with open(path, encoding="utf8") as f:
        for number, line in enumerate(f, 1):
            found = re.match(r'\s*#\s*include\s+(["<])([^">]+[">])', line)
            if found:
                yield number, found.group(1) == '"', found.group(2)


def check_directions(sources):
    for path in sources:
        own = room(path)
        if own is None:
            continue
        if own not in MAY_INCLUDE:
            yield "%s:1: the room %s is not in tests/lint/lint.py; say there what it may include" % (path, own)
            continue
        for number, quoted, name in includes(path):
            other = name.split("/")[0] if "/" in name else "gateway"
            if quoted and other in MAY_INCLUDE and other != own and other not in MAY_INCLUDE[own]:
                yield "%s:%d: %s must not include %s: includes flow one way" % (path, number, own, name.rstrip('">'))
            for library, rooms in LIBRARIES.items():
                if re.match(library, name) and own not in rooms:
                    yield "%s:%d: %s is known to %s only" % (path, number, name.rstrip('">'), ", ".join(sorted(rooms)))


def check_sizes(sources):
    for path in sources:
        with open(path, encoding="utf8") as f:
            lines = f.read().count("\n")
        if lines > MOST_LINES:
            yield "%s:1: %d lines; %d at the most: probably two rooms in one" % (path, lines, MOST_LINES)
    tags = subprocess.run(["ctags", "--c++-kinds=f", "--fields=+ne", "-L", "-", "-f", "-"], input="\n".join(sources).encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode(errors="replace")
    for line in tags.split("\n"):
        begin, end = re.search(r"\tline:(\d+)", line), re.search(r"\tend:(\d+)", line)
        if begin and end and int(end.group(1)) - int(begin.group(1)) > MOST_FUNCTION_LINES:
            name, path = line.split("\t")[:2]
            yield "%s:%s: %s has %d lines; %d at the most" % (path, begin.group(1), name, int(end.group(1)) - int(begin.group(1)),
                                                              MOST_FUNCTION_LINES)


def check_headers(sources):
    for path in sources:
        if not path.endswith(".h"):
            continue
        with open(path, encoding="utf8") as f:
            text = f.read()
        if not text.startswith("#pragma once"):
            yield "%s:1: begins with #pragma once" % path
        if room(path) and "///" not in text:
            yield "%s:1: a header is a contract: say with /// what it promises" % path


def check_format(sources):
    done = subprocess.run(["clang-format-19", "--dry-run", "--Werror", *sources], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    for path in sorted(set(re.findall(r"^(\S+?):\d+:\d+: error:", done.stderr.decode(), re.M))):
        yield path + ":1: not in format; run ./dev format"


def check_links(documents):
    for path in documents:
        with open(path, encoding="utf8") as f:
            text = f.read()
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
            if not os.path.exists(os.path.normpath(os.path.join(os.path.dirname(path), target))):
                yield "%s:1: links to %s, which is not there" % (path, target)


def tidy(path):
    done = subprocess.run(["clang-tidy-19", "-p", "build/release", "--quiet", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found = [l.replace(ROOT + "/", "") for l in done.stdout.decode(errors="replace").split("\n") if ": error:" in l or ": warning:" in l]
    return [l for l in found if not l.startswith("/")]  # the analyzer also walks into the libraries' headers


def check_tidy():
    subprocess.run(["cmake", "--preset", "release"], stdout=subprocess.DEVNULL, check=True)
    generated = subprocess.run(["ninja", "-C", "build/release", "-t", "targets", "all"], stdout=subprocess.PIPE).stdout.decode()
    headers = [l.split(":")[0] for l in generated.split("\n") if re.search(r"\.(h|inc|cpp): CUSTOM_COMMAND", l)]
    if headers:
        subprocess.run(["ninja", "-C", "build/release", *headers], stdout=subprocess.DEVNULL, check=True)
    with open("build/release/compile_commands.json") as f:
        files = sorted({os.path.relpath(c["file"], ROOT) for c in json.load(f)})
    files = [f for f in files if f.split("/")[0] in ("config", "daemon", "filters")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, lines in enumerate(pool.map(tidy, files), 1):
            if sys.stdout.isatty():
                print("\r\x1b[Kclang-tidy %d of %d" % (number, len(files)), end="", flush=True)
            yield from lines
    if sys.stdout.isatty():
        print("\r\x1b[K", end="")


def main():
    sources = tracked("*.cpp", "*.h")
    breaches = []
    for what, found in (("include directions", check_directions(sources)), ("sizes", check_sizes(sources)), ("headers", check_headers(sources)),
                        ("format", check_format(sources)), ("links", check_links(tracked("*.md"))),
                        *([] if "--quick" in sys.argv else [("clang-tidy", check_tidy())])):
        found = sorted(set(found))
        print("%-20s %s" % (what, "ok" if not found else "%d breaches" % len(found)), flush=True)
        breaches += found
    for line in breaches:
        print(line)
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    main()
