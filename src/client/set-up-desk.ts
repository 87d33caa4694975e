import type { NewStatement } from '#contract'
import { type Bytes, timeOf } from '#lexicon'
import {
  type Code,
  type DeskHead,
  type DirectoryState,
  foldDesk,
  joinMessage,
  newCode,
  rootSeed,
  type Signer,
  signerOfSeed,
  statementId,
} from '#seal'
import { newSecretKey, type SecretKey } from '#unseal'
import type { Api } from './api.ts'
import { composeOne } from './append.ts'
import { newDeskEpochs } from './desk-keys.ts'
import { demandOwnHandle } from './look-alike.ts'

export type SetUp = {
  readonly name: string
  readonly domain: string
  /** The first coordinator, as others will see them. */
  readonly handle: string
}

export type DeskSecrets = {
  readonly root: Code
  readonly recovery: Code
  readonly sign: Bytes
  readonly key: SecretKey
  readonly rootSeed: Bytes
}

/** A ceremony that is signed and not yet sent: put the keys away first, then `openNewDesk`. */
export type PreparedDesk = { readonly desk: string; readonly batch: readonly NewStatement[] }

/** The secrets of a desk and its first coordinator: made on this machine, before anything is sent. */
export async function newDeskSecrets(): Promise<DeskSecrets> {
  const root = newCode()
  const sign = crypto.getRandomValues(new Uint8Array(32))
  return { root, recovery: newCode(), sign, key: await newSecretKey(), rootSeed: rootSeed(root) }
}

/**
 * The set-up ceremony (PROTOCOL 6): desk.open and the first coordinator by root; then the desk's keys
 * and the first beat by the coordinator. One batch, whole or not at all. Nothing is sent yet: keys that
 * exist nowhere but in memory must not open a desk.
 */
export async function prepareDesk(
  deps: { readonly api: Api; readonly clock: () => number },
  given: SetUp,
  secrets: DeskSecrets,
): Promise<PreparedDesk> {
  demandOwnHandle({ members: new Map() }, given.handle)
  const root = await signerOfSeed(secrets.rootSeed)
  const me = await signerOfSeed(secrets.sign)
  const { name, domain } = given
  const { server } = await deps.api.call('readDesk', {})
  const common = (signer: Signer, desk: string, seq: number, prev: string) => ({
    v: 1 as const,
    desk,
    chain: desk,
    seq,
    prev,
    by: signer.who,
    at: timeOf(deps.clock()),
    dir: '',
    log: '',
  })
  const open: DeskHead = { ...common(root, '', 0, ''), type: 'desk.open', name, domain, server }
  const first = await composeOne({ signer: root, head: open, blobs: [] })
  const desk = statementId(first.wire.statement.head)
  const wires = [first.wire]
  let last = first.place
  const add = async (made: Awaited<ReturnType<typeof composeOne>>) => {
    wires.push(made.wire)
    last = made.place
  }
  const place = (signer: Signer) => common(signer, desk, last.seq + 1, last.id)

  const enc = secrets.key.cert
  const joining = { desk, enc, handle: given.handle, invite: '', who: me.who }
  const join = await me.sign(joinMessage(joining))
  const admit: DeskHead = {
    ...place(root),
    type: 'member.admit',
    who: me.who,
    enc,
    handle: given.handle,
    roles: ['coordinator'],
    invite: '',
    join,
    met: 'seen',
  }
  await add(await composeOne({ signer: root, head: admit, blobs: [] }))
  const state = await stateOf(wires, desk)
  for (const composer of newDeskEpochs(me, state, [{ who: me.who, enc }], deps.api)) {
    const draft = await composer(place)
    if (draft !== undefined) await add(await composeOne(draft))
  }
  const beat: DeskHead = { ...place(me), type: 'desk.beat' }
  await add(await composeOne({ signer: me, head: beat, blobs: [] }))
  return { desk, batch: wires }
}

export async function openNewDesk(api: Api, secret: string, prepared: PreparedDesk): Promise<void> {
  await api.call('setUp', { body: { secret, batch: [...prepared.batch] } })
}

async function stateOf(
  wires: readonly { readonly statement: { readonly head: string; readonly sig: string } }[],
  desk: string,
): Promise<DirectoryState> {
  const directory = await foldDesk(
    wires.map((wire) => wire.statement),
    desk,
  )
  return directory.now
}
