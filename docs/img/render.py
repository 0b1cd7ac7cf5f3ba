#!/usr/bin/env python3
"""Draws the mails of ../recipients.md as a mail program shows them: mail-nl.png, notice-nl.png and so for en and de.

    apt-get install chromium pngquant && ./render.py

The texts are taken from that page, and a test holds the page to what the program really sends.
"""
import html
import pathlib
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
PAGE = (HERE.parent / "recipients.md").read_text(encoding="utf-8")

# heading of the page, subject, greeting, size
MAILS = {
    "nl": ("Bijlagen, Nederlands", "Uw dossier", "Geachte heer De Vries,\n\nBijgaand de stukken die we gisteren bespraken.\n\nMet vriendelijke groet,\nPiet Jansen", "bijlagen.zip", "212 kB"),
    "en": ("Attachments, English", "Your file", "Dear Ms Shaw,\n\nPlease find attached the papers we discussed yesterday.\n\nKind regards,\nPiet Jansen", "attachments.zip", "212 kB"),
    "de": ("Anlagen, Deutsch", "Ihre Unterlagen", "Sehr geehrte Frau Krüger,\n\nanbei die gestern besprochenen Unterlagen.\n\nMit freundlichen Grüßen\nPiet Jansen", "anlagen.zip", "212 kB"),
}

FRAME = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #fff; font: 14px/1.45 "DejaVu Sans", sans-serif; color: #222 }}
.head {{ padding: 14px 22px; border-bottom: 1px solid #ddd; background: #f6f7f9 }}
.subject {{ font-size: 18px; font-weight: bold }} .from {{ color: #555; margin-top: 4px; font-size: 12.5px }}
.text {{ padding: 14px 22px; white-space: pre-wrap }} .cover {{ padding: 14px 22px; white-space: pre-wrap; border-top: 1px solid #eee }}
.file {{ margin: 4px 22px 0; display: inline-block; border: 1px solid #ccc; border-radius: 6px; padding: 8px 14px; background: #f6f7f9 }}
.zip {{ background: #c9962c; color: #fff; font-size: 10px; font-weight: bold; border-radius: 3px; padding: 2px 5px; margin-right: 8px }}
.size {{ color: #777; font-size: 12px; padding-left: 8px }}
</style><div class="head"><div class="subject">{subject}</div><div class="from">{sender}</div></div>
<div class="text">{body}</div>{rest}"""


NOTICES = {
    "nl": ("Aan de afzender, Nederlands", "Wachtwoord voor uw bericht aan jan@klant.nl"),
    "en": ("To the sender, English", "Password for your message to jan@klant.nl"),
    "de": ("An den Absender, Deutsch", "Passwort für Ihre Nachricht an jan@klant.nl"),
}
LINE = 20.3  # pixels


def text_of(heading):
    found = re.search(rf"### {re.escape(heading)}\n+```text\n(.*?)```", PAGE, re.DOTALL)
    return found.group(1).strip()


def draw(name, content, width, height):
    picture = HERE / f"{name}.png"
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "mail.html"
        page.write_text(content, encoding="utf-8")
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                        f"--user-data-dir={folder}/profile", f"--window-size={width},{int(height)}", f"--screenshot={picture}",
                        page.as_uri()], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["pngquant", "--force", "--output", picture, "32", picture], check=True)


def mail(language):
    heading, subject, body, name, size = MAILS[language]
    cover = text_of(heading)
    lines = (body + cover).count("\n") + 2
    file = f'<div class="file"><span class="zip">ZIP</span>{name}<span class="size">{size}</span></div>'
    draw(f"mail-{language}", FRAME.format(sender="Piet Jansen &lt;piet@kantoor.nl&gt;", subject=subject, body=html.escape(body),
         rest=f'<div class="cover">{html.escape(cover)}</div>{file}'), 620, 77 + 4 * 14 + lines * LINE + 60)


def notice(language):
    heading, subject = NOTICES[language]
    text = text_of(heading)
    draw(f"notice-{language}", FRAME.format(sender="Zegel &lt;MAILER-DAEMON@zegel.kantoor.nl&gt;", subject=subject,
         body=html.escape(text), rest=""), 760, 77 + 2 * 14 + (text.count("\n") + 1) * LINE + 6)


for each in MAILS:
    mail(each)
    notice(each)
