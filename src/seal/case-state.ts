import type { CaseState, ProjectState, Sort, Source } from '#lexicon'
import type { Person } from './person.ts'
import type { Checked, Place } from './statement.ts'
import type { CaseHead } from './statement-forms.ts'

/** One epoch of a circle of a case. */
export type CaseEpoch = {
  readonly cert: string
  /** Persons, the reporter among them, and one `desk/n`. */
  readonly readers: readonly string[]
  /** The certificate of each person at the time when they became a reader: another one later makes it stale (F7). */
  readonly certs: ReadonlyMap<Person, string>
  /** The author's clock at `case.key`; F7 counts 180 days from it. */
  readonly made: string
}

export type Reporter = {
  /** `""` for a reporter whom only a PGP key stands for. */
  readonly who: Person | ''
  readonly enc: string
  readonly pgp: string
}

/** The state of a case chain after its newest statement. A value: each statement makes a new one. */
export type CaseFold = {
  readonly id: string
  readonly head: Place
  /** Position in the desk chain of the newest `dir`: it never goes back (F4). */
  readonly dirSeq: number
  readonly source: Source
  readonly reporter: Reporter
  readonly circles: ReadonlyMap<string, readonly CaseEpoch[]>
  /** The id of the first `case.ack`, or `""`. */
  readonly acknowledged: string
  /** The coordinator who said that they look after it, or for whom another did; `""` is nobody. */
  readonly taken: Person | ''
  readonly sort: Sort | ''
  readonly state: CaseState
  readonly projects: ReadonlyMap<string, ProjectState>
  /** The ids of the `case.message` statements by members in the general thread: the reporter reads them. */
  readonly answers: readonly string[]
  readonly embargo: string
  readonly links: readonly { readonly other: string; readonly relation: string }[]
  /** The place of the newest `case.title`, or -1. */
  readonly titleSeq: number
  /** The id of `case.shred`, or `""`; it counts when approved. */
  readonly shred: string
  readonly pending: ReadonlySet<string>
  readonly approved: ReadonlySet<string>
  readonly withdrawn: ReadonlySet<string>
  readonly statements: ReadonlyMap<string, CaseHead>
  readonly last: Checked<CaseHead>
}

/** The name of the newest epoch of a circle, or `undefined` when it has none. */
export function newestEpoch(fold: CaseFold, circle: string): string | undefined {
  const epochs = fold.circles.get(circle)
  return epochs === undefined || epochs.length === 0 ? undefined : `${circle}/${epochs.length}`
}

/** Splits `all/2` into its circle and epoch. */
export function splitKeyName(name: string): { readonly circle: string; readonly epoch: number } {
  const slash = name.lastIndexOf('/')
  return { circle: name.slice(0, slash), epoch: Number(name.slice(slash + 1)) }
}

/** Does this person read what is sealed to `to`, by what the chain says? Coordinators read all of it. */
export function readsCircle(fold: CaseFold, to: string, who: Person): boolean {
  const { circle, epoch } = splitKeyName(to)
  return fold.circles.get(circle)?.[epoch - 1]?.readers.includes(who) === true
}
