"""`confined.py UNIT USER FOLDER COMMAND…`: runs a command as systemd would under the hardening of a unit file: its user, no
privileges, the file system read-only but for FOLDER, private /tmp, /dev and /proc, and the same system call filters (made
with libseccomp from the lists of `systemd-analyze syscall-filter`). For where there is no systemd as PID 1; needs root.

Exit 99, with the reason: it cannot be done here."""
import ctypes, ctypes.util, os, pwd, resource, subprocess, sys

CLONE_NEWNS = 0x00020000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
SCMP_ACT_ALLOW, EPERM, ENOSYS, EAFNOSUPPORT = 0x7FFF0000, 1, 38, 97
SCMP_CMP_NE, SCMP_CMP_EQ, SCMP_CMP_MASKED_EQ = 1, 4, 7
PROT_WRITE, PROT_EXEC, SHM_EXEC = 2, 4, 0o100000
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16}
NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)

libc = ctypes.CDLL(None, use_errno=True)


def cannot(why):
    print("cannot be confined here: %s" % why, file=sys.stderr)
    sys.exit(99)


def read_unit(path):
    """Each setting's values, in order."""
    settings = {}
    with open(path) as f:
        for line in f:
            key, found, value = line.strip().partition("=")
            if found and not key.startswith(("#", ";")):
                settings.setdefault(key, []).append(value)
    return settings


def mount(source, target, kind=None, flags=0, data=None):
    words = [w.encode() if w is not None else None for w in (source, target, kind, data)]
    if libc.mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[3]) != 0:
        cannot("mount %s: %s" % (target, os.strerror(ctypes.get_errno())))


# --- the file system ---

def private_dev():
    """ProtectKernel…, PrivateDevices: nothing but the harmless ones, by bind mounts of the real ones."""
    os.makedirs("/mnt/zegel-dev", exist_ok=True)
    mount("tmpfs", "/mnt/zegel-dev", "tmpfs", MS_NOSUID)
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        open("/mnt/zegel-dev/" + name, "w").close()
        mount("/dev/" + name, "/mnt/zegel-dev/" + name, None, MS_BIND)
    os.mkdir("/mnt/zegel-dev/shm", 0o1777)
    mount("/mnt/zegel-dev", "/dev", None, MS_BIND | MS_REC)


def read_only(kept):
    """ProtectSystem=strict: every mount but for those kept and the kernel's own."""
    with open("/proc/self/mountinfo") as f:
        points = [line.split()[4].replace("\\040", " ") for line in f]
    for point in points:
        if point.startswith(("/proc", "/dev", "/sys")) or point in kept:
            continue
        libc.mount(None, point.encode(), None, ctypes.c_ulong(MS_REMOUNT | MS_BIND | MS_RDONLY), None)


def confine_files(folder):
    if libc.unshare(CLONE_NEWNS) != 0:
        cannot("unshare: " + os.strerror(ctypes.get_errno()))
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    mount(folder, folder, None, MS_BIND)
    private_dev()
    for place in ("/tmp", "/var/tmp"):
        mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777")
    for place in ("/root", "/home", "/run/user"):
        if os.path.isdir(place):
            mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "mode=0755")
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=invisible,subset=pid")


# --- system calls ---

class Compare(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


def errno_action(number):
    return 0x00050000 | number


class Filter:
    def __init__(self, default):
        self.lib = ctypes.CDLL("libseccomp.so.2")
        self.lib.seccomp_init.restype = ctypes.c_void_p
        self.context = ctypes.c_void_p(self.lib.seccomp_init(ctypes.c_uint32(default)))

    def rule(self, action, name, *compares):
        number = self.lib.seccomp_syscall_resolve_name(name.encode())
        if number < 0:  # not on this machine
            return
        rows = (Compare * max(1, len(compares)))(*compares)
        done = self.lib.seccomp_rule_add_array(self.context, ctypes.c_uint32(action), number, len(compares), rows)
        if done != 0:
            cannot("seccomp rule for %s: %d" % (name, done))

    def load(self):
        done = self.lib.seccomp_load(self.context)
        if done != 0:
            cannot("seccomp: %d" % done)


def members(group):
    """The system calls of a group like @system-service."""
    text = subprocess.run(["systemd-analyze", "syscall-filter", group], stdout=subprocess.PIPE, check=True, text=True).stdout
    found = set()
    for word in [line.split()[0] for line in text.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]:
        found |= members(word) if word.startswith("@") else {word}
    return found


def allowed_calls(unit):
    allowed = members("@default")
    for value in unit.get("SystemCallFilter", []):
        words = value.lstrip("~").split()
        calls = set().union(*(members(w) if w.startswith("@") else {w} for w in words))
        allowed = allowed - calls if value.startswith("~") else allowed | calls
    return allowed


def filters(unit):
    first = Filter(errno_action(EPERM))  # SystemCallErrorNumber=
    for name in sorted(allowed_calls(unit)):
        first.rule(SCMP_ACT_ALLOW, name)
    second = Filter(SCMP_ACT_ALLOW)
    families = {FAMILIES[word] for word in " ".join(unit.get("RestrictAddressFamilies", [])).split()}
    for family in set(range(46)) - families:
        second.rule(errno_action(EAFNOSUPPORT), "socket", Compare(0, SCMP_CMP_EQ, family, 0))
    if unit.get("MemoryDenyWriteExecute") == ["yes"]:
        both = PROT_WRITE | PROT_EXEC
        second.rule(errno_action(EPERM), "mmap", Compare(2, SCMP_CMP_MASKED_EQ, both, both))
        for name in ("mprotect", "pkey_mprotect"):
            second.rule(errno_action(EPERM), name, Compare(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC))
        second.rule(errno_action(EPERM), "shmat", Compare(2, SCMP_CMP_MASKED_EQ, SHM_EXEC, SHM_EXEC))
    if unit.get("RestrictNamespaces") == ["yes"]:
        second.rule(errno_action(EPERM), "setns")
        second.rule(errno_action(ENOSYS), "clone3")
        for flag in NAMESPACES:
            second.rule(errno_action(EPERM), "unshare", Compare(0, SCMP_CMP_MASKED_EQ, flag, flag))
            second.rule(errno_action(EPERM), "clone", Compare(0, SCMP_CMP_MASKED_EQ, flag, flag))
    if unit.get("LockPersonality") == ["yes"]:
        second.rule(errno_action(EPERM), "personality", Compare(0, SCMP_CMP_NE, 0, 0))
    if unit.get("RestrictRealtime") == ["yes"]:
        for policy in (1, 2, 6):
            second.rule(errno_action(EPERM), "sched_setscheduler", Compare(1, SCMP_CMP_EQ, policy, 0))
    if unit.get("RestrictSUIDSGID") == ["yes"]:
        for bit in (0o4000, 0o2000):
            for name, arg in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("mkdir", 1), ("mkdirat", 2), ("mknod", 1), ("creat", 1)):
                second.rule(errno_action(EPERM), name, Compare(arg, SCMP_CMP_MASKED_EQ, bit, bit))
    return first, second


def main():
    unit, user, folder, command = read_unit(sys.argv[1]), pwd.getpwnam(sys.argv[2]), os.path.abspath(sys.argv[3]), sys.argv[4:]
    if os.geteuid() != 0:
        cannot("it takes root")
    try:
        first, second = filters(unit)
    except (OSError, subprocess.CalledProcessError) as error:
        cannot(error)
    confine_files(folder)
    read_only({folder, "/tmp", "/var/tmp"})
    os.chdir("/")
    os.umask(int(unit["UMask"][0], 8))
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(unit["LimitNOFILE"][0]),) * 2)
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        cannot("no_new_privs")
    second.load()
    first.load()
    os.environ.update(HOME=folder, USER=user.pw_name)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
