import { type NoticeWish, timeOf } from '#lexicon'
import { isActive, loginMessage } from '#seal'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import type { Self } from './self.ts'

/**
 * Logs in with a signature over the desk's challenge: this desk, this origin, now. The API then carries the
 * session; or a browser does, in a cookie that no script can read.
 */
export async function logIn(
  view: Pick<DeskView, 'api' | 'clock' | 'directory' | 'id'>,
  self: Self,
  keep: 'session' | 'cookie' = 'session',
): Promise<void> {
  const { who } = self.signer
  if (!isActive(view.directory.now, who))
    throw new ClientError(
      'not-allowed',
      'The key in this file is not an active member of this desk.',
    )
  const { nonce } = await view.api.call('askChallenge', { body: {} })
  const time = timeOf(view.clock())
  const claim = { desk: view.id, nonce, origin: view.api.origin, time, who }
  const sig = await self.signer.sign(loginMessage(claim))
  const { session } = await view.api.call('logIn', {
    body: { who, nonce, time, sig, cookie: keep === 'cookie' },
  })
  view.api.carry(session)
}

/** Where and how often this member gets notices without content. It stands in no statement: the desk chain is public. */
export async function noteAddress(
  view: DeskView,
  address: string,
  notices?: NoticeWish,
): Promise<void> {
  await view.api.call('noteAddress', { body: { address, ...(notices && { notices }) } })
}

/** Ends the session at the desk. */
export async function logOut(view: DeskView): Promise<void> {
  await view.api.call('logOut', { body: {} })
  view.api.carry(undefined)
}
