import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { ActShown, EntryShown, PersonShown } from '#worker'
import { countWords } from '../size-words.ts'
import { actSentence } from './act-words.ts'
import { Button } from './button.tsx'
import { MessageEntry, type ShowMail } from './message-entry.tsx'
import { PersonName } from './person.tsx'
import { lastShown, rowsOf, type Saved, summaryOf, type TimelineRow } from './timeline-rows.ts'
import { When } from './when.tsx'

export type TimelineProps = {
  readonly entries: readonly EntryShown[]
  /** The key of the person who reads: these entries are marked. */
  readonly me?: string | undefined
  /** Entries with this `seq` or a later one are new here. */
  readonly unseenFrom?: number | undefined
  readonly onFile: (entry: string, n: number) => void
  /** The file that is being saved: `fileKey(entry, n)`. */
  readonly saving?: string | undefined
  /** How far that is, in bytes. */
  readonly saved?: Saved | undefined
  /** The page says above how the case is kept: only what is kept otherwise says so itself. */
  readonly keptAbove?: boolean | undefined
  /** Reads what came by mail; a reporter's page has none. */
  readonly mail?: ShowMail | undefined
  /** What is promised next: thin rings. */
  readonly ahead?: readonly AheadShown[] | undefined
  /** An entry that must be shown, by `seq`. */
  readonly reveal?: number | undefined
}

export type AheadShown = { readonly title: string; readonly when?: ComponentChildren }

/** A message is a box, an act is a line, a run of acts folds, what is ahead is a thin ring. */
export function Timeline(props: TimelineProps) {
  const { entries, me, unseenFrom = Infinity, onFile, saving, saved, keptAbove } = props
  const { ahead = [], reveal, mail } = props
  const [whole, setWhole] = useState(false)
  const rows = useMemo(() => rowsOf(entries, unseenFrom), [entries, unseenFrom])
  const from = whole ? 0 : lastShown(rows, unseenFrom, reveal)
  const firstNew = rows.findIndex(
    (each) => each.kind === 'entry' && isFresh(each.entry, me, unseenFrom),
  )
  const row = (shown: TimelineRow) => [
    // Nothing was read before the first entry, so it needs no line.
    firstNew > 0 && shown === rows[firstNew] && (
      <li key="since" class="since">
        New since you looked
      </li>
    ),
    <Row
      key={shown.key}
      {...{ row: shown, me, unseenFrom, onFile, saving, saved, keptAbove, mail }}
    />,
  ]
  return (
    <>
      <h2 class="sr">Messages and signed acts</h2>
      <ol class="timeline" role="list">
        {from > 0 && rows.slice(0, 1).map(row)}
        {from > 1 && (
          <li class="earlier">
            <Button
              kind="link"
              onPress={() => {
                setWhole(true)
              }}
            >
              Show {countWords(from - 1)} earlier entries
            </Button>
          </li>
        )}
        {rows.slice(from).map(row)}
        {ahead.map(({ title, when }) => (
          <AheadStep key={title} title={title} when={when} />
        ))}
      </ol>
    </>
  )
}

export type NextStepsProps = {
  readonly steps: readonly (AheadShown & { readonly done?: boolean | undefined })[]
}

/** What happens next, on a receipt: the same line without entries. */
export function NextSteps({ steps }: NextStepsProps) {
  return (
    <ol class="timeline" role="list">
      {steps.map(({ title, when, done = false }) =>
        done ? (
          <li key={title} class="here">
            <Who>
              <b>{title}</b> <span class="time">{when}</span>
            </Who>
          </li>
        ) : (
          <AheadStep key={title} title={title} when={when} />
        ),
      )}
    </ol>
  )
}

function AheadStep({ title, when }: AheadShown) {
  return (
    <li class="ahead">
      <Who>
        <b>{title}</b> <span class="time">{when}</span>
      </Who>
    </li>
  )
}

type FromPage = 'me' | 'onFile' | 'saving' | 'saved' | 'keptAbove' | 'mail'

type RowProps = Pick<TimelineProps, FromPage> & {
  readonly row: TimelineRow
  readonly unseenFrom: number
}

function Row({ row, me, unseenFrom, ...rest }: RowProps) {
  switch (row.kind) {
    case 'run':
      return (
        <li>
          <details>
            <summary class="muted">{summaryOf(row.acts)}</summary>
            <ol class="run" role="list">
              {row.acts.map((acts) => (
                <li key={acts[0]?.id}>
                  <ActLine acts={acts} me={me} />
                </li>
              ))}
            </ol>
          </details>
        </li>
      )
    case 'acts': {
      const fresh = row.acts.some((act) => isFresh(act, me, unseenFrom))
      return (
        <li class={classOf(row.acts[0]?.from, me, fresh)}>
          <ActLine acts={row.acts} me={me} fresh={fresh} />
        </li>
      )
    }
    case 'entry': {
      const { entry } = row
      const fresh = isFresh(entry, me, unseenFrom)
      return (
        <li class={classOf(entry.from, me, fresh)} id={`entry-${String(entry.seq)}`}>
          <MessageEntry entry={entry} me={me} fresh={fresh} {...rest} />
        </li>
      )
    }
  }
}

type ActLineProps = {
  readonly acts: readonly ActShown[]
  readonly me: string | undefined
  readonly fresh?: boolean
}

function ActLine({ acts, me, fresh = false }: ActLineProps) {
  const first = acts[0]
  if (first === undefined) return null
  return (
    <Who act>
      <PersonName person={first.from} you={first.from.who !== '' && first.from.who === me} />
      <span>{acts.map(({ act, from }) => actSentence(act, from)).join(', ')}</span>
      <When at={acts.at(-1)?.at ?? first.at} />
      {fresh && <span class="new">new</span>}
    </Who>
  )
}

function Who({ act = false, children }: WhoProps) {
  return <div class={act ? 'who act' : 'who'}>{children}</div>
}

type WhoProps = { readonly act?: boolean; readonly children: ComponentChildren }

function classOf(
  from: PersonShown | undefined,
  me: string | undefined,
  fresh: boolean,
): string | undefined {
  if (fresh) return 'here'
  return isOwn(from, me) ? 'mine' : undefined
}

/** One's own words are no news. */
function isFresh({ seq, from }: EntryShown, me: string | undefined, unseenFrom: number): boolean {
  return seq >= unseenFrom && !isOwn(from, me)
}

function isOwn(from: PersonShown | undefined, me: string | undefined): boolean {
  return from?.trust === 'own' || (from !== undefined && from.who !== '' && from.who === me)
}
