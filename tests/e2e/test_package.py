"""The Debian package: lintian, AppArmor's parser, and its whole life in a clean Debian: installed and set up as docs/install.md
says, at work, upgraded with a full queue, removed, purged."""
import os, re, shutil, sys, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, Process, accepts, letter, run, wait_until
from package import SOURCES, PackageTest, apparmor

BIN = os.path.abspath(os.environ.get("ZEGEL_BIN", "build/release/bin"))
INSTALL = SOURCES + "/docs/install.md"


class Package(PackageTest):
    def test_lintian_finds_no_error(self):
        if not shutil.which("lintian"):
            self.skipTest("lintian is not installed")
        done = run("lintian", "--allow-root", "--fail-on", "error", self.build(), check=False)
        print(done.stdout.decode())
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def test_the_apparmor_profile_is_understood(self):
        parser, base = apparmor(self)
        done = run(parser, "--skip-kernel-load", "--skip-cache", "--base", base, SOURCES + "/packaging/apparmor", check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertNotIn("AppArmor parser error", done.stderr.decode())


class Life(PackageTest):
    def inside(self, *words):
        """A command in the chroot, with /proc and /dev."""
        return ["unshare", "-m", "sh", "-c", 'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && exec chroot "$@"', "sh",
                self.root, *words]

    def do(self, *words, check=True, stdin=None):
        done = run(*self.inside(*words), check=check, stdin=stdin)
        return done.stdout.decode() + done.stderr.decode()

    def stat(self, path):
        facts = os.stat(self.root + path)
        with open(self.root + "/etc/passwd") as f:
            names = {int(line.split(":")[2]): line.split(":")[0] for line in f}
        with open(self.root + "/etc/group") as f:
            groups = {int(line.split(":")[2]): line.split(":")[0] for line in f}
        return names[facts.st_uid], groups[facts.st_gid], oct(facts.st_mode & 0o777)

    def documented(self, block):
        """The commands of one ```console block of docs/install.md."""
        with open(INSTALL) as f:
            blocks = re.findall(r"^```console\n(.*?)^```", f.read(), re.S | re.M)
        self.assertEqual(len(blocks), 4)
        return [line[2:] for line in blocks[block].splitlines()]

    def say(self, command, check=True):
        return self.do("sh", "-c", "cd /tmp && " + command, check=check)

    def put_a_stand_in_for_systemctl(self):
        """There is no systemd in a chroot: this one only looks whether the unit is there."""
        with open(self.root + "/usr/local/bin/systemctl", "w") as f:
            f.write('#!/bin/sh\nfor word; do unit=$word; done\ncase $unit in *.*) ;; *) unit=$unit.service ;; esac\n'
                    'test -e "/lib/systemd/system/$unit" && echo "$@"\n')
        os.chmod(self.root + "/usr/local/bin/systemctl", 0o755)

    def install(self, deb):
        shutil.copy(deb, self.root + "/tmp/zegel.deb")
        return self.do("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--force-confold", "-i", "/tmp/zegel.deb")

    def start_daemon(self):
        """As systemd would: the user zegel, without any privilege."""
        office = self.office
        os.makedirs(self.root + "/run/zegel", exist_ok=True)
        self.do("chown", "zegel:zegel", "/run/zegel")
        office.daemon = Process("zegeld", self.inside(
            "setpriv", "--reuid=zegel", "--regid=zegel", "--init-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs",
            "/usr/bin/zegeld"), office.logs)
        wait_until("zegeld to listen", lambda: accepts(office.port) or not office.daemon.alive(), 60)
        self.assertTrue(office.daemon.alive(), office.daemon.said())

    def send(self, recipient):
        refused, answer = self.office.send(letter([recipient], attachments=[("a.pdf", b"x")]), [recipient])
        self.assertEqual((refused, answer[0]), ({}, 250), answer)

    # --- the life ---

    def test_the_life_of_the_package(self):
        deb = self.build()
        self.root = self.clean_debian(deb)
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)
        self.hop, self.home = self.office.hop, self.office.home
        self.is_installed(deb)
        self.is_set_up()
        self.works()
        self.is_upgraded(self.build("0.1.1"))
        self.keeps_its_key_elsewhere()
        self.is_removed_and_purged()

    def is_installed(self, deb):
        self.put_a_stand_in_for_systemctl()
        command = self.documented(0)[0]
        shutil.copy(deb, self.root + "/tmp/" + command.split("/")[-1])
        self.assertIn("zegel init --domain", self.say("DEBIAN_FRONTEND=noninteractive " + command + " -y"))
        self.assertRegex(self.do("zegel", "--version"), r"[0-9]+\.[0-9]+")
        self.assertEqual(self.stat("/etc/zegel"), ("root", "zegel", "0o750"))
        self.assertEqual(self.stat("/etc/zegel/smime"), ("zegel", "zegel", "0o750"))
        self.assertEqual(self.stat("/etc/zegel/credentials"), ("root", "root", "0o700"))
        self.assertEqual(self.stat("/var/lib/zegel"), ("zegel", "zegel", "0o700"))
        for path in ("/usr/share/man/man1/zegel.1.gz", "/usr/share/man/man8/zegeld.8.gz", "/usr/share/man/man5/zegel.toml.5.gz",
                     "/usr/share/bash-completion/completions/zegel", "/etc/apparmor.d/usr.bin.zegeld", "/etc/fail2ban/filter.d/zegel.conf",
                     "/lib/systemd/system/zegel.service"):
            self.assertTrue(os.path.exists(self.root + path), path)
        self.assertTrue(os.path.islink(self.root + "/etc/systemd/system/multi-user.target.wants/zegel.service"))

    def is_set_up(self):
        self.hop.start()
        self.home.start()
        _, init, check, enable, status = self.documented(0)
        self.assertIn("Next: zegel check", self.say(init))
        self.assertEqual(self.stat("/etc/zegel/zegel.toml"), ("root", "zegel", "0o640"))
        with open(self.root + "/etc/zegel/zegel.toml") as f:
            text = f.read()
        for old, new in ((r'"smtp.provider.nl:587"$', '"127.0.0.1:%d"' % self.hop.port), (r'^#relay = ""', 'relay = "127.0.0.1:%d"' % self.home.port), (r'^#tls = "verified"', 'tls = "none"'),
                         (r"^#users = .*", 'users = "users"'), (r'^#to = "syslog"', 'to = "stderr"'), (r"^#retry = .*", 'retry = ["1s"]'),
                         (r'"127.0.0.1:10025"', '"127.0.0.1:%d"' % self.office.port)):
            text, count = re.subn(old, new, text, flags=re.M)
            self.assertGreater(count, 0, old)
        with open(self.root + "/etc/zegel/zegel.toml", "w") as f:
            f.write(text)
        self.assertIn(": ok", self.say(check))
        for command in (enable, status, *self.documented(2)):
            self.say(command)
        self.do("zegel", "user", "add", "piet", stdin=b"geheim\n")
        self.assertEqual(self.stat("/etc/zegel/users"), ("root", "zegel", "0o640"))
        self.do("zegel", "allow", "add", "klant.nl")
        self.assertEqual(self.stat("/var/lib/zegel/zegel.db"), ("zegel", "zegel", "0o600"))

    def works(self):
        office = self.office
        office.make_ca()
        key, certificate = office.make_certificate("jan@klant.nl")
        pgp = office.make_pgp_key("els@klant.nl")
        for path in (certificate, pgp):  # in root's home, which nobody else can enter
            shutil.copy(path, self.root + "/root")
        self.start_daemon()
        said = self.do("zegel", "key", "import", "/root/" + os.path.basename(certificate), "/root/" + os.path.basename(pgp))
        self.assertEqual(said.count(": imported"), 2, said)
        for recipient in ("jan@klant.nl", "els@klant.nl", "kim@klant.nl"):
            self.send(recipient)
        found = {mail.envelope["to"][0]: mail for mail in self.hop.wait(3)}
        opened = run("openssl", "cms", "-decrypt", "-recip", certificate, "-inkey", key, stdin=found["jan@klant.nl"].raw)
        self.assertIn(b"a.pdf", opened.stdout)
        self.assertEqual(found["els@klant.nl"].parsed.get_content_type(), "multipart/encrypted")
        self.assertIn("bijlagen.zip", [part.get_filename() for part in found["kim@klant.nl"].parsed.walk()])

    def is_upgraded(self, deb):
        for _ in range(3):
            self.home.wait(1)
        self.hop.stop()
        before = len(self.hop.mails())
        for number in range(5):
            self.send("kim@klant.nl")
        with open(self.root + "/etc/fail2ban/filter.d/zegel.conf", "a") as f:
            f.write("# ours\n")
        with open(self.root + "/etc/zegel/zegel.toml") as f:
            config = f.read()
        self.install(deb)
        self.assertIn("0.1.1", self.do("dpkg-query", "-W", "zegel"))
        self.assertEqual(self.office.daemon.stop(), 0)
        self.start_daemon()
        with open(self.root + "/etc/zegel/zegel.toml") as f:
            self.assertEqual(f.read(), config)
        with open(self.root + "/etc/fail2ban/filter.d/zegel.conf") as f:
            self.assertIn("# ours", f.read())
        self.hop.start()
        self.do("zegel", "queue", "retry", "all")
        self.hop.wait(before + 5)

    def keeps_its_key_elsewhere(self):
        self.office.daemon.stop()
        for command in self.documented(1):
            self.say(command)
        self.assertFalse(os.path.exists(self.root + "/var/lib/zegel/store.key"))
        self.say("zegel allow add elders.nl")  # as root, without the daemon: finds the key where it is now
        self.assertIn("elders.nl", self.say("zegel allow list"))
        os.makedirs(self.root + "/etc/fail2ban/jail.d")
        for command in self.documented(3):
            self.say(command)

    def is_removed_and_purged(self):
        self.do("dpkg", "-r", "zegel")
        self.assertFalse(os.path.exists(self.root + "/usr/bin/zegeld"))
        for path in ("/etc/zegel/zegel.toml", "/var/lib/zegel/zegel.db", "/etc/fail2ban/filter.d/zegel.conf"):
            self.assertTrue(os.path.exists(self.root + path), path)
        self.do("dpkg", "-P", "zegel")
        for path in ("/etc/zegel", "/var/lib/zegel", "/etc/fail2ban/filter.d/zegel.conf", "/etc/apparmor.d/usr.bin.zegeld",
                     "/etc/systemd/system/multi-user.target.wants/zegel.service"):
            self.assertFalse(os.path.lexists(self.root + path), path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
