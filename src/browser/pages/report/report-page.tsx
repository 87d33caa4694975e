import { useEffect, useState } from 'preact/hooks'
import { AlarmPage } from '../../parts/failure.tsx'
import { Button } from '../../parts/button.tsx'
import { Door } from '../../parts/door.tsx'
import { ErrorSummary } from '../../parts/error-summary.tsx'
import { PublicFrame } from '../../parts/frame-public.tsx'
import { Notice } from '../../parts/notice.tsx'
import { saveFile } from '../../save-file.ts'
import { ReceiptPage } from './receipt-page.tsx'
import { ReportAside } from './report-aside.tsx'
import { FilesStep, KindStep, ProjectStep, ReachStep } from './report-steps.tsx'
import { TextStep } from './report-text-step.tsx'
import { brandOf } from './report-brand.ts'
import { KeptText } from './report-kept-text.tsx'
import { sendFailureWords } from './report-failure.ts'
import { REPORT_FIELDS } from './report-form.ts'
import type { ReportSession } from './report-session.ts'
import { NoDeskYet } from './report-no-desk.tsx'
import { NoVulnerabilityPanel } from './report-panel.tsx'

export type ReportPageProps = {
  readonly session: ReportSession
  readonly origin: string
}

/** One page from the first key to the receipt. */
export function ReportPage({ session, origin }: ReportPageProps) {
  const { receipt, failure, place, form } = session
  const brand = brandOf(place.value.state === 'open' ? place.value.desk.name : '')
  const stopped = failure.value ?? failedPlace(session)
  if (receipt.value !== undefined)
    return <ReceiptPage session={session} receipt={receipt.value} origin={origin} />
  if (stopped?.code === 'alarm')
    return (
      <>
        <AlarmPage failure={stopped} deskName={brand} />
        <KeptText text={form.value.text} />
      </>
    )
  if (place.value.state === 'none') return <NoDeskYet />
  return (
    <PublicFrame
      brand={brand}
      here="report"
      aside={<ReportAside place={place.value} origin={origin} />}
      head={
        <>
          <h1>Write a report</h1>
          <p class="lead">
            Five parts on one page; only the first three are needed. Nothing leaves this page
            readable: your browser seals it first.
          </p>
        </>
      }
    >
      <ReportForm session={session} />
    </PublicFrame>
  )
}

function ReportForm({ session }: { readonly session: ReportSession }) {
  const { form, errors, presses, sending, place } = session
  const shown = errors.value
  const listed = REPORT_FIELDS.flatMap((field) => {
    const text = shown[field]
    return text === undefined ? [] : [{ id: `report-${field}`, text }]
  })
  return (
    <form
      class="form stack-5"
      noValidate
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        void session.send()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        void session.send()
      }}
    >
      {place.value.state === 'failed' && (
        <Notice tone="late" title="This page could not check whose desk this is." alert>
          <p>{place.value.failure.message}</p>
          <p>You can write meanwhile. Nothing is sealed or sent before the check went well.</p>
          <div class="line">
            <Button onPress={() => void session.openDesk()}>Check again</Button>
          </div>
        </Notice>
      )}
      <ErrorSummary
        key={presses.value}
        title={
          listed.length === 1
            ? 'Not sent yet. One thing to look at:'
            : `Not sent yet. ${String(listed.length)} things to look at:`
        }
        errors={listed}
      />
      <ol class="steps">
        <ProjectStep session={session} />
        <KindStep session={session} />
        <TextStep
          text={form.value.text}
          error={shown.text}
          onInput={(text) => (form.value = { ...form.value, text })}
        />
        <FilesStep session={session} />
        <ReachStep session={session} />
      </ol>
      <NoVulnerabilityPanel
        explained={form.value.explained}
        error={shown.explained}
        onExplained={(explained) => (form.value = { ...form.value, explained })}
      />
      <SendPart session={session} busy={busyWords(sending.value)} />
    </form>
  )
}

function SendPart({
  session,
  busy,
}: {
  readonly session: ReportSession
  readonly busy?: string | undefined
}) {
  const { place, online, failure, form } = session
  const desk = place.value.state === 'open' ? place.value.desk : undefined
  const words = failure.value === undefined ? undefined : sendFailureWords(failure.value)
  return (
    <div class="stack">
      {!online.value && (
        <Notice tone="due" title="You are offline.">
          {offlineWords(session.sending.value)}
        </Notice>
      )}
      {words !== undefined && (
        <Notice tone="late" title={words.title} alert>
          {words.says.map((line) => (
            <p key={line}>{line}</p>
          ))}
          <div class="line">
            <Button onPress={() => saveFile('report.md', form.value.text)}>Save the text</Button>
          </div>
        </Notice>
      )}
      <div class="line">
        <Button kind="main" type="submit" keys="Ctrl Enter" busy={busy}>
          Seal and send
        </Button>
        {desk !== undefined && <Door kept="end-to-end" readers={desk.coordinators} />}
      </div>
      {online.value && session.sending.value === 'report' && <StillTrying />}
      {words === undefined && (
        <p class="hint">
          Until it is sent, your report is in the memory of this tab and nowhere else. Closing the
          tab forgets it.
        </p>
      )}
    </div>
  )
}

/** Whether it goes on by itself depends on whether it was sent before the network went. */
function offlineWords(sending: ReportSession['sending']['value']): string {
  return sending === ''
    ? 'What you write stays in this tab. When the network is back, press “Seal and send”.'
    : 'It is tried again for about a minute. If the network comes back later than that, press “Seal and send” again. What you wrote stays in this tab.'
}

/** A slow desk is asked again by itself; whoever waits is told so. */
function StillTrying() {
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE)
    return () => clearTimeout(timer)
  }, [])
  return (
    <p class="waiting" role="status">
      {long ? 'No answer yet. It is tried again for about a minute; your text stays here.' : ''}
    </p>
  )
}

const PATIENCE = 8000

function busyWords(sending: ReportSession['sending']['value']): string | undefined {
  if (sending === 'files') return 'Waiting for the files …'
  return sending === 'report' ? 'Sealing and sending …' : undefined
}

function failedPlace({ place }: ReportSession) {
  return place.value.state === 'failed' ? place.value.failure : undefined
}
