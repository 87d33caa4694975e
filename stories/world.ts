import { createHash } from 'node:crypto'
import type { NewStatement } from '#contract'
import { base64OfBytes, type Bytes, type Meeting, type Role, timeOf } from '#lexicon'
import {
  type AnyHead,
  blobHash,
  type Directory,
  foldDesk,
  type HeadOf,
  joinMessage,
  readCertificate,
  type Signer,
  signerOfSeed,
  signStatement,
  slotOf,
  type Statement,
  statementId,
  wrapKey,
} from '#seal'
import { newMailKey, newSecretKey, type SecretKey } from '#unseal'

/*
 * A desk made of real statements, for tests: root, two coordinators, a maintainer, desk/1 and mail/1.
 * Nothing here talks to a server: it makes what clients would send.
 */

/** Somebody with keys. The signing key follows from the name, so that a failure can be repeated. */
export type Actor = { readonly name: string; readonly signer: Signer; readonly key: SecretKey }

export type World = {
  now: number
  readonly desk: string
  readonly root: Signer
  readonly server: Signer
  readonly coordinator: Actor
  readonly second: Actor
  readonly maintainer: Actor
  /** What was appended to the desk chain, in order, with its wraps. The set-up is the whole of a new world. */
  readonly batch: NewStatement[]
  directory: Directory
  /** The secret keys of the circles, by their names: `desk/1`, `mail/1`. */
  readonly keys: Map<string, SecretKey>
}

type Placed = 'v' | 'desk' | 'chain' | 'seq' | 'prev' | 'at' | 'dir' | 'log' | 'by'
/** What a statement says by itself, before it has its author and place. */
export type Own = { [T in AnyHead['type']]: Omit<HeadOf<T>, Placed> }[AnyHead['type']]

export async function newWorld(start = Date.UTC(2026, 10, 21, 22, 0, 0)): Promise<World> {
  const root = await newSigner('root')
  const server = await newSigner('server')
  const name = 'Test Foundation'
  const first = { v: 1, desk: '', chain: '', seq: 0, prev: '', dir: '', log: '' } as const
  const open = { type: 'desk.open', name, domain: 'example.org', server: server.who } as const
  const statement = await signStatement(root, {
    ...first,
    ...open,
    by: root.who,
    at: timeOf(start),
  })
  const desk = statementId(statement.head)
  const world: World = {
    now: start,
    desk,
    root,
    server,
    coordinator: await newActor('Coordinator 1'),
    second: await newActor('Coordinator 2'),
    maintainer: await newActor('Maintainer 1'),
    batch: [{ statement, blobs: [], uploads: [] }],
    directory: await foldDesk([statement], desk),
    keys: new Map(),
  }
  await admit(world, root, world.coordinator, ['coordinator'])
  await admit(world, root, world.second, ['coordinator'])
  await renewDeskKeys(world, world.coordinator)
  await admit(world, world.coordinator.signer, world.maintainer, ['maintainer:numpy'])
  await appendDesk(world, world.coordinator.signer, { type: 'desk.beat' })
  return world
}

export async function newSigner(name: string): Promise<Signer> {
  return signerOfSeed(seedOf(name))
}

/** `handle` is what others see, where it is not the name that the key follows from. */
export async function newActor(name: string, handle = name): Promise<Actor> {
  return { name: handle, signer: await newSigner(name), key: await newSecretKey() }
}

/** Signs, folds and keeps a desk statement. Throws `Refused` where the fold does. */
export async function appendDesk(
  world: World,
  by: Signer,
  own: Own,
  blobs: readonly Bytes[] = [],
): Promise<string> {
  const statement = await signStatement(by, { ...placeOf(world, by), ...own })
  const known = world.batch.map((item) => item.statement)
  world.directory = await foldDesk([...known, statement], world.desk)
  world.batch.push(delivery(statement, blobs))
  return world.directory.head.id
}

export async function admit(
  world: World,
  by: Signer,
  actor: Actor,
  roles: readonly Role[],
  met: Meeting = 'words',
): Promise<string> {
  const { who } = actor.signer
  const claim = { desk: world.desk, enc: actor.key.cert, handle: actor.name, invite: '', who }
  const join = await actor.signer.sign(joinMessage(claim))
  const { enc, handle, invite } = claim
  const own = { type: 'member.admit' as const, who, enc, handle, roles, invite, join }
  return appendDesk(world, by, { ...own, met })
}

/** Ends somebody's membership; for a coordinator by the root, whose signature suffices. */
export async function revoke(world: World, by: Signer, actor: Actor): Promise<string> {
  return appendDesk(world, by, { type: 'member.revoke', who: actor.signer.who, reason: '' })
}

/** The next epoch of `desk` for the coordinators of now, and of `mail` to it. */
export async function renewDeskKeys(world: World, by: Actor): Promise<void> {
  const coordinators = [...world.directory.now.members.values()].filter(
    (member) => member.active && member.roles.includes('coordinator'),
  )
  const deskKey = await newSecretKey()
  const epoch = world.directory.now.desk.length + 1
  const readers = coordinators.map(({ who, enc }) => ({ to: who, cert: enc }))
  await newDeskEpoch(world, by.signer, 'desk', epoch, deskKey, readers)
  const mail = world.directory.now.mail.length + 1
  const reader = { to: `desk/${epoch}`, cert: deskKey.cert }
  await newDeskEpoch(world, by.signer, 'mail', mail, await newMailKey('Test Foundation'), [reader])
}

export function certOf(keys: ReadonlyMap<string, SecretKey>, name: string): string {
  return keyOf(keys, name).cert
}

/** The seed of an actor's signing key. */
export function seedOf(name: string): Bytes {
  return new Uint8Array(createHash('sha256').update(`test ${name}`).digest())
}

export function keyOf(keys: ReadonlyMap<string, SecretKey>, name: string): SecretKey {
  const key = keys.get(name)
  if (key === undefined) throw new RangeError(`this world has no key ${name}`)
  return key
}

/** What a client posts. */
export function delivery(
  statement: Statement,
  blobs: readonly Bytes[],
  uploads: NewStatement['uploads'] = [],
): NewStatement {
  return { statement, blobs: blobs.map(base64OfBytes), uploads }
}

async function newDeskEpoch(
  world: World,
  by: Signer,
  circle: 'desk' | 'mail',
  epoch: number,
  key: SecretKey,
  readers: readonly { readonly to: string; readonly cert: string }[],
): Promise<void> {
  const own = { type: 'desk.key' as const, circle, epoch, cert: key.cert }
  const slot = slotOf({ ...placeOf(world, by), ...own })
  const { wraps, blobs } = await wrapsFor(slot, key, epoch, readers)
  world.keys.set(`${circle}/${epoch}`, key)
  await appendDesk(world, by, { ...own, wraps }, blobs)
}

/** An epoch's key for each of these readers. */
export async function wrapsFor(
  slot: Bytes,
  key: SecretKey,
  epoch: number,
  readers: readonly { readonly to: string; readonly cert: string }[],
) {
  const blobs: Bytes[] = []
  const wraps = []
  for (const { to, cert } of readers) {
    const blob = await wrapKey(slot, key.secret, await readCertificate(cert))
    blobs.push(blob)
    wraps.push({ blob: blobHash(blob), epoch, to })
  }
  return { wraps, blobs }
}

/** The next place of the desk chain. */
function placeOf(world: World, by: Signer) {
  const { id, seq } = world.directory.head
  const chain = { v: 1, desk: world.desk, chain: world.desk, seq: seq + 1, prev: id } as const
  return { ...chain, by: by.who, at: timeOf(world.now), dir: '', log: '' }
}

/** Some 32 bytes in hex that nothing else has. */
export function scratchHash(name: string): string {
  return createHash('sha256').update(`scratch ${name}`).digest('hex')
}
