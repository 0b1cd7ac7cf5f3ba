"""The whole way with real servers: an office's Postfix, configured with the lines of docs/mail-servers.md and of `zegel init`, sends through
Zegel to a provider's Postfix; the recipients open what arrives, and the password comes back to the sender."""
import os, re, subprocess, sys, unittest

sys.path.insert(0, os.path.dirname(__file__))
from mail_servers import Postfix
from office import Office, SENDER, files_below, find_canaries, letter, run, wait_until
from opened import leaves, unlock
from pages import DOCS, read, section, steps

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
BODY, ATTACHED, NAME = "kanariebody7Qx", "kanariebijlage8Zw", "kanarienaam9Kp"


def toml_blocks(text):
    return re.findall(r"(?ms)^```toml\n(.*?)^```", text)


class ThroughPostfix(unittest.TestCase):
    def setUp(self):
        self.office = office = Office(BIN)
        self.addCleanup(office.__exit__)
        self.page = section(read(DOCS + "/mail-servers.md"), "## Postfix")
        office.make_ca()
        self.provider = self.server("provider", "smtp.provider.nl", "klant.nl", """smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = %s""" % self.certificate("provider", "IP:127.0.0.1,DNS:smtp.provider.nl"))
        self.home = self.server("home", "mail.kantoor.nl", "kantoor.nl")

    def server(self, name, hostname, domains, settings=""):
        server = Postfix(self, self.office.folder + "/" + name, hostname, domains, settings)
        self.addCleanup(server.stop)
        return server

    def certificate(self, name, names):
        """Of the test's CA: one file with key and certificate."""
        base = self.office.folder + "/" + name
        run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", base + ".key", "-out", base + ".csr", "-subj", "/CN=" + name)
        with open(base + ".ext", "w") as f:
            f.write("subjectAltName=%s\n" % names)
        run("openssl", "x509", "-req", "-in", base + ".csr", "-CA", self.office.folder + "/ca.pem", "-CAkey", self.office.folder + "/ca.key",
            "-CAcreateserial", "-days", "60", "-extfile", base + ".ext", "-out", base + ".crt")
        with open(base + ".pem", "w") as f:
            f.write(read(base + ".key") + read(base + ".crt"))
        return base + ".pem"

    # --- Zegel, and the lines for Postfix ---

    def configure(self, server=""):
        """What `zegel init` writes, with the provider's TLS demanded as by default."""
        office = self.office
        os.remove(office.config) if os.path.exists(office.config) else None
        said = run(BIN + "/zegel", "init", "--domain", "kantoor.nl", "--relay", "127.0.0.1:%d" % self.provider.port, "--dir", office.folder)
        values = {"listen = .*": 'listen = ["127.0.0.1:%d"]\n%s' % (office.port, server), "#relay = .*": 'relay = "127.0.0.1:%d"' % self.home.port,
                  "#ca_file = .*": 'ca_file = "ca.pem"', "#certificates = .*": 'certificates = "smime"', "#dir = .*": 'dir = "state"',
                  "#socket = .*": 'socket = "%s/admin.sock"' % office.folder, '#to = "syslog"': 'to = "stderr"', '#language = "nl"': 'language = "en"'}
        text = read(office.config)
        for line, value in values.items():
            text, count = re.subn("(?m)^" + line, lambda _: value, text, count=1)
            self.assertEqual(count, 1, line)
        with open(office.config, "w") as f:
            f.write(text)
        return said.stdout.decode()

    def start(self):
        self.provider.start()
        self.home.start()
        self.office.start_daemon()

    def apply(self, commands, **replaced):
        """Runs the page's `postconf -e …` and `postfix check|reload` on the office's Postfix. There is no DNS here: the name of Zegel's
        machine becomes its address, and the name in the certificate is said by itself."""
        env = {**self.home.env, "MAIL_CONFIG": self.home.folder + "/conf", "PATH": self.home.root + "/usr/sbin:" + os.environ["PATH"]}
        for command in commands:
            command = re.sub(r"\[(?:127\.0\.0\.1|zegel\.kantoor\.nl)\]:10025", "[127.0.0.1]:%d" % self.office.port, command)
            for word, value in replaced.items():
                command = command.replace({"authorities": "/etc/ssl/certs/ca-certificates.crt", "password": "the-password"}[word], value)
            if command == "postfix reload":
                continue  # it is not running yet
            done = subprocess.run(["bash", "-c", command], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
            if command == "postfix check":
                self.assertNotIn("fatal", done.stdout)
                self.assertNotIn("unused parameter", done.stdout)
                continue
            self.assertEqual((done.returncode, done.stdout), (0, ""), command)

    # --- what arrives ---

    def send(self, to):
        message = letter([to], "Your dossier", "Dear client,\n\n%s\n" % BODY, [(NAME + ".pdf", b"%PDF-1.4 " + ATTACHED.encode() + os.urandom(200))])
        self.home.submit(SENDER, [to], message.as_bytes())
        return message

    def opens_whole(self, entity):
        found = leaves(entity)
        self.assertTrue(any(BODY.encode() in content for _, content in found), found)
        self.assertTrue(any(name == NAME + ".pdf" and ATTACHED.encode() in content for name, content in found), found)

    def test_the_lines_of_zegel_init(self):
        """On one machine, in clear to Zegel, TLS with a checked name to the provider. S/MIME, PGP and a zip, each opened."""
        office = self.office
        said = self.configure()
        [command] = re.findall(r"(?m)^ +Postfix +(postconf -e '[^']+')", said)
        self.apply([command])
        key, certificate = office.make_certificate("jan@klant.nl")
        office.zegel("key", "import", certificate)
        office.zegel("key", "import", office.make_pgp_key("eva@klant.nl"))
        self.start()
        sent = {to: self.send(to) for to in ("jan@klant.nl", "eva@klant.nl", "kees@klant.nl")}
        mails = {mail.parsed["To"]: mail for mail in self.provider.wait(3)}
        self.assertEqual(set(mails), set(sent))
        for to, mail in mails.items():
            self.assertEqual(mail.parsed["Message-ID"], sent[to]["Message-ID"])

        self.opens_whole(run("openssl", "cms", "-decrypt", "-recip", certificate, "-inkey", key, stdin=mails["jan@klant.nl"].raw).stdout)
        _, encrypted = mails["eva@klant.nl"].parsed.get_payload()
        self.opens_whole(office.gpg("--decrypt", stdin=encrypted.get_payload(decode=True)).stdout)

        [notice] = self.home.wait(1)  # by Postfix, into the sender's mailbox
        self.assertEqual(notice.parsed["To"], SENDER)
        [password] = re.findall(r"\b[a-z]+(?:-[a-z]+){5}\b", notice.parsed.get_content())
        [outer] = [content for name, content in leaves(mails["kees@klant.nl"].raw) if name == "bijlagen.zip"]
        self.assertIn(ATTACHED.encode(), unlock(outer, password, office.folder + "/opened")[NAME + ".pdf"])
        wait_until("three lines", lambda: len([l for l in office.log_lines("sent") if "notice" not in l]) == 3)
        for line in office.log_lines("sent"):
            if "notice" not in line:
                self.assertRegex(line, r" tls=TLSv1\.3/verified ")
        self.assertEqual(find_canaries((ATTACHED, NAME), [office.logs, *files_below(office.state), *files_below(self.provider.folder + "/mail")]), [])

    def test_what_is_refused_comes_back_as_a_bounce(self):
        """A near-miss: Zegel refuses, Postfix writes the bounce, the sender reads what was meant."""
        self.configure()
        self.apply([command for command, _ in steps(self.page)[:2]])
        self.office.zegel("allow", "add", "klant.nl")
        self.start()
        self.send("jan@klnat.nl")
        [bounce] = self.home.wait(1)
        self.assertIn("did you mean jan@klant.nl?", " ".join(bounce.raw.decode().split()))
        self.assertEqual(self.provider.mails(), [])

    def tls_and_a_password(self):
        """The page's config and lines for another machine; then those for AUTH."""
        office = self.office
        whole = self.certificate("zegel", "DNS:zegel.kantoor.nl")
        os.makedirs(office.folder + "/tls")
        os.rename(office.folder + "/zegel.key", office.folder + "/tls/key.pem")
        os.rename(office.folder + "/zegel.crt", office.folder + "/tls/fullchain.pem")
        os.chmod(office.folder + "/tls/key.pem", 0o600)
        self.assertTrue(whole)
        self.home.command("postconf", "-e", "smtp_tls_secure_cert_match = zegel.kantoor.nl", "smtp_tls_loglevel = 1")
        return [command for command, _ in steps(self.page)]

    def with_tls(self, trusted):
        commands = self.tls_and_a_password()
        [piece] = toml_blocks(self.page)
        server = re.search(r"(?ms)^\[server\]\n(.*)", piece).group(1)
        server = re.sub(r"(?m)^listen = .*\n", "", server)
        server = re.sub(r'(?m)^trusted = .*', trusted, server)
        self.configure(server)
        return commands

    def test_from_another_machine_with_tls(self):
        commands = self.with_tls('trusted = ["127.0.0.1/32"]')
        self.apply(commands[3:6], authorities=self.office.folder + "/ca.pem")
        self.start()
        self.send("kees@klant.nl")
        [mail] = self.provider.wait(1)
        self.assertIn("bijlagen.zip", [name for name, _ in leaves(mail.raw)])
        self.assertRegex(self.home.log(), r"Verified TLS connection established to 127\.0\.0\.1")
        wait_until("its line", lambda: self.office.log_lines("received"))
        self.assertIn(" tls=TLSv1.3", self.office.log_lines("received")[0])

    def test_from_another_machine_with_a_password(self):
        commands = self.with_tls('trusted = []\nusers = "users"')
        with open(self.office.folder + "/users", "w"):
            pass
        os.chmod(self.office.folder + "/users", 0o600)
        self.office.zegel("user", "add", "postfix", stdin=b"een-lang-wachtwoord\n")
        self.apply(commands[3:5] + commands[6:], authorities=self.office.folder + "/ca.pem", password="een-lang-wachtwoord")
        self.start()
        self.send("kees@klant.nl")
        self.provider.wait(1)
        wait_until("its line", lambda: self.office.log_lines("received"))
        self.assertIn(" user=postfix", self.office.log_lines("received")[0])


if __name__ == "__main__":
    unittest.main()
