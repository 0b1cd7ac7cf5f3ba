"""Keys that must not be used: each is refused with its reason by `zegel check`, by `zegel explain` and in the SMTP reply."""
import json, os, re, struct, sys, unittest

sys.path.insert(0, os.path.dirname(__file__))
from office import Office, SENDER, letter, run

BIN = os.environ.get("ZEGEL_BIN", "build/release/bin")
FOR_MAIL = "extendedKeyUsage=emailProtection\n"
DAY = 86400


def version_6(address):
    """A certificate of RFC 9580: the primary key of its appendix A.3, and a user id."""
    key = bytes.fromhex("0663877fe31b00000020f94da7bb48d60a61e567706a6587d0331999bb9d891a08242ead84543df895a3")
    return b"\xc6" + bytes([len(key)]) + key + b"\xcd" + bytes([len(address)]) + address.encode()


def keybox_blob(packets):
    """As gpg keeps a key, but without what it looks keys up by."""
    head = b"\x02\x01\0\0" + struct.pack(">II", 40, len(packets)) + struct.pack(">HHHHHHH", 0, 28, 0, 0, 12, 0, 4) + bytes(10)
    return struct.pack(">I", 4 + len(head) + len(packets) + 20) + head + packets + bytes(20)


class Unusable(unittest.TestCase):
    def setUp(self):
        self.office = Office(BIN)
        self.addCleanup(self.office.__exit__)

    def line_of(self, words):
        with open(self.office.config) as f:
            return f.read().splitlines().index(words) + 1

    def refused_everywhere(self, method, table):
        """`table`: address -> the reason. It must stand in `zegel check ADDRESS`, in `zegel explain` and in the SMTP reply; in
        `zegel check` too, but for the keys in `self.good_for_others`, which are good keys of somebody else."""
        office = self.office
        whole = office.zegel("check", check=False).stdout.decode()
        asked = office.zegel("check", *table, check=False)
        self.assertEqual((asked.returncode, asked.stderr), (78, b""))
        said = json.loads(office.zegel("explain", "--from", SENDER, "--to", ",".join(table), "--json").stdout)
        explained = {one["to"]: one for one in said}
        office.start()
        for address, reason in table.items():
            with self.subTest(address):
                of_the_key = [l for l in whole.splitlines() if "the key of %s is never used: " % address in l]
                if address not in self.good_for_others:
                    self.assertTrue(of_the_key, whole)
                    self.assertRegex(of_the_key[0], r"^\S+:\d+:\d+: .*%s.*; .*key remove [0-9A-F]{40}" % reason)
                [of_the_person] = [l for l in asked.stdout.decode().splitlines() if "mail for %s is refused: " % address in l]
                self.assertRegex(of_the_person, r"^/\S+zegel\.toml:\d+:\d+: .*: %s: .*%s.*; .*key import" % (method, reason))
                self.assertEqual(explained[address]["outcome"], "refuse")
                self.assertNotIn("keys", explained[address])
                self.assertRegex(explained[address]["why"], "^%s: .*%s" % (method, reason))
                refused, reply = office.send(letter([address]), [address])
                self.assertEqual((refused, reply[0]), ({}, 550), reply)
                self.assertRegex(reply[1], r"^5\.7\.5 <%s>: no way to seal for this recipient: %s: .*%s" % (address, method, reason))
        self.assertEqual(office.hop.mails(), [])
        return whole


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
        self.issue("label@klant.nl", "email:somebody@ander.nl")
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
        os.replace(office.make_pgp_key("lost@klant.nl"), office.smime + "/lost.asc")
        run(*self.ca, "-revoke", revoked)
        os.mkdir(office.folder + "/crl")
        run(*self.ca, "-gencrl", "-out", office.folder + "/crl/ca.crl")
        office.configure(protect='methods = ["smime"]')
        with open(office.config) as f:
            config = f.read().replace("[smime]\n", '[smime]\nauthorities = "ca.pem"\ncrl_dir = "crl"\n')
        with open(office.config, "w") as f:
            f.write(config)
        self.good_for_others = ("other@klant.nl", "a@klant.nl", "label@klant.nl", "broken@klant.nl")
        checked = self.refused_everywhere("smime", {
            "expired@klant.nl": "expired on 2021-01-01",
            "future@klant.nl": "not valid before 2090-01-01",
            "revoked@klant.nl": "revoked on 20",
            "other@klant.nl": "no certificate",
            "a@klant.nl": "no certificate",
            "label@klant.nl": "has this address only in its subject, and is of somebody@ander.nl",
            "no-usage@klant.nl": "no extended key usage emailProtection",
            "web@klant.nl": "no extended key usage emailProtection",
            "signs@klant.nl": "for signing only",
            "short@klant.nl": "RSA-1024 is too short",
            "sha1@klant.nl": "signed with SHA-1",
            "edwards@klant.nl": "keys cannot be encrypted to",
            "alone@klant.nl": "no authority vouches for it, nor was it imported by hand",
            "broken@klant.nl": "no certificate",
        })
        self.assertRegex(checked, r"the key of somebody@ander\.nl has label@klant\.nl in its name, and is never used for that address; ")
        self.assertRegex(checked, r"smime/lost\.asc:1:1: a PGP key, which nothing uses in a folder of certificates; zegel key import")
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
        office.configure(protect='methods = ["pgp"]', sections="""[[protect.rule]]
to = ["a@klant.nl", "xa@klant.nl", "klant.nl"]
""")
        v6 = office.folder + "/v6.pgp"
        with open(v6, "wb") as f:
            f.write(version_6("v6@klant.nl"))
        done = office.zegel("key", "import", v6, check=False)
        self.assertEqual(done.returncode, 65)
        self.assertIn(b"NOT imported: a version 6 key: only version 4", done.stdout)
        with open(office.state + "/gnupg/pubring.kbx", "rb") as f:
            ring = f.read()
        with open(office.state + "/gnupg/pubring.kbx", "wb") as f:  # before all others: gpg alone would see none of them
            f.write(ring[:32] + keybox_blob(version_6("v6@klant.nl")) + ring[32:])
        self.good_for_others = ("a@klant.nl", "look-alike@klant.nl")
        checked = self.refused_everywhere("pgp", {
            "expired@klant.nl": "expired on 20(20-12|21-01)",
            "old-subkey@klant.nl": "its encryption subkey expired on 20(20-12|21-01)",
            "revoked@klant.nl": "revoked",
            "disabled@klant.nl": "disabled",
            "signs@klant.nl": "for signing only",
            "short@klant.nl": "RSA-1024 is too short",
            "a@klant.nl": "no key",
            "look-alike@klant.nl": "has this address only in its name, and is of somebody@ander.nl",
            "v6@klant.nl": "a version 6 key: only version 4 can be used",
        })
        [named] = [l for l in checked.splitlines() if "mail for a@klant.nl is refused: pgp: no key for this address; " in l]
        self.assertRegex(named, r"^/\S+zegel\.toml:%d:1: " % self.line_of("[[protect.rule]]"))
        self.assertEqual(checked.count(": mail for "), 1)
        self.assertRegex(checked, r"the key of somebody@ander\.nl has look-alike@klant\.nl in its name, and is never used for that address; ")
        office.zegel("key", "remove", json.loads(office.zegel("key", "show", "v6@klant.nl", "--json").stdout)[0]["fingerprint"])
        self.assertEqual(office.zegel("key", "show", "v6@klant.nl", check=False).returncode, 66)
        self.assertIn(b"signs@klant.nl", office.zegel("key", "list").stdout)


if __name__ == "__main__":
    unittest.main()
