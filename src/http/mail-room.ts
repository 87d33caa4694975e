import type { AnswerOf } from '#contract'

/** What the front door knows of the desk's mail: the server wires it, for settings and relay are its own. */
export type MailRoom = {
  /** The desk's own addresses, in lower case. */
  readonly addresses: readonly string[]
  /** Does mail for them come in here? */
  readonly taken: boolean
  readonly read: () => Promise<AnswerOf<'readMailSettings'>>
  /** Sends one mail now. */
  readonly test: (to: string) => Promise<AnswerOf<'testMail'>>
}
