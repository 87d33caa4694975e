import { useEffect } from 'preact/hooks'
import type { CaseShown, RowShown } from '#worker'
import { now, phase } from '../../desk-state.ts'
import { sortWord, sourceWord, stateWord } from '../../parts/act-words.ts'
import { Button, LinkButton } from '../../parts/button.tsx'
import { OpeningDoor } from '../../parts/opening-door.tsx'
import { Ghost } from '../../parts/empty.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Icon } from '../../parts/icon.tsx'
import { kindMark, kindTone } from '../../parts/kind-word.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { PersonName } from '../../parts/person.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { Tag } from '../../parts/tag.tsx'
import { When } from '../../parts/when.tsx'
import { hrefOf } from '../../router.ts'
import { ago } from '../../time-words.ts'
import { sizeWords } from '../../size-words.ts'
import { visibleLine } from '../../visible-text.ts'
import { knownCase, readCase } from '../case/case-memory.ts'
import { type NextStep, nextStep } from '../case/case-next-step.ts'
import { caseTitle } from '../case/case-title.ts'
import { excerptOf, openingOf } from '../case/case-words.ts'
import { maySign } from '../desk/may-sign.ts'
import { NOT_OPENED } from './queue-words.ts'
import { peekFailure } from './queue-peek-state.ts'
import { settle } from './queue-state.ts'

/** Somebody who runs through the list opens nothing on the way. */
const REST = 150
const EXCERPT = 700

export type QueuePeekProps = {
  readonly row: RowShown | undefined
  readonly onAcknowledge: () => void
  readonly onSort: () => void
  /** In the lane of held mail only. */
  readonly held: Held
}

type Held = { readonly onFree: () => void; readonly onBin: () => void } | undefined

/** The case under the cursor, opened once the cursor rests. */
export function QueuePeek({ row, onAcknowledge, onSort, held }: QueuePeekProps) {
  const id = row?.id ?? ''
  useEffect(() => {
    peekFailure.value = undefined
    if (id === '' || knownCase(id) !== undefined) return undefined
    const timer = setTimeout(() => void open(id), REST)
    return () => clearTimeout(timer)
  }, [id])
  if (row === undefined) return null
  const shown = knownCase(id)
  if (shown !== undefined) return <Opened {...{ shown, onAcknowledge, onSort, held }} />
  const failed = peekFailure.value
  return (
    <div class="peek">
      <p class="faint">{row.number}</p>
      <h2>{caseTitle(row, NOT_OPENED)}</h2>
      {failed?.id === id ? (
        <>
          <p>{failed.failure.message}</p>
          <Button onPress={() => void open(id)}>Try again</Button>
        </>
      ) : (
        <>
          <Waiting label="Opening on this machine" />
          <Ghost rows={4} />
        </>
      )}
    </div>
  )
}

async function open(id: string): Promise<void> {
  peekFailure.value = undefined
  const done = await readCase(id)
  if (phase.value !== 'open') return
  if (done.ok) settle(done.answer)
  else peekFailure.value = { id, failure: done.failure }
}

type OpenedProps = {
  readonly shown: CaseShown
  readonly onAcknowledge: () => void
  readonly onSort: () => void
  readonly held: Held
}

function Opened({ shown, onAcknowledge, onSort, held }: OpenedProps) {
  const opening = openingOf(shown)
  const step = nextStep(shown, maySign('sort'))
  const said = opening?.facts?.kind ?? ''
  const kind = kindMark(said)
  const href = hrefOf({ page: 'case', id: shown.id, thread: 'all' })
  return (
    <div class="peek">
      <div class="line tight">
        <span class="faint">{shown.number}</span>
        {shown.sort === '' ? (
          <Tag>Not sorted</Tag>
        ) : (
          <Tag tone="accent">{sortWord(shown.sort)}</Tag>
        )}
        {shown.state !== 'open' && <Tag>{stateWord(shown.state)}</Tag>}
        {opening !== undefined && <OpeningDoor opening={opening} />}
        {kind !== '' && <Tag tone={kindTone(said)}>{kind}</Tag>}
      </div>
      <h2>
        <bdi>{caseTitle(shown)}</bdi>
      </h2>
      <Facts
        items={[
          ['From', <From key="from" shown={shown} />],
          ['Received', <Received key="received" at={shown.received} />],
          ['Due', shown.due !== '' && maySign('acknowledge') && <Due key="due" at={shown.due} />],
          ['Project', visibleLine(opening?.facts?.project ?? '')],
          ['Taken by', shown.taken && <PersonName key="taken" person={shown.taken} />],
        ]}
      />
      <Excerpt shown={shown} />
      <div class="line">
        {held !== undefined && (
          <>
            <Button kind="main" keys="F" onPress={held.onFree}>
              Free
            </Button>
            <Button keys="B" onPress={held.onBin}>
              Bin…
            </Button>
          </>
        )}
        {held === undefined && step.act === 'acknowledge' && (
          <Button kind="main" keys="A" onPress={onAcknowledge}>
            Acknowledge
          </Button>
        )}
        {held === undefined && maySign('sort') && (
          <Button kind={step.act === 'sort' ? 'main' : 'plain'} keys="S" onPress={onSort}>
            Sort…
          </Button>
        )}
        <LinkButton
          kind={
            held !== undefined || step.act === 'acknowledge' || step.act === 'sort'
              ? 'plain'
              : 'main'
          }
          href={href}
          keys="Enter"
        >
          Open
        </LinkButton>
      </div>
      <p class="faint">{held === undefined ? footOf(step) : HELD_FOOT}</p>
    </div>
  )
}

const HELD_FOOT =
  'Held on its way in. Free puts it under New; nothing is sent. Bin closes it; nobody is told.'

function footOf({ act, title, because }: NextStep): string {
  if (act === 'acknowledge')
    return 'Acknowledging signs that a person has the report. It sends no text.'
  return act === 'reopen' ? because : `Next: ${title}`
}

function From({ shown }: { readonly shown: CaseShown }) {
  const opening = openingOf(shown)
  const name = visibleLine(opening?.facts?.name ?? '')
  const mail = opening?.mail
  if (mail !== undefined)
    return (
      <>
        {sourceWord(shown.source)}, says it is from{' '}
        <bdi>{mail.from.shown === '' ? 'nobody' : visibleLine(mail.from.shown)}</bdi>
      </>
    )
  const who = name === '' ? 'without a name' : <bdi>{name}</bdi>
  return (
    <>
      {visibleLine((opening ?? shown.entries[0])?.from.name ?? '')}
      {opening?.from.trust === 'reporter' && <> {who}</>}, {sourceWord(shown.source)}
    </>
  )
}

function Received({ at }: { readonly at: string }) {
  const since = ago(at, now.value)
  return (
    <>
      <When at={at} />
      {since.endsWith('ago') && `, ${since}`}
    </>
  )
}

function Due({ at }: { readonly at: string }) {
  return (
    <>
      <b>Acknowledge</b> by <When at={at} />
    </>
  )
}

function Excerpt({ shown }: { readonly shown: CaseShown }) {
  const opening = openingOf(shown)
  if (shown.entries[0]?.kind === 'desk-only')
    return <p class="muted">The report itself is sealed to the desk. You do not read it.</p>
  if (opening === undefined) return null
  // Reading a mail costs a thread its time: that is done where somebody means to read it.
  if (opening.mail !== undefined)
    return <p class="muted">A mail of {sizeWords(opening.mail.size)}. Open the case to read it.</p>
  const { text, cut } = excerptOf(opening.text, EXCERPT)
  return (
    <div class="excerpt">
      <Markdown text={text} level={3} />
      {(opening.files.length > 0 || cut) && (
        <p class="faint">
          {opening.files.length > 0 && <Icon name="clip" />}{' '}
          {opening.files.map(({ name }) => visibleLine(name)).join(', ')}
          {cut && ' The text goes on in the case.'}
        </p>
      )}
    </div>
  )
}
