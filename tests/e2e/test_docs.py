"""Runs every command of the console transcripts in docs/operations.md, in one shell in an empty folder, and compares what they
print: `…` in the docs stands for anything."""
import os, re, shutil, subprocess, sys, tempfile, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import free_port

BIN = os.path.abspath(os.environ.get("ZEGEL_BIN", "build/release/bin"))
DOCS = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "operations.md")
REF, MARK = "7K3QX9M2TB", "@@done@@"


def steps(text):
    """(command, lines it prints) of all ```console blocks."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", text, re.S | re.M):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(([line[2:]], []))
            elif line.startswith(">") and found and not found[-1][1]:
                found[-1][0].append(line[2:])
            else:
                found[-1][1].append(line)
    return [("\n".join(command), expected) for command, expected in found]


class Shell:
    """One bash for all, so that jobs and variables stay."""

    def __init__(self, folder):
        env = {**os.environ, "PATH": BIN + ":" + os.environ["PATH"], "HOME": folder}
        self.child = subprocess.Popen(["bash", "--norc", "-m"], cwd=folder, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, start_new_session=True)

    def run(self, command):
        self.child.stdin.write(command + "\necho '%s'\n" % MARK)
        self.child.stdin.flush()
        lines = []
        for line in self.child.stdout:
            if line.rstrip("\n") == MARK:
                return lines
            lines.append(line.rstrip("\n"))
        raise AssertionError("the shell died of: " + command)

    def close(self):
        self.child.stdin.write("kill $(jobs -p) 2>/dev/null; wait\nexit\n")
        self.child.stdin.close()
        self.child.wait(30)
        self.child.stdout.close()


def pattern(lines):
    """The printed lines as one regular expression; a line of `…` alone is any number of lines."""
    out = ""
    for line in lines:
        out += r"(?:.*\n)*" if line == "…" else ".*".join(re.escape(part) for part in line.split("…")) + r"\s*\n"
    return out


@unittest.skipUnless(shutil.which("curl"), "curl is not installed")
class Transcript(unittest.TestCase):
    def test_operations(self):
        with open(DOCS, encoding="utf-8") as f:
            all_steps = steps(f.read())
        self.assertGreater(len(all_steps), 12)
        ports = {number: str(free_port()) for number in ("10025", "2525", "2526")}
        reference = REF
        with tempfile.TemporaryDirectory() as folder:
            shell = Shell(folder)
            self.addCleanup(lambda: shell.child.poll() is None and shell.close())
            for command, expected in all_steps:
                for number, port in ports.items():
                    command = re.sub(r":%s\b" % number, ":" + port, command)
                    expected = [re.sub(r":%s\b" % number, ":" + port, line) for line in expected]
                if "zegel init" in command:
                    command += "; sed -i 's|:10025|:%s|' try/zegel.toml" % ports["10025"]
                printed = shell.run(command.replace(REF, reference))
                printed = [line.rstrip("\r") for line in printed]
                if new := re.search(r"250 2\.0\.0 ([0-9A-Z]{10}) queued", "\n".join(printed)):
                    reference = new.group(1)
                text = "".join(line.replace(reference, REF) + "\n" for line in printed)
                with self.subTest(command=command):
                    self.assertRegex(text, "^" + pattern(expected) + "$")
            shell.close()
            self.assertEqual(shell.child.returncode, 0)

    def test_privacy_names_commands_and_keys_that_exist(self):
        with open(os.path.join(os.path.dirname(DOCS), "privacy.md"), encoding="utf-8") as f:
            text = f.read()
        for command in set(re.findall(r"zegel ((?:[a-z]+ ?){1,2})", text)):
            words = command.split()
            help_text = subprocess.run([BIN + "/zegel", words[0], "--help"], stdout=subprocess.PIPE, text=True)
            self.assertEqual(help_text.returncode, 0, command)
        with open(os.path.join(os.path.dirname(DOCS), "..", "config", "zegel.toml"), encoding="utf-8") as f:
            config = f.read()
        keys = {(section, key) for section, body in re.findall(r"(?ms)^\[([a-z]+)\]\n(.*?)(?=^\[|\Z)", config)
                for key in re.findall(r"(?m)^#?([a-z_]+) = ", body)}
        for section, key in re.findall(r"`([a-z]+)\.([a-z_]+)\b", text):
            self.assertIn((section, key), keys)


class Manual(unittest.TestCase):
    PAGES = ("zegel.1", "zegeld.8", "zegel.toml.5")

    def page(self, name):
        return subprocess.run([BIN + "/zegel", "manual", name], stdout=subprocess.PIPE, check=True).stdout.decode()

    def commands(self, *words):
        """Every path of words that --help knows."""
        help_text = subprocess.run([BIN + "/zegel", *words, "--help"], stdout=subprocess.PIPE, check=True, text=True).stdout
        below = re.findall(r"(?m)^  ([a-z]+) ", help_text.partition("Subcommands:")[2])
        return [c for word in below for c in self.commands(*words, word)] or [words]

    def test_every_command_and_every_key_has_its_place(self):
        page = self.page("zegel.1")
        commands = self.commands()
        self.assertGreater(len(commands), 30)
        for words in commands:
            self.assertIn("zegel " + " ".join(words), page)
        with open(os.path.join(os.path.dirname(DOCS), "..", "config", "zegel.toml"), encoding="utf-8") as f:
            keys = re.findall(r"(?m)^#?([a-z_]+) = ", f.read())
        for key in keys:
            self.assertIn("\n\\fB%s\\fR\n" % key, self.page("zegel.toml.5"))

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_the_pages_are_sound_roff(self):
        for name in self.PAGES:
            done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-Kutf8"], input=self.page(name).encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertEqual((done.returncode, done.stderr), (0, b""), name)

    def test_bash_completes_commands_and_options(self):
        script = self.page("zegel.bash") + """
        try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _zegel 2>/dev/null; echo "${COMPREPLY[@]}"; }
        try zegel he; try zegel held re; try zegel --json held ''; try zegel key import --r"""
        done = subprocess.run(["bash", "-c", script], stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
        self.assertEqual((done[0], done[1], done[3]), ("held", "release refuse", "--replace"))
        self.assertTrue({"list", "show", "release", "refuse"} <= set(done[2].split()))


if __name__ == "__main__":
    unittest.main(verbosity=2)
