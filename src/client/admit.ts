import type { Meeting } from '#lexicon'
import { isStrong } from '#lexicon'
import { demand, type DeskHead, isCoordinator } from '#seal'
import { appendToDesk, type Composer } from './append.ts'
import type { Applicant } from './applicants.ts'
import { ClientError } from './client-error.ts'
import { demandFreshDirectory, type DeskView } from './desk-view.ts'
import { grantDeskKeys } from './grant-desk-keys.ts'
import { demandOwnHandle } from './look-alike.ts'
import { rootFor } from './root-for.ts'
import type { Self } from './self.ts'
import { rememberCompared } from './trust.ts'

/** What a strong act came to. */
export type Done = {
  readonly view: DeskView
  /** It counts after a second person approved. */
  readonly waits: boolean
  /** The desk's root signed it, which everybody sees. */
  readonly byRoot: boolean
}

/**
 * Admits an applicant. Somebody with a strong role is admitted by root, where its words were given, or
 * waits for a second person; with root the desk's keys are granted in the same batch.
 */
export async function admit(
  view: DeskView,
  self: Self,
  applicant: Applicant,
  met: Meeting,
): Promise<Done> {
  const { who, enc, handle, invite: lookup, join, roles, invitedBy } = applicant
  if (roles.includes('coordinator') && met === 'none')
    throw new ClientError(
      'need-root',
      'A coordinator is admitted only after their key words were compared: say --met words or --met seen.',
    )
  const { signer, waits, byRoot } = rootFor(view, self, isStrong(roles))
  const next = await appendToDesk(view, (desk) => {
    demandFreshDirectory(desk)
    demandOwnHandle(desk.directory.now, handle)
    // Asked again for the desk as it is by now: an invitation ends with the rights of whoever made it.
    const able = isCoordinator(desk.directory.now, invitedBy)
    demand(able, 'invitation', 'Whoever made this invitation is no coordinator now: invite again.')
    const admission: Composer<DeskHead> = async (place) => ({
      signer,
      head: {
        ...place(signer),
        type: 'member.admit',
        who,
        enc,
        handle,
        roles,
        invite: lookup,
        join,
        met,
      },
      blobs: [],
    })
    const grants = !waits && roles.includes('coordinator')
    return grants ? [admission, grantDeskKeys(desk, self, { who, enc })] : [admission]
  })
  const noted = met === 'none' ? next : await rememberCompared(next, who, handle, met)
  return { view: noted, waits, byRoot }
}
