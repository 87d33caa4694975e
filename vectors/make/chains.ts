import { timeOf } from '#lexicon'
import { canonicalText, type Json, type Signer, type Statement, statementId } from '#seal'
import { bytesOfHex } from '#lexicon'
import { standIn } from './actors.ts'

/** Fields of a head, well formed or not: vectors also say what must be refused. */
export type Fields = { readonly [name: string]: Json }

/** A chain as a value: every step makes a new one, so that a vector can branch off anywhere. */
export type Chain = {
  readonly desk: string
  readonly id: string
  readonly dir: string
  readonly begins: number
  readonly statements: readonly Statement[]
}

/** A case together with the desk chain that it is judged by. */
export type Case = { readonly desk: Chain; readonly chain: Chain }

const MINUTE = 60_000
export const DESK_BEGINS = Date.UTC(2026, 10, 21, 8, 0, 0)
export const CASE_BEGINS = Date.UTC(2026, 10, 21, 12, 0, 0)

export const NO_DESK: Chain = { desk: '', id: '', dir: '', begins: DESK_BEGINS, statements: [] }

/** The chain with one statement more. `over` replaces common fields too; nothing is checked here. */
export async function add(
  chain: Chain,
  by: { readonly who: string; readonly signer: Signer },
  type: string,
  fields: Fields = {},
): Promise<Chain> {
  const head = headAfter(chain, by, type, fields)
  const statement = await signText(by.signer, canonicalText(head))
  const id = statementId(statement.head)
  return {
    ...chain,
    desk: chain.desk === '' ? id : chain.desk,
    id: chain.id === '' ? id : chain.id,
    statements: [...chain.statements, statement],
  }
}

export function headAfter(
  chain: Chain,
  by: { readonly who: string },
  type: string,
  fields: Fields = {},
): Fields {
  const seq = chain.statements.length
  return {
    v: 1,
    type,
    desk: chain.desk,
    chain: chain.id,
    seq,
    prev: lastId(chain),
    by: by.who,
    at: timeOf(chain.begins + seq * MINUTE),
    dir: chain.dir,
    log: '',
    ...fields,
  }
}

export async function signText(signer: Signer, head: string): Promise<Statement> {
  return { head, sig: await signer.sign(bytesOfHex(statementId(head))) }
}

export function lastId(chain: Chain): string {
  const last = chain.statements.at(-1)
  return last === undefined ? '' : statementId(last.head)
}

export function newCase(desk: Chain): Case {
  return {
    desk,
    chain: {
      desk: desk.id,
      id: '',
      dir: lastId(desk),
      begins: CASE_BEGINS,
      statements: [],
    },
  }
}

export async function addToCase(
  within: Case,
  by: { readonly who: string; readonly signer: Signer },
  type: string,
  fields: Fields = {},
): Promise<Case> {
  return { ...within, chain: await add(within.chain, by, type, fields) }
}

/** From here on the case is judged by a longer desk chain; new statements name its end. */
export function seeing(within: Case, desk: Chain): Case {
  return { desk, chain: { ...within.chain, dir: lastId(desk) } }
}

/** The same, but all after the first name the next epoch. */
export function mixedWraps(what: string, epoch: number, readers: readonly string[]): Json {
  return readers.map((to, i) => {
    const own = i === 0 ? epoch : epoch + 1
    return { blob: standIn(`wrap ${what}/${own} to ${to}`), epoch: own, to }
  })
}

/** Wraps whose blobs are stand-ins: the fold sees only their hashes. */
export function wrapsTo(what: string, epoch: number, readers: readonly string[]): Json {
  return readers.map((to) => ({ blob: standIn(`wrap ${what}/${epoch} to ${to}`), epoch, to }))
}
