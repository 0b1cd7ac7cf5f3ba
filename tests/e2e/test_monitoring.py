"""What Prometheus is told is what happened; and the alert rules and the dashboard of docs/monitoring ask for figures that exist."""
import http.client, json, os, re, socket, sys, unittest, urllib.request

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, free_port, letter, run, wait_until
from debian import promtool

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
DOCS = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "monitoring")


class OverSocket(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def exposition(office):
    connection = OverSocket(office.folder + "/admin.sock")
    connection.request("GET", "/metrics")
    reply = connection.getresponse()
    assert reply.status == 200 and reply.getheader("Content-Type").startswith("text/plain; version=0.0.4")
    return reply.read().decode()


def figures(text):
    """{'zegel_sealed_total{method="zip"}': 1.0}"""
    return {series: float(value) for series, value in re.findall(r"(?m)^(zegel_\S+?(?:\{.*\})?) (\S+)$", text)}


class Monitored(unittest.TestCase):
    def setUp(self):
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)
        self.metrics_port = free_port()

    def start(self):
        """A ladder that ends in clear for one domain, an S/MIME key for one person, near-misses held or asked about."""
        office = self.office
        office.make_ca()
        _, certificate = office.make_certificate("jan@klant.nl", days="10")
        office.configure('metrics = "127.0.0.1:%d"' % self.metrics_port, recipients='on_typo = "confirm"\non_unknown = "hold"', sections="""
[[protect.rule]]
to = ["gmail.com"]
methods = ["clear"]
""")
        office.zegel("key", "import", certificate)
        with open(office.config) as f:
            self.rule = "zegel.toml:%d" % (f.read().split("[[protect.rule]]")[0].count("\n") + 1)
        return office.start()

    def send(self, to, attachments=((("a.pdf", b"%PDF-1.4 x"),))):
        return self.office.send(letter([to], attachments=attachments), [to])

    def happen(self):
        """One of each."""
        office = self.office
        self.assertEqual(self.send("jan@klant.nl")[1][0], 250)          # S/MIME
        self.assertEqual(self.send("eva@klant.nl")[1][0], 250)          # zip, and a notice with the password
        self.assertEqual(self.send("kees@gmail.com")[1][0], 250)        # in clear, by a rule
        self.assertEqual(self.send("ann@gmail.com")[1][0], 250)
        self.assertEqual(self.send("jan@gmial.com")[0]["jan@gmial.com"][0], 550)
        held = [self.send(to)[1][1].split()[1] for to in ("ann@verweg-advies.example", "bob@bouwbedrijf-zuid.example",
                                                                 "cor@tandarts-oost.example")]
        with office.smtp() as client:
            client.ehlo()
            self.assertEqual(client.mail("eve@elsewhere.example")[0], 550)
            client.mail("piet@kantoor.nl", ["SIZE=%d" % (1 << 40)])  # larger than any limit
        office.zegel("held", "release", held[0])
        office.zegel("held", "refuse", held[1])
        office.hop.wait(5)
        office.home.wait(7)  # passwords for eva and the released one, three holds, a release, a refusal


class Figures(Monitored):
    def test_what_is_counted_is_what_happened(self):
        self.start()
        self.happen()
        want = {
            'zegel_messages_total{outcome="queued"}': 4, 'zegel_messages_total{outcome="held"}': 3,
            'zegel_messages_total{outcome="refused"}': 0, 'zegel_answer_seconds_count': 7, 'zegel_seal_seconds_count': 7,
            'zegel_refused_total{reason="typo"}': 1, 'zegel_refused_total{reason="sender"}': 1, 'zegel_refused_total{reason="unknown"}': 0,
            'zegel_refused_total{reason="too-big"}': 1,
            'zegel_sealed_total{method="smime"}': 1, 'zegel_sealed_total{method="zip-attachments"}': 2, 'zegel_sealed_total{method="clear"}': 2,
            'zegel_deliveries_total{method="smime",outcome="sent"}': 1, 'zegel_deliveries_total{method="zip-attachments",outcome="sent"}': 2,
            'zegel_deliveries_total{method="clear",outcome="sent"}': 2, 'zegel_deliveries_total{method="notice",outcome="sent"}': 7,
            'zegel_deliveries_total{method="smime",outcome="bounced"}': 0, 'zegel_delivery_seconds_count': 5,
            'zegel_clear_sent_total{rule="%s"}' % self.rule: 2,
            'zegel_held_ended_total{outcome="released"}': 1, 'zegel_held_ended_total{outcome="refused"}': 1,
            'zegel_held_messages': 1, 'zegel_queue_copies': 0,
            'zegel_alarms_total': 0, 'zegel_store_errors_total{operation="submit"}': 0, 'zegel_config_last_reload_successful': 1,
            'zegel_keys{method="smime",use="recipient",state="expiring"}': 1,
        }

        def differences():
            now = figures(exposition(self.office))
            return {series: (now.get(series), value) for series, value in want.items() if now.get(series) != value}

        try:
            wait_until("the figures", lambda: not differences())
        except AssertionError:
            self.assertEqual(differences(), {})
        now = figures(exposition(self.office))
        self.assertGreaterEqual(now['zegel_connections_total{outcome="accepted"}'], 9)
        self.assertGreater(now['zegel_key_next_expiry_timestamp_seconds{method="smime",use="recipient"}'], now["zegel_start_time_seconds"])
        self.assertEqual([s for s in now if s.startswith("zegel_build_info")], [
            'zegel_build_info{version="%s"}' % run(BIN + "/zegel", "--version").stdout.decode().strip()])

    def test_failures_are_counted_too(self):
        office = self.start()
        office.hop.stop()
        self.assertEqual(self.send("jan@klant.nl")[1][0], 250)
        deferred = 'zegel_deliveries_total{method="smime",outcome="deferred"}'
        wait_until("an attempt in vain", lambda: figures(exposition(office))[deferred] >= 1)
        self.assertEqual(figures(exposition(office))["zegel_queue_copies"], 1)
        with open(office.config, "a") as f:
            f.write("nonsense = 1\n")
        os.kill(office.daemon.child.pid, 1)
        wait_until("a refused reload", lambda: figures(exposition(office))["zegel_config_last_reload_successful"] == 0)

    def test_no_address_is_in_a_label(self):
        self.start()
        self.happen()
        text = exposition(self.office)
        for word in ("@", "jan", "eva", "kees", "gmail", "klant.nl", "kantoor", "127.0.0.1"):
            self.assertNotIn(word, text)

    def test_over_tcp_there_are_the_figures_and_nothing_else(self):
        self.start()
        url = "http://127.0.0.1:%d/" % self.metrics_port
        with urllib.request.urlopen(url + "metrics", timeout=30) as reply:
            self.assertEqual(set(figures(reply.read().decode())), set(figures(exposition(self.office))))
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(url + "queue", timeout=30)
        self.addCleanup(refused.exception.close)
        self.assertEqual(refused.exception.code, 404)

    def test_promtool_finds_no_fault_with_them(self):
        checker = promtool(self)
        self.start()
        self.happen()
        done = run(checker, "check", "metrics", stdin=exposition(self.office).encode(), check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))


class Rules(unittest.TestCase):
    def test_the_rules_are_sound(self):
        done = run(promtool(self), "check", "rules", DOCS + "/zegel.rules.yml", check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_they_speak_when_they_should_and_are_silent_when_not(self):
        done = run(promtool(self), "test", "rules", DOCS + "/zegel.rules.test.yml", check=False, cwd=DOCS)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_scrape_config_of_the_page_is_sound(self):
        with open(DOCS + "/README.md") as f:
            [config] = re.findall(r"(?ms)^```yaml\n(.*?)^```", f.read())
        folder = Office(BIN)
        self.addCleanup(folder.__exit__)
        with open(folder.folder + "/prometheus.yml", "w") as f:
            f.write(config.replace("/etc/prometheus/", os.path.abspath(DOCS) + "/"))
        done = run(promtool(self), "check", "config", folder.folder + "/prometheus.yml", check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Names(Monitored):
    """Every figure that is asked for exists."""

    LATER = {"zegel_tls_certificate_expiry_timestamp_seconds"}  # only where there is a certificate

    def families(self):
        self.start()
        self.happen()
        wait_until("a delivery in clear", lambda: "zegel_clear_sent_total" in exposition(self.office))
        return set(re.findall(r"(?m)^# TYPE (zegel_\w+)", exposition(self.office)))

    def test_the_rules_and_the_dashboard_ask_for_figures_that_exist(self):
        there = {name + suffix for name in self.families() | self.LATER for suffix in ("", "_bucket", "_count", "_sum")}
        with open(DOCS + "/zegel.rules.yml") as f:
            rules = f.read()
        with open(DOCS + "/dashboard.json") as f:
            dashboard = json.load(f)
        queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
        self.assertGreater(len(queries), 10)
        for text in [rules, *queries]:
            self.assertEqual(set(re.findall(r"\bzegel_[a-z_]+\b", text)) - there, set())
        self.assertEqual(len({panel["id"] for panel in dashboard["panels"]}), len(dashboard["panels"]))

    def test_the_page_lists_every_figure(self):
        with open(DOCS + "/README.md") as f:
            page = set(re.findall(r"`(zegel_[a-z_]+)", f.read()))
        self.assertEqual(page, self.families() | self.LATER)


if __name__ == "__main__":
    unittest.main()
