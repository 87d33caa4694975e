import { useEffect, useRef, useState } from 'preact/hooks'
import type { Failure } from '#worker'
import { Button } from '../../parts/button.tsx'
import { PublicFrame } from '../../parts/frame-public.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Check } from '../../parts/pick.tsx'
import { WordsSheet } from '../../parts/words-sheet.tsx'
import { saveFile } from '../../save-file.ts'
import { visibleLine } from '../../visible-text.ts'
import { KEEP_THE_WORDS } from '../report/receipt-text.ts'
import { claimFileName, type ClaimKept, claimText } from './claim-words.ts'

export type ClaimKeepProps = {
  readonly brand: string
  readonly origin: string
  readonly kept: ClaimKept
  readonly busy: boolean
  readonly failure: Failure | undefined
  readonly onSend: () => void
}

/** The words first, the link second: a link that was used up before its words were kept would open nothing. */
export function ClaimKeep({ brand, origin, kept, busy, failure, onSend }: ClaimKeepProps) {
  const [sure, setSure] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <PublicFrame
      brand={brand}
      aside={<BesideClaim />}
      head={
        <>
          <p class="crumbs">{visibleLine(kept.number)}</p>
          <h1 ref={heading} tabIndex={-1}>
            Claim your report
          </h1>
          <p class="lead">
            Your mail became report {visibleLine(kept.number)}. Your keys were made in this browser
            just now, and the twelve words below open them on any machine. When a person of the desk
            has accepted you, you read what is written from then on.
          </p>
        </>
      }
    >
      <div class="stack-5">
        <section class="stack">
          <h2>Your twelve words</h2>
          <WordsSheet words={kept.words} label="Your twelve words" />
          <p>
            They open your report at <b>{origin}/follow</b>. {KEEP_THE_WORDS}
          </p>
          <div class="line no-print">
            <Button onPress={() => print()}>
              <Icon name="print" /> Print
            </Button>
            <Button onPress={() => saveFile(claimFileName(kept), claimText(kept, brand, origin))}>
              Save as a file
            </Button>
          </div>
          <div class="no-print">
            <Check
              label="I have kept the words"
              hint="On paper, in a file of your own or in a password manager."
              checked={sure}
              onCheck={setSure}
            />
          </div>
        </section>
        {failure !== undefined && <NotSent failure={failure} />}
        <div class="line no-print">
          <Button
            kind="main"
            disabled={!sure}
            why="Keep the words first: the link works once."
            busy={busy ? 'Sending your claim …' : undefined}
            onPress={onSend}
          >
            Claim this report
          </Button>
          <span class="muted">This uses the link up.</span>
        </div>
      </div>
    </PublicFrame>
  )
}

/** After silence nobody knows whether it arrived: the same claim again is the same claim. */
function NotSent({ failure }: { readonly failure: Failure }) {
  return (
    <Notice tone="late" title="We do not know whether your claim arrived." alert>
      <p>{failure.message}</p>
      <p>Your words stay the same. Send it again: it counts once.</p>
      {failure.check !== '' && <p class="faint">Check {failure.check}</p>}
    </Notice>
  )
}

export function BesideClaim() {
  return (
    <>
      <section>
        <h2>What you will read</h2>
        <p>
          What is written after you were accepted. What was written before stays closed until
          somebody of the desk has compared key words with you, by phone or in one room.
        </p>
      </section>
      <section>
        <h2>What we do not protect</h2>
        <p>
          <b>Your mailbox.</b> Whoever reads it could have used this link before you. Then it says
          so, and you tell the desk.
        </p>
      </section>
    </>
  )
}
