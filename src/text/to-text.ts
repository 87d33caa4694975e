import type { MailRead } from './mail.ts'
import type { Tree } from './tree.ts'

/** What may be asked of the thread that reads strangers' texts: a text, a mail, or an attachment of a mail. */
export type ToText =
  | { readonly text: string }
  | { readonly mail: Uint8Array<ArrayBuffer> }
  | { readonly mail: Uint8Array<ArrayBuffer>; readonly attachment: number }

/** `ready` once, at the beginning. `null`: the text is shown as it was typed; there is no such attachment. */
export type FromText =
  | { readonly ready: true }
  | { readonly tree: Tree | null }
  | { readonly mail: MailRead }
  | { readonly attachment: Uint8Array<ArrayBuffer> | null }
