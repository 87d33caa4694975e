import type { Bytes, Time } from '#lexicon'

/** Whose tree it is. It stands in `site.json`, so that a tree can be checked without a server. */
export type Site = {
  readonly name: string
  readonly domain: string
  /** Where the desk answers, without a slash at the end. */
  readonly url: string
  /** The desk id, hex, and the words that stand for it. */
  readonly desk: string
  readonly words: string
  /** The fingerprints of the keys under `keys/`, by path, where whoever builds the tree can read keys. */
  readonly fingerprints?: Readonly<Record<string, string>>
}

/** One document that is public now. */
export type Released = {
  readonly path: string
  readonly bytes: Bytes
  /** SPDX. */
  readonly licence: string
  /** When it took effect. */
  readonly at: Time
  /** The id of the statement that released it, hex. */
  readonly release: string
}

/** The desk chain as it went over the wire: who released what is proved by it. */
export type ChainCopy = { readonly statements: readonly unknown[] }

/** What all pages share and nobody releases: the sheet, its font, the mark. By path, as `assets/tree-….css`. */
export type Look = ReadonlyMap<string, Bytes>

/** A file tree: contents by path, without a slash at the beginning. */
export type Tree = ReadonlyMap<string, Bytes>

export type PublishOptions = {
  readonly look?: Look
  /** Of the last run, to write only what changed. */
  readonly memory?: TreeMemory
}

/** What one run leaves for the next. It holds nothing that is not in the tree. */
export class TreeMemory {
  #frame = ''
  #last: Shelves = new Map()
  #next: Shelves = new Map()

  /** Begins a run. All is forgotten where what every page shows has changed. */
  begin(frame: string): void {
    this.#last = frame === this.#frame ? this.#next : new Map<string, Shelf>()
    this.#frame = frame
    this.#next = new Map()
  }

  /**
   * What was made of these bytes and this key last time, or made now. Each kind of thing has a shelf. A run asks this
   * for every document: the name is a string that is there already, not one that is put together for it.
   */
  of<T>(shelf: string, name: string, bytes: Uint8Array, key: Key, make: () => T): T {
    const known = this.#last.get(shelf)?.get(name)
    const same = known !== undefined && areSame(known.key, key) && areSame(known.bytes, bytes)
    const kept = same ? known : { bytes, key, made: make() }
    let next = this.#next.get(shelf)
    if (next === undefined) this.#next.set(shelf, (next = new Map()))
    next.set(name, kept)
    return kept.made as T
  }
}

/** Several strings as they are: to put thousands together costs more than to compare them. */
type Key = readonly string[]
type Kept = { readonly bytes: Uint8Array; readonly key: Key; readonly made: unknown }
type Shelf = Map<string, Kept>
type Shelves = Map<string, Shelf>

/** Thousands of documents are compared at each run: a plain loop. */
function areSame(a: Uint8Array | Key, b: Uint8Array | Key): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
