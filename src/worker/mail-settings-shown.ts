/** The server's word, but for the key: that is what the coordinators signed. */
export type MailSettingsShown = {
  readonly addresses: readonly string[]
  readonly from: string
  readonly door?: { readonly host: string; readonly port: number } | undefined
  readonly pull?:
    | {
        readonly host: string
        readonly folder: string
        readonly findings: MailTestShown['findings']
      }
    | undefined
  readonly relay?:
    | {
        readonly host: string
        readonly port: number
        readonly tls: 'required' | 'opportunistic' | 'none'
        readonly login: boolean
      }
    | undefined
  readonly dkim: string
  readonly counts: {
    readonly waiting: number
    readonly sent: number
    readonly dead: number
    readonly expired: number
    readonly bounced: number
  }
  readonly mails: readonly WaitingMailShown[]
  readonly key: {
    readonly fingerprint: string
    readonly address: string
    readonly since: string
    readonly file: string
  }
}

/** A mail that was not sent. Nobody here knows to whom. */
export type WaitingMailShown = {
  readonly kind: string
  readonly case: string
  readonly state: string
  readonly at: string
  readonly tries: number
  readonly answer: string
  readonly next: string
}

export type MailTestShown = {
  readonly sent: boolean
  readonly findings: readonly {
    readonly level: 'good' | 'look' | 'bad'
    readonly what: string
    readonly todo: string
  }[]
}
