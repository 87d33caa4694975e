export { acceptDeskBatch, DAILY_DESK_ACTS } from './append-to-desk.ts'
export { askChallenge } from './challenge.ts'
export { type DeskChain, openDeskChain } from './desk-chain.ts'
export { endSession, logOut } from './end-sessions.ts'
export { openReporterSession } from './follow.ts'
export type { IdentityDeps } from './identity-deps.ts'
export { IdentityError, type IdentityErrorCode } from './identity-error.ts'
export { checkInvitation, invite, join, listInvitations, withdrawInvitation } from './invitation.ts'
export { logIn } from './log-in.ts'
export { logInByPasskey, stepUp } from './log-in-by-passkey.ts'
export { noteAddress } from './note-address.ts'
export { noteLook } from './note-look.ts'
export { noteMailsOut } from './note-mails-out.ts'
export { noteExport } from './note-export.ts'
export { addPasskey, putVault, readSelf, removePasskey } from './own-ways.ts'
export { readDesk, readDeskChain, readDeskWrap } from './read-desk.ts'
export { askRecovery, listRecoveries, releaseRecovery, withdrawRecovery } from './recovery.ts'
export { markRestored, pinServer, restoredAt } from './server-row.ts'
export {
  isCoordinatorSession,
  isFreshSession,
  type MemberSession,
  type Session,
  sessionOf,
} from './session.ts'
export { newSetupSecret, setUp } from './set-up.ts'
export { sweepSessions } from './sweep.ts'
