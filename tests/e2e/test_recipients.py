"""What becomes of a doubtful recipient inside the SMTP session: recipients.on_typo, on_unknown and visible."""
import os, re, sys, time, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, SENDER, letter, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")


class Recipients(unittest.TestCase):
    def start(self, recipients="", before=None):
        office = self.office = Office(BIN)
        self.addCleanup(office.__exit__)
        office.configure(recipients=recipients, protect='methods = ["clear"]')
        if before:
            before(office)
        return office.start()

    def send(self, *to):
        return self.office.send(letter(to), list(to))

    def test_refuse_offers_no_confirmation_however_often_it_is_sent(self):
        self.start('on_typo = "refuse"')
        for _ in range(3):
            refused, _ = self.send("jan@gmial.com")
            self.assertRegex("%d %s" % refused["jan@gmial.com"], r"^550 5\.1\.2 <jan@gmial\.com>: did you mean jan@gmail\.com\? \[[0-9A-Z]{10}\]$")
        self.assertEqual(self.office.hop.mails(), [])

    def test_naming_somebody_twice_in_one_message_confirms_nothing(self):
        office = self.start()
        with office.smtp() as client:
            client.ehlo()
            client.mail(SENDER)
            first = client.rcpt("jan@gmial.com")
            self.assertEqual(first[0], 550)
            self.assertEqual(client.rcpt("Jan@GMIAL.com"), first)
            client.rset()
            client.mail(SENDER)
            self.assertEqual(client.rcpt("jan@gmial.com")[0], 250)

    def test_warn_sends_it_and_tells_the_sender(self):
        office = self.start('on_typo = "warn"')
        refused, (code, _) = self.send("jan@gmial.com")
        self.assertEqual((refused, code), ({}, 250))
        self.assertTrue(office.hop.wait(1)[0].to("jan@gmial.com"))
        [notice] = office.home.wait(1)
        self.assertEqual((notice.envelope["from"], notice.envelope["to"]), ("", [SENDER]))
        self.assertIn(b"jan@gmail.com", notice.raw)
        self.assertNotIn(b"Dossier", notice.raw)  # the subject

    def test_unknown_ones_pass_unless_the_config_says_otherwise(self):
        self.start()
        refused, (code, _) = self.send("info@zzqq-onbekend.example")
        self.assertEqual((refused, code), ({}, 250))

    def test_unknown_ones_are_asked_about_where_the_config_says_so(self):
        office = self.start('on_unknown = "confirm"\nconfirm_window = "1h"')
        refused, _ = self.send("info@zzqq-onbekend.example")
        self.assertRegex(refused["info@zzqq-onbekend.example"][1], r"within 1 hour \[[0-9A-Z]{10}\]$")
        refused, (code, _) = self.send("info@zzqq-onbekend.example")
        self.assertEqual((refused, code), ({}, 250))
        office.hop.wait(1)

    def test_a_confirmation_counts_within_its_window_only(self):
        self.start('confirm_window = "1s"')
        self.assertIn("jan@gmial.com", self.send("jan@gmial.com")[0])
        time.sleep(1.5)
        self.assertIn("jan@gmial.com", self.send("jan@gmial.com")[0])
        self.assertEqual(self.send("jan@gmial.com")[0], {})

    def test_what_was_confirmed_stays_known_after_a_restart(self):
        office = self.start()
        self.assertIn("jan@gmial.com", self.send("jan@gmial.com")[0])
        self.assertEqual(self.send("jan@gmial.com")[0], {})
        office.daemon.stop()
        office.start_daemon()
        self.assertEqual(office.send(letter(["jan@gmial.com"]), ["jan@gmial.com"], sender="anna@kantoor.nl")[0], {})

    def test_a_hint_about_a_person_asks_even_where_typos_are_refused(self):
        def known_people(office):
            with open(office.allowlist, "w") as f:
                f.write("meghan.hermans@allianz.nl\n")

        self.start('on_typo = "refuse"', known_people)
        refused, _ = self.send("meghan.hermnas@allianz.nl")
        self.assertIn("did you mean meghan.hermans@allianz.nl? If not, send it again", refused["meghan.hermnas@allianz.nl"][1])
        self.assertEqual(self.send("meghan.hermnas@allianz.nl")[0], {})

    def test_a_price_of_the_config_counts_and_a_misspelt_one_is_named(self):
        office = self.start('weights = { swap = 5 }')
        self.assertEqual(self.send("jan@gmial.com")[0], {})  # too dear now to be taken for gmail.com
        with open(office.config) as f:
            text = f.read()
        with open(office.config, "w") as f:
            f.write(text.replace("swap = 5", "swop = 5"))
        done = office.zegel("check", check=False)
        self.assertEqual(done.returncode, 78)
        self.assertRegex((done.stdout + done.stderr).decode(), r"zegel\.toml:\d+:\d+: recipients\.weights has no `swop`; did you mean `swap`\?")

    def test_a_refusal_can_be_traced_by_its_reference(self):
        office = self.start()
        refused, _ = self.send("jan@gmial.com")
        reference = re.search(r"\[([0-9A-Z]{10})\]$", refused["jan@gmial.com"][1]).group(1)
        self.assertIn("reason=typo", office.zegel("trace", reference).stdout.decode())

    def test_too_many_who_see_each_other_are_asked_to_go_into_bcc(self):
        office = self.start("visible = 4")
        to = ["info@%s.example" % name for name in ("aardbeien", "boterham", "citroen", "druivenrank", "eekhoorn", "fluitekruid")]
        _, (code, text) = self.send(*to)
        self.assertEqual(code, 550)
        self.assertRegex(text, r"^5\.7\.1 6 .*Bcc.*send it again within 30 minutes.* \[[0-9A-Z]{10}\]$")
        self.assertEqual(office.hop.mails(), [])
        _, (code, text) = self.send(*reversed(to))  # the same people in another order: confirmed
        self.assertEqual(code, 250, text)

    def test_few_domains_or_own_colleagues_are_no_crowd(self):
        self.start("visible = 4")
        to = ["p%d@klant.nl" % i for i in range(6)]
        _, (code, text) = self.send(*to)
        self.assertEqual(code, 250, text)
        to = ["p%d@kantoor.nl" % i for i in range(6)] + ["a@een.example", "b@twee.example", "c@drie.example", "d@vier.example"]
        _, (code, text) = self.send(*to)
        self.assertEqual(code, 250, text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
