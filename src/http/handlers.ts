import {
  type AnswerOf,
  type EndpointName,
  type Endpoints,
  type RequestOf,
  writeBodiesPage,
} from '#contract'
import {
  acceptCaseBatch,
  checkClaim,
  claimCase,
  countCases,
  freeCases,
  type DeskDeps,
  listCases,
  listClaims,
  offerClaim,
  readBlob,
  readBodies,
  readCaseChain,
  readFile,
  readPiece,
  refuseClaim,
} from '#desk'
import {
  acceptDeskBatch,
  addPasskey,
  askChallenge,
  askRecovery,
  checkInvitation,
  endSession,
  type IdentityDeps,
  invite,
  isCoordinatorSession,
  join,
  listInvitations,
  listRecoveries,
  logIn,
  logInByPasskey,
  logOut,
  type MemberSession,
  noteAddress,
  noteExport,
  noteLook,
  openReporterSession,
  putVault,
  readDesk,
  readDeskChain,
  readDeskWrap,
  readSelf,
  releaseRecovery,
  removePasskey,
  type Session,
  sessionOf,
  setUp,
  stepUp,
  withdrawInvitation,
  withdrawRecovery,
} from '#identity'
import { fileReport, type IntakeDeps, openUpload, putPiece, readUpload } from '#intake'
import { base64OfBytes, type Bytes, bytesOfBase64, LIMITS } from '#lexicon'
import { newestCheckpoint, proveConsistency, proveInclusion } from '#ledger'
import type { Signer } from '#seal'
import {
  demandReleasable,
  lackingOf,
  placeDraft,
  readDrafts,
  readStored,
  takeDocuments,
  type ValveRoom,
} from '#valve'
import { demandFreshForGrave } from './fresh-acts.ts'
import { HttpError } from './http-error.ts'
import type { MailRoom } from './mail-room.ts'

/** The rooms as the front door enters them. */
export type Rooms = {
  readonly identity: IdentityDeps
  readonly desk: DeskDeps
  readonly intake: IntakeDeps
  readonly valve: ValveRoom
  /** The server's key: it signs checkpoints. */
  readonly signer: Signer
  readonly mail: MailRoom
  /** What the operator named before the desk was set up. */
  readonly planned: { readonly name: string; readonly domain: string }
  /** Absent where the desk has no mail address. */
  readonly answers?: AnswerRoom
}

/** Of outgoing mail what coordinators see; the post itself is behind the server's wiring. */
export type AnswerRoom = {
  readonly deliveriesOf: (caseId: string) => Promise<AnswerOf<'readDeliveries'>>
  /** What the domain of an address gives as its key; undefined for nothing, whatever the reason. */
  readonly lookUpKey: (address: string) => Promise<Bytes | undefined>
}

/** What a handler knows of its caller; the door has checked already that it is one who may call. */
export type ContextOf<N extends EndpointName> = Endpoints[N]['caller'] extends 'anyone'
  ? { readonly token?: string }
  : {
      readonly session: Endpoints[N]['caller'] extends 'participant' ? Session : MemberSession
      readonly token: string
    }

/** One handler per endpoint of the contract. Null is *not found*: unknown and foreign alike. */
export type Handlers = {
  readonly [N in EndpointName]: (
    request: RequestOf<N>,
    context: ContextOf<N>,
  ) => Promise<AnswerOf<N> | null>
}

export function createHandlers(
  { identity, desk, intake, valve, signer, planned, mail, answers }: Rooms,
  /** Does this desk only read, since a restore? */
  isRestored: () => Promise<boolean>,
): Handlers {
  const db = identity.db
  return {
    readDesk: async () => {
      const facts = await readDesk(identity, planned)
      return { ...facts, mail: mail.addresses[0] ?? '' }
    },
    readDeskChain: ({ query }) => readDeskChain(identity, query.after),
    appendToDesk: async ({ body: { batch } }, { session }) => {
      const given = { by: session, batch }
      // What is given back after a restore may name documents that were lost with the database.
      if (await isRestored()) return { accepted: await acceptDeskBatch(identity, given) }
      const accepted = await acceptDeskBatch(identity, given, async (before, after) =>
        demandReleasable(valve, before, after),
      )
      return { accepted }
    },
    readDeskWrap: async ({ params }, { session }) => {
      const bytes = await readDeskWrap(identity, session, params.blob)
      return bytes && { bytes: base64OfBytes(bytes) }
    },
    setUp: async ({ body }) => ({ accepted: await setUp(identity, body) }),

    readCheckpoint: async () => {
      const directory = await identity.deskChain.current()
      if (directory === undefined) throw new HttpError('not-open')
      const { domain } = directory.now
      return { note: await newestCheckpoint(db, { signer, domain, desk: directory.desk }) }
    },
    proveConsistency: async ({ query }) => {
      const proof = await proveConsistency(db, query.old, query.size)
      return proof && { proof }
    },
    proveInclusion: ({ query }) => proveInclusion(db, query.of, query.size),

    openUpload: () => openUpload(intake),
    readUpload: ({ params }) => readUpload(intake, params.upload),
    putPiece: ({ params, body }) => putPiece(intake, params.upload, params.n, body),
    fileReport: async ({ body }) => {
      const taken = await fileReport(intake, body)
      return 'receipt' in taken ? { receipt: taken.receipt } : {}
    },

    follow: ({ body }) => openReporterSession(identity, body),
    checkClaim: async ({ body }) => checkClaim(desk, body, !(await isRestored())),
    claimCase: ({ body: { lookup, auth, claim, vault } }) =>
      claimCase(desk, { ticket: { lookup, auth }, claim, vault }),
    listClaims: async ({ params }) => ({ claims: await listClaims(desk, params.id) }),
    offerClaim: ({ params, body }) =>
      found(offerClaim(desk, params.id, { ...body, sealed: bytesOfBase64(body.sealed) })),
    refuseClaim: ({ params, body }) => found(refuseClaim(desk, params.id, body.lookup)),
    askChallenge: () => askChallenge(identity),
    logIn: async ({ body }, { token }) => {
      const session = await logIn(identity, body, token)
      return session === null ? null : { session }
    },
    logInByPasskey: ({ body }, { token }) => logInByPasskey(identity, body.assertion, token),
    stepUp: async ({ body }, { session: { who }, token }) => {
      const session = await stepUp(identity, { who, token }, body.assertion)
      return session === null ? null : { session }
    },
    askRecovery: ({ body }) => askRecovery(identity, body),
    listRecoveries: async () => ({ requests: await listRecoveries(identity) }),
    releaseRecovery: ({ body }, { session }) => found(releaseRecovery(identity, session, body.who)),
    withdrawRecovery: (_, { session }) => found(withdrawRecovery(identity, session)),
    logOut: (_, { token }) => logOut(identity, token).then(() => undefined),

    readMailSettings: () => mail.read(),
    testMail: ({ body }) => mail.test(body.to),

    noteAddress: ({ body }, { session }) =>
      noteAddress(identity, session.who, body).then(() => undefined),
    readSelf: (_, { session }) => readSelf(identity, session),
    putVault: ({ body }, { session }) => putVault(identity, session, body).then(() => undefined),
    addPasskey: ({ body }, { session }) =>
      addPasskey(identity, session, body).then(() => undefined),
    removePasskey: ({ body }, { session }) => found(removePasskey(identity, session, body)),
    endSession: ({ body }, { session }) => found(endSession(identity, session, body.id)),

    countCases: async (_, { session }) => {
      await noteLook(identity, session.who)
      return countCases(desk, session)
    },
    listCases: async ({ query }, { session }) => {
      await noteLook(identity, session.who)
      return listCases(desk, session, query)
    },
    freeCases: async ({ body }, { session }) => {
      const freed = await freeCases(desk, session, body.cases)
      return freed === null ? null : { freed }
    },
    readCaseChain: ({ params, query }, { session }) =>
      readCaseChain(desk, session, params.id, query.after, query.limit),
    appendToCase: async ({ params, body: { batch, mails } }, { session }) => {
      demandFreshForGrave(identity, session, batch)
      const given = { by: session, caseId: params.id, batch, mails }
      return { accepted: await acceptCaseBatch(desk, given) }
    },
    readBlob: async ({ params }, { session }) => {
      const bytes = await readBlob(desk, session, params.id, params.blob)
      return bytes && { bytes: base64OfBytes(bytes) }
    },
    readBodies: async ({ params, query }, { session }) => {
      const page = await readBodies(desk, session, params.id, query.from, query.to)
      return page && writeBodiesPage(page)
    },
    readFile: async ({ params }, { session }) => {
      const pieces = await readFile(desk, session, params.id, params.blob)
      return pieces && { pieces }
    },
    readPiece: ({ params }, { session }) =>
      readPiece(desk, session, params.id, params.blob, params.n),

    invite: ({ body }, { session }) => invite(identity, session, body),
    listInvitations: async () => ({ invitations: await listInvitations(identity) }),
    withdrawInvitation: ({ body }) => found(withdrawInvitation(identity, body.lookup)),
    checkInvitation: ({ body }) => found(checkInvitation(identity, body)),
    join: ({ body }) => found(join(identity, body)),
    noteExport: async ({ params }, { session }) => {
      const seen = await readCaseChain(desk, session, params.id, LIMITS.chain)
      return seen === null ? null : noteExport(identity, session, params.id).then(() => undefined)
    },
    readDeliveries: async ({ params }, { session }) => {
      const seen = await readCaseChain(desk, session, params.id, LIMITS.chain)
      if (seen === null) return null
      if (answers === undefined) return { from: '', relay: false, reply_to: '', deliveries: [] }
      return answers.deliveriesOf(params.id)
    },
    lookUpKey: async ({ body }) => {
      const found = await answers?.lookUpKey(body.address)
      return { certificate: found === undefined ? '' : base64OfBytes(found) }
    },

    putDocuments: async ({ body }) => ({
      sha256: await takeDocuments(valve, body.documents.map(bytesOfBase64)),
    }),
    listLacking: async ({ body }) => ({ lacking: await lackingOf(valve, body.sha256) }),
    readDocument: async ({ params: { sha256 } }, { token }) => {
      const released = await valve.tree.documentOf(sha256)
      if (released !== undefined || token === undefined) return released ?? null
      const session = await sessionOf(identity, token)
      const coordinator = session !== undefined && (await isCoordinatorSession(identity, session))
      return coordinator ? ((await readStored(valve.db, sha256)) ?? null) : null
    },
    listDrafts: async () => ({ drafts: await readDrafts(valve) }),
    putDraft: ({ body }, { session }) =>
      placeDraft(valve, { ...body, by: session.who }).then(() => undefined),
  }
}

/** Nothing to say when it was done; *not found* when there was nothing to do it to. */
async function found(done: Promise<boolean>): Promise<undefined | null> {
  return (await done) ? undefined : null
}
