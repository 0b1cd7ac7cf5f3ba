"""The pages of docs/ as tests see them: their blocks, the commands in a transcript, and a machine in a folder to run them on."""
import glob, os, re, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(__file__))
from office import Sink, free_port, run

BIN = os.path.abspath(os.environ.get("ZEGEL_BIN", "build/release/bin"))
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
DOCS = ROOT + "/docs"
REF, MARK = "7K3QX9M2TB", "@@done@@"


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def pages():
    """All of docs/ but the decisions, which tell of the past."""
    return [os.path.relpath(p, DOCS) for p in sorted(glob.glob(DOCS + "/**/*.md", recursive=True)) if "/decisions/" not in p]


def blocks(text, language=None):
    """(language, content) of each fenced block; '' where none is said."""
    found = re.findall(r"(?ms)^```(\w*)\n(.*?)^```$", text)
    return [b for b in found if language is None or b[0] == language]


def section(text, heading):
    """What stands below `heading`, up to the next of its kind."""
    mark = heading.split(" ")[0]
    return text[text.index("\n" + heading + "\n") + 1:].split("\n" + mark + " ")[0]


def steps(text):
    """(command, lines it prints) of all console blocks."""
    found = []
    for _, block in blocks(text, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(([line[2:]], []))
            elif line.startswith(">") and found and not found[-1][1]:
                found[-1][0].append(line[2:])
            else:
                found[-1][1].append(line)
    return [("\n".join(command), expected) for command, expected in found]


def pattern(lines):
    """The printed lines as one regular expression: `…` stands for anything; alone on a line for any number of lines."""
    out = ""
    for line in lines:
        out += r"(?:.*\n)*" if line == "…" else ".*".join(re.escape(part) for part in line.split("…")) + r"\s*\n"
    return "^" + out + "$"


class Shell:
    """One bash for all, so that jobs and variables stay."""

    def __init__(self, folder, env):
        self.child = subprocess.Popen(["bash", "--norc", "-m"], cwd=folder, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, start_new_session=True)
        self.run(":")  # it begins with words about terminals

    def run(self, command):
        self.child.stdin.write(command + "\necho '%s'\n" % MARK)
        self.child.stdin.flush()
        lines = []
        for line in self.child.stdout:
            if line.rstrip("\n") == MARK:
                return lines
            lines.append(line.rstrip("\r\n"))
        raise AssertionError("the shell died of: " + command)

    def close(self):
        self.child.stdin.write("kill $(jobs -p) 2>/dev/null; wait\nexit\n")
        self.child.stdin.close()
        self.child.wait(30)
        self.child.stdout.close()


# What a test must not do to the machine it runs on, or cannot: systemd, other users.
STUBS = {
    "systemctl": r"""case "$*" in
  "start zegel"|"enable --now zegel")
    zegeld --config $ROOT/etc/zegel/zegel.toml 2>>$ROOT/zegeld.log & echo $! >$ROOT/pid
    until (: </dev/tcp/127.0.0.1/$PORT) 2>/dev/null; do kill -0 $(cat $ROOT/pid) || { cat $ROOT/zegeld.log; exit 1; }; sleep 0.05; done;;
  "stop zegel") kill $(cat $ROOT/pid); while kill -0 $(cat $ROOT/pid) 2>/dev/null; do sleep 0.05; done;;
  "reload zegel") before=$(grep -c event=reload $ROOT/zegeld.log); kill -HUP $(cat $ROOT/pid)
    until [ $(grep -c event=reload $ROOT/zegeld.log) -gt $before ]; do sleep 0.05; done
    grep event=reload $ROOT/zegeld.log | tail -1 | grep reload-refused;;
  *) echo "systemctl $*: not in this test"; exit 1;;
esac; exit 0
""",
    "runuser": 'shift 3; exec "$@"\n',  # runuser -u zegel -- COMMAND
    "chown": "exit 0\n",
    "chgrp": "exit 0\n",
}


class Machine:
    """A folder that stands for the root of a machine on which Zegel is installed: /etc/zegel, /var/lib/zegel and so on lie in it."""

    MOVED = r"(?<![\w.])/(?=(?:etc/zegel|var/lib/zegel|var/backups|var/log/mail\.log|root/|run/zegel))"

    def __init__(self, test):
        self.root = tempfile.mkdtemp(prefix="zegel-machine-")
        test.addCleanup(self.close)
        for path in ("etc", "var/lib", "var/log", "run/zegel", "root", "home", "stubs"):
            os.makedirs(self.root + "/" + path)
        for name, text in STUBS.items():
            with open(self.root + "/stubs/" + name, "w") as f:
                f.write("#!/bin/bash\n" + text)
            os.chmod(self.root + "/stubs/" + name, 0o755)
        self.hop, self.home = Sink(BIN, self.root, "next-hop").start(), Sink(BIN, self.root, "office-server").start()
        self.port, self.reference, self.config = free_port(), REF, self.root + "/etc/zegel/zegel.toml"
        env = {**os.environ, "PATH": ":".join([self.root + "/stubs", BIN, os.environ["PATH"]]), "ROOT": self.root, "PORT": str(self.port), "HOME": self.root + "/home",
               "ZEGEL_CONFIG": self.config, "LC_ALL": "C.UTF-8"}
        self.shell = Shell(self.root + "/home", env)

    def close(self):
        if os.path.exists(self.root + "/pid"):
            self.shell.run("systemctl stop zegel")
        self.shell.close()
        self.hop.stop()
        self.home.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def moved(self, text):
        """A command or a line of the docs, as it is on this machine."""
        text = re.sub(self.MOVED, self.root + "/", text)
        text = text.replace("127.0.0.1:10025", "127.0.0.1:%d" % self.port).replace("smtp.provider.nl:587", "127.0.0.1:%d" % self.hop.port)
        text = text.replace(REF, self.reference)
        return text + " --dir %s/etc/zegel; %s" % (self.root, self.localise()) if text.startswith("zegel init") else text

    def localise(self):
        """What differs from a real office: ports, folders, no TLS to a next hop on this machine."""
        values = {"listen = .*": 'listen = ["127.0.0.1:%d"]' % self.port, "#relay = .*": 'relay = "127.0.0.1:%d"' % self.home.port,
                  '#tls = "verified"': 'tls = "none"', "#certificates = .*": 'certificates = "smime"',
                  '#dir = "/var.*': 'dir = "%s/var/lib/zegel"' % self.root, "#socket = .*": 'socket = "%s/run/zegel/admin.sock"' % self.root,
                  '#to = "syslog"': 'to = "stderr"', '#language = "nl"': 'language = "en"'}
        return "mkdir -p %s/etc/zegel/smime; sed -i %s %s" % (
            self.root, " ".join("-e 's|^%s|%s|'" % pair for pair in values.items()), self.config)

    def install(self):
        """Zegel with a config, running."""
        self.shell.run(self.moved("zegel init --domain kantoor.nl --relay smtp.provider.nl:587"))
        self.start()
        return self

    def start(self):
        said = self.shell.run("systemctl start zegel")
        assert not said, said

    def follow(self, test, text, before=lambda command: None):
        """Runs every command of the page and compares what it prints. `before` may prepare something for one."""
        all_steps = steps(text)
        test.assertGreater(len(all_steps), 0)
        for command, expected in all_steps:
            before(command)
            printed = self.shell.run(self.moved(command))
            expected = [self.moved(line) for line in expected]
            with test.subTest(command=command):
                test.assertRegex("".join(line + "\n" for line in printed), pattern(expected))


def sample_keys(office, folder):
    """What the keys page imports: jan.pem, eva.asc, piet.p12 and its password."""
    office.make_ca()
    _, certificate = office.make_certificate("jan@klant.nl")
    shutil.copy(certificate, folder + "/jan.pem")
    shutil.copy(office.make_pgp_key("eva@klant.nl"), folder + "/eva.asc")
    key, certificate = office.make_certificate("piet@kantoor.nl")
    run("openssl", "pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", folder + "/piet.p12", "-passout", "pass:geheim")
    with open(folder + "/piet.p12.password", "w") as f:
        f.write("geheim\n")
