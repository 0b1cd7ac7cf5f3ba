"""The unit files: what systemd-analyze says of them, and the daemon at work under the hardening they ask for."""
import contextlib, os, pwd, re, shutil, signal, socket, subprocess, sys, tempfile, time, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, Process, accepts, letter, run, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
HERE = os.path.dirname(os.path.abspath(__file__))
UNITS = os.path.join(HERE, "..", "..", "systemd")
SERVICE = os.path.join(UNITS, "zegel.service")
INSTALL = os.path.join(HERE, "..", "..", "docs", "install.md")
MOST_EXPOSED = 2.0


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed (package systemd)")
class Units(unittest.TestCase):
    def test_the_service_is_exposed_little(self):
        done = run("systemd-analyze", "security", "--offline=true", "--threshold=%d" % (MOST_EXPOSED * 10), SERVICE, check=False)
        found = re.search(r"Overall exposure level for zegel.service: ([0-9.]+)", done.stdout.decode())
        self.assertIsNotNone(found, done)
        print("systemd-analyze security: " + found.group(1))
        self.assertEqual(done.returncode, 0, done.stdout.decode())
        self.assertLessEqual(float(found.group(1)), MOST_EXPOSED)

    def test_systemd_finds_nothing_to_say_about_the_units(self):
        self.verify()

    def verify(self, drop_ins=()):
        """What systemd-analyze says of the units, with drop-ins: (unit, text)."""
        with tempfile.TemporaryDirectory() as folder:
            for name in os.listdir(UNITS):
                shutil.copy(os.path.join(UNITS, name), folder)
            with open(folder + "/zegel.service") as f:  # it is not installed here
                text = f.read().replace("/usr/bin/zegeld", os.path.abspath(BIN) + "/zegeld")
            with open(folder + "/zegel.service", "w") as f:
                f.write(text)
            for number, (unit, text) in enumerate(drop_ins):
                os.makedirs("%s/%s.d" % (folder, unit), exist_ok=True)
                with open("%s/%s.d/%d.conf" % (folder, unit, number), "w") as f:
                    f.write(text)
            for name in ("zegel.service", "zegel.socket", "zegel-tls.socket"):
                done = run("systemd-analyze", "verify", "--man=no", folder + "/" + name, check=False)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))

    def test_the_drop_ins_of_the_docs_are_sound(self):
        with open(INSTALL) as f:
            blocks = re.findall(r"^```ini\n# (\S+)\n(.*?)^```", f.read(), re.S | re.M)
        self.assertEqual(len(blocks), 3)
        self.verify(blocks)

    def test_the_users_and_folders_can_be_made(self):
        if os.geteuid() != 0 or not shutil.which("systemd-sysusers"):
            self.skipTest("making users takes root and systemd-sysusers")
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(root + "/etc")
            run("systemd-sysusers", "--root=" + root, os.path.abspath(UNITS + "/zegel.sysusers"))
            run("systemd-tmpfiles", "--root=" + root, "--create", os.path.abspath(UNITS + "/zegel.tmpfiles"))
            with open(root + "/etc/passwd") as f:
                self.assertIn("zegel:", f.read())
            self.assertEqual(os.stat(root + "/etc/zegel/credentials").st_mode & 0o777, 0o700)
            self.assertEqual(os.stat(root + "/var/lib/zegel").st_mode & 0o777, 0o700)


class Notified(unittest.TestCase):
    """The daemon under a systemd of our own: what it hears."""

    def setUp(self):
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.bind(self.office.folder + "/notify")
        self.socket.settimeout(1)

    def start(self, **more):
        office = self.office
        office.configure()
        office.home.start()  # the next hop is down: what is sent waits
        office.daemon = Process("zegeld", [office.bin + "/zegeld", "--config", office.config], office.logs,
                                env={**os.environ, "NOTIFY_SOCKET": self.office.folder + "/notify", **more})

    def hear(self, wanted):
        """Datagrams until one matches `wanted`."""
        heard, end = [], time.monotonic() + 60
        while not heard or not re.search(wanted, heard[-1]):
            if time.monotonic() > end:
                self.fail("waited in vain for %s; heard %s" % (wanted, heard))
            with contextlib.suppress(TimeoutError):
                heard.append(self.socket.recv(4096).decode())
        return heard

    def test_ready_status_and_a_beating_heart(self):
        self.start(WATCHDOG_USEC="300000")
        self.hear("READY=1")
        self.hear("WATCHDOG=1")
        self.hear("STATUS=Taking mail; 0 queued, 0 held")
        self.office.send(letter(["jan@klant.nl"]), ["jan@klant.nl"])
        self.hear("STATUS=Taking mail; [12] queued, 0 held")  # the notice to the sender goes out soon
        self.hear("WATCHDOG=1")

    def test_reload_and_stop(self):
        self.start()
        self.hear("READY=1")
        self.office.daemon.child.send_signal(signal.SIGHUP)
        self.assertIn("MONOTONIC_USEC=", self.hear("RELOADING=1")[-1])
        self.hear("READY=1")
        with open(self.office.config, "a") as f:
            f.write("[nonsense]\n")
        self.office.daemon.child.send_signal(signal.SIGHUP)
        self.hear("RELOADING=1")
        self.hear("READY=1")
        self.assertIn("nonsense", self.hear("STATUS=Taking mail by the settings of before")[-1])
        self.office.daemon.child.send_signal(signal.SIGTERM)
        self.hear("STOPPING=1")
        self.assertEqual(self.office.daemon.child.wait(30), 0)

    def test_sockets_that_were_passed(self):
        """As systemd does it: from descriptor 3 on, with names. Run in between by a shell, which knows its own pid."""
        office = self.office
        office.configure()
        office.hop.start()
        with socket.socket() as passed:
            passed.bind(("127.0.0.1", 0))
            passed.listen(16)
            listening = passed.getsockname()[1]
            with open(office.logs, "ab") as out:
                child = subprocess.Popen(["sh", "-c", 'exec 3<&%d; LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=smtp exec "$0" --config "$1"' %
                                          passed.fileno(), office.bin + "/zegeld", office.config], pass_fds=[passed.fileno()],
                                         stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        office.daemon = Process.__new__(Process)
        office.daemon.name, office.daemon.log, office.daemon.child = "zegeld", office.logs, child
        wait_until("the daemon", lambda: office.log_lines("listening") or not office.daemon.alive())
        self.assertFalse(accepts(office.port))
        office.port = listening
        _, (code, _) = office.send(letter(["jan@klant.nl"]), ["jan@klant.nl"])
        self.assertEqual(code, 250)


class Documented(unittest.TestCase):
    def test_the_config_with_a_credential(self):
        with open(INSTALL) as f:
            (block,) = re.findall(r"^```toml\n(.*?)^```", f.read(), re.S | re.M)
        with Office(BIN) as office:
            office.configure()
            with open(office.config) as f:
                text = f.read().replace("[delivery]\n", block, 1)
            with open(office.config, "w") as f:
                f.write(text)
            said = office.zegel("check", check=False).stdout.decode() + office.zegel("check", check=False).stderr.decode()
            self.assertIn("credentials/relay.password", said)  # it is not there yet
            os.makedirs(office.folder + "/credentials", 0o700)
            with open(office.folder + "/credentials/relay.password", "w") as f:
                f.write("geheim\n")
            os.chmod(office.folder + "/credentials/relay.password", 0o600)
            done = office.zegel("check", check=False)
            self.assertNotIn("relay.password", (done.stdout + done.stderr).decode())


class Confined(unittest.TestCase):
    """S/MIME, PGP (signed by gpg's agent) and zip under the unit's hardening, as a user without any privilege."""
    USER = "nobody"

    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("dropping privileges takes root")
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not installed (package systemd)")
        folder = tempfile.mkdtemp(prefix="zegel-test-", dir="/var/lib")
        self.addCleanup(shutil.rmtree, folder, True)
        os.makedirs(folder + "/bin")
        for name in ("zegel", "zegeld"):
            shutil.copy(os.path.join(BIN, name), folder + "/bin")
        os.chmod(folder, 0o755)
        self.office = Office(folder + "/bin", folder)
        self.addCleanup(self.office.stop)
        self.user = pwd.getpwnam(self.USER)

    def own(self, *paths):
        for path in paths:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def confined(self, *words):
        return [sys.executable, HERE + "/confined.py", SERVICE, self.USER, self.office.folder, *words]

    def start(self):
        office = self.office
        os.makedirs(office.state, 0o700)
        self.own(office.state, office.smime, office.folder)
        for sink in (office.hop, office.home):
            sink.start()
        office.daemon = Process("zegeld", self.confined(office.bin + "/zegeld", "--config", office.config), office.logs)
        wait_until("zegeld to listen", lambda: accepts(office.port) or not office.daemon.alive())
        if not office.daemon.alive():
            if office.daemon.child.returncode == 99:
                self.skipTest(office.daemon.said())
            self.fail(office.daemon.said())

    def test_the_confinement_is_one(self):
        """Else the other test shows nothing."""
        for command, word in (("touch /usr/zegel-was-here", "Read-only"), ("unshare -U true", "Operation not permitted"),
                              ("touch /etc/zegel", "Read-only"), ("chown nobody .", "Operation not permitted"),
                              ("cat /proc/meminfo", "No such file")):
            done = run(*self.confined("/bin/sh", "-c", "cd %s; %s" % (self.office.folder, command)), check=False)
            if done.returncode == 99:
                self.skipTest(done.stderr.decode())
            self.assertNotEqual(done.returncode, 0, command)
            self.assertIn(word, done.stderr.decode(), command)

    def test_every_method_works_under_the_hardening(self):
        office = self.office
        office.configure(protect="sign = true")
        office.make_ca()
        _, certificate = office.make_certificate("jan@klant.nl")
        pgp = office.make_pgp_key("els@klant.nl")
        office.make_pgp_key("piet@kantoor.nl")
        secret = office.folder + "/piet.sec"
        with open(secret, "wb") as f:
            f.write(office.gpg("--armor", "--export-secret-keys", "piet@kantoor.nl").stdout)
        self.start()
        said = office.zegel("key", "import", certificate, pgp, secret).stdout.decode()
        self.assertEqual(said.count(": imported"), 3, said)
        for root, folders, files in os.walk(office.state):
            for name in folders + files:
                self.assertEqual(os.lstat(os.path.join(root, name)).st_uid, self.user.pw_uid, name)
        methods = {"jan@klant.nl": "application/pkcs7-mime", "els@klant.nl": "multipart/encrypted", "kim@klant.nl": "multipart/mixed"}
        for recipient in methods:
            refused, answer = office.send(letter([recipient], attachments=[("a.pdf", b"x")]), [recipient])
            self.assertEqual((refused, answer[0]), ({}, 250), answer)
        mails = office.hop.wait(3)
        found = {mail.envelope["to"][0]: mail for mail in mails}
        self.assertEqual({to: mail.parsed.get_content_type() for to, mail in found.items()}, methods)
        self.assertIn("bijlagen.zip", [part.get_filename() for part in found["kim@klant.nl"].parsed.walk()])
        opened = office.gpg("--status-fd", "1", "--decrypt", stdin=found["els@klant.nl"].parsed.get_payload()[1].get_payload(decode=True))
        self.assertIn(b"GOODSIG", opened.stdout)
        with open("/proc/%d/limits" % office.daemon.child.pid) as f:
            self.assertRegex(f.read(), r"Max core file size +0 +0 ")
        self.assertEqual(office.daemon.stop(), 0)
        for _, _, files in os.walk(office.state):
            for name in files:
                self.assertFalse(name.startswith("core"), name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
