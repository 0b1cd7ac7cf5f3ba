"""Mail that waits for a person: held, shown, released, refused, expired; with the daemon killed in between, and never a
word of it readable on disk."""
import json, os, re, signal, sys, time, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, SENDER, find_canaries, files_below, letter, run, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
BODY, ATTACHED, NAME, SUBJECT = "kanariebody7Qx", "kanariebijlage8Zw", "kanarienaam9Kp", "kanarieonderwerp5Hd"
CANARIES = (BODY, ATTACHED, NAME, SUBJECT)
TYPO = "jan@gmial.com"


def dossier(to, **more):
    return letter(to, SUBJECT, "Dear client,\n\n%s\n" % BODY, [(NAME + ".pdf", b"%PDF-1.4 " + ATTACHED.encode() + os.urandom(99))], **more)


class Held(unittest.TestCase):
    def setUp(self):
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)

    def configure(self, sections="", protect=""):
        self.office.configure(recipients='on_typo = "hold"', sections=sections, protect=protect)

    def hold_one(self, to=TYPO):
        """Sends one that is held; its reference."""
        refused, reply = self.office.send(dossier([to]), [to])
        self.assertEqual(refused, {})
        self.assertRegex("%d %s" % reply, r"^250 2\.0\.0 [0-9A-Z]{10} held for confirmation$")
        return reply[1].split()[1]

    def held(self):
        return json.loads(self.office.zegel("held", "list", "--json").stdout)

    def events(self, reference, recipient=None):
        """What happened to it; to one recipient and to all, when named."""
        return [row["event"] for row in json.loads(self.office.zegel("trace", reference, "--json").stdout)
                if recipient is None or row["recipient"] in ("", recipient)]

    def nothing_shows(self):
        office = self.office
        paths = [office.logs, *files_below(office.state), *files_below(office.home.dir)]
        self.assertGreater(len(paths), 3)
        self.assertEqual(find_canaries(CANARIES, paths), [])

    def notices(self, count):
        mails = self.office.home.wait(count)
        for mail in mails:
            self.assertEqual(mail.envelope, {**mail.envelope, "from": "", "to": [SENDER]})
        return [mail.parsed.get_content() for mail in mails]

    def test_the_sender_is_told_and_nothing_leaves(self):
        self.configure()
        self.office.start()
        reference = self.hold_one()
        [notice] = self.notices(1)
        for word in (TYPO, "jan@gmail.com", reference, "NOT been sent"):
            self.assertIn(word, notice)
        [entry] = self.held()
        self.assertEqual({k: entry[k] for k in ("id", "from", "to", "suggestion")},
                         {"id": reference, "from": SENDER, "to": [TYPO], "suggestion": "jan@gmail.com"})
        self.assertIn(reference, self.office.zegel("held").stdout.decode())
        self.assertEqual(self.office.hop.mails(), [])
        self.assertIn("id=%s from=%s to=%s" % (reference, SENDER, TYPO), wait_until("the log", lambda: self.office.log_lines("held"))[0])
        self.nothing_shows()

    def test_show_gives_headers_and_reason_and_the_body_only_when_asked(self):
        self.configure()
        self.office.start()
        reference = self.hold_one()
        shown = self.office.zegel("held", "show", reference).stdout.decode()
        for word in (TYPO, "looks like", "From: " + SENDER, "Subject: " + SUBJECT):
            self.assertIn(word, shown)
        self.assertNotIn(BODY, shown)
        self.assertIn(SUBJECT, json.loads(self.office.zegel("held", "show", reference, "--json").stdout)["headers"])
        whole = self.office.zegel("held", "show", reference, "--body").stdout.decode()
        self.assertIn(BODY, whole)
        wait_until("the log", lambda: self.office.log_lines("held-shown"))
        self.assertIn("held-shown", self.events(reference))
        self.nothing_shows()

    def test_release_sends_it_on_sealed_once(self):
        self.configure()
        self.office.start()
        reference = self.hold_one()
        self.office.zegel("held", "release", reference)
        [mail] = self.office.hop.wait(1)
        self.assertTrue(mail.to(TYPO))
        self.assertEqual(find_canaries((ATTACHED, NAME), files_below(self.office.hop.dir)), [])
        self.assertEqual(self.held(), [])
        self.assertIn("was released", self.notices(3)[-1] + self.notices(3)[-2])  # beside the password's
        self.assertEqual(self.office.zegel("held", "release", reference, check=False).returncode, 66)
        wait_until("delivery in the audit", lambda: "sent" in self.events(reference))
        self.assertEqual([e for e in self.events(reference, TYPO) if e in ("received", "held", "released", "sealed", "sent")],
                         ["received", "held", "released", "sealed", "sent"])
        released = [r for r in json.loads(self.office.zegel("trace", reference, "--json").stdout) if r["event"] == "released"]
        self.assertEqual(released[0]["who"], run("id", "-un").stdout.decode().strip())
        time.sleep(1)
        self.assertEqual(len(self.office.hop.mails()), 1)

    def test_refuse_tells_the_sender_and_erases_it(self):
        self.configure()
        self.office.start()
        reference = self.hold_one()
        self.office.zegel("held", "refuse", reference)
        told = self.notices(2)[1]
        self.assertIn("refused", told)
        self.assertIn(TYPO, told)
        self.assertEqual(self.held(), [])
        self.assertIn("refused", self.events(reference))
        self.assertEqual(self.office.hop.mails(), [])
        self.nothing_shows()

    def test_it_survives_a_stop_and_kill_9(self):
        self.configure()
        self.office.start()
        reference = self.hold_one()
        for how in (signal.SIGKILL, signal.SIGTERM):
            self.office.daemon.stop(how)
            self.nothing_shows()
            self.assertEqual([e["id"] for e in self.held()], [reference])  # without a daemon: from the store itself
            self.office.start_daemon()
            self.assertEqual([e["id"] for e in self.held()], [reference])
        self.office.zegel("held", "release", reference)
        self.office.daemon.stop(signal.SIGKILL)
        self.office.start_daemon()
        self.office.hop.wait(1)
        self.assertEqual(self.held(), [])
        self.nothing_shows()

    def test_refused_and_forgotten_it_stays_gone_through_kill_9(self):
        office = self.office
        self.configure()
        office.start()
        refused = self.hold_one()
        forgotten = self.hold_one("els.geheim@gmial.com")
        self.restart()
        self.assertEqual(sorted(e["id"] for e in self.held()), sorted([refused, forgotten]))
        office.zegel("held", "refuse", refused)
        self.assertEqual(json.loads(office.zegel("forget", "els.geheim@gmial.com", "--json").stdout)["held"], 1)
        self.restart()
        self.assertEqual(self.held(), [])
        for reference in (refused, forgotten):
            self.assertEqual(office.zegel("held", "release", reference, check=False).returncode, 66)
        self.assertEqual(office.hop.mails(), [])
        self.nothing_shows()
        self.assertEqual(find_canaries(["els.geheim"], files_below(office.state)), [])

    def restart(self):
        self.office.daemon.stop(signal.SIGKILL)
        self.nothing_shows()
        self.office.start_daemon()

    def test_it_can_be_released_while_no_daemon_runs(self):
        self.configure()
        self.office.start()
        reference = self.hold_one()
        self.office.daemon.stop()
        self.office.zegel("held", "release", reference)
        self.assertEqual([c["id"] for c in json.loads(self.office.zegel("queue", "--json").stdout) if not c["notice"]], [reference])
        self.office.start_daemon()
        self.assertTrue(self.office.hop.wait(1)[0].to(TYPO))

    def test_what_nobody_judges_expires_and_the_sender_is_told(self):
        self.configure(sections='[retention]\nheld = "2s"')
        self.office.start()
        reference = self.hold_one()
        told = self.notices(2)[1]
        self.assertIn("no decision was taken in time", told)
        self.assertEqual(self.held(), [])
        self.assertIn("expired", self.events(reference))
        wait_until("the log", lambda: self.office.log_lines("expired"))
        self.assertEqual(self.office.hop.mails(), [])
        self.nothing_shows()

    def test_what_expired_while_the_daemon_was_dead_expires_at_its_start(self):
        self.configure(sections='[retention]\nheld = "3s"')
        self.office.start()
        self.hold_one()
        self.office.daemon.stop(signal.SIGKILL)
        time.sleep(3)
        self.office.start_daemon()
        wait_until("its end", lambda: self.held() == [])
        # Both may be under way at once, so either may come first.
        self.assertEqual(["no decision was taken in time" in told for told in self.notices(2)].count(True), 1)

    def test_what_lacks_a_key_waits_until_there_is_one(self):
        office = self.office
        self.configure(protect='methods = ["smime"]\notherwise = "hold"')
        office.start()
        reference = self.hold_one("eva@klant.nl")
        done = office.zegel("held", "release", reference, check=False)
        self.assertEqual(done.returncode, 75)
        self.assertIn(b"the policy holds it", done.stderr)
        self.assertEqual([e["id"] for e in self.held()], [reference])
        office.make_ca()
        key, certificate = office.make_certificate("eva@klant.nl")
        office.zegel("key", "import", certificate)
        office.zegel("held", "release", reference)
        [mail] = office.hop.wait(1)
        opened = run("openssl", "cms", "-decrypt", "-recip", certificate, "-inkey", key, stdin=mail.raw).stdout
        self.assertIn(BODY.encode(), opened)
        self.nothing_shows()

    def test_a_released_zip_hands_its_password_to_the_command(self):
        office = self.office
        heard, program = office.folder + "/sms", office.folder + "/sms.sh"
        with open(program, "w") as f:
            f.write("#!/bin/sh\n[ -e %s/up ] || exit 1\n(echo \"$1 $2\"; cat) >> %s\n" % (office.folder, heard))
        os.chmod(program, 0o755)
        self.configure(sections='[zip]\npassword = "command"\ncommand = "%s"' % program)
        office.start()
        reference = self.hold_one("eva@klant.nl")  # the command fails
        self.assertEqual(office.zegel("held", "release", reference, check=False).returncode, 75)
        self.assertEqual([e["id"] for e in self.held()], [reference])
        self.assertEqual(office.hop.mails(), [])
        with open(office.folder + "/up", "w"):
            pass
        office.zegel("held", "release", reference)
        office.hop.wait(1)
        with open(heard) as f:
            to, password = f.read().splitlines()
        self.assertEqual(to, "eva@klant.nl " + reference)
        self.assertRegex(password, r"^[a-z]+(-[a-z]+){5}$")
        self.assertEqual(find_canaries([password], [office.logs, *files_below(office.state), *files_below(office.hop.dir)]), [])

    def test_a_reference_that_nobody_has_is_no_input(self):
        self.configure()
        for words in (["held", "show"], ["held", "release"], ["held", "refuse"], ["queue", "drop"], ["trace"]):
            self.assertEqual(self.office.zegel(*words, "ABCDEFGHJK", check=False).returncode, 66, words)


if __name__ == "__main__":
    unittest.main(verbosity=2)
