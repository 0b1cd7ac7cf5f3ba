"""What an AppArmor profile lets be done with a file, for where the kernel cannot be asked: the file rules of a profile as
apparmor_parser has flattened it (`--preprocess`)."""
import itertools, re

RULE = re.compile(r"^\s*(?:(?:audit|owner|other|allow)\s+)*((?:/|@\{|\"/)\S*?)\"?\s+([a-zA-Z]+)(?:\s*->.*)?,\s*$")


def variables(text):
    found = {}
    for name, values in re.findall(r"^\s*(@\{\w+\})\s*\+?=\s*(.*)$", text, re.M):
        found.setdefault(name, []).extend(values.split())
    return found


def expanded(pattern, values):
    """The pattern once for each value of the variables in it."""
    name = re.search(r"@\{\w+\}", pattern)
    if not name:
        return [pattern]
    return list(itertools.chain.from_iterable(
        expanded(pattern.replace(name[0], value.strip('"'), 1), values) for value in values.get(name[0], [])))


def regular(pattern):
    """apparmor.d(5), "Globbing": `*` does not cross a slash, `**` does; behind a slash they stand for something."""
    out, depth, at = "", 0, 0
    pattern = re.sub(r"//+", "/", pattern)
    while at < len(pattern):
        c, rest = pattern[at], pattern[at:]
        behind_slash = at > 0 and pattern[at - 1] == "/" and not pattern[at:].strip("*")
        if rest.startswith("**"):
            out, at = out + (".+" if behind_slash else ".*"), at + 1
        elif c == "*":
            out += "[^/]+" if behind_slash else "[^/]*"
        elif c == "?":
            out += "[^/]"
        elif c == "{":
            out, depth = out + "(?:", depth + 1
        elif c == "}":
            out, depth = out + ")", depth - 1
        elif c == "," and depth:
            out += "|"
        elif c == "[":
            end = pattern.index("]", at)
            out, at = out + pattern[at:end + 1], end
        elif c == "\\":
            out, at = out + re.escape(pattern[at + 1]), at + 1
        else:
            out += re.escape(c)
        at += 1
    return re.compile(out)


class Rules:
    def __init__(self, flattened):
        values = variables(flattened)
        self.rules = []
        for line in flattened.splitlines():
            found = RULE.match(line.split("#")[0] if not line.strip().startswith("#") else "")
            if found:
                self.rules += [(regular(pattern), found[2]) for pattern in expanded(found[1], values)]

    def allow(self, path, letter):
        return any((letter in letters or (letter == "w" and "a" in letters)) and pattern.fullmatch(path) for pattern, letters in self.rules)
