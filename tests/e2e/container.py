"""A Debian in a folder, started: systemd as its first process, in namespaces of its own, loopback its only network."""
import contextlib, os, re, signal, subprocess, sys, time

sys.path.insert(0, os.path.dirname(__file__))
from office import Process, run

PATIENCE = 60  # seconds for systemd to be up
NAMESPACES = ["-n", "-m", "-p", "-u", "-i", "-C"]

# $1 the root, $2 the cgroup to be the container's own. Devices: the harmless ones only.
BOOT = r"""set -e
echo $$ > "$2/cgroup.procs"
exec unshare -n -m -p -u -i -C --fork --kill-child --propagation private sh -c '
set -e
cd "$1"
mount --bind . . && cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do : > dev/$name; mount --bind /dev/$name dev/$name; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts && ln -s pts/ptmx dev/ptmx
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount --make-rshared .  # systemd leaves it to whoever makes a container, and hands no credentials over without
exec env -i container=zegel-test PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . /lib/systemd/systemd --log-target=console --unit=multi-user.target
' sh "$1"
"""


def own_cgroup():
    """A new cgroup (v2) below ours."""
    with open("/proc/self/mountinfo") as f:
        mounts = [line.split() for line in f]
    places = [words[4] for words in mounts if words[words.index("-") + 1] == "cgroup2"]
    with open("/proc/self/cgroup") as f:
        ours = re.search(r"^0::(/.*)$", f.read(), re.M)
    if not places or not ours:
        raise OSError("no cgroup2 is mounted")
    path = "%s%s/zegel-test-%d" % (places[0], ours.group(1).rstrip("/"), os.getpid())
    os.mkdir(path)
    return path


def remove_cgroup(path):
    for folder, _, _ in os.walk(path, topdown=False):
        for _ in range(100):  # its processes are dying
            with contextlib.suppress(OSError):
                os.rmdir(folder)
                break
            time.sleep(0.05)


class Container:
    """Started and ready, or the test is skipped, with what systemd said. Ended by stop(), and with this process."""

    def __init__(self, test, root):
        self.root = root
        try:
            self.cgroup = own_cgroup()
        except OSError as error:
            test.skipTest("no cgroup for a container: %s" % error)
        self.outer = Process("container", ["sh", "-c", BOOT, "sh", root, self.cgroup], root + ".log")
        test.addCleanup(self.stop)
        self.first = None
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.outer.alive() and not self.up():
            time.sleep(0.1)
        if not self.outer.alive() or not self.up():
            test.skipTest("systemd does not come up in a container here: " + self.outer.said()[-600:])

    def up(self):
        if self.first is None:
            with open("/proc/%d/task/%d/children" % (self.outer.child.pid, self.outer.child.pid)) as f:
                children = f.read().split()
            self.first = children[0] if children else None
        return self.first and self.systemctl_says() in ("running", "degraded")

    def systemctl_says(self):
        try:
            return self.do("systemctl", "is-system-running", check=False).split("\n")[0]
        except (OSError, subprocess.TimeoutExpired):
            return ""

    def inside(self, *words):
        return ["nsenter", "-t", self.first, *NAMESPACES, "chroot", self.root, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
                "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", *words]

    def do(self, *words, check=True, stdin=None):
        """A command inside, as root: what it printed."""
        done = run(*self.inside(*words), check=check, stdin=stdin)
        return done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")

    def say(self, command, check=True):
        """The same by a shell."""
        return self.do("bash", "-c", "cd /root && " + command, check=check)

    def stop(self):
        self.outer.stop(signal.SIGKILL)  # the first process goes with it, and with that one all
        remove_cgroup(self.cgroup)
