import { useState } from 'preact/hooks'
import { DAY, millisecondsOf } from '#lexicon'
import type { CaseShown, ThreadName } from '#worker'
import { ask } from '../../ask-worker.ts'
import { now } from '../../desk-state.ts'
import { sortWord, stateWord, threadWord } from '../../parts/act-words.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { OpeningDoor } from '../../parts/opening-door.tsx'
import { DueClock } from '../../parts/due-clock.tsx'
import { TextField } from '../../parts/field.tsx'
import { Tag } from '../../parts/tag.tsx'
import { When } from '../../parts/when.tsx'
import { hrefOf } from '../../router.ts'
import { ago } from '../../time-words.ts'
import { visibleLine } from '../../visible-text.ts'
import { actOnCase, unseenFrom } from './case-state.ts'
import { ProjectChips, ThreadList } from './case-projects.tsx'
import { tabsOf } from './case-project-words.ts'
import { caseTitle } from './case-title.ts'
import { hasReporter, isOutOfReach, messagesIn, openingOf, unseenIn } from './case-words.ts'
import { planFor } from './mail-leaving.ts'
import { mailedWord } from './leaving-words.ts'
import { maySign } from '../desk/may-sign.ts'

/** What the case is, in one line, and its title. */
export function CaseHead({ shown }: { readonly shown: CaseShown }) {
  const opening = openingOf(shown)
  const closed = shown.state === 'closed' || shown.state === 'archived'
  return (
    <div class="case-head">
      <div class="line tight">
        <span class="faint">{shown.number}</span>
        {shown.sort === '' ? (
          <Tag>Not sorted</Tag>
        ) : (
          <Tag tone="accent">{sortWord(shown.sort)}</Tag>
        )}
        {shown.state !== 'open' && <Tag>{stateWord(shown.state)}</Tag>}
        <Tag>{shown.taken === undefined ? 'nobody has it' : visibleLine(shown.taken.name)}</Tag>
        {opening !== undefined && <OpeningDoor opening={opening} />}
        {!closed && maySign('rename') && <Rename shown={shown} />}
      </div>
      <h1 tabIndex={-1}>
        <bdi>{caseTitle(shown)}</bdi>
      </h1>
      <ProjectChips shown={shown} />
    </div>
  )
}

/** Each clock is a short sentence; the ticks repeat it. */
export function CaseClocks({ shown }: { readonly shown: CaseShown }) {
  const { received, acknowledged, due } = shown
  const last = shown.entries.findLast(({ kind }) => kind === 'message' || kind === 'sealed')
  return (
    <div class="clocks">
      <div>
        <span class="label">{due === '' ? 'Acknowledged' : 'Acknowledge within'}</span>
        {due === '' && acknowledged === '' ? (
          <span class="clock none">{hasReporter(shown) ? 'not needed any more' : 'none owed'}</span>
        ) : (
          <DueClock {...{ due, received, acknowledged }} now={now.value} />
        )}
        {due !== '' && (
          <small>
            by <When at={due} />
          </small>
        )}
      </div>
      <div>
        <span class="label">Received</span>
        <Moment at={received} />
      </div>
      <div>
        <span class="label">Answer to {isOutOfReach(shown) ? 'the sender' : 'the reporter'}</span>
        <b>{answerWord(shown)}</b>
      </div>
      {last !== undefined && (
        <div>
          <span class="label">Last word</span>
          <b>{visibleLine(last.from.name)}</b>
          <small>
            <When at={last.at} />
          </small>
        </div>
      )}
    </div>
  )
}

/** How long ago, while that says more than the day. */
function Moment({ at }: { readonly at: string }) {
  const since = ago(at, now.value)
  if (since !== 'just now' && !since.endsWith('ago'))
    return (
      <b>
        <When at={at} />
      </b>
    )
  return (
    <>
      <b>{since}</b>
      <small>
        <When at={at} />
      </small>
    </>
  )
}

/** One tab for each thread that can be read; each is an address. Those of many projects are a list. */
export function ThreadTabs({
  shown,
  thread,
}: {
  readonly shown: CaseShown
  readonly thread: ThreadName
}) {
  const { tabs, listed } = tabsOf(shown, thread)
  return (
    <nav class="tabs" aria-label="Threads">
      {tabs.map((each) => {
        const unseen = unseenIn(shown, each, unseenFrom(shown))
        return (
          <a
            key={each}
            href={hrefOf({ page: 'case', id: shown.id, thread: each })}
            aria-current={each === thread ? 'page' : undefined}
          >
            {threadWord(each)} <span class="n">{String(messagesIn(shown, each))}</span>
            {unseen > 0 && each !== thread && (
              <>
                <span class="sr">, </span>
                <Tag tone="accent">{`${String(unseen)} new`}</Tag>
              </>
            )}
          </a>
        )
      })}
      {listed.length > 0 && <ThreadList {...{ shown, thread, listed }} />}
    </nav>
  )
}

function answerWord(shown: CaseShown): string {
  const plan = isOutOfReach(shown) ? planFor(shown.id) : undefined
  const mailed = plan && mailedWord(plan)
  if (mailed !== undefined) return mailed
  if (!hasReporter(shown)) return 'nobody to answer'
  if (isOutOfReach(shown)) return 'not from here'
  if (shown.answered) return 'given'
  const days = Math.floor((now.value - millisecondsOf(shown.received)) / DAY)
  return days > 0 ? `none for ${String(days)} d` : 'none yet'
}

function Rename({ shown }: { readonly shown: CaseShown }) {
  const [open, setOpen] = useState(false)
  const [title, setTitle] = useState('')
  const [error, setError] = useState('')
  const close = () => setOpen(false)
  const rename = async () => {
    if (title.trim() === '') return setError('Give it a title, so that others find it.')
    if (title.trim() === shown.title) return close()
    const asked = ask('retitle', { id: shown.id, title: title.trim() })
    const done = await actOnCase('Signing the title', 'The title was changed.', asked)
    if (done.ok) close()
    else setError(done.failure.message)
  }
  return (
    <>
      <Button
        kind="link"
        onPress={() => {
          setTitle(shown.title)
          setError('')
          setOpen(true)
        }}
      >
        Rename
      </Button>
      <Dialog
        open={open}
        title={`Rename ${shown.number}`}
        onClose={close}
        foot={
          <>
            <Button kind="main" onPress={() => void rename()}>
              Sign the title
            </Button>
            <Button kind="quiet" onPress={close}>
              Cancel
            </Button>
          </>
        }
      >
        <TextField
          label="Title"
          hint="Coordinators read it in the queue. The reporter does not see it."
          error={error}
          value={title}
          maxLength={120}
          onInput={setTitle}
        />
      </Dialog>
    </>
  )
}
