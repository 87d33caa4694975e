import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createMessage, encrypt, enums, generateKey, readKey } from 'openpgp'
import pg from 'pg'
import { startEmbeddedPostgres } from '#store'
import { benchMail } from './bench-mail.ts'

/*
 * What the mail bench is held against, as a process of its own: OpenPGP.js encrypts a mail to one key of the
 * desk's kind, and one insert stores it. It says `ready`, takes a number a line, and says `done`.
 */

const dir = await mkdtemp(join(tmpdir(), 'postern-bare-'))
const server = await startEmbeddedPostgres({ dir, log: () => undefined })
const database = new pg.Client({ ...server.config })
await database.connect()
await database.query('create table mail (id bigserial primary key, sealed bytea not null)')
const config = { v6Keys: true, aeadProtect: true, preferredAEADAlgorithm: enums.aead.gcm }
const made = await generateKey({
  userIDs: { name: 'bench' },
  type: 'curve25519',
  format: 'armored',
  config,
})
const encryptionKeys = await readKey({ armoredKey: made.publicKey })
console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  for (let left = Number(line); left > 0; left--) {
    const message = await createMessage({ binary: benchMail() })
    const sealed: unknown = await encrypt({ message, encryptionKeys, format: 'binary', config })
    if (!(sealed instanceof Uint8Array)) throw new TypeError('a binary format gives bytes')
    await database.query('insert into mail (sealed) values ($1)', [Buffer.from(sealed)])
  }
  console.log('done')
}
await database.end()
await server.stop()
await rm(dir, { recursive: true, force: true })
