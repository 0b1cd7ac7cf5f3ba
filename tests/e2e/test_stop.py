"""SIGTERM: nothing new is taken, what is in work is finished. A second one: at once, and what was not accepted is the client's."""
import os, signal, socket, sys, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, accepts, letter, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")


class Stop(unittest.TestCase):
    def setUp(self):
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)
        self.office.configure()
        self.office.start()

    def begin(self):
        """A client amid its message."""
        client = self.office.smtp()
        self.addCleanup(client.close)
        client.ehlo()
        client.mail("piet@kantoor.nl")
        client.rcpt("jan@klant.nl")
        self.assertEqual(client.docmd("DATA")[0], 354)
        text = letter(["jan@klant.nl"], attachments=[("a.pdf", b"x")]).as_bytes()
        client.send(text[:100])
        return client, text[100:]

    def terminate(self):
        self.office.daemon.child.send_signal(signal.SIGTERM)

    def test_a_message_in_work_is_finished_and_nothing_new_is_taken(self):
        client, rest = self.begin()
        self.terminate()
        wait_until("the door to be closed", lambda: not accepts(self.office.port))
        self.assertTrue(self.office.daemon.alive())
        client.send(rest + b"\r\n.\r\n")
        self.assertEqual(client.getreply()[0], 250)
        self.assertEqual(self.office.daemon.child.wait(60), 0)
        self.office.start_daemon()  # what was accepted is in the store, or was sent on already
        self.office.hop.wait(1)

    def test_one_who_idles_is_told_so(self):
        with socket.create_connection(("127.0.0.1", self.office.port), 30) as idle:
            replies = idle.makefile("rb")
            self.assertTrue(replies.readline().startswith(b"220"))
            self.terminate()
            self.assertTrue(replies.readline().startswith(b"421"))
        self.assertEqual(self.office.daemon.child.wait(60), 0)

    def test_a_second_signal_ends_it_at_once(self):
        client, rest = self.begin()
        self.terminate()
        wait_until("the door to be closed", lambda: not accepts(self.office.port))
        self.terminate()
        self.assertEqual(self.office.daemon.child.wait(60), 0)
        self.office.start_daemon()
        self.assertEqual(self.office.zegel("queue", "list", "--json").stdout.strip(), b"[]")


if __name__ == "__main__":
    unittest.main(verbosity=2)
