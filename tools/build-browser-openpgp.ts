/*
 * A reporter's worker gets the small build of OpenPGP.js without what it never uses: it makes, reads and
 * seals to version 6 keys of Ed25519 and X25519, with AES-256-GCM, all of it computed by the
 * browser. What is left out throws where it stood. Nothing is changed in what stays.
 */

/** Loaded by the library when it needs them, which would be outside of the page's integrity. */
const PIECES = /(argon2id|legacy_ciphers|nacl-fast|noble_curves|noble_hashes|unbzip2-stream)\.mjs$/

/** By the names that they have in the version of package-lock.json, `Class.method` too; see `without`. */
const LEFT_OUT = [
  // RSA, ElGamal, DSA
  'generate$4 encrypt$6 decrypt$6 sign$6 verify$6 validateParams$8 smallPrimes',
  'encrypt$5 decrypt$5 validateParams$7 sign$2 verify$2 validateParams$1',
  // the curves of NIST, and version 4 keys of Curve25519: people with gpg and the published mail key
  'generate$1 sign$4 verify$4 sign$3 verify$3 encrypt$2 decrypt$2 CurveWithOID curves nodeCurves',
  // AES in script, for browsers without the engine's own; the modes that we refuse
  'gcm cbc cfb ctr aeskw CMAC EAX OCB encrypt$1 decrypt$1 nodeAlgos',
  // packets that no sealed blob holds: readSealed looks before, and the library's grammar after it
  'CompressedDataPacket SymEncryptedSessionKeyPacket AEADEncryptedDataPacket',
  'SymmetricallyEncryptedDataPacket OnePassSignaturePacket',
  'createSignaturePackets createVerificationObject',
  'Deflate Inflate Zlib Unzlib',
  // opening: what is of version 6 is opened by a reader of our own, and a reporter opens nothing else
  'readMessage publicKeyDecrypt Message.decrypt Message.decryptSessionKeys Message.verify',
  'SymEncryptedIntegrityProtectedDataPacket.decrypt PublicKeyEncryptedSessionKeyPacket.decrypt',
  'PrivateKey.getDecryptionKeys',
  // bytes in the form of a text: ours are base64 without it
  'unarmor',
  // passphrases: a reporter's keys have none
  'GenericS2K Argon2S2K produceEncryptionKey',
  // keys that are made again, changed, revoked, or signed by others; signatures over messages
  'reformat Key.update Key.applyRevocationCertificate',
  'Key.signPrimaryUser Key.signAllUsers Key.verifyPrimaryUser Key.verifyAllUsers Key.getSigningKey',
  'PrivateKey.revoke PrivateKey.addSubkey Subkey.update Subkey.revoke',
  'User.certify User.update User.revoke User.verifyCertificate User.verifyAllCertifications',
  'SecretKeyPacket.makeDummy SecretKeyPacket.encrypt SecretKeyPacket.decrypt',
  'Message.sign Message.signDetached Message.verifyDetached Message.appendSignature',
  'Message.armor PublicKey.armor PrivateKey.armor Signature.armor',
].flatMap((names) => names.split(' '))

/** What stands in place of a module that is never loaded; `undefined` for every other. */
export function neverLoaded(path: string): string | undefined {
  const name = PIECES.exec(path)?.[1]
  return name === undefined ? undefined : `throw new Error('${name} is not part of this page')`
}

/** The source of the library's small build, less what a reporter never uses. */
export function reportersOpenpgp(source: string): string {
  return LEFT_OUT.reduce(without, source).replace(MAKES_AT_LOAD, '/* @__NO_SIDE_EFFECTS__ */ $&')
}

/** Makes things that only what is left out would use, so that the bundler may drop them. */
const MAKES_AT_LOAD = 'function wrapConstructorWithKey('

/** Throws where the name does not stand there exactly once: then this is another version, to be looked at. */
export function without(source: string, name: string): string {
  const [holder = '', method] = name.split('.')
  const part = partCalled(name, beginOf(holder), source)
  if (method === undefined) return source.replace(part, () => stubOf(name, part))
  const whole = partCalled(name, `^    (?:async )?${method}\\(`, part)
  const left = part.replace(whole, () => `    ${method}() ${refusal(name)}`)
  return source.replace(part, () => left)
}

function beginOf(name: string): string {
  const plain = name.replaceAll('$', String.raw`\$`)
  return String.raw`^(?:(?:async )?function ${plain}\(|class ${plain} |(?:const|var) ${plain} = )`
}

/** The first line that closes something as far to the left as it began ends it. */
function partCalled(name: string, begin: string, source: string): string {
  const margin = /^\^( *)/.exec(begin)?.[1] ?? ''
  const whole = new RegExp(String.raw`${begin}[^]*?^${margin}[}\]].*$`, 'gm')
  const found = source.match(whole) ?? []
  const [part] = found
  if (part === undefined || found.length > 1)
    throw new Error(`OpenPGP.js has ${found.length} parts called ${name}: look at it again.`)
  return part
}

function refusal(name: string): string {
  return `{ throw new Error('${name} is not part of this page') }`
}

/** Kinds of packets keep their number, so that the library still knows what it meets and refuses. */
function stubOf(name: string, part: string): string {
  const refuses = refusal(name)
  const tag = /^ {4}static get tag\(\) \{[^}]*\}/m.exec(part)?.[0] ?? ''
  return part.startsWith('class ')
    ? `class ${name} {\n${tag}\n constructor() ${refuses}\n}`
    : `function ${name}() ${refuses}`
}
