import type { ReportFacts } from '#client'
import type { CaseState, Relation, Sort } from '#lexicon'

/** How a case of the example came to be, as data: who did what, and how long ago. */
export type StoryOfACase = {
  /** By which other cases name it. */
  readonly key: string
  readonly ago: Ago
  /** Nobody reported it: this coordinator opened it. */
  readonly openedBy?: Volunteer
  readonly source?: 'web' | 'cli' | 'api'
  readonly text: string
  readonly facts?: Partial<ReportFacts>
  readonly files?: readonly DemoFile[]
  readonly steps?: readonly Step[]
}

export type Volunteer = 'Volunteer 1' | 'Volunteer 2' | 'Volunteer 3'
export type Actor = Volunteer | 'Maintainer 1' | 'reporter'
/** Hours before now. */
export type Ago = number
export type DemoFile = { readonly name: string; readonly type: string; readonly text: string }

export type Step = { readonly ago: Ago; readonly by: Actor; readonly does: Deed }

export type Deed =
  | { readonly kind: 'acknowledges' | 'takes' | 'reads' }
  | { readonly kind: 'writes'; readonly text: string; readonly files?: readonly DemoFile[] }
  | { readonly kind: 'notes' | 'closes-with-reason' | 'answers-and-closes'; readonly text: string }
  | { readonly kind: 'tells-project'; readonly text: string }
  | { readonly kind: 'adds-maintainer' }
  | { readonly kind: 'sorts'; readonly as: Sort }
  | { readonly kind: 'sets'; readonly state: CaseState }
  | { readonly kind: 'links'; readonly to: string; readonly relation: Relation }

/** The project whose maintainer is in the example. */
export const PROJECT = 'example-arrays'

export function days(count: number, hours = 0): Ago {
  return count * 24 + hours
}

/** One step. */
export function step(ago: Ago, by: Actor, does: Deed): Step {
  return { ago, by, does }
}

/** What somebody did one after another, six minutes apart. */
export function sitting(ago: Ago, by: Actor, ...deeds: readonly Deed[]): readonly Step[] {
  return deeds.map((does, n) => step(ago - n / 10, by, does))
}

export const reads: Deed = { kind: 'reads' }
export const acknowledges: Deed = { kind: 'acknowledges' }
export const takes: Deed = { kind: 'takes' }
export const addsMaintainer: Deed = { kind: 'adds-maintainer' }

export function writes(text: string, ...files: DemoFile[]): Deed {
  return { kind: 'writes', text, files }
}

export function notes(text: string): Deed {
  return { kind: 'notes', text }
}

export function tellsProject(text: string): Deed {
  return { kind: 'tells-project', text }
}

export function closesWithReason(text: string): Deed {
  return { kind: 'closes-with-reason', text }
}

export function answersAndCloses(text: string): Deed {
  return { kind: 'answers-and-closes', text }
}

export function sorts(as: Sort): Deed {
  return { kind: 'sorts', as }
}

export function sets(state: CaseState): Deed {
  return { kind: 'sets', state }
}

export function links(to: string, relation: Relation): Deed {
  return { kind: 'links', to, relation }
}

export function file(name: string, text: string, type = 'text/plain'): DemoFile {
  return { name, type, text }
}
