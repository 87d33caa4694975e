import type { Api } from './api.ts'
import type { CaseView } from './case-view.ts'
import type { DeskView } from './desk-view.ts'

/*
 * For tests of one decision: as much of a desk and of a case as it looks at. What the test leaves out is
 * not there, and whoever asks for it fails. The only place where a part stands for the whole.
 */

interface Given {
  readonly query?: Readonly<Record<string, unknown>>
}

/** A server that answers as the test says. */
export function trialApi(call: (name: string, given: Given) => Promise<unknown>): Api {
  return { call } as unknown as Api
}

export function trialView(part: Partial<DeskView>): DeskView {
  return part as DeskView
}

type CasePart = Partial<Omit<CaseView, 'fold'>> & { readonly fold: Partial<CaseView['fold']> }

export function trialCase(part: CasePart): CaseView {
  return part as CaseView
}
