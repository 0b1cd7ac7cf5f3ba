"""What a daemon and all that it starts ask of the kernel, as strace wrote it down (`strace -f -y -p 1`): the system calls, and the
files that they got."""
import collections, re

CALL = re.compile(r"^(\d+) +(?:[\d.]+ )?(\w+)\((.*)$")
RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")
CLONES = {"clone", "clone3", "fork", "vfork"}
# What a call does to the path it names, in AppArmor's letters.
CHANGES = {"unlink": "w", "unlinkat": "w", "rename": "w", "renameat": "w", "renameat2": "w", "mkdir": "w", "mkdirat": "w", "rmdir": "w", "mknod": "w",
           "mknodat": "w", "chmod": "w", "fchmodat": "w", "chown": "w", "fchownat": "w", "truncate": "w", "utimensat": "w", "link": "l", "linkat": "l"}  # to look at one (stat) is always allowed
OPENS = {"open", "openat", "openat2", "creat"}

Call = collections.namedtuple("Call", "pid name arguments result")


def calls(lines):
    """Each call with its result, in the order of their ends. A call cut in two by another thread's is one again."""
    begun = {}
    for line in lines:
        found, resumed = CALL.match(line), RESUMED.match(line)
        if found and line.rstrip().endswith("<unfinished ...>"):
            begun[found[1]] = found[3].rstrip()[:-len("<unfinished ...>")]
            continue
        if not found and not resumed:
            continue
        pid, name, text = (found or resumed).groups()
        text = (begun.pop(pid, "") if resumed else "") + text
        arguments, _, result = text.rpartition(" = ")
        yield Call(int(pid), name, arguments.strip(), result.strip())


def number(result):
    found = re.match(r"-?\d+", result)
    return int(found[0]) if found else None


def of_program(all_calls, program, root):
    """The calls of whoever executed `program`, from then on, and of all that they started. The kernel may name files as seen from
    outside of `root`; here they are as seen from inside."""
    all_calls = [call._replace(arguments=call.arguments.replace("<" + root + "/", "</"), result=call.result.replace("<" + root + "/", "</"))
                 for call in all_calls]
    began, parents = {}, {}
    for at, call in enumerate(all_calls):
        if call.name == "execve" and call.arguments.startswith('"%s"' % program) and number(call.result) == 0:
            began.setdefault(call.pid, at)
        if call.name in CLONES and (number(call.result) or 0) > 0:
            parents[number(call.result)] = call.pid, at

    def belongs(pid, at):
        while pid not in began and pid in parents:
            pid, at = parents[pid]
        return pid in began and at > began[pid]  # not what went before, nor a child of that

    return [call for at, call in enumerate(all_calls) if belongs(call.pid, at)]


def quoted(arguments):
    return re.findall(r'"((?:[^"\\]|\\.)*)"', arguments)


def absolute(call, path):
    """A path as an argument, under the folder that the descriptor before it stands for."""
    if path.startswith("/"):
        return path
    folder = re.search(r"(?:AT_FDCWD|\d+)<([^<>]*)>, \"%s" % re.escape(path), call.arguments)
    return folder[1].rstrip("/") + "/" + path if folder and path else None


def wanted(call):
    """(path, AppArmor's letter) of what a call that went well got."""
    if (number(call.result) is None) or number(call.result) < 0:
        return []
    paths = quoted(call.arguments)
    if call.name in OPENS:
        opened = re.search(r"<(/[^>]*)>", call.result)
        read_only = "O_RDONLY" in call.arguments
        write = "rw" if "O_RDWR" in call.arguments else "r" if read_only else "w"
        path = opened and opened[1] + ("/" if "O_DIRECTORY" in call.arguments and opened[1] != "/" else "")
        return [(path, letter) for letter in write] if opened else []
    if call.name == "execve":
        return [(paths[0], "x")]
    if call.name in ("connect", "bind") and "sun_path=" in call.arguments and "sun_path=@" not in call.arguments:
        return [(paths[-1], "w")]
    return [(absolute(call, path), CHANGES[call.name]) for path in paths if absolute(call, path)] if call.name in CHANGES else []
