"""Programs from Debian's packages, unpacked in a folder and not installed: what a test needs and a machine may lack, as it would
start services of its own."""
import fcntl, glob, os, shutil, sys

sys.path.insert(0, os.path.dirname(__file__))
from office import run

BIN = os.path.abspath(os.environ.get("ZEGEL_BIN", "build/release/bin"))
KEPT = os.environ.get("ZEGEL_PACKAGES") or os.path.join(os.path.dirname(BIN), "packages")


def unpacked(test, *names):
    """Where the packages' files are. They are fetched once for all tests; `test` is skipped where they cannot be had."""
    root = os.path.join(KEPT, "+".join(names))
    os.makedirs(KEPT, exist_ok=True)
    with open(root + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.isdir(root):
            return root
        fresh = root + ".new"
        shutil.rmtree(fresh, ignore_errors=True)
        os.makedirs(fresh, 0o755)
        for words in (["apt-get", "download", "-q", *names], ["sh", "-c", "for d in *.deb; do dpkg -x $d . && rm $d; done"]):
            if run(*words, check=False, cwd=fresh).returncode != 0:
                test.skipTest("no packages to be had: " + " ".join(names))
        os.chmod(fresh, 0o755)  # mktemp's umask, or dpkg's idea of it
        os.rename(fresh, root)
    return root


def library_path(root):
    """For LD_LIBRARY_PATH."""
    return ":".join(path for path in glob.glob(root + "/usr/lib/*-linux-*") + glob.glob(root + "/lib/*-linux-*") if os.path.isdir(path))


def promtool(test):
    """Prometheus's own checker."""
    return shutil.which("promtool") or unpacked(test, "prometheus") + "/usr/bin/promtool"
