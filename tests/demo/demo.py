#!/usr/bin/env python3
"""Shows Zegel at work: a gateway, a next hop and an office server on loopback, keys for sample people, real mails through
it, and what each recipient sees after opening. `demo.py BIN [--once]`."""
import email, email.policy, os, re, shutil, subprocess, sys, tempfile, textwrap, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
sys.dont_write_bytecode = True
from office import Office, SENDER, files_below, find_canaries, letter, run, wait_until

COLOUR = sys.stdout.isatty() and os.environ.get("NO_COLOR") is None
WIDTH = min(100, shutil.get_terminal_size((96, 24)).columns)
SECRET_NUMBER, SECRET_FILE = "BSN 123456782", "dossier-J-de-Vries.pdf"
failures = []


def paint(code, text):
    return "\x1b[%sm%s\x1b[0m" % (code, text) if COLOUR else text


def bold(text): return paint("1", text)
def dim(text): return paint("2", text)
def green(text): return paint("32", text)
def red(text): return paint("31", text)


def title(number, text):
    print("\n" + bold("%d. %s" % (number, text)))


def row(label, text, colour=str):
    lines = []
    for line in text.splitlines() or [""]:
        lines += textwrap.wrap(line, WIDTH - 16, subsequent_indent="  ", break_on_hyphens=False) or [""]
    for i, line in enumerate(lines):
        print("   %-12s %s" % (label if i == 0 else "", colour(line)))


def reflowed(text):
    """Paragraphs in one line each, to be broken to the width of this terminal; indented lines and lists stay."""
    shown = []
    for line in text.splitlines():
        goes_on = shown and shown[-1] and line and not line.startswith((" ", "-")) and not shown[-1].endswith((".", ":"))
        shown[-1:] = [shown[-1] + " " + line] if goes_on else shown[-1:] + [line]
    return "\n".join(shown)


def verdict(good, text):
    if not good:
        failures.append(text)
    row("", ("✓ " if good else "✗ ") + text, green if good else red)


def our_letter(to, subject="Your dossier"):
    return letter([to], subject, "Dear client,\n\nYour number is %s. The file is attached.\n\nPiet\n" % SECRET_NUMBER,
                  [(SECRET_FILE, b"%PDF-1.4 " + SECRET_NUMBER.encode())])


def excerpt(raw, lines=3):
    """The outer header in short, and the first lines of the body."""
    head, _, body = raw.decode(errors="replace").partition("\r\n\r\n")
    wanted = [l for l in re.sub(r"\r\n[ \t]+", " ", head).split("\r\n") if re.match(r"(?i)(to|subject|content-type):", l)]
    shown = [l for l in body.split("\r\n") if l][:lines]
    return "\n".join([l[:WIDTH - 18] for l in wanted + shown] + ["…"])


def reading(entity):
    """What a person sees in an opened message."""
    message = email.message_from_bytes(entity, policy=email.policy.SMTP)
    shown = []
    for part in message.walk():
        if part.get_filename():
            shown.append("[file] %s, %d bytes" % (part.get_filename(), len(part.get_payload(decode=True) or b"")))
        elif part.get_content_type() == "text/plain":
            shown.append(part.get_content().strip())
    return "\n\n".join(shown)


def hidden(mail, also=()):
    paths = [mail_path(mail)]
    shown = find_canaries([SECRET_NUMBER, SECRET_FILE, *also], paths)
    verdict(not shown, "neither the number nor the file's name can be read in what left")


def mail_path(mail):
    path = os.path.join(office.folder, "shown.eml")
    with open(path, "wb") as f:
        f.write(mail.raw)
    return path


def show_smime(key, certificate):
    title(1, "S/MIME: Jan's certificate is on file")
    _, reply = office.send(our_letter("jan@klant.nl"), ["jan@klant.nl"])
    row("reply", "%d %s" % reply, dim)
    mail = office.hop.wait(1)[-1]
    row("left", excerpt(mail.raw), dim)
    hidden(mail)
    row("Jan opens", "$ openssl cms -decrypt -recip jan.pem -inkey jan.key", dim)
    opened = run("openssl", "cms", "-decrypt", "-recip", certificate, "-inkey", key, stdin=mail.raw).stdout
    row("Jan reads", reading(opened))
    verdict(SECRET_NUMBER.encode() in opened, "opened with openssl")


def show_pgp():
    title(2, "PGP: Eva's key is on file")
    _, reply = office.send(our_letter("eva@klant.nl"), ["eva@klant.nl"])
    row("reply", "%d %s" % reply, dim)
    mail = office.hop.wait(2)[-1]
    row("left", excerpt(mail.raw), dim)
    hidden(mail)
    row("Eva opens", "$ gpg --decrypt", dim)
    opened = office.gpg("--decrypt", stdin=mail.parsed.get_payload()[1].get_payload(decode=True)).stdout
    row("Eva reads", reading(opened))
    verdict(SECRET_NUMBER.encode() in opened, "opened with gpg")


def show_zip():
    title(3, "Zip: of Kees nothing is on file, so the attachments are locked")
    subject = "Your files"
    message = letter(["kees@klant.nl"], subject, "Dear Kees,\n\nThe file is attached.\n\nPiet\n",
                     [(SECRET_FILE, b"%PDF-1.4 " + SECRET_NUMBER.encode())])
    _, reply = office.send(message, ["kees@klant.nl"])
    row("reply", "%d %s" % reply, dim)
    mail = office.hop.wait(3)[-1]
    row("left", reading(mail.raw))
    hidden(mail)
    notice = office.home.wait(1)[-1]
    text = (notice.parsed.get_body(("plain",)) or notice.parsed).get_content().strip()
    row("Piet gets", reflowed(text))
    password = re.search(r"\b[a-z]+(?:-[a-z]+){5}\b", text).group(0)
    verdict(password.encode() not in mail.raw, "the password went to the sender only")
    with tempfile.TemporaryDirectory() as folder:
        [outer] = [p.get_payload(decode=True) for p in mail.parsed.walk() if p.get_filename()]
        with open(folder + "/bijlagen.zip", "wb") as f:
            f.write(outer)
        row("Kees opens", "$ 7zz x bijlagen.zip, and the zip inside it", dim)
        run("7zz", "x", "-y", "-p" + password, "-o" + folder + "/one", folder + "/bijlagen.zip")
        for inner in list(files_below(folder + "/one")):
            run("7zz", "x", "-y", "-o" + folder + "/two", inner)
        names = sorted(os.path.basename(p) for p in files_below(folder + "/two"))
        row("Kees finds", ", ".join(names))
        verdict(SECRET_FILE in names, "opened with 7-Zip")


def show_typo():
    title(4, "A typo: jan@gmial.com")
    before = len(office.hop.mails())
    refused, _ = office.send(our_letter("jan@gmial.com"), ["jan@gmial.com"])
    code, text = refused.get("jan@gmial.com", (0, "not refused"))
    row("reply", "%d %s" % (code, text), dim)
    verdict("did you mean jan@gmail.com?" in text and len(office.hop.mails()) == before, "refused inside the SMTP session; nothing left")
    _, reply = office.send(our_letter("jan@gmial.com"), ["jan@gmial.com"])
    row("again", "%d %s" % reply if reply else "refused", dim)
    verdict(bool(reply) and reply[0] == 250, "sent again, which is the confirmation")
    office.hop.wait(before + 1)


def show_no_way():
    title(5, "No way to seal: a rule demands S/MIME for rechtbank.nl, and there is no certificate")
    before = len(office.hop.mails())
    _, reply = office.send(our_letter("griffie@rechtbank.nl"), ["griffie@rechtbank.nl"])
    row("reply", "%d %s" % reply, dim)
    time.sleep(0.5)
    verdict(reply[0] == 550 and len(office.hop.mails()) == before, "refused before the 250; nothing left")


def show_traces():
    title(6, "What stays behind")
    paths = list(files_below(office.state)) + [office.logs]
    verdict(not find_canaries([SECRET_NUMBER, SECRET_FILE], paths), "no byte of it in the store (%d files) nor in the log" % (len(paths) - 1))
    for line in office.log_lines()[-3:]:
        row("log", line, dim)


def main():
    global office
    bin, once = sys.argv[1], "--once" in sys.argv[2:]
    folder = tempfile.mkdtemp(prefix="zegel-demo-")
    started = time.monotonic()
    with Office(bin, folder) as office:
        print(bold("Zegel demo") + dim("  everything on loopback, in " + folder))
        office.make_ca()
        key, certificate = office.make_certificate("jan@klant.nl")
        public = office.make_pgp_key("eva@klant.nl")
        with open(office.allowlist, "a") as f:
            f.write("rechtbank.nl\n")
        office.configure(sections='[[protect.rule]]\nto = ["rechtbank.nl"]\nmethods = ["smime"]\n')
        imported = office.zegel("key", "import", certificate, public).stdout.decode().strip()
        row("keys", imported.replace(folder + "/", ""), dim)
        office.start()
        row("gateway", "127.0.0.1:%d" % office.port)
        row("next hop", "127.0.0.1:%d, keeps what it gets in %s" % (office.hop.port, office.hop.dir))
        row("office", "127.0.0.1:%d, gets notices and bounces" % office.home.port)
        show_smime(key, certificate)
        show_pgp()
        show_zip()
        show_typo()
        show_no_way()
        show_traces()
        print("\n" + (red("%d things went wrong: %s" % (len(failures), "; ".join(failures))) if failures else
                      green("Everything was as it should be.") + dim("  %.0f s" % (time.monotonic() - started))))
        if not once and not failures:
            print("\nThe gateway stays up. Try it yourself, Ctrl-C ends it:\n")
            print("  swaks --server 127.0.0.1:%d --from %s --to jan@klant.nl --attach @/etc/hostname" % (office.port, SENDER))
            print("  %s/zegel explain --config %s --from %s --to jan@gmial.com" % (os.path.relpath(office.bin), office.config, SENDER))
            print("  ls %s" % office.hop.dir)
            try:
                while office.daemon.alive():
                    time.sleep(0.5)
            except KeyboardInterrupt:
                print()
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
