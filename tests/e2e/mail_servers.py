"""Real Postfix servers for the tests, from Debian's packages, each in a folder of its own and not installed."""
import glob, os, smtplib, sys

sys.path.insert(0, os.path.dirname(__file__))
from office import Mail, Process, accepts, free_port, run, wait_until
from debian import unpacked

FOLDERS = "active bounce corrupt defer deferred flush hold incoming private saved trace pid maildrop public".split()
SERVICES = """127.0.0.1:%d inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
MAIN = """compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = {root}/usr/sbin
daemon_directory = {libraries}/sbin
shlib_directory = {libraries}
meta_directory = {folder}/conf
sendmail_path = {root}/usr/sbin/sendmail
newaliases_path = {root}/usr/bin/newaliases
mailq_path = {root}/usr/bin/mailq
mail_owner = mail
setgid_group = utmp
default_privs = nobody
myhostname = {hostname}
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
maillog_file = {folder}/postfix.log
maillog_file_prefixes = /
import_environment = MAIL_CONFIG TZ LANG=C LD_LIBRARY_PATH SASL_PATH
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:8
virtual_gid_maps = static:8
virtual_minimum_uid = 8
{settings}
"""


class Postfix:
    """A server of `hostname` that keeps mail for `domains` in a Maildir. Made but not started; `settings` are lines of main.cf."""

    def __init__(self, test, folder, hostname, domains="", settings=""):
        if os.geteuid() != 0:
            test.skipTest("a mail server's queue wants root")
        self.root, self.folder, self.port = unpacked(test, "postfix", "libsasl2-modules"), folder, free_port()
        self.libraries = self.root + "/usr/lib/postfix"
        self.env = dict(os.environ, LD_LIBRARY_PATH=self.libraries, SASL_PATH=":".join(glob.glob(self.root + "/usr/lib/*/sasl2")))
        for path in ["conf", "data", "mail"] + ["queue/" + name for name in FOLDERS]:
            os.makedirs(folder + "/" + path)
        for above in (folder, os.path.dirname(folder)):
            os.chmod(above, 0o755)
        self.write("conf/master.cf", SERVICES % self.port)
        self.write("conf/main.cf", MAIN.format(root=self.root, libraries=self.libraries, folder=folder, hostname=hostname, domains=domains,
                                               settings=settings))
        for name in ("postfix-files", "dynamicmaps.cf"):
            self.write("conf/" + name, "")
        run("sh", "-c", "chown -R mail queue data mail && chown root queue queue/pid && chmod 700 data && chgrp utmp queue/maildrop queue/public && "
            "chmod 730 queue/maildrop && chmod 710 queue/public", cwd=folder)
        self.process = None

    def write(self, name, text):
        with open(self.folder + "/" + name, "w") as f:
            f.write(text)

    def command(self, program, *words, check=True):
        """One of Postfix's own commands, on this server's config."""
        return run(self.root + "/usr/sbin/" + program, "-c", self.folder + "/conf", *words, env=self.env, check=check)

    def start(self):
        self.process = Process("postfix", [self.libraries + "/sbin/master", "-c", self.folder + "/conf", "-d"], self.folder + "/out", env=self.env)
        wait_until("Postfix to listen", lambda: accepts(self.port) or not self.process.alive())
        if not self.process.alive():
            raise RuntimeError(self.process.said() + self.log())
        return self

    def stop(self):
        if self.process:
            self.process.stop()

    def log(self):
        if not os.path.exists(self.folder + "/postfix.log"):
            return ""
        with open(self.folder + "/postfix.log") as f:
            return f.read()

    def submit(self, sender, recipients, message):
        """As a mail program of the office does."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as client:
            return client.sendmail(sender, recipients, message)

    def mails(self):
        found = []
        for path in sorted(glob.glob(self.folder + "/mail/all/new/*"), key=os.path.getmtime):
            with open(path, "rb") as f:
                found.append(Mail(f.read().replace(b"\n", b"\r\n"), {}))
        return found

    def wait(self, count, seconds=60):
        try:
            return wait_until("%d mails" % count, lambda: (lambda m: m if len(m) >= count else None)(self.mails()), seconds)
        except AssertionError as error:
            raise AssertionError("%s\n%s" % (error, self.log())) from None
