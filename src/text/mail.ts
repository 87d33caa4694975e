/*
 * A mail as plain data. Its text is text: no HTML comes out of here, and nothing that would be loaded. What is
 * encrypted or signed within a mail is not opened or checked here; there is no key in this thread.
 */
export type MailRead = {
  readonly text: string
  /**
   * `html`: there was only HTML, and this is what is left without its tags. `raw`: it could not be read as a
   * mail, and this is its beginning as it came.
   */
  readonly of: 'plain' | 'html' | 'raw'
  /** There is more than a page shows: saving the mail gives the whole. */
  readonly cut: boolean
  /** Blocks of the text that are encrypted by themselves stand among them: nothing opens them with the rest (K15). */
  readonly attachments: readonly AttachmentRead[]
}

/** Name and type are claims: it is saved, never shown. */
export type AttachmentRead = {
  readonly name: string
  readonly type: string
  readonly size: number
  /** An OpenPGP message by itself. */
  readonly encrypted: boolean
}
