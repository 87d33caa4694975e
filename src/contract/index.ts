import type { z } from 'zod/mini'
import type * as shapes from './shapes.ts'

export type * from './endpoint.ts'
export * from './endpoints.ts'
export * from './problems.ts'
export type { Delivery } from './answer-endpoints.ts'
export type { MailOrder } from './mail-orders.ts'
export * from './bodies-page.ts'

export type NewStatement = z.infer<typeof shapes.newStatement>
export type ChainPage = z.infer<typeof shapes.chainPage>
export type CaseRow = z.infer<typeof shapes.caseRow>
export type Joining = z.infer<typeof shapes.joining>
export type Invitation = z.infer<typeof shapes.invitation>
export type VaultDeposit = z.infer<typeof shapes.vaultDeposit>
export type DeskFacts = z.infer<typeof shapes.deskFacts>
export type Enrolment = z.infer<typeof shapes.enrolment>
export type ClaimState = z.infer<typeof shapes.claimState>
export type ClaimRow = z.infer<typeof shapes.claimRow>
export type ClaimPosted = {
  readonly claim: z.infer<typeof shapes.claiming>
  readonly vault: VaultDeposit
}
