#!/usr/bin/python3
"""A `gpg --server` that does the wrong thing: speaks Assuan on descriptor 3 and answers OK to all, but what it writes is
not what was asked for. Started under a name that says what: fake-MODE. Beside it in its folder: `good`, `stranger` (OpenPGP
messages made beforehand), `canary`."""
import os, signal, socket, sys

mode, folder = os.path.basename(sys.argv[0]).removeprefix("fake-"), os.path.dirname(sys.argv[0])
line = socket.socket(fileno=3)


def beside(name):
    with open(folder + "/" + name, "rb") as f:
        return f.read()


def packet_at_end(message):
    """Where the last of the packets begins: after all those of tag 1, which gpg writes with two-octet lengths."""
    at = 0
    while message[at] & 0x7C == 0x04:
        at += {0x84: 2 + message[at + 1], 0x85: 3 + int.from_bytes(message[at + 1:at + 3], "big")}[message[at]]
    return at


def literal(content):
    return b"\xcb\xff" + (len(content) + 6).to_bytes(4, "big") + b"b\0\0\0\0\0" + content


def made(content):
    good = beside("good")
    at = packet_at_end(good)
    return {
        "clear": content,
        "literal": literal(content),
        "none": b"",
        "half": good[:len(good) // 2],
        "keys-only": good[:at],
        "without-mdc": good[:at] + b"\xc9" + good[at + 1:],
        "canary-behind": good + literal(content),
        "stranger": beside("stranger"),
        "twice": good + good,
        "garbage": b"\xff" * len(good),
    }[mode]


received, descriptors = b"", []
line.sendall(b"OK ready\n")
while True:
    data, passed, _, _ = socket.recv_fds(line, 4096, 4)
    if not data:
        sys.exit(0)
    received, descriptors = received + data, descriptors + passed
    while b"\n" in received:
        command, received = received.split(b"\n", 1)
        if command == b"ENCRYPT":
            if mode == "dies":
                os.kill(os.getpid(), signal.SIGKILL)
            if mode == "hangs":
                signal.pause()
            source, sink = descriptors
            os.pwrite(sink, made(os.pread(source, os.fstat(source).st_size, 0)), 0)
        line.sendall(b"OK\n")
