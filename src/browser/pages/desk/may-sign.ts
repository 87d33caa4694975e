import { me } from '../../desk-state.ts'

/**
 * What a page offers to do to a case, and the statement that it signs. The fold takes each of them from
 * coordinators alone (F5, `judge` in src/seal/case-fold.ts), so nobody else is offered one: a button that
 * ends in a failed check would look like an attack. What a reader may do, to write and to save, is not here.
 */
const COORDINATORS_SIGN = {
  acknowledge: 'case.ack',
  answer: 'case.message',
  assess: 'case.open',
  close: 'case.state',
  invite: 'member.admit',
  link: 'case.link',
  note: 'case.message',
  readers: 'case.grant',
  rename: 'case.title',
  sort: 'case.sort',
  state: 'case.state',
  take: 'case.take',
} as const

export type SignedAct = keyof typeof COORDINATORS_SIGN

/** Is this person offered that act? */
export function maySign(act: SignedAct): boolean {
  return act in COORDINATORS_SIGN && me.value?.coordinator === true
}
