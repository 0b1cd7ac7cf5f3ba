"""What a client hears from the gateway itself, word for word, in clear and under TLS; what never reaches the next hop; and
where it listens."""
import os, re, shutil, socket, sys, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, Process, SENDER, accepts, free_port, run, wait_until
from talk import Talk

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
CERTIFICATES = os.path.join(os.path.dirname(__file__), "..", "net", "certificates")
REF = "[0-9A-Z]{10}"

# Each ending by which a second message was ever smuggled past somebody.
ENDINGS = [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\n", b"\r\n.\r", b"\r.\r\n", b"\n.\r", b"\r\r\n.\r\r\n", b"\r\n.\r\r\n",
           b"\n\r.\n\r", b"\n\n.\n\n", b"\r\n.\0\r\n", b"\r\n\0.\r\n"]


def letter(more=b"", body=b"hello", sender=SENDER):
    return b"From: <%s>\r\nTo: <jan@klant.nl>\r\nSubject: hello\r\n%s\r\n%s" % (sender.encode(), more, body)


class Smtp(unittest.TestCase):
    def configure(self, server="", recipients=""):
        office = self.office = Office(BIN)
        self.addCleanup(office.__exit__)
        office.configure(recipients=recipients, protect='methods = ["smime", "clear"]', sections="""
[[protect.rule]]
to = ["noseal.example"]
methods = ["smime"]
[[protect.rule]]
to = ["wait.example"]
methods = ["smime"]
otherwise = "hold"
""")
        self.tls_port = free_port()
        for name in ("mail.pem", "mail.key"):
            shutil.copy(os.path.join(CERTIFICATES, name), office.folder)
            os.chmod(office.folder + "/" + name, 0o600)
        with open(office.config) as f:
            text = f.read()
        with open(office.config, "w") as f:
            f.write(text.replace("[server]\n", """[server]
listen_tls = ["127.0.0.1:%d"]
tls_certificate = "mail.pem"
tls_key = "mail.key"
%s
""" % (self.tls_port, server)))
        return office

    def visits(self, **more):
        """One in clear and one under TLS, greeted already."""
        for port, tls in ((self.office.port, False), (self.tls_port, True)):
            with Talk(port, tls, **more) as talk:
                self.hears("220 zegel.kantoor.nl ESMTP Zegel", talk.hear())
                self.hears("250 .*", talk.ask("EHLO pc1.kantoor.nl"))
                yield talk

    def hears(self, pattern, reply):
        self.assertRegex(reply, "^%s$" % pattern)

    def hears_and_can_trace(self, pattern, reply):
        self.hears(r"%s \[%s\]" % (pattern, REF), reply)
        reference = reply[-11:-1]
        wait_until("the audit to have it", lambda: b"refused" in self.office.zegel("trace", reference, check=False).stdout)
        line = wait_until("a line in the log", lambda: [one for one in self.office.log_lines("refused") if "id=" + reference in one])[0]
        self.assertIn('reply="%s"' % reply[:9], line)
        self.assertIn("from=" + SENDER, line)

    def no_transaction_left(self, talk):
        self.hears("503 5.5.1 need MAIL first", talk.ask("RCPT TO:<jan@klant.nl>"))

    def test_accepts_holds_and_refuses_in_its_own_words(self):
        self.configure('message_size = "100 KB"').start()
        near_misses = [("jan@gmial.com", "jan@gmail.com"), ("jan@klamt.nl", "jan@klant.nl")]
        for talk, (typo, meant) in zip(self.visits(), near_misses):
            self.hears("250 2.0.0 %s queued" % REF, talk.deliver(SENDER, "jan@klant.nl", letter()))
            self.no_transaction_left(talk)
            self.hears("250 2.0.0 %s held for confirmation" % REF, talk.deliver(SENDER, "jan@wait.example", letter()))
            self.no_transaction_left(talk)

            confirm = r"550 5.1.2 <%s>: did you mean %s\? If not, send it again within 30 minutes \[%s\]" % (typo, meant, REF)
            self.hears(confirm, talk.envelope(SENDER, typo)[-1])
            self.hears("250 2.0.0 OK", talk.ask("RSET"))
            self.hears("250 2.1.5 recipient OK", talk.envelope(SENDER, typo)[-1])
            self.hears("250 2.0.0 OK", talk.ask("RSET"))

            self.hears("550 5.7.1 .*", talk.ask("MAIL FROM:<eve@elsewhere.example>"))
            self.no_transaction_left(talk)
            self.hears("550 5.7.1 .*", talk.deliver(SENDER, "jan@klant.nl", letter(sender="eve@elsewhere.example")))
            self.no_transaction_left(talk)
            self.hears(r"550 5.7.5 <jan@noseal.example>: no way to seal for this recipient: .* \[%s\]" % REF,
                       talk.deliver(SENDER, "jan@noseal.example", letter()))
            self.no_transaction_left(talk)
            unreadable = letter(b"X-Trace: nobody reads so many fields\r\n" * 1100)
            self.hears(r"554 5.6.0 .* \[%s\]" % REF, talk.deliver(SENDER, "jan@klant.nl", unreadable))
            self.no_transaction_left(talk)

            ambiguous = letter(b"Content-Type: text/plain\r\nContent-Type: text/html\r\n")
            self.hears(r"554 5.6.0 <jan@klant.nl>: .*clear: the message cannot be taken apart: .* \[%s\]" % REF,
                       talk.deliver(SENDER, "jan@klant.nl", ambiguous))
            self.no_transaction_left(talk)

            self.hears_and_can_trace("552 5.3.4 .*", talk.envelope(SENDER, parameters=" SIZE=200000")[0])
            self.no_transaction_left(talk)
            self.hears_and_can_trace("552 5.3.4 .*", talk.deliver(SENDER, "jan@klant.nl", letter(body=b"line\r\n" * 30000)))
            self.no_transaction_left(talk)
            for body in (b"a\nb", b"a\rb", b"a\0b", b"a" * 999):
                self.hears_and_can_trace("554 5.6.0 .*", talk.deliver(SENDER, "jan@klant.nl", letter(body=body)))
                self.no_transaction_left(talk)
            self.hears("221 2.0.0 .*", talk.ask("QUIT"))
        self.assertEqual(len(self.office.hop.wait(2)), 2)

    def test_refuses_a_near_miss_and_strangers_and_what_is_too_much(self):
        self.configure('trusted = ["127.0.0.1/32"]\nmessage_size = "64 KB"\nmemory = "64 KB"\nper_client = 3', 'on_typo = "refuse"').start()
        for talk in self.visits():
            for _ in range(2):
                self.hears(r"550 5.1.2 <jan@gmial.com>: did you mean jan@gmail.com\? \[%s\]" % REF, talk.envelope(SENDER, "jan@gmial.com")[-1])
                talk.ask("RSET")
            talk.envelope(SENDER, "jan@klant.nl", parameters=" SIZE=65536")
            self.hears("452 4.3.1 .*", talk.ask("DATA"))
            self.no_transaction_left(talk)
            self.hears("250 2.0.0 .*", talk.deliver(SENDER, "jan@klant.nl", letter()))
        for talk in self.visits(source="127.0.0.2"):
            self.hears("554 5.7.1 .*", talk.envelope(SENDER, "jan@klant.nl")[-1])
            self.hears("554 5.7.1 .*", talk.ask("RCPT TO:<anna@kantoor.nl>"))
            self.hears("503 5.5.1 .*", talk.ask("DATA"))
            talk.ask("RSET")
            self.hears("550 5.7.1 .*", talk.ask("MAIL FROM:<eve@elsewhere.example>"))
        denied = "event=denied client=127.0.0.2 reason=relay"
        wait_until("a line for each", lambda: self.office.log_lines("denied") == [denied] * 6)
        inside = [Talk(self.office.port, source="127.0.0.3") for _ in range(3)]
        for one in inside:
            self.hears("220 .*", one.hear())
        with Talk(self.office.port, source="127.0.0.3") as fourth:
            self.hears("421 4.3.2 .*", fourth.hear())
        with Talk(self.office.port) as another:
            self.hears("220 .*", another.hear())
        for one in inside:
            one.__exit__()

    def test_no_smuggled_message_and_no_bare_line_end_reaches_the_next_hop(self):
        self.configure().start()
        smuggled = b"MAIL FROM:<piet@kantoor.nl>\r\nRCPT TO:<victim@klant.nl>\r\nDATA\r\n" + letter(body=b"smuggled")
        honest = letter(body=b"..\r\nhonest\r\n..\r\n" + smuggled)
        for ending in ENDINGS:
            octets = letter() + ending + smuggled + b"\r\n.\r\nRCPT TO:<jan@klant.nl>\r\n"
            for talk in self.visits():
                for pieces in ([octets], [bytes([octet]) for octet in octets]):
                    replies = talk.envelope(SENDER, "jan@klant.nl") + [talk.ask("DATA")]
                    self.assertEqual([reply[:3] for reply in replies], ["250", "250", "354"])
                    for piece in pieces:
                        talk.say(piece)
                    self.hears("554 5.6.0 .*", talk.hear())
                    self.hears("503 5.5.1 need MAIL first", talk.hear())
        for talk in self.visits():
            self.hears("250 2.0.0 .*", talk.deliver(SENDER, "jan@klant.nl", honest))
        mails = self.office.hop.wait(2)
        self.assertEqual([mail.envelope["to"] for mail in mails], [["jan@klant.nl"]] * 2)
        for mail in mails:
            self.assertIn(b"\r\n.\r\nhonest\r\n.\r\nMAIL FROM:<piet@kantoor.nl>\r\n", mail.raw)
            self.assertIsNone(re.search(rb"\r(?!\n)|(?<!\r)\n|\0", mail.raw))

    def test_listens_on_the_sockets_of_systemd_in_place_of_its_own(self):
        self.configure()
        sockets = []
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            try:
                one = socket.create_server((host, 0), family=family)
            except OSError:
                continue  # no IPv6 here
            self.addCleanup(one.close)
            sockets.append(one)
        plain, tls = sockets[0].getsockname()[1], sockets[1].getsockname()[1]
        names = ":".join(["smtp", "smtps", "smtp"][:len(sockets)])
        numbers = [50 + i for i in range(len(sockets))]  # out of the way of where they go
        for number, one in zip(numbers, sockets):
            os.dup2(one.fileno(), number)
        script = "exec %s; LISTEN_PID=$$ LISTEN_FDS=%d LISTEN_FDNAMES=%s exec %s/zegeld --config %s" % (
            " ".join("%d<&%d %d<&-" % (3 + i, number, number) for i, number in enumerate(numbers)), len(sockets), names, self.office.bin, self.office.config)
        self.office.daemon = Process("zegeld", ["bash", "-c", script], self.office.logs, pass_fds=numbers)
        for number in numbers:
            os.close(number)
        wait_until("zegeld to be ready", lambda: self.office.log_lines("listening") or not self.office.daemon.alive())
        self.assertTrue(self.office.daemon.alive(), self.office.daemon.said())
        with Talk(plain) as talk:
            self.hears("220 .*", talk.hear())
        with Talk(tls, tls=True) as talk:
            self.hears("220 .*", talk.hear())
        if len(sockets) > 2:
            with socket.create_connection(("::1", sockets[2].getsockname()[1]), 60) as six:
                self.assertTrue(six.recv(100).startswith(b"220 "))
        self.assertFalse(accepts(self.office.port))
        self.assertFalse(accepts(self.tls_port))
        self.assertEqual(self.office.daemon.stop(), 0)

    def test_listens_on_several_addresses_of_both_families(self):
        self.configure()
        ports = [free_port() for _ in range(4)]
        with open(self.office.config) as f:
            text = f.read()
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            self.skipTest("no IPv6 here")
        text = text.replace('listen = ["127.0.0.1:%d"]' % self.office.port, 'listen = ["127.0.0.1:%d", "127.0.0.2:%d", "[::1]:%d"]' % (
            self.office.port, ports[0], ports[1]))
        text = text.replace('listen_tls = ["127.0.0.1:%d"]' % self.tls_port, 'listen_tls = ["127.0.0.1:%d", "[::1]:%d"]' % (self.tls_port, ports[2]))
        with open(self.office.config, "w") as f:
            f.write(text)
        self.office.start()
        with socket.create_connection(("127.0.0.2", ports[0]), 60) as one:
            self.assertTrue(one.recv(100).startswith(b"220 "))
        with socket.create_connection(("::1", ports[1]), 60) as one:
            self.assertTrue(one.recv(100).startswith(b"220 "))
            one.sendall(b"HELO pc1\r\nMAIL FROM:<piet@kantoor.nl>\r\nRCPT TO:<jan@klant.nl>\r\nDATA\r\n")
            with one.makefile("rb") as replies:
                self.assertEqual([replies.readline()[:3] for _ in range(4)], [b"250", b"250", b"250", b"354"])
                one.sendall(letter() + b"\r\n.\r\n")
                self.assertEqual(replies.readline()[:9], b"250 2.0.0")
        received = " ".join(str(self.office.hop.wait(1)[0].parsed.get_all("Received")[1]).split())
        self.assertTrue(received.startswith("from pc1 ([IPv6:::1]) by zegel.kantoor.nl (Zegel) with SMTP id "), received)
        for host, port in (("127.0.0.1", self.tls_port), ("::1", ports[2])):
            done = run("openssl", "s_client", "-quiet", "-connect", "[%s]:%d" % (host, port), stdin=b"QUIT\r\n", check=False)
            self.assertIn(b"220 zegel.kantoor.nl ESMTP Zegel", done.stdout)


if __name__ == "__main__":
    unittest.main()
