import type { HeadOf } from './statement-forms.ts'

/** For tests: one letter as a hash. */
export function hashOf(letter: string): string {
  return letter.repeat(64)
}

/** For tests: the head of a message in no chain, before it has a body. */
export const TRIAL_HEAD: HeadOf<'case.message'> = {
  v: 1,
  type: 'case.message',
  desk: hashOf('a'),
  chain: hashOf('b'),
  seq: 4,
  prev: hashOf('c'),
  by: hashOf('d'),
  at: '2026-11-21T12:00:00Z',
  dir: hashOf('e'),
  log: '',
  to: 'all/1',
  files: [],
  reply: '',
  body: '',
}
