"""The log in the real world: a real rsyslog and a real journald take it, fail2ban reads it, and one that is stuck holds up no
mail. Their /dev/log is put into a mount namespace of the daemon's own."""
import glob, json, os, re, shutil, signal, socket, sys, unittest

sys.path.insert(0, os.path.dirname(__file__))
from debian import library_path, unpacked
from office import Office, Process, accepts, letter, run, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
FILTER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "packaging", "fail2ban.conf")
JOURNALD = "/lib/systemd/systemd-journald"

# A /dev of the command's own, with the harmless devices and a /dev/log that leads to $2.
OWN_DEV = """set -e
mkdir -p "$1"; mount -t tmpfs tmpfs "$1"
for name in null zero full random urandom tty; do : > "$1/$name"; mount --bind /dev/$name "$1/$name"; done
ln -s "$2" "$1/log"; mount --rbind "$1" /dev
shift 2; exec "$@"
"""


class Syslog(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("a /dev/log of its own takes root")
        if run("unshare", "-m", "true", check=False).returncode != 0:
            self.skipTest("no mount namespaces here")
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)
        os.chmod(self.office.folder, 0o755)

    def start(self, log_socket, server=""):
        office = self.office
        office.configure()
        with open(office.config) as f:
            text = f.read().replace('to = "stderr"', 'to = "syslog"').replace("[delivery]\n", server + "[delivery]\n", 1)
        with open(office.config, "w") as f:
            f.write(text)
        office.hop.start()
        office.home.start()
        office.daemon = Process("zegeld", ["unshare", "-m", "sh", "-c", OWN_DEV, "sh", office.folder + "/dev", log_socket,
                                           office.bin + "/zegeld", "--config", office.config], office.logs)
        wait_until("zegeld to listen", lambda: accepts(office.port) or not office.daemon.alive())
        self.assertTrue(office.daemon.alive(), office.daemon.said())

    # --- rsyslog ---

    def rsyslog(self):
        """A real one, on a socket of its own. Gives the file that it writes: facility, severity, then the line as always."""
        folder = self.office.folder
        program, modules, env = shutil.which("rsyslogd"), "", dict(os.environ)
        if not program:
            root = unpacked(self, "rsyslog", "libestr0", "libfastjson4", "liblognorm5")
            program, env["LD_LIBRARY_PATH"] = root + "/usr/sbin/rsyslogd", library_path(root)
            modules = glob.glob(root + "/usr/lib/*/rsyslog")[0]
        out, where = folder + "/mail.log", folder + "/log.sock"
        with open(folder + "/rsyslog.conf", "w") as f:
            f.write("""module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="%s" CreatePath="on")
template(name="told" type="string" string="%%TIMESTAMP%% %%HOSTNAME%% %%syslogtag%%%%msg:::sp-if-no-1st-sp%%%%msg%%\\n")
template(name="sorted" type="string" string="%%syslogfacility-text%%.%%syslogseverity-text%%%%msg%%\\n")
action(type="omfile" file="%s" template="told")
action(type="omfile" file="%s.sorted" template="sorted")
""" % (where, out, out))
        words = [program, "-n", "-f", folder + "/rsyslog.conf", "-i", folder + "/rsyslog.pid"] + (["-M", modules] if modules else [])
        server = Process("rsyslogd", words, folder + "/rsyslog.out", env)
        self.addCleanup(server.stop)
        wait_until("rsyslog to listen", lambda: os.path.exists(where) or not server.alive())
        self.assertTrue(server.alive(), server.said())
        return out, where

    def test_rsyslog_gets_one_line_an_event_under_facility_mail(self):
        out, where = self.rsyslog()
        self.start(where)
        office = self.office
        nasty = '"x\\" event=sent y"@kantoor.nl'
        office.send(letter(["jan@klant.nl"], attachments=[("a.pdf", b"x")]), ["jan@klant.nl"])
        with office.smtp() as client:
            client.ehlo()
            client.docmd("MAIL FROM:<%s>" % nasty)
            client.docmd("RCPT TO:<jan@gmial.com>")
        office.hop.wait(1)

        def lines():
            with open(out) as f:
                return f.read().splitlines()

        wait_until("the last line", lambda: any("event=sent" in line and "method=zip" in line for line in lines()))
        wait_until("the refusal", lambda: any("event=refused" in line for line in lines()))
        for line in lines():
            self.assertRegex(line, r"^[A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} \S+ zegeld\[%d\]: event=[a-z-]+( [a-z_]+=(\S+|\".*\"))*$" %
                             office.daemon.child.pid)
        refused = [line for line in lines() if "event=refused" in line][0]
        self.assertIn(r'from="\"x\\\" event=sent y\"@kantoor.nl"', refused)
        with open(out + ".sorted") as f:
            self.assertEqual({line.split(" ", 1)[0] for line in f} - {"mail.warning"}, {"mail.info"})

    def test_fail2ban_finds_the_clients_to_ban(self):
        out, where = self.rsyslog()
        self.start(where, "trusted = []\n")
        with self.office.smtp() as client:
            client.ehlo()
            client.mail("piet@kantoor.nl")
            client.rcpt("jan@klant.nl")

        def text():
            if not os.path.exists(out):
                return ""
            with open(out) as f:
                return f.read()

        wait_until("the line", lambda: "event=denied" in text())
        with open(out, "a") as f:  # and what must not count
            f.write('Nov 26 11:20:00 host zegeld[12]: event=refused id=X from="event=denied client=203.0.113.9 reason=auth" to=a@b.nl\n')
            f.write("Nov 26 11:20:00 host zegeld[12]: event=denied client=2001:db8::5 reason=auth\n")
        words, env = ["fail2ban-regex"], dict(os.environ)
        filters = "/etc/fail2ban"
        if not shutil.which("fail2ban-regex"):
            root = unpacked(self, "fail2ban")
            filters = root + "/etc/fail2ban"
            words, env["PYTHONPATH"] = ["/usr/bin/python3", root + "/usr/bin/fail2ban-regex"], root + "/usr/lib/python3/dist-packages"
        mine = self.office.folder + "/fail2ban"
        shutil.copytree(filters, mine)
        shutil.copy(FILTER, mine + "/filter.d/zegel.conf")
        said = run(*words, "-c", mine, "--print-all-matched", out, mine + "/filter.d/zegel.conf", env=env).stdout.decode()
        matched = re.findall(r"^\|  (.* event=denied client=\S+ reason=\w+)", said, re.M)
        self.assertEqual([re.search(r"client=(\S+)", line).group(1) for line in matched], ["127.0.0.1", "2001:db8::5"], said)

    # --- journald ---

    def test_journald_gets_it_too(self):
        if not os.path.exists(JOURNALD):
            self.skipTest(JOURNALD + " is not there (package systemd)")
        folder = self.office.folder + "/run"
        os.makedirs(folder + "/log/journal")
        os.makedirs(folder + "/systemd/journal")
        where = folder + "/systemd/journal/dev-log"
        journald = Process("journald", ["unshare", "-m", "sh", "-c", 'mount --bind "$1" /run && exec "$2"', "sh", folder, JOURNALD],
                           self.office.folder + "/journald.out", {**os.environ, "SYSTEMD_LOG_TARGET": "console"})
        self.addCleanup(journald.stop)
        try:
            wait_until("journald to listen", lambda: os.path.exists(where) or not journald.alive())
        except AssertionError:
            pass
        if not os.path.exists(where):
            self.skipTest("journald does not run here: " + journald.said()[-500:])
        self.start(where)
        self.office.send(letter(["jan@klant.nl"], attachments=[("a.pdf", b"x")]), ["jan@klant.nl"])
        self.office.hop.wait(1)

        def entries():
            said = run("journalctl", "-D", folder + "/log/journal", "-o", "json", "SYSLOG_IDENTIFIER=zegeld", check=False).stdout
            return [json.loads(line) for line in said.decode().splitlines()]

        wait_until("the line", lambda: any(e["MESSAGE"].startswith("event=sent") for e in entries()))
        for entry in entries():
            self.assertEqual((entry["SYSLOG_FACILITY"], entry["SYSLOG_PID"]), ("2", str(self.office.daemon.child.pid)))
            self.assertTrue(entry["MESSAGE"].startswith("event="), entry)

    # --- nobody who reads ---

    def test_a_stuck_syslog_holds_up_no_mail_nor_the_end(self):
        where = self.office.folder + "/log.sock"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stuck:
            stuck.bind(where)  # and never reads
            self.start(where)
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as filler:
                filler.setblocking(False)
                try:
                    while True:
                        filler.sendto(b"<22>x", where)
                except BlockingIOError:
                    pass
            for number in range(20):
                _, (code, text) = self.office.send(letter(["jan@klant.nl"], attachments=[("a.pdf", b"x")]), ["jan@klant.nl"])
                self.assertEqual(code, 250, text)
            self.office.hop.wait(20)
            self.office.daemon.child.send_signal(signal.SIGHUP)
            _, (code, text) = self.office.send(letter(["jan@klant.nl"]), ["jan@klant.nl"])
            self.assertEqual(code, 250, text)
            self.office.daemon.child.send_signal(signal.SIGTERM)
            self.assertEqual(self.office.daemon.child.wait(60), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
