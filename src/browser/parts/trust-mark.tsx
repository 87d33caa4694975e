import type { Trust } from '#worker'
import { visibleLine } from '../visible-text.ts'

const TICK = 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13m3.3 4L7 9.8 4.8 7.6l-1 1L7 11.8l5.3-5.3z'
const HALF = 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M8 3v10A5 5 0 0 0 8 3'
const RING = 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3'
const TRIANGLE = 'M8 1.5 15 14H1zM7.2 6v4h1.6V6zm0 5v1.5h1.6V11z'

const TRUSTS: Readonly<
  Record<
    Trust,
    { readonly path: string; readonly style: string; readonly word: string; readonly says: string }
  >
> = {
  own: { path: TICK, style: 'trust yes', word: 'Yours', says: 'Your own key.' },
  compared: {
    path: TICK,
    style: 'trust yes',
    word: 'Verified',
    says: 'You compared the words yourself, by voice or in one room.',
  },
  vouched: {
    path: HALF,
    style: 'trust half',
    word: 'Vouched for',
    says: 'A member whom you verified compared the words.',
  },
  unknown: {
    path: RING,
    style: 'trust no',
    word: 'Not verified',
    says: 'The key is consistent; nobody compared the words.',
  },
  changed: {
    path: TRIANGLE,
    style: 'trust changed',
    word: 'Key changed',
    says: 'It is not the key that you compared. Compare again before you write.',
  },
  reporter: {
    path: HALF,
    style: 'trust half',
    word: 'By twelve words',
    says: 'Whoever holds the twelve words of this report. Nobody knows who that is.',
  },
  server: {
    path: HALF,
    style: 'trust half',
    word: 'By the server',
    says: 'Signed by the desk’s server, not by a person.',
  },
}

export type TrustMarkProps = {
  readonly trust: Trust
  /** Who vouched, or how it was compared: `by call`. */
  readonly by?: string | undefined
}

/** How sure this machine is that a key is a person's. */
export function TrustMark({ trust, by }: TrustMarkProps) {
  const { path, style, word, says } = TRUSTS[trust]
  return (
    <span class={style} title={says}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path fill-rule="evenodd" d={path} />
      </svg>
      {by === undefined || by === ''
        ? word
        : `${word}${trust === 'vouched' ? ' by' : ''} ${visibleLine(by)}`}
    </span>
  )
}

/** What each mark means, for the foot of a list of people. */
export function TrustLegend() {
  const shown: readonly Trust[] = ['compared', 'vouched', 'unknown', 'changed']
  return (
    <ul class="legend">
      {shown.map((trust) => (
        <li key={trust}>
          <TrustMark trust={trust} />
          <span>{TRUSTS[trust].says}</span>
        </li>
      ))}
    </ul>
  )
}
