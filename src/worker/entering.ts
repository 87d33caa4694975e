import {
  type Api,
  answerInvitation,
  ClientError,
  demandOpenInvitation,
  demandOwnHandle,
  type DeskSecrets,
  type DeskView,
  logIn,
  newApplicant,
  newDeskSecrets,
  type NewSelf,
  openDesk,
  openOwnVault,
  prepareDesk,
  readKeyFile,
  type SetUp,
} from '#client'
import { SECOND } from '#lexicon'
import {
  type Code,
  fileKey,
  newCode,
  readCode,
  readVault,
  recoveryKeys,
  Refused,
  signerOfSeed,
  type Vault,
  type VaultKey,
} from '#seal'
import { forgetfulMemory } from './forgetful-memory.ts'
import type { MemberSession } from './member-session.ts'
import type { Left, MemberOperations, Pin } from './operations.ts'
import { clearShelf } from './sealed-shelf.ts'
import type { Handlers } from './serve-page.ts'
import { MARKS } from './shelf-memory.ts'
import { deskShown } from './show-desk.ts'
import { enrolmentOf, passkeyWay, recoveryWay } from './ways-in.ts'

type Entering =
  | 'begin'
  | 'challenge'
  | 'makeDesk'
  | 'openNewDesk'
  | 'openInvitation'
  | 'checkHandle'
  | 'answerInvitation'
  | 'unlock'
  | 'unlockWithWords'
  | 'unlockWithKeyFile'
  | 'askRecovery'
  | 'stepUp'
  | 'lock'
  | 'logOut'
  | 'tellLeft'

/** How a person comes in and goes out. Secrets that are not put away yet wait here, in memory. */
export function enteringHandlers(
  session: MemberSession,
): Handlers<Pick<MemberOperations, Entering>> {
  let setUp: { readonly given: SetUp; readonly secrets: DeskSecrets } | undefined
  let joining:
    | { readonly view: DeskView; readonly words: string; readonly person: NewSelf; recovery: Code }
    | undefined
  /** A passkey let this person in, and its vault waits for the words. */
  let waiting: Vault | undefined
  const { clock } = session.deps
  const desk = () => session.pin().desk

  const enterBy = async (vault: Vault, way: VaultKey, begun: 'begun' | 'none') => {
    const own = await openOwnVault(desk(), vault, way)
    if (begun === 'none') await logIn(await strangerView(session), own.self, 'cookie')
    waiting = undefined
    return session.enter(own)
  }

  return {
    begin: async (pin) => {
      session.begin(pin)
      const { state, name, domain } = await session.api().call('readDesk', {})
      if (state === 'not-set-up') demandNoDesk(pin)
      return { state, name, domain }
    },
    challenge: async () => {
      const { nonce } = await session.api().call('askChallenge', { body: {} })
      return { nonce }
    },

    makeDesk: async (given) => {
      demandNoDesk(session.pin())
      demandOwnHandle({ members: new Map() }, given.handle)
      const secrets = await newDeskSecrets()
      setUp = { given, secrets }
      const { who } = await signerOfSeed(secrets.sign)
      return {
        rootWords: secrets.root.words,
        recoveryWords: secrets.recovery.words,
        // The desk has no id yet; the words stand on the person's page once it has.
        keyWords: '',
        who,
      }
    },
    openNewDesk: async ({ secret, ...passkey }) => {
      const { given, secrets } = needed(setUp)
      const prepared = await prepareDesk({ api: session.api(), clock }, given, secrets)
      // The root stays on its paper: a vault with it would stand for two people.
      const bundle = { sign: secrets.sign, pgp: secrets.key.secret, root: undefined }
      const enrolment = await enrolmentOf(prepared.desk, bundle, secrets.recovery, passkey)
      await session.api().call('setUp', { body: { secret, batch: [...prepared.batch], enrolment } })
      session.begin({ ...session.pin(), desk: prepared.desk })
      const way = recoveryWay(secrets.recovery, prepared.desk)
      const me = await enterBy(readVault(enrolment.vault), way, 'none')
      setUp = undefined
      return me
    },

    openInvitation: async ({ words }) => {
      const code = readCode(words)
      const view = await strangerView(session)
      await demandOpenInvitation(view, words)
      const { person, who, keyWords: shown } = await newApplicant(view)
      const recovery = newCode()
      joining = { view, words: code.words, person, recovery }
      return { desk: deskShown(view), recoveryWords: recovery.words, keyWords: shown, who }
    },
    checkHandle: async ({ handle }) => {
      demandOwnHandle(needed(joining).view.directory.now, handle)
      return {}
    },
    answerInvitation: async ({ handle, ...passkey }) => {
      const { view, words, person, recovery } = needed(joining)
      const bundle = { sign: person.sign, pgp: person.key.secret, root: undefined }
      const enrolment = await enrolmentOf(view.id, bundle, recovery, passkey)
      await answerInvitation(view, words, handle, person, enrolment)
      return {}
    },

    unlock: async ({ assertion, prf }) => {
      const { vault: text } = await session.api().call('logInByPasskey', { body: { assertion } })
      const vault = readVault(text)
      const way = passkeyWay(assertion.id, prf, desk())
      const boxed = vault.keys.some(({ kind, id }) => kind === 'prf' && id === assertion.id)
      if (way !== undefined && boxed)
        return { state: 'open', me: await enterBy(vault, way, 'begun') }
      waiting = vault
      return { state: 'needs-words' }
    },
    unlockWithWords: ({ words }) =>
      enterBy(needed(waiting), recoveryWay(readCode(words), desk()), 'begun'),
    unlockWithKeyFile: async ({ text, passphrase }) => {
      const file = readKeyFile(text)
      if (file.desk !== desk()) throw new Refused('code', 'This key file belongs to another desk.')
      const { who } = file.vault
      const way = { kind: 'file', id: '', key: await fileKey(passphrase, desk(), who) } as const
      try {
        return await enterBy(file.vault, way, 'none')
      } catch (cause) {
        if (!(cause instanceof Refused && cause.code === 'vault')) throw cause
        throw new Refused('code', 'This passphrase does not open the key file.', { cause })
      }
    },
    askRecovery: async ({ words }) => {
      const code = readCode(words)
      const { lookup, auth } = recoveryKeys(code, desk())
      const answer = await session.api().call('askRecovery', { body: { lookup, auth } })
      if (answer.vault === undefined) return { me: undefined, opens: answer.opens }
      const me = await enterBy(readVault(answer.vault), recoveryWay(code, desk()), 'none')
      return { me, opens: '' }
    },
    stepUp: async ({ assertion }) => {
      session.open()
      await session.api().call('stepUp', { body: { assertion } })
      return {}
    },

    lock: () => leave(session),
    logOut: async () => {
      const left = await leave(session)
      await clearShelf(MARKS)
      return left
    },
    tellLeft: async () => {
      await isTold(session.api())
      return {}
    },
  }
}

/**
 * A page that came with the id of a desk belongs to that desk. A server that says there is none lost it, or
 * hides it, and would give it anew to whoever sets it up. Throws `Refused` pin.
 */
function demandNoDesk({ desk }: Pin): void {
  if (desk === '') return
  throw new Refused(
    'pin',
    'This page belongs to a desk that was set up, and the server says that there is none. Do not set it up again: ask the operator whether the server lost its data.',
  )
}

/** The desk as somebody sees it who is not in yet. It is read again, against the marks, once they are. */
function strangerView(session: MemberSession): Promise<DeskView> {
  const deps = { api: session.api(), memory: forgetfulMemory(), clock: session.deps.clock }
  return openDesk(deps, session.pin().desk)
}

/** How long the thread that held keys may wait for the desk to hear that somebody left. */
const TOLD_WITHIN = 2 * SECOND

/** The keys go at once, also when the desk cannot be told. */
async function leave(session: MemberSession): Promise<Left> {
  const api = session.api()
  session.forget()
  const late = session.deps.wait(TOLD_WITHIN).then(() => false)
  return { told: await Promise.race([isTold(api), late]) }
}

/** A desk that refuses knows of no session to end. */
async function isTold(api: Api): Promise<boolean> {
  try {
    await api.call('logOut', { body: {} })
  } catch (error) {
    return !(error instanceof ClientError && error.code === 'unreachable')
  }
  return true
}

function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('Asked in the wrong order.')
  return value
}
