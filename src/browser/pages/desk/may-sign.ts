import { me, restored } from '../../desk-state.ts'

/**
 * Who is offered what a page does to a case, by the statement that it signs. The fold takes each of them from
 * this role alone (F5, `judge` in src/seal/case-fold.ts), so nobody else is offered it: a button that ends in
 * a failed check would look like an attack. What a reader may do, to write and to save, is not here.
 */
const SIGNED_BY = {
  /** case.ack */
  acknowledge: 'coordinator',
  /** case.message, in the name of the desk */
  answer: 'coordinator',
  /** case.open */
  assess: 'coordinator',
  /** case.reporter, case.key */
  claim: 'coordinator',
  /** case.state */
  close: 'coordinator',
  /** member.admit */
  invite: 'coordinator',
  /** case.link */
  link: 'coordinator',
  /** Nothing is signed: the server tells coordinators how mail is set. */
  mail: 'coordinator',
  /** case.message, to the desk */
  note: 'coordinator',
  /** case.grant, case.key */
  readers: 'coordinator',
  /** release, approve, withdraw */
  release: 'coordinator',
  /** case.title */
  rename: 'coordinator',
  /** case.route, case.key */
  route: 'coordinator',
  /** case.sort */
  sort: 'coordinator',
  /** case.state */
  state: 'coordinator',
  /** case.take */
  take: 'coordinator',
} as const

export type SignedAct = keyof typeof SIGNED_BY

/** Is this person offered that act? On a desk that stands on a backup nobody is: it takes nothing yet. */
export function maySign(act: SignedAct): boolean {
  return !restored.value && hasRoleFor(act)
}

/** What is shown of an act does not hang on whether the desk takes it now. */
export function hasRoleFor(act: SignedAct): boolean {
  return me.value?.roles.includes(SIGNED_BY[act]) === true
}
