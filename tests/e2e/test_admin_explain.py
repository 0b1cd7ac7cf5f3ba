"""What `zegel explain` says and what then really leaves agree: over policies, recipients and messages made by chance (from a
fixed seed), against the running daemon."""
import json, os, random, signal, sys, time, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, SENDER, letter, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
BODY, ATTACHED = "kanariebody7Qx", "kanariebijlage8Zw"
POLICIES = 25
SMIME, PGP, BOTH, AGREED, NONE = ("jan@klant.nl", "eva@klant.nl", "beide@klant.nl", "kees@ander.nl", "niets@ander.nl")
EVERYBODY = (SMIME, PGP, BOTH, AGREED, NONE)
LADDER = ("smime", "pgp", "zip-attachments", "zip", "clear")
PATTERNS = (*EVERYBODY, "klant.nl", "ander.nl", "*")
FORM = {"smime": "application/pkcs7-mime", "pgp": "multipart/encrypted"}


def methods(dice):
    chosen = [m for m in dice.sample(LADDER[:4], dice.randint(1, 3))]
    if "zip-attachments" in chosen and "zip" in chosen:
        chosen.remove("zip")
    return chosen + (["clear"] if dice.random() < 0.2 else [])


def quoted(words):
    return "[" + ", ".join('"%s"' % w for w in words) + "]"


def policy(dice):
    """protect, sections: as Office.configure takes them."""
    protect = ["methods = " + quoted(methods(dice)), 'otherwise = "%s"' % dice.choice(["refuse", "refuse", "hold"])]
    if dice.random() < 0.3:
        protect.append('tags = [{ subject = "[veilig]", methods = %s }]' % quoted(methods(dice)))
    if dice.random() < 0.3:
        protect.append("hide_subject = true")
    rules = ""
    for to in dice.sample(PATTERNS, dice.randint(0, 4)):
        rules += '[[protect.rule]]\nto = ["%s"]\n' % to
        if dice.random() < 0.8:
            rules += "methods = %s\n" % quoted(methods(dice))
        rules += 'password = "%s"\notherwise = "%s"\n' % (dice.choice(["per-message", "agreed"]), dice.choice(["refuse", "hold"]))
    return "\n".join(protect), rules + '[zip]\npassword = "%s"' % dice.choice(["per-message", "agreed"])


class ExplainAndWhatLeaves(unittest.TestCase):
    def setUp(self):
        self.office = office = Office(BIN)
        self.addCleanup(office.__exit__)
        office.make_ca()
        files = [office.make_certificate(a, days="90")[1] for a in (SMIME, BOTH)] + [office.make_pgp_key(a) for a in (PGP, BOTH)]
        with open(office.allowlist, "a") as f:
            f.write("ander.nl\n")
        office.configure()
        office.zegel("key", "import", *files)
        office.zegel("password", "set", AGREED, stdin=b"correct-horse-battery-staple-thirty-one\n")
        office.start()

    def reload(self):
        before = len(self.office.log_lines("reloaded"))
        self.office.daemon.child.send_signal(signal.SIGHUP)
        wait_until("the reload", lambda: len(self.office.log_lines("reloaded")) > before)

    def explain(self, message, to):
        with open(self.office.folder + "/m.eml", "wb") as f:
            f.write(message.as_bytes())
        done = self.office.zegel("explain", "--from", SENDER, "--to", ",".join(to), "--file", self.office.folder + "/m.eml", "--json")
        return {one["to"]: one for one in json.loads(done.stdout)}

    def sealed_line(self, reference, to):
        [line] = wait_until("the log", lambda: [l for l in self.office.log_lines("sealed") if " id=%s to=%s " % (reference, to) in l])
        return dict(word.split("=", 1) for word in line.split())

    def leaves_as_said(self, said, mail, line):
        method = said["method"]
        self.assertEqual(line["method"], "clear" if said["nothing_to_lock"] else method)
        self.assertTrue(set(said["keys"]) <= set(filter(None, line.get("key", "").split(","))))
        self.assertEqual(line["rule"], said["rule"])
        self.assertEqual(mail.parsed.get_content_type(), FORM.get(method, mail.parsed.get_content_type()))
        octets = mail.raw + b"".join(p.get_payload(decode=True) or b"" for p in mail.parsed.walk() if not p.is_multipart())
        if method != "clear":
            self.assertNotIn(ATTACHED.encode(), octets)
        if method not in ("clear", "zip-attachments"):
            self.assertNotIn(BODY.encode(), octets)

    def one(self, dice):
        to = dice.sample(EVERYBODY, dice.randint(1, 3))
        attachments = [("a.pdf", ATTACHED.encode() * 3)] if dice.random() < 0.7 else []
        message = letter(to, subject=dice.choice(["Dossier", "Dossier [Veilig]"]), body=BODY, attachments=attachments)
        said = self.explain(message, to)
        self.assertEqual(list(said), to)
        before = len(self.office.hop.mails())
        _, (code, text) = self.office.send(message, to)
        outcomes = {one["outcome"] for one in said.values()}
        expected = "refuse" if "refuse" in outcomes else "hold" if "hold" in outcomes else "send"
        got = "refuse" if code == 550 and text.startswith("5.7.5") else "hold" if "held for" in text else "send" if "queued" in text else text
        self.assertEqual(got, expected, (said, code, text))
        if expected != "send":
            self.assertEqual(len(self.office.hop.mails()), before)
            return expected
        arrived = wait_until("all copies", lambda: (lambda new: new if sorted(a for m in new for a in m.envelope["to"]) == sorted(to) else None)(
            self.office.hop.mails()[before:]))
        for address in to:
            [mail] = [m for m in arrived if m.to(address)]
            self.leaves_as_said(said[address], mail, self.sealed_line(text.split()[1], address))
        return "+".join(sorted({said[a]["method"] for a in to}))

    def test_they_agree(self):
        seen = set()
        for number in range(POLICIES):
            dice = random.Random(number)
            protect, sections = policy(dice)
            self.office.configure(protect=protect, sections=sections)
            self.reload()
            for _ in range(2):
                with self.subTest(policy=number, protect=protect, sections=sections):
                    seen.add(self.one(dice))
        for kind in ("refuse", "hold", "smime", "pgp", "zip", "clear"):  # chance met all of them
            self.assertTrue(any(kind in s for s in seen), (kind, seen))


class ExplainTheCheck(unittest.TestCase):
    def explain(self, on_typo, to="jan@gmial.com", sender=SENDER):
        office = Office(BIN)
        self.addCleanup(office.__exit__)
        office.configure(recipients='on_typo = "%s"' % on_typo)
        words = ["explain", "--from", sender, "--to", to]
        done = office.zegel(*words, "--json", check=False)
        return json.loads(done.stdout)[0], office.zegel(*words, check=False).stdout.decode(), done.returncode

    def test_a_typo_has_the_outcome_that_the_config_says(self):
        for on_typo, outcome in (("confirm", "confirm"), ("refuse", "refuse"), ("hold", "hold"), ("warn", "send")):
            one, printed, code = self.explain(on_typo)
            self.assertEqual((one["outcome"], one["check"]["verdict"], one["check"]["suggestion"], code), (outcome, "near-miss", "jan@gmail.com", 0))
            self.assertEqual("550 5.1.2 <jan@gmial.com>: did you mean jan@gmail.com?" in one.get("say", ""), outcome in ("confirm", "refuse"))
            self.assertEqual("leaves " in printed, outcome in ("confirm", "send"), printed)

    def test_a_typo_that_has_no_way_to_be_sealed_is_refused_whatever_is_confirmed(self):
        office = Office(BIN)
        self.addCleanup(office.__exit__)
        office.configure(protect='methods = ["smime"]')
        [one] = json.loads(office.zegel("explain", "--from", SENDER, "--to", "jan@gmial.com", "--json").stdout)
        self.assertEqual((one["outcome"], one["check"]["action"]), ("refuse", "confirm"))

    def test_what_stays_readable_is_called_so(self):
        office = Office(BIN)
        self.addCleanup(office.__exit__)
        office.configure()
        with open(office.folder + "/m.eml", "wb") as f:
            f.write(letter(["jan@klant.nl"], body="no attachment").as_bytes())
        words = ["explain", "--from", SENDER, "--to", "jan@klant.nl", "--file", office.folder + "/m.eml"]
        self.assertIn("leaves   readable", office.zegel(*words).stdout.decode())

    def test_a_message_that_nobody_gets_is_told_in_json_too(self):
        one, printed, code = self.explain("confirm", sender="x@buiten.nl")
        self.assertEqual((one["outcome"], one["to"], code, printed), ("refuse", "jan@gmial.com", 65, ""))
        self.assertTrue(one["say"].startswith("550 5.7.1 <x@buiten.nl>"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
