/** What leaves by mail with a message of a case, as the wire has it. */
export type MailOrder =
  | {
      readonly kind: 'answer'
      readonly to: string
      readonly date: string
      readonly answers: string
      readonly armored: string
    }
  | {
      readonly kind: 'plain'
      readonly to: string
      readonly subject: string
      readonly text: string
      readonly answers: string
    }
  | {
      readonly kind: 'notice'
      readonly to: string
      readonly answers: string
      /** Of a claim link, hex. */
      readonly claim?: { readonly code: string } | undefined
    }
