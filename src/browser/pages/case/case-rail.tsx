import type { CaseShown, PersonShown, ThreadName } from '#worker'
import { ask } from '../../ask-worker.ts'
import { me } from '../../desk-state.ts'
import { sortWord, sourceWord, stateWord } from '../../parts/act-words.ts'
import { Button } from '../../parts/button.tsx'
import { Facts } from '../../parts/facts.tsx'
import { kindWord } from '../../parts/kind-word.ts'
import { PersonName } from '../../parts/person.tsx'
import { TrustMark } from '../../parts/trust-mark.tsx'
import { When } from '../../parts/when.tsx'
import { hrefOf } from '../../router.ts'
import { visibleLine } from '../../visible-text.ts'
import { asking, removing } from './case-asking.ts'
import { ClaimLinkPart } from './case-claim-link.tsx'
import { Deliveries } from './case-leaving.tsx'
import { NextStepBox } from './case-next-box.tsx'
import { Part } from './case-part.tsx'
import { ProjectsPart } from './case-projects.tsx'
import { threadsInWords } from './case-project-words.ts'
import { acting, actOnCase } from './case-state.ts'
import { SaveProof } from './case-proof.tsx'
import { linksOf, openingOf } from './case-words.ts'
import { maySign } from '../desk/may-sign.ts'
import { caseName, rowAt } from '../queue/queue-state.ts'

/** What is true of the case, and what can be done to it. */
export function CaseRail({ shown }: { readonly shown: CaseShown }) {
  return (
    <section class="rail" aria-label="About this case">
      <NextStepBox shown={shown} />
      <Readers shown={shown} />
      <ProjectsPart shown={shown} />
      <SortAndState shown={shown} />
      <ReportFacts shown={shown} />
      {maySign('claim') && <ClaimLinkPart shown={shown} />}
      <Deliveries shown={shown} />
      <Links shown={shown} />
      <Record shown={shown} />
    </section>
  )
}

function Readers({ shown }: { readonly shown: CaseShown }) {
  const people = peopleOf(shown)
  const mine = maySign('readers')
  return (
    <Part
      title="People who can read"
      act={
        mine && (
          <Button kind="link" onPress={() => (asking.value = 'add')}>
            Add…
          </Button>
        )
      }
    >
      <ul class="rows">
        {people.map(({ person, threads }) => (
          <li key={`${person.who} ${person.name}`}>
            <span>
              <PersonName person={person} you={person.who !== '' && person.who === me.value?.who} />
              <small>
                {threadsInWords(threads)}
                {mine && isRemovable(person) && (
                  <>
                    {' · '}
                    <RemoveLink person={person} />
                  </>
                )}
              </small>
            </span>
            <TrustMark trust={person.trust} />
          </li>
        ))}
      </ul>
      {people.some(({ person }) => person.trust === 'unknown' || person.trust === 'changed') && (
        <p>
          <a href="/desk/people">Compare words</a>
        </p>
      )}
    </Part>
  )
}

function RemoveLink({ person }: { readonly person: PersonShown }) {
  return (
    <Button
      kind="link"
      label={`Remove ${visibleLine(person.name)}`}
      onPress={() => {
        removing.value = person.who
        asking.value = 'remove'
      }}
    >
      Remove…
    </Button>
  )
}

function SortAndState({ shown }: { readonly shown: CaseShown }) {
  const who = me.value?.who ?? ''
  const busy = acting.value !== ''
  const taken = shown.taken !== undefined
  const own = shown.taken?.who === who
  const set = (state: 'open' | 'waiting', done: string) =>
    void actOnCase('Signing', done, ask('setState', { id: shown.id, state }))
  const take = (to: string, done: string) =>
    void actOnCase('Signing', done, ask('take', { id: shown.id, who: to }))
  return (
    <>
      <Part
        title="Sort"
        act={
          maySign('sort') && (
            <Button kind="link" onPress={() => (asking.value = 'sort')}>
              Change…
            </Button>
          )
        }
      >
        <p>
          <b>{sortWord(shown.sort)}</b>
        </p>
      </Part>
      <Part title="State">
        <p>
          <b>{stateWord(shown.state)}</b>
        </p>
        {maySign('state') && (
          <div class="line">
            {shown.state === 'open' && (
              <Button disabled={busy} onPress={() => set('waiting', 'Set to waiting.')}>
                Wait for others
              </Button>
            )}
            {shown.state === 'waiting' && (
              <Button disabled={busy} onPress={() => set('open', 'In work again.')}>
                Go on with it
              </Button>
            )}
          </div>
        )}
      </Part>
      <Part title="Who has it">
        <p>
          {shown.taken === undefined ? (
            'Nobody yet.'
          ) : (
            <PersonName person={shown.taken} you={own} />
          )}
        </p>
        {maySign('take') && (
          <div class="line">
            {!own && (
              <Button keys="T" disabled={busy} onPress={() => take(who, 'You have it.')}>
                {taken ? 'Take it over' : 'I take it'}
              </Button>
            )}
            {own && (
              <Button keys="T" disabled={busy} onPress={() => take('', 'You gave it back.')}>
                Give it back
              </Button>
            )}
          </div>
        )}
      </Part>
    </>
  )
}

function ReportFacts({ shown }: { readonly shown: CaseShown }) {
  const facts = openingOf(shown)?.facts
  return (
    <Part title="Report">
      <Facts
        items={[
          ['Way', sourceWord(shown.source)],
          ['Received', <When key="received" at={shown.received} />],
          ['Project', visibleLine(facts?.project ?? '')],
          ['Kind', kindWord(facts?.kind ?? '')],
          [
            'Thank',
            facts !== undefined && facts.name !== '' && <bdi>{visibleLine(facts.name)}</bdi>,
          ],
          [
            'Address',
            facts !== undefined && facts.contact !== '' && <bdi>{visibleLine(facts.contact)}</bdi>,
          ],
        ]}
      />
      {facts !== undefined && (
        <p class="faint">
          Project, kind, name and address are the reporter’s words; nobody checked them.
        </p>
      )}
    </Part>
  )
}

const RELATIONS: Readonly<Record<string, string>> = {
  'duplicate-of': 'Duplicate of',
  'part-of': 'Part of',
  see: 'See',
}

function Links({ shown }: { readonly shown: CaseShown }) {
  const links = linksOf(shown)
  return (
    <Part
      title="Linked cases"
      act={
        maySign('link') && (
          <Button kind="link" onPress={() => (asking.value = 'link')}>
            Link…
          </Button>
        )
      }
    >
      {links.length === 0 ? (
        <p class="faint">None.</p>
      ) : (
        <ul class="rows">
          {links.map(({ other, relation }) => (
            <li key={`${relation} ${other}`}>
              <span>
                <small>{RELATIONS[relation] ?? visibleLine(relation)}</small>
                <CaseLink id={other} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Part>
  )
}

function CaseLink({ id }: { readonly id: string }) {
  const row = rowAt(id)
  return (
    <a href={hrefOf({ page: 'case', id, thread: 'all' })}>
      {row === undefined || row.title === ''
        ? caseName(id)
        : `${row.number} ${visibleLine(row.title)}`}
    </a>
  )
}

function Record({ shown }: { readonly shown: CaseShown }) {
  const last = shown.entries.at(-1)
  const broken = shown.entries.filter(({ kind }) => kind === 'broken').length
  const sealed = shown.entries.filter(({ kind }) => kind === 'sealed').length
  const count = last === undefined ? 0 : last.seq + 1
  return (
    <Part title="Record">
      <p>
        {`${String(count)} entries, unbroken: each signed, each naming the one before. Checked on this machine.`}
      </p>
      {broken > 0 && (
        <p>
          <b>{`${String(broken)} of them could not be opened.`}</b> The timeline says which and why.
        </p>
      )}
      {sealed > 0 && <p class="faint">{`${String(sealed)} are being opened.`}</p>}
      <details>
        <summary>Proof</summary>
        <p>
          The id of the newest entry names the whole record before it. Two people who read the same
          id see the same case.
        </p>
        <p>
          <code class="fpr">{grouped(last?.id ?? '')}</code>
        </p>
      </details>
      <SaveProof shown={shown} />
      <Button wide onPress={() => (asking.value = 'export')}>
        Export the case…
      </Button>
    </Part>
  )
}

/** In groups of eight, to be read aloud. */
function grouped(hex: string): string {
  return hex.replace(/(.{8})(?=.)/g, '$1 ')
}

function isRemovable(person: PersonShown): boolean {
  return (
    person.who !== '' && person.trust !== 'reporter' && person.trust !== 'server' && !isDesk(person)
  )
}

/** Coordinators read every case of the desk; they leave by leaving the desk. */
function isDesk(person: PersonShown): boolean {
  return person.roles.includes('coordinator')
}

function peopleOf(shown: CaseShown) {
  const people = new Map<string, { person: PersonShown; threads: ThreadName[] }>()
  for (const { thread, readers } of shown.threads)
    for (const person of readers) {
      const key = `${person.who} ${person.name}`
      const known = people.get(key)
      if (known === undefined) people.set(key, { person, threads: [thread] })
      else if (!known.threads.includes(thread)) known.threads.push(thread)
    }
  return [...people.values()]
}
