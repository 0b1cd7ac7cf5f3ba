"""The Debian package of this build, and a clean Debian to put it in."""
import glob, os, re, shutil, sys, tempfile, unittest

sys.path.insert(0, os.path.dirname(__file__))
from clean_debian import BUILD, tree
from debian import unpacked
from office import run

SOURCES = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))

# Beside what the package asks for, for test_package_at_work.py: systemd to start, the mail servers of the office and of its provider,
# and what shows what the daemon asks of the kernel.
MACHINE = ["systemd-sysv", "postfix", "strace"]


def apparmor(test):
    """The parser, and where the profiles that others include are."""
    parser = shutil.which("apparmor_parser") or "/sbin/apparmor_parser"
    if os.path.exists(parser):
        return parser, "/etc/apparmor.d"
    root = unpacked(test, "apparmor")
    return root + "/sbin/apparmor_parser", root + "/etc/apparmor.d"


def is_release():
    with open(BUILD + "/CMakeCache.txt") as f:
        cache = f.read()
    return "CMAKE_BUILD_TYPE:STRING=Release" in cache and not re.search(r"^ZEGEL_SANITIZE:STRING=.", cache, re.M)


class PackageTest(unittest.TestCase):
    """Skipped where there is no package to be made."""

    def setUp(self):
        if not is_release():
            self.skipTest("a package is made of the release build")
        if not shutil.which("dpkg-shlibdeps"):
            self.skipTest("dpkg-shlibdeps is not installed (package dpkg-dev)")
        self.folder = tempfile.mkdtemp(prefix="zegel-package-")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def build(self, version=None):
        out = self.folder + "/" + (version or "now")
        os.makedirs(out)
        run("cpack", "--config", BUILD + "/CPackConfig.cmake", "-B", out, *(["-R", version] if version else []))
        return glob.glob(out + "/*.deb")[0]

    def clean_debian(self, deb):
        """The root of a Debian that has all but the package itself."""
        depends = run("dpkg-deb", "-f", deb, "Depends").stdout.decode()
        packages = [re.sub(r"\s*\(.*?\)", "", word.split("|")[0]).strip() for word in depends.split(",")]
        os.chmod(self.folder, 0o755)
        return tree(self, packages + MACHINE, self.folder + "/root")
