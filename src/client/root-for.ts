import { type DirectoryState, hasRole, isCoordinator, isSamePerson, type Signer } from '#seal'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import type { Self } from './self.ts'

/** Who signs an act about people, and whether it counts at once. */
export type Signing = {
  readonly signer: Signer
  readonly waits: boolean
  readonly byRoot: boolean
}

/**
 * An act about a strong role takes two people (PROTOCOL 5.1). The root stands in for the second one only
 * where its words were given by hand for this sitting: no vault and no key file holds it, so whoever
 * steals one is one person (N24). A lone coordinator without the root is told so before anything is
 * signed: nobody could ever approve, and the applicant's key would be used up.
 */
export function rootFor(
  { directory: { now } }: Pick<DeskView, 'directory'>,
  { signer, root }: Self,
  strong: boolean,
): Signing {
  if (!strong) return { signer, waits: false, byRoot: false }
  if (root !== undefined) return { signer: root, waits: false, byRoot: true }
  if (!hasSecond(now, signer.who))
    throw new ClientError(
      'need-root',
      'Nobody else can be the second person: give the root words of this desk, from their paper.',
    )
  return { signer, waits: true, byRoot: false }
}

/** Another human being who may approve acts about people (PROTOCOL 5.3). */
function hasSecond(state: DirectoryState, own: string): boolean {
  return [...state.members.keys()].some(
    (who) =>
      !isSamePerson(state, who, own) && (isCoordinator(state, who) || hasRole(state, who, 'board')),
  )
}
