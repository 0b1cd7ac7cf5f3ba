"""read_zip.py FILE PASSWORD: opens a nested zip with Python's own zipfile and the openssl program (for AES), after WinZip's
description of its AES, and prints `SHA-256  name` for each file inside. A reader that shares no code with the writer."""
import hashlib
import hmac
import io
import struct
import subprocess
import sys
import zipfile
import zlib

path, password = sys.argv[1], sys.argv[2].encode()
data = open(path, "rb").read()
outer = zipfile.ZipFile(path).infolist()
assert len(outer) == 1, "more than one entry outside"
entry = outer[0]
assert entry.compress_type == 99 and entry.flag_bits & 1 , "not AES"
assert entry.extra == struct.pack("<HHH2sBH", 0x9901, 7, 1, b"AE", 3, 0), "not AES-256, stored"
name_size, extra_size = struct.unpack_from("<HH", data, entry.header_offset + 26)
begin = entry.header_offset + 30 + name_size + extra_size
raw = data[begin:begin + entry.compress_size]
salt, check, ciphertext, code = raw[:16], raw[16:18], raw[18:-10], raw[-10:]
keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 66)
assert keys[64:] == check, "wrong password"
assert hmac.new(keys[32:64], ciphertext, "sha1").digest()[:10] == code, "wrong authentication code"
counters = b"".join(struct.pack("<QQ", n, 0) for n in range(1, len(ciphertext) // 16 + 2))
stream = subprocess.run(["openssl", "enc", "-aes-256-ecb", "-nopad", "-K", keys[:32].hex()], input=counters,
                        stdout=subprocess.PIPE, check=True).stdout[:len(ciphertext)]
plain = (int.from_bytes(ciphertext, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(ciphertext), "big")
assert len(plain) == entry.file_size and zlib.crc32(plain) == entry.CRC
inner = zipfile.ZipFile(io.BytesIO(plain))
assert inner.testzip() is None
for each in inner.infolist():
    print(hashlib.sha256(inner.read(each)).hexdigest(), each.filename, sep="  ")
