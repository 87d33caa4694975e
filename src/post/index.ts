export { type JobQueue, startJobQueue, type Task } from './job-queue.ts'
export { type OutboxKind, type OutboxRow, sweepOutbox } from './outbox.ts'
export { sweepNotices, tellMembers, type TellDeps } from './tell-members.ts'
export { type PostKeys, postKeysOf } from './post-keys.ts'
export { type OutgoingMail, type QueueDeps, queueMail } from './queue-mail.ts'
export { type Answers, queueAnswers } from './queue-answers.ts'
export { deliveriesOf } from './deliveries-of.ts'
export { lookUpKey, USUAL_LOOK_UP } from './look-up-key.ts'
export {
  queueReceipt,
  receiptQuestions,
  type ReceiptDeps,
  type TakenMail,
} from './queue-receipt.ts'
export { openReceiptPace, type ReceiptPace } from './receipt-pace.ts'
export { findThread, type FoundThread } from './find-thread.ts'
export { markBounced } from './mark-bounced.ts'
export { type MailQueue, type QueuedMail, readMailQueue } from './read-mail-queue.ts'
export { type Attempt, openRelay, type Relay, type RelaySettings } from './relay.ts'
export { sendWaiting, type Sent } from './send-waiting.ts'
export { sweepMail } from './sweep-mail.ts'
export { replyAddress, type ThreadKey } from './thread-address.ts'
export { writeTestMail } from './write-test-mail.ts'
