import { setTimeout as wait } from 'node:timers/promises'
import {
  type Api,
  beatWeekly,
  createKeyring,
  type Desk,
  type DeskView,
  followReport,
  type Keyring,
  logIn,
  type Memory,
  type NewSelf,
  NOTHING_REMEMBERED,
  openDesk,
  type Remembered,
  type Self,
} from '#client'
import { type Bytes, MINUTE } from '#lexicon'
import { signerOfSeed } from '#seal'
import { dial } from '../../src/cli/transport.ts'

/** Where the desk of the demo is, and what time it is there. */
export type DemoPlace = {
  readonly url: string
  /** Sent over this socket, as long as the desk is not open to the machine. */
  readonly socket: string | undefined
  readonly clock: () => number
  /** The desk's id. */
  readonly desk: string
}

/** Somebody of the example with opened keys and a machine of their own. */
export type DemoPerson = {
  readonly name: string
  readonly self: Self
  /** Logged in, with the newest verified state of the desk. */
  readonly work: () => Promise<Desk & { readonly keyring: Keyring }>
  /** The session may have ended: the next work begins with a login. */
  readonly forgetSession: () => void
}

/** Logged in again after this; a coordinator's session idles out after a quarter of an hour. */
const SESSION = 10 * MINUTE

export async function selfOf({ sign, key }: NewSelf, root?: Bytes): Promise<Self> {
  return {
    signer: await signerOfSeed(sign),
    key,
    root: root === undefined ? undefined : await signerOfSeed(root),
  }
}

export function member(place: DemoPlace, name: string, self: Self): DemoPerson {
  const visit = visitor(place)
  let loggedIn = -Infinity
  const work = async () => {
    let view = await visit()
    if (place.clock() - loggedIn > SESSION) {
      await logIn(view, self)
      loggedIn = place.clock()
      view = await beatWeekly(view, self)
    }
    return deskOf(view, self)
  }
  const forgetSession = () => void (loggedIn = -Infinity)
  return { name, self, work, forgetSession }
}

/** A reporter who comes back with their twelve words. */
export async function reporter(place: DemoPlace, words: string): Promise<Desk> {
  const view = await visitor(place)()
  const { self } = await followReport(view, words)
  return deskOf(view, self)
}

/** Verifies the desk, each time from what this machine saw before. */
export function visitor(place: DemoPlace): () => Promise<DeskView> {
  const api: Api = dial(place.url, place.socket)
  const deps = { api, memory: memoryOfOneMachine(), clock: place.clock }
  return () => openDesk(deps, place.desk)
}

function deskOf(view: DeskView, self: Self) {
  const pause = async (milliseconds: number) => wait(milliseconds)
  return { view, self, keyring: createKeyring(view, self), wait: pause, progress: () => undefined }
}

function memoryOfOneMachine(): Memory {
  let remembered: Remembered = NOTHING_REMEMBERED
  return {
    deskAt: () => Promise.resolve(undefined),
    pinDesk: () => Promise.resolve(),
    read: () => Promise.resolve(remembered),
    update: (_, change) => {
      remembered = change(remembered)
      return Promise.resolve()
    },
    keepEvidence: () => Promise.resolve(),
  }
}
