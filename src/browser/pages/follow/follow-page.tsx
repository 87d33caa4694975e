import { AlarmPage } from '../../parts/failure.tsx'
import { FollowCase } from './follow-case.tsx'
import type { FollowSession } from './follow-session.ts'
import { FollowWords } from './follow-words.tsx'
import { brandOf } from '../report/report-brand.ts'
import { KeptText } from '../report/report-kept-text.tsx'
import { NoDeskYet } from '../report/report-no-desk.tsx'

export type FollowPageProps = {
  readonly session: FollowSession
  readonly desk: string
}

/** Twelve words, then the report, then nothing again. */
export function FollowPage({ session, desk }: FollowPageProps) {
  const { shown, trouble } = session
  const brand = brandOf(session.deskName.value)
  const failure = trouble.value?.failure
  if (desk === '') return <NoDeskYet />
  if (failure?.code === 'alarm')
    return (
      <>
        <AlarmPage failure={failure} deskName={brand} />
        <KeptText text={session.reply.value} />
      </>
    )
  if (shown.value === undefined) return <FollowWords session={session} brand={brand} />
  return <FollowCase session={session} brand={brand} shown={shown.value} />
}
