import { decrypt, type PrivateKey, readMessage, readPrivateKey } from 'openpgp'
import { askDatabase } from './database.ts'

/*
 * A thief with the whole database: every sealed thing as it lies there, put together again. They try
 * every key they can come by on every one of them, without asking whom it is addressed to.
 */

export type Loot = {
  /** The statement that names it. */
  readonly seq: number
  readonly type: string
  readonly to: string
  readonly chain: string
  readonly blob: Uint8Array
}

/** Every body, file and wrap in the database, whole. */
export async function stealEverything(data: string): Promise<readonly Loot[]> {
  const blobs = await askDatabase<Row>(
    data,
    `select encode(b.chain, 'hex') chain, b.seq, s.type || ' ' || b.kind as type, b.circle as "to",
       p.bytes || (select string_agg(q.bytes, ''::bytea order by q.n) from blobs.piece q where q.upload = b.upload) as blob
     from blobs.blob b
     join keys.packet p on p.upload = b.upload
     join desk.statement s on s.chain = b.chain and s.seq = b.seq`,
  )
  const wraps = await askDatabase<Row>(
    data,
    `select encode(chain, 'hex') chain, seq, 'wrap' as type, circle || '/' || epoch as "to", bytes as blob from keys.wrap`,
  )
  return [...blobs, ...wraps]
}

/** What these keys open, and what the keys found inside open in turn, until nothing new opens. */
export async function openAll(
  loot: readonly Loot[],
  secrets: readonly Uint8Array[],
): Promise<{ readonly opened: ReadonlySet<Loot>; readonly keys: number }> {
  const keys = await Promise.all(secrets.map((binaryKey) => readPrivateKey({ binaryKey })))
  const opened = new Set<Loot>()
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]
    if (key === undefined) continue
    for (const item of loot) {
      const content = await tryToOpen(item.blob, key)
      if (content === undefined) continue
      opened.add(item)
      const inside = await keyIn(content)
      const known = keys.map((each) => each.getFingerprint())
      if (inside !== undefined && !known.includes(inside.getFingerprint())) keys.push(inside)
    }
  }
  return { opened, keys: keys.length }
}

type Row = Loot & Record<string, unknown>

async function tryToOpen(blob: Uint8Array, key: PrivateKey): Promise<Uint8Array | undefined> {
  try {
    const message = await readMessage({ binaryMessage: new Uint8Array(blob) })
    const opened: unknown = await decrypt({ message, decryptionKeys: key, format: 'binary' })
    const data: unknown = Reflect.get(Object(opened) as object, 'data')
    return data instanceof Uint8Array ? data : undefined
  } catch {
    return undefined
  }
}

/** A wrap holds a secret key after the 40 bytes of its frame's head. */
async function keyIn(frame: Uint8Array): Promise<PrivateKey | undefined> {
  const length = Number(new DataView(frame.buffer, frame.byteOffset).getBigUint64(32))
  try {
    return await readPrivateKey({ binaryKey: new Uint8Array(frame.subarray(40, 40 + length)) })
  } catch {
    return undefined
  }
}
