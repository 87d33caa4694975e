import type { Bytes } from '#lexicon'
import { deriveBeforeDesk } from '#seal'

/** What comes of post.key, which lies beside the database and in no backup of it. */
export type PostKeys = {
  /** Seals what waits to be sent. */
  readonly waiting: Bytes
  /** Of whom we answered by ourselves we keep a hash under this key: not who it was, only whether it was the same. */
  readonly answered: Bytes
}

export function postKeysOf(secret: Bytes): PostKeys {
  return {
    waiting: deriveBeforeDesk(secret, 'waiting mail'),
    answered: deriveBeforeDesk(secret, 'answered senders'),
  }
}
