"""What an administrator does by hand: find out, erase, agree on passwords, teach addresses, look at the queue. With the
daemon and without it; exit codes and JSON as documented."""
import concurrent.futures, glob, json, os, re, shutil, signal, socket, ssl, subprocess, sys, threading, time, unittest

sys.path.insert(0, os.path.dirname(__file__))
from debian import library_path, unpacked
from office import Office, SENDER, find_canaries, files_below, letter, run, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
REF = r"^[0-9A-Z]{10}$"


class Admin(unittest.TestCase):
    def setUp(self):
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)

    def json(self, *words, **more):
        return json.loads(self.office.zegel(*words, "--json", **more).stdout)

    def exit(self, *words, **more):
        return self.office.zegel(*words, check=False, **more).returncode

    def send(self, to, **more):
        refused, reply = self.office.send(letter([to], attachments=[("a.pdf", b"%PDF-1.4 x")], **more), [to])
        self.assertEqual(refused, {})
        self.assertEqual(reply[0], 250, reply)
        return reply[1].split()[1]


class Trace(Admin):
    def test_it_gives_the_facts_of_an_incident_by_reference_and_by_message_id(self):
        office = self.office
        office.make_ca()
        _, certificate = office.make_certificate("jan@klant.nl")
        office.configure()
        office.zegel("key", "import", certificate)
        office.start()
        message = letter(["jan@klant.nl"])
        _, (_, text) = office.send(message, ["jan@klant.nl"])
        reference = text.split()[1]
        office.hop.wait(1)
        wait_until("the audit", lambda: "sent" in [r["event"] for r in self.json("trace", reference)])
        rows = {r["event"]: r for r in self.json("trace", reference)}
        fingerprint = self.json("key", "show", "jan@klant.nl")[0]["fingerprint"]
        self.assertEqual(rows["received"]["who"], SENDER)
        self.assertIn("client=127.0.0.1", rows["received"]["detail"])
        self.assertEqual(rows["sealed"]["recipient"], "jan@klant.nl")
        for fact in ("method=smime", fingerprint, "rule="):
            self.assertIn(fact, rows["sealed"]["detail"])
        for fact in ("relay=127.0.0.1:%d" % office.hop.port, "tls=none", "reply="):
            self.assertIn(fact, rows["sent"]["detail"])
        self.assertEqual(self.json("trace", message["Message-ID"]), self.json("trace", reference))
        self.assertEqual(self.json("trace", reference.lower()), self.json("trace", reference))
        self.assertEqual(self.exit("trace", "nobody@knows.this"), 66)


class Queue(Admin):
    def test_hold_retry_and_drop(self):
        office = self.office
        office.configure(retry='["1h"]')
        office.home.start()
        office.start_daemon()
        first, second = self.send("a@klant.nl"), self.send("b@klant.nl")
        wait_until("first attempts", lambda: len(office.log_lines("deferred")) >= 2)
        wait_until("the notices to go", lambda: not any(r["notice"] for r in self.json("queue")))
        rows = {r["id"]: r for r in self.json("queue", "list")}
        self.assertEqual(sorted(rows), sorted([first, second]))
        row = rows[first]
        self.assertEqual((row["to"], row["method"], row["on_hold"]), (["a@klant.nl"], "zip-attachments", False))
        self.assertIn("refused", row["last_reply"].lower())
        self.assertEqual([r["id"] for r in self.json("queue")], [r["id"] for r in self.json("queue", "list")])
        office.zegel("queue", "hold", first)
        self.assertTrue({r["id"]: r for r in self.json("queue")}[first]["on_hold"])
        office.hop.start()
        office.zegel("queue", "drop", second)
        self.assertIn("dropped", [r["event"] for r in self.json("trace", second)])
        office.daemon.stop()
        office.start_daemon()
        time.sleep(1)
        self.assertEqual(office.hop.mails(), [])  # on hold, whoever starts
        office.zegel("queue", "retry", first)
        [mail] = office.hop.wait(1)
        self.assertTrue(mail.to("a@klant.nl"))
        wait_until("an empty queue", lambda: self.json("queue") == [])
        for verb in ("retry", "hold", "drop"):
            self.assertEqual(self.exit("queue", verb, first), 66)


class Passwords(Admin):
    def test_an_agreed_one_is_set_used_explained_and_forgotten(self):
        office = self.office
        office.configure(protect='methods = ["zip-attachments"]', sections='[zip]\npassword = "agreed"')
        office.start()
        refused, (code, text) = office.send(letter(["jan@klant.nl"], attachments=[("a.pdf", b"x")]), ["jan@klant.nl"])
        self.assertEqual(code, 550)
        self.assertEqual(self.json("explain", "--from", SENDER, "--to", "jan@klant.nl")[0]["outcome"], "refuse")
        self.assertEqual(self.exit("password", "set", "jan@klant.nl", stdin=b"short\n"), 65)
        password = "correct-horse-battery-staple-thirty-one"
        office.zegel("password", "set", "jan@klant.nl", stdin=password.encode() + b"\n")
        self.assertEqual(self.json("explain", "--from", SENDER, "--to", "jan@klant.nl")[0]["outcome"], "send")
        self.send("jan@klant.nl")
        [mail] = office.hop.wait(1)
        self.assertEqual(self.unlock(mail.raw, password), 0)
        self.assertNotEqual(self.unlock(mail.raw, "wrong"), 0)
        self.assertEqual(find_canaries([password], [office.logs, *files_below(office.state)]), [])
        with open(office.folder + "/m.eml", "wb") as f:
            f.write(bytes(letter(["jan@klant.nl"], attachments=[("a.pdf", b"x")])))
        office.zegel("seal", "--from", SENDER, "--to", "jan@klant.nl", "--file", office.folder + "/m.eml", "--out", office.folder + "/out")
        with open(office.folder + "/out/1.eml", "rb") as f:
            self.assertEqual(self.unlock(f.read(), password), 0)
        office.zegel("password", "forget", "jan@klant.nl")
        self.assertEqual(self.exit("password", "forget", "jan@klant.nl"), 66)
        self.assertEqual(self.json("explain", "--from", SENDER, "--to", "jan@klant.nl")[0]["outcome"], "refuse")

    def unlock(self, raw, password):
        import email, email.policy
        [zip] = [p.get_payload(decode=True) for p in email.message_from_bytes(raw, policy=email.policy.SMTP).walk() if p.get_filename()]
        path = self.office.folder + "/got.zip"
        with open(path, "wb") as f:
            f.write(zip)
        return run("7zz", "t", "-y", "-p" + password, path, check=False).returncode

    def test_new_shows_a_passphrase_once(self):
        self.office.configure(sections='[zip]\npassword = "agreed"')
        shown = self.office.zegel("password", "new", "klant.nl").stdout.decode().strip()
        self.assertRegex(shown, r"^[a-z]+(-[a-z]+){5}$")
        self.assertEqual(find_canaries([shown], files_below(self.office.state)), [])
        self.assertEqual(self.exit("password", "new", "not an address"), 65)

    def test_a_message_s_own_is_shown_by_reference(self):
        office = self.office
        office.configure()
        office.start()
        reference = self.send("jan@klant.nl")
        [one] = self.json("password", "show", reference)
        self.assertEqual(self.json("password", "show", reference.lower()), [one])
        self.assertEqual(one["recipient"], "jan@klant.nl")
        self.assertRegex(one["password"], r"^[a-z]+(-[a-z]+){5}$")
        self.assertIn("password-shown", [r["event"] for r in self.json("trace", reference)])
        self.assertEqual(self.exit("password", "show", "ABCDEFGHJK"), 66)


class Allow(Admin):
    def test_add_check_learn_and_remove(self):
        office = self.office
        office.configure()
        for running in (False, True):
            if running:
                office.start()
            office.zegel("allow", "add", "advocaten.nl")
            self.assertIn({"entry": "advocaten.nl", "source": "learned"},
                          [{k: e[k] for k in ("entry", "source")} for e in self.json("allow")] if not running else
                          [{"entry": e["entry"], "source": "learned"} for e in self.json("allow", "list")])
            lines = office.zegel("allow", "check", "-", "x@klant.nl", stdin=b"a@advocaten.nl\na@advocatne.nl\nq@zzzqqq.example\n").stdout.decode().splitlines()
            self.assertEqual([l.split("\t")[:3] for l in lines],
                             [["a@advocaten.nl", "known", ""], ["a@advocatne.nl", "near-miss", "a@advocaten.nl"],
                              ["q@zzzqqq.example", "unknown", ""], ["x@klant.nl", "known", ""]])
            self.assertTrue(all(len(l.split("\t")) == 4 for l in lines))
            [as_json] = self.json("allow", "check", "a@advocatne.nl")
            self.assertEqual((as_json["verdict"], as_json["suggestion"]), ("near-miss", "a@advocaten.nl"))
            office.zegel("allow", "remove", "advocaten.nl")
            self.assertEqual(self.exit("allow", "remove", "advocaten.nl"), 66)
            self.assertEqual(self.exit("allow", "remove", "klant.nl"), 66)  # it stands in a file
            self.assertEqual(self.exit("allow", "add", "a@@b"), 65)
        with open(office.folder + "/history.tsv", "w") as f:
            f.write("eva@notaris.nl\t12\t2026-11-01\nmakelaar.nl\t3\n")
        office.zegel("allow", "learn", office.folder + "/history.tsv")
        self.assertTrue({"eva@notaris.nl", "makelaar.nl"} <= {e["entry"] for e in self.json("allow")})
        self.assertEqual(self.json("allow", "check", "a@makelar.nl")[0]["suggestion"], "a@makelaar.nl")
        with open(office.folder + "/more.tsv", "w") as f:
            f.write("gmail.com\t4120\n")  # a shipped provider too: the office's own mails to it count all the same
        office.zegel("allow", "learn", office.folder + "/more.tsv")
        self.assertEqual([e["mails"] for e in self.json("allow") if e["entry"] == "gmail.com"], [4120])
        self.assertEqual(self.exit("allow", "learn", office.folder + "/nowhere"), 66)
        office.daemon.stop(signal.SIGKILL)
        office.start_daemon()
        self.assertTrue({"eva@notaris.nl", "makelaar.nl"} <= {e["entry"] for e in self.json("allow")})


class Forget(Admin):
    WHO = "frits.vergeetmij@klant.nl"

    def everything_about(self, log):
        """A person who is learned, has a key, a password, held mail, audit rows."""
        office = self.office
        office.make_ca()
        _, certificate = office.make_certificate(self.WHO, name="one", days="90")
        office.configure(log=log, recipients='on_unknown = "allow"', protect='methods = ["smime", "zip-attachments"]\notherwise = "hold"')
        office.zegel("key", "import", certificate)
        for name in ("one.pem", "one.key", "one.csr", "one.ext"):
            os.unlink(office.folder + "/" + name)
        office.start()
        self.send(self.WHO)
        office.hop.wait(1)
        wait_until("it to be learned", lambda: self.WHO in [e["entry"] for e in self.json("allow")])
        wait_until("delivery", lambda: self.json("queue") == [])
        office.zegel("password", "set", self.WHO, stdin=b"correct-horse-battery-staple-thirty-one\n")

    def test_after_it_the_address_is_in_no_file_of_ours(self):
        self.everything_about('addresses = "hash"')
        office = self.office
        paths = lambda: [office.logs, *files_below(office.state), *files_below(office.smime)]
        self.assertNotEqual(find_canaries([self.WHO], paths()), [])
        gone = self.json("forget", self.WHO)
        self.assertEqual({k: gone[k] for k in ("learned", "keys", "passwords")}, {"learned": 1, "keys": 1, "passwords": 1})
        self.assertGreater(gone["audit"], 0)
        self.assertEqual(gone["kept"], [])
        self.assertEqual(find_canaries([self.WHO, "vergeetmij"], paths()), [])
        self.assertNotIn(self.WHO, [e["entry"] for e in self.json("allow")])
        self.assertEqual(self.exit("key", "show", self.WHO), 66)
        office.daemon.stop()
        self.assertEqual(find_canaries([self.WHO, "vergeetmij"], paths()), [])

    def test_a_pgp_key_goes_too(self):
        office = self.office
        public = office.make_pgp_key(self.WHO)
        office.configure()
        office.zegel("key", "import", public)
        self.assertNotEqual(find_canaries([self.WHO], files_below(office.state)), [])
        self.assertEqual(self.json("forget", self.WHO)["keys"], 1)
        self.assertEqual(find_canaries([self.WHO, "vergeetmij"], files_below(office.state)), [])

    def test_held_mail_goes_and_what_stays_is_named(self):
        self.everything_about('addresses = "full"')
        office = self.office
        with open(office.allowlist, "a") as f:
            f.write(self.WHO + "\n")
        with open(office.config, "a") as f:
            f.write('[[protect.rule]]\nto = ["%s"]\nmethods = ["pgp"]\n' % self.WHO)
        office.daemon.child.send_signal(signal.SIGHUP)
        wait_until("the reload", lambda: office.log_lines("reloaded"))
        refused, reply = office.send(letter([self.WHO]), [self.WHO])
        self.assertIn("held for confirmation", reply[1])
        gone = self.json("forget", self.WHO)
        self.assertEqual(gone["held"], 1)
        self.assertEqual(self.json("held"), [])
        kept = "\n".join(gone["kept"])
        for what in ("allowlist:3: ", "zegel.toml:", "the log: "):
            self.assertIn(what, kept)
        self.assertEqual(find_canaries([self.WHO], files_below(office.state)), [])
        self.assertIn("kept: ", office.zegel("forget", self.WHO).stdout.decode())
        self.assertEqual(self.exit("forget", "nobody"), 65)


class Privacy(Admin):
    def paper(self, *words):
        return self.office.zegel("privacy", *words).stdout.decode()

    def test_the_papers_state_what_the_live_config_keeps(self):
        self.office.configure(log='addresses = "domain"', recipients='confirm_window = "2h"',
                              sections='[retention]\nheld = "3d"\naudit = "45d"\nlearned = "1d"\n[scan]\nclamd = "127.0.0.1:3310"')
        record = self.paper("record")  # the office speaks English
        for fact in ("kantoor.nl", "at most 3 days", "45 days", "1 day after", "2 hours", "30 days", "domains only", "127.0.0.1:3310",
                     "127.0.0.1:%d" % self.office.hop.port):
            self.assertIn(fact, record)
        record = self.paper("record", "--language", "nl")
        for fact in ("kantoor.nl", "hooguit 3 dagen", "45 dagen", "1 dag na", "2 uur", "alleen domeinen", "Register van verwerkingsactiviteiten"):
            self.assertIn(fact, record)
        self.assertIn("45 days", self.paper("notice"))
        self.assertIn("45 dagen", self.paper("notice", "--language", "nl"))
        self.assertEqual(self.exit("privacy", "notice", "--language", "fr"), 64)

    def test_what_is_past_its_time_is_gone(self):
        office = self.office
        office.configure(sections='[retention]\nheld = "1s"\naudit = "1s"\nlearned = "1s"\npasswords = "1s"')
        office.start()
        reference = self.send("frits.vergeetmij@klant.nl")
        wait_until("delivery", lambda: self.json("queue") == [] and office.log_lines("sent"))
        wait_until("the sweep", lambda: "frits.vergeetmij@klant.nl" not in [e["entry"] for e in self.json("allow")]
                   and self.exit("trace", reference) == 66 and self.exit("password", "show", reference) == 66, 90)


class Log(Admin):
    def log_with(self, addresses):
        office = self.office
        office.configure(log='addresses = "%s"' % addresses, recipients='on_typo = "refuse"')
        office.start()
        self.send("jan.geheim@klant.nl")
        office.send(letter(["jan.geheim@gmial.com"]), ["jan.geheim@gmial.com"])
        wait_until("delivery", lambda: office.log_lines("sent"))
        office.daemon.stop()
        with open(office.logs) as f:
            return f.read()

    def test_domain_keeps_persons_out_of_it(self):
        log = self.log_with("domain")
        self.assertNotRegex(log, "jan.geheim|piet@")
        self.assertIn("klant.nl", log)

    def test_hash_keeps_domains_out_too_and_is_the_same_for_the_same(self):
        log = self.log_with("hash")
        self.assertNotRegex(log, "jan.geheim|piet@|klant|gmial|gmail")
        hashes = {m for line in log.splitlines() if re.match("event=(sealed|sent) ", line) for m in re.findall(r" to=(\S+)", line)}
        self.assertLessEqual(len(hashes), 2)  # jan, and the sender who got the password


class Check(Admin):
    def change(self, office, old, new):
        with open(office.config) as f:
            config = f.read()
        self.assertIn(old, config)
        with open(office.config, "w") as f:
            f.write(config.replace(old, new))

    def problems(self):
        done = self.office.zegel("check", check=False)
        lines = done.stdout.decode().splitlines()
        self.assertEqual(done.stderr, b"")
        if done.returncode == 0:  # a line for each thing that was looked at
            self.assertEqual(lines[0], self.office.config + ": ok")
            self.assertGreater(len(lines), 4)
            self.assertTrue(all(l.endswith(": ok") for l in lines), lines)
            return []
        self.assertEqual(done.returncode, 78, done)
        return lines

    def one_problem(self, pattern):
        problems = self.problems()
        self.assertEqual(len(problems), 1, problems)
        self.assertRegex(problems[0], r"^/[^:]+:\d+:\d+: .+; .+$")
        self.assertRegex(problems[0], pattern)

    def test_a_whole_office_is_ok(self):
        self.office.configure()
        self.office.start()
        self.assertEqual(self.problems(), [])
        self.assertEqual(self.json("check"), [])

    def test_a_next_hop_that_is_down_and_an_office_that_is(self):
        self.office.configure()
        self.office.home.start()
        self.one_problem(r"zegel\.toml:\d+:\d+: no line to the next hop 127\.0\.0\.1:%d: " % self.office.hop.port)
        self.office.home.stop()
        self.office.hop.start()
        self.one_problem(r"no line to the office's own mail server 127\.0\.0\.1:%d" % self.office.home.port)

    def test_a_next_hop_without_the_tls_that_is_demanded(self):
        self.office.configure()
        self.office.hop.start()
        self.office.home.start()
        self.change(self.office, 'tls = "none"', 'tls = "verified"')
        self.one_problem("STARTTLS|TLS")

    def test_secrets_that_are_open_and_keys_near_their_end(self):
        office = self.office
        office.make_ca()
        _, late = office.make_certificate("laat@klant.nl", days="10")
        key, own = office.make_certificate(SENDER, days="90")
        office.configure()
        office.zegel("key", "import", late)
        office.start()
        self.one_problem(r"the key of laat@klant\.nl expires in 9 days; .*key import")
        office.zegel("key", "remove", self.json("key", "show", "laat@klant.nl")[0]["fingerprint"])
        self.assertEqual(self.problems(), [])
        os.chmod(office.state, 0o755)
        self.one_problem("chmod 700 " + office.state)
        os.chmod(office.state, 0o700)
        with open(office.smime + "/piet.key", "wb") as out, open(key, "rb") as f:
            out.write(f.read())
        with open(office.smime + "/piet.pem", "wb") as out, open(own, "rb") as f:
            out.write(f.read())
        os.chmod(office.smime + "/piet.key", 0o644)
        self.one_problem("chmod o= .*piet.key")

    def test_every_problem_of_a_broken_config_is_on_stdout(self):
        self.office.configure(extra="soket = 1", log='levl = "info"')
        lines = self.problems()
        self.assertEqual(len(lines), 2, lines)
        for line in lines:
            self.assertRegex(line, r"^%s:\d+:\d+: .+; did you mean .+$" % re.escape(self.office.config))
        self.assertEqual(json.loads(self.office.zegel("check", "--json", check=False).stdout), lines)

    def test_a_key_that_lasts_a_month_is_no_problem(self):
        self.office.make_ca()
        _, certificate = self.office.make_certificate("jan@klant.nl", days="30")
        self.office.configure()
        self.office.zegel("key", "import", certificate)
        self.office.start()
        self.assertEqual(self.problems(), [])

    def test_with_direct_delivery_somebodys_mail_server_is_tried(self):
        self.office.configure()
        self.office.start()
        self.change(self.office, 'relay = "127.0.0.1:%d"\ntls = "none"' % self.office.hop.port, "direct = true")
        with open(self.office.allowlist, "w") as f:
            f.write(".scholen.example\njan@klant.invalid\n")  # RFC 6761: a domain that nobody ever has
        self.one_problem(r"zegel\.toml:\d+:\d+: no line to the MX of klant\.invalid: .*port 25")

    def test_a_scanner_that_is_away(self):
        self.office.configure(sections='[scan]\nclamd = "127.0.0.1:1"')
        self.office.start()
        self.one_problem(r"scan\.clamd 127\.0\.0\.1:1: .*; start clamd")

    def test_oddities_of_an_allowlist(self):
        self.office.configure()
        self.office.start()
        with open(self.office.allowlist, "a") as f:
            f.write("klant.nl\n")
        self.one_problem("allowlist:3:1: ")


class WebKeyDirectory(threading.Thread):
    """openpgpkey.klant.nl, on loopback: gives `body` for the one path that fits the address; `answer` is the whole answer to
    all else, or without end where it says so."""

    def __init__(self, certificate, key, path, body):
        super().__init__(daemon=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.socket, self.path, self.body = socket.create_server(("127.0.0.1", 0)), path, body
        self.port = self.socket.getsockname()[1]
        self.answer, self.without_end = b"HTTP/1.1 404 no\r\n\r\n", False
        self.start()

    def run(self):
        while True:
            raw, _ = self.socket.accept()
            try:
                with self.context.wrap_socket(raw, server_side=True) as line:
                    good = line.recv(4096).startswith(b"GET " + self.path.encode() + b" ")
                    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + self.body if good else self.answer)
                    while self.without_end and not good:
                        line.sendall(b"\x99" * 65536)
            except (ssl.SSLError, OSError):
                pass


class KeyFetch(Admin):
    def test_a_key_is_taken_from_the_directory_of_its_domain_only_when_wanted(self):
        office = self.office
        public = office.make_pgp_key("eva@klant.nl")
        with open(public, "rb") as f:
            armored = f.read()
        office.make_ca()
        base = office.folder + "/wkd"
        run("openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", base + ".key", "-out", base + ".csr", "-subj", "/CN=wkd")
        with open(base + ".ext", "w") as f:
            f.write("subjectAltName=DNS:openpgpkey.klant.nl\n")
        run("openssl", "x509", "-req", "-in", base + ".csr", "-CA", office.folder + "/ca.pem", "-CAkey", office.folder + "/ca.key",
            "-CAcreateserial", "-extfile", base + ".ext", "-out", base + ".pem")
        wkd = office.gpg("--with-wkd-hash", "--list-keys", "eva@klant.nl").stdout.decode()
        name = re.search(r"([a-z0-9]{32})@klant\.nl", wkd).group(1)
        directory = WebKeyDirectory(base + ".pem", base + ".key", "/.well-known/openpgpkey/klant.nl/hu/%s?l=eva" % name, armored)
        via = "127.0.0.1:%d" % directory.port
        office.configure()
        self.assertEqual(self.exit("key", "fetch", "eva@klant.nl", "--via", via, "--yes"), 69)  # nobody vouches for the server
        with open(office.config) as f:
            config = f.read().replace("[delivery]\n", '[delivery]\nca_file = "ca.pem"\n')
        with open(office.config, "w") as f:
            f.write(config)
        self.assertEqual(self.exit("key", "fetch", "eva@klant.nl", "--via", via, stdin=b"n\n"), 66)
        self.assertEqual(self.json("key", "list"), [])
        done = office.zegel("key", "fetch", "eva@klant.nl", "--via", via, stdin=b"y\n").stdout.decode()
        self.assertRegex(done, r"found: .*eva@klant\.nl")
        [key] = self.json("key", "show", "eva@klant.nl")
        self.assertIn(key["fingerprint"], done)
        self.assertEqual(self.exit("key", "fetch", "jan@klant.nl", "--via", via, "--yes"), 69)
        self.assertEqual(self.exit("key", "fetch", "eva@other.nl", "--via", via, "--yes"), 69)  # not this server's name
        self.assertEqual(self.exit("key", "fetch", "eva@klant.nl", "--via", "127.0.0.1:1"), 69)
        fetch = lambda: office.zegel("key", "fetch", "jan@klant.nl", "--via", via, "--yes", check=False)
        directory.answer = b"HTTP/1.1 301 Moved\r\nLocation: https://elders.nl/key\r\n\r\n"
        self.assertIn(b"it answers 301", fetch().stderr)  # no redirect is followed
        directory.answer = b"HTTP/1.1 200 OK\r\n\r\n" + armored
        done = fetch()
        self.assertEqual((done.returncode, b"no key in it names jan@klant.nl" in done.stderr), (65, True), done.stderr)
        directory.answer, directory.without_end = b"HTTP/1.1 200 OK\r\n\r\n", True
        done = fetch()
        self.assertEqual((done.returncode, b"larger than a directory's answer should be" in done.stderr), (69, True), done.stderr)
        self.assertEqual(len(self.json("key", "list")), 1)


class Clamd(threading.Thread):
    """clamd's side of INSTREAM; finds what the message says."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.seen = []
        self.start()

    def run(self):
        while True:
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            with line, line.makefile("rb") as heard:
                command = heard.read(6)
                if command == b"zPING\0":
                    line.sendall(b"PONG\0")
                    continue
                heard.read(4)
                octets = b""
                while size := int.from_bytes(heard.read(4), "big"):
                    octets += heard.read(size)
                self.seen.append(octets)
                line.sendall(b"stream: Test.Worm FOUND\0" if b"wormwormworm" in octets else b"stream: OK\0")


class Scan(Admin):
    def try_to_send(self, body):
        return self.office.send(letter(["jan@klant.nl"], body=body), ["jan@klant.nl"])[1]

    def test_what_the_scanner_finds_is_refused_before_sealing(self):
        clamd = Clamd()
        self.office.configure(sections='[scan]\nclamd = "127.0.0.1:%d"' % clamd.port)
        self.office.start()
        self.assertEqual(self.problems(), [])
        self.assertEqual(self.try_to_send("harmless")[0], 250)
        code, text = self.try_to_send("wormwormworm")
        self.assertEqual(code, 554)
        self.assertRegex(text, r"^5\.7\.1 this message carries malware: Test\.Worm \[[0-9A-Z]{10}\]$")
        self.assertIn("reason=malware", wait_until("the log", lambda: self.office.log_lines("refused"))[0])
        self.assertIn(b"wormwormworm", clamd.seen[1])
        self.assertEqual(len(self.office.hop.wait(1)), 1)
        reference = text[-11:-1]
        self.assertIn("reason=malware", self.json("trace", reference)[0]["detail"])

    def problems(self):
        return self.json("check")

    def test_a_slow_command_holds_up_only_its_own_mail(self):
        """As many messages as there are cores, and more, wait for a command; others go by meanwhile."""
        office = self.office
        command = office.folder + "/gate"
        with open(command, "w") as f:
            f.write("#!/bin/sh\ncat >/dev/null\ntouch '%s/waiting.'$$\nwhile [ ! -e '%s/open' ]; do sleep 0.1; done\n" % (office.folder, office.folder))
        os.chmod(command, 0o700)
        office.configure(protect='methods = ["zip"]', sections="""[[protect.rule]]
to = ["sms@klant.nl"]
password = "command"
[zip]
command = "gate"
""")
        office.start()
        slow = (os.cpu_count() or 1) + 1
        with concurrent.futures.ThreadPoolExecutor(slow) as pool:
            waiting = [pool.submit(office.send, letter(["sms@klant.nl"], body="by phone"), ["sms@klant.nl"]) for _ in range(slow)]
            wait_until("all commands to wait", lambda: len(glob.glob(office.folder + "/waiting.*")) == slow)
            self.assertEqual(office.send(letter(["jan@klant.nl"], body="meanwhile"), ["jan@klant.nl"])[1][0], 250)
            self.assertFalse(any(one.done() for one in waiting))
            open(office.folder + "/open", "w").close()
            for one in waiting:
                self.assertEqual(one.result()[1][0], 250)
        office.hop.wait(slow + 1)

    def test_without_the_scanner_mail_is_deferred_or_passes_as_the_config_says(self):
        self.office.configure(sections='[scan]\nclamd = "127.0.0.1:1"')
        self.office.start()
        code, text = self.try_to_send("harmless")
        self.assertEqual(code, 451)
        self.assertTrue(text.startswith("4.7.1 "))
        wait_until("the alarm", lambda: self.office.log_lines("alarm"))
        with open(self.office.config, "a") as f:
            f.write('otherwise = "pass"\n')
        self.office.daemon.child.send_signal(signal.SIGHUP)
        wait_until("the reload", lambda: self.office.log_lines("reloaded"))
        self.assertEqual(self.try_to_send("harmless")[0], 250)

    def clamd(self):
        """The program and its environment: installed, or unpacked."""
        if shutil.which("clamd"):
            return shutil.which("clamd"), None
        root = unpacked(self, "clamav-daemon", "libclamav12", "libmspack0", "libjson-c5")
        return root + "/usr/sbin/clamd", {**os.environ, "LD_LIBRARY_PATH": library_path(root)}

    def test_the_real_clamd_finds_a_signature_of_ours_and_the_test_file(self):
        office, folder = self.office, self.office.folder + "/clamav"
        os.makedirs(folder + "/db")
        eicar = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
        with open(folder + "/db/ours.ndb", "w") as f:
            f.write("Zegel.Test:0:*:%s\nZegel.Eicar:0:*:%s\n" % (b"ZEGELWORM".hex(), eicar.encode().hex()))
        with open(folder + "/clamd.conf", "w") as f:
            f.write("LocalSocket %s/ctl\nDatabaseDirectory %s/db\nForeground yes\n" % (folder, folder))
        if os.getuid() == 0:
            with open(folder + "/clamd.conf", "a") as f:
                f.write("User root\n")
        program, env = self.clamd()
        clamd = subprocess.Popen([program, "-c", folder + "/clamd.conf"], stdout=subprocess.DEVNULL, env=env)
        self.addCleanup(clamd.wait)
        self.addCleanup(clamd.terminate)
        wait_until("clamd", lambda: os.path.exists(folder + "/ctl") or clamd.poll() is not None, 60)
        if clamd.poll() == 127:
            self.skipTest("clamd lacks a library")
        office.configure(sections='[scan]\nclamd = "%s/ctl"' % folder)
        office.start()
        self.assertEqual(self.try_to_send("harmless")[0], 250)
        for bad in ("ZEGELWORM", eicar):
            code, text = self.office.send(letter(["jan@klant.nl"], attachments=[("a.com", bad.encode())]), ["jan@klant.nl"])[1]
            self.assertEqual(code, 554, text)
            self.assertIn("Zegel", text)


class Limits(Admin):
    def test_a_sender_beyond_the_limit_gets_452_and_an_alarm_is_raised(self):
        office = self.office
        office.configure(sections="[limits]\nsender = 2")
        office.start()
        for _ in range(2):
            self.send("jan@klant.nl")
        with office.smtp() as client:
            client.ehlo()
            code, text = client.mail(SENDER)
            self.assertRegex("%d %s" % (code, text.decode()), r"^452 4\.7\.1 <piet@kantoor\.nl>: more than 2 messages an hour")
            self.assertEqual(client.mail("anna@kantoor.nl")[0], 250)
        line = wait_until("the alarm", lambda: office.log_lines("alarm"))[0]
        self.assertIn("from=" + SENDER, line)


class Ownership(Admin):
    @unittest.skipIf(os.getuid() != 0, "only root can start a daemon as somebody else")
    def test_what_root_did_by_hand_can_be_read_by_a_daemon_of_another_user(self):
        office = self.office
        office.make_ca()
        _, certificate = office.make_certificate("jan@klant.nl")
        public = office.make_pgp_key("eva@klant.nl")
        office.configure()
        os.chmod(office.folder, 0o755)
        os.mkdir(office.state, 0o700)
        for folder in (office.folder, office.state, office.smime):
            os.chown(folder, 65534, 65534)
        office.zegel("allow", "add", "notaris.nl")
        office.zegel("key", "import", certificate, public)
        for words in (["check"], ["check", "eva@klant.nl"]):
            os.remove(office.state + "/gnupg/gpg.conf")  # as of another version: whoever comes first writes it anew
            office.zegel(*words, check=False)
            self.assertEqual([p for d in (office.state, office.smime) for p in files_below(d) if os.stat(p).st_uid == 0], [])
        office.hop.start()
        office.home.start()
        office.start_daemon(user=65534)
        self.send("jan@klant.nl")
        self.send("eva@klant.nl")
        self.assertEqual({m.parsed.get_content_type() for m in office.hop.wait(2)}, {"application/pkcs7-mime", "multipart/encrypted"})
        self.assertIn("notaris.nl", [e["entry"] for e in self.json("allow")])


class Socket(Admin):
    @unittest.skipIf(os.getuid() != 0, "only root can become somebody else")
    def test_a_stranger_gets_77(self):
        office = self.office
        office.configure()
        office.start()
        os.chmod(office.folder, 0o755)
        os.chmod(office.config, 0o644)
        os.chmod(office.allowlist, 0o644)
        for open_to_all in (False, True):  # by the socket's mode, and by who is there
            os.chmod(office.folder + "/admin.sock", 0o666 if open_to_all else 0o660)
            for words in (["queue"], ["allow", "check", "jan@klant.nl"], ["explain", "--from", SENDER, "--to", "jan@klant.nl"]):
                done = subprocess.run([office.bin + "/zegel", *words, "--config", office.config], user=65534, group=65534, extra_groups=[],
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                self.assertEqual(done.returncode, 77, done)
                self.assertEqual(done.stdout, b"")
        wait_until("the log", lambda: office.log_lines("denied"))

    def test_every_level_has_its_help(self):
        def below(*words):
            text = run(self.office.bin + "/zegel", *words, "--help").stdout.decode()
            self.assertIn("Usage: zegel " + " ".join(words), text)
            for word in re.findall(r"(?m)^  ([a-z]+) ", text.partition("Subcommands:")[2]):
                below(*words, word)
        below()

    def test_usage_is_64_and_a_missing_config_78(self):
        for words in ([], ["nonsense"], ["queue", "drop"], ["seal"], ["held", "release"], ["init", "--domain", "x.nl"]):
            self.assertEqual(run(self.office.bin + "/zegel", *words, check=False).returncode, 64, words)
        self.assertEqual(run(self.office.bin + "/zegel", "check", "--config", "/nowhere/zegel.toml", check=False).returncode, 78)
        for words in (["--help"], ["held", "--help"], ["held", "show", "--help"]):
            self.assertEqual(run(self.office.bin + "/zegel", *words).returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
