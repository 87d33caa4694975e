import { useEffect, useMemo } from 'preact/hooks'
import type { CaseShown, ThreadName } from '#worker'
import { ask, onEvent } from '../../ask-worker.ts'
import { counts, me, restored } from '../../desk-state.ts'
import { threadWord } from '../../parts/act-words.ts'
import { Button, LinkButton } from '../../parts/button.tsx'
import { Ghost } from '../../parts/empty.tsx'
import { FailureNotice } from '../../parts/failure.tsx'
import { KeyHint } from '../../parts/key-hint.tsx'
import { MailEntry } from '../../parts/mail-entry.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { go, hrefOf } from '../../router.ts'
import { countWords } from '../../size-words.ts'
import { asking, closeAsking, setting } from './case-asking.ts'
import { CaseClaims } from './case-claims.tsx'
import { CaseComposer, focusComposer, openCanned } from './case-composer.tsx'
import { CaseDialogs } from './case-dialogs.tsx'
import { CaseClocks, CaseHead, ThreadTabs } from './case-head.tsx'
import { knownCase } from './case-memory.ts'
import { acknowledgeCase, NextStepLine } from './case-next-box.tsx'
import { CaseRail } from './case-rail.tsx'
import {
  acting,
  actFailure,
  actOnCase,
  forgetCase,
  news,
  openCasePage,
  openingFailure,
  refreshCaseSoon,
  reveal,
  saveAttachment,
  saved,
  saving,
  savingFailure,
  unseenFrom,
} from './case-state.ts'
import { jumpTo, useArrivalInCase } from './case-arrival.ts'
import { mailsOf } from './case-mails.ts'
import { useReading } from './case-read.ts'
import { projectHere, projectsOf, withProjects } from './case-project-words.ts'
import { caseTitle } from './case-title.ts'
import { entriesOf, openingOf, withNames } from './case-words.ts'
import { ReadFailure } from '../desk/desk-read-failure.tsx'
import { useKeys } from '../desk/keys-here.ts'
import type { KeyOf } from '../desk/keys-map.ts'
import { maySign } from '../desk/may-sign.ts'
import { caseName, neighboursOf, openLane, place, ready, rowAt } from '../queue/queue-state.ts'

export type CasePageProps = { readonly id: string; readonly thread: ThreadName }

/** What the bar of the frame says on this page. */
export function CaseBar({ id }: { readonly id: string }) {
  const shown = knownCase(id)
  const { at } = neighboursOf(id)
  const { lane, sort } = place.value
  const all = counts.value?.[lane] ?? 0
  const closed = shown?.state === 'closed' || shown?.state === 'archived'
  return (
    <>
      <LinkButton kind="quiet" href={hrefOf({ page: 'queue', lane, sort })}>
        Queue
      </LinkButton>
      {at >= 0 && (
        <span class="faint">{`${countWords(at + 1)} of ${countWords(Math.max(all, at + 1))}`}</span>
      )}
      <div class="end">
        <span class="keys only-wide" aria-hidden="true">
          <span>
            <KeyHint keys="J K" /> next, previous
          </span>
          <span>
            <KeyHint keys="W" /> write
          </span>
          {maySign('note') && (
            <span>
              <KeyHint keys="N" /> team note
            </span>
          )}
        </span>
        {shown !== undefined && !closed && maySign('close') && (
          <Button disabled={acting.value !== ''} onPress={() => (asking.value = 'close')}>
            Close case…
          </Button>
        )}
      </div>
    </>
  )
}

/** A case: what happened, what to do next, who can read. */
export function CasePage({ id, thread }: CasePageProps) {
  useEffect(() => {
    window.scrollTo({ top: 0 })
    void openCasePage(id)
    // Whoever came by an address has a queue as well: to go on from here, and for the numbers of links.
    if (!ready.value) void openLane(place.value)
    const stop = onEvent((event) => {
      if (event.event === 'changed') refreshCaseSoon(id)
    })
    return () => {
      stop()
      forgetCase()
      closeAsking()
      if (reveal.value.id === id) reveal.value = { id: '', seq: -1 }
    }
  }, [id])
  const shown = knownCase(id)
  useReveal(shown, thread)
  useArrivalInCase(shown, toReveal)
  useReading(shown)
  const to = (other: string) => {
    if (other !== '') go({ page: 'case', id: other, thread: 'all' })
  }
  const owes = shown !== undefined && shown.due !== '' && maySign('acknowledge')
  const speaksFor = shown === undefined || restored.value ? '' : projectHere(shown, thread)
  useKeys<KeyOf<'case'> | 'escape' | '/'>({
    j: () => to(neighboursOf(id).after),
    k: () => to(neighboursOf(id).before),
    ...(owes && { a: () => acknowledgeCase(shown) }),
    ...(maySign('sort') && { s: () => shown && (asking.value = 'sort') }),
    ...(maySign('take') && { t: () => shown && takeOrGiveBack(shown) }),
    w: () => focusComposer(),
    ...(maySign('note') && { n: () => focusComposer('desk') }),
    ...(maySign('answer') && { c: openCanned }),
    ...(maySign('route') && { p: () => shown && (asking.value = 'route') }),
    ...(speaksFor !== '' && { v: () => sayHowFar(speaksFor) }),
    u: () => shown && nextUnread(shown),
    '/': () => go({ page: 'search' }),
    escape: () => go({ page: 'queue', ...place.value }),
  })
  if (shown === undefined) return <Opening id={id} />
  return (
    <div class="case">
      <div class="main">
        <CaseHead shown={shown} />
        <NextStepLine shown={shown} />
        {maySign('claim') && <CaseClaims shown={shown} />}
        <CaseClocks shown={shown} />
        <ThreadTabs shown={shown} thread={thread} />
        <Trouble id={id} />
        <News />
        <Entries shown={shown} thread={thread} />
        <CaseComposer shown={shown} thread={thread} />
      </div>
      <CaseRail shown={shown} />
      <CaseDialogs shown={shown} />
    </div>
  )
}

function Opening({ id }: { readonly id: string }) {
  const row = rowAt(id)
  const failed = openingFailure.value
  return (
    <div class="case">
      <div class="main">
        <div class="case-head">
          <p class="faint">{row?.number ?? ''}</p>
          <h1>{row === undefined ? 'Case' : caseTitle(row)}</h1>
        </div>
        {failed === undefined ? (
          <>
            <Waiting label="Opening and checking on this machine" />
            <Ghost rows={6} />
          </>
        ) : (
          <ReadFailure what="This case" failure={failed} onRetry={() => void openCasePage(id)} />
        )}
      </div>
    </div>
  )
}

function Trouble({ id }: { readonly id: string }) {
  const unread = openingFailure.value
  const undone = asking.value === undefined ? actFailure.value : undefined
  const unsaved = savingFailure.value
  return (
    <>
      {unread !== undefined && (
        <ReadFailure what="This case" failure={unread} onRetry={() => void openCasePage(id)} />
      )}
      {undone !== undefined && <FailureNotice failure={undone} />}
      {unsaved !== undefined && <ReadFailure what="The file" failure={unsaved} />}
    </>
  )
}

function News() {
  if (news.value === '') return null
  return (
    <p class="line news">
      <b>{news.value}</b>
      <Button
        kind="link"
        onPress={() => jumpTo([...document.querySelectorAll('.timeline > li')].at(-1))}
      >
        Show
      </Button>
      <Button kind="link" onPress={() => (news.value = '')}>
        Seen
      </Button>
    </p>
  )
}

function Entries({ shown, thread }: { readonly shown: CaseShown; readonly thread: ThreadName }) {
  const entries = useMemo(
    () => withProjects(withNames(entriesOf(shown, thread), caseName), projectsOf(shown)),
    [shown, thread, ready.value],
  )
  if (entries.length === 0) return <p class="muted">{emptyWords(thread)}</p>
  return (
    <Timeline
      key={thread}
      entries={entries}
      me={me.value?.who}
      unseenFrom={newFrom(shown)}
      onFile={(entry, n) => void saveAttachment(shown, entry, n)}
      saving={saving.value}
      saved={saved.value}
      keptAbove={openingOf(shown)?.kept === 'end-to-end'}
      reveal={toReveal(shown)}
      mail={(entry, mail) => <MailEntry {...{ entry, mail, mails: mailsOf(shown) }} />}
    />
  )
}

/** In a case that was never read all is new: saying so on each line would only hide what is. */
function newFrom(shown: CaseShown): number | undefined {
  const from = unseenFrom(shown)
  return from === 0 ? undefined : from
}

/** The entry that was searched for: in its own thread, in sight, with the focus. */
function useReveal(shown: CaseShown | undefined, thread: ThreadName): void {
  const seq = shown === undefined ? undefined : toReveal(shown)
  useEffect(() => {
    if (shown === undefined || seq === undefined) return
    const entry = shown.entries.find((each) => each.seq === seq)
    if (entry?.kind === 'message' && entry.thread !== thread)
      return go({ page: 'case', id: shown.id, thread: entry.thread }, 'replace')
    jumpTo(document.getElementById(`entry-${String(seq)}`) ?? undefined)
  }, [shown?.id, seq, thread])
}

function toReveal(shown: CaseShown): number | undefined {
  const { id, seq } = reveal.value
  return id === shown.id && seq >= 0 ? seq : undefined
}

function emptyWords(thread: ThreadName): string {
  if (thread === 'desk')
    return 'No notes yet. What stands here only the coordinators of this desk can open; the reporter never sees it.'
  return `Nothing was written in ${threadWord(thread)} yet.`
}

function takeOrGiveBack(shown: CaseShown): void {
  const who = me.value?.who ?? ''
  const own = shown.taken?.who === who
  const done = own ? 'You gave it back.' : 'You have it.'
  void actOnCase('Signing', done, ask('take', { id: shown.id, who: own ? '' : who }))
}

function sayHowFar(project: string): void {
  setting.value = project
  asking.value = 'project'
}

/** From the entry that is in sight to the next that is new. */
function nextUnread(shown: CaseShown): void {
  const from = unseenFrom(shown)
  const fresh = [...document.querySelectorAll('.timeline > li[id^="entry-"]')].filter(
    ({ id }) => Number(id.slice('entry-'.length)) >= from,
  )
  const below = fresh.find((entry) => entry.getBoundingClientRect().top > innerHeight / 2)
  jumpTo(below ?? fresh[0])
}
