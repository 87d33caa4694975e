"""What the openssl command computes. AES-GCM it lacks: GHASH is here, the AES is its own."""

import functools
import os
import re
import subprocess
import tempfile

SMALL_ORDER = set()
FIELD = 2**255 - 19
ED25519 = bytes.fromhex('302a300506032b6570032100')
X25519 = bytes.fromhex('302a300506032b656e032100')
X25519_SECRET = bytes.fromhex('302e020100300506032b656e04220420')


def openssl(arguments, content=b'', files=()):
    """Its output, or None when it says no. `{0}`, `{1}` in the arguments are files."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, held in enumerate(files):
            names.append(os.path.join(folder, str(number)))
            with open(names[-1], 'wb') as file:
                file.write(held)
        words = [word.format(*names) for word in arguments.split()]
        ran = subprocess.run(['openssl', *words], input=content, capture_output=True, check=False)
    return ran.stdout if ran.returncode == 0 else None


def is_person(text):
    """An Ed25519 key: canonical, and not of small order whatever the sign bit."""
    if type(text) is not str or not re.fullmatch('[0-9a-f]{64}', text):
        return False
    point = bytearray.fromhex(text)
    point[31] &= 127
    return point.hex() not in SMALL_ORDER and int.from_bytes(point, 'little') < FIELD


@functools.cache
def verify_ed25519(who, message, signature):
    command = 'pkeyutl -verify -pubin -keyform DER -inkey {0} -rawin -in {1} -sigfile {2}'
    key = ED25519 + bytes.fromhex(who)
    return openssl(command, files=(key, message, signature)) is not None


def verify(who, message, signature):
    if not is_person(who) or not re.fullmatch('[0-9a-f]{128}', signature):
        return False
    return verify_ed25519(who, message, bytes.fromhex(signature))


def x25519(secret, public):
    command = 'pkeyutl -derive -keyform DER -inkey {0} -peerform DER -peerkey {1}'
    return openssl(command, files=(X25519_SECRET + secret, X25519 + public))


def x25519_public(secret):
    der = openssl('pkey -inform DER -in {0} -pubout -outform DER', files=(X25519_SECRET + secret,))
    return der[-32:]


def ed25519_public(secret):
    private = X25519_SECRET.replace(b'\x2b\x65\x6e', b'\x2b\x65\x70') + secret
    return openssl('pkey -inform DER -in {0} -pubout -outform DER', files=(private,))[-32:]


def unwrap_aes(key, wrapped):
    """RFC 3394; None when the integrity check fails."""
    command = f'enc -d -id-aes{8 * len(key)}-wrap -K {key.hex()} -iv A6A6A6A6A6A6A6A6'
    return openssl(command, wrapped)


def decrypt_cfb(key, content):
    return openssl(f'enc -d -aes-256-cfb -K {key.hex()} -iv {bytes(16).hex()}', content)


def open_gcm(key, iv, aad, sealed):
    """The text, or None when the tag does not fit (NIST SP 800-38D)."""
    text, tag = sealed[:-16], sealed[-16:]
    blocks = bytes(16) + iv + b'\x00\x00\x00\x01'
    made = openssl(f'enc -aes-256-ecb -nopad -K {key.hex()}', blocks)
    hash_key, mask = made[:16], made[16:32]
    pad = lambda part: part + bytes(-len(part) % 16)
    lengths = (8 * len(aad)).to_bytes(8, 'big') + (8 * len(text)).to_bytes(8, 'big')
    own = ghash(hash_key, pad(aad) + pad(text) + lengths)
    if bytes(a ^ b for a, b in zip(own, mask)) != tag:
        return None
    counter = (iv + b'\x00\x00\x00\x02').hex()
    return openssl(f'enc -d -aes-256-ctr -K {key.hex()} -iv {counter}', text) if text else b''


def ghash(hash_key, content):
    powers = [int.from_bytes(hash_key, 'big')]
    for _ in range(127):
        last = powers[-1]
        powers.append((last >> 1) ^ ((0xE1 << 120) if last & 1 else 0))
    state = 0
    for at in range(0, len(content), 16):
        state ^= int.from_bytes(content[at : at + 16], 'big')
        product = 0
        for bit in range(128):
            if state >> (127 - bit) & 1:
                product ^= powers[bit]
        state = product
    return state.to_bytes(16, 'big')
