import { useEffect, useState } from 'preact/hooks'
import type { ProjectState } from '#lexicon'
import type { CaseShown, Failure, MemberShown } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt } from '../../desk-state.ts'
import { stateWord, threadWord } from '../../parts/act-words.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { FailureNotice } from '../../parts/failure.tsx'
import { TextArea, TextField } from '../../parts/field.tsx'
import { Notice } from '../../parts/notice.tsx'
import { PersonName } from '../../parts/person.tsx'
import { Check, PickOne } from '../../parts/pick.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { TrustMark } from '../../parts/trust-mark.tsx'
import { visibleLine } from '../../visible-text.ts'
import { asking, closeAsking, setting } from './case-asking.ts'
import {
  maintainersOf,
  projectsOf,
  projectsToAdd,
  projectsTyped,
  STATE_OPTIONS,
} from './case-project-words.ts'
import { quoteOf } from './case-quote.ts'
import { namedOf, readersAfter, type ThreadAfter } from './case-route-readers.ts'
import { acting, actOnCase } from './case-state.ts'

/** As many suggestions as can be read at a glance; every other name may be typed. */
const SUGGESTED = 8

type From = 'now' | 'beginning'

/** Projects more: who gets which keys is said before anything is signed. */
export function RouteDialog({ shown }: { readonly shown: CaseShown }) {
  const open = asking.value === 'route'
  const [members, setMembers] = useState<readonly MemberShown[]>()
  const [failure, setFailure] = useState<Failure>()
  const [typed, setTyped] = useState('')
  const [from, setFrom] = useState<From>('now')
  const [quoted, setQuoted] = useState(false)
  const [quote, setQuote] = useState(() => quoteOf(shown))
  const [error, setError] = useState('')
  useEffect(() => {
    if (!open) return
    void attempt(ask('listPeople', {})).then((done) =>
      done.ok ? setMembers(done.answer.members) : setFailure(done.failure),
    )
  }, [open])
  const names = projectsTyped(typed)
  const after = readersAfter(shown, members ?? [], names ?? [])
  const gets = after.filter(({ thread }) => thread !== 'all' && members !== undefined)
  const suggested = projectsToAdd(shown, members ?? []).filter((name) => !names?.includes(name))
  const route = async () => {
    const wrong = whatIsWrong(shown, members ?? [], names)
    if (wrong !== '') return setError(wrong)
    if (quoted && quote.trim() === '') return setError('Write what they get, or do not quote it.')
    setError('')
    setFailure(undefined)
    const projects = names ?? []
    const { id } = shown
    const to = after.map(({ thread, people }) => ({
      thread,
      readers: people.map(({ who }) => who),
    }))
    const said = `Brought to ${projects.join(', ')}.`
    const done = await actOnCase(
      'Sealing the keys',
      said,
      ask('route', { id, projects, from, shown: to }),
    )
    if (!done.ok) return setFailure(done.failure)
    closeAsking()
    if (!quoted) return
    // To those who were shown before anything was signed: never to whom the answer names (K2).
    for (const { thread, readers } of to) {
      if (thread === 'all') continue
      const sent = ask('send', { id, thread, text: quote, files: [], readers, close: false })
      const quoting = await actOnCase(
        'Sealing the quote',
        `${said} The report is quoted there.`,
        sent,
      )
      if (!quoting.ok) return
    }
  }
  return (
    <Dialog
      open={open}
      title={`Bring ${shown.number} to a project`}
      onClose={closeAsking}
      foot={
        <>
          <Button
            kind="main"
            disabled={members === undefined}
            why="Reading who is at this desk."
            busy={acting.value === '' ? undefined : acting.value}
            onPress={() => void route()}
          >
            Sign, and bring it there
          </Button>
          <Button kind="quiet" onPress={closeAsking}>
            Cancel
          </Button>
        </>
      }
    >
      {members === undefined && failure === undefined && (
        <Waiting label="Reading who is at this desk" />
      )}
      <TextField
        label="Projects"
        hint="Short names, with commas between them."
        error={error}
        value={typed}
        spellcheck={false}
        onInput={setTyped}
      />
      {suggested.length > 0 && (
        <p class="line">
          {suggested.slice(0, SUGGESTED).map((name) => (
            <Button
              key={name}
              kind="link"
              label={`Add ${visibleLine(name)}`}
              onPress={() => setTyped(typed.trim() === '' ? name : `${typed.trim()}, ${name}`)}
            >
              {visibleLine(name)}
            </Button>
          ))}
          {suggested.length > SUGGESTED && (
            <span class="faint">{`and ${String(suggested.length - SUGGESTED)} more`}</span>
          )}
        </p>
      )}
      {gets.length > 0 && (
        <>
          {gets.map((each) => (
            <ThreadReaders key={each.thread} after={each} />
          ))}
          <Notice tone="accent" title="Stays end to end.">
            Each project gets a thread of its own, which no other project reads. All of them read
            General, and see who else takes part. The report itself stays sealed to the desk and its
            reporter. What was read cannot be taken back.
          </Notice>
        </>
      )}
      <PickOne<From>
        legend="What do they read of General?"
        value={from}
        onPick={setFrom}
        options={[
          { value: 'now', label: 'From now on', hint: 'General gets a new key.' },
          { value: 'beginning', label: 'From its beginning' },
        ]}
      />
      {quoteOf(shown) !== '' && (
        <Check
          label="Quote the report in the thread of each project"
          hint="The reporter does not read it there. Files of the report do not go along."
          checked={quoted}
          onCheck={setQuoted}
        />
      )}
      {quoted && <TextArea label="What they get" value={quote} onInput={setQuote} rows={8} />}
      {failure !== undefined && <FailureNotice failure={failure} />}
    </Dialog>
  )
}

/** Whoever is named here reads what is written to this project, the quote too: also who was added before. */
function ThreadReaders({ after }: { readonly after: ThreadAfter }) {
  const named = namedOf(after)
  const label = `Who reads ${threadWord(after.thread)}`
  const rest = after.people.length - named.length
  return (
    <>
      <p class="faint">{`${label}, beside ${rest === 1 ? 'one coordinator' : `${String(rest)} coordinators`}:`}</p>
      <ul class="rows" aria-label={label}>
        {named.map((person) => (
          <li key={person.who}>
            <PersonName person={person} />
            <TrustMark trust={person.trust} />
          </li>
        ))}
      </ul>
    </>
  )
}

function whatIsWrong(
  shown: CaseShown,
  members: readonly MemberShown[],
  names: readonly string[] | undefined,
): string {
  if (names === undefined) return 'A project is named in small letters, digits and dashes.'
  if (names.length === 0) return 'Name a project.'
  const nobody = names.find((name) => maintainersOf(members, name).length === 0)
  if (nobody !== undefined)
    return `Nobody who maintains ${nobody} is at this desk: hand the case off to them instead.`
  const there = projectsOf(shown).find((each) => each.members && names.includes(each.project))
  return there === undefined ? '' : `This case went to ${there.project} already.`
}

/** How far a project is; what is said beside it goes to the readers that the dialog counts. */
export function ProjectDialog({ shown }: { readonly shown: CaseShown }) {
  const found = projectsOf(shown).find(({ project }) => project === setting.value)
  const project = found?.project ?? ''
  const [state, setState] = useState<ProjectState>(found?.state ?? 'looking')
  const [text, setText] = useState('')
  const [general, setGeneral] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const thread = general ? 'all' : (`p-${project}` as const)
  const readers = shown.threads.find((each) => each.thread === thread)?.readers ?? []
  const say = async () => {
    setFailure(undefined)
    const whom = readers.map(({ who }) => who)
    const asked = ask('setProject', { id: shown.id, project, state, text, general, readers: whom })
    const done = await actOnCase('Signing', `${project}: ${stateWord(state)}.`, asked)
    if (done.ok) closeAsking()
    else setFailure(done.failure)
  }
  return (
    <Dialog
      open={asking.value === 'project' && found !== undefined}
      title={`How far is ${visibleLine(project)}?`}
      onClose={closeAsking}
      foot={
        <>
          <Button
            kind="main"
            busy={acting.value === '' ? undefined : acting.value}
            onPress={() => void say()}
          >
            {text.trim() === '' ? 'Sign it' : `Sign, and seal to ${String(readers.length)} people`}
          </Button>
          <Button kind="quiet" onPress={closeAsking}>
            Cancel
          </Button>
        </>
      }
    >
      <p>Everybody in this case sees the state, the reporter and other projects too.</p>
      <PickOne<ProjectState>
        legend="State"
        value={state}
        onPick={setState}
        options={STATE_OPTIONS}
      />
      <TextArea label="Statement" optional value={text} onInput={setText} rows={5} />
      {text.trim() !== '' && (
        <Check
          label="Say it in General"
          hint="The reporter and every project read it there. Else only this project and the desk do."
          checked={general}
          onCheck={setGeneral}
        />
      )}
      {failure !== undefined && <FailureNotice failure={failure} />}
    </Dialog>
  )
}
