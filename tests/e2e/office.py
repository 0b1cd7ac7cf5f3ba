"""An office on loopback for the end-to-end tests and the demo: a real gateway, a next hop and an office server that keep
what they get as files, a CA, certificates and PGP keys made with openssl and gpg. Everything lives in one folder."""
import base64, contextlib, email.message, email.policy, email.utils, glob, json, os, quopri, re, shutil, signal, smtplib
import socket, subprocess, sys, tempfile, time

SENDER = "piet@kantoor.nl"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def run(*words, stdin=None, env=None, check=True, cwd=None):
    """Runs a command; its output as bytes. A failure shows what it said."""
    done = subprocess.run([str(w) for w in words], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=cwd,
                          timeout=120)
    if check and done.returncode != 0:
        raise RuntimeError("%s: exit %d\n%s\n%s" % (" ".join(map(str, words)), done.returncode, done.stdout.decode(errors="replace"),
                                                   done.stderr.decode(errors="replace")))
    return done


def wait_until(what, true, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("waited %d s in vain for %s" % (seconds, what))


def accepts(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
        return True


class Process:
    """A child of ours: started, watched, ended by id."""

    def __init__(self, name, words, log, env=None, pass_fds=(), user=None):
        self.name, self.log = name, log
        with open(log, "ab") as out:
            self.child = subprocess.Popen([str(w) for w in words], stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=env,
                                          pass_fds=pass_fds, user=user, group=user, extra_groups=None if user is None else [])

    def alive(self):
        return self.child.poll() is None

    def stop(self, sig=signal.SIGTERM, seconds=15):
        if self.alive():
            self.child.send_signal(sig)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        return self.child.returncode

    def said(self):
        with open(self.log, "rb") as f:
            return f.read().decode(errors="replace")


class Sink:
    """A next hop that keeps what it gets: N.eml and N.json."""

    def __init__(self, bin, folder, name):
        self.bin, self.dir, self.name, self.port = bin, os.path.join(folder, name), name, free_port()
        self.log = os.path.join(folder, name + ".log")
        os.makedirs(self.dir, exist_ok=True)
        self.process = None

    def start(self):
        self.process = Process(self.name, [self.bin + "/zegel", "sink", "--listen", "127.0.0.1:%d" % self.port, "--dir", self.dir], self.log)
        wait_until(self.name + " to listen", lambda: accepts(self.port) or not self.process.alive())
        if not self.process.alive():
            raise RuntimeError(self.process.said())
        return self

    def stop(self):
        if self.process:
            self.process.stop()

    def mails(self):
        found = []
        for path in sorted(glob.glob(self.dir + "/*.json"), key=lambda p: int(os.path.basename(p)[:-5])):
            with open(path) as f:
                envelope = json.load(f)
            with open(path[:-5] + ".eml", "rb") as f:
                found.append(Mail(f.read(), envelope))
        return found

    def wait(self, count, seconds=30):
        return wait_until("%d mails at %s" % (count, self.name), lambda: (lambda m: m if len(m) >= count else None)(self.mails()), seconds)


class Mail:
    def __init__(self, raw, envelope):
        self.raw, self.envelope = raw, envelope
        self.parsed = email.message_from_bytes(raw, policy=email.policy.SMTP)

    def to(self, address):
        return address in self.envelope["to"]


class Office:
    """`with Office(bin) as office:` Everything is started with start(); the folder goes at the end unless keep."""

    def __init__(self, bin, folder=None):
        self.bin = os.path.abspath(bin)
        self.folder = folder or tempfile.mkdtemp(prefix="zegel-office-")
        self.keep = folder is not None
        self.state, self.smime = self.folder + "/state", self.folder + "/smime"
        self.config, self.allowlist = self.folder + "/zegel.toml", self.folder + "/allowlist"
        os.makedirs(self.smime, exist_ok=True)
        self.port = free_port()
        self.hop, self.home = Sink(self.bin, self.folder, "next-hop"), Sink(self.bin, self.folder, "office-server")
        self.daemon = None
        self.logs = self.folder + "/zegeld.log"
        with open(self.allowlist, "w") as f:
            f.write("gmail.com\nklant.nl\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    # --- the gateway ---

    def configure(self, extra="", retry='["1s"]', protect="", sections="", recipients="", log=""):
        """Writes zegel.toml. `recipients`, `log` and `protect` go under their headings, `sections` at the end."""
        with open(self.config, "w") as f:
            f.write("""[office]
domains = ["kantoor.nl"]
relay = "127.0.0.1:%d"
language = "en"
phone = "+31 20 123 45 67"
[server]
hostname = "zegel.kantoor.nl"
listen = ["127.0.0.1:%d"]
[delivery]
relay = "127.0.0.1:%d"
tls = "none"
retry = %s
[recipients]
allowlist = ["allowlist"]
%s
[smime]
certificates = "smime"
[state]
dir = "state"
[log]
to = "stderr"
%s
[admin]
socket = "%s"
%s
[protect]
%s
%s
""" % (self.home.port, self.port, self.hop.port, retry, recipients, log, self.folder + "/admin.sock", extra, protect, sections))

    def start(self, sinks=True):
        if sinks:
            self.hop.start()
            self.home.start()
        self.start_daemon()
        return self

    def start_daemon(self, env=None, user=None):
        """`user`: a uid to run it as."""
        self.daemon = Process("zegeld", [self.bin + "/zegeld", "--config", self.config], self.logs, env, user=user)
        wait_until("zegeld to listen", lambda: accepts(self.port) or not self.daemon.alive())
        if not self.daemon.alive():
            raise RuntimeError("zegeld did not start:\n" + self.daemon.said())

    def stop(self):
        for process in (self.daemon, self.hop, self.home):
            if process:
                process.stop()

    def zegel(self, *words, stdin=None, check=True):
        return run(self.bin + "/zegel", *words, "--config", self.config, stdin=stdin, check=check)

    def log_lines(self, event=None):
        """What the log says by now. It is written behind the mail's back: ask with wait_until for what must come."""
        with open(self.logs, "rb") as f:
            lines = f.read().decode(errors="replace").splitlines()
        return [l for l in lines if event is None or l.startswith("event=%s " % event)]

    # --- keys of people outside ---

    def make_ca(self):
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.folder + "/ca.key", "-out", self.folder + "/ca.pem",
            "-days", "30", "-subj", "/CN=Test CA")

    def make_certificate(self, address, name=None, days="90", key="rsa:2048"):
        """A key and a certificate of our CA for `address`; the paths of both."""
        base = self.folder + "/" + (name or address.replace("@", "_at_"))
        run("openssl", "req", "-new", "-newkey", key, "-nodes", "-keyout", base + ".key", "-out", base + ".csr", "-subj", "/CN=" + address)
        with open(base + ".ext", "w") as f:
            f.write("subjectAltName=email:%s\nextendedKeyUsage=emailProtection\nkeyUsage=digitalSignature,keyEncipherment\n" % address)
        run("openssl", "x509", "-req", "-in", base + ".csr", "-CA", self.folder + "/ca.pem", "-CAkey", self.folder + "/ca.key",
            "-CAcreateserial", "-days", days, "-extfile", base + ".ext", "-out", base + ".pem")
        return base + ".key", base + ".pem"

    def gpg(self, *words, stdin=None, check=True):
        home = self.folder + "/people-gnupg"
        os.makedirs(home, mode=0o700, exist_ok=True)
        return run("gpg", "--batch", "--quiet", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", "", "--homedir", home, *words,
                   stdin=stdin, check=check)

    def make_pgp_key(self, address):
        """A key pair in the people's own keyring; the path of the public key."""
        self.gpg("--quick-gen-key", "Test <%s>" % address, "default", "default", "90d")
        path = self.folder + "/" + address.replace("@", "_at_") + ".asc"
        with open(path, "wb") as f:
            f.write(self.gpg("--armor", "--export", address).stdout)
        return path

    # --- a client in the office ---

    def smtp(self):
        return smtplib.SMTP("127.0.0.1", self.port, local_hostname="pc1.kantoor.nl", timeout=60)

    def send(self, message, recipients, sender=SENDER):
        """Hands a message over as an office server does. Gives (refused recipients, reply of DATA)."""
        raw = message if isinstance(message, bytes) else message.as_bytes(policy=email.policy.SMTP)
        with self.smtp() as client:
            client.ehlo()
            client.mail(sender)
            refused = {}
            for recipient in recipients:
                code, text = client.rcpt(recipient)
                if code >= 400:
                    refused[recipient] = (code, text.decode())
            if len(refused) == len(recipients):
                return refused, None
            code, text = client.data(raw)
            return refused, (code, text.decode())


def letter(to, subject="Dossier", body="", attachments=(), sender=SENDER, html=None):
    """An ordinary office mail. `attachments`: (name, bytes)."""
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, ", ".join(to), subject
    message["Date"], message["Message-ID"] = email.utils.formatdate(), email.utils.make_msgid(domain="kantoor.nl")
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return message


# --- canaries: words that must show nowhere ---

def shapes(word):
    """The ways in which a word can lie in a file: as it is, in base64 at each of three offsets, quoted-printable, UTF-16."""
    raw = word.encode()
    yield raw
    yield raw.upper()
    yield word.encode("utf-16-le")
    yield raw.hex().encode()
    yield quopri.encodestring(raw)
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        yield encoded[(0, 2, 3)[shift]:].rstrip(b"=")[:-1]


def files_below(folder):
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


def find_canaries(words, paths):
    """(word, path) of each word that shows in a file, however encoded. Line ends are looked through."""
    found = []
    for path in paths:
        with open(path, "rb") as f:
            content = f.read()
        joined = content.replace(b"\r\n", b"").replace(b"\n", b"")
        for word in words:
            if any(shape in content or shape in joined for shape in shapes(word)):
                found.append((word, path))
    return found
