import type {
  CaseState,
  DeliveryReport,
  HeldReason,
  KindOfMail,
  MAIL_WAYS,
  MailThread,
  ProjectState,
  Sort,
  Verdict,
} from '#lexicon'

/*
 * What a page gets to show: plain data, no key, no class, nothing of `client` or `seal`. A page that only
 * knows these types cannot hold a secret by mistake.
 */

/** How sure this machine is of a person's key (PROTOCOL 4.4). */
export type Trust = 'own' | 'compared' | 'vouched' | 'unknown' | 'changed' | 'reporter' | 'server'

export type PersonShown = {
  /** The person's key, hex; `""` for whoever has none. */
  readonly who: string
  readonly name: string
  readonly roles: readonly string[]
  readonly trust: Trust
}

/** What a stranger may know of a desk before reporting. */
export type DeskShown = {
  readonly id: string
  readonly name: string
  readonly domain: string
  /** How many coordinators can open a report today. */
  readonly coordinators: number
  /** Twelve words to compare with paper or another page. */
  readonly words: string
}

export type FactsShown = {
  readonly project: string
  readonly kind: string
  readonly name: string
  readonly contact: string
}

export type FileShown = { readonly name: string; readonly size: number; readonly type: string }

type Entry = {
  /** Statement id. */
  readonly id: string
  readonly seq: number
  readonly from: PersonShown
  /** The time to show (F9), UTC. */
  readonly at: string
}

/** `all` is the general thread, `desk` the team room, `p-<project>` a project's thread. */
export type ThreadName = 'all' | 'desk' | `p-${string}`

export type MessageShown = Entry & {
  readonly kind: 'message'
  readonly thread: ThreadName
  readonly title: string
  readonly text: string
  readonly facts: FactsShown | undefined
  readonly files: readonly FileShown[]
  /** `arrival`: readable on its way, sealed when it came in. */
  readonly kept: 'end-to-end' | 'arrival'
  /** Of what came by mail: its text is in the mail, which the page asks for. */
  readonly mail?: MailShown | undefined
}

/** What the letterbox saw of a mail, and what its head says. The head is its sender's, all of it a claim. */
export type MailShown = {
  readonly way: (typeof MAIL_WAYS)[number]
  /** How it found this case. */
  readonly thread: MailThread
  /** What wrote it, by its head. */
  readonly kind: KindOfMail
  /** Of a bounce: what it says of the mail that it gives back. */
  readonly returned: DeliveryReport | undefined
  /** Its From is not that of the first mail of this case. */
  readonly elsewhere: boolean
  /** The machine that brought it, as it called itself, and its address; empty where none did. */
  readonly client: { readonly helo: string; readonly ip: string; readonly tls: boolean }
  /** The sender of the envelope; `""` for none. */
  readonly envelope: string
  /** The addresses of the desk that it was for. */
  readonly to: readonly string[]
  readonly results: {
    readonly spf: DomainVerdict
    readonly dkim: readonly DomainVerdict[]
    readonly dmarc: DomainVerdict
    readonly arc: Verdict
  }
  readonly from: {
    /** Every From of the mail, as it was written. */
    readonly shown: string
    readonly address: string
    readonly doubts: readonly FromDoubt[]
    readonly confirmed: boolean
  }
  readonly subject: string
  readonly date: string
  /** Bytes, as it came. */
  readonly size: number
  /** The whole mail is one OpenPGP message. */
  readonly sealed: boolean
}

export type DomainVerdict = { readonly domain: string; readonly verdict: Verdict }

/** See `SenderDoubt` of the client. */
export type FromDoubt = 'none' | 'several' | 'unclear' | 'name-is-address' | 'other-domain'

/** A mail for the thread that reads mails. */
export type MailToRead = {
  /** What is to be read: the mail, or the one that was encrypted in it. */
  readonly content: Uint8Array<ArrayBuffer>
  readonly pgp: 'none' | 'opened' | 'closed'
  /** Why it stayed closed; else `""`. */
  readonly why: string
  readonly signed: boolean
  readonly subject: string
  /** What stands outside an encrypted mail otherwise than inside. */
  readonly differs: readonly {
    readonly name: string
    readonly outside: string
    readonly inside: string
  }[]
}

/** A message of this person's that is not opened yet; it comes with an `opened` event. */
export type SealedShown = Entry & { readonly kind: 'sealed'; readonly thread: ThreadName }

/** What opened the case was sealed to the desk (PROTOCOL 5.2), and this person holds no key of it. */
export type DeskOnlyShown = Entry & {
  readonly kind: 'desk-only'
  readonly thread: ThreadName
  /** Written before this reporter claimed the case: they were not given its key. */
  readonly earlier?: boolean
}

/** A body that failed a check: it is not shown, and this says why. */
export type BrokenShown = Entry & {
  readonly kind: 'broken'
  readonly check: string
  readonly message: string
}

/** A signed act without content. */
export type ActShown = Entry & { readonly kind: 'act'; readonly act: Act }

export type Act =
  | { readonly type: 'acknowledged' }
  | { readonly type: 'sorted'; readonly sort: Sort }
  | { readonly type: 'state'; readonly state: CaseState | ProjectState; readonly project: string }
  | { readonly type: 'taken'; readonly by: PersonShown | undefined }
  | { readonly type: 'titled' }
  | { readonly type: 'linked'; readonly other: string; readonly relation: string }
  | {
      readonly type: 'readers'
      readonly thread: ThreadName
      readonly epoch: number
      readonly readers: readonly PersonShown[]
    }
  | { readonly type: 'added'; readonly thread: ThreadName; readonly people: readonly PersonShown[] }
  | { readonly type: 'embargo'; readonly until: string }
  /** `words`: what a page says of it that knows more than the name of the statement. */
  | { readonly type: 'other'; readonly statement: string; readonly words?: string }

export type EntryShown = MessageShown | SealedShown | DeskOnlyShown | BrokenShown | ActShown

export type ThreadShown = {
  readonly thread: ThreadName
  readonly readers: readonly PersonShown[]
  /** May this person write here now? */
  readonly writable: boolean
}

/** A project that a case concerns, by the signed record. */
export type ProjectShown = {
  readonly project: string
  readonly state: ProjectState
  /** Places of the acts that brought the case there. */
  readonly routed: readonly number[]
  /** It was brought to those of its maintainers who are members. */
  readonly members: boolean
  /** Who said the state; `undefined` while nobody did. */
  readonly by: PersonShown | undefined
  /** May this person say how far it is? */
  readonly mine: boolean
}

export type CaseShown = {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly source: string
  readonly state: CaseState
  readonly sort: Sort | ''
  readonly taken: PersonShown | undefined
  readonly received: string
  /** The acknowledgement; `""` while there is none. */
  readonly acknowledged: string
  /** When the acknowledgement is due; `""` once given, or where none is owed. */
  readonly due: string
  /** Did the reporter get an answer that they can read? */
  readonly answered: boolean
  /** In the order of the chain. */
  readonly entries: readonly EntryShown[]
  readonly threads: readonly ThreadShown[]
  /** For members only, in the order in which they came. */
  readonly projects?: readonly ProjectShown[]
  /** Entries from this place on were not read by this person on this machine before. */
  readonly unseenFrom: number
  /** What the reporter wrote up to this place needs no answer, said this person; -1 for nothing. */
  readonly quiet: number
  /** Names what `entries` shows: the chain to its newest statement, and who is who. */
  readonly stand: string
}

/** Somebody who claims to have sent the mail, after every check but the comparison of key words. */
export type ClaimShown = {
  readonly lookup: string
  readonly keyWords: string
  /** Whose link it was: a coordinator's, or the receipt's (`server`). */
  readonly offeredBy: PersonShown
  /** When, by the desk. */
  readonly at: string
  /** Later tries with the same link. */
  readonly attempts: number
  /** `reporter`: accepted, and reads. `before`: was, until another was accepted. */
  readonly state: 'waiting' | 'reporter' | 'before' | 'refused'
}

export type ClaimsShown = {
  readonly claims: readonly ClaimShown[]
  /** Links that nobody who may made, and claims without their code. */
  readonly forged: number
  /** Sealed under a desk key that this person was not given. */
  readonly closed: number
  /** Links that nobody used yet. */
  readonly unused: number
  /** Links, and claims by them, whose maker was coordinator or server and is not now: never accepted. */
  readonly left: number
  /** The claims among them, which can be refused. */
  readonly over: readonly ClaimShown[]
  /** Keys of General from before the claim, which the reporter was not given. */
  readonly earlier: number
}

export type Lane = 'all' | 'new' | 'mine' | 'waiting' | 'closed' | 'held'

/** A row before its chain was folded: the title is checked, everything in `hints` is the server's word. */
export type RowShown = {
  readonly id: string
  readonly number: string
  /** `""` while no coordinator's machine opened it yet. */
  readonly title: string
  /** What the reporter said it is, where the report was opened here; `""` where it was not. */
  readonly kind: string
  readonly hints: {
    readonly source: string
    readonly received: string
    readonly due: string
    readonly state: string
    readonly sort: string
    readonly taken: PersonShown | undefined
    readonly acknowledged: boolean
    /** Why it is held; `""` for most. */
    readonly held: HeldReason
    /** Messages of others that this person has not read; 10 for that many or more. */
    readonly unseen: number
    /** The reporter spoke last, and nobody said that no answer is needed. */
    readonly asks: boolean
    /** Somebody claims it as the sender of its mail. */
    readonly claimed?: boolean | undefined
  }
}

export type LaneCounts = Readonly<Record<Lane, number>>

export type ReceiptShown = {
  readonly number: string
  readonly received: string
  /** By when a person of the desk answers. */
  readonly acknowledgeBy: string
  readonly words: string
  /** The id of the report's statement, hex. */
  readonly statement: string
  readonly deskName: string
  /** The signed receipt as a text to keep. */
  readonly proof: string
}

export type MeShown = {
  readonly who: string
  readonly handle: string
  readonly roles: readonly string[]
  readonly coordinator: boolean
  /** The desk's root words were given here, until the desk is locked. */
  readonly root: boolean
  readonly keyWords: string
  readonly desk: DeskShown
  /** Active coordinators who can open the desk key. */
  readonly coordinators: number
}

export type MemberShown = PersonShown & {
  readonly active: boolean
  readonly since: string
  readonly met: 'words' | 'seen' | 'none'
  readonly admittedBy: string
  readonly keyWords: string
}

/** A statement about people that waits for a second person. */
export type PendingShown = {
  readonly id: string
  readonly type: string
  readonly by: PersonShown
  readonly at: string
  /** Whom it is about. */
  readonly about: string
  readonly roles: readonly string[]
  /** Of whom an admission is about, for the second person to compare too; `""` otherwise. */
  readonly keyWords: string
  readonly met: 'words' | 'seen' | 'none' | ''
  /** May this person be the second? */
  readonly mine: boolean
}

export type ApplicantShown = {
  readonly invite: string
  readonly who: string
  readonly handle: string
  readonly roles: readonly string[]
  /** For whom the inviter said that it is, or `""`. */
  readonly note: string
  readonly keyWords: string
}

export type InvitationShown =
  | {
      readonly state: 'open' | 'answered'
      readonly lookup: string
      readonly roles: readonly string[]
      /** For whom, as the inviter noted it for the coordinators; `""`: not said. */
      readonly note: string
      readonly by: PersonShown
      readonly expires: string
    }
  /** `forged`: no coordinator of now signed it. `closed`: this person was not given the key that it is sealed to. */
  | { readonly state: 'forged' | 'closed'; readonly lookup: string }

/** A case whose threads kept their old key after somebody left, and why. */
export type StaleCase = { readonly number: string; readonly why: string }

/** What an act about people came to. */
export type Outcome = {
  readonly waits: boolean
  /** The desk's root signed it. */
  readonly byRoot: boolean
  readonly stale: readonly StaleCase[]
}

export type PeopleShown = {
  readonly members: readonly MemberShown[]
  readonly pending: readonly PendingShown[]
  readonly applicants: readonly ApplicantShown[]
  /** Invitations that no coordinator signed, and answers that were not made with their code: somebody tried. */
  readonly forged: number
  readonly invitations: readonly InvitationShown[]
  readonly recoveries: readonly {
    readonly who: PersonShown
    readonly asked: string
    readonly released: boolean
  }[]
}

export type FoundShown = {
  readonly hits: readonly {
    readonly id: string
    readonly number: string
    readonly title: string
    /** The entry that holds the words; -1 for the title. */
    readonly seq: number
    readonly excerpt: string
  }[]
  /** Cases whose messages were looked through. */
  readonly searched: number
  /** Cases of which only the title was. */
  readonly onlyTitles: number
}
