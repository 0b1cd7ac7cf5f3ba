"""The package at work: a clean Debian under systemd, where the office's Postfix and Zegel are set up with the lines of docs/, as they stand
there, and a provider's Postfix is the next hop. Recipients open what arrives; Zegel is broken, upgraded with a full queue, taken off."""
import os, re, shutil, sys, unittest

sys.path.insert(0, os.path.dirname(__file__))
from apparmor_rules import Rules
from confined import allowed_calls, read_unit
from container import Container
from office import Mail, Office, Process, SENDER, find_canaries, files_below, letter, run, wait_until
from opened import leaves, unlock
from package import SOURCES, PackageTest, apparmor
from pages import DOCS, blocks, read, section, steps
from traced import calls, number, of_program, quoted, wanted

BIN = os.path.abspath(os.environ.get("ZEGEL_BIN", "build/release/bin"))
BODY, ATTACHED, NAME = "kanariebody4Rt", "kanariebijlage6Ym", "kanarienaam2Vd"
SERVICE_OF_DOCS = ("active (running)", "Taking mail")

# The office: piet's mailbox. (What follows is what Debian's package leaves to whoever installs it.)
OFFICE = """set -e
useradd -m -s /bin/sh piet
postconf -e 'myhostname = mail.kantoor.nl' 'mydestination = kantoor.nl, localhost' 'myorigin = kantoor.nl' 'home_mailbox = Maildir/' \
  'mailbox_command =' 'inet_protocols = ipv4' 'inet_interfaces = 127.0.0.1' 'mynetworks = 127.0.0.0/8' 'alias_maps =' 'local_recipient_maps ='
postfix check
systemctl restart postfix
"""

# The provider: a second instance, on 127.0.0.2:587 with TLS only, that keeps mail for klant.nl.
PROVIDER = """set -e
postmulti -e init
postmulti -I postfix-provider -e create
mv /root/provider.pem /etc/postfix-provider
mkdir -p /var/mail/klant && chown 8:8 /var/mail/klant
postconf -c /etc/postfix-provider -e 'myhostname = smtp.provider.nl' 'mydestination =' 'inet_protocols = ipv4' 'inet_interfaces = loopback-only' \
  'mynetworks = 127.0.0.0/8' 'master_service_disable =' 'authorized_submit_users = root' 'smtpd_tls_security_level = encrypt' \
  'smtpd_tls_chain_files = /etc/postfix-provider/provider.pem' 'virtual_mailbox_domains = klant.nl' 'virtual_mailbox_base = /var/mail/klant' \
  'virtual_mailbox_maps = static:all/' 'virtual_uid_maps = static:8' 'virtual_gid_maps = static:8' 'virtual_minimum_uid = 8' 'alias_maps =' \
  'local_recipient_maps ='
postconf -c /etc/postfix-provider -M# smtp/inet
postconf -c /etc/postfix-provider -M '127.0.0.2:587/inet=127.0.0.2:587 inet n - n - - smtpd'
postmulti -i postfix-provider -e enable
postmulti -i postfix-provider -p start
"""


class AtWork(PackageTest):
    def test_mail_through_the_installed_package(self):
        deb = self.build()
        root = self.clean_debian(deb)
        self.office = Office(BIN)  # only its people: a CA, certificates, keys
        self.addCleanup(self.office.__exit__)
        self.office.make_ca()
        self.write(root + "/etc/hosts", "127.0.0.1 localhost mail.kantoor.nl\n127.0.0.2 smtp.provider.nl\n")
        self.write(root + "/etc/hostname", "mail.kantoor.nl\n")
        self.machine = Container(self, root)
        try:
            self.happens(deb)
        except (AssertionError, RuntimeError):
            print(self.log("-n", "60"))
            raise

    def happens(self, deb):
        self.the_servers()
        self.is_installed_and_set_up(deb)
        self.runs_confined_as_its_own_user()
        self.every_method_arrives_and_opens()
        self.a_near_miss_bounces_at_once()
        self.asks_for_no_more_than_it_may()
        self.reloads_and_is_started_again()
        self.is_upgraded_with_a_full_queue(self.build("0.1.1"))
        self.takes_its_key_as_a_credential()
        self.takes_its_port_from_systemd()
        self.is_removed_and_purged()

    def path(self, inside):
        return self.machine.root + inside

    def write(self, path, text):
        with open(path, "w") as f:
            f.write(text)

    def follow(self, page, *numbers):
        """Commands of a page in docs/, as they are."""
        said = [self.machine.say(command) for command, _ in [steps(page)[number] for number in numbers]]
        return said[-1]

    # --- the world around it ---

    def the_servers(self):
        office, say = self.office, self.machine.say
        shutil.copy(office.folder + "/ca.pem", self.path("/usr/local/share/ca-certificates/test.crt"))
        say("update-ca-certificates")
        self.server_certificate("smtp.provider.nl")
        say(OFFICE)
        say(PROVIDER)

    def server_certificate(self, name):
        base = self.office.folder + "/provider"
        run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", base + ".key", "-out", base + ".csr", "-subj", "/CN=" + name)
        with open(base + ".ext", "w") as f:
            f.write("subjectAltName=DNS:%s\n" % name)
        run("openssl", "x509", "-req", "-in", base + ".csr", "-CA", self.office.folder + "/ca.pem", "-CAkey", self.office.folder + "/ca.key",
            "-CAcreateserial", "-days", "60", "-extfile", base + ".ext", "-out", base + ".crt")
        self.write(self.path("/root/provider.pem"), read(base + ".key") + read(base + ".crt"))

    def arrived(self, folder):
        """Whole mails: what is in tmp/ is being written still (maildir)."""
        return [path for path in files_below(self.path(folder)) if "/new/" in path]

    def mails(self, folder):
        found = []
        for path in sorted(self.arrived(folder), key=os.path.getmtime):
            with open(path, "rb") as f:
                found.append(Mail(f.read().replace(b"\n", b"\r\n"), {}))
        return found

    def wait(self, folder, count):
        try:
            return wait_until("%d mails" % count, lambda: (lambda m: m if len(m) >= count else None)(self.mails(folder)), 90)
        except AssertionError as error:
            raise AssertionError("%s\n%s" % (error, self.log())) from None

    def delivered(self, count):
        return self.wait("/var/mail/klant", count)

    def for_piet(self, count):
        return self.wait("/home/piet", count)

    def log(self, *words):
        return self.machine.do("journalctl", "--no-pager", "-o", "short-precise", *words)

    def send(self, to):
        """As piet, at the office's own server."""
        message = letter([to], "Your dossier", "Dear client,\n\n%s\n" % BODY, [(NAME + ".pdf", b"%PDF-1.4 " + ATTACHED.encode() + os.urandom(200))])
        self.machine.do("runuser", "-u", "piet", "--", "/usr/sbin/sendmail", "-i", "-f", SENDER, to, stdin=message.as_bytes().replace(b"\r\n", b"\n"))

    # --- the life ---

    def is_installed_and_set_up(self, deb):
        install, quick = read(DOCS + "/install.md"), section(read(DOCS + "/quick-start.md"), "## In earnest")
        [apt, init, check, enable, status] = [command for command, _ in steps(install)][:5]
        shutil.copy(deb, self.path("/root/" + apt.split("/")[-1]))
        self.assertIn("zegel init --domain", self.machine.say(apt + " -y"))
        self.assertEqual(self.machine.say("systemctl is-enabled zegel").strip(), "enabled")
        self.assertEqual(self.machine.say("systemctl is-active zegel", check=False).strip(), "inactive")  # it has no config yet
        said = self.machine.say(init)
        config = read(self.path("/etc/zegel/zegel.toml"))
        for line in ("relay", "phone"):  # step 2 of the quick start; this provider asks for no password
            [written] = re.findall(r"(?m)^%s = .*" % line, blocks(quick, "toml")[0][1].split("[delivery]")[0])
            config, count = re.subn(r"(?m)^#%s = .*" % line, lambda _: written, config, count=1)
            self.assertEqual(count, 1, line)
        with open(self.path("/etc/zegel/zegel.toml"), "r+") as f:  # owner and mode stay
            f.write(config)
        self.assertIn("/etc/zegel/zegel.toml: ok", self.machine.say(check))
        self.machine.say(enable)
        for words in SERVICE_OF_DOCS:
            self.assertIn(words, self.machine.say(status))
        self.assertIn(re.findall(r"(?m)^ +Postfix +(postconf -e '[^']+')", said)[0], read(DOCS + "/mail-servers.md"))
        self.follow(section(read(DOCS + "/mail-servers.md"), "## Postfix"), 0, 1, 2)

    def pid(self):
        return self.machine.do("systemctl", "show", "-P", "MainPID", "zegel").strip()

    def runs_confined_as_its_own_user(self):
        said = dict(line.split(":\t", 1) for line in self.machine.do("cat", "/proc/%s/status" % self.pid()).splitlines() if ":\t" in line)
        uid = self.machine.do("id", "-u", "zegel").strip()
        self.assertEqual(set(said["Uid"].split()), {uid})
        for key, value in {"CapEff": "0" * 16, "CapBnd": "0" * 16, "NoNewPrivs": "1", "Seccomp": "2"}.items():
            self.assertEqual(said[key].strip(), value, key)

    def every_method_arrives_and_opens(self):
        office = self.office
        key, certificate = office.make_certificate("jan@klant.nl")
        for path in (certificate, office.make_pgp_key("eva@klant.nl")):
            shutil.copy(path, self.path("/root"))
        office.make_pgp_key(SENDER)
        self.write(self.path("/root/piet.sec"), office.gpg("--armor", "--export-secret-keys", SENDER).stdout.decode())
        self.assertEqual(self.machine.say("zegel key import jan_at_klant.nl.pem eva_at_klant.nl.asc piet.sec").count(": imported"), 3)
        # An agent that the command left behind would serve the daemon, outside of its unit.
        agents = self.machine.say("for id in $(pgrep gpg-agent); do grep ^0:: /proc/$id/cgroup; done")
        self.assertEqual([line for line in agents.splitlines() if not line.endswith("/zegel.service")], [])
        self.machine.say("zegel allow add klant.nl")
        for to in ("jan@klant.nl", "eva@klant.nl", "kees@klant.nl"):
            self.send(to)
        mails = {mail.parsed["To"]: mail for mail in self.delivered(3)}
        smime = run("openssl", "cms", "-decrypt", "-recip", certificate, "-inkey", key, stdin=mails["jan@klant.nl"].raw).stdout
        encrypted = mails["eva@klant.nl"].parsed.get_payload()[1].get_payload(decode=True)
        self.assertIn(b"GOODSIG", office.gpg("--status-fd", "1", "--decrypt", stdin=encrypted).stdout)
        pgp = office.gpg("--decrypt", stdin=encrypted).stdout
        for entity in (smime, pgp):
            self.assertTrue(any(BODY.encode() in content for _, content in leaves(entity)))
            self.assertTrue(any(name == NAME + ".pdf" and ATTACHED.encode() in content for name, content in leaves(entity)))
        [notice] = self.for_piet(1)
        [password] = re.findall(r"\b[a-z]+(?:-[a-z]+){5}\b", notice.parsed.get_content())
        [outer] = [content for name, content in leaves(mails["kees@klant.nl"].raw) if name == "bijlagen.zip"]
        self.assertIn(ATTACHED.encode(), unlock(outer, password, office.folder + "/opened")[NAME + ".pdf"])

        def sent():
            return [line for line in self.log("-u", "zegel").splitlines() if "event=sent" in line and "@klant.nl" in line]

        wait_until("three lines in the journal", lambda: len(sent()) == 3)
        for line in sent():
            self.assertRegex(line, r" zegeld\[\d+\]: event=sent .* relay=smtp\.provider\.nl:587 tls=TLSv1\.3/verified ")
        places = [*files_below(self.path("/var/lib/zegel")), *files_below(self.path("/var/mail/klant"))]
        self.assertEqual(find_canaries((ATTACHED, NAME), places), [])

    def asks_for_no_more_than_it_may(self):
        """Every file that the daemon, gpg and its agent get, from start to end, is one that the AppArmor profile allows; every system call
        is one of the unit's."""
        trace = Process("strace", self.machine.inside("strace", "-f", "-y", "-qq", "-p", "1", "-e", "signal=none", "-o", "/root/trace"),
                        self.office.folder + "/strace.log")
        self.addCleanup(trace.stop)
        wait_until("strace", lambda: os.path.exists(self.path("/root/trace")) and os.path.getsize(self.path("/root/trace")))
        self.machine.say("systemctl restart zegel")
        there = len(self.mails("/var/mail/klant"))
        for to in ("jan@klant.nl", "eva@klant.nl", "kees@klant.nl"):
            self.send(to)
        self.delivered(there + 3)
        self.machine.say("systemctl reload zegel; zegel queue; systemctl restart zegel")
        trace.stop()
        with open(self.path("/root/trace"), errors="replace") as f:
            traced = of_program(calls(f), "/usr/bin/zegeld", self.machine.root)
        programs = {quoted(call.arguments)[0] for call in traced if call.name == "execve" and number(call.result) == 0}
        self.assertLessEqual({"/usr/bin/gpg", "/usr/bin/gpg-agent"}, programs)
        parser, base = apparmor(self)
        rules = Rules(run(parser, "--preprocess", "--base", base, SOURCES + "/packaging/apparmor").stdout.decode())
        self.assertFalse(rules.allow("/etc/shadow", "r"))
        got = {(path + "/" * os.path.isdir(self.path(path)), letter) for call in traced for path, letter in wanted(call)}
        self.assertIn(("/var/lib/zegel/zegel.db", "w"), got)
        self.assertEqual(sorted(one for one in got if not rules.allow(*one)), [])
        allowed = allowed_calls(read_unit(self.path("/lib/systemd/system/zegel.service")))
        self.assertEqual(sorted({call.name for call in traced} - allowed), [])

    def a_near_miss_bounces_at_once(self):
        self.send("jan@klnat.nl")
        bounce = self.for_piet(2)[-1]
        self.assertIn("did you mean jan@klant.nl?", " ".join(bounce.raw.decode().split()))

    def reloads_and_is_started_again(self):
        config = read(self.path("/etc/zegel/zegel.toml"))
        with open(self.path("/etc/zegel/zegel.toml"), "a") as f:
            f.write("nonsense = 1\n")
        self.machine.say("systemctl reload zegel")
        wait_until("the refusal", lambda: "event=reload-refused" in self.log("-u", "zegel"))
        wait_until("the status", lambda: "nonsense" in self.machine.do("systemctl", "show", "-P", "StatusText", "zegel"))
        with open(self.path("/etc/zegel/zegel.toml"), "w") as f:
            f.write(config)
        self.machine.say("systemctl reload zegel")
        wait_until("the reload", lambda: "event=reloaded" in self.log("-u", "zegel"))
        before = self.pid()
        self.machine.say("systemctl kill -s SEGV --kill-who=main zegel")
        wait_until("another", lambda: self.pid() not in (before, "0") and self.active(), 60)

    def active(self):
        return self.machine.say("systemctl is-active zegel", check=False).strip() == "active"

    def is_upgraded_with_a_full_queue(self, deb):
        there = len(self.mails("/var/mail/klant"))
        self.machine.say("postmulti -i postfix-provider -p stop")
        for _ in range(5):
            self.send("kees@klant.nl")
        wait_until("the queue", lambda: self.machine.say("zegel queue --json").count('"kees@klant.nl"') == 5)
        before = self.pid()
        shutil.copy(deb, self.path("/root/" + os.path.basename(deb)))
        self.machine.say("apt-get install -y ./" + os.path.basename(deb))
        self.assertIn("0.1.1", self.machine.say("zegel --version; dpkg-query -W zegel"))
        self.assertTrue(self.active())
        self.assertNotEqual(self.pid(), before)
        self.machine.say("postmulti -i postfix-provider -p start")
        self.machine.say("zegel queue retry all")
        self.delivered(there + 5)

    def takes_its_key_as_a_credential(self):
        stop_to_start = [number for number, (command, _) in enumerate(steps(read(DOCS + "/install.md"))) if 5 <= number < 9]
        self.follow(read(DOCS + "/install.md"), *stop_to_start)
        self.assertFalse(os.path.exists(self.path("/var/lib/zegel/store.key")))
        self.assertTrue(self.active())
        self.works()

    def takes_its_port_from_systemd(self):
        page = read(DOCS + "/install.md")
        [drop_in] = [text for _, text in blocks(page, "ini") if text.startswith("# zegel.socket")]
        os.makedirs(self.path("/etc/systemd/system/zegel.socket.d"))
        self.write(self.path("/etc/systemd/system/zegel.socket.d/ports.conf"), drop_in.replace("192.0.2.10", "127.0.0.3"))
        self.machine.say("systemctl daemon-reload")
        self.follow(page, 9, 10, 11)
        self.assertTrue(self.active())
        self.machine.say("postconf -e 'relayhost = [127.0.0.3]:587'; postfix reload")
        self.works()

    def works(self):
        there = len(self.mails("/var/mail/klant"))
        self.send("jan@klant.nl")
        self.delivered(there + 1)

    def is_removed_and_purged(self):
        self.machine.say("apt-get remove -y zegel")
        self.assertFalse(self.active())
        self.assertTrue(os.path.exists(self.path("/var/lib/zegel/zegel.db")))
        self.machine.say("apt-get purge -y zegel")
        for path in ("/etc/zegel", "/var/lib/zegel", "/etc/systemd/system/multi-user.target.wants/zegel.service"):
            self.assertFalse(os.path.lexists(self.path(path)), path)
        self.assertEqual(self.machine.say("systemctl list-units --failed --no-legend").strip(), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
