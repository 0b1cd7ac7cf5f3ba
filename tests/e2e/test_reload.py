"""SIGHUP: all or nothing. A broken config, certificate or list keeps what was in force, and the log says why."""
import os, re, signal, sys, threading, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, files_below, find_canaries, letter, run, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
CANARY = "kanarieQ7x4vogel"


class Reload(unittest.TestCase):
    def setUp(self):
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)

    def change(self, old, new):
        with open(self.office.config) as f:
            text = f.read()
        self.assertIn(old, text)
        with open(self.office.config, "w") as f:
            f.write(text.replace(old, new))

    def hang_up(self, event):
        before = len(self.office.log_lines(event))
        self.office.daemon.child.send_signal(signal.SIGHUP)
        return wait_until("event=" + event, lambda: self.office.log_lines(event)[before:])[-1]

    def still_takes_mail(self):
        _, (code, _) = self.office.send(letter(["jan@klant.nl"], attachments=[("a.pdf", b"x")]), ["jan@klant.nl"])
        self.assertEqual(code, 250)

    def test_a_good_config_is_taken_over_without_a_restart(self):
        office = self.office
        office.configure()
        office.start()
        self.change("[protect]\n", '[protect]\nmethods = ["smime"]\n')
        self.hang_up("reloaded")
        _, (code, text) = office.send(letter(["jan@klant.nl"]), ["jan@klant.nl"])
        self.assertEqual(code, 550, text)

    def test_a_broken_config_keeps_the_old_one_and_says_why(self):
        office = self.office
        office.configure(protect='methods = ["zip-attachments"]')
        office.start()
        self.change('methods = ["zip-attachments"]', 'methods = ["claer"]')
        self.assertIn("claer", self.hang_up("reload-refused"))
        self.still_takes_mail()

    def test_a_broken_allowlist_keeps_the_old_one_and_says_why(self):
        office = self.office
        office.configure()
        office.start()
        with open(office.allowlist, "a") as f:
            f.write(".nl\n")
        self.assertIn("allowlist:3:1", self.hang_up("reload-refused"))
        self.still_takes_mail()

    def test_a_broken_certificate_keeps_the_old_one_and_says_why(self):
        office = self.office
        pem, key = office.folder + "/tls.pem", office.folder + "/tls.key"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", pem, "-days", "3", "-subj", "/CN=zegel")
        os.chmod(key, 0o600)
        office.configure()
        self.change("[delivery]\n", 'tls_certificate = "tls.pem"\ntls_key = "tls.key"\n[delivery]\n')
        office.start()
        with office.smtp() as client:
            client.starttls()
        with open(pem, "w") as f:
            f.write("no certificate\n")
        self.assertIn("tls.pem", self.hang_up("reload-refused"))
        with office.smtp() as client:
            client.starttls()
        self.still_takes_mail()

    def test_an_added_name_on_the_allowlist_counts_at_once(self):
        office = self.office
        office.configure()
        office.start()
        refused, _ = office.send(letter(["jan@klannt.nl"]), ["jan@klannt.nl"])
        self.assertIn("jan@klannt.nl", refused)
        with open(office.allowlist, "a") as f:
            f.write("klannt.nl\n")
        self.hang_up("reloaded")
        refused, _ = office.send(letter(["jan@klannt.nl"]), ["jan@klannt.nl"])
        self.assertEqual(refused, {})


class Sender(threading.Thread):
    """Sends one message after another until it is told that it is over; what got no 250 goes to `refused`."""

    def __init__(self, office, number):
        super().__init__(daemon=True)
        self.office, self.number, self.accepted, self.refused, self.over = office, number, [], [], False

    def run(self):
        try:
            with self.office.smtp() as client:
                client.ehlo()
                while not self.over:
                    name = "s%d-%d" % (self.number, len(self.accepted))
                    message = letter(["jan@klant.nl"], name, "hello", [(CANARY + ".pdf", CANARY.encode() * 1_000)])
                    client.sendmail("piet@kantoor.nl", ["jan@klant.nl"], message.as_bytes())
                    self.accepted.append(name)
        except Exception as error:  # whatever it is, the test shall see it
            self.refused.append(repr(error))


class UnderLoad(unittest.TestCase):
    """Good configs and broken ones, one after another, while mail flows: nothing is lost, refused, or sealed less."""
    setUp = Reload.setUp
    BROKEN = ('methods = ["clear"]\nmethods = ["clear"]', 'methods = ["clear"]\notherwise = "nonsense"', 'methods = ["clear"')

    def test_nothing_is_lost_or_weakened(self):
        office = self.office
        office.configure(protect='methods = ["zip-attachments"]')
        office.start()
        with open(office.config) as f:
            good = f.read()
        senders = [Sender(office, number) for number in range(3)]
        for sender in senders:
            sender.start()
        for turn in range(12):
            broken = turn % 2 == 1
            methods = self.BROKEN[turn // 2 % 3] if broken else 'methods = ["%s"]' % ("zip" if turn % 4 == 0 else "zip-attachments")
            with open(office.config, "w") as f:
                f.write(good.replace('methods = ["zip-attachments"]', methods))
            before = {event: len(office.log_lines(event)) for event in ("reloaded", "reload-refused")}
            for _ in range(3):  # the second and third make one more
                office.daemon.child.send_signal(signal.SIGHUP)
            event = "reload-refused" if broken else "reloaded"
            wait_until("event=" + event, lambda: len(office.log_lines(event)) > before[event])
            so_far = sum(len(sender.accepted) for sender in senders)
            wait_until("mail that began after it", lambda: any(sender.refused for sender in senders) or
                       sum(len(sender.accepted) for sender in senders) > so_far + len(senders), 60)
        for sender in senders:
            sender.over = True
        for sender in senders:
            sender.join(60)
        self.assertEqual([sender.refused for sender in senders], [[], [], []])
        accepted = [name for sender in senders for name in sender.accepted]
        mails = office.hop.wait(len(accepted), 120)
        self.assertEqual(sorted(str(mail.parsed["Subject"]) for mail in mails), sorted(accepted))
        self.assertEqual(find_canaries([CANARY], files_below(office.hop.dir)), [])
        sealed = {re.search(r"method=(\S+)", line).group(1) for line in office.log_lines("sealed")}
        self.assertEqual(sealed, {"zip", "zip-attachments"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
