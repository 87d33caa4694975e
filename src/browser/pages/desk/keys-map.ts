import type { KeyGroup } from '../../parts/key-hint.tsx'
import type { SignedAct } from './may-sign.ts'

type Key = {
  readonly keys: string
  readonly caps: string
  readonly says: string
  /** The act that it is for, where not everybody signs it. */
  readonly act?: SignedAct
}

/** Every act that has a key, once: the list of `?`, the palette and the pages read it from here. */
const GROUPS = {
  anywhere: [
    { keys: '?', caps: '?', says: 'Show all keys' },
    { keys: 'ctrl+k', caps: 'Ctrl K', says: 'Find an act, a place or a case' },
    { keys: '/', caps: '/', says: 'Filter or search' },
    { keys: 'g q', caps: 'G Q', says: 'Go to the queue' },
    { keys: 'g d', caps: 'G D', says: 'Go to what is due' },
    { keys: 'g m', caps: 'G M', says: 'Go to my cases', act: 'take' },
    { keys: 'g p', caps: 'G P', says: 'Go to people' },
    { keys: 'g e', caps: 'G E', says: 'Go to mail: settings and queue', act: 'mail' },
    { keys: 'g r', caps: 'G R', says: 'Go to what is published', act: 'release' },
    { keys: 'g s', caps: 'G S', says: 'Search in what was opened' },
    { keys: 'g k', caps: 'G K', says: 'Go to own keys and sessions' },
    { keys: 'l', caps: 'L', says: 'Lock the desk' },
    { keys: 'escape', caps: 'Esc', says: 'Close, clear, back' },
  ],
  list: [
    { keys: 'j', caps: 'J', says: 'Next row' },
    { keys: 'k', caps: 'K', says: 'Previous row' },
    { keys: 'enter', caps: 'Enter', says: 'Open' },
    { keys: 'x', caps: 'X', says: 'Select', act: 'sort' },
    { keys: 'shift+x', caps: 'Shift X', says: 'Select up to here', act: 'sort' },
    { keys: 'a', caps: 'A', says: 'Acknowledge', act: 'acknowledge' },
    { keys: 's', caps: 'S', says: 'Sort', act: 'sort' },
    { keys: 't', caps: 'T', says: 'Take', act: 'take' },
    { keys: 'n', caps: 'N', says: 'Reply and close as not security (selection)', act: 'close' },
    { keys: 'f', caps: 'F', says: 'Free held mail (lane Held)', act: 'sort' },
    { keys: 'b', caps: 'B', says: 'Bin held mail (lane Held)', act: 'close' },
  ],
  case: [
    { keys: 'j', caps: 'J', says: 'Next case' },
    { keys: 'k', caps: 'K', says: 'Previous case' },
    { keys: 'a', caps: 'A', says: 'Acknowledge', act: 'acknowledge' },
    { keys: 's', caps: 'S', says: 'Sort', act: 'sort' },
    { keys: 't', caps: 'T', says: 'Take, or give back', act: 'take' },
    { keys: 'w', caps: 'W', says: 'Write' },
    { keys: 'n', caps: 'N', says: 'Team note', act: 'note' },
    { keys: 'c', caps: 'C', says: 'Canned reply', act: 'answer' },
    { keys: 'p', caps: 'P', says: 'Add a project', act: 'route' },
    { keys: 'v', caps: 'V', says: 'Say how far a project is' },
    { keys: 'u', caps: 'U', says: 'Next unread entry' },
  ],
  people: [{ keys: 'i', caps: 'I', says: 'Invite somebody', act: 'invite' }],
  writing: [
    { keys: 'ctrl+enter', caps: 'Ctrl Enter', says: 'Seal and send' },
    { keys: 'ctrl+shift+p', caps: 'Ctrl Shift P', says: 'Preview, and back' },
    { keys: 'escape', caps: 'Esc', says: 'Leave the field; the text stays' },
  ],
} as const satisfies Record<string, readonly Key[]>

export type KeyOf<G extends keyof typeof GROUPS> = (typeof GROUPS)[G][number]['keys']

const TITLES = {
  anywhere: 'Anywhere',
  list: 'In a list',
  case: 'In a case',
  people: 'Under People',
  writing: 'While writing',
} as const satisfies Record<keyof typeof GROUPS, string>

/** For the dialog of `?`: the keys of the acts that this person may sign. */
export function keyGroups(may: (act: SignedAct) => boolean): readonly KeyGroup[] {
  const names = Object.keys(GROUPS) as (keyof typeof GROUPS)[]
  return names
    .map((name) => ({ title: TITLES[name], rows: rowsOf(GROUPS[name], may) }))
    .filter(({ rows }) => rows.length > 0)
}

/** The words and caps of a key, as the page says them where the person is. */
export function keyOf(keys: string, where: 'list' | 'case' | 'none'): Key | undefined {
  const here: readonly Key[] = where === 'none' ? [] : GROUPS[where]
  return [...here, ...GROUPS.anywhere].find((key) => key.keys === keys)
}

function rowsOf(keys: readonly Key[], may: (act: SignedAct) => boolean) {
  return keys
    .filter(({ act }) => act === undefined || may(act))
    .map(({ caps, says }) => [caps, says] as const)
}
