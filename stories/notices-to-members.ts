import { after, beforeEach } from 'node:test'
import { type Bytes, HOUR } from '#lexicon'
import { asOwner, newHouse, reportFiler } from './house.ts'
import type { Actor } from './world.ts'
import { postKeysOf } from '../src/post/post-keys.ts'
import { tellMembers } from '../src/post/tell-members.ts'
import { openWaitingMail } from '../src/post/waiting-mail.ts'

/* For tests of notices: a house at noon in which nobody was told of anything, anew before each test. */

export const house = await newHouse()
export const filer = await reportFiler(house)
export const { world, clock } = house
export const db = house.database.logins.post
after(async () => {
  await filer.close()
  await house.database.close()
})

export const keys = postKeysOf(new Uint8Array(32).fill(1))
const letterhead = {
  name: 'Test Foundation',
  from: 'security@desk.example',
  url: 'https://desk.example',
}
export const noon = Date.UTC(2026, 10, 23, 12)
export const { coordinator, second, maintainer } = world

beforeEach(async () => {
  world.now = noon
  for (const table of [
    'post.outbox',
    'post.mail',
    'post.delivery',
    'post.told',
    'post.warned',
    'identity.address',
  ])
    await asOwner(house, `delete from ${table}`)
  await asOwner(house, `delete from desk.reader`)
  await asOwner(house, `update desk.case set acknowledged = received`)
})

export function tell(): Promise<number> {
  return tellMembers({
    db,
    keys,
    threads: { key: new Uint8Array(32).fill(3), from: 'security@desk.example' },
    messageIds: new Uint8Array(32).fill(2),
    letterhead,
    own: ['security@desk.example', 'report@desk.example'],
    state: world.directory.now,
    clock,
  })
}

/** Notes an address an hour ago, unless another wish or moment is said. */
export async function noted(
  { signer }: Actor,
  { notices = 'once', address = 'member@example.org', at = world.now - HOUR } = {},
): Promise<void> {
  await asOwner(
    house,
    `insert into identity.address (who, address, noted, looked, notices)
     values (decode($1, 'hex'), $2, $3, $3, $4)`,
    [signer.who, address, new Date(at), notices],
  )
}

/** As the desk writes it when a batch is accepted. */
export async function changed(
  ago: number,
  {
    by,
    about = new Uint8Array(32).fill(5),
    kind = 'case-changed',
  }: {
    readonly by?: Actor
    readonly about?: Bytes
    readonly kind?: string
  } = {},
): Promise<void> {
  await asOwner(
    house,
    `insert into post.outbox (kind, about, written, author) values ($1, $2, $3, decode($4, 'hex'))`,
    [kind, about, new Date(world.now - ago), by?.signer.who ?? null],
  )
}

/** This member looks at the queue. */
export async function looks({ signer }: Actor): Promise<void> {
  await asOwner(house, `update identity.address set looked = $2 where who = decode($1, 'hex')`, [
    signer.who,
    new Date(world.now),
  ])
}

/** Text of what waits, opened as the sender opens it. */
export async function waiting(): Promise<string[]> {
  const rows = await db.selectFrom('post.mail').selectAll().orderBy('id').execute()
  const mails = rows.map(async (row) => {
    const { raw } = await openWaitingMail(keys.waiting, row, row.sealed)
    return Buffer.from(raw).toString('latin1')
  })
  return Promise.all(mails)
}
/** All that waited left. */
export async function sent(): Promise<void> {
  await asOwner(house, `delete from post.mail`)
  await asOwner(house, `update post.delivery set state = 'sent'`)
}
