import * as z from 'zod/mini'
import type { Endpoint } from './endpoint.ts'
import { claiming, claimOffer, claimRow, claimState, hash, lookup, vaultDeposit } from './shapes.ts'

const caseParams = z.strictObject({ id: hash })
const link = z.strictObject({ state: claimState, number: z.string(), case: hash })

/** How somebody who wrote by mail comes to read their case. Part of the one table. */
export const CLAIM_ENDPOINTS = {
  checkClaim: {
    method: 'post',
    path: '/api/v1/claims/check',
    summary: 'Ask whether a claim link still waits; it stays unused',
    caller: 'anyone',
    body: z.strictObject({ lookup, auth: hash }),
    status: 200,
    answer: link,
  },
  claimCase: {
    method: 'post',
    path: '/api/v1/claims',
    summary: 'Claim a case with the code of a mail and fresh keys; a coordinator accepts',
    caller: 'anyone',
    body: z.strictObject({ lookup, auth: hash, claim: claiming, vault: vaultDeposit }),
    status: 200,
    answer: link,
  },
  listClaims: {
    method: 'get',
    path: '/api/v1/cases/{id}/claims',
    summary: 'The claim links of a case, and what was posted with them',
    caller: 'coordinator',
    params: caseParams,
    status: 200,
    answer: z.strictObject({ claims: z.array(claimRow) }),
  },
  offerClaim: {
    method: 'post',
    path: '/api/v1/cases/{id}/claims',
    summary: 'Keep what a claim link is checked by; the code in it stays with its maker',
    caller: 'coordinator',
    params: caseParams,
    body: claimOffer,
    status: 204,
  },
  refuseClaim: {
    method: 'post',
    path: '/api/v1/cases/{id}/claims/refuse',
    summary: 'Refuse a claim; the words of its author open nothing then',
    caller: 'coordinator',
    params: caseParams,
    body: z.strictObject({ lookup }),
    status: 204,
  },
} as const satisfies Record<string, Endpoint>
