"""What stays inside when the daemon dies of a fault under load: no core, no word of a message on the disk."""
import os, resource, signal, smtplib, subprocess, sys, threading, time, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, Process, accepts, files_below, find_canaries, letter, run, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
CANARY = "kanarieQ7x4vogel"
CLIENTS = 4


class Client(threading.Thread):
    """Sends messages full of canaries until nobody answers."""

    def __init__(self, office):
        super().__init__(daemon=True)
        self.office, self.accepted = office, 0

    def run(self):
        try:
            with self.office.smtp() as client:
                client.ehlo()
                while True:
                    body = (CANARY + " ") * 2_000
                    message = letter(["jan@klant.nl"], "x", body, [(CANARY + ".pdf", CANARY.encode() * 20_000)])
                    client.sendmail("piet@kantoor.nl", ["jan@klant.nl"], message.as_bytes())
                    self.accepted += 1
        except (OSError, smtplib.SMTPException):
            pass


class Fault(unittest.TestCase):
    def test_a_crash_under_load_leaves_no_core_and_no_word(self):
        with Office(BIN) as office:
            work = office.folder + "/work"  # where a core would go, and temporary files
            os.makedirs(work)
            office.configure(protect='methods = ["zip"]', recipients='on_typo = "hold"')
            with open(office.logs, "ab") as out:
                child = subprocess.Popen([office.bin + "/zegeld", "--config", office.config], cwd=work, stdout=out, stderr=out,
                                         stdin=subprocess.DEVNULL, env={**os.environ, "TMPDIR": work}, preexec_fn=lambda: resource.setrlimit(
                                             resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)))
            wait_until("zegeld to listen", lambda: accepts(office.port) or child.poll() is not None)
            held = letter(["jan@gmial.com"], "x", CANARY, [("a.pdf", CANARY.encode())])
            office.send(held, ["jan@gmial.com"])
            with open("/proc/%d/limits" % child.pid) as f:
                self.assertRegex(f.read(), r"Max core file size +0 +0 ")
            clients = [Client(office) for _ in range(CLIENTS)]
            for client in clients:
                client.start()
            wait_until("load", lambda: sum(client.accepted for client in clients) >= 3 * CLIENTS, 60)
            os.kill(child.pid, signal.SIGSEGV)
            _, status = os.waitpid(child.pid, 0)
            child.returncode = status
            for client in clients:
                client.join(60)
            self.assertTrue(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSEGV, status)
            self.assertFalse(os.WCOREDUMP(status))
            self.assertEqual(list(files_below(work)), [])
            files = list(files_below(office.folder))
            self.assertTrue(any(path.endswith("zegel.db") and os.path.getsize(path) > 100_000 or path.endswith("-wal") for path in files), files)
            self.assertEqual(find_canaries([CANARY], files), [])
            office.start()  # the queue, the held message: all there
            self.assertIn(b"jan@gmial.com", office.zegel("held", "list").stdout)
            accepted = sum(client.accepted for client in clients)
            office.hop.wait(accepted, 120)


class Refusal(unittest.TestCase):
    """Whoever leaves secrets open to all is told so, and no daemon runs."""

    def test_a_store_key_open_to_all(self):
        with Office(BIN) as office:
            office.configure()
            office.start(sinks=False)
            office.daemon.stop()
            os.chmod(office.state + "/store.key", 0o644)
            done = run(office.bin + "/zegeld", "--config", office.config, check=False)
            self.assertEqual(done.returncode, 78)
            self.assertIn(b"store.key: it holds secrets and everyone may read it; chmod o= ", done.stderr)

    def test_a_private_key_open_to_all_and_a_reload_that_finds_one(self):
        with Office(BIN) as office:
            office.configure()
            office.start(sinks=False)
            with open(office.smime + "/piet.key", "w") as f:
                f.write("x")
            os.chmod(office.smime + "/piet.key", 0o644)
            office.daemon.child.send_signal(signal.SIGHUP)
            wait_until("the refusal", lambda: office.log_lines("reload-refused"))
            self.assertIn("everyone may read a private key", office.log_lines("reload-refused")[0])
            self.assertIn(b"everyone may read a private key", office.zegel("check", check=False).stdout)
            office.daemon.stop()
            self.assertEqual(run(office.bin + "/zegeld", "--config", office.config, check=False).returncode, 78)


class Credentials(unittest.TestCase):
    def test_the_store_key_as_a_credential(self):
        with Office(BIN) as office:
            handed_over = office.folder + "/handed-over"
            os.makedirs(handed_over)
            with open(handed_over + "/zegel_store.key", "w") as f:
                f.write("0123456789abcdef" * 4 + "\n")
            os.chmod(handed_over + "/zegel_store.key", 0o400)
            office.configure(protect='otherwise = "hold"\nmethods = ["smime"]')
            words = [office.bin + "/zegeld", "--config", office.config]
            office.daemon = Process("zegeld", words, office.logs, {**os.environ, "CREDENTIALS_DIRECTORY": handed_over})
            wait_until("zegeld to listen", lambda: accepts(office.port) or not office.daemon.alive())
            office.send(letter(["jan@klant.nl"], "x", "y"), ["jan@klant.nl"])
            office.daemon.stop()
            self.assertFalse(os.path.exists(office.state + "/store.key"))
            self.assertNotEqual(office.zegel("held", "list", check=False).returncode, 0)  # without it the store stays shut
            os.makedirs(office.folder + "/credentials", 0o700)
            os.rename(handed_over + "/zegel_store.key", office.folder + "/credentials/store.key")
            self.assertIn(b"jan@klant.nl", office.zegel("held", "list").stdout)  # root finds it by itself


if __name__ == "__main__":
    unittest.main(verbosity=2)
