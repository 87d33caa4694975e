import { useId, useState } from 'preact/hooks'
import { boundKeys } from '../../keyboard.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { KeyHint } from '../../parts/key-hint.tsx'
import { go, route, type Route } from '../../router.ts'
import { caseTitle } from '../case/case-title.ts'
import { keyOf } from './keys-map.ts'
import { hasRoleFor, maySign } from './may-sign.ts'
import { matchOffers, nextChoice, type Offer } from './palette-match.ts'
import { rows } from '../queue/queue-state.ts'
import { lanesOf } from '../queue/queue-words.ts'

type Doing = Offer & { readonly act: () => void }

const MOST = 12
/** What makes no sense from here: moving about, and the palette itself. */
const LEFT_OUT = ['j', 'k', 'enter', 'x', 'shift+x', 'escape', 'ctrl+k', '/']

export type PaletteProps = {
  readonly open: boolean
  readonly onClose: () => void
  readonly more: readonly { readonly title: string; readonly act: () => void }[]
}

/** Every act that is possible here, every place, every case whose title was opened; found by typing. */
export function Palette({ open, onClose, more }: PaletteProps) {
  return (
    <Dialog open={open} title="Find an act, a place or a case" onClose={onClose}>
      {open && <Finder onClose={onClose} more={more} />}
    </Dialog>
  )
}

function Finder({ onClose, more }: Omit<PaletteProps, 'open'>) {
  const id = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [offers] = useState(() => offersHere(more))
  const found = matchOffers(offers, text, MOST)
  const choose = (offer: Doing | undefined) => {
    if (offer === undefined) return
    onClose()
    // After the dialog gave the focus back, so that the act can move it.
    setTimeout(offer.act)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by === 0 && event.key !== 'Enter') return
    event.preventDefault()
    if (by === 0) return choose(found[at])
    const to = nextChoice(at, by, found.length)
    setAt(to)
    document.getElementById(`${id}-${String(to)}`)?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <div class="palette">
      <input
        class="input"
        type="text"
        role="combobox"
        aria-label="Act, place or case"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `${id}-${String(at)}` : undefined}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={`${id}-list`} role="listbox" aria-label="Found">
        {found.map((offer, n) => (
          <li
            key={offer.id}
            id={`${id}-${String(n)}`}
            role="option"
            aria-selected={n === at}
            class={n === at ? 'on' : undefined}
            onClick={() => choose(offer)}
          >
            <span>{offer.title}</span>
            <span class="faint">{offer.kind}</span>
            {offer.keys !== '' && <KeyHint keys={offer.keys} />}
          </li>
        ))}
      </ul>
      <p class="muted" role="status">
        {found.length === 0 && 'Nothing here is called so.'}
      </p>
    </div>
  )
}

function offersHere(more: PaletteProps['more']): readonly Doing[] {
  const { page } = route.value
  const where = page === 'queue' ? 'list' : page === 'case' ? 'case' : 'none'
  const acts: Doing[] = []
  for (const [keys, act] of boundKeys()) {
    const key = keyOf(keys, where)
    if (key === undefined || LEFT_OUT.includes(keys)) continue
    const kind = key.says.startsWith('Go to') ? 'Place' : 'Act'
    acts.push({ id: keys, title: key.says, kind, keys: key.caps, act })
  }
  const others = more.map(({ title, act }) => ({ id: title, title, kind: 'Act', keys: '', act }))
  const lanes = lanesOf(hasRoleFor('take')).map(({ lane, title }) =>
    placeOf(`Queue: ${title}`, { page: 'queue', lane, sort: '' }),
  )
  const cases = rows.value
    .filter(({ title }) => title !== '' || !maySign('rename'))
    .map(({ id, number, title }) => ({
      ...placeOf(caseTitle({ number, title }), { page: 'case', id, thread: 'all' }),
      id,
      kind: number,
    }))
  return [...acts, ...others, ...lanes, ...cases]
}

function placeOf(title: string, to: Route): Doing {
  return { id: title, title, kind: 'Place', keys: '', act: () => go(to) }
}
