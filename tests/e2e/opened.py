"""What a recipient finds in a message, with tools that are not ours."""
import email, email.policy, os, sys

sys.path.insert(0, os.path.dirname(__file__))
from office import files_below, run


def leaves(entity):
    """(file name, content) of each part."""
    parsed = email.message_from_bytes(entity, policy=email.policy.SMTP)
    return [(p.get_filename(), p.get_payload(decode=True) or b"") for p in parsed.walk() if not p.is_multipart()]


def unlock(outer, password, folder):
    """The files in a zip of Zegel's, by name: 7-Zip opens the locked one, and the one in it. `folder` is made."""
    os.makedirs(folder)
    with open(folder + "/outer.zip", "wb") as f:
        f.write(outer)
    run("7zz", "x", "-y", "-p" + password, "-o" + folder + "/one", folder + "/outer.zip")
    [inner] = os.listdir(folder + "/one")
    run("7zz", "x", "-y", "-o" + folder + "/two", folder + "/one/" + inner)
    found = {}
    for path in files_below(folder + "/two"):
        with open(path, "rb") as f:
            found[os.path.basename(path)] = f.read()
    return found
