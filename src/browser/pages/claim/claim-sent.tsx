import { useEffect, useRef } from 'preact/hooks'
import { Button, LinkButton } from '../../parts/button.tsx'
import { PublicFrame } from '../../parts/frame-public.tsx'
import { Icon } from '../../parts/icon.tsx'
import { WordsSheet } from '../../parts/words-sheet.tsx'
import { visibleLine } from '../../visible-text.ts'
import { BesideClaim } from './claim-keep.tsx'
import type { ClaimKept } from './claim-words.ts'

type ClaimSentProps = {
  readonly brand: string
  readonly origin: string
  readonly kept: ClaimKept
}

/** The claim is at the desk; a person must look at it before it counts. */
export function ClaimSent({ brand, origin, kept }: ClaimSentProps) {
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
            Your claim is at the desk
          </h1>
          <p class="lead">
            A person of the desk looks at it. Once they accept it, your twelve words open the report
            at <b>{origin}/follow</b>. Nobody sends you a mail about it: look there tomorrow.
          </p>
        </>
      }
    >
      <div class="stack-5">
        <section class="stack">
          <h2>Your key words</h2>
          <WordsSheet words={kept.keyWords} label="Your key words" />
          <p>
            They are not secret. When somebody of the desk calls you, on a number that you both knew
            before, read them aloud. If their list is the same, nobody stands between you, and they
            can open to you what was written before your claim.
          </p>
        </section>
        <div class="line no-print">
          <Button onPress={() => print()}>
            <Icon name="print" /> Print
          </Button>
          <LinkButton kind="quiet" href="/follow">
            Follow a report
          </LinkButton>
        </div>
      </div>
    </PublicFrame>
  )
}
