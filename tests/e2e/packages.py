"""Debian packages unpacked in a folder, not installed: programs that a test runs by hand."""
import os, subprocess, unittest


def unpacked(folder, *names):
    """The root of the unpacked packages. Skips the test where they cannot be had."""
    root = os.path.join(folder, "packages")
    os.makedirs(root, exist_ok=True)
    for words in (["apt-get", "download", "-q", *names], ["sh", "-c", "for d in *.deb; do dpkg -x $d . || exit 1; done"]):
        done = subprocess.run(words, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        if done.returncode != 0:
            raise unittest.SkipTest("no packages to be had: %s: %s" % (" ".join(names), done.stdout.decode(errors="replace")[-300:]))
    return root


def library_path(root):
    machine = subprocess.run(["dpkg-architecture", "-qDEB_HOST_MULTIARCH"], stdout=subprocess.PIPE, text=True).stdout.strip()
    return os.path.join(root, "usr/lib", machine or "x86_64-linux-gnu")
