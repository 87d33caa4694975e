import {
  coordinatorsOf,
  demand,
  type Directory,
  isCoordinator,
  isFreshDeskKey,
  newestDeskKey,
} from '#seal'

/**
 * When a batch ends a coordinator, the same batch must bring the next keys of desk and mail (PROTOCOL
 * 5.1, member.revoke): otherwise the letterbox is stale from then on and every report is refused.
 */
export function demandFreshLetterbox(before: Directory, after: Directory): void {
  if (before.now.desk.length === 0) return
  const ended = coordinatorsOf(before.now).some((who) => !isCoordinator(after.now, who))
  if (ended) demandLetterbox(after)
}

/** The newest desk key is everybody's who needs it, and the mail key is wrapped to it. */
export function demandLetterbox({ now }: Directory): void {
  const newest = newestDeskKey(now)
  demand(isFreshDeskKey(now, newest), 'F8', 'This batch leaves the desk without a fresh key.')
  const mail = now.mail.at(-1)
  const reaches = mail === undefined || mail.readers.includes(newest)
  demand(reaches, 'F8', 'This batch leaves the mail key with an older desk key.')
}
