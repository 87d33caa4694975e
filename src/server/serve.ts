import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { closeListener, createApp, readBrowserFiles, serveApp, treeLook } from '#http'
import { newSetupSecret } from '#identity'
import { SECOND } from '#lexicon'
import { isDatabaseAway, sql } from '#store'
import { originOf } from './address.ts'
import type { ServeArguments } from './arguments.ts'
import { emptyJournal, startChores } from './chores.ts'
import { makeDataFolder } from './data-folder.ts'
import { demandFolder } from './folder-lock.ts'
import { type House, openHouse } from './house.ts'
import { listen } from './listen.ts'
import { openLetterbox } from './open-letterbox.ts'
import { type Log, tracesOf } from './log.ts'
import { openMailRoom } from './mail-room.ts'
import { saidOfMail } from './mail-settings.ts'
import { openPostOffice } from './post-office.ts'
import { openPull } from './open-pull.ts'
import { openPublicSide } from './public-side.ts'
import { clock, furnish, random } from './rooms.ts'
import { demandSound, keepSettings, limitsOf, readSettings, type Settings } from './settings.ts'

export type Ready = {
  /** The public origin. */
  readonly url: string
  /** Absent when the desk is open. */
  readonly setup?: { readonly link: string; readonly secret: string }
  readonly desk: 'open' | 'not-set-up'
  /** Where mail is taken. */
  readonly mail?: { readonly host: string; readonly port: number }
  readonly stop: () => Promise<void>
}

export type Voice = {
  /** A step, in a sentence, for whoever watches the start. */
  readonly say: (step: string) => void
  readonly log: Log
  /** The server cannot go on. */
  readonly fail: (error: unknown) => void
}

const BROWSER_FILES = join(import.meta.dirname, '../../dist/browser')
const FINISH_WITHIN = 5 * SECOND
const HEALTH_WITHIN = 2 * SECOND

/** From nothing to a listening desk, step by step. Throws when a step cannot be done; then nothing runs. */
export async function serve(args: ServeArguments, voice: Voice): Promise<Ready> {
  const { say, log } = voice
  const ends: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  const said = definedOf(args)
  // Before anything is made.
  demandSound(said)
  try {
    const data = makeDataFolder(args.data)
    say(`The data folder is ${data.path}.`)
    const lock = await demandFolder(data.path, 'serve')
    ends.push(lock.release)
    keepSettings(data.path, said)
    const { databaseUrl, unsafe } = args
    const troubled = (error: unknown) => log({ event: 'database-died', ...tracesOf(error) })
    const opening = { data, databaseUrl, unsafe, say, troubled, lost: voice.fail }
    const house = await openHouse(opening, lock)
    ends.push(house.close)
    say('The database is ready.')

    const { intake, letterbox, directory, roomsAt } = await furnish(house)
    const waiting = intake.journal.list().length
    if (waiting > 0) {
      say(`The journal holds ${waiting} reports from a time without the database: filing them.`)
      await emptyJournal(intake, log)
    }
    const torn = intake.journal.torn().length
    if (torn > 0) say(`The journal has ${torn} files that are no whole report: see postern doctor.`)
    const { server, port } = await listen(args)
    ends.push(() => closeListener(server, FINISH_WITHIN))
    const url = originOf(house.settings.url ?? usualUrl(args, port))
    const office = openPostOffice(house, {
      origin: url,
      directory,
      // It writes to the ledger as this room does, and the room needs what it queues.
      identity: () => rooms.identity,
      say,
      log,
    })
    if (office !== undefined) ends.push(office.stop)
    const mail = openMailRoom(house, { url, directory })
    const browser = readBrowserFiles(BROWSER_FILES)
    const look = treeLook(browser)
    const { addresses } = mail
    const side = openPublicSide(house, { url, directory, addresses, look, log })
    ends.push(side.stop)
    const rooms = roomsAt(url, mail, side.room, office)
    const app = createApp({
      rooms,
      limits: args.limits ? limitsOf(house.settings) : 'off',
      trustedProxies: args.trustedProxies,
      isAway: isDatabaseAway,
      isHealthy: () => answers(house),
      failed: (endpoint, error) => log({ event: 'error', endpoint, ...tracesOf(error) }),
      clock,
      random,
      browser,
    })
    serveApp(server, app, url)

    const chores = startChores(rooms, house.database, { tell: office?.tell, log })
    ends.push(chores.stop)
    const receipts = office && { receipts: office.receipts }
    const door = await openLetterbox(house, { ...letterbox, ...receipts }, { args, url, say, log })
    if (door !== undefined) ends.push(door.close)
    const pull = openPull(house, { ...letterbox, ...receipts }, { say, log })
    if (pull !== undefined) ends.push(pull.stop)
    const ready = { url, stop, ...(door && { mail: { host: door.host, port: door.port } }) }

    if ((await rooms.identity.deskChain.current()) !== undefined) return { ...ready, desk: 'open' }
    const secret = await newSetupSecret(rooms.identity)
    const setup = { link: `${url}/setup#${secret}`, secret }
    return { ...ready, desk: 'not-set-up', setup }
  } catch (error) {
    await stop()
    throw error
  }
}

function usualUrl({ tls }: ServeArguments, port: number): string {
  return `${tls === undefined ? 'http' : 'https'}://localhost:${port}`
}

/** Does the database answer in time? */
async function answers({ database }: House): Promise<boolean> {
  const late = pause(HEALTH_WITHIN, false, { ref: false })
  const asked = sql`select 1`.execute(database.logins.identity).then(
    () => true,
    () => false,
  )
  return Promise.race([asked, late])
}

function definedOf({ data, url, name, domain, mail, publishTo }: ServeArguments): Settings {
  const wanted = saidOfMail(readSettings(data).mail, mail)
  return {
    ...(url !== undefined && { url: originOf(url) }),
    ...(name !== undefined && { name }),
    ...(domain !== undefined && { domain }),
    ...(wanted !== undefined && { mail: wanted }),
    ...(publishTo !== undefined && { publishTo: publishTo === 'off' ? '' : publishTo }),
  }
}
