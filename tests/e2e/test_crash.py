"""The daemon killed at random moments under load, and started again each time: whatever got a 250 arrives. A message may
arrive twice only when the daemon died between the next hop's 250 and its own note of it. ZEGEL_KILLS=500 for many more."""
import asyncio, os, random, re, signal, socket, sqlite3, sys, threading, time, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, wait_until

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
KILLS = int(os.environ.get("ZEGEL_KILLS", "40"))
CLIENTS = 4


class Client(threading.Thread):
    """Sends one message after another, over a new connection whenever the old one broke. Remembers what got a 250."""

    def __init__(self, number, port):
        super().__init__(daemon=True)
        self.number, self.port, self.sent, self.accepted, self.over = number, port, 0, set(), False
        self.random = random.Random(number)

    def run(self):
        while not self.over:
            try:
                self.session()
            except OSError:
                time.sleep(0.005)

    def session(self):
        with socket.create_connection(("127.0.0.1", self.port), 10) as s:
            replies = s.makefile("rb")

            def hear(code):
                while True:
                    line = replies.readline()
                    if not line.endswith(b"\r\n"):
                        raise ConnectionError("cut off")
                    if line[3:4] == b" ":
                        if not line.startswith(code):
                            raise ConnectionError(line.decode(errors="replace"))
                        return

            hear(b"220")
            s.sendall(b"EHLO pc.kantoor.nl\r\n")
            hear(b"250")
            while not self.over:
                self.sent += 1
                name = "c%d-%d" % (self.number, self.sent)
                s.sendall(b"MAIL FROM:<piet@kantoor.nl>\r\nRCPT TO:<jan@klant.nl>\r\nDATA\r\n")
                for code in (b"250", b"250", b"354"):
                    hear(code)
                s.sendall(self.message(name) + b".\r\n")
                hear(b"250")
                self.accepted.add(name)

    def message(self, name):
        size = self.random.choice((200, 2_000, 20_000, 300_000) if self.random.random() < 0.1 else (200, 2_000))
        line = b"x" * 70 + b"\r\n"
        return ("From: <piet@kantoor.nl>\r\nTo: <jan@klant.nl>\r\nSubject: %s\r\nMessage-ID: <%s@kantoor.nl>\r\n\r\n" % (name, name)
                ).encode() + line * (size // 72 + 1)


class Hop(threading.Thread):
    """A next hop that remembers which run of the daemon brought each message, whole: its EHLO says which."""

    def __init__(self):
        super().__init__(daemon=True)
        self.arrived, self.port, self.ready = {}, 0, threading.Event()
        self.start()
        self.ready.wait(10)

    def run(self):
        asyncio.run(self.listen())

    async def listen(self):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await server.serve_forever()

    async def serve(self, reader, writer):
        try:
            run = 0
            writer.write(b"220 hop\r\n")
            while command := await reader.readline():
                if command.startswith(b"EHLO"):
                    run = int(re.match(rb"EHLO run(\d+)\.", command).group(1))
                    writer.write(b"250-hop\r\n250-PIPELINING\r\n250 SIZE 10000000\r\n")
                elif command == b"DATA\r\n":
                    writer.write(b"354 go\r\n")
                    content = await reader.readuntil(b"\r\n.\r\n")
                    name = re.search(rb"^Subject: (\S+)", content, re.M).group(1).decode()
                    assert content.endswith(b"x\r\n.\r\n")
                    self.arrived.setdefault(name, []).append(run)
                    writer.write(b"250 2.0.0 kept\r\n")
                else:
                    writer.write(b"250 ok\r\n")
                    if command == b"QUIT\r\n":
                        break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


class Crash(unittest.TestCase):
    def test_what_got_a_250_arrives(self):
        with Office(BIN) as office:
            hop = Hop()
            office.hop.port = hop.port
            office.configure(protect='methods = ["clear"]')
            self.name_run(office, 0)
            office.start(sinks=False)
            clients = [Client(i, office.port) for i in range(CLIENTS)]
            for client in clients:
                client.start()
            dice = random.Random(os.environ.get("ZEGEL_SEED", "1"))
            for run in range(1, KILLS + 1):
                time.sleep(dice.random() ** 2 * 0.4)
                self.assertTrue(office.daemon.alive(), office.daemon.said()[-2000:])
                office.daemon.stop(signal.SIGKILL)
                self.name_run(office, run)
                office.start_daemon()
            for client in clients:
                client.over = True
            for client in clients:
                client.join(20)
            accepted = set().union(*(client.accepted for client in clients))
            wait_until("the queue to drain", lambda: office.zegel("queue", "list", "--json").stdout.strip() in (b"[]", b""), 120)
            time.sleep(0.5)
            arrived = dict(hop.arrived)
            missing = accepted - set(arrived)
            twice = {name: runs for name, runs in arrived.items() if len(runs) > 1}
            print("\n%d kills, %d accepted, %d arrived, %d missing, %d twice" %
                  (KILLS, len(accepted), len(arrived), len(missing), len(twice)))
            self.assertEqual(missing, set())
            self.assertGreater(len(accepted), KILLS)
            for name, runs in twice.items():
                self.assertEqual(sorted(set(runs)), runs, "%s was sent twice by one run" % name)
            with sqlite3.connect("file:%s/zegel.db?mode=ro" % office.state, uri=True) as db:
                noted = db.execute("SELECT message FROM event WHERE event = 'sent' GROUP BY message HAVING count(*) > 1").fetchall()
                self.assertEqual(noted, [], "what was noted as sent is not sent again")
                self.assertGreater(db.execute("SELECT count(*) FROM event WHERE event = 'sent'").fetchone()[0], KILLS)

    def name_run(self, office, run):
        with open(office.config) as f:
            config = f.read()
        with open(office.config, "w") as f:
            f.write(re.sub(r'hostname = "[^"]*"', 'hostname = "run%d.kantoor.nl"' % run, config))


if __name__ == "__main__":
    unittest.main()
