import type { AnswerOf, EndpointName, Endpoints, RequestOf } from '#contract'
import {
  acceptCaseBatch,
  type DeskDeps,
  listCases,
  readBlob,
  readCaseChain,
  readFile,
  readPiece,
} from '#desk'
import {
  acceptDeskBatch,
  askChallenge,
  type IdentityDeps,
  invite,
  join,
  listInvitations,
  logIn,
  logOut,
  noteAddress,
  openReporterSession,
  readDesk,
  readDeskChain,
  readDeskWrap,
  type Session,
  setUp,
} from '#identity'
import { fileReport, type IntakeDeps, openUpload, putPiece, readUpload } from '#intake'
import { base64OfBytes } from '#lexicon'
import { newestCheckpoint, proveConsistency, proveInclusion } from '#ledger'
import type { Signer } from '#seal'
import { HttpError } from './http-error.ts'

/** The rooms as the front door enters them. */
export type Rooms = {
  readonly identity: IdentityDeps
  readonly desk: DeskDeps
  readonly intake: IntakeDeps
  /** The server's key: it signs checkpoints. */
  readonly signer: Signer
  /** What the operator named before the desk was set up. */
  readonly planned: { readonly name: string; readonly domain: string }
}

type MemberSession = Extract<Session, { kind: 'member' }>

/** What a handler knows of its caller; the door has checked already that it is one who may call. */
export type ContextOf<N extends EndpointName> = Endpoints[N]['caller'] extends 'anyone'
  ? object
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

export function createHandlers({ identity, desk, intake, signer, planned }: Rooms): Handlers {
  const db = identity.db
  return {
    readDesk: () => readDesk(identity, planned),
    readDeskChain: ({ query }) => readDeskChain(identity, query.after),
    appendToDesk: async ({ body }, { session }) => ({
      accepted: await acceptDeskBatch(identity, { by: session, batch: body.batch }),
    }),
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
    askChallenge: () => askChallenge(identity),
    logIn: async ({ body }) => {
      const session = await logIn(identity, body)
      return session === null ? null : { session }
    },
    logOut: (_, { token }) => logOut(identity, token).then(() => undefined),

    noteAddress: ({ body }, { session }) =>
      noteAddress(identity, session.who, body.address).then(() => undefined),
    listCases: ({ query }, { session }) => listCases(desk, session, query),
    readCaseChain: ({ params, query }, { session }) =>
      readCaseChain(desk, session, params.id, query.after),
    appendToCase: async ({ params, body }, { session }) => ({
      accepted: await acceptCaseBatch(desk, { by: session, caseId: params.id, batch: body.batch }),
    }),
    readBlob: async ({ params }, { session }) => {
      const bytes = await readBlob(desk, session, params.id, params.blob)
      return bytes && { bytes: base64OfBytes(bytes) }
    },
    readFile: async ({ params }, { session }) => {
      const pieces = await readFile(desk, session, params.id, params.blob)
      return pieces && { pieces }
    },
    readPiece: ({ params }, { session }) =>
      readPiece(desk, session, params.id, params.blob, params.n),

    invite: ({ body }, { session }) => invite(identity, session, body),
    listInvitations: async () => ({ invitations: await listInvitations(identity) }),
    join: async ({ body }) => ((await join(identity, body)) ? undefined : null),
  }
}
