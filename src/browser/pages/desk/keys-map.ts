import type { KeyGroup } from '../../parts/key-hint.tsx'

type Key = { readonly keys: string; readonly caps: string; readonly says: string }

/** Every act that has a key, once: the list of `?`, the palette and the pages read it from here. */
const GROUPS = {
  anywhere: [
    { keys: '?', caps: '?', says: 'Show all keys' },
    { keys: 'ctrl+k', caps: 'Ctrl K', says: 'Find an act, a place or a case' },
    { keys: '/', caps: '/', says: 'Filter or search' },
    { keys: 'g q', caps: 'G Q', says: 'Go to the queue' },
    { keys: 'g d', caps: 'G D', says: 'Go to what is due' },
    { keys: 'g m', caps: 'G M', says: 'Go to my cases' },
    { keys: 'g p', caps: 'G P', says: 'Go to people' },
    { keys: 'g s', caps: 'G S', says: 'Search in what was opened' },
    { keys: 'g k', caps: 'G K', says: 'Go to own keys and sessions' },
    { keys: 'l', caps: 'L', says: 'Lock the desk' },
    { keys: 'escape', caps: 'Esc', says: 'Close, clear, back' },
  ],
  list: [
    { keys: 'j', caps: 'J', says: 'Next row' },
    { keys: 'k', caps: 'K', says: 'Previous row' },
    { keys: 'enter', caps: 'Enter', says: 'Open' },
    { keys: 'x', caps: 'X', says: 'Select' },
    { keys: 'shift+x', caps: 'Shift X', says: 'Select up to here' },
    { keys: 'a', caps: 'A', says: 'Acknowledge' },
    { keys: 's', caps: 'S', says: 'Sort' },
    { keys: 't', caps: 'T', says: 'Take' },
    { keys: 'n', caps: 'N', says: 'Reply and close as not security (selection)' },
  ],
  case: [
    { keys: 'j', caps: 'J', says: 'Next case' },
    { keys: 'k', caps: 'K', says: 'Previous case' },
    { keys: 'a', caps: 'A', says: 'Acknowledge' },
    { keys: 's', caps: 'S', says: 'Sort' },
    { keys: 't', caps: 'T', says: 'Take, or give back' },
    { keys: 'w', caps: 'W', says: 'Write' },
    { keys: 'n', caps: 'N', says: 'Team note' },
    { keys: 'c', caps: 'C', says: 'Canned reply' },
    { keys: 'u', caps: 'U', says: 'Next unread entry' },
  ],
  people: [{ keys: 'i', caps: 'I', says: 'Invite somebody' }],
  writing: [
    { keys: 'ctrl+enter', caps: 'Ctrl Enter', says: 'Seal and send' },
    { keys: 'escape', caps: 'Esc', says: 'Leave the field; the text stays' },
  ],
} as const satisfies Record<string, readonly Key[]>

export type KeyOf<G extends keyof typeof GROUPS> = (typeof GROUPS)[G][number]['keys']

/** For the dialog of `?`. */
export const KEY_GROUPS: readonly KeyGroup[] = [
  { title: 'Anywhere', rows: rowsOf('anywhere') },
  { title: 'In a list', rows: rowsOf('list') },
  { title: 'In a case', rows: rowsOf('case') },
  { title: 'Under People', rows: rowsOf('people') },
  { title: 'While writing', rows: rowsOf('writing') },
]

/** The words and caps of a key, as the page says them where the person is. */
export function keyOf(keys: string, where: 'list' | 'case' | 'none'): Key | undefined {
  const here: readonly Key[] = where === 'none' ? [] : GROUPS[where]
  return [...here, ...GROUPS.anywhere].find((key) => key.keys === keys)
}

function rowsOf(group: keyof typeof GROUPS) {
  return GROUPS[group].map(({ caps, says }) => [caps, says] as const)
}
