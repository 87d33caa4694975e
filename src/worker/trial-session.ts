import { type Api, type Desk, withAhead } from '#client'
import type { Entered, MemberSession } from './member-session.ts'
import type { WorkerEvent } from './operations.ts'

/**
 * For tests: a member at a page, whose desk and vault are real. The handlers of the worker get this session,
 * without the thread around them and without a shelf.
 */
export function trialSession(
  { view, self }: Desk,
  vault: Entered['vault'],
  say: (event: WorkerEvent) => void = () => undefined,
) {
  const cases: Entered['cases'] = new Map()
  const none = { titles: new Map(), mailTexts: new Map(), ends: new Map() }
  let api = withAhead(view.api)
  const entered: Entered = { view: { ...view, api }, self, vault, shelf: NO_SHELF, cases, ...none }
  const session: MemberSession = {
    deps: { say, clock: Date.now, wait: async () => undefined, send: notAsked },
    pin: () => ({ desk: view.id, origin: api.origin }),
    begin: () => undefined,
    api: () => api,
    open: () => entered,
    watched: () => undefined,
    enter: notAsked,
    forget: () => undefined,
    evidence: () => [],
  }
  return { session, carryCookieOf: (other: Api) => (api = withAhead(other)) }
}

const NO_SHELF: Entered['shelf'] = {
  read: async () => undefined,
  write: async () => undefined,
  remove: async () => undefined,
  secretName: (kind) => kind,
  alone: (_, work) => work(),
}

function notAsked(): never {
  throw new Error('not part of this test')
}
