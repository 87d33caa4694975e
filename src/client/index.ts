export * from './client-error.ts'
export * from './api.ts'
export * from './ask-ahead.ts'
export * from './memory.ts'
export * from './self.ts'
export { noteCompared, type Trust, trustOf } from './trust.ts'
export * from './desk-view.ts'
export * from './ledger-proofs.ts'
export * from './case-view.ts'
export { type BodyOf } from './fetch-bodies.ts'
export * from './keyring.ts'
export { type Broken, hasFacts, type Message } from './message.ts'
export type { Mail } from './mail.ts'
export { isFromElsewhere } from './mail-of.ts'
export * from './mail-key.ts'
export * from './sign-security-txt.ts'
export type { SenderDoubt } from './mail-sender.ts'
export { type Differing, openApart, openMail, type OpenedMail } from './open-mail.ts'
export { openBody } from './open-bodies.ts'
export {
  fetchBodiesOf,
  type Opening,
  openNewestFirst,
  openTimeline,
  type Timeline,
} from './timeline.ts'
export * from './upload.ts'
export * from './download.ts'
export * from './report-facts.ts'
export * from './post-report.ts'
export * from './report-draft.ts'
export * from './file-report.ts'
export * from './follow-report.ts'
export * from './claim-case.ts'
export * from './claims.ts'
export type * from './desk.ts'
export { sendMessage } from './write-case.ts'
export * from './case-readers.ts'
export type { From } from './let-in.ts'
export { circleOf, type CaseProject, maintainersOf, maySetProject, projectsOf } from './projects.ts'
export * from './route-case.ts'
export {
  acknowledge,
  answerAndClose,
  binCase,
  closeCase,
  linkCases,
  setCaseState,
  sortCase,
  takeCase,
} from './case-acts.ts'
export { answerByMail, type Mailing, type MailWay, whereOf } from './answer-by-mail.ts'
export { type FoundKey } from './keys-in-mail.ts'
export { KEY_TYPE } from './key-in-report.ts'
export { type KeyStand, type LookUp, type MailPlan, planMail } from './mail-plan.ts'
export { settleKey } from './settle-key.ts'
export * from './title-case.ts'
export * from './open-assessment.ts'
export * from './queue.ts'
export * from './queue-page.ts'
export * from './find-case.ts'
export * from './list-case-ids.ts'
export * from './key-file.ts'
export * from './own-vault.ts'
export * from './root-words.ts'
export * from './log-in.ts'
export * from './set-up-desk.ts'
export * from './invitations.ts'
export * from './join-desk.ts'
export * from './applicants.ts'
export * from './admit.ts'
export { demandOwnHandle } from './look-alike.ts'
export * from './members.ts'
export * from './rotate-key.ts'
export * from './export-case.ts'
export * from './restored-desk.ts'
export * from './documents.ts'
export * from './release.ts'
export * from './verify-tree.ts'
