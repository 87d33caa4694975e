import type { z } from 'zod/mini'

/** Who may call: `anyone`; `member` or `reporter` with a session; `coordinator` by the newest directory. */
export type Caller = 'anyone' | 'member' | 'coordinator' | 'participant'

export type Endpoint = {
  readonly method: 'get' | 'post' | 'put'
  readonly path: string
  readonly summary: string
  readonly caller: Caller
  /** Only within five minutes of a login or a step-up of this session (R20). */
  readonly fresh?: true
  /** The answer's `session` goes into the cookie instead where the body asks for it; or the cookie ends. */
  readonly cookie?: 'begins' | 'ends'
  readonly params?: z.ZodMiniObject
  readonly query?: z.ZodMiniObject
  /** A JSON body, or `bytes` for one raw piece. */
  readonly body?: z.ZodMiniObject | 'bytes'
  readonly status: 200 | 201 | 204
  /** A JSON answer, `bytes`, or nothing with 204. */
  readonly answer?: z.ZodMiniObject | 'bytes'
}
