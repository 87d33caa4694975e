const KIB = 1024
const MIB = 1024 * KIB

/** Sizes that bound every input, in bytes unless said otherwise. PROTOCOL 2 and 2.1 fix the first group. */
export const LIMITS = {
  head: 64 * KIB,
  chain: 100_000,
  depth: 8,
  certificate: 4 * KIB,
  piece: MIB,
  label: 284,

  /** A sealed wrap: one secret key padded, and its key packet. */
  wrap: 8 * KIB,
  /** A sealed body in one piece: the text of a message with its list of files. */
  body: MIB,
  /** One mail as it came. Its sealed body is larger than other bodies, and lies in pieces. */
  mail: 30 * MIB,
  /** An answer by OpenPGP mail, in armor: with a batch it is one request. */
  mailAnswer: 3 * MIB,
  /** The files of an answer that go with it by mail, before they are encoded. */
  mailFiles: 1.5 * MIB,
  /** What a domain gives as the key of an address, and what stands in a mail as one. */
  foundKey: 64 * KIB,
  /** The text of a message before it is sealed. */
  text: 256 * KIB,
  vault: 32 * KIB,
  /** Letters of the note on an invitation, in UTF-16 units. */
  invitationNote: 80,
  /** One JSON request: a batch of statements with its small blobs in base64. */
  request: 4 * MIB,
  /** Statements in one batch. */
  batch: 200,
  filesPerMessage: 50,
  /** One document of the public tree. */
  document: MIB,
  /** A document in Markdown, in UTF-16 units: what renders it works by the square of some of it. */
  markdown: 64 * KIB,
  /** Documents in one request. */
  documents: 1000,
  /** Hashes of documents in one question. */
  hashes: 20_000,
  /** One attachment after sealing. */
  file: 1024 * MIB,
} as const
