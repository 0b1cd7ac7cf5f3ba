"""A minimal Debian in a folder: as apt has it on this machine, made once by mmdebstrap and kept beside the build."""
import fcntl, glob, hashlib, os, re, shutil, subprocess, sys

sys.path.insert(0, os.path.dirname(__file__))
from office import run

BUILD = os.path.dirname(os.path.abspath(os.environ.get("ZEGEL_BIN", "build/release/bin")))
LONGEST_BOOTSTRAP = 300  # seconds; a slower mirror is a reason to skip


def read(path):
    with open(path) as f:
        return f.read()


def apt_sources():
    """The codename, and Debian's own sources of this machine: mirror and proxy are apt's business."""
    codename = re.search(r"^VERSION_CODENAME=(\w+)", read("/etc/os-release"), re.M).group(1)
    entries = []
    for path in ["/etc/apt/sources.list", *glob.glob("/etc/apt/sources.list.d/*")]:
        if not os.path.isfile(path):
            continue
        if path.endswith(".sources"):
            blocks = re.split(r"\n\s*\n", read(path))
            entries += [b for b in blocks if re.search(r"^Suites:.*\b(?<!-)%s" % codename, b, re.M) and "Types: deb" in b]
            continue
        for options, uri, suite, rest in re.findall(r"^deb\s+(\[.*?\])?\s*(\S+)\s+(\S+)\s+(.*)$", read(path), re.M):
            if suite.startswith(codename):
                signed = re.search(r"signed-by=([^\s\]]+)", options)
                entries.append("Types: deb\nURIs: %s\nSuites: %s\nComponents: %s\n%s" %
                               (uri, suite, rest, "Signed-By: %s\n" % signed.group(1) if signed else ""))
    return codename, "\n\n".join(entry.strip() for entry in entries) + "\n"


def bootstrap(test, packages, codename, sources, kept):
    listing = kept + ".sources"
    with open(listing, "w") as f:
        f.write(sources)
    options = [line.rstrip(";") for line in run("apt-config", "dump").stdout.decode().splitlines()
               if re.match(r"Acquire::(http|https)::|Acquire::(Check-Valid-Until|Retries) ", line) and '""' not in line]
    words = ["mmdebstrap", "--mode=root", "--variant=apt", "--format=tar", "--dpkgopt=force-unsafe-io", "--dpkgopt=path-exclude=/usr/share/locale/*",
             *("--aptopt=" + option for option in options), "--include=" + ",".join(packages), codename, kept + ".new", listing]
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LONGEST_BOOTSTRAP)
    except subprocess.TimeoutExpired:
        test.skipTest("mmdebstrap took longer than %d s" % LONGEST_BOOTSTRAP)
    if done.returncode != 0:
        test.skipTest("mmdebstrap: " + done.stdout.decode(errors="replace")[-800:])
    os.rename(kept + ".new", kept)


def tree(test, packages, root):
    """Puts a Debian with `packages` into the new folder `root`. Skips the test where there is none to be had."""
    if os.geteuid() != 0 or run("unshare", "-m", "true", check=False).returncode != 0:
        test.skipTest("a chroot takes root and mount namespaces")
    if not shutil.which("mmdebstrap"):
        test.skipTest("mmdebstrap is not installed")
    codename, sources = apt_sources()
    if not sources.strip():
        test.skipTest("apt has no source of Debian %s" % codename)
    mark = hashlib.sha256(",".join(sorted(packages)).encode()).hexdigest()[:8]
    kept = BUILD + "/debian-%s-%s.tar" % (codename, mark)
    with open(BUILD + "/debian.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(kept):
            for old in glob.glob(BUILD + "/debian-*"):
                os.remove(old)
            bootstrap(test, packages, codename, sources, kept)
    os.makedirs(root)
    run("tar", "-C", root, "-xf", kept)
    os.chmod(root, 0o755)
    return root
