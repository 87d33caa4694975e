import { type Config, config, enums } from 'openpgp'

/**
 * The two profiles of PROTOCOL 2.1. Every call of openpgp names one of them: the library's defaults
 * allow unbounded decompression, a terabyte of Argon2 and SEIPD v1 to v6 keys.
 */
const STRICT: Config = {
  ...config,
  showVersion: false,
  showComment: false,
  preferredCompressionAlgorithm: enums.compression.uncompressed,
  maxDecompressedMessageSize: 0,
  maxArgon2MemoryExponent: 1,
  maxUserIDLength: 256,
  allowUnauthenticatedMessages: false,
  allowUnauthenticatedStream: false,
  enforceGrammar: true,
  ignoreUnsupportedPackets: false,
  constantTimePKCS1Decryption: true,
  // These no browser computes by itself: a certificate that one reader takes is taken by all.
  rejectHashAlgorithms: new Set([
    ...config.rejectHashAlgorithms,
    enums.hash.sha224,
    enums.hash.sha3_256,
    enums.hash.sha3_512,
  ]),
  knownNotations: [],
}

/** v6 keys and SEIPD v2 with AES-256-GCM: everything inside the desk. Never OCB: browsers compute it in script. */
export const PROFILE_V6: Config = {
  ...STRICT,
  v6Keys: true,
  aeadProtect: true,
  preferredAEADAlgorithm: enums.aead.gcm,
}

/** v4 keys and SEIPD v1: only for the published mail key and for members who use gpg. */
export const PROFILE_V4: Config = { ...STRICT, v6Keys: false, aeadProtect: false }

/**
 * When certificates are judged: at the end of time. Ours do not expire, and the library would refuse one
 * whose maker's clock is a second ahead of the reader's; a revocation counts whenever it was made.
 */
export const AT_ANY_TIME = new Date(8.64e15)

/** The user id of every key that we make: a key says nothing about its holder. */
export const USER_ID = { name: 'postern' }
