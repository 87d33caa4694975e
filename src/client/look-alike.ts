import type { DirectoryState } from '#seal'
import { ClientError } from './client-error.ts'

/** Names that pages and notices use for somebody or something else than a member. */
const RESERVED = ['reporter', 'root', 'mail', 'server', 'postern', 'desk']

/** Letters of other scripts, and digits, that most typefaces draw like Latin letters. After lower case. */
const DRAWN_ALIKE = new Map(
  Object.entries({
    a: 'аɑα',
    b: 'ьвβ',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еєε',
    g: 'ɡց',
    h: 'һн',
    i: '1l|!іıιӏⅼ',
    j: 'јϳ',
    k: 'кκ',
    m: 'м',
    n: 'пη',
    o: '0оοσօ',
    p: 'рρ',
    q: 'ԛ',
    r: 'гᴦ',
    s: 'ѕ',
    t: 'тτ',
    u: 'υս',
    v: 'ѵν',
    w: 'ԝшω',
    x: 'хχ',
    y: 'уγ',
    z: 'ᴢ',
  }).flatMap(([latin, others]) => [...others].map((other) => [other, latin] as const)),
)

/** Pairs that read as one letter, in small print. */
const PAIRS = [
  ['rn', 'm'],
  ['vv', 'w'],
] as const

/**
 * What a handle looks like at a glance: case, accents, spaces, marks between words and letters that are
 * drawn alike do not count. Two handles with one skeleton are taken for one another.
 */
export function skeletonOf(handle: string): string {
  const letters = handle
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}\p{C}\p{Z}\p{Pd}\p{Pc}\p{Default_Ignorable_Code_Point}\u2800.,'’"“”·]+/gu, '')
  const latin = [...letters].map((letter) => DRAWN_ALIKE.get(letter) ?? letter).join('')
  return PAIRS.reduce((text, [pair, one]) => text.replaceAll(pair, one), latin)
}

/**
 * A handle that nobody takes for somebody else's. The keys tell people apart, but people read names.
 * Asked when somebody chooses one, and again by each coordinator who signs it. Throws `ClientError` handle.
 */
export function demandOwnHandle(state: Pick<DirectoryState, 'members'>, handle: string): void {
  const skeleton = skeletonOf(handle)
  if (skeleton === '')
    throw new ClientError(
      'handle',
      'This handle has no letter that people can read: choose another.',
    )
  const taken = RESERVED.find((name) => skeletonOf(name) === skeleton)
  if (taken !== undefined)
    throw new ClientError('handle', `A handle cannot read like “${taken}”: choose another.`)
  for (const member of state.members.values())
    if (member.active && skeletonOf(member.handle) === skeleton)
      throw new ClientError(
        'handle',
        `This handle reads like that of ${member.handle}, who is a member already: choose another.`,
      )
}
