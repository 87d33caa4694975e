import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { MeShown } from '#worker'
import { onEvent } from '../../ask-worker.ts'
import {
  counts,
  desk,
  failure,
  me,
  offlineSince,
  online,
  open,
  phase,
  restored,
  said,
  whyLocked,
} from '../../desk-state.ts'
import { Button, LinkButton } from '../../parts/button.tsx'
import { Empty } from '../../parts/empty.tsx'
import { AlarmPage, FailureNotice } from '../../parts/failure.tsx'
import { DeskFrame } from '../../parts/frame-desk.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { go, hrefOf, route, type Route } from '../../router.ts'
import { dayAndTime } from '../../time-words.ts'
import { writing } from '../case/case-writing.ts'
import { CaseBar, CasePage } from '../case/case-page.tsx'
import { beginDesk } from './desk-begin.ts'
import { landWhereWorkIs } from './desk-landing.ts'
import { lockDesk, locksIn, locksSoon, stay } from './desk-lock.ts'
import { KeysDialog } from './keys-dialog.tsx'
import { useKeys } from './keys-here.ts'
import type { KeyOf } from './keys-map.ts'
import { readSingleKeys } from './keys-switch.ts'
import { maySign } from './may-sign.ts'
import { countPeopleSoon, peopleWaiting } from './people-waiting.ts'
import { MailPage } from '../mail/mail-page.tsx'
import { PublishPage } from '../publish/publish-page.tsx'
import { NoRelayNotice } from '../mail/no-relay-notice.tsx'
import { OwnPage } from '../own/own-page.tsx'
import { Palette } from './palette.tsx'
import { PaperNotice } from '../own/own-paper-notice.tsx'
import { AloneNotice } from '../people/people-alone.tsx'
import { PeoplePage } from '../people/people-page.tsx'
import { NewAssessment } from '../queue/queue-assess.tsx'
import { QueueBar } from '../queue/queue-bar.tsx'
import { QueuePage } from '../queue/queue-page.tsx'
import { place, refreshSoon } from '../queue/queue-state.ts'
import { SearchPage } from '../search/search-page.tsx'
import { UnlockPage } from '../unlock/unlock-page.tsx'
import { visibleLine } from '../../visible-text.ts'

/** The whole desk: shut, open, or stopped. While it is shut nothing of what was opened is in the page. */
export function DeskPage() {
  const as = me.value
  switch (phase.value) {
    case 'starting':
      return <Starting />
    case 'absent':
      return <NoDesk />
    case 'stopped':
      return failure.value && <AlarmPage failure={failure.value} deskName={desk.value.name} />
    case 'shut':
      return <UnlockPage deskName={desk.value.name} why={whyLocked.value} onOpen={open} />
    case 'open':
      return as === undefined ? null : <Desk as={as} />
  }
}

function Desk({ as }: { readonly as: MeShown }) {
  const [dialog, setDialog] = useState<'keys' | 'palette' | 'assess'>()
  const close = () => setDialog(undefined)
  useEffect(() => {
    void readSingleKeys()
    void landWhereWorkIs(as)
    countPeopleSoon()
    const stop = onEvent((event) => {
      if (event.event === 'changed') lookAgain()
    })
    // A machine that slept heard nothing.
    const look = () => {
      if (document.visibilityState === 'visible') lookAgain()
    }
    document.addEventListener('visibilitychange', look)
    return () => {
      stop()
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  useKeys<KeyOf<'anywhere'>>({
    '?': () => setDialog('keys'),
    'ctrl+k': () => setDialog('palette'),
    'g q': () => go({ page: 'queue', ...place.value }),
    'g d': () => go({ page: 'queue', lane: 'all', sort: '' }),
    ...(maySign('take') && { 'g m': () => go({ page: 'queue', lane: 'mine', sort: '' }) }),
    'g p': () => go({ page: 'people' }),
    ...(maySign('mail') && { 'g e': () => go({ page: 'mail' }) }),
    ...(maySign('release') && { 'g r': () => go({ page: 'publish' }) }),
    'g s': () => go({ page: 'search' }),
    'g k': () => go({ page: 'own' }),
    l: () => void lockDesk(),
  })
  const at = route.value
  useArrival(at)
  const assess = () => setDialog('assess')
  return (
    <>
      <DeskFrame
        brand={desk.value.name}
        here={at.page === 'lost' ? 'queue' : at.page}
        me={as}
        locksIn={locksIn.value === '' ? undefined : locksIn.value}
        counts={counts.value}
        waiting={peopleWaiting.value}
        onLock={() => void lockDesk()}
        onKeys={() => setDialog('keys')}
        bar={<Bar at={at} onAssess={assess} />}
        top={<Top />}
      >
        <Page at={at} as={as} />
        <LocksSoon />
      </DeskFrame>
      <KeysDialog open={dialog === 'keys'} onClose={close} />
      <Palette
        open={dialog === 'palette'}
        onClose={close}
        more={maySign('assess') ? [{ title: 'New assessment', act: assess }] : []}
      />
      <NewAssessment open={dialog === 'assess'} onClose={close} />
      <div class="sr" role="status" aria-atomic="false">
        {said.value.map(({ nth, sentence }) => (
          <p key={nth}>{visibleLine(sentence)}</p>
        ))}
      </div>
    </>
  )
}

function lookAgain(): void {
  refreshSoon()
  countPeopleSoon()
}

function Bar({ at, onAssess }: { readonly at: Route; readonly onAssess: () => void }) {
  switch (at.page) {
    case 'queue':
      return <QueueBar onAssess={onAssess} />
    case 'case':
      return <CaseBar id={at.id} />
    case 'people':
      return <h1>People</h1>
    case 'own':
      return <h1>Keys and sessions</h1>
    case 'mail':
      return <h1>Mail</h1>
    case 'publish':
      return <h1>Publish</h1>
    case 'search':
      return <h1>Search</h1>
    case 'lost':
      return <h1>Nothing here</h1>
  }
}

function Page({ at, as }: { readonly at: Route; readonly as: MeShown }): ComponentChildren {
  switch (at.page) {
    case 'queue':
      return (
        <>
          <AloneNotice me={as} />
          <PaperNotice />
          <NoRelayNotice me={as} />
          <QueuePage lane={at.lane} sort={at.sort} />
        </>
      )
    case 'case':
      return <CasePage key={at.id} id={at.id} thread={at.thread} />
    case 'people':
      return <PeoplePage me={as} />
    case 'own':
      return <OwnPage me={as} />
    case 'mail':
      return <MailPage me={as} />
    case 'publish':
      return <PublishPage me={as} />
    case 'search':
      return <SearchPage />
    case 'lost':
      return <Lost />
  }
}

/** Whoever listens hears the new page from its beginning; the queue puts the focus on its row. */
function useArrival(at: Route): void {
  const place = at.page === 'case' ? at.id : at.page
  const before = useRef(place)
  useEffect(() => {
    if (before.current === place) return
    before.current = place
    if (document.activeElement !== document.body) return
    if (at.page !== 'queue')
      document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true })
  }, [place])
}

/** What holds for every page just now: no network, or a lock that comes soon. */
function Top() {
  return (
    <>
      {!online.value && (
        <div class="offline" role="status">
          <b>You are offline.</b>
          <span>
            Since {dayAndTime(offlineSince.value)}. What you write is kept sealed on this machine.
            Clocks go on.
          </span>
        </div>
      )}
      {restored.value && (
        <div class="offline" role="status">
          <b>This desk stands on a backup.</b>
          <span>
            It can be read; nothing can be signed until coordinators have declared what was lost:{' '}
            <code>bin/postern desk restored</code>.
          </span>
        </div>
      )}
    </>
  )
}

/** At the lower edge, where it is seen however far down somebody reads. */
function LocksSoon() {
  if (!locksSoon.value) return null
  return (
    <div class="bulk" role="alert">
      <b>Locks in 1 min.</b>
      <span>
        Any key, touch or move of the pointer stays.
        {writing.value.files.length > 0 && ' After a lock you choose the attached files again.'}
      </span>
      <Button onPress={stay}>Stay</Button>
    </div>
  )
}

function Lost() {
  return (
    <Empty title="There is no such page at this desk">
      <p class="muted">The address is incomplete, or it belongs to another desk.</p>
      <div class="line">
        <LinkButton href={hrefOf({ page: 'queue', lane: 'all', sort: '' })}>
          Go to the queue
        </LinkButton>
      </div>
    </Empty>
  )
}

function Starting() {
  return (
    <main class="unlock" id="main">
      <h1>The desk</h1>
      {failure.value === undefined ? (
        <Waiting label="Asking the server for this desk" />
      ) : (
        <FailureNotice failure={failure.value} onRetry={() => void beginDesk()} />
      )}
    </main>
  )
}

function NoDesk() {
  return (
    <main class="unlock" id="main">
      <h1>No desk yet</h1>
      <p class="lead">
        Nobody has set this desk up. Whoever runs this server has a link for it: it was printed when
        the server started first.
      </p>
    </main>
  )
}
