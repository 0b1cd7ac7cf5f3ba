"""Real clients, each with its own idea of SMTP, hand a message to the gateway in clear, under TLS and with AUTH: swaks, Python's
smtplib, msmtp, Postfix and Exim. What the next hop gets is the message, whole."""
import base64, contextlib, glob, os, shutil, smtplib, ssl, subprocess, sys, tempfile, time, unittest

sys.path.insert(0, os.path.dirname(__file__))
from mail_servers import Postfix
from office import Office, SENDER, free_port, letter, run, wait_until
from debian import unpacked

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
CERTIFICATES = os.path.join(os.path.dirname(__file__), "..", "net", "certificates")
USER, PASSWORD, RECIPIENT, WORD = "piet", "geheim wachtwoord", "jan@klant.nl", "kanarie7Qx"
BODY = "Dear client,\n\n%s\n.a line with a dot\n..two\n\n.\nthe end\n" % WORD


def message():
    return letter([RECIPIENT], "Hello", BODY).as_bytes()


def read(path):
    with open(path) as f:
        return f.read()


def write(path, text, mode=0o600):
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, mode)
    return path


def memory_of(pid):
    """All that it may write to."""
    found = b""
    with open("/proc/%d/maps" % pid) as maps, open("/proc/%d/mem" % pid, "rb", 0) as memory:
        for line in maps:
            span, access = line.split()[:2]
            if access.startswith("rw"):
                begin, end = (int(one, 16) for one in span.split("-"))
                with contextlib.suppress(OSError):  # given back to the system since
                    memory.seek(begin)
                    found += memory.read(end - begin)
    return found


class Clients(unittest.TestCase):
    def start(self, extra=""):
        """An office that sends in clear, with a certificate and a user. With `extra` more of [server]."""
        office = self.office = Office(BIN)
        self.addCleanup(office.__exit__)
        office.configure(protect='methods = ["clear"]')
        self.tls_port = free_port()
        for name in ("mail.pem", "mail.key", "ca.pem"):
            shutil.copy(os.path.join(CERTIFICATES, name), office.folder)
        os.chmod(office.folder + "/mail.key", 0o600)
        with open(office.config) as f:
            config = f.read()
        write(office.config, config.replace("[server]\n", """[server]
listen_tls = ["127.0.0.1:%d"]
tls_certificate = "mail.pem"
tls_key = "mail.key"
users = "users"
%s
""" % (self.tls_port, extra)), 0o644)
        write(office.folder + "/users", "")
        office.zegel("user", "add", USER, stdin=(PASSWORD + "\n").encode())
        return office.start()

    def strangers_only(self):
        """Nobody may relay without AUTH, and not without TLS."""
        return self.start('trusted = []\nrequire_tls = true')

    def arrived_whole(self, count=1):
        for mail in self.office.hop.wait(count):
            self.assertEqual(mail.envelope["to"], [RECIPIENT])
            text = mail.parsed.get_content().replace("\r\n", "\n")
            self.assertEqual(text.rstrip("\n"), BODY.rstrip("\n"))
        return self.office.hop.mails()

    def received_with(self, protocol):
        fields = [str(field) for field in self.office.hop.mails()[0].parsed.get_all("Received")]
        self.assertTrue(any("with %s id" % protocol in " ".join(field.split()) for field in fields), fields)

    def needs(self, program):
        if not shutil.which(program):
            self.skipTest(program + " is not installed")

    # --- swaks ---

    def swaks(self, *words):
        data = self.office.folder + "/swaks.eml"
        with open(data, "wb") as f:
            f.write(message())
        return run("swaks", "--server", "127.0.0.1", "--from", SENDER, "--to", RECIPIENT, "--data", "@" + data, "--helo", "pc1.kantoor.nl", *words)

    def test_swaks_in_clear(self):
        self.needs("swaks")
        self.start()
        self.swaks("--port", self.office.port, "--pipeline")
        self.arrived_whole()
        self.received_with("ESMTP")

    def test_swaks_with_starttls_and_auth(self):
        self.needs("swaks")
        if run("perl", "-MNet::SSLeay", "-e1", check=False).returncode != 0:
            self.skipTest("swaks needs libnet-ssleay-perl for TLS")
        self.strangers_only()
        for mechanism in ("PLAIN", "LOGIN"):
            self.swaks("--port", self.office.port, "--tls", "--auth", mechanism, "--auth-user", USER, "--auth-password", PASSWORD)
        self.arrived_whole(2)
        self.received_with("ESMTPSA")

    # --- Python ---

    def test_smtplib_over_implicit_tls(self):
        self.strangers_only()
        trust = ssl.create_default_context(cafile=self.office.folder + "/ca.pem")
        with smtplib.SMTP_SSL("127.0.0.1", self.tls_port, context=trust, timeout=30) as client:
            client.login(USER, PASSWORD)
            self.assertEqual(client.sendmail(SENDER, [RECIPIENT], message()), {})
        self.arrived_whole()

    def test_smtplib_with_starttls(self):
        self.start()
        trust = ssl.create_default_context(cafile=self.office.folder + "/ca.pem")
        with smtplib.SMTP("127.0.0.1", self.office.port, timeout=30) as client:
            client.starttls(context=trust)
            self.assertEqual(client.sendmail(SENDER, [RECIPIENT], message()), {})
        self.arrived_whole()
        self.received_with("ESMTPS")

    def test_a_password_is_nowhere_in_memory_once_it_was_checked(self):
        if os.geteuid() != 0:
            self.skipTest("another's memory takes root")
        self.strangers_only()
        trust = ssl.create_default_context(cafile=self.office.folder + "/ca.pem")
        with smtplib.SMTP("127.0.0.1", self.office.port, timeout=30) as plain, \
                smtplib.SMTP("127.0.0.1", self.office.port, timeout=30) as login:  # both stay open: their buffers are there
            for client, mechanism in ((plain, plain.auth_plain), (login, login.auth_login)):
                client.starttls(context=trust)
                client.ehlo()
                client.user, client.password = USER, PASSWORD
                client.auth("PLAIN" if client is plain else "LOGIN", mechanism)
            with open(self.office.state + "/store.key") as f:
                key = f.read().strip()
            secrets = {"password": PASSWORD.encode(), "PLAIN": base64.b64encode(b"\0%s\0%s" % (USER.encode(), PASSWORD.encode())),
                       "LOGIN": base64.b64encode(PASSWORD.encode()), "store key": bytes.fromhex(key), "its file": key.encode()}
            pid = self.office.daemon.child.pid
            try:
                self.assertIn(b"zegel.kantoor.nl", memory_of(pid))  # the search finds what is there
            except PermissionError:
                self.skipTest("another's memory takes CAP_SYS_PTRACE")

            def left():
                memory = memory_of(pid)
                return [what for what, octets in secrets.items() if octets in memory]

            # Who checks a password wipes it when it has said what came of it.
            wait_until("the secrets to be gone", lambda: not left())

    def test_a_wrong_password_relays_nothing(self):
        self.strangers_only()
        trust = ssl.create_default_context(cafile=self.office.folder + "/ca.pem")
        with smtplib.SMTP("127.0.0.1", self.office.port, timeout=30) as client:
            self.assertRaises(smtplib.SMTPResponseException, client.sendmail, SENDER, [RECIPIENT], message())  # 530: no TLS
            client.starttls(context=trust)
            self.assertRaises(smtplib.SMTPAuthenticationError, client.login, USER, "wrong")
            self.assertRaises(smtplib.SMTPRecipientsRefused, client.sendmail, SENDER, [RECIPIENT], message())
        denied = {"event=denied client=127.0.0.1 reason=auth", "event=denied client=127.0.0.1 reason=relay"}
        wait_until("both lines for fail2ban", lambda: denied <= set(self.office.log_lines("denied")))
        self.assertEqual(set(self.office.log_lines("denied")), denied)
        self.assertEqual(self.office.hop.mails(), [])

    # --- msmtp ---

    def msmtp(self, settings):
        config = write(self.office.folder + "/msmtprc", "account default\nhost 127.0.0.1\nfrom %s\ndomain pc1.kantoor.nl\n%s\n" % (SENDER, settings))
        run("msmtp", "--file=" + config, RECIPIENT, stdin=message().replace(b"\r\n", b"\n"))

    def test_msmtp_in_clear_and_with_tls_and_auth(self):
        self.needs("msmtp")
        self.start()
        secure = "tls on\ntls_trust_file %s/ca.pem\nauth plain\nuser %s\npassword %s\n" % (self.office.folder, USER, PASSWORD)
        self.msmtp("port %d\ntls off" % self.office.port)
        self.msmtp("port %d\n%s" % (self.office.port, secure))
        self.msmtp("port %d\ntls_starttls off\n%s" % (self.tls_port, secure))
        self.arrived_whole(3)

    # --- Postfix and Exim, from Debian's packages, in a folder of their own ---

    def postfix(self, settings):
        server = Postfix(self, self.office.folder + "/postfix", "office.kantoor.nl", settings=settings)
        self.addCleanup(server.stop)
        server.start().submit(SENDER, [RECIPIENT], message())

    def test_postfix_as_office_server_in_clear(self):
        self.start()
        self.postfix("relayhost = [127.0.0.1]:%d" % self.office.port)
        self.arrived_whole()
        self.received_with("ESMTP")

    def test_postfix_as_office_server_under_tls(self):
        self.start("require_tls = true")
        self.postfix("relayhost = [127.0.0.1]:%d\nsmtp_tls_security_level = encrypt" % self.office.port)
        self.arrived_whole()
        self.received_with("ESMTPS")

    def test_postfix_as_office_server_with_tls_and_auth(self):
        self.strangers_only()
        self.postfix("""relayhost = [127.0.0.1]:{port}
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_mechanism_filter = plain
smtp_sasl_security_options = noanonymous
smtp_sasl_password_maps = inline:{{ {{ [127.0.0.1]:{port} = {user}:{password} }} }}""".format(port=self.office.port, user=USER, password=PASSWORD))
        self.arrived_whole()
        self.received_with("ESMTPSA")

    def exim(self, transport, authenticator=""):
        if os.geteuid() != 0:
            self.skipTest("a mail server's queue wants root")
        root, folder = unpacked(self, "exim4-daemon-light"), self.office.folder
        os.chmod(folder, 0o755)
        # Exim's user and the place of its config are compiled in; nobody but this process sees the /etc that has them.
        etc, work, spool = folder + "/etc", folder + "/etc.work", folder + "/spool"
        for path in (etc, etc + "/exim4", work, spool):
            os.makedirs(path)
        os.chown(spool, 8, 8)
        for name, line in (("passwd", "Debian-exim:x:8:8::/nonexistent:/usr/sbin/nologin\n"), ("group", "Debian-exim:x:8:\n")):
            with open("/etc/" + name) as f:
                text = f.read()
            write(etc + "/" + name, text if "Debian-exim:" in text else text + line, 0o644)
        write(etc + "/exim4/exim4.conf", """exim_path = %s/usr/sbin/exim4
primary_hostname = office.kantoor.nl
spool_directory = %s
log_file_path = %s/%%slog
untrusted_set_sender = *
keep_environment =
begin routers
hub:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = gateway
begin transports
gateway:
  driver = smtp
  port = %d
  allow_localhost
  hosts_try_fastopen =
  %s
begin authenticators
%s
""" % (root, spool, spool, self.office.port, transport, authenticator), 0o644)
        overlay = "lowerdir=/etc,upperdir=%s,workdir=%s" % (etc, work)
        done = run("unshare", "-m", "sh", "-c", 'mount -t overlay -o "$1" overlay /etc || exit 99; shift; exec "$@"', "sh", overlay,
                   root + "/usr/sbin/exim4", "-odf", "-i", "-f", SENDER, RECIPIENT, stdin=message().replace(b"\r\n", b"\n"), check=False)
        if done.returncode == 99 or b"unshare" in done.stderr:
            self.skipTest("no mount namespaces here: " + done.stderr.decode())
        logs = "".join(read(spool + "/" + name) for name in ("mainlog", "rejectlog", "paniclog")
                       if os.path.exists(spool + "/" + name))
        self.assertEqual(done.returncode, 0, (logs, done.stderr))
        self.assertIn("=> " + RECIPIENT, logs)

    def test_exim_as_office_server_in_clear(self):
        self.start()
        self.exim("hosts_avoid_tls = *")
        self.arrived_whole()

    def test_exim_as_office_server_under_tls(self):
        self.start("require_tls = true")
        self.exim("hosts_require_tls = *\n  tls_verify_hosts =\n  tls_try_verify_hosts =")
        self.arrived_whole()
        self.received_with("ESMTPS")

    def test_exim_as_office_server_with_tls_and_auth(self):
        self.strangers_only()
        self.exim("hosts_require_tls = *\n  hosts_require_auth = *\n  tls_verify_hosts =\n  tls_try_verify_hosts =",
                  "plain:\n  driver = plaintext\n  public_name = PLAIN\n  client_send = ^%s^%s" % (USER, PASSWORD))
        self.arrived_whole()
        self.received_with("ESMTPSA")


if __name__ == "__main__":
    unittest.main()
