import type { ReceiptShown } from '#worker'
import { Button, LinkButton } from '../../parts/button.tsx'
import { Door } from '../../parts/door.tsx'
import { PublicFrame } from '../../parts/frame-public.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Check } from '../../parts/pick.tsx'
import { NextSteps } from '../../parts/timeline.tsx'
import { When } from '../../parts/when.tsx'
import { WordsSheet } from '../../parts/words-sheet.tsx'
import { saveFile } from '../../save-file.ts'
import { inOwnZone, longDayAndTime } from '../../time-words.ts'
import {
  KEEP_THE_WORDS,
  nextSteps,
  proofFileName,
  receiptFileName,
  receiptText,
} from './receipt-text.ts'
import { brandOf } from './report-brand.ts'
import type { ReportSession } from './report-session.ts'

export type ReceiptPageProps = {
  readonly session: Pick<ReportSession, 'kept'>
  readonly receipt: ReceiptShown
  readonly origin: string
}

/** Shown once, on this page, after the signed receipt was verified. Nothing of it is in the address or stored. */
export function ReceiptPage({ session: { kept }, receipt, origin }: ReceiptPageProps) {
  return (
    <PublicFrame
      brand={brandOf(receipt.deskName)}
      here="report"
      head={<ReceiptHead {...{ receipt, origin }} />}
    >
      <article class="receipt">
        <Facts receipt={receipt} />
        <section class="stack">
          <h2>Your twelve words</h2>
          <WordsSheet words={receipt.words} label="Your twelve words" />
          <p>
            They open your report at <b>{origin}/follow</b>. {KEEP_THE_WORDS}
          </p>
          <p class="print-only">Keep this sheet as you would keep a key.</p>
          <div class="no-print">
            <Check
              label="I have kept the words"
              hint="On paper, in a file of your own or in a password manager."
              checked={kept.value}
              onCheck={(on) => (kept.value = on)}
            />
          </div>
        </section>
        <WhatHappensNext receipt={receipt} />
        <Proof receipt={receipt} />
        <section class="stack no-print">
          <h2>What if I lose the words?</h2>
          <p>
            Then nobody can open this report as you again, and nobody can send them to you. Your
            report is not lost: the desk reads it and works on it. Write a new report that names{' '}
            <b>{receipt.number}</b>, and you will be answered there.
          </p>
        </section>
      </article>
    </PublicFrame>
  )
}

function ReceiptHead(props: Omit<ReceiptPageProps, 'session'>) {
  const { receipt, origin } = props
  return (
    <div class="stack no-print">
      <h1 tabIndex={-1} ref={focusOnce}>
        We have your report
      </h1>
      <p class="lead">
        It is stored and sealed. Print this page or write down the twelve words now; nobody can show
        them to you again.
      </p>
      <div class="line">
        <Button kind="main" onPress={() => print()}>
          <Icon name="print" /> Print
        </Button>
        <Button
          onPress={() =>
            saveFile(
              receiptFileName(receipt),
              receiptText(receipt, brandOf(receipt.deskName), origin),
            )
          }
        >
          Save as a file
        </Button>
        <LinkButton kind="quiet" href="/follow">
          Follow my report
        </LinkButton>
      </div>
    </div>
  )
}

/** Whoever cannot see that the page changed hears it. */
function focusOnce(heading: HTMLElement | null): void {
  heading?.focus()
}

function Facts({ receipt }: { readonly receipt: ReceiptShown }) {
  return (
    <header>
      <div>
        <p class="label">Receipt</p>
        <p class="number">{receipt.number}</p>
      </div>
      <div>
        <p class="label">Received</p>
        <p>
          <ReceivedAt at={receipt.received} />
        </p>
      </div>
      <div>
        <p class="label">By</p>
        <p>{brandOf(receipt.deskName)}</p>
        <Door kept="end-to-end" />
      </div>
    </header>
  )
}

/** The day and the second, each on its line. */
function ReceivedAt({ at }: { readonly at: string }) {
  const [date, time] = longDayAndTime(at).split(', ')
  return (
    <time dateTime={at} title={inOwnZone(at)}>
      {date}
      <br />
      {time}
    </time>
  )
}

function WhatHappensNext({ receipt }: { readonly receipt: ReceiptShown }) {
  const received = {
    title: 'Received and sealed',
    when: <When at={receipt.received} long />,
    done: true,
  }
  const ahead = nextSteps(receipt).map(({ says, by, more }) => ({
    title: says,
    when:
      by === '' ? (
        more
      ) : (
        <>
          by <When at={by} long />. {more}
        </>
      ),
  }))
  return (
    <section class="stack">
      <h2>What happens next</h2>
      <NextSteps steps={[received, ...ahead]} />
    </section>
  )
}

function Proof({ receipt }: { readonly receipt: ReceiptShown }) {
  return (
    <section class="stack">
      <h2>Proof</h2>
      <p>The desk signed that it took your report. The id below names exactly what was stored.</p>
      <p class="fpr">{receipt.statement}</p>
      <p class="muted">
        The proof is a file of its own and holds no words: show that one, never this page, when you
        must show when you reported.
      </p>
      <div class="no-print">
        <Button onPress={() => saveFile(proofFileName(receipt), receipt.proof)}>
          Save the proof
        </Button>
      </div>
    </section>
  )
}
