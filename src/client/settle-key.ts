import { whereOf } from './answer-by-mail.ts'
import type { CaseView } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { Desk } from './desk.ts'
import type { KeyStand } from './mail-plan.ts'
import { keepPin, pinKey } from './pinned-key.ts'

/** Signs which key holds: the one that came last, or the one before it. For one that no domain vouches for it is the last. */
export function settleKey(
  desk: Desk,
  within: CaseView,
  stand: KeyStand,
  which: 'new' | 'old',
): Promise<CaseView> {
  const chosen = which === 'new' ? cameLast(stand) : cameFirst(stand)
  if (chosen !== undefined) return pinKey(desk, within, chosen.certificate, whereOf(chosen))
  if (which === 'old' && (stand.state === 'changed' || stand.state === 'lost'))
    return keepPin(desk, within, stand.pin)
  throw new ClientError('not-found', 'There is no other key in this case.')
}

function cameLast(stand: KeyStand) {
  return stand.state === 'changed' || stand.state === 'first' || stand.state === 'offered'
    ? stand.found
    : undefined
}

/** Nobody pinned it yet: its bytes have to be kept as well. */
function cameFirst(stand: KeyStand) {
  return stand.state === 'changed' ? stand.before : undefined
}
