/** One act and its keys: `j`, `shift+x`, `ctrl+k`, `g q` (one after the other). */
export type Binding = { readonly keys: string; readonly act: () => void }

/** What a key event tells, so that this can be tested without a browser. */
export type Press = {
  readonly key: string
  readonly code: string
  readonly ctrl: boolean
  readonly shift: boolean
  readonly alt: boolean
}

/** Where the keys are when one is pressed. */
export type Place = {
  /** In a field that takes letters. */
  readonly writing: boolean
  readonly singleKeys: boolean
  /** The first key of two, pressed just now; else `""`. */
  readonly pending: string
}

export type Reaction = { readonly act: () => void } | { readonly pending: string } | undefined

/** How long the first key of two waits for the second. */
const PATIENCE = 1200

const layers: (readonly Binding[])[] = []
let singleKeys = true
let pending = ''
let pendingSince = 0

/**
 * What a key press does. Single keys are dead in fields, and where they are switched off they work with
 * Alt (WCAG 2.1.4); keys with Ctrl work everywhere.
 */
export function reactionTo(
  press: Press,
  place: Place,
  known: readonly (readonly Binding[])[],
): Reaction {
  const name = nameOf(press)
  const strong = press.ctrl
  if (!strong && place.writing) return undefined
  const single = !strong && press.key.length === 1
  if (single && press.alt === place.singleKeys) return undefined
  const wanted = place.pending === '' || strong ? name : `${place.pending} ${name}`
  for (const layer of known.toReversed())
    for (const { keys, act } of layer) if (keys === wanted) return { act }
  const begins = known.some((layer) => layer.some(({ keys }) => keys.startsWith(`${name} `)))
  if (begins && place.pending === '') return { pending: name }
  return undefined
}

/** `shift+x`, `?`, `ctrl+enter`. A sign that needs Shift on some keyboards is named by itself. */
export function nameOf({ key, code, ctrl, shift, alt }: Press): string {
  const letter = alt && /^Key[A-Z]$/.test(code) ? code.slice(3) : key
  const plain = letter === ' ' ? 'space' : letter.toLowerCase()
  const named = plain.length > 1 || /[a-z]/.test(plain)
  return `${ctrl ? 'ctrl+' : ''}${shift && named ? 'shift+' : ''}${plain}`
}

/** Adds keys for as long as a part of the page is there; the newest layer wins. Returns how to take them away. */
export function bindKeys(bindings: readonly Binding[]): () => void {
  layers.push(bindings)
  return () => {
    const at = layers.lastIndexOf(bindings)
    if (at >= 0) layers.splice(at, 1)
  }
}

/** Every act that has a key here and now: what the palette offers. */
export function boundKeys(): ReadonlyMap<string, () => void> {
  return new Map(layers.flat().map(({ keys, act }) => [keys, act]))
}

export function setSingleKeys(on: boolean): void {
  singleKeys = on
}

export function startKeyboard(clock: () => number): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return
    // A dialog has its own keys; what lies under it must not move.
    if (document.querySelector('dialog[open], :popover-open') !== null) return
    if (event.key === 'Enter' && isControl(event.target)) return
    if (clock() - pendingSince > PATIENCE) pending = ''
    const press: Press = {
      key: event.key,
      code: event.code,
      ctrl: event.ctrlKey || event.metaKey,
      shift: event.shiftKey,
      alt: event.altKey,
    }
    const writing = takesLetters(event.target)
    if (writing && event.key === 'Escape' && event.target instanceof HTMLElement)
      event.target.blur()
    const place = { writing, singleKeys, pending }
    const reaction = reactionTo(press, place, layers)
    pending = ''
    if (reaction === undefined) return
    event.preventDefault()
    if ('act' in reaction) return reaction.act()
    pending = reaction.pending
    pendingSince = clock()
  })
}

/** Enter on a link or a button is that link's or button's. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, summary, label, input') !== null
}

const NO_LETTERS = ['checkbox', 'radio', 'button', 'submit', 'reset', 'file', 'range', 'color']

function takesLetters(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.matches('textarea, select')) return true
  return target instanceof HTMLInputElement && !NO_LETTERS.includes(target.type)
}
