import type { CaseState, NoticeWish, Sort } from '#lexicon'
import type { DeliveriesShown, MailPlanShown, MailWish } from './mail-plan-shown.ts'
import type { MailSettingsShown, MailTestShown } from './mail-settings-shown.ts'
import type { OwnWays } from './own-ways-shown.ts'
import type { OpenedReleaseShown, ReleasesShown } from './releases-shown.ts'
import type { ProjectOperations } from './project-operations.ts'
import type {
  CaseShown,
  ClaimsShown,
  DeskShown,
  EntryShown,
  FoundShown,
  Lane,
  LaneCounts,
  MailToRead,
  MeShown,
  Outcome,
  PeopleShown,
  ReceiptShown,
  RowShown,
  ThreadName,
} from './shown.ts'

/*
 * Everything that a page may ask of the worker. Arguments and answers are plain data. What opens
 * anything stays on the other side of this list.
 */

/** From the `<meta>` of the page: the pin (PROTOCOL 0), and where the desk is. */
export type Pin = { readonly desk: string; readonly origin: string }

/** An assertion or registration as the contract wants it, made in the page. */
export type Asserted = {
  readonly id: string
  readonly client_data: string
  readonly authenticator_data: string
  readonly signature: string
}
export type Registered = {
  readonly id: string
  readonly client_data: string
  readonly attestation: string
  readonly transports: string[]
}
/** What the authenticator's PRF gave; `undefined` where it has none. It goes to the worker and nowhere else. */
export type Prf = ArrayBuffer | undefined

type Ask<A, R> = { readonly ask: A; readonly answer: R }
type None = Readonly<Record<string, never>>
export type Left = { readonly told: boolean }

/** Without an account: to report and to follow. */
export type ReporterOperations = {
  openDesk: Ask<Pin, DeskShown>
  /** Begins to seal and send a file at once; `progress` events carry the id. */
  attach: Ask<{ readonly id: string; readonly file: File }, None>
  removeAttachment: Ask<{ readonly id: string }, None>
  fileReport: Ask<
    {
      readonly text: string
      readonly project: string
      readonly kind: string
      readonly name: string
      readonly contact: string
    },
    ReceiptShown
  >
  follow: Ask<{ readonly words: string }, CaseShown>
  refresh: Ask<None, CaseShown>
  reply: Ask<{ readonly text: string; readonly files: readonly File[] }, CaseShown>
  /** The file whole and checked to its end; the page offers it for saving and never shows it. */
  readFollowedFile: Ask<{ readonly entry: string; readonly n: number }, Blob>
  /** The signed texts that prove when the report came in. */
  proof: Ask<None, { readonly name: string; readonly text: string }>
  leave: Ask<None, None>
}

/** Where a claim link stands: `taken` is this claim itself. */
export type LinkState = 'open' | 'taken' | 'used' | 'expired' | 'over'

/** With a link out of a mail: to claim the case that the mail became. */
export type ClaimOperations = {
  openDesk: Ask<Pin, DeskShown>
  /** `fragment` is what stood behind `#`. The number is the desk's word. */
  checkClaim: Ask<
    { readonly fragment: string },
    { readonly state: LinkState; readonly number: string }
  >
  /** Keys and words of this person; nothing is sent. */
  makeClaim: Ask<None, { readonly words: string; readonly keyWords: string }>
  sendClaim: Ask<None, { readonly state: LinkState }>
  leave: Ask<None, None>
}

/** The people after an act, and what it came to. */
export type ActDone = Outcome & { readonly people: PeopleShown }

/** Where a member stands after touching a passkey. */
export type Unlocked =
  | { readonly state: 'open'; readonly me: MeShown }
  /** This authenticator has no PRF: the recovery words open the vault. */
  | { readonly state: 'needs-words' }

export type MemberOperations = ProjectOperations & {
  /** Opens nothing: says whether there is a desk, and what the operator named it. */
  begin: Ask<
    Pin,
    {
      readonly state: 'not-set-up' | 'open' | 'restored'
      readonly name: string
      readonly domain: string
    }
  >
  /** 32 bytes to sign, hex. */
  challenge: Ask<None, { readonly nonce: string }>

  makeDesk: Ask<
    { readonly name: string; readonly domain: string; readonly handle: string },
    {
      readonly rootWords: string
      readonly recoveryWords: string
      readonly keyWords: string
      /** Names the person in the passkey, hex. */
      readonly who: string
    }
  >
  openNewDesk: Ask<
    {
      readonly secret: string
      readonly registration: Registered
      readonly prf: Prf
      readonly label: string
    },
    MeShown
  >

  openInvitation: Ask<
    { readonly words: string },
    {
      readonly desk: DeskShown
      readonly recoveryWords: string
      readonly keyWords: string
      readonly who: string
    }
  >
  /** Refuses a handle that reads like another's, before a passkey is made. */
  checkHandle: Ask<{ readonly handle: string }, None>
  answerInvitation: Ask<
    {
      readonly handle: string
      readonly registration: Registered
      readonly prf: Prf
      readonly label: string
    },
    None
  >

  unlock: Ask<{ readonly assertion: Asserted; readonly prf: Prf }, Unlocked>
  unlockWithWords: Ask<{ readonly words: string }, MeShown>
  unlockWithKeyFile: Ask<{ readonly text: string; readonly passphrase: string }, MeShown>
  /** `opens` says when, where nobody else can release it. */
  askRecovery: Ask<
    { readonly words: string },
    { readonly me: MeShown | undefined; readonly opens: string }
  >
  stepUp: Ask<{ readonly assertion: Asserted }, None>
  /** Forgets every key and text in memory; the session at the desk ends. `told`: the desk heard of it. */
  lock: Ask<None, Left>
  /** The same, and everything on this machine but the sealed high-water marks goes. */
  logOut: Ask<None, Left>
  /** The thread before this one ended before the desk could be told that its session ended. */
  tellLeft: Ask<None, None>

  /** The desk's root from its paper, until the desk is locked. */
  takeRoot: Ask<{ readonly words: string }, MeShown>
  readSelf: Ask<None, OwnWays>
  addPasskey: Ask<
    { readonly registration: Registered; readonly prf: Prf; readonly label: string },
    OwnWays
  >
  removePasskey: Ask<{ readonly id: string }, OwnWays>
  /** Fresh words, which count only after `keepRecovery`. */
  newRecovery: Ask<None, { readonly words: string }>
  keepRecovery: Ask<None, OwnWays>
  /** It was not this person who asked for their keys, or they need it no more. */
  withdrawRecovery: Ask<None, OwnWays>
  endSession: Ask<{ readonly id: string }, OwnWays>
  setAddress: Ask<{ readonly address: string; readonly notices: NoticeWish }, OwnWays>
  makeKeyFile: Ask<
    { readonly passphrase: string },
    { readonly name: string; readonly text: string }
  >

  readMailSettings: Ask<None, MailSettingsShown>
  /** Sends one mail now; the desk asks for a touch. */
  testMail: Ask<{ readonly to: string }, MailTestShown>

  listReleases: Ask<None, ReleasesShown>
  /** The bytes that the release names, checked by their hash. */
  openRelease: Ask<{ readonly id: string }, OpenedReleaseShown>
  /** `sha256` of what the person was shown. */
  approveRelease: Ask<{ readonly id: string; readonly sha256: string }, ReleasesShown>
  withdrawRelease: Ask<{ readonly id: string }, ReleasesShown>

  /** Reads the desk against what this machine remembers: another tab was stopped by an alarm. */
  recheck: Ask<None, None>
  countLanes: Ask<None, LaneCounts>
  /** Takes them out of the lane of held mail. */
  freeCases: Ask<{ readonly ids: readonly string[] }, { readonly freed: number }>
  queuePage: Ask<
    { readonly lane: Lane; readonly sort: Sort | ''; readonly after: string },
    { readonly rows: readonly RowShown[]; readonly next: string }
  >

  /**
   * `stand` is that of the case as the page has it, or `""`. Where it still is the same, the answer says so
   * and holds no entries.
   */
  openCase: Ask<
    { readonly id: string; readonly stand: string },
    { readonly same: boolean; readonly shown: CaseShown }
  >
  /** The page showed the case as far as `read`; up to `quiet` nobody needs an answer. Neither is ever lowered. */
  keepPlace: Ask<{ readonly id: string; readonly read: number; readonly quiet: number }, None>
  send: Ask<
    {
      readonly id: string
      readonly thread: ThreadName
      readonly text: string
      readonly files: readonly File[]
      /** The keys of those who were shown as its readers; nobody else gets it (PROTOCOL 6). */
      readonly readers: readonly string[]
      /** Closes the case in the same batch. */
      readonly close: boolean
      /** Leaves by mail as well, in the general thread. */
      readonly mail?: MailWish | undefined
    },
    CaseShown
  >
  /** How an answer leaves by mail, and what became of those that left. For coordinators. */
  planMail: Ask<
    {
      readonly id: string
      /** Asks the domain of the reporter for their key, where no mail holds one: it learns that somebody looked. */
      readonly look: boolean
    },
    MailPlanShown
  >
  /** The same mails again, and no mail is opened for it. */
  lookAtDeliveries: Ask<{ readonly id: string }, DeliveriesShown>
  /** Which key holds after another one came; `hash` names the one that the page showed as new. */
  settleKey: Ask<
    { readonly id: string; readonly hash: string; readonly which: 'new' | 'old' },
    CaseShown
  >
  acknowledge: Ask<{ readonly id: string }, CaseShown>
  /** `""` gives it back. */
  take: Ask<{ readonly id: string; readonly who: string }, CaseShown>
  sort: Ask<{ readonly id: string; readonly sort: Sort }, CaseShown>
  setState: Ask<{ readonly id: string; readonly state: CaseState }, CaseShown>
  close: Ask<{ readonly id: string; readonly reason: string }, CaseShown>
  /** Sorts as not security and closes, with a reason that the desk alone reads. */
  bin: Ask<{ readonly id: string; readonly reason: string }, CaseShown>
  retitle: Ask<{ readonly id: string; readonly title: string }, CaseShown>
  /** `other` is a case number or id. */
  link: Ask<{ readonly id: string; readonly other: string; readonly relation: string }, CaseShown>
  addReader: Ask<
    { readonly id: string; readonly thread: ThreadName; readonly who: string },
    CaseShown
  >
  removeReader: Ask<{ readonly id: string; readonly who: string }, CaseShown>
  assess: Ask<{ readonly title: string; readonly text: string }, CaseShown>
  readFile: Ask<{ readonly id: string; readonly entry: string; readonly n: number }, Blob>
  /** Who claims a case that came by mail, as this machine checked it. Coordinators only. */
  listClaims: Ask<{ readonly id: string }, ClaimsShown>
  /** A link for whoever sent the mail of this case, to hand over by another way; shown once. */
  offerClaim: Ask<{ readonly id: string }, { readonly link: string; readonly expires: string }>
  /** What the person saw: another key under this link since is refused (N20). */
  acceptClaim: Ask<
    { readonly id: string; readonly lookup: string; readonly keyWords: string },
    CaseShown
  >
  refuseClaim: Ask<{ readonly id: string; readonly lookup: string }, ClaimsShown>
  /** The reporter reads what was written before their claim, after their words were compared. */
  grantEarlier: Ask<{ readonly id: string; readonly keyWords: string }, CaseShown>
  /** A mail of an opened case, opened with the mail key where it is one OpenPGP message. */
  readMail: Ask<{ readonly id: string; readonly entry: string }, MailToRead>
  /** Byte for byte as it came, for saving. */
  readRawMail: Ask<{ readonly id: string; readonly entry: string }, Blob>
  /** A part of a mail that is an OpenPGP message by itself, opened by itself and for saving (K15). */
  openApart: Ask<{ readonly bytes: Uint8Array<ArrayBuffer> }, Blob>
  /** What the page read in a mail, so that a search finds it. It is forgotten with the keys. */
  noteMailText: Ask<{ readonly entry: string; readonly text: string }, None>
  /** The signed texts that prove when it came in and when it was acknowledged (PROTOCOL 5.4). */
  proveCase: Ask<{ readonly id: string }, { readonly name: string; readonly text: string }>
  /** One archive of sealed texts, and the key that opens it, which is shown once. */
  exportCase: Ask<
    { readonly id: string },
    { readonly name: string; readonly archive: Blob; readonly secretKey: string }
  >
  search: Ask<{ readonly text: string }, FoundShown>
  /** Kept sealed on this machine until it is sent or the person logs out. `""` forgets it. */
  keepDraft: Ask<{ readonly place: string; readonly text: string }, None>
  readDraft: Ask<{ readonly place: string }, { readonly text: string }>

  listPeople: Ask<None, PeopleShown>
  /** `link` holds the code behind `#`. */
  invite: Ask<
    { readonly roles: readonly string[]; readonly note: string },
    { readonly link: string; readonly words: string; readonly expires: string }
  >
  showInvitation: Ask<
    { readonly lookup: string },
    { readonly link: string; readonly words: string; readonly expires: string }
  >
  /** A new code with the same roles and note; the old one ends. */
  renewInvitation: Ask<
    { readonly lookup: string },
    { readonly link: string; readonly words: string; readonly expires: string }
  >
  withdrawInvitation: Ask<{ readonly lookup: string }, PeopleShown>
  /** What the person saw and compared: another key, or other roles since, are refused (K1, N25). */
  admit: Ask<
    {
      readonly invite: string
      readonly who: string
      readonly keyWords: string
      readonly roles: readonly string[]
      readonly met: 'words' | 'seen' | 'none'
    },
    ActDone
  >
  approve: Ask<{ readonly id: string }, ActDone>
  revoke: Ask<{ readonly who: string }, ActDone>
  changeRoles: Ask<{ readonly who: string; readonly roles: readonly string[] }, ActDone>
  noteCompared: Ask<{ readonly who: string; readonly how: 'words' | 'seen' }, PeopleShown>
  releaseRecovery: Ask<{ readonly who: string }, PeopleShown>
}

export type Operations = ReporterOperations & ClaimOperations & MemberOperations
export type AskOf<O, N extends keyof O> = O[N] extends Ask<infer A, unknown> ? A : never
export type AnswerTo<O, N extends keyof O> = O[N] extends Ask<infer _, infer R> ? R : never

/** What the worker says without being asked. */
export type WorkerEvent =
  | {
      readonly event: 'progress'
      readonly id: string
      readonly done: number
      readonly total: number
    }
  /** An attachment that was begun by `attach` failed, or is there. */
  | { readonly event: 'attached'; readonly id: string; readonly failure: Failure | undefined }
  | { readonly event: 'opened'; readonly id: string; readonly entries: readonly EntryShown[] }
  /** The ledger grew: what is shown may be old. */
  | { readonly event: 'changed' }
  | { readonly event: 'online'; readonly online: boolean }
  /** Whoever asked: nothing goes on in this desk any more. */
  | { readonly event: 'alarm'; readonly failure: Failure }
  | { readonly event: 'locked'; readonly why: 'idle' | 'asked' | 'ended' | 'left' | 'other-tab' }

/**
 * Why something was not done. `alarm`: the server showed another or an older past (H1, H3, pin), and
 * everything stops. `refused`: a check failed. `bug`: unforeseen.
 */
export type FailureCode =
  | 'alarm'
  | 'refused'
  | 'unreachable'
  | 'unavailable'
  | 'not-found'
  | 'not-fresh'
  | 'locked'
  | 'code'
  | 'problem'
  | 'bug'

export type Failure = {
  readonly code: FailureCode
  /** One sentence for the person. */
  readonly message: string
  /** The check of PROTOCOL 3 that failed, with `alarm` and `refused`; else `""`. */
  readonly check: string
  /** With `alarm`: the two texts that contradict each other, to save and show to others. */
  readonly evidence: readonly { readonly name: string; readonly text: string }[]
}

export type ToWorker = { readonly id: number; readonly op: string; readonly ask: unknown }
export type FromWorker =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly event: WorkerEvent }
