"""Keys in use: those of whole domains, those that end soon, those that change."""
import json, os, re, sys, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, SENDER, letter, run, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
RULE = """[[protect.rule]]
to = ["klant.nl"]
domain_certificates = true
"""


class Keys(unittest.TestCase):
    def setUp(self):
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)
        self.office.make_ca()

    def explain(self, to):
        [said] = json.loads(self.office.zegel("explain", "--from", SENDER, "--to", to, "--json").stdout)
        return said

    def fingerprint(self, address):
        return json.loads(self.office.zegel("key", "show", address, "--json").stdout)[0]["fingerprint"]


class OfADomain(Keys):
    def test_it_is_used_where_a_rule_asks_for_it_and_named_as_such(self):
        office = self.office
        key, certificate = office.make_certificate("domain-confidentiality-authority@klant.nl")
        with open(office.allowlist, "a") as f:
            f.write("ander.nl\n")
        office.configure(protect='methods = ["smime"]', sections=RULE)
        done = office.zegel("key", "import", certificate).stdout.decode()
        self.assertIn("S/MIME certificate of the domain klant.nl", done)
        fingerprint = self.fingerprint("jan@klant.nl")
        self.assertIn("all of klant.nl", office.zegel("key", "list").stdout.decode())
        said = self.explain("jan@klant.nl")
        self.assertEqual((said["outcome"], said["keys"]), ("send", [fingerprint]))
        self.assertIn("domain certificate " + fingerprint, said["ladder"][0]["why"])
        self.assertEqual(self.explain("jan@ander.nl")["outcome"], "refuse")
        office.start()
        self.assertEqual(office.send(letter(["jan@klant.nl"], body="kanarie-domein"), ["jan@klant.nl"])[1][0], 250)
        [line] = wait_until("the log", lambda: office.log_lines("sealed"))
        self.assertRegex(line, r" to=jan@klant\.nl method=smime rule=zegel\.toml:\d+ key=%s certificate=domain " % fingerprint)
        [mail] = office.hop.wait(1)
        opened = run("openssl", "cms", "-decrypt", "-recip", certificate, "-inkey", key, stdin=mail.raw).stdout
        self.assertIn(b"kanarie-domein", opened)
        own_key, own = office.make_certificate("jan@klant.nl")
        office.zegel("key", "import", own)
        self.assertNotIn("domain", self.explain("jan@klant.nl")["ladder"][0]["why"])


class EndingSoon(Keys):
    def test_it_is_said_in_the_list_and_in_the_log_once_and_not_again_on_reload(self):
        office = self.office
        for address, days in (("laat@klant.nl", "28"), ("lang@klant.nl", "31")):
            _, certificate = office.make_certificate(address, days=days)
            office.configure()
            office.zegel("key", "import", certificate)
        lines = office.zegel("key", "list").stdout.decode().splitlines()
        self.assertEqual([("laat@" in l, "ENDS SOON" in l) for l in lines if "klant" in l].count((True, True)), 1)
        listed = {k["addresses"][0]: k["ends_soon"] for k in json.loads(office.zegel("key", "list", "--json").stdout)}
        self.assertEqual(listed, {"laat@klant.nl": True, "lang@klant.nl": False})
        office.start()
        [line] = wait_until("the log", lambda: office.log_lines("key-ends-soon"))
        self.assertRegex(line, r"method=smime key=[0-9A-F]{64} address=laat@klant\.nl until=20\d\d-\d\d-\d\d days=2[78] use=encrypt")
        office.daemon.child.send_signal(1)
        wait_until("the reload", lambda: office.log_lines("reloaded"))
        self.assertEqual(len(office.log_lines("key-ends-soon")), 1)


class Unreadable(Keys):
    """Where nobody can say whether somebody has a key, the rest of the ladder is not for him: its last rung leaves letters readable."""

    def setUp(self):
        super().setUp()
        office = self.office
        _, certificate = office.make_certificate("jan@klant.nl")
        office.configure()
        office.zegel("key", "import", certificate, office.make_pgp_key("eva@klant.nl"))

    def break_ring(self):
        """gpg cannot be started for it."""
        program = self.office.state + "/gnupg/gpg-bounded"
        os.remove(program)
        os.mkdir(program)

    def mend_ring(self):
        os.rmdir(self.office.state + "/gnupg/gpg-bounded")

    def reply(self, address):
        return self.office.send(letter([address], body="kanarie-dicht"), [address])[1]

    def hang_up(self, event):
        before = len(self.office.log_lines(event))
        self.office.daemon.child.send_signal(1)
        return wait_until("event=" + event, lambda: self.office.log_lines(event)[before:])[-1]

    def test_a_ring_that_cannot_be_read_at_the_start_defers_until_it_can(self):
        office = self.office
        self.break_ring()
        office.start()
        for address in ("eva@klant.nl", "stranger@klant.nl"):
            code, text = self.reply(address)
            self.assertEqual(code, 451, text)
            self.assertRegex(text, r"^4\.3\.0 <%s>: cannot seal just now, try again" % address)
        self.assertEqual(self.reply("jan@klant.nl")[0], 250)
        self.assertRegex(wait_until("the log", lambda: office.log_lines("refused"))[0], r"reason=sealing-away .*gpg-bounded")
        self.assertIn("gpg-bounded", office.zegel("check", check=False).stdout.decode())
        self.assertEqual(self.explain("eva@klant.nl")["outcome"], "refuse")
        self.mend_ring()
        self.hang_up("reloaded")
        self.assertEqual(self.reply("eva@klant.nl")[0], 250)
        self.assertEqual(self.reply("stranger@klant.nl")[0], 250)
        for mail in office.hop.wait(3)[:2]:
            self.assertNotIn(b"kanarie-dicht", mail.raw)

    def test_one_that_cannot_be_read_on_reload_leaves_the_old_one_in_force(self):
        office = self.office
        office.start()
        self.break_ring()
        self.assertIn("gpg-bounded", self.hang_up("reload-refused"))
        self.assertEqual(self.reply("eva@klant.nl")[0], 250)
        [mail] = office.hop.wait(1)
        self.assertNotIn(b"kanarie-dicht", mail.raw)


class Changed(Keys):
    def test_it_waits_for_replace_and_what_was_goes_on_being_used(self):
        office = self.office
        _, first = office.make_certificate("jan@klant.nl", "first")
        _, second = office.make_certificate("jan@klant.nl", "second")
        pgp = office.make_pgp_key("eva@klant.nl")
        office.configure(protect='methods = ["smime", "pgp"]')
        office.zegel("key", "import", first, pgp)
        office.start()
        before = {a: self.fingerprint(a) for a in ("jan@klant.nl", "eva@klant.nl")}
        office.gpg("--quick-gen-key", "Other <eva@klant.nl>", "default", "default", "90d")
        everything = office.folder + "/both.asc"
        with open(everything, "wb") as f:
            f.write(office.gpg("--armor", "--export", "eva@klant.nl").stdout)
        for changed in (second, everything):
            done = office.zegel("key", "import", changed, check=False)
            self.assertEqual(done.returncode, 65)
            self.assertRegex(done.stdout.decode(), r"NOT imported: .*--replace")
        for address, fingerprint in before.items():
            self.assertEqual(self.fingerprint(address), fingerprint)
            self.assertEqual(office.send(letter([address]), [address])[1][0], 250)
        lines = wait_until("the log", lambda: (lambda l: l if len(l) == 2 else None)(office.log_lines("sealed")))
        self.assertEqual({re.search("key=(\\w+)", l).group(1) for l in lines}, set(before.values()))
        office.zegel("key", "import", "--replace", second)
        self.assertNotEqual(self.fingerprint("jan@klant.nl"), before["jan@klant.nl"])
        self.assertEqual(office.send(letter(["jan@klant.nl"]), ["jan@klant.nl"])[1][0], 250)
        last = wait_until("the log", lambda: (lambda l: l[-1] if len(l) == 3 else None)(office.log_lines("sealed")))
        self.assertIn(self.fingerprint("jan@klant.nl"), last)  # the running daemon has taken it over


if __name__ == "__main__":
    unittest.main()
