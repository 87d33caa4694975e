import { type Bytes, bytesOfText, hexOfBytes, textOfBytes } from '#lexicon'
import { derive } from '#seal'
import { secretName } from './secret-name.ts'

/**
 * Texts kept in this browser under a key that only the opened vault gives: high-water marks and drafts.
 * Who takes the disk, or the browser while it is locked, reads how many there are and how long.
 */
export type Shelf = {
  readonly read: (name: string) => Promise<string | undefined>
  readonly write: (name: string, text: string) => Promise<void>
  readonly remove: (name: string) => Promise<void>
  /** A name for a thing whose own name must not be read on the disk. */
  readonly secretName: (kind: string, of: string) => string
  /** Reads, changes and writes while no other tab of this browser does. */
  readonly alone: <T>(name: string, work: () => Promise<T>) => Promise<T>
}

const DATABASE = 'postern'
const STORE = 'sealed'
const IV = 12

/** `secret` is the person's signing seed; the names on the shelf tell nobody whose they are. */
export async function openShelf(secret: Bytes, desk: string): Promise<Shelf> {
  const raw = derive(secret, desk, 'device shelf')
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
  const owner = hexOfBytes(derive(secret, desk, 'device name')).slice(0, 32)
  const naming = derive(secret, desk, 'device names of things')
  const place = (name: string) => `${owner}/${name}`
  return {
    read: async (name) => {
      const sealed = await inStore<Bytes | undefined>('readonly', (store) => store.get(place(name)))
      if (sealed === undefined) return undefined
      const [iv, text] = [sealed.slice(0, IV), sealed.slice(IV)]
      const opening = { name: 'AES-GCM', iv, additionalData: bytesOfText(place(name)) }
      return textOfBytes(new Uint8Array(await crypto.subtle.decrypt(opening, key, text)))
    },
    write: async (name, text) => {
      const iv = crypto.getRandomValues(new Uint8Array(IV))
      const sealing = { name: 'AES-GCM', iv, additionalData: bytesOfText(place(name)) }
      const sealed = new Uint8Array(await crypto.subtle.encrypt(sealing, key, bytesOfText(text)))
      const whole = new Uint8Array(IV + sealed.length)
      whole.set(iv)
      whole.set(sealed, IV)
      await inStore('readwrite', (store) => store.put(whole, place(name)))
    },
    secretName: (kind, of) => secretName(naming, desk, kind, of),
    remove: (name) => inStore('readwrite', (store) => store.delete(place(name))),
    alone: (name, work) => navigator.locks.request(place(name), work),
  }
}

/** Everything but the marks goes, of everybody who used this browser. */
export async function clearShelf(keep: string): Promise<void> {
  const names = await inStore<IDBValidKey[]>('readonly', (store) => store.getAllKeys())
  for (const name of names)
    if (typeof name !== 'string' || !name.endsWith(`/${keep}`))
      await inStore('readwrite', (store) => store.delete(name))
}

async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest,
): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1)
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE))
  const database = await done<IDBDatabase>(opening)
  try {
    const transaction = database.transaction(STORE, mode, { durability: 'strict' })
    const answer = await done<T>(work(transaction.objectStore(STORE)))
    await committed(transaction)
    return answer
  } finally {
    database.close()
  }
}

function done<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result as T))
    request.addEventListener('error', () => reject(failed(request.error)))
  })
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve())
    transaction.addEventListener('abort', () => reject(failed(transaction.error)))
  })
}

function failed(error: DOMException | null): Error {
  return error ?? new DOMException('The browser did not keep it.', 'UnknownError')
}
