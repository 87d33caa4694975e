import {
  approveRelease,
  type DeskView,
  openRelease,
  releasesOf,
  waitingReleases,
  type WaitingRelease,
  withdrawRelease,
} from '#client'
import { type Bytes, millisecondsOf, textOfBytes } from '#lexicon'
import { isCoordinator, isSamePerson, type Release } from '#seal'
import { type Entered, type MemberSession, refreshed } from './member-session.ts'
import type { MemberOperations } from './operations.ts'
import type { ReleaseShown, ReleasesShown, WaitingReleaseShown } from './releases-shown.ts'
import type { Handlers } from './serve-page.ts'
import { personShown } from './show-case.ts'

type Releasing = 'listReleases' | 'openRelease' | 'approveRelease' | 'withdrawRelease'

/** What was released to the public: read from the desk chain; approved and withdrawn by this member's signature. */
export function releaseHandlers(
  session: MemberSession,
): Handlers<Pick<MemberOperations, Releasing>> {
  const after = (view: DeskView): ReleasesShown => {
    const entered = session.open()
    entered.view = view
    return releasesShown(entered)
  }
  return {
    listReleases: async () => {
      const entered = session.open()
      await refreshed(entered)
      return releasesShown(entered)
    },
    openRelease: async ({ id }) => {
      const { head, bytes, before } = await openRelease(await refreshed(session.open()), id)
      return {
        id,
        path: head.path,
        sha256: head.sha256,
        size: bytes.length,
        text: textIn(bytes),
        before: before && textIn(before.bytes),
      }
    },
    approveRelease: async ({ id, sha256 }) => {
      const { view, self } = session.open()
      return after(await approveRelease(view, self, { id, sha256 }))
    },
    withdrawRelease: async ({ id }) => {
      const { view, self } = session.open()
      return after(await withdrawRelease(view, self, id))
    },
  }
}

function releasesShown(entered: Entered): ReleasesShown {
  const { now, later, refused } = releasesOf(entered.view)
  return {
    published: [...now.values()].map((each) => releaseShown(entered, each)),
    waiting: waitingReleases(entered.view).map((each) => waitingShown(entered, each)),
    later: later.map((each) => releaseShown(entered, each)),
    refused: refused.map(({ id, path, why }) => ({ id, path, why })),
  }
}

function releaseShown({ view, self }: Entered, release: Release): ReleaseShown {
  const { id, path, licence, by, approvedBy, at } = release
  const second = approvedBy === '' ? undefined : personShown(view, self, approvedBy)
  return { id, path, licence, by: personShown(view, self, by), approvedBy: second, at }
}

function waitingShown({ view, self }: Entered, waiting: WaitingRelease): WaitingReleaseShown {
  const { id, path, licence, by, at, not_before: notBefore } = waiting
  const { now } = view.directory
  const { who } = self.signer
  return {
    id,
    path,
    licence,
    by: personShown(view, self, by),
    at,
    notBefore: millisecondsOf(notBefore) > view.clock() ? notBefore : '',
    mine: isCoordinator(now, who) && !isSamePerson(now, who, by),
  }
}

/** Bytes that are no text are saved and looked at elsewhere; half a text would hide what it says. */
function textIn(bytes: Bytes): string | undefined {
  try {
    return textOfBytes(bytes)
  } catch {
    return undefined
  }
}
