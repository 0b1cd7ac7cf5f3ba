"""One message's whole journey, for each way of sealing: a real client, the real daemon, a real next hop; opened at the end
with the recipients' own tools. No word of the original shows anywhere but in what the recipient opened."""
import email, email.policy, io, json, os, re, signal, smtplib, subprocess, sys, tempfile, time, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, SENDER, find_canaries, files_below, letter, run, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
BODY, ATTACHED, NAME = "kanariebody7Qx", "kanariebijlage8Zw", "kanarienaam9Kp"
CANARIES = (BODY, ATTACHED, NAME)


def dossier(to, **more):
    return letter(to, "Your dossier", "Dear client,\n\n%s\n" % BODY,
                  [(NAME + ".pdf", b"%PDF-1.4 " + ATTACHED.encode() + b" " + os.urandom(200))], **more)


def leaves(entity):
    """(file name, content) of every leaf of an opened message."""
    return [(p.get_filename(), p.get_payload(decode=True) or b"") for p in email.message_from_bytes(entity, policy=email.policy.SMTP).walk()
            if not p.is_multipart()]


def content_of(path):
    with open(path, "rb") as f:
        return f.read()


class Journey(unittest.TestCase):
    def setUp(self):
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)

    def nothing_shows(self, words=CANARIES, but=()):
        """In no mail that left, no notice, no log line, no file of the store."""
        office = self.office
        paths = [p for p in [office.logs, *files_below(office.state), *files_below(office.hop.dir), *files_below(office.home.dir)]
                 if p not in but and os.path.exists(p)]
        self.assertGreater(len(paths), 1)
        self.assertEqual(find_canaries(words, paths), [])

    def opens_whole(self, entity):
        found = leaves(entity)
        self.assertTrue(any(BODY.encode() in content for _, content in found), found)
        self.assertTrue(any(name == NAME + ".pdf" and ATTACHED.encode() in content for name, content in found), found)

    def accepted(self, refused, reply):
        self.assertEqual(refused, {})
        self.assertRegex("%d %s" % reply, r"^250 2\.0\.0 [0-9A-Z]{10} queued$")
        return reply[1].split()[1]

    def test_smime_reaches_the_recipient_sealed(self):
        office = self.office
        office.make_ca()
        key, certificate = office.make_certificate("jan@klant.nl")
        office.configure()
        office.zegel("key", "import", certificate)
        office.start()
        reference = self.accepted(*office.send(dossier(["jan@klant.nl"]), ["jan@klant.nl"]))
        [mail] = office.hop.wait(1)
        self.assertEqual(mail.parsed.get_content_type(), "application/pkcs7-mime")
        self.assertEqual(mail.parsed.get_param("smime-type"), "enveloped-data")
        self.assertEqual(mail.parsed["Subject"], "Your dossier")
        self.assertEqual(mail.envelope["from"], SENDER)
        opened = run("openssl", "cms", "-decrypt", "-recip", certificate, "-inkey", key, stdin=mail.raw).stdout
        self.opens_whole(opened)
        wait_until("the log", lambda: office.log_lines("sent"))
        fingerprint = run("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256").stdout.decode().split("=")[1].strip().replace(":", "")
        for event, fields in (("received", r"client=127\.0\.0\.1 from=piet@kantoor\.nl recipients=1 size=\d+ tls=none"),
                              ("sealed", r"to=jan@klant\.nl method=smime rule=default key=%s size=\d+" % fingerprint),
                              ("sent", r'to=jan@klant\.nl method=smime relay=127\.0\.0\.1:%d tls=none reply="250 2\.0\.0 kept as 1\.eml" delay=\d+\.\d' % office.hop.port)):
            self.assertRegex(office.log_lines(event)[0], "^event=%s id=%s %s$" % (event, reference, fields))
        self.nothing_shows()

    def test_pgp_reaches_the_recipient_sealed(self):
        office = self.office
        public = office.make_pgp_key("eva@klant.nl")
        office.configure()
        office.zegel("key", "import", public)
        office.start()
        self.accepted(*office.send(dossier(["eva@klant.nl"]), ["eva@klant.nl"]))
        [mail] = office.hop.wait(1)
        self.assertEqual(mail.parsed.get_content_type(), "multipart/encrypted")
        self.assertEqual(mail.parsed.get_param("protocol"), "application/pgp-encrypted")
        control, body = mail.parsed.get_payload()
        self.assertEqual(control.get_payload(decode=True).strip(), b"Version: 1")
        self.opens_whole(office.gpg("--decrypt", stdin=body.get_payload(decode=True)).stdout)
        self.nothing_shows()

    def test_zip_locks_the_attachments_and_tells_the_sender_the_password(self):
        office = self.office
        office.configure()
        office.start()
        reference = self.accepted(*office.send(dossier(["kees@klant.nl"]), ["kees@klant.nl"]))
        [mail] = office.hop.wait(1)
        [notice] = office.home.wait(1)
        self.assertEqual(notice.envelope["to"], [SENDER])
        text = notice.parsed.get_content() if not notice.parsed.is_multipart() else notice.parsed.get_body(("plain",)).get_content()
        self.assertIn("kees@klant.nl", text)
        self.assertIn(reference, text)
        [password] = re.findall(r"\b[a-z]+(?:-[a-z]+){5}\b", text)
        self.assertNotIn(password.encode(), mail.raw)
        self.assertIn(BODY.encode(), mail.raw)  # zip-attachments: the body stays readable
        [(name, outer)] = [l for l in leaves(mail.raw) if l[0]]
        self.assertEqual(name, "bijlagen.zip")  # in the recipient's language, told by klant.nl
        inner_files = self.unzip(outer, password)
        self.assertTrue(any(n == NAME + ".pdf" and ATTACHED.encode() in c for n, c in inner_files), inner_files)
        shown = [office.logs, *files_below(office.state), *files_below(office.home.dir)]
        self.assertEqual(find_canaries(CANARIES, shown), [])
        self.assertEqual(find_canaries((ATTACHED, NAME), files_below(office.hop.dir)), [])
        self.assertEqual(find_canaries([password], [office.logs, *files_below(office.state), *files_below(office.hop.dir)]), [])
        self.assertIn(password, office.zegel("password", "show", reference).stdout.decode())

    def unzip(self, outer, password):
        with tempfile.TemporaryDirectory() as folder:
            with open(folder + "/outer.zip", "wb") as f:
                f.write(outer)
            self.assertNotEqual(run("7zz", "x", "-y", "-pwrong", "-o" + folder + "/no", folder + "/outer.zip", check=False).returncode, 0)
            run("7zz", "x", "-y", "-p" + password, "-o" + folder + "/one", folder + "/outer.zip")
            [inner] = os.listdir(folder + "/one")
            run("7zz", "x", "-y", "-o" + folder + "/two", folder + "/one/" + inner)
            return [(os.path.basename(p), content_of(p)) for p in files_below(folder + "/two")]

    def test_two_recipients_get_a_copy_each_that_does_not_name_the_other(self):
        office = self.office
        office.make_ca()
        key, certificate = office.make_certificate("jan@klant.nl")
        public = office.make_pgp_key("eva@klant.nl")
        office.configure()
        office.zegel("key", "import", certificate, public)
        office.start()
        both = ["jan@klant.nl", "eva@klant.nl"]
        self.accepted(*office.send(dossier(both), both))
        mails = office.hop.wait(2)
        [for_jan] = [m for m in mails if m.to("jan@klant.nl")]
        [for_eva] = [m for m in mails if m.to("eva@klant.nl")]
        self.assertFalse(for_jan.to("eva@klant.nl") or for_eva.to("jan@klant.nl"))
        self.opens_whole(run("openssl", "cms", "-decrypt", "-recip", certificate, "-inkey", key, stdin=for_jan.raw).stdout)
        self.opens_whole(office.gpg("--decrypt", stdin=for_eva.parsed.get_payload()[1].get_payload(decode=True)).stdout)
        p7m = for_jan.parsed.get_payload(decode=True)
        printed = run("openssl", "cms", "-cmsout", "-print", "-inform", "DER", stdin=p7m).stdout
        self.assertEqual(printed.count(b"d.ktri"), 1)
        packets = office.gpg("--list-packets", stdin=for_eva.parsed.get_payload()[1].get_payload(decode=True)).stdout
        self.assertEqual(packets.count(b":pubkey enc packet:"), 1)
        self.nothing_shows()

    def test_a_typo_is_refused_and_going_again_is_the_confirmation(self):
        office = self.office
        office.configure()
        office.start()
        refused, reply = office.send(dossier(["jan@gmial.com"]), ["jan@gmial.com"])
        code, text = refused["jan@gmial.com"]
        self.assertEqual(code, 550)
        self.assertRegex(text, r"^5\.1\.2 <jan@gmial\.com>: did you mean jan@gmail\.com\? If not, send it again within 30 minutes \[[0-9A-Z]{10}\]$")
        self.assertEqual(office.hop.mails(), [])
        refused, reply = office.send(dossier(["jan@gmial.com"]), ["jan@gmial.com"], sender="anna@kantoor.nl")
        self.assertIn("jan@gmial.com", refused)  # another sender has to confirm for himself
        self.accepted(*office.send(dossier(["jan@gmial.com"]), ["jan@gmial.com"]))
        self.assertTrue(office.hop.wait(1)[0].to("jan@gmial.com"))
        self.assertEqual(find_canaries(CANARIES, [office.logs, *files_below(office.state), *files_below(office.home.dir)]), [])
        self.assertEqual(find_canaries((ATTACHED, NAME), files_below(office.hop.dir)), [])  # a zip: the body stays readable
        line = wait_until("the log", lambda: office.log_lines("refused"))[0]
        self.assertRegex(line, r'^event=refused id=[0-9A-Z]{10} from=piet@kantoor\.nl to=jan@gmial\.com reason=typo suggestion=jan@gmail\.com reply="550 5\.1\.2"')
        reference = re.search(r" id=([0-9A-Z]{10}) ", line).group(1)
        self.assertIn("reason=typo", office.zegel("trace", reference).stdout.decode())

    def test_nothing_to_seal_with_is_refused_and_nothing_leaves(self):
        office = self.office
        office.configure(protect='methods = ["smime"]')
        office.start()
        refused, (code, text) = office.send(dossier(["jan@klant.nl"]), ["jan@klant.nl"])
        self.assertEqual(code, 550)
        self.assertRegex(text, r"^5\.7\.5 <jan@klant\.nl>: no way to seal for this recipient: .+ \[[0-9A-Z]{10}\]$")
        time.sleep(1)
        self.assertEqual(office.hop.mails() + office.home.mails(), [])
        self.nothing_shows()

    def test_one_recipient_without_a_way_refuses_the_whole_message(self):
        office = self.office
        office.make_ca()
        _, certificate = office.make_certificate("jan@klant.nl")
        office.configure(protect='methods = ["smime"]')
        office.zegel("key", "import", certificate)
        office.start()
        _, (code, text) = office.send(dossier(["jan@klant.nl", "eva@klant.nl"]), ["jan@klant.nl", "eva@klant.nl"])
        self.assertEqual(code, 550)
        self.assertIn("<eva@klant.nl>", text)
        time.sleep(1)
        self.assertEqual(office.hop.mails(), [])
        self.nothing_shows()

    def test_a_next_hop_that_was_down_gets_the_mail_when_it_is_up(self):
        office = self.office
        office.make_ca()
        key, certificate = office.make_certificate("jan@klant.nl")
        office.configure()
        office.zegel("key", "import", certificate)
        office.home.start()
        office.start_daemon()
        self.accepted(*office.send(dossier(["jan@klant.nl"]), ["jan@klant.nl"]))
        wait_until("a first attempt", lambda: office.log_lines("deferred"))
        self.assertIn("jan@klant.nl", office.zegel("queue", "list").stdout.decode())
        self.nothing_shows()
        office.hop.start()
        [mail] = office.hop.wait(1)
        self.opens_whole(run("openssl", "cms", "-decrypt", "-recip", certificate, "-inkey", key, stdin=mail.raw).stdout)
        wait_until("an empty queue", lambda: office.zegel("queue", "list").stdout == b"")
        self.nothing_shows()

    def test_what_got_a_250_survives_kill_9(self):
        office = self.office
        public = office.make_pgp_key("eva@klant.nl")
        office.configure()
        office.zegel("key", "import", public)
        office.home.start()
        office.start_daemon()
        self.accepted(*office.send(dossier(["eva@klant.nl"]), ["eva@klant.nl"]))
        office.daemon.stop(signal.SIGKILL)
        self.nothing_shows()
        office.hop.start()
        office.start_daemon()
        [mail] = office.hop.wait(1)
        self.opens_whole(office.gpg("--decrypt", stdin=mail.parsed.get_payload()[1].get_payload(decode=True)).stdout)
        self.nothing_shows()

    def test_a_rejection_by_the_next_hop_comes_back_as_a_bounce_without_content(self):
        office = self.office
        public = office.make_pgp_key("eva@klant.nl")
        office.configure(retry='["1s"]', extra="")
        with open(office.config) as f:
            config = f.read().replace('retry = ["1s"]', 'retry = ["1s"]\ngive_up = "2s"')
        with open(office.config, "w") as f:
            f.write(config)
        office.zegel("key", "import", public)
        office.home.start()
        office.start_daemon()
        self.accepted(*office.send(dossier(["eva@klant.nl"]), ["eva@klant.nl"]))
        [bounce] = office.home.wait(1, 60)
        self.assertEqual(bounce.parsed.get_content_type(), "multipart/report")
        self.assertEqual(bounce.envelope["from"], "")
        self.assertIn(b"eva@klant.nl", bounce.raw)
        self.assertNotIn(b"Your dossier", bounce.raw)
        self.nothing_shows()


class BadInput(unittest.TestCase):
    def setUp(self):
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)

    def test_a_broken_config_is_named_with_place_and_remedy(self):
        office = self.office
        office.configure(extra="soket = 1")
        for program in (["zegeld", "--config", office.config], ["zegel", "check", "--config", office.config]):
            done = run(office.bin + "/" + program[0], *program[1:], check=False)
            self.assertEqual(done.returncode, 78)
            said = (done.stdout + done.stderr).decode()
            self.assertRegex(said, r"zegel\.toml:\d+:\d+: .*soket.*socket")

    def test_a_missing_file_that_the_config_names_is_an_error(self):
        office = self.office
        office.configure()
        os.unlink(office.allowlist)
        done = run(office.bin + "/zegel", "check", "--config", office.config, check=False)
        self.assertEqual(done.returncode, 78)
        self.assertRegex((done.stdout + done.stderr).decode(), r"zegel\.toml:\d+:\d+: .*allowlist")

    def test_a_missing_key_file_and_a_file_that_is_no_key_are_named(self):
        office = self.office
        office.configure()
        done = office.zegel("key", "import", office.folder + "/nowhere.pem", check=False)
        self.assertEqual(done.returncode, 66)
        self.assertIn(b"nowhere.pem", done.stderr)
        with open(office.folder + "/junk.pem", "w") as f:
            f.write("this is no key\n")
        done = office.zegel("key", "import", office.folder + "/junk.pem", check=False)
        self.assertEqual(done.returncode, 65)
        self.assertIn(b"junk.pem", done.stdout + done.stderr)

    def test_a_truncated_message_is_refused_and_nothing_leaves(self):
        office = self.office
        office.configure(protect='methods = ["zip-attachments"]')
        office.start()
        whole = dossier(["jan@klant.nl"]).as_bytes(policy=email.policy.SMTP)
        cut = whole[:whole.rindex(b"\r\n--")]  # the closing delimiter is gone
        _, (code, text) = office.send(cut, ["jan@klant.nl"])
        self.assertRegex("%d %s" % (code, text), r"^55[04] 5\.\d\.\d .+ \[[0-9A-Z]{10}\]$")
        self.nothing_left()

    def nothing_left(self):
        office = self.office
        wait_until("the log", lambda: office.log_lines("refused"))
        self.assertEqual(json.loads(office.zegel("queue", "--json").stdout), [])
        self.assertEqual(office.hop.mails() + office.home.mails(), [])
        self.assertEqual(find_canaries(CANARIES, [office.logs, *files_below(office.state)]), [])

    def test_a_message_cut_off_by_the_line_is_not_there(self):
        office = self.office
        office.configure()
        office.start()
        whole = dossier(["jan@klant.nl"]).as_bytes(policy=email.policy.SMTP)
        client = office.smtp()
        client.ehlo()
        for command in ("MAIL FROM:<%s>" % SENDER, "RCPT TO:<jan@klant.nl>", "DATA"):
            client.docmd(command)
        client.send(whole[:len(whole) // 2])
        client.close()
        _, (code, text) = office.send(dossier(["jan@klant.nl"]), ["jan@klant.nl"])  # the gateway goes on
        self.assertEqual(code, 250, text)
        office.hop.wait(1)
        wait_until("delivery", lambda: json.loads(office.zegel("queue", "--json").stdout) == [])
        self.assertEqual((len(office.hop.mails()), len(office.log_lines("received"))), (1, 1))
        self.assertEqual(find_canaries(CANARIES, [office.logs, *files_below(office.state)]), [])

    def test_a_certificate_for_another_address_is_not_used(self):
        office = self.office
        office.make_ca()
        _, certificate = office.make_certificate("xjan@klant.nl")
        office.configure(protect='methods = ["smime"]')
        office.zegel("key", "import", certificate)
        office.start()
        _, (code, text) = office.send(dossier(["jan@klant.nl"]), ["jan@klant.nl"])
        self.assertRegex("%d %s" % (code, text), r"^550 5\.7\.5 <jan@klant\.nl>: no way to seal for this recipient: smime: no certificate")
        self.nothing_left()

    def test_a_stranger_may_not_send(self):
        office = self.office
        office.configure()
        office.start()
        with office.smtp() as client:
            client.ehlo()
            code, text = client.mail("mallory@elsewhere.example")
            self.assertEqual(code, 550)
            self.assertTrue(text.startswith(b"5.7.1"))
        _, (code, text) = office.send(dossier(["jan@klant.nl"], sender="mallory@elsewhere.example"), ["jan@klant.nl"])
        self.assertEqual(code, 550)
        self.assertTrue(text.startswith("5.7.1"))

    def test_sealing_without_the_daemon_writes_what_would_leave(self):
        office = self.office
        office.make_ca()
        key, certificate = office.make_certificate("jan@klant.nl")
        office.configure()
        office.zegel("key", "import", certificate)
        with open(office.folder + "/m.eml", "wb") as f:
            f.write(dossier(["jan@klant.nl"]).as_bytes(policy=email.policy.SMTP))
        office.zegel("seal", "--from", SENDER, "--to", "jan@klant.nl", "--file", office.folder + "/m.eml", "--out", office.folder + "/out")
        opened = run("openssl", "cms", "-decrypt", "-recip", certificate, "-inkey", key, "-in", office.folder + "/out/1.eml").stdout
        self.assertIn(BODY.encode(), opened)
        self.assertEqual(find_canaries(CANARIES, files_below(office.folder + "/out")), [])

    def test_what_would_leave_is_told_with_envelope_method_keys_and_passwords(self):
        office = self.office
        public = office.make_pgp_key("eva@klant.nl")
        office.configure()
        office.zegel("key", "import", public)
        [fingerprint] = [k["fingerprint"] for k in json.loads(office.zegel("key", "list", "--json").stdout)]
        with open(office.folder + "/m.eml", "wb") as f:
            f.write(dossier(["eva@klant.nl", "kees@klant.nl"]).as_bytes(policy=email.policy.SMTP))
        words = ["seal", "--from", SENDER, "--to", "eva@klant.nl,kees@klant.nl", "--file", office.folder + "/m.eml", "--out", office.folder + "/out"]
        printed = office.zegel(*words).stdout.decode()
        self.assertRegex(printed, r"\A1\.eml\teva@klant\.nl\tpgp\n2\.eml\tkees@klant\.nl\tzip-attachments\tpassword: [a-z]+(-[a-z]+){5}\n\Z")
        told = json.loads(office.zegel(*words, "--json").stdout)
        for number, to, method, keys in ((1, "eva@klant.nl", "pgp", [fingerprint]), (2, "kees@klant.nl", "zip-attachments", [])):
            facts = json.loads(content_of(office.folder + "/out/%d.json" % number))
            self.assertEqual({k: facts[k] for k in ("from", "to", "method", "keys")}, {"from": SENDER, "to": [to], "method": method, "keys": keys})
            self.assertNotIn("password", facts)
            self.assertEqual({**facts, **told[number - 1]}, told[number - 1])
        self.assertEqual(["password" in one for one in told], [False, True])

    def test_what_the_gateway_would_refuse_is_not_sealed(self):
        office = self.office
        office.configure(recipients='on_typo = "refuse"')
        with open(office.folder + "/m.eml", "wb") as f:
            f.write(dossier(["jan@gmial.com"]).as_bytes(policy=email.policy.SMTP))
        for sender, to, said in ((SENDER, "jan@gmial.com", b"550 5.1.2 <jan@gmial.com>: did you mean jan@gmail.com?"),
                                 ("x@buiten.nl", "jan@klant.nl", b"550 5.7.1 <x@buiten.nl>")):
            done = office.zegel("seal", "--from", sender, "--to", to, "--file", office.folder + "/m.eml", "--out", office.folder + "/out", check=False)
            self.assertEqual((done.returncode, done.stdout), (65, b""))
            self.assertIn(said, done.stderr)
            self.assertFalse(os.path.exists(office.folder + "/out/1.eml"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
