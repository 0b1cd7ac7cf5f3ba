"""Zips from SMTP in to opened zip out: every way to a password, what goes wrong on each, and the names that people give files."""
import base64, json, os, re, signal, sys, tempfile, time, unittest, zipfile

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, SENDER, find_canaries, files_below, letter, run, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
PASSPHRASE = r"\b[a-z]+(?:-[a-z]+){5}\b"
AGREED = "correct-horse-battery-staple-thirty-one"
VECTORS = os.path.join(os.path.dirname(__file__), "../seal/vectors")
ATTACHED = b"%PDF-1.4 Kanarie-Bijlage-4711"


class Zip(unittest.TestCase):
    def setUp(self):
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)

    def configure(self, zip, protect='methods = ["zip-attachments"]', **more):
        self.office.configure(protect=protect, sections="[zip]\n" + zip, **more)

    def program(self, body):
        path = self.office.folder + "/sms.sh"
        with open(path, "w") as f:
            f.write("#!/bin/sh\n" + body)
        os.chmod(path, 0o755)
        return path

    def send(self, *to, attachments=(("ontslag.pdf", ATTACHED),)):
        """The reference, and what was answered."""
        refused, (code, text) = self.office.send(letter(to, attachments=attachments), to)
        self.assertEqual(refused, {})
        return code, text, text.split()[1]

    def accepted(self, *to, **more):
        code, text, reference = self.send(*to, **more)
        self.assertEqual(code, 250, text)
        self.assertTrue(text.endswith("queued"), text)
        return reference

    def opened(self, raw, password):
        """{name: octets} of the zip, opened by 7-Zip twice; a wrong password opens nothing."""
        [zip] = [p.get_payload(decode=True) for p in raw.parsed.walk() if p.get_content_type() == "application/zip"]
        with tempfile.TemporaryDirectory() as folder:
            path = folder + "/outer.zip"
            with open(path, "wb") as f:
                f.write(zip)
            self.assertNotEqual(run("7zz", "t", "-y", "-pwrong", path, check=False).returncode, 0)
            run("7zz", "x", "-y", "-p" + password, "-o" + folder + "/one", path)
            [inner] = os.listdir(folder + "/one")
            run("7zz", "x", "-y", "-o" + folder + "/two", folder + "/one/" + inner)
            found = {}
            for each in os.listdir(folder + "/two"):
                with open(folder + "/two/" + each, "rb") as f:
                    found[each] = f.read()
            return found

    def shows_nowhere(self, password):
        office = self.office
        wait_until("the log", lambda: office.log_lines("sent"))
        self.assertEqual(find_canaries([password], [office.logs, *files_below(office.state), *files_below(office.hop.dir)]), [])


class PerMessage(Zip):
    def test_each_recipient_gets_a_password_of_his_own_and_the_sender_hears_them(self):
        office = self.office
        self.configure('password = "per-message"')
        office.start()
        both = ["jan@klant.nl", "eva@klant.nl"]
        reference = self.accepted(*both)
        mails, notices = office.hop.wait(2), office.home.wait(2)
        passwords = {}
        for notice in notices:
            self.assertEqual(notice.envelope["to"], [SENDER])
            text = notice.parsed.get_content()
            [password] = re.findall(PASSPHRASE, text)
            [to] = [each for each in both if each in text]
            passwords[to] = password
            self.assertIn(password.replace("-", ", "), text)  # the line to say on the phone
            self.assertIn(reference, text)
            for word in ("ontslag", "Dossier"):
                self.assertNotIn(word.encode(), notice.raw)
        self.assertNotEqual(*passwords.values())
        for to in both:
            [mail] = [m for m in mails if m.to(to)]
            self.assertEqual(self.opened(mail, passwords[to])["ontslag.pdf"], ATTACHED)
            self.shows_nowhere(passwords[to])
        shown = json.loads(office.zegel("password", "show", reference, "--json").stdout)
        self.assertEqual({one["recipient"]: one["password"] for one in shown}, passwords)
        wait_until("the log", lambda: office.log_lines("password-shown"))

    def test_it_is_gone_when_its_time_is_over(self):
        office = self.office
        office.configure(protect='methods = ["zip-attachments"]', sections='[retention]\npasswords = "1s"')
        office.start()
        reference = self.accepted("jan@klant.nl")
        wait_until("it to be forgotten", lambda: office.zegel("password", "show", reference, check=False).returncode == 66)

    def test_the_daemon_leaves_no_core_file(self):
        self.configure("")
        self.office.start()
        with open("/proc/%d/limits" % self.office.daemon.child.pid) as f:
            [line] = [l for l in f if l.startswith("Max core file size")]
        self.assertEqual(line.split()[4:6], ["0", "0"])


class AgreedWith(Zip):
    def agree(self, whom):
        self.office.zegel("password", "set", whom, stdin=AGREED.encode() + b"\n")

    def test_an_address_or_a_domain(self):
        office = self.office
        self.configure('password = "agreed"')
        self.agree("klant.nl")
        office.zegel("password", "set", "jan@klant.nl", stdin=AGREED.upper().encode() + b"\n")
        office.start()
        self.accepted("jan@klant.nl", "eva@klant.nl")
        mails = office.hop.wait(2)
        for to, password in (("jan@klant.nl", AGREED.upper()), ("eva@klant.nl", AGREED)):
            [mail] = [m for m in mails if m.to(to)]
            self.assertEqual(self.opened(mail, password)["ontslag.pdf"], ATTACHED)
            self.shows_nowhere(password)
        self.assertEqual(office.home.mails(), [])

    def test_one_that_is_too_old_is_used_no_more(self):
        office = self.office
        self.configure('password = "agreed"\nagreed_for = "2s"\nremind = "1s"')
        self.agree("klant.nl")
        office.start()
        explain = lambda: json.loads(office.zegel("explain", "--from", SENDER, "--to", "jan@klant.nl", "--json").stdout)[0]
        wait_until("it to be too old", lambda: explain()["outcome"] == "refuse")
        time.sleep(1)  # explain is told whole seconds
        code, text, _ = self.send("jan@klant.nl")
        self.assertEqual(code, 550)
        self.assertIn("the agreed password is too old: agree on a new one", text)
        self.assertIn("too old", office.zegel("password", "list").stdout.decode())
        self.assertEqual(office.hop.mails(), [])

    def test_one_that_soon_will_be_is_used_and_its_sender_reminded_once(self):
        office = self.office
        self.configure('password = "agreed"\nagreed_for = "365d"\nremind = "364d"')
        self.agree("klant.nl")
        office.start()
        self.accepted("jan@klant.nl")
        self.assertEqual(office.zegel("password", "list", "--json").returncode, 0)
        office.hop.wait(1)
        self.assertEqual(office.home.mails(), [])
        office.daemon.stop()
        self.configure('password = "agreed"\nagreed_for = "365d"\nremind = "31535999s"')  # from a second after it was agreed on
        office.start_daemon()
        wait_until("the second to be over", lambda: b"the password agreed with klant.nl may be used until " in office.zegel("check", check=False).stdout)
        time.sleep(1)  # check counts in whole seconds, the daemon in milliseconds
        self.accepted("jan@klant.nl")
        self.accepted("eva@klant.nl")
        mails = office.hop.wait(3)
        self.assertEqual(self.opened(mails[-1], AGREED)["ontslag.pdf"], ATTACHED)
        [notice] = office.home.wait(1)
        self.assertIn("The password agreed with klant.nl can be used until", notice.parsed.get_content())
        self.assertNotIn(AGREED, notice.raw.decode())
        wait_until("the log", lambda: office.log_lines("reminder"))
        wait_until("all to be sent", lambda: len(office.log_lines("sent")) >= 4)
        self.assertEqual(len(office.log_lines("reminder")), 1)
        self.assertEqual(len(office.home.mails()), 1)


class ByCommand(Zip):
    def test_it_gets_the_password_on_its_input_and_nowhere_else(self):
        office = self.office
        out = office.folder + "/sms"
        program = self.program("(echo \"$1 $2 $#\"; cat; tr '\\0' ' ' < /proc/$$/cmdline; echo; tr '\\0' ' ' < /proc/$$/environ) > %s\n" % out)
        self.configure('password = "command"\ncommand = "%s"' % program)
        office.start()
        reference = self.accepted("jan@klant.nl")
        [mail] = office.hop.wait(1)
        with open(out) as f:
            words, password, argv, environment = f.read().split("\n")
        self.assertEqual(words, "jan@klant.nl %s 2" % reference)
        self.assertRegex(password, "^%s$" % PASSPHRASE)
        self.assertNotIn(password, argv + environment)
        self.assertEqual(self.opened(mail, password)["ontslag.pdf"], ATTACHED)
        self.shows_nowhere(password)
        self.assertEqual(office.home.mails(), [])  # the sender has nothing to do

    def held_by(self, body, limit="60s"):
        """Sends one message, which must be held; then the gateway is mended and the message released."""
        office = self.office
        up = office.folder + "/up"
        program = self.program("if [ -e %s ]; then cat > %s/sms; exit 0; fi\n%s" % (up, office.folder, body))
        self.configure('password = "command"\ncommand = "%s"\ncommand_time = "%s"' % (program, limit))
        office.start()
        code, text, reference = self.send("jan@klant.nl")
        self.assertEqual((code, text), (250, "2.0.0 %s held for confirmation" % reference))
        [notice] = office.home.wait(1)
        self.assertIn("has NOT been sent yet", notice.parsed.get_content())
        self.assertNotRegex(notice.parsed.get_content(), PASSPHRASE)
        self.assertEqual(office.hop.mails(), [])
        [held] = json.loads(office.zegel("held", "--json").stdout)
        self.assertEqual(held["id"], reference)
        with open(up, "w"):
            pass
        office.zegel("held", "release", reference)
        [mail] = office.hop.wait(1)
        with open(office.folder + "/sms") as f:
            self.assertEqual(self.opened(mail, f.read().strip())["ontslag.pdf"], ATTACHED)
        return held["why"]

    def test_one_that_fails_holds_the_message_and_loses_nothing(self):
        self.assertIn("ended with 3", self.held_by("exit 3\n"))

    def test_one_that_hangs_holds_the_message_and_is_killed_with_its_children(self):
        children = self.office.folder + "/children"
        why = self.held_by("sleep 600 & echo $! $$ > %s; wait\n" % children, limit="1s")
        self.assertIn("not done within 1 seconds", why)
        with open(children) as f:
            for pid in f.read().split():
                wait_until("the end of process " + pid, lambda: not os.path.exists("/proc/" + pid) or state_of(pid) == "Z")


def state_of(pid):
    try:
        with open("/proc/%s/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return "Z"


class Beside(Zip):
    def locked_pdf(self):
        with open(VECTORS + "/aes256.pdf", "rb") as f:
            return f.read()

    def test_what_is_locked_already_goes_beside_the_zip_for_whom_a_rule_says_so(self):
        office = self.office
        pdf = self.locked_pdf()
        office.configure(protect='methods = ["zip-attachments"]',
                         sections='[zip]\npassword = "agreed"\n[[protect.rule]]\nto = ["eva@klant.nl"]\nlocked = "beside"')
        office.zegel("password", "set", "klant.nl", stdin=AGREED.encode() + b"\n")
        office.start()
        self.accepted("jan@klant.nl", "eva@klant.nl", attachments=[("ontslag.pdf", ATTACHED), ("dicht.pdf", pdf)])
        mails = office.hop.wait(2)
        [jan] = [m for m in mails if m.to("jan@klant.nl")]
        [eva] = [m for m in mails if m.to("eva@klant.nl")]
        names = lambda mail: [p.get_filename() for p in mail.parsed.walk() if p.get_filename()]
        self.assertEqual(names(jan), ["bijlagen.zip"])
        self.assertEqual(names(eva), ["bijlagen.zip", "dicht.pdf"])
        self.assertEqual([p.get_payload(decode=True) for p in eva.parsed.walk() if p.get_filename() == "dicht.pdf"], [pdf])
        self.assertEqual(self.opened(jan, AGREED)["dicht.pdf"], pdf)
        self.assertNotIn("dicht.pdf", self.opened(eva, AGREED))
        self.assertIn("los bijgevoegd", eva.parsed.get_body(("plain",)).get_content() + str(eva.parsed))

    def test_nothing_pretends_to_be_protected_when_all_of_it_is(self):
        office = self.office
        self.configure('locked = "beside"')
        office.start()
        reference = self.accepted("jan@klant.nl", attachments=[("dicht.pdf", self.locked_pdf())])
        [mail] = office.hop.wait(1)
        self.assertEqual([p.get_filename() for p in mail.parsed.walk() if p.get_filename()], ["dicht.pdf"])
        self.assertNotIn(b"zip", mail.raw.lower())
        [line] = wait_until("the log", lambda: office.log_lines("sealed"))
        self.assertIn("method=clear", line)
        self.assertEqual(office.home.mails(), [])


class Covers(Zip):
    def test_the_office_s_own_words_are_used_and_checked(self):
        office = self.office
        os.mkdir(office.folder + "/covers")
        own = office.folder + "/covers/zip-attachments.nl.txt"
        with open(own, "w") as f:
            f.write("Open {zip} en bel {phone}.\nKenmerk {refrence}.\n")
        self.configure('covers = "covers"')
        check = office.zegel("check", check=False)
        self.assertEqual(check.returncode, 78)
        self.assertIn("%s:2:9: unknown placeholder {refrence}; " % own, check.stdout.decode())
        with self.assertRaises(RuntimeError) as broken:
            office.start()
        self.assertIn("zip-attachments.nl.txt:2:9", str(broken.exception))
        with open(own, "w") as f:
            f.write("Open {zip} en bel {phone}.\nKenmerk {reference}.\n")
        office.start_daemon()
        reference = self.accepted("jan@klant.nl")
        [mail] = office.hop.wait(1)
        self.assertIn(b"\r\nOpen bijlagen.zip en bel +31 20 123 45 67.\r\nKenmerk %s.\r\n" % reference.encode(), mail.raw)

    def test_a_broken_one_leaves_the_old_in_force_at_a_reload(self):
        office = self.office
        os.mkdir(office.folder + "/covers")
        self.configure('covers = "covers"')
        office.start()
        with open(office.folder + "/covers/zip.nl.txt", "w") as f:
            f.write("Bel {telefoon}\n")
        office.daemon.child.send_signal(signal.SIGHUP)
        [line] = wait_until("the log", lambda: office.log_lines("reload-refused"))
        self.assertIn("zip.nl.txt:1:5: unknown placeholder {telefoon}", line)
        self.accepted("jan@klant.nl")
        office.hop.wait(1)


class Documentation(Zip):
    def test_its_snippets_load(self):
        office = self.office
        with open(os.path.join(os.path.dirname(__file__), "../../docs/recipients.md")) as f:
            snippets = re.findall(r"^```toml\n(.*?)^```", f.read(), re.S | re.M)
        self.assertEqual(len(snippets), 2)
        os.mkdir(office.folder + "/covers")
        for snippet in snippets:
            office.configure(sections=snippet)
            office.zegel("explain", "--from", SENDER, "--to", "jan@klant.nl")


class Names(Zip):
    """As people send them, and what must not come of it."""
    SENT = [
        "filename*=utf-8''dossier%20%C3%A9.pdf",
        "filename*0*=utf-8''heel%20; filename*1=lange; filename*2=\" naam.pdf\"",
        "filename=\"=?utf-8?B?%s?=\"" % base64.b64encode("offerte 🙂.docx".encode()).decode(),
        "filename=\"../../../x\"",
        "filename=\"..\\\\..\\\\autoexec.bat\"",
        "filename=CON",
        "filename=\"lpt1.txt\"",
        "filename*=utf-8''factuur%E2%80%AEfdp.exe",
        "filename=\"twee.txt\"",
        "filename=\"Twee.TXT\"",
        "".join("filename*%d=%s; " % (i, "n" * 64) for i in range(64)).rstrip("; "),
        None,
        "filename=\"wat: een? <naam>|*.txt. \"",
    ]
    WINDOWS_FORBIDS = re.compile(r'[\x00-\x1f<>:"/\\|?*]|[. ]$|^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)', re.I)

    def message(self):
        parts = ["Content-Type: text/plain\r\n\r\nZie de bijlagen.\r\n"]
        for number, name in enumerate(self.SENT):
            disposition = "attachment" + ("" if name is None else ";\r\n " + name.replace("; ", ";\r\n "))
            parts.append("Content-Type: application/octet-stream\r\nContent-Disposition: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n"
                         % (disposition, base64.b64encode(b"bestand %d" % number).decode()))
        return ("From: %s\r\nTo: jan@klant.nl\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" % SENDER
                + "".join("--b\r\n" + part for part in parts) + "--b--\r\n").encode()

    def test_they_are_extracted_safely_and_readably_everywhere(self):
        office = self.office
        self.configure('password = "agreed"')
        office.zegel("password", "set", "klant.nl", stdin=AGREED.encode() + b"\n")
        office.start()
        _, (code, text) = office.send(self.message(), ["jan@klant.nl"])
        self.assertEqual(code, 250, text)
        [mail] = office.hop.wait(1)
        [outer] = [p.get_payload(decode=True) for p in mail.parsed.walk() if p.get_content_type() == "application/zip"]
        path = office.folder + "/outer.zip"
        with open(path, "wb") as f:
            f.write(outer)
        for words in (["7zz", "x", "-y", "-p" + AGREED, "-o"], ["bsdtar", "-x", "--passphrase", AGREED, "-C", "-f"]):
            folder = tempfile.mkdtemp(dir=office.folder)
            into = ["%s%s" % (words[-1], folder), path] if words[-1] == "-o" else [folder, "-f", path]
            run(*words[:-1], *into)
            inner = folder + "/bijlagen-inhoud.zip"
            names = self.read_by_all(inner)
            self.judge(names)

    def read_by_all(self, inner):
        """{name: octets}, the same by Python, 7-Zip and bsdtar; and nothing outside the folder."""
        with zipfile.ZipFile(inner) as zip:
            self.assertIsNone(zip.testzip())
            by_python = {i.filename: zip.read(i) for i in zip.infolist()}
        for words in (["7zz", "x", "-y", "-o%s", inner], ["bsdtar", "-x", "-C", "%s", "-f", inner]):
            folder = tempfile.mkdtemp(dir=self.office.folder)
            run(*[w.replace("%s", folder + "/out") for w in words] if words[0] == "7zz" else [w.replace("%s", folder) for w in words],
                env={**os.environ, "LC_ALL": "C.UTF-8"})
            found = {os.path.basename(p): open(p, "rb").read() for p in files_below(folder)}
            self.assertEqual(found, by_python, words[0])
        return by_python

    def judge(self, names):
        del names["opvulling.bin"]
        self.assertEqual(sorted(names.values()), sorted(b"bestand %d" % n for n in range(len(self.SENT))))
        for name in names:
            self.assertIsNone(self.WINDOWS_FORBIDS.search(name), name)
            self.assertLessEqual(len(name.encode()), 120)
            self.assertNotRegex(name, "[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
        self.assertEqual(len({name.casefold() for name in names}), len(self.SENT))
        for name in ("dossier é.pdf", "heel lange naam.pdf", "offerte 🙂.docx", "x", "autoexec.bat", "twee.txt"):
            self.assertIn(name, names)
        self.assertEqual(names["dossier é.pdf"], b"bestand 0")


class Archives(Zip):
    def test_bombs_and_encrypted_archives_are_packed_as_they_are(self):
        office = self.office
        folder = office.folder
        with open(folder + "/nul", "wb") as f:
            f.truncate(200 << 20)
        run("7zz", "a", "-tzip", "-mx1", folder + "/bom.zip", folder + "/nul")
        run("7zz", "a", "-pgeheim", "-mhe=on", folder + "/dicht.7z", office.allowlist)
        sent = []
        for name in ("bom.zip", "dicht.7z"):
            with open(folder + "/" + name, "rb") as f:
                sent.append((name, f.read()))
        self.configure('password = "agreed"')
        office.zegel("password", "set", "klant.nl", stdin=AGREED.encode() + b"\n")
        office.start()
        self.accepted("jan@klant.nl", attachments=sent)
        [mail] = office.hop.wait(1)
        self.assertLess(len(mail.raw), 4 << 20)
        found = self.opened(mail, AGREED)
        for name, octets in sent:
            self.assertEqual(found[name], octets)


if __name__ == "__main__":
    unittest.main()
