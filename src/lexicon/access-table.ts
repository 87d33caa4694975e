/** Who stands before the server. A `reporter` is the one of the case in question; so is a `member` not on it. */
export const VISITORS = [
  'anybody',
  'reporter',
  'other-reporter',
  'member',
  'former',
  'coordinator',
] as const
export type Visitor = (typeof VISITORS)[number]

export type AccessRow = {
  /** In words, for everybody. */
  readonly does: string
  /** The routes of the API by which it is done: names of the contract’s table. */
  readonly routes: readonly string[]
  readonly may: readonly Visitor[]
}

const MEMBERS: readonly Visitor[] = ['member', 'coordinator']
const COORDINATORS: readonly Visitor[] = ['coordinator']
const WITHIN: readonly Visitor[] = ['reporter', 'coordinator']

/**
 * Who may do what. One table: the public page shows it, and the access matrix test (R23) asks the server every
 * route of it as every visitor. A function, so that scripts for browsers leave it out.
 */
export function accessTable(): readonly AccessRow[] {
  return [
    {
      does: 'See whose desk this is, who belongs to it, and the proofs that its record only grows',
      routes: ['readDesk', 'readDeskChain', 'readCheckpoint', 'proveConsistency', 'proveInclusion'],
      may: VISITORS,
    },
    {
      does: 'Send a sealed report, and come back to it with its twelve words',
      routes: ['openUpload', 'readUpload', 'putPiece', 'fileReport', 'follow'],
      may: VISITORS,
    },
    {
      does: 'Claim a case that they reported by mail, with the link of the receipt',
      routes: ['checkClaim', 'claimCase'],
      may: VISITORS,
    },
    {
      does: 'Knock: with a set-up link, an invitation, a key, a passkey or recovery words',
      routes: [
        'setUp',
        'checkInvitation',
        'join',
        'askChallenge',
        'logIn',
        'logInByPasskey',
        'askRecovery',
      ],
      may: VISITORS,
    },
    {
      does: 'Read and write in the case',
      routes: ['readCaseChain', 'appendToCase', 'readBlob', 'readBodies', 'readFile', 'readPiece'],
      may: WITHIN,
    },
    {
      does: 'End their own session',
      routes: ['logOut'],
      may: ['reporter', 'other-reporter', ...MEMBERS],
    },
    {
      does: 'List the cases that they take part in',
      routes: ['countCases', 'listCases'],
      may: MEMBERS,
    },
    {
      does: 'Sign into the record of the desk what their role allows',
      routes: ['appendToDesk'],
      may: MEMBERS,
    },
    {
      does: 'Look after their own keys, sessions and address',
      routes: [
        'stepUp',
        'withdrawRecovery',
        'noteAddress',
        'readSelf',
        'putVault',
        'addPasskey',
        'removePasskey',
        'endSession',
      ],
      may: MEMBERS,
    },
    { does: 'Get the keys by which new reports open', routes: ['readDeskWrap'], may: COORDINATORS },
    { does: 'Export the case, which the record notes', routes: ['noteExport'], may: COORDINATORS },
    {
      does: 'Accept or refuse who claims the case',
      routes: ['listClaims', 'offerClaim', 'refuseClaim'],
      may: COORDINATORS,
    },
    {
      does: 'Let a mail that was held become a case',
      routes: ['freeCases'],
      may: COORDINATORS,
    },
    {
      does: 'Read what was released',
      routes: ['readDocument'],
      may: VISITORS,
    },
    {
      does: 'Prepare what shall be released',
      routes: ['putDocuments', 'listLacking', 'listDrafts', 'putDraft'],
      may: COORDINATORS,
    },
    {
      does: 'Invite somebody',
      routes: ['invite', 'listInvitations', 'withdrawInvitation'],
      may: COORDINATORS,
    },
    {
      does: 'Give a member who lost every passkey their own vault back',
      routes: ['listRecoveries', 'releaseRecovery'],
      may: COORDINATORS,
    },
    {
      does: 'See how mail goes, and look up the key of an address',
      routes: ['readDeliveries', 'lookUpKey', 'readMailSettings', 'testMail'],
      may: COORDINATORS,
    },
  ]
}

export function mayVisit(route: string, visitor: Visitor): boolean {
  return accessTable().some(({ routes, may }) => routes.includes(route) && may.includes(visitor))
}
