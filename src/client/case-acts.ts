import type { CaseState, Relation, Sort } from '#lexicon'
import type { CaseHead, Person } from '#seal'
import { appendToCase, type Common, type Composer } from './append.ts'
import { type CaseView, nameOf } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { Self } from './self.ts'
import type { Desk, Words } from './desk.ts'
import { messageTo, prepare } from './write-case.ts'

/*
 * What a coordinator does with a case. Somebody else may do the same at that moment: an act that would
 * then mean something else is not repeated behind the newer state, but told to the person.
 */

export function acknowledge(desk: Desk, within: CaseView): Promise<CaseView> {
  return act(desk, within, { type: 'case.ack' }, (current) => current.fold.acknowledged !== '')
}

export function sortCase(desk: Desk, within: CaseView, sort: Sort): Promise<CaseView> {
  return act(desk, within, { type: 'case.sort', sort })
}

/** Says who looks after the case: a coordinator, or with `""` nobody. */
export function takeCase(desk: Desk, within: CaseView, who: Person | ''): Promise<CaseView> {
  return act(desk, within, { type: 'case.take', who }, (current) => {
    const { taken } = current.fold
    if (taken !== within.fold.taken && taken !== who)
      throw changed(`${nameOf(desk.view, taken)} took this case`, taken === '')
    return taken === who
  })
}

/** Open, waiting, archived; closed only where the reporter was answered, else see `closeCase`. A closed case opens again. */
export function setCaseState(desk: Desk, within: CaseView, state: CaseState): Promise<CaseView> {
  if (state === 'closed' && within.fold.answers.length === 0)
    throw new ClientError('problem', 'Nobody answered the reporter yet: close with a reason.')
  return act(desk, within, stateOf(state), (current) => {
    demandSameState(within, current)
    return current.fold.state === state
  })
}

/** Closes with a reason that the desk alone reads, in one batch. */
export function closeCase(desk: Desk, within: CaseView, reason: string): Promise<CaseView> {
  return sayAndClose(desk, within, 'desk', { text: reason, files: [] })
}

/**
 * Ends what is nobody's report: sorted as not security and closed with a reason that the desk alone reads, in
 * one batch. Nobody is told.
 */
export async function binCase(desk: Desk, within: CaseView, reason: string): Promise<CaseView> {
  const words = { text: reason, files: [] }
  const { key, sent, ...ready } = await prepare(desk, within, 'desk', words)
  const done = await appendToCase(ready.view, ready.within, (view, current) => {
    demandSameState(within, current)
    return [
      plain(desk.self, { type: 'case.sort', sort: 'not-security' }),
      messageTo(desk, view, current, 'desk', key, reason, sent),
      plain(desk.self, stateOf('closed')),
    ]
  })
  return done.within
}

/** The last answer and the end of the case, in one batch: whole or not at all. */
export function answerAndClose(desk: Desk, within: CaseView, words: Words): Promise<CaseView> {
  return sayAndClose(desk, within, 'all', words)
}

/** `other` is the id of another case. */
export function linkCases(
  desk: Desk,
  within: CaseView,
  other: string,
  relation: Relation,
): Promise<CaseView> {
  return act(desk, within, { type: 'case.link', other, relation }, ({ fold }) =>
    fold.links.some((link) => link.other === other && link.relation === relation),
  )
}

async function sayAndClose(
  desk: Desk,
  within: CaseView,
  thread: 'all' | 'desk',
  words: Words,
): Promise<CaseView> {
  const { key, sent, ...ready } = await prepare(desk, within, thread, words)
  const done = await appendToCase(ready.view, ready.within, (view, current) => {
    demandSameState(within, current)
    return [
      messageTo(desk, view, current, thread, key, words.text, sent),
      plain(desk.self, stateOf('closed')),
    ]
  })
  return done.within
}

type Act = OwnOf<'case.ack' | 'case.sort' | 'case.take' | 'case.state' | 'case.link'>
type OwnOf<T extends CaseHead['type']> = T extends unknown
  ? Omit<Extract<CaseHead, { readonly type: T }>, keyof Common>
  : never

/** One statement without content, unless it is so `already`. */
async function act(
  desk: Desk,
  within: CaseView,
  own: Act,
  already: (current: CaseView) => boolean = () => false,
): Promise<CaseView> {
  const done = await appendToCase(desk.view, within, (_, current) =>
    already(current) ? [] : [plain(desk.self, own)],
  )
  return done.within
}

function plain({ signer }: Self, own: Act): Composer<CaseHead> {
  return async (place) => ({ signer, head: { ...place(signer), ...own }, blobs: [] })
}

/** The end of a case, behind the answer that ends it. */
export function closing({ self }: Pick<Desk, 'self'>): Composer<CaseHead> {
  return plain(self, stateOf('closed'))
}

function stateOf(state: CaseState) {
  return { type: 'case.state', state, project: '' } as const
}

export function demandSameState(within: CaseView, current: CaseView): void {
  if (current.fold.state !== within.fold.state)
    throw changed(`Somebody set this case to ${current.fold.state}`)
}

function changed(what: string, nobody = false): ClientError {
  const said = nobody ? 'Somebody gave this case back' : what
  return new ClientError('problem', `${said} meanwhile: look at it again.`)
}
