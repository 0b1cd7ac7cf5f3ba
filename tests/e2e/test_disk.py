"""A disk that is full or fails, under the whole daemon: 452 and an alarm, the queue as it was, and when the disk is well
again everything goes on by itself."""
import errno, json, os, sys, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, letter, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
LAYER = os.environ.get("ZEGEL_FAILING_DISK", os.path.join(BIN, "libfailing_disk.so"))


@unittest.skipUnless(os.path.exists(LAYER), "the failing disk was not built")
class Disk(unittest.TestCase):
    def setUp(self):
        self.office = self.enterContext(Office(BIN))
        self.office.configure(protect='methods = ["clear"]')
        self.orders = self.office.folder + "/orders"
        self.env = {**os.environ, "LD_PRELOAD": os.path.abspath(LAYER), "FAILING_DISK_FOLDER": self.office.state,
                    "FAILING_DISK_ORDERS": self.orders}
        self.office.home.start()

    def order(self, what, code):
        with open(self.orders + ".new", "w") as f:
            f.write("%s %d" % (what, code))
        os.rename(self.orders + ".new", self.orders)

    def mend(self):
        os.unlink(self.orders)

    def send(self, subject):
        return self.office.send(letter(["jan@klant.nl"], subject=subject, body="x" * 5_000), ["jan@klant.nl"])[1]

    def queued(self):
        return len(json.loads(self.office.zegel("queue", "list", "--json").stdout))

    def alarms(self):
        return len([line for line in self.office.log_lines("alarm") if "the store cannot take mail" in line])

    def arrived(self):
        return sorted(mail.parsed["Subject"] for mail in self.office.hop.mails())

    def test_what_cannot_be_kept_is_not_taken(self):
        self.office.start_daemon(self.env)
        pid = self.office.daemon.child.pid
        accepted = []
        for what, code in (("write", errno.ENOSPC), ("write", errno.EIO), ("sync", errno.EIO), ("sync", errno.ENOSPC)):
            with self.subTest(what=what, code=errno.errorcode[code]):
                name = "%s %d" % (what, code)
                self.assertEqual(self.send("before " + name)[0], 250)
                accepted.append("before " + name)
                before, alarms = self.queued(), self.alarms()
                self.order(what, code)
                for _ in range(3):
                    reply = self.send("lost " + name)
                    self.assertEqual((reply[0], reply[1].split()[0]), (452, "4.3.1"), reply)
                wait_until("the alarm", lambda: self.alarms() >= alarms + 3)
                self.assertEqual(self.queued(), before, "the queue is as it was")
                self.mend()
                self.assertEqual(self.send("after " + name)[0], 250, "it recovers by itself")
                accepted.append("after " + name)
        self.office.hop.start()
        self.office.hop.wait(len(accepted))
        wait_until("the queue to drain", lambda: self.queued() == 0)
        self.assertEqual(self.arrived(), sorted(accepted), "all of it once, and nothing that was refused")
        self.assertEqual(self.office.daemon.child.pid, pid)

    def test_what_was_sent_while_the_disk_failed_is_not_sent_again(self):
        self.office.start_daemon(self.env)
        names = ["m%d" % i for i in range(20)]
        for name in names:
            self.assertEqual(self.send(name)[0], 250)
        wait_until("the first attempts", lambda: len(self.office.log_lines("deferred")) >= len(names))
        self.order("write", errno.ENOSPC)
        self.office.hop.start()
        self.office.zegel("queue", "retry", "all", check=False)  # cannot be written either
        self.office.hop.wait(1)
        self.mend()
        self.office.hop.wait(len(names))
        wait_until("the queue to drain", lambda: self.queued() == 0)
        self.assertEqual(self.arrived(), sorted(names))

    def test_a_file_that_cannot_be_opened(self):
        self.order("open", errno.EIO)
        with self.assertRaisesRegex(RuntimeError, "zegel.db"):
            self.office.start_daemon(self.env)
        self.assertNotEqual(self.office.daemon.child.returncode, 0)
        self.mend()
        self.office.start_daemon(self.env)
        self.order("open", errno.EMFILE)
        replies = [self.send("m%d" % i) for i in range(3)]
        self.mend()
        accepted = ["m%d" % i for i, reply in enumerate(replies) if reply[0] == 250]
        self.assertTrue(all(reply[0] in (250, 451, 452) for reply in replies), replies)
        self.office.hop.start()
        self.office.hop.wait(len(accepted))
        wait_until("the queue to drain", lambda: self.queued() == 0)
        self.assertEqual(self.arrived(), accepted)


if __name__ == "__main__":
    unittest.main()
