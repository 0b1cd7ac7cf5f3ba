"""What lies in state.dir while the daemon works: nothing of a message's content, whatever its way, and nothing at all of
one that is gone."""
import os, sqlite3, sys, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, files_below, find_canaries, letter, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
CANARY = "kanarie7Qx2dossiergeheim"


class Secrecy(unittest.TestCase):
    def setUp(self):
        self.office = self.enterContext(Office(BIN))
        self.office.configure(protect='methods = ["clear"]', recipients='on_typo = "hold"',
                              sections='[[protect.rule]]\nto = ["zip.nl"]\nmethods = ["zip"]\n')
        self.office.home.start()
        self.office.start_daemon()  # the next hop is away: everything waits

    def no_canary(self, when):
        self.assertEqual(find_canaries([CANARY], files_below(self.office.state)), [], when)

    def files_with(self, *needles):
        found = []
        for path in files_below(self.office.state):
            with open(path, "rb") as f:
                content = f.read()
            found += [(path, needle) for needle in needles if needle in content]
        return found

    def send(self, to):
        message = letter([to], subject=CANARY, body=(CANARY + "\n") * 500, attachments=[(CANARY + ".txt", CANARY.encode() * 3_000)])
        reply = self.office.send(message, [to])[1]
        self.assertEqual(reply[0], 250, reply)
        return reply[1].split()[1]

    def row(self, sql):
        with sqlite3.connect("file:%s/zegel.db?mode=ro" % self.office.state, uri=True) as db:
            return db.execute(sql).fetchall()

    def test_no_content_on_the_disk_and_nothing_left_of_what_is_gone(self):
        clear, sealed, held = self.send("jan@klant.nl"), self.send("jan@zip.nl"), self.send("jan@gmial.com")
        self.assertTrue(self.files_with(b"jan@klant.nl"), "the search finds what is there")
        self.no_canary("while they wait")
        wait_until("an attempt", lambda: self.office.log_lines("deferred"))
        self.no_canary("after an attempt")

        keys = [bytes(key) for key, in self.row("SELECT key FROM copy UNION ALL SELECT key FROM held")]
        pieces = [bytes(piece) for piece, in self.row("SELECT substr(bytes, 2000, 64) FROM piece WHERE length(bytes) > 4000")]
        self.assertGreaterEqual(len(keys), 3)
        self.assertGreaterEqual(len(pieces), 3)
        self.assertTrue(self.files_with(*keys) and self.files_with(*pieces), "the search finds what is there")

        self.office.zegel("queue", "drop", clear)
        self.office.zegel("held", "refuse", held)
        self.office.hop.start()
        self.office.zegel("queue", "retry", "all")
        self.office.hop.wait(1)
        wait_until("the sealed one to be forgotten", lambda: not self.row("SELECT id FROM piece"))
        wait_until("the log to be blank", lambda: not self.files_with(*keys, *pieces))
        self.assertEqual(self.office.hop.mails()[0].envelope["to"], ["jan@zip.nl"])
        self.assertTrue(self.office.zegel("trace", sealed).stdout, "its history stays")
        self.office.daemon.stop()
        self.assertEqual(self.files_with(*keys, *pieces), [], "when closed")
        self.no_canary("when closed")


if __name__ == "__main__":
    unittest.main()
