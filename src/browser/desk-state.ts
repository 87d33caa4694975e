import { batch, effect, signal } from '@preact/signals'
import type { Failure, LaneCounts, MeShown, WorkerEvent } from '#worker'
import { failureOf } from './failure-of.ts'
import { visibleLine } from './visible-text.ts'

/**
 * What the desk's pages share. `stopped`: the server showed another past, and nothing is shown any more.
 * Everything that was opened is forgotten whenever the desk shuts.
 */
export type Phase = 'starting' | 'absent' | 'shut' | 'open' | 'stopped'
export type WhyLocked = Extract<WorkerEvent, { event: 'locked' }>['why']

export const phase = signal<Phase>('starting')
export const desk = signal<{ readonly name: string; readonly domain: string }>({
  name: '',
  domain: '',
})
export const me = signal<MeShown | undefined>(undefined)
/** The server stands on a backup and takes nothing until coordinators have signed that. */
export const restored = signal(false)
/** Why the desk is shut; `undefined` before it was ever open. */
export const whyLocked = signal<WhyLocked | undefined>(undefined)
/** With `stopped`: what contradicts what. With `starting`: why nothing began. */
export const failure = signal<Failure | undefined>(undefined)
export const online = signal(true)
/** Since when the network is gone; `""` while it is there. */
export const offlineSince = signal('')
export const counts = signal<LaneCounts | undefined>(undefined)
/** Milliseconds, moved on by the page's own clock. */
export const now = signal(0)
/** Said politely to whoever listens instead of looking: the last sentences, the newest at the end. */
export const said = signal<readonly Said[]>([])
export const singleKeys = signal(true)

export type Done<T> =
  { readonly ok: true; readonly answer: T } | { readonly ok: false; readonly failure: Failure }

export type Said = { readonly nth: number; readonly sentence: string }

const forgetters: (() => void)[] = []

/** Whatever holds opened text says here how it forgets it. */
export function onForget(forget: () => void): void {
  forgetters.push(forget)
}

export function open(as: MeShown): void {
  me.value = as
  whyLocked.value = undefined
  failure.value = undefined
  phase.value = 'open'
}

export function shut(why: WhyLocked): void {
  if (phase.value !== 'open' || (leaving && why !== 'left')) return
  forgetAll()
  batch(() => {
    whyLocked.value = why
    phase.value = 'shut'
  })
}

let leaving = false

/**
 * While somebody logs out, whatever else is on its way is told that nobody is in. That is no end of its own:
 * a new thread in place of this one would stop it from clearing the shelf.
 */
export async function whileLeaving<T>(work: Promise<T>): Promise<T> {
  leaving = true
  try {
    return await work
  } finally {
    leaving = false
  }
}

/** H1, H3, pin: the server contradicts itself or what this machine remembers. Nothing goes on after that. */
export function stop(because: Failure): void {
  forgetAll()
  failure.value = because
  phase.value = 'stopped'
}

/** Waits for the worker. An alarm stops the desk and a lock shuts it, whoever asked. */
export async function attempt<T>(asked: Promise<T>): Promise<Done<T>> {
  const visit = visits
  try {
    const answer = await asked
    // Opened for whoever was here before: the next person gets nothing of it.
    return visit === visits ? { ok: true, answer } : { ok: false, failure: LOCKED }
  } catch (error) {
    const because = failureOf(error)
    if (because.code === 'alarm') stop(because)
    if (because.code === 'locked') shut('ended')
    return { ok: false, failure: because }
  }
}

/**
 * Says a sentence once, politely. The same sentence twice is two announcements. It stays beside what is said
 * next: of two that come at once a screen reader that was still speaking would never meet the first.
 */
export function say(sentence: string): void {
  const before = said.peek()
  const nth = (before.at(-1)?.nth ?? 0) + 1
  said.value = [...before, { nth, sentence }].slice(-SAID_KEPT)
}

/** The title of the window; opened titles never stand in it, it is kept in histories. */
export function titleWindow(words: () => string): () => void {
  return effect(() => {
    document.title = `${words()} · ${desk.value.name === '' ? 'Desk' : visibleLine(desk.value.name)}`
  })
}

const SAID_KEPT = 3

/** Counts how often what was opened was forgotten. */
let visits = 0

const LOCKED: Failure = {
  code: 'locked',
  message: 'The desk was locked meanwhile.',
  check: '',
  evidence: [],
}

function forgetAll(): void {
  visits++
  for (const forget of forgetters) forget()
  // The engine keeps the text in which a regular expression was found last, whole: now it is this one.
  ''.match(/$/)
  me.value = undefined
  counts.value = undefined
  said.value = []
}
