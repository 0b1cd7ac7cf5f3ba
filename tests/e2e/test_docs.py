"""docs/ as a stranger follows it: every command of its transcripts is run and what it prints is compared, every piece of config is
loaded, every log event and every figure has its entry."""
import glob, os, re, shutil, smtplib, subprocess, sys, tempfile, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, SENDER, free_port, letter, wait_until
from pages import BIN, DOCS, Machine, REF, ROOT, Shell, blocks, pages, pattern, read, sample_keys, section, steps

# Who runs what. A block of any other kind, or on a page that nobody names, fails the test.
RUN_HERE = {"quick-start.md", "tls.md", "keys.md", "backup.md", "incident.md", "privacy.md", "nl/snel-beginnen.md", "nl/incident.md", "nl/privacy.md"}
RUN_ELSEWHERE = {
    "mail-servers.md": "test_postfix.py applies the lines to a real Postfix",
    "monitoring/README.md": "test_monitoring.py: the YAML goes through promtool",
    "install.md": "test_package.py installs it in a clean Debian",
}
NOT_RUN = {"powershell": "wants Exchange or Microsoft 365", "text": "is not a command", "yaml": "test_monitoring.py"}
OWN_BLOCKS = {"configuration.md", "architecture.md", "mime.md"}  # untagged: messages of zegel check, drawings


@unittest.skipUnless(shutil.which("curl"), "curl is not installed")
class TryIt(unittest.TestCase):
    def test_it_all_works_in_an_empty_folder(self):
        all_steps = steps(section(read(DOCS + "/quick-start.md"), "## Try it"))
        self.assertGreater(len(all_steps), 12)
        ports = {number: str(free_port()) for number in ("10025", "2525", "2526")}
        reference = REF
        with tempfile.TemporaryDirectory() as folder:
            shell = Shell(folder, {**os.environ, "PATH": BIN + ":" + os.environ["PATH"], "HOME": folder})
            self.addCleanup(lambda: shell.child.poll() is None and shell.close())
            shell.run("exec 2>/dev/null")
            for command, expected in all_steps:
                for number, port in ports.items():
                    command = re.sub(r":%s\b" % number, ":" + port, command)
                    expected = [re.sub(r":%s\b" % number, ":" + port, line) for line in expected]
                if "zegel init" in command:
                    command += "; sed -i 's|:10025|:%s|' try/zegel.toml" % ports["10025"]
                printed = shell.run(command.replace(REF, reference))
                if new := re.search(r"250 2\.0\.0 ([0-9A-Z]{10}) queued", "\n".join(printed)):
                    reference = new.group(1)
                text = "".join(line.replace(reference, REF) + "\n" for line in printed)
                with self.subTest(command=command):
                    self.assertRegex(text, pattern(expected))
            shell.close()
            self.assertEqual(shell.child.returncode, 0)


class Pages(unittest.TestCase):
    def send(self, machine, to="jan@klant.nl"):
        """One more mail with an attachment; its reference."""
        with smtplib.SMTP("127.0.0.1", machine.port, timeout=60) as client:
            client.ehlo()
            client.mail(SENDER)
            self.assertEqual(client.rcpt(to)[0], 250)
            code, text = client.data(letter([to], attachments=[("dossier.pdf", b"%PDF-1.4 x")]).as_bytes())
            self.assertEqual(code, 250, text)
            return text.decode().split()[1]

    def in_earnest(self, text):
        machine = Machine(self)
        with open(machine.root + "/var/log/mail.log", "w") as f:
            for number, to in enumerate(["jan@klant.nl", "bestuur@advocaten.nl"] * 3):
                f.write("Nov 20 09:0%d:00 mail postfix/smtp[9]: ABCDEF%d: to=<%s>, relay=mx.example[192.0.2.1]:25, delay=1, "
                        "dsn=2.0.0, status=sent (250 ok)\n" % (number, number, to))
        machine.follow(self, text)
        self.assertEqual(machine.shell.run("zegel explain --from piet@kantoor.nl --to jan@klant.nl >/dev/null; echo $?"), ["0"])
        self.send(machine)
        machine.hop.wait(1)

    def test_quick_start(self):
        self.in_earnest(section(read(DOCS + "/quick-start.md"), "## In earnest"))

    def test_quick_start_in_dutch(self):
        self.in_earnest(read(DOCS + "/nl/snel-beginnen.md"))

    def test_tls(self):
        machine = Machine(self).install()
        machine.follow(self, read(DOCS + "/tls.md"))

    def test_keys(self):
        machine, office = Machine(self).install(), Office(BIN)
        self.addCleanup(office.__exit__)
        sample_keys(office, machine.root + "/home")
        machine.follow(self, read(DOCS + "/keys.md"))

    @unittest.skipUnless(shutil.which("sqlite3"), "sqlite3 is not installed")
    def test_backup(self):
        machine = Machine(self).install()
        machine.hop.stop()
        machine.reference, stays = self.send(machine), self.send(machine)
        machine.shell.run("echo paars-dak-loopt-zeven-brood-kaas | zegel password set advocaten.nl; zegel allow add advocaten.nl")

        def lose_the_disk(command):
            if command.startswith("rm -f"):
                machine.shell.run("rm -r $ROOT/var/lib/zegel/* $ROOT/etc/zegel/*")
                machine.hop.start()

        machine.follow(self, read(DOCS + "/backup.md"), lose_the_disk)
        machine.shell.run("zegel queue retry all")
        [mail] = machine.hop.wait(1)  # and not the one that was dropped
        self.assertTrue(mail.to("jan@klant.nl"))
        self.assertIn("jan@klant.nl", "".join(machine.shell.run("zegel password show " + stays)))
        self.assertIn("advocaten.nl", "".join(machine.shell.run("zegel allow list")))
        self.assertEqual(machine.shell.run("zegel password forget advocaten.nl"), ["forgotten: 1"])

    def incident(self, page):
        machine = Machine(self).install()
        machine.hop.stop()
        machine.reference = self.send(machine)
        machine.follow(self, read(DOCS + "/" + page))
        self.assertIn(machine.reference, read(machine.root + "/home/incident-%s.json" % machine.reference))

    def test_incident(self):
        self.incident("incident.md")

    def test_incident_in_dutch(self):
        self.incident("nl/incident.md")

    def test_privacy(self):
        for page in ("privacy.md", "nl/privacy.md"):
            machine = Machine(self).install()
            self.send(machine)
            machine.hop.wait(1)
            machine.follow(self, read(DOCS + "/" + page))


class Snippets(unittest.TestCase):
    def test_somebody_runs_every_block(self):
        for page in pages():
            kinds = {language for language, _ in blocks(read(DOCS + "/" + page))} - {"toml"} - set(NOT_RUN)
            if page in OWN_BLOCKS:
                kinds.discard("")
            if page in RUN_HERE:
                kinds.discard("console")
            if kinds and page not in RUN_ELSEWHERE:
                self.fail("docs/%s has blocks that no test runs: %s" % (page, sorted(kinds)))

    def files(self, folder):
        """What pieces of config name."""
        for path in ("tls/fullchain.pem", "tls/key.pem", "users", "relay.password", "credentials/relay.password", "authorities.pem", "allowlist.txt", "zegel-to-phone"):
            os.makedirs(os.path.dirname(folder + "/" + path), exist_ok=True)
            with open(folder + "/" + path, "w") as f:
                f.write("geheim\n")
            os.chmod(folder + "/" + path, 0o700 if path == "zegel-to-phone" else 0o600)
        os.makedirs(folder + "/crl")
        os.makedirs(folder + "/covers")
        os.makedirs(folder + "/state")

    def whole(self, piece):
        """A piece of config with what a config must have."""
        required = {"office": 'domains = ["kantoor.nl"]', "server": 'listen = ["127.0.0.1:10025"]', "delivery": 'relay = "smtp.provider.nl:587"',
                    "state": 'dir = "state"', "smime": "", "admin": 'socket = "admin.sock"'}
        for name, line in required.items():
            key = line.split(" ")[0]
            found = re.search(r"(?ms)^\[%s\]\n(.*?)(?=^\[|\Z)" % name, piece)
            if not found:
                piece = "[%s]\n%s\n%s" % (name, line, piece)
            elif not re.search(r"(?m)^%s = " % key, found.group(1)) and not (name == "delivery" and "direct = true" in found.group(1)):
                piece = piece.replace("[%s]\n" % name, "[%s]\n%s\n" % (name, line), 1)
        return piece

    def test_every_piece_of_config_is_one(self):
        count = 0
        for page in pages():
            for _, piece in blocks(read(DOCS + "/" + page), "toml"):
                with self.subTest(page=page, piece=piece), tempfile.TemporaryDirectory() as folder:
                    self.files(folder)
                    with open(folder + "/zegel.toml", "w") as f:
                        f.write(self.whole(piece))
                    done = subprocess.run([BIN + "/zegel", "privacy", "notice", "--config", folder + "/zegel.toml"], stdout=subprocess.PIPE,
                                          stderr=subprocess.STDOUT, text=True)
                    self.assertEqual(done.returncode, 0, done.stdout + self.whole(piece))
                count += 1
        self.assertGreater(count, 10)

    def test_what_exchange_exports_can_be_learned(self):
        """As Export-Csv of Windows PowerShell writes what mail-servers.md selects: a byte order mark, quotes, CRLF."""
        office = Office(BIN)
        self.addCleanup(office.__exit__)
        office.configure()
        rows = ['"Timestamp","EventId","Recipients"', '"11/20/2026 9:00:01 AM","SEND","jan@klant.nl;eva@advocaten.nl"',
                '"11/21/2026 9:00:01 AM","SEND","jan@klant.nl"']
        with open(office.folder + "/history.csv", "wb") as f:
            f.write("\ufeff".encode() + "\r\n".join(rows + [""]).encode())
        self.assertEqual(office.zegel("allow", "learn", office.folder + "/history.csv").stdout, b"learned: 2\n")

    def test_commands_and_keys_that_are_named_exist(self):
        config = read(ROOT + "/config/zegel.toml")
        keys = {(section, key) for section, body in re.findall(r"(?ms)^\[([a-z]+)\]\n(.*?)(?=^\[|\Z)", config)
                for key in re.findall(r"(?m)^#?([a-z_]+) = ", body)}
        sections = {section for section, _ in keys}
        for page in pages():
            text = read(DOCS + "/" + page)
            for words in {tuple(found.split()) for found in re.findall(r"`zegel ((?:[a-z]+ ?){1,2})", text)}:
                help_text = subprocess.run([BIN + "/zegel", words[0], "--help"], stdout=subprocess.PIPE, text=True)
                self.assertEqual(help_text.returncode, 0, (page, words))
            for section, key in re.findall(r"`([a-z]+)\.([a-z_]+)`", text):
                if section in sections and not os.path.exists(ROOT + "/" + section + "/" + key) and key not in ("toml", "db", "key", "rule", "md"):
                    self.assertIn((section, key), keys, page)


class Log(unittest.TestCase):
    """troubleshooting.md explains every line that the daemon can write."""

    page = read(DOCS + "/troubleshooting.md")

    def sources(self):
        return "".join(read(path) for path in glob.glob(ROOT + "/daemon/**/*.cpp", recursive=True))

    def test_every_event(self):
        code = self.sources()
        named = re.findall(r'(?:\bEvent|emplace_back|Event \w+)\((?:\w+ \? ("[a-z-]+") : )?("[a-z-]+")', code)
        events = {name.strip('"') for names in named for name in names if name}
        events |= set(re.findall(r'log_end\(\*entry, "([a-z]+)"', code)) | set(re.findall(r'end_held\([^;]*?, "(expired)"', code))
        events |= set(re.findall(r'"event=([a-z-]+) ', code))
        [outcomes] = re.findall(r"std::string_view event_of\(Kind kind\) \{(.*?)\n\}", code, re.S)
        events |= set(re.findall(r'return "([a-z]+)"', outcomes))
        self.assertGreater(len(events), 20)
        self.assertEqual(set(re.findall(r"(?m)^### `event=([a-z-]+)`", self.page)), events)

    def test_every_alarm_and_every_reason(self):
        for what in re.findall(r'Event\("alarm"[^;]*?\.field\("what", "([^"]+)"', self.sources(), re.S):
            self.assertIn("`%s`" % what, self.page)
        [reasons] = re.findall(r"refusal_reasons\{(.*?)\}", read(ROOT + "/daemon/metrics/reasons.h"), re.S)
        for reason in set(re.findall(r'"([a-z-]+)"', reasons)) - {"other"}:
            self.assertIn("| `%s` |" % reason, self.page)

    def test_our_own_words_about_a_line_are_quoted_as_they_are(self):
        code = re.sub(r'"\s*\n\s*"', "", self.sources())
        quoted = [words.rstrip(" …:") for words in re.findall(r"`(the next hop[^`]*)`", self.page)]
        self.assertGreater(len(quoted), 2)
        for words in quoted:
            self.assertIn(words, code)

    def test_every_reason_of_the_code_is_counted(self):
        [counted] = re.findall(r"refusal_reasons\{(.*?)\}", read(ROOT + "/daemon/metrics/reasons.h"), re.S)
        code = self.sources()
        written = set(re.findall(r'return (?:Refused)?\{\{\d+, "[\d.]+", .*?\}, "([a-z-]+)"', code))
        [at_the_door] = re.findall(r"void Pipeline::refused\(.*?\n}", code, re.S)
        written |= set(re.findall(r'[?:] +"([a-z-]+)"', at_the_door))
        self.assertGreater(len(written), 6)
        self.assertLessEqual(written, set(re.findall(r'"([a-z-]+)"', counted)))


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
        keys = re.findall(r"(?m)^#?([a-z_]+) = ", read(ROOT + "/config/zegel.toml"))
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
