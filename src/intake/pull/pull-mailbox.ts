import { setTimeout as pause } from 'node:timers/promises'
import { type Bytes, HOUR, LIMITS, MINUTE, SECOND } from '#lexicon'
import { IntakeError } from '../intake-error.ts'
import type { Taken } from '../mail/take-mail.ts'
import { type Mailbox, type PullTrouble, troubleOf, type WaitingMail } from './mailbox.ts'

/** What is known of a mailbox that is pulled. Numbers and words of ours, nothing of a mail. */
export type PullSeen = {
  /** `""`: it works. `desk`: this desk takes nothing now. */
  readonly trouble: PullTrouble | 'desk' | ''
  /** When it worked last, in milliseconds; 0 is never. */
  readonly worked: number
  /** Mails that are not taken: all, of these the too large ones, and those that could not be taken. */
  readonly waiting: number
  readonly tooLarge: number
  readonly stuck: number
}

export type PullDeps = {
  readonly open: () => Promise<Mailbox | PullTrouble>
  /** Durable when its promise is kept. */
  readonly take: (mail: { readonly raw: Bytes; readonly arrived: number }) => Promise<Taken>
  /** Does this desk take reports now? */
  readonly isOpen: () => Promise<boolean>
  readonly clock: () => number
  readonly seen: (seen: PullSeen) => void
  /** Told why a mail was not taken, so that it is not lost in silence. */
  readonly failed: (error: unknown) => void
}

/** Tests have less patience. */
export type PullPatience = {
  /** It looks again by itself, whatever the mailbox tells. */
  readonly look: number
  /** After a broken line; it grows. */
  readonly again: number
  /** After a refused log-in, which some servers answer by locking the account. */
  readonly login: number
  readonly stuck: number
}

const USUAL: PullPatience = {
  look: 5 * MINUTE,
  again: 5 * SECOND,
  login: 5 * MINUTE,
  stuck: HOUR,
}
const LONGEST = 15 * MINUTE
const AT_ONCE = 200

export type Pull = { readonly stop: () => Promise<void> }

/**
 * Empties a mailbox into the desk, for as long as it runs: a mail is taken, is durable, and only then is it
 * marked, moved or deleted. Whatever breaks in between, it is there again and known.
 */
export function pullMailbox(deps: PullDeps, patience: PullPatience = USUAL): Pull {
  const stopping = new AbortController()
  const running = run(deps, patience, stopping.signal)
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

type Place = {
  readonly deps: PullDeps
  readonly patience: PullPatience
  readonly stopping: AbortSignal
  readonly memory: Memory
}

async function run(deps: PullDeps, patience: PullPatience, stopping: AbortSignal): Promise<void> {
  const memory = newMemory()
  for (let tries = 0; !stopping.aborted; tries++) {
    const before = memory.worked
    const trouble = await visit({ deps, patience, stopping, memory }).catch(troubleOf)
    if (stopping.aborted) return
    // It worked for a while: the pauses begin anew.
    if (memory.worked > before) tries = 0
    if (trouble !== '') deps.seen({ ...seenOf(memory), trouble })
    const first = trouble === 'login' || trouble === 'secret' ? patience.login : patience.again
    const wait = Math.min(first * 2 ** Math.min(tries, 10), Math.max(LONGEST, first))
    await pause(wait, undefined, { signal: stopping }).catch(() => undefined)
  }
}

/** What it remembers of mails that it leaves where they are, by their numbers. */
type Memory = {
  validity: string
  /** Taken by this process: if its mark does not hold, it is marked again and not fetched again. */
  readonly taken: Set<number>
  readonly tooLarge: Set<number>
  /** When it may be tried again. */
  readonly stuck: Map<number, number>
  /** How often the line broke while it was fetched. */
  readonly cuts: Map<number, number>
  waiting: number
  worked: number
}

function newMemory(): Memory {
  const [taken, tooLarge] = [new Set<number>(), new Set<number>()]
  const [stuck, cuts] = [new Map<number, number>(), new Map<number, number>()]
  return { validity: '', taken, tooLarge, stuck, cuts, waiting: 0, worked: 0 }
}

/** Numbers of before are those of other mails now. */
function begin(memory: Memory, validity: string): void {
  if (memory.validity === validity) return
  for (const each of [memory.taken, memory.tooLarge, memory.stuck, memory.cuts]) each.clear()
  memory.validity = validity
}

function seenOf({ worked, waiting, tooLarge, stuck }: Memory): Omit<PullSeen, 'trouble'> {
  return { worked, waiting, tooLarge: tooLarge.size, stuck: stuck.size }
}

/** One connection, until it ends or is of no use. */
async function visit(place: Place): Promise<PullTrouble | ''> {
  const { deps, patience, stopping, memory } = place
  const box = await deps.open()
  if (typeof box === 'string') return box
  try {
    begin(memory, box.validity)
    while (!stopping.aborted) {
      const trouble = await pass(box, place)
      memory.worked = deps.clock()
      deps.seen({ ...seenOf(memory), trouble })
      await box.rest(trouble === 'desk' ? patience.again : patience.look, stopping)
    }
    return ''
  } finally {
    await box.close()
  }
}

/**
 * Takes what waits, oldest first. `desk`: it takes nothing now, and all of it stays. `marks`: what was taken
 * could not be put away, and is only known while this process runs.
 */
async function pass(
  box: Mailbox,
  { deps, patience, stopping, memory }: Place,
): Promise<'desk' | 'marks' | ''> {
  const uids = await box.waiting()
  const there = new Set(uids)
  for (const each of [memory.tooLarge, memory.stuck, memory.cuts])
    for (const uid of each.keys()) if (!there.has(uid)) each.delete(uid)
  memory.waiting = uids.length
  const now = deps.clock()
  const due = uids.filter((uid) => !memory.tooLarge.has(uid) && (memory.stuck.get(uid) ?? 0) <= now)
  // Without its database it cannot say.
  if (!(await deps.isOpen().catch(() => false))) return uids.length === 0 ? '' : 'desk'
  let trouble: 'marks' | '' = ''
  for (let at = 0; at < due.length; at += AT_ONCE)
    for (const mail of await box.look(due.slice(at, at + AT_ONCE))) {
      if (stopping.aborted) return trouble
      const became = await takeOne(box, mail, deps, memory)
      if (became === 'away') return 'desk'
      if (became === 'not-put-away') trouble = 'marks'
      if (became === 'too-large') memory.tooLarge.add(mail.uid)
      if (became === 'stuck') memory.stuck.set(mail.uid, deps.clock() + patience.stuck)
      if (became !== 'done') continue
      memory.stuck.delete(mail.uid)
      memory.waiting--
    }
  return trouble
}

type Became = 'done' | 'too-large' | 'stuck' | 'away' | 'not-put-away'

/** Throws only when the line breaks. */
async function takeOne(
  box: Mailbox,
  { uid, size, arrived }: WaitingMail,
  deps: PullDeps,
  memory: Memory,
): Promise<Became> {
  if (size > LIMITS.mail) return 'too-large'
  if (!memory.taken.has(uid)) {
    // A mail at which the line breaks every time must not keep the others out.
    const cuts = memory.cuts.get(uid) ?? 0
    if (cuts >= MOST_CUTS) {
      memory.cuts.delete(uid)
      return 'stuck'
    }
    memory.cuts.set(uid, cuts + 1)
    const raw = await box.fetch(uid)
    memory.cuts.delete(uid)
    if (raw === undefined) return 'done'
    try {
      await deps.take({ raw, arrived })
    } catch (error) {
      deps.failed(error)
      return isAway(error) ? 'away' : 'stuck'
    }
    memory.taken.add(uid)
  }
  return (await box.settle(uid)) ? 'done' : 'not-put-away'
}

const MOST_CUTS = 3

function isAway(error: unknown): boolean {
  return error instanceof IntakeError && AWAY.has(error.code)
}

const AWAY: ReadonlySet<string> = new Set(['not-open', 'unavailable', 'disk-full', 'conflict'])
