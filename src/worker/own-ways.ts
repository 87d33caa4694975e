import { noteAddress, writeKeyFile } from '#client'
import {
  type Code,
  fileKey,
  newCode,
  readVault,
  type Vault,
  type VaultKey,
  writeVault,
} from '#seal'
import type { AnswerOf } from '#contract'
import { Locked } from './failure-of.ts'
import type { Entered, MemberSession } from './member-session.ts'
import type { MemberOperations } from './operations.ts'
import type { Handlers } from './serve-page.ts'
import type { OwnWays } from './own-ways-shown.ts'
import { passkeyWay, recoveryTicket, recoveryWay } from './ways-in.ts'

type Own =
  | 'readSelf'
  | 'addPasskey'
  | 'removePasskey'
  | 'newRecovery'
  | 'keepRecovery'
  | 'withdrawRecovery'
  | 'endSession'
  | 'setAddress'
  | 'makeKeyFile'

/** The ways into one's own vault, one's sessions, and a copy for the command line. */
export function ownHandlers(session: MemberSession): Handlers<Pick<MemberOperations, Own>> {
  let fresh: Code | undefined
  const desk = () => session.pin().desk
  const read = async () => waysShown(await readOwn(session))

  return {
    readSelf: read,
    addPasskey: async ({ registration, prf, label }) => {
      const way = passkeyWay(registration.id, prf, desk())
      const vault = await changed(session, (entered, newest) =>
        way === undefined ? Promise.resolve(newest) : entered.vault.add(way, newest),
      )
      await session.api().call('addPasskey', { body: { registration, label, vault } })
      return read()
    },
    removePasskey: async ({ id }) => {
      const vault = await changed(session, async (entered, newest) => {
        const boxed = newest.keys.some((key) => key.kind === 'prf' && key.id === id)
        return boxed ? entered.vault.remove('prf', id, newest) : newest
      })
      await session.api().call('removePasskey', { body: { id, vault } })
      return read()
    },
    newRecovery: async () => {
      session.open()
      fresh = newCode()
      return { words: fresh.words }
    },
    keepRecovery: async () => {
      const code = fresh
      if (code === undefined) throw new RangeError('Asked in the wrong order.')
      const vault = await changed(session, async (entered, newest) => {
        const added = await entered.vault.add(recoveryWay(code, desk()), newest)
        return withoutEarlierWords(entered, added, recoveryWay(code, desk()))
      })
      const recovery = recoveryTicket(code, desk())
      await session.api().call('putVault', { body: { vault, recovery } })
      fresh = undefined
      return read()
    },
    withdrawRecovery: async () => {
      await session.api().call('withdrawRecovery', { body: {} })
      return read()
    },
    endSession: async ({ id }) => {
      await session.api().call('endSession', { body: { id } })
      return read()
    },
    setAddress: async ({ address, notices }) => {
      await noteAddress(session.open().view, address, notices)
      return read()
    },
    makeKeyFile: async ({ passphrase }) => {
      const { vault: open } = session.open()
      const { who } = open.vault
      const { vault: text } = await readOwn(session)
      const newest = text === '' ? open.vault : readVault(text)
      const way = { kind: 'file', id: '', key: await fileKey(passphrase, desk(), who) } as const
      // The same vault with one more way in: whoever comes back with the file changes this vault, not a twin.
      let vault = await open.add(way, newest)
      for (const { kind, id } of vault.keys)
        if (kind === 'prf') vault = await open.remove('prf', id, vault)
      return { name: `postern-${who.slice(0, 8)}.key`, text: writeKeyFile(desk(), vault) }
    },
  }
}

/** The session is a cookie of the whole browser: somebody else may have come in by another tab. */
async function readOwn(session: MemberSession): Promise<AnswerOf<'readSelf'>> {
  const self = await session.api().call('readSelf', {})
  if (self.who !== session.open().self.signer.who) throw new Locked()
  return self
}

/** The vault as the server has it now, changed, without what belongs in a file only (PROTOCOL 4.2). */
async function changed(
  session: MemberSession,
  change: (entered: Entered, newest: Vault) => Promise<Vault>,
): Promise<string> {
  const entered = session.open()
  const { vault: text } = await readOwn(session)
  const own = entered.vault
  const newest = text === '' ? own.vault : readVault(text)
  const next = await change(entered, newest)
  const inFile = next.keys.some(({ kind }) => kind === 'file')
  return writeVault(inFile ? await own.remove('file', '', next) : next)
}

async function withoutEarlierWords(
  entered: Entered,
  vault: Vault,
  { id: kept }: VaultKey,
): Promise<Vault> {
  let next = vault
  for (const { kind, id } of vault.keys)
    if (kind === 'recovery' && id !== kept) next = await entered.vault.remove('recovery', id, next)
  return next
}

function waysShown(self: AnswerOf<'readSelf'>): OwnWays {
  const boxes = self.vault === '' ? [] : readVault(self.vault).keys
  const opens = (passkey: string) => boxes.some(({ kind, id }) => kind === 'prf' && id === passkey)
  return {
    passkeys: self.passkeys.map((passkey) => ({ ...passkey, unlocks: opens(passkey.id) })),
    recovery: self.recovery,
    renew: self.renew,
    request: self.request,
    address: self.address,
    notices: self.notices,
    sessions: self.sessions,
  }
}
