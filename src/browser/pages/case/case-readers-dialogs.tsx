import { useEffect, useState } from 'preact/hooks'
import type { CaseShown, MemberShown, ThreadName } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt } from '../../desk-state.ts'
import { roleWord, threadWord } from '../../parts/act-words.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field, TextArea } from '../../parts/field.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Check, PickOne } from '../../parts/pick.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { TrustMark } from '../../parts/trust-mark.tsx'
import { visibleLine } from '../../visible-text.ts'
import { asking, closeAsking, removing } from './case-asking.ts'
import { quoteOf } from './case-quote.ts'
import { actOnCase } from './case-state.ts'

/** A reader more: what they get and what they do not get is said before anything is signed. */
export function AddReaderDialog({ shown }: { readonly shown: CaseShown }) {
  const open = asking.value === 'add'
  const threads = shown.threads.map(({ thread }) => thread).filter((thread) => thread !== 'desk')
  const [members, setMembers] = useState<readonly MemberShown[]>()
  const [failure, setFailure] = useState('')
  const [thread, setThread] = useState<ThreadName>(threads[0] ?? 'all')
  const [who, setWho] = useState('')
  const [quoted, setQuoted] = useState(false)
  const [quote, setQuote] = useState(() => quoteOf(shown))
  useEffect(() => {
    if (!open) return
    void attempt(ask('listPeople', {})).then((done) =>
      done.ok ? setMembers(done.answer.members) : setFailure(done.failure.message),
    )
  }, [open])
  const readers = shown.threads.find((each) => each.thread === thread)?.readers ?? []
  const others = (members ?? []).filter(
    (member) => member.active && !readers.some((reader) => reader.who === member.who),
  )
  const chosen = others.find((member) => member.who === who)
  const empty = quoted && quote.trim() === ''
  const add = async () => {
    closeAsking()
    const { id } = shown
    const name = visibleLine(chosen?.name ?? 'They')
    const asked = ask('addReader', { id, thread, who })
    const said = `${name} can read ${threadWord(thread)} now.`
    const done = await actOnCase('Sealing the keys', said, asked)
    if (!done.ok || !quoted) return
    // Whom the dialog named, and nobody who came meanwhile: the worker refuses then.
    const to = [...readers.map((reader) => reader.who), who]
    const sent = ask('send', { id, thread, text: quote, files: [], readers: to, close: false })
    await actOnCase('Sealing the quote', `${said} The report is quoted there.`, sent)
  }
  return (
    <Dialog
      open={open}
      title={`Add a reader to ${shown.number}`}
      onClose={closeAsking}
      foot={
        <>
          <Button
            kind="main"
            disabled={chosen === undefined || empty}
            why={empty ? 'Write what they get, or do not quote it.' : 'Choose a person first.'}
            onPress={() => void add()}
          >
            Sign, and let them read
          </Button>
          <Button kind="quiet" onPress={closeAsking}>
            Cancel
          </Button>
        </>
      }
    >
      {threads.length > 1 && (
        <PickOne<ThreadName>
          legend="Which thread?"
          value={thread}
          onPick={setThread}
          options={threads.map((each) => ({ value: each, label: threadWord(each) }))}
        />
      )}
      {failure !== '' && <p role="alert">{failure}</p>}
      {members === undefined && failure === '' && <Waiting label="Reading who is at this desk" />}
      {members !== undefined && others.length === 0 && (
        <p>
          Everybody at this desk reads this thread already.{' '}
          <a href="/desk/people">Invite somebody</a>
        </p>
      )}
      {others.length > 0 && (
        <Field label="Person">
          {({ id }) => (
            <select
              class="input"
              id={id}
              value={who}
              onChange={(e) => setWho(e.currentTarget.value)}
            >
              <option value="">Choose a person</option>
              {others.map((member) => (
                <option key={member.who} value={member.who}>
                  {`${visibleLine(member.name)}, ${member.roles.map(roleWord).join(', ')}`}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {chosen !== undefined && (
        <>
          <p>
            <TrustMark trust={chosen.trust} />
          </p>
          <Notice tone="accent" title="Stays end to end.">
            {`${visibleLine(chosen.name)} becomes reader ${String(readers.length + 1)} of ${threadWord(thread)} and reads what was written there, from its beginning. ${NOT_THEIRS} What was read cannot be taken back.`}
          </Notice>
          {quoteOf(shown) !== '' && (
            <QuoteReport
              {...{ thread, quoted, setQuoted, quote, setQuote }}
              readers={readers.length + 1}
            />
          )}
          {(chosen.trust === 'unknown' || chosen.trust === 'changed') && (
            <Notice
              tone={chosen.trust === 'changed' ? 'late' : 'due'}
              title={
                chosen.trust === 'changed'
                  ? 'Their key changed.'
                  : 'Nobody compared words with them.'
              }
            >
              <p>
                <a href="/desk/people">Compare words first</a>, by voice or in one room.
              </p>
            </Notice>
          )}
        </>
      )}
    </Dialog>
  )
}

const NOT_THEIRS =
  'The report itself and its files stay sealed to the desk, and notes of the team to the team.'

type QuoteProps = {
  readonly thread: ThreadName
  readonly readers: number
  readonly quoted: boolean
  readonly setQuoted: (on: boolean) => void
  readonly quote: string
  readonly setQuote: (text: string) => void
}

/** The only way in which somebody who is added reads the report: as a message, seen before it is sent. */
function QuoteReport({ thread, readers, quoted, setQuoted, quote, setQuote }: QuoteProps) {
  const answers =
    thread === 'all'
      ? ' The reporter gets it too, and by the record it counts as an answer to them.'
      : ''
  return (
    <>
      <Check
        label={`Quote the report in ${threadWord(thread)}`}
        hint={`A signed message of yours to all ${String(readers)} people there.${answers}`}
        checked={quoted}
        onCheck={setQuoted}
      />
      {quoted && (
        <TextArea
          label="What they get"
          hint="Take out what they need not know. Files of the report do not go along."
          value={quote}
          onInput={setQuote}
          rows={8}
        />
      )}
    </>
  )
}

/** A reader less: they keep what they had, so the dialog does not promise otherwise. */
export function RemoveReaderDialog({ shown }: { readonly shown: CaseShown }) {
  const person = shown.threads
    .flatMap(({ readers }) => readers)
    .find(({ who }) => who === removing.value)
  const name = visibleLine(person?.name ?? '')
  const remove = () => {
    const who = removing.value
    closeAsking()
    const asked = ask('removeReader', { id: shown.id, who })
    void actOnCase('Making new keys', `${name} reads nothing new here.`, asked)
  }
  return (
    <Dialog
      open={asking.value === 'remove' && person !== undefined}
      title={`Remove ${name} from ${shown.number}`}
      onClose={closeAsking}
      foot={
        <>
          <Button kind="grave" onPress={remove}>
            {`Sign, and remove ${name}`}
          </Button>
          <Button kind="quiet" onPress={closeAsking}>
            Cancel
          </Button>
        </>
      }
    >
      <p>
        Every thread that they read gets new keys without them. What is written from now on they
        cannot read. What they read already they may have kept: nobody can take that back.
      </p>
    </Dialog>
  )
}
