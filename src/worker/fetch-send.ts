import { ClientError, type Send } from '#client'
import { SECOND } from '#lexicon'

/** A piece of 1 MiB may take long on a bad line; a question may not. */
const PATIENCE = 60 * SECOND
const TOO_MANY = 429
const LONGEST_WAIT = 30

/**
 * Requests of a browser, to its own origin only. `credentials` says whether the session cookie goes with
 * them: a reporter's never does, for a member may be logged in beside. No cache keeps an answer (R08).
 */
export function fetchSend(
  credentials: 'same-origin' | 'omit',
  wait: (milliseconds: number) => Promise<void>,
): Send {
  const once = async ({ method, path, headers, body, signal }: Parameters<Send>[0]) => {
    try {
      return await fetch(path, {
        method,
        headers: withoutOrigin(headers),
        credentials,
        cache: 'no-store',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.any([
          AbortSignal.timeout(PATIENCE),
          ...(signal === undefined ? [] : [signal]),
        ]),
        ...(body !== undefined && { body }),
      })
    } catch (cause) {
      signal?.throwIfAborted()
      throw new ClientError('unreachable', 'The desk does not answer. Are you online?', { cause })
    }
  }
  return async (request) => {
    for (let left = 5; ; left--) {
      const answer = await once(request)
      const pause = Number(answer.headers.get('retry-after') ?? 1)
      if (answer.status !== TOO_MANY || pause > LONGEST_WAIT || left <= 1)
        return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) }
      await wait(pause * SECOND)
    }
  }
}

/** The browser says by itself where a request comes from; no page can say it. */
function withoutOrigin(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'origin'))
}
