import { effect, signal, untracked } from '@preact/signals'
import { MINUTE, SECOND, timeOf } from '#lexicon'
import { ask, endWorker, onEvent } from '../../ask-worker.ts'
import {
  attempt,
  me,
  now,
  offlineSince,
  online,
  type Phase,
  phase,
  shut,
  stop,
  whyLocked,
  type WhyLocked,
  whileLeaving,
} from '../../desk-state.ts'
import { forgetOnReturn } from '../../forget-on-return.ts'
import { readPin } from '../../pin.ts'
import { route } from '../../router.ts'
import { readCase } from '../case/case-memory.ts'
import { idleAt, idleLimit } from './desk-idle.ts'

/** `12 min`: when the desk locks by itself. */
export const locksIn = signal('')
/** The last minute before. */
export const locksSoon = signal(false)

/** What the tabs of one browser tell each other: nothing that was opened. */
type Word =
  | { readonly locked: WhyLocked }
  | { readonly active: true }
  /** Of which desk. What was seen is not said: who hears it looks for themself. */
  | { readonly alarm: string }

/** Other tabs hear at most this often that somebody is here. */
const TELL_EVERY = 10 * SECOND
const TICK = 5 * SECOND

const flushers = new Set<() => Promise<void>>()
let channel: BroadcastChannel | undefined
let lastActive = 0
let lastTold = 0
let clock = () => 0
let wasOpen = false
let atDoor: (() => void) | undefined
/** The thread that held the keys has ended by itself: somebody logged out. */
let workerEnded = false
/** Looking again after another tab's alarm: once at a time, however often it is said. */
let checking = false
/** The last thread was told to go; its follower is on its way. */
let following: Promise<void> = Promise.resolve()

/** Something half-written is put away, sealed, before the keys go. Returns how to take that back. */
export function beforeLock(flush: () => Promise<void>): () => void {
  flushers.add(flush)
  return () => flushers.delete(flush)
}

/** Puts drafts away, forgets everything, and tells the other tabs. */
export async function lockDesk(why: WhyLocked = 'asked'): Promise<void> {
  if (phase.value !== 'open') return
  await Promise.allSettled([...flushers].map((flush) => flush()))
  shut(why)
}

/** Logs out. The other tabs forget first: none may put a draft away after this one cleared the shelf. */
export async function leaveDesk(): Promise<void> {
  channel?.postMessage({ locked: 'left' } satisfies Word)
  const { told } = await whileLeaving(ask('logOut', {}))
  if (!told) following = following.then(tellLeft)
}

/** The session must end although the line is slow; whoever comes back waits for that, and needs the line too. */
async function tellLeft(): Promise<void> {
  await ask('tellLeft', {}).catch(() => undefined)
}

/**
 * Keys are open already, and the door asks for something more: new words, a passkey of this browser. They go
 * as those of an open desk do. `drop` forgets what the page shows of them. Returns how to end it.
 */
export function standAtDoor(drop: () => void): () => void {
  atDoor = drop
  workerEnded = false
  lastActive = clock()
  return () => {
    if (atDoor === drop) atDoor = undefined
  }
}

function leaveDoor(why: WhyLocked): void {
  const drop = atDoor
  if (drop === undefined) return
  atDoor = undefined
  following = beginAnew(why)
  drop()
}

/** Any key, touch or move of the pointer. */
export function stay(): void {
  lastActive = clock()
  if (locksSoon.value) look()
  if (lastActive - lastTold < TELL_EVERY) return
  lastTold = lastActive
  channel?.postMessage({ active: true } satisfies Word)
}

/** The page's clock, idle lock, network and other tabs. */
export function startLock(pageClock: () => number): void {
  clock = pageClock
  lastActive = clock()
  channel = new BroadcastChannel('postern')
  channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    if ('alarm' in data) return void checkSoon(data.alarm)
    if ('locked' in data) leaveDoor('other-tab')
    if (!('locked' in data)) lastActive = clock()
    else if (data.locked === 'left') shut('other-tab')
    else void lockDesk('other-tab')
  })
  onEvent((event) => {
    if (event.event === 'alarm') stop(event.failure)
    // The session ended at the desk: the thread with the keys is still there, and goes now.
    if (event.event === 'locked' && event.why === 'ended') shut('ended')
    else if (event.event === 'locked' && phase.value === 'open') {
      workerEnded = true
      shut(event.why)
    }
    if (event.event === 'online') hear({ desk: event.online })
  })
  addEventListener('offline', () => hear({ network: false }))
  addEventListener('online', () => hear({ network: true }))
  for (const type of ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart'])
    addEventListener(type, stay, { passive: true, capture: true })
  document.addEventListener('visibilitychange', look)
  forgetOnReturn()
  look()
  setInterval(look, TICK)
  effect(() => {
    const is = phase.value
    untracked(() => enter(is))
  })
}

function look(): void {
  // The minute is enough for every clock on the page; each change draws it anew.
  const minute = Math.floor(clock() / (MINUTE / 2)) * (MINUTE / 2)
  if (now.value !== minute) now.value = minute
  const as = me.value
  if (phase.value !== 'open' || as === undefined) {
    if (atDoor === undefined) lastActive = clock()
    else if (idleAt(lastActive, clock(), idleLimit(true)).locks) leaveDoor('idle')
    locksSoon.value = false
    return
  }
  const idle = idleAt(lastActive, clock(), idleLimit(as.coordinator))
  if (idle.locks) return void lockDesk('idle')
  locksIn.value = idle.left
  locksSoon.value = idle.warns
}

/** Whatever shut or stopped the desk, the thread that holds the keys ends, and the other tabs hear of it. */
function enter(is: Phase): void {
  if (is === 'open') {
    wasOpen = true
    workerEnded = false
    lastActive = clock()
    look()
    return
  }
  if (is === 'stopped') channel?.postMessage({ alarm: readPin().desk } satisfies Word)
  if (wasOpen && (is === 'shut' || is === 'stopped')) {
    wasOpen = false
    const why = whyLocked.value
    if (is === 'shut' && why !== undefined && why !== 'other-tab')
      channel?.postMessage({ locked: why } satisfies Word)
    following = beginAnew(why)
  }
}

/**
 * Another tab was stopped by an alarm. Anything of this origin could have said so: it is a reason to look, and
 * nothing more. What contradicts itself is found here as well, in the desk or in the case that is shown.
 */
async function checkSoon(desk: string): Promise<void> {
  if (desk !== readPin().desk || phase.value !== 'open' || checking) return
  checking = true
  await attempt(ask('recheck', {}))
  const at = route.value
  if (at.page === 'case' && phase.value === 'open') await readCase(at.id)
  checking = false
}

/** Whoever comes back at once waits until the thread with the old keys is gone, and asks the new one. */
export function newThread(): Promise<void> {
  return following
}

/**
 * A new thread takes the place of the old one, and is told which desk this is. The keys wait for no desk that
 * does not answer: the new thread, which holds none, tells it in their place.
 */
async function beginAnew(why: WhyLocked | undefined): Promise<void> {
  let left: { readonly told: boolean } | undefined
  // The other tab told the desk. Saying it again, and late, would end a session that began since.
  if (why === 'other-tab') endWorker(why)
  else if (!workerEnded) left = await ask('lock', {}).catch(() => undefined)
  await ask('begin', readPin()).catch(() => undefined)
  if (left?.told === false) await tellLeft()
}

/** The network of this machine, and whether the desk answers: each is said when it changes, and both are needed. */
const answers = { network: true, desk: true }

function hear(news: Partial<typeof answers>): void {
  Object.assign(answers, news)
  const on = answers.network && answers.desk
  if (on === online.value) return
  online.value = on
  offlineSince.value = on ? '' : timeOf(clock())
}
