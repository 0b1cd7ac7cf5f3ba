"""SIGHUP: all or nothing. A broken config, certificate or list keeps what was in force, and the log says why."""
import os, signal, sys, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, letter, run, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")


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


if __name__ == "__main__":
    unittest.main(verbosity=2)
