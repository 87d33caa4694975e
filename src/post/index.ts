export { type JobQueue, startJobQueue, type Task } from './job-queue.ts'
export { type OutboxKind, type OutboxRow, sweepOutbox } from './outbox.ts'
