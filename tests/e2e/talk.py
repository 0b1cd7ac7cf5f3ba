"""A client on plain sockets that says octets as they are and hears reply by reply: for what no well-behaved client does."""
import re, socket, ssl


class Talk:
    def __init__(self, port, tls=False, source="127.0.0.1"):
        self.socket = socket.create_connection(("127.0.0.1", port), 60, (source, 0))
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def say(self, octets):
        self.socket.sendall(octets if isinstance(octets, bytes) else octets.encode())

    def hear(self):
        """The last line of the next reply, or "" when there is none."""
        while True:
            line = self.file.readline().decode()
            if line[3:4] != "-":
                return line.rstrip("\r\n")

    def ask(self, line):
        self.say(line + "\r\n")
        return self.hear()

    def envelope(self, sender, *recipients, parameters=""):
        """MAIL and RCPT; the replies."""
        return [self.ask("MAIL FROM:<%s>%s" % (sender, parameters))] + [self.ask("RCPT TO:<%s>" % one) for one in recipients]

    def deliver(self, sender, recipient, message):
        """A whole transaction: the verdict on the message."""
        for reply in self.envelope(sender, recipient) + [self.ask("DATA")]:
            if not re.match("250|354", reply):
                return reply
        self.say(message + b"\r\n.\r\n")
        return self.hear()
