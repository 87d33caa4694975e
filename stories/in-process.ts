import { readFile } from 'node:fs/promises'
import {
  type Api,
  createApi,
  createKeyring,
  type Desk,
  type DeskView,
  type Keyring,
  logIn,
  type Memory,
  NOTHING_REMEMBERED,
  openDesk,
  openKeyFile,
  openOwnVault,
  type OpenVault,
  readKeyFile,
  type Remembered,
  type Send,
  type Source,
} from '#client'
import type { Bytes } from '#lexicon'
import { fileKey } from '#seal'
import { type Actor, type OpenDesk, PASSPHRASE } from './stage.ts'

/* The real client in the process of the story, as a browser's worker has it. */

/** Stands between the client and the wire: may count, drop, delay. */
export type Meddle = (request: Parameters<Send>[0], go: () => ReturnType<Send>) => ReturnType<Send>

export function dial(url: string, meddle: Meddle = (_, go) => go()): Api {
  const send: Send = (request) =>
    meddle(request, async () => {
      const { method, path, headers, body, signal } = request
      const answer = await fetch(`${url}${path}`, {
        method,
        headers,
        body: body ?? null,
        signal: signal ?? null,
      })
      return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) }
    })
  return createApi({ origin: new URL(url).origin, send })
}

/** Somebody without an account who verified the desk. */
export function visitor(desk: OpenDesk, meddle?: Meddle): Promise<DeskView> {
  const api = dial(desk.server.url, meddle)
  return openDesk({ api, memory: memoryOfOneProcess(), clock: Date.now }, desk.desk)
}

/** A member at work, with their key file and a memory of their own. */
export async function atWork(
  desk: OpenDesk,
  actor: Actor,
  memory: Memory = memoryOfOneProcess(),
  meddle?: Meddle,
): Promise<Desk & { readonly keyring: Keyring }> {
  const api = dial(desk.server.url, meddle)
  const file = readKeyFile(await readFile(actor.key, 'utf8'))
  const self = await openKeyFile(file, { passphrase: PASSPHRASE })
  const view = await openDesk({ api, memory, clock: Date.now }, desk.desk)
  await logIn(view, self)
  const keyring = createKeyring(view, self)
  return { view, self, keyring, wait: () => Promise.resolve(), progress: () => undefined }
}

/** What this member's key file keeps, opened. */
export async function vaultOf(desk: OpenDesk, actor: Actor): Promise<OpenVault> {
  const { vault: text } = readKeyFile(await readFile(actor.key, 'utf8'))
  const key = await fileKey(PASSPHRASE, desk.desk, text.who)
  const { vault } = await openOwnVault(desk.desk, text, { kind: 'file', id: '', key })
  return vault
}

export function sourceOf(name: string, content: Bytes, chunk = 100_000): Source {
  return {
    name,
    type: 'application/octet-stream',
    size: content.length,
    open: async function* () {
      for (let at = 0; at < content.length; at += chunk) yield content.subarray(at, at + chunk)
    },
  }
}

export function memoryOfOneProcess(): Memory {
  const desks = new Map<string, Remembered>()
  const read = (desk: string) => desks.get(desk) ?? NOTHING_REMEMBERED
  return {
    deskAt: () => Promise.resolve(undefined),
    pinDesk: () => Promise.resolve(),
    read: (desk) => Promise.resolve(read(desk)),
    update: (desk, change) => {
      desks.set(desk, change(read(desk)))
      return Promise.resolve()
    },
    keepEvidence: () => Promise.resolve(),
  }
}
