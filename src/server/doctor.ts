import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { openDeskChain, restoredAt } from '#identity'
import { DAY, DIRECTORY_FRESH, millisecondsOf } from '#lexicon'
import { coordinatorsOf, type Directory, isFreshDeskKey, newestDeskKey } from '#seal'
import { sql } from '#store'
import { hostOf, isLoopback } from './address.ts'
import type { Place } from './arguments.ts'
import { openDataFolder } from './data-folder.ts'
import { examineMailOut } from './examine-mail-out.ts'
import { examinePublic } from './examine-public.ts'
import { examinePull } from './examine-pull.ts'
import { bad, type Finding, good, look } from './finding.ts'
import { enterHouse, type House } from './house.ts'
import { clock } from './rooms.ts'

const GIB = 1024 ** 3

/** Looks at everything that an operator can mend, and says what to do about it in plain words. */
export async function examine(place: Place, say: (step: string) => void): Promise<Finding[]> {
  const data = openDataFolder(place.data)
  const { databaseUrl } = place
  // Also on a database that the start would refuse: it is for the doctor to say so.
  const house = await enterHouse({ data, databaseUrl, unsafe: true, say }, 'doctor')
  try {
    const { logins } = house.database
    const directory = await openDeskChain(logins.identity).current()
    const restored = await restoredAt(logins.identity)
    return [
      await durability(house),
      room(data.path),
      privacy(data.path),
      journal(data.path),
      address(house),
      mailbox(house),
      ...examinePull(house),
      ...(await examineMailOut(house)),
      ...(directory === undefined ? [notSetUp()] : await desk(directory, house)),
      ...(restored === undefined ? [] : [waitsForPeople()]),
    ]
  } finally {
    await house.close()
  }
}

async function durability({ database }: House): Promise<Finding> {
  const { rows } = await sql<{ name: string }>`
    select name from pg_settings
    where name in ('fsync', 'full_page_writes', 'synchronous_commit') and reset_val = 'off'
    order by name`.execute(database.logins.ledger)
  if (rows.length === 0) return good('What the database acknowledges is on the disk (fsync is on).')
  const names = rows.map(({ name }) => name).join(' and ')
  return bad(
    `The database runs with ${names} off.`,
    'Turn it on: reports that were acknowledged may be lost.',
  )
}

function room(path: string): Finding {
  const { bavail, bsize } = statfsSync(path)
  const free = bavail * bsize
  const said = `${(free / GIB).toFixed(1)} GiB are free beside the data folder.`
  if (free < GIB) return bad(said, 'Make room now: without it reports are refused.')
  return free < 5 * GIB ? look(said, 'Make room, or move to a larger disk.') : good(said)
}

function privacy(path: string): Finding {
  const open = [path, join(path, 'server.key')].filter(
    (name) => (statSync(name).mode & 0o077) !== 0,
  )
  if (open.length === 0)
    return good('Only this account may enter the data folder and read the key.')
  return bad(`Others may read ${open.join(' and ')}.`, `Run: chmod go= ${open.join(' ')}`)
}

function journal(path: string): Finding {
  const names = readdirSync(path).includes('journal') ? readdirSync(join(path, 'journal')) : []
  const refused = names.filter((name) => name.endsWith('.refused')).length
  const waiting = names.filter((name) => name.endsWith('.report')).length
  const torn = names.length - refused - waiting
  if (refused > 0)
    return look(
      `${refused} reports in the journal could not be filed.`,
      'Keep the .refused files in journal/ and show them to a coordinator.',
    )
  if (torn > 0)
    return look(
      `${torn} files in the journal were cut off while they were written.`,
      'Nobody got a receipt for them: delete them from journal/.',
    )
  if (waiting === 0) return good('No report waits in the journal.')
  return look(
    `${waiting} reports wait in the journal.`,
    'Start the server with its database: it files them by itself.',
  )
}

function address({ settings }: House): Finding {
  const { url = 'http://localhost' } = settings
  if (isLoopback(hostOf(url)))
    return look(
      'The public address is this machine only: passkeys made here work only on this machine.',
      'Give the real one once, before members make passkeys: --url https://…',
    )
  if (url.startsWith('http:'))
    return bad(`The public address ${url} is not https.`, 'Give one with https by --url.')
  if (isIP(hostOf(url)) !== 0)
    return look(
      `The public address ${url} is a number, and passkeys are made for names.`,
      'Give one with a name by --url; until then members log in with key files.',
    )
  return good(`The public address is ${url}.`)
}

function mailbox({ data, settings }: House): Finding {
  const { port, host = '127.0.0.1', addresses = [], pull } = settings.mail ?? {}
  if (port === undefined && pull !== undefined)
    return good('No door is open for mail: it is pulled out of a mailbox.')
  if (port === undefined) return good('No mail is taken here: --mail-port opens a door for it.')
  const said = `Mail for ${addresses.join(', ')} is taken at ${host} port ${port}.`
  if (!isLoopback(host)) return good(`${said} ${certificateAt(data.path)}`)
  return good(`${said} Only a mail server on this machine reaches that.`)
}

function certificateAt(path: string): string {
  const own = existsSync(join(path, 'mail-tls.pem'))
  return own ? 'TLS without a name that others could check.' : 'TLS with a certificate of yours.'
}

async function desk(directory: Directory, house: House): Promise<Finding[]> {
  return [
    people(directory),
    beat(directory),
    serverKey(directory, house),
    letterbox(directory),
    await backups(house),
    ...(await examinePublic(house, directory)),
  ]
}

function notSetUp(): Finding {
  return look('The desk is not set up.', 'Start the server and open the link that it prints.')
}

function people({ now }: Directory): Finding {
  const count = coordinatorsOf(now).length
  const said = `${count} ${count === 1 ? 'person coordinates' : 'people coordinate'} this desk.`
  if (count >= 3) return good(said)
  if (count === 2) return look(said, 'Three are better than two: admit one more.')
  return look(said, 'If these keys are lost, all cases are lost: admit others, best three in all.')
}

function beat({ now }: Directory): Finding {
  const age = clock() - millisecondsOf(now.at)
  const days = Math.floor(age / DAY)
  const said = `The desk chain was last signed ${days === 0 ? 'today' : `${days} days ago`}.`
  const todo = 'Let a coordinator open the queue: that signs it again.'
  if (age >= DIRECTORY_FRESH) return bad(`${said} Reporters’ programs refuse it.`, todo)
  return age >= 7 * DAY ? look(said, todo) : good(said)
}

function serverKey({ now }: Directory, { signer }: House): Finding {
  if (now.server === signer.who) return good('The desk knows this server’s key.')
  return bad(
    'The desk names another server key than the one in this folder.',
    'Receipts do not verify: put back the right server.key, or sign desk.server.',
  )
}

function letterbox({ now }: Directory): Finding {
  if (isFreshDeskKey(now, newestDeskKey(now)))
    return good('Reports can be sealed to the newest key.')
  return bad('No fresh desk key: reports are refused.', 'Let a coordinator make the next desk key.')
}

async function backups({ database }: House): Promise<Finding> {
  const newest = await database.logins.ledger
    .selectFrom('ledger.entry')
    .select('head')
    .where('type', '=', 'ledger.event')
    .where('head', 'like', '%"kind":"backup"%')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const todo = 'Run postern backup FILE, best every night, and keep it on another machine.'
  const at = /"at":"([^"]+)"/.exec(newest?.head ?? '')?.[1]
  if (at === undefined) return look('There was never a backup.', todo)
  const days = Math.floor((clock() - millisecondsOf(at)) / DAY)
  const said = `The last backup is from ${at}.`
  return days >= 7 ? look(said, todo) : good(said)
}

function waitsForPeople(): Finding {
  return bad(
    'This copy was restored and only reads.',
    'Two coordinators sign desk.restored; then it takes reports again.',
  )
}
