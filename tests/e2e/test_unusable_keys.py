"""Keys that must not be used: each is refused with its reason by `zegel check`, by `zegel explain` and in the SMTP reply."""
import json, os, re, sys, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, SENDER, letter, run

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
FOR_MAIL = "extendedKeyUsage=emailProtection\n"
DAY = 86400


class Unusable(unittest.TestCase):
    def setUp(self):
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)

    def refused_everywhere(self, method, table):
        """`table`: address -> (reason in check, or None where the key is good for somebody else; reason in the reply)."""
        office = self.office
        checked = office.zegel("check", check=False).stdout.decode()
        said = json.loads(office.zegel("explain", "--from", SENDER, "--to", ",".join(table), "--json").stdout)
        explained = {one["to"]: one for one in said}
        office.start()
        for address, (in_check, in_reply) in table.items():
            with self.subTest(address):
                lines = [l for l in checked.splitlines() if "the key of %s is never used: " % address in l]
                if in_check:
                    self.assertTrue(lines, checked)
                    self.assertRegex(lines[0], in_check)
                    self.assertRegex(lines[0], r"^\S+:\d+:\d+: .*; .*key remove")
                else:
                    self.assertEqual(lines, [])
                self.assertEqual(explained[address]["outcome"], "refuse")
                self.assertEqual(explained[address]["keys"] if "keys" in explained[address] else [], [])
                self.assertRegex(explained[address]["why"], in_check or "for this address")
                refused, reply = office.send(letter([address]), [address])
                self.assertEqual((refused, reply[0]), ({}, 550), reply)
                self.assertRegex(reply[1], r"^5\.7\.5 <%s>: no way to seal for this recipient: %s: .*%s" % (address, method, in_reply))
        self.assertEqual(office.hop.mails(), [])
        return checked


class Certificates(Unusable):
    def request(self, name, algorithm="rsa:2048"):
        base = self.office.folder + "/" + name
        run("openssl", "req", "-new", "-newkey", algorithm, "-nodes", "-keyout", base + ".key", "-out", base + ".csr", "-subj", "/CN=" + name)
        return base

    def authority(self):
        """An authority with a database, which can date and revoke."""
        office, folder = self.office, self.office.folder
        office.make_ca()
        for name, content in (("index.txt", ""), ("serial", "1000\n"), ("crlnumber", "01\n"), ("ca.cnf", """[ca]
default_ca=x
[x]
database=%(f)s/index.txt
serial=%(f)s/serial
crlnumber=%(f)s/crlnumber
new_certs_dir=%(f)s
default_md=sha256
default_days=30
default_crl_days=30
policy=any
unique_subject=no
[any]
commonName=optional
""" % {"f": folder})):
            with open(folder + "/" + name, "w") as f:
                f.write(content)
        self.ca = ("openssl", "ca", "-batch", "-config", folder + "/ca.cnf", "-keyfile", folder + "/ca.key", "-cert", folder + "/ca.pem")

    def issue(self, name, names, extensions=FOR_MAIL, algorithm="rsa:2048", more=()):
        base = self.request(name, algorithm)
        with open(base + ".ext", "w") as f:
            f.write(("subjectAltName=%s\n" % names if names else "") + extensions)
        path = self.office.smime + "/" + name + ".pem"
        run(*self.ca, "-in", base + ".csr", "-extfile", base + ".ext", "-notext", "-out", path, *more)
        return path

    def self_signed(self, name, names):
        base = self.request(name)
        with open(base + ".ext", "w") as f:
            f.write("subjectAltName=%s\n%s" % (names, FOR_MAIL))
        run("openssl", "x509", "-req", "-in", base + ".csr", "-signkey", base + ".key", "-days", "30", "-extfile", base + ".ext",
            "-out", self.office.smime + "/" + name + ".pem")

    def test_each_says_why(self):
        office = self.office
        self.authority()
        mail = "email:%s@klant.nl"
        self.issue("expired", mail % "expired", more=("-startdate", "20200101000000Z", "-enddate", "20210101000000Z"))
        self.issue("future", mail % "future", more=("-startdate", "20900101000000Z", "-enddate", "20910101000000Z"))
        revoked = self.issue("revoked", mail % "revoked")
        self.issue("other", mail % "other-name")
        self.issue("substring", "email:xa@klant.nl")
        self.issue("no-usage", mail % "no-usage", extensions="basicConstraints=CA:FALSE\n")
        self.issue("web", mail % "web", extensions="extendedKeyUsage=serverAuth\n")
        self.issue("signs", mail % "signs", extensions=FOR_MAIL + "keyUsage=digitalSignature\n")
        self.issue("short", mail % "short", algorithm="rsa:1024")
        self.issue("sha1", mail % "sha1", more=("-md", "sha1"))
        self.issue("edwards", mail % "edwards", algorithm="ed25519")
        self.self_signed("alone", mail % "alone")
        with open(office.smime + "/broken.der", "wb") as f:
            f.write(b"\x30\x82\x03\x10 not really")
        run(*self.ca, "-revoke", revoked)
        os.mkdir(office.folder + "/crl")
        run(*self.ca, "-gencrl", "-out", office.folder + "/crl/ca.crl")
        office.configure(protect='methods = ["smime"]')
        with open(office.config) as f:
            config = f.read().replace("[smime]\n", '[smime]\nauthorities = "ca.pem"\ncrl_dir = "crl"\n')
        with open(office.config, "w") as f:
            f.write(config)
        none = (None, "no certificate")
        same = lambda reason: (reason, reason)
        checked = self.refused_everywhere("smime", {
            "expired@klant.nl": same("expired on 2021-01-01"),
            "future@klant.nl": same("not valid before 2090-01-01"),
            "revoked@klant.nl": same("revoked on 20"),
            "other@klant.nl": none,
            "a@klant.nl": none,
            "no-usage@klant.nl": same("no extended key usage emailProtection"),
            "web@klant.nl": same("no extended key usage emailProtection"),
            "signs@klant.nl": same("for signing only"),
            "short@klant.nl": same("RSA-1024 is too short"),
            "sha1@klant.nl": same("signed with SHA-1"),
            "edwards@klant.nl": same("keys cannot be encrypted to"),
            "alone@klant.nl": same("no authority vouches for it, nor was it imported by hand"),
            "broken@klant.nl": none,
        })
        self.assertRegex(checked, r"smime/broken\.der:1:1: .*; mend the file or take it out")


class PgpKeys(Unusable):
    def make(self, address, primary="ed25519", subkey="cv25519", made_in=None, name=None, expires="1y"):
        """Into Zegel's ring by gpg itself, past the doorkeeping of `zegel key import`. Its fingerprint."""
        then = ("--faked-system-time", made_in) if made_in else ()
        uid = "%s <%s>" % (name or "Test", address)
        self.office.gpg(*then, "--quick-gen-key", uid, primary, "cert,sign", expires)
        listed = self.office.gpg("--with-colons", "--list-keys", "=" + uid).stdout.decode()
        fingerprint = re.search(r"^fpr:+([0-9A-F]{40}):", listed, re.M).group(1)
        if subkey:
            self.office.gpg(*then, "--quick-add-key", fingerprint, subkey, "encr", expires)
        self.take(fingerprint)
        return fingerprint

    def ring(self, *words, stdin=None):
        home = self.office.state + "/gnupg"
        os.makedirs(home, mode=0o700, exist_ok=True)
        return run("gpg", "--homedir", home, "--batch", "--quiet", "--no-tty", *words, stdin=stdin)

    def take(self, fingerprint):
        self.ring("--import", stdin=self.office.gpg("--export", fingerprint).stdout)

    def test_each_says_why(self):
        office = self.office
        os.makedirs(office.state, mode=0o700)
        self.make("expired@klant.nl", made_in="20200101T000000", expires="20210101T000000")
        old = self.make("old-subkey@klant.nl", subkey=None, made_in="20200101T000000", expires="never")
        office.gpg("--faked-system-time", "20200101T000000", "--quick-add-key", old, "cv25519", "encr", "20210101T000000")
        self.take(old)
        revoked = self.make("revoked@klant.nl")
        with open(office.folder + "/people-gnupg/openpgp-revocs.d/%s.rev" % revoked) as f:
            self.ring("--import", stdin=f.read().replace(":-----BEGIN", "-----BEGIN").encode())
        disabled = self.make("disabled@klant.nl")
        self.ring("--no-batch", "--command-fd", "0", "--edit-key", disabled, stdin=b"disable\nsave\n")
        self.make("signs@klant.nl", subkey=None)
        self.make("short@klant.nl", primary="rsa1024", subkey="rsa1024")
        self.make("xa@klant.nl")
        self.make("somebody@ander.nl", name="look-alike@klant.nl")
        with open(office.allowlist, "a") as f:
            f.write("ander.nl\n")
        office.configure(protect='methods = ["pgp"]')
        v6 = office.folder + "/v6.pgp"
        with open(v6, "wb") as f:
            f.write(b"\xc6\x0a\x06\x66\0\0\0\x1b\0\0\0\0")
        done = office.zegel("key", "import", v6, check=False)
        self.assertEqual(done.returncode, 65)
        self.assertIn(b"NOT imported: a version 6 key: only version 4", done.stdout)
        none = (None, "no key")
        same = lambda reason: (reason, reason)
        self.refused_everywhere("pgp", {
            "expired@klant.nl": same("expired on 20(20-12|21-01)"),
            "old-subkey@klant.nl": same("its encryption subkey expired on 20(20-12|21-01)"),
            "revoked@klant.nl": same("revoked"),
            "disabled@klant.nl": same("disabled"),
            "signs@klant.nl": same("for signing only"),
            "short@klant.nl": same("RSA-1024 is too short"),
            "a@klant.nl": none,
            "look-alike@klant.nl": none,
            "v6@klant.nl": none,
        })


if __name__ == "__main__":
    unittest.main()
