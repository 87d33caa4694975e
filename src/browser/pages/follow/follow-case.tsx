import { useEffect, useRef, useState } from 'preact/hooks'
import { MINUTE } from '#lexicon'
import type { CaseShown } from '#worker'
import { PublicFrame } from '../../parts/frame-public.tsx'
import { Tag } from '../../parts/tag.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { visibleLine } from '../../visible-text.ts'
import { FollowAside } from './follow-aside.tsx'
import { FollowReply } from './follow-reply.tsx'
import type { FollowSession } from './follow-session.ts'
import { reporterOf, standingOf, titleShown } from './follow-state.ts'
import { FollowTrouble } from './follow-trouble.tsx'
import { Notice } from '../../parts/notice.tsx'

export type FollowCaseProps = {
  readonly session: FollowSession
  readonly brand: string
  readonly shown: CaseShown
}

/** The case as its reporter sees it. */
export function FollowCase({ session, brand, shown }: FollowCaseProps) {
  const { news, saving, saved, unseenFrom, online } = session
  const now = useNow()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const { word, tone, says } = standingOf(shown, now)
  return (
    <PublicFrame
      brand={brand}
      here="follow"
      aside={<FollowAside session={session} shown={shown} now={now} />}
      head={
        <>
          <p class="crumbs">{shown.number} · opened with your twelve words</p>
          <h1 ref={heading} tabIndex={-1}>
            {visibleLine(titleShown(shown))}
          </h1>
          <p class="line">
            <Tag tone={tone}>{word}</Tag>
            <span class="muted">{says}</span>
          </p>
        </>
      }
    >
      <div class="stack-5">
        {!online.value && (
          <Notice tone="due" title="You are offline.">
            This is how your report stood when it was opened. What you write stays in this tab.
          </Notice>
        )}
        <Timeline
          entries={shown.entries}
          me={reporterOf(shown)}
          unseenFrom={unseenFrom.value}
          saving={saving.value}
          saved={saved.value}
          onFile={(entry, n) => void session.saveFile(entry, n)}
        />
        <FilesThatWait session={session} />
        <p role="status" class="news">
          {news.value}
        </p>
        <FollowReply session={session} shown={shown} />
      </div>
    </PublicFrame>
  )
}

/** The file itself says how far it is; here stands who waits for it. */
function FilesThatWait({ session }: { readonly session: FollowSession }) {
  const waiting = session.nextFiles.value.length
  return (
    <>
      <p role="status" class="news">
        {waiting > 0 &&
          `${waiting === 1 ? 'One more file' : `${String(waiting)} more files`} to save after this one.`}
      </p>
      <FollowTrouble session={session} of="file" />
    </>
  )
}

/** Clocks are words: once a minute is enough. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE)
    return () => clearInterval(timer)
  }, [])
  return now
}
