import { readFile } from 'node:fs/promises'
import { restoredAt } from '#identity'
import {
  type Mailbox,
  type MailDeps,
  openMailbox,
  type Pull,
  pullMailbox,
  type PullSeen,
  type PullTrouble,
  takePulled,
} from '#intake'
import { MINUTE } from '#lexicon'
import { askDns } from './ask-dns.ts'
import type { House } from './house.ts'
import { type Log, tracesOf } from './log.ts'
import type { MailPull } from './pull-settings.ts'
import { keepPullState, readPullState } from './pull-state.ts'
import { clock } from './rooms.ts'

/** Begins to empty the mailbox, where the settings name one. A mailbox that is away stops no desk. */
export function openPull(
  { data, settings, database }: Pick<House, 'data' | 'settings' | 'database'>,
  deps: MailDeps,
  { say, log }: { readonly say: (step: string) => void; readonly log: Log },
): Pull | undefined {
  const { pull, addresses = [] } = settings.mail ?? {}
  if (pull === undefined) return undefined
  const { host, folder, user } = pull
  say(`Mail is pulled from ${host}, folder ${folder}, as ${user}.`)
  const keep = stateKeeper(data.path, log)
  const pulled = { mail: deps, addresses, resolve: askDns(settings.mail) }
  return pullMailbox({
    open: () => openPulled(pull),
    take: (mail) => takePulled(pulled, mail),
    isOpen: async () => (await restoredAt(database.logins.identity)) === undefined,
    clock,
    seen: keep,
    failed: (error) => log({ event: 'mail-not-taken', ...tracesOf(error) }),
  })
}

/** Secret and authority are read anew: both are changed while the desk runs. */
export async function openPulled({
  secretFile,
  secret,
  caFile,
  ...place
}: MailPull): Promise<Mailbox | PullTrouble> {
  let ca: string | undefined
  try {
    ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8')
  } catch {
    return 'tls'
  }
  return openMailbox({
    ...place,
    ca,
    secret: async () => {
      const text = (await readFile(secretFile, 'utf8')).replace(/\r?\n$/, '')
      if (text === '') throw new RangeError('the file of the secret is empty')
      return secret === 'token' ? { token: text } : { password: text }
    },
  })
}

/** Every change is said; that it still works is written now and then. */
function stateKeeper(folder: string, log: Log): (seen: PullSeen) => void {
  const before = readPullState(folder)?.worked ?? 0
  let last = ''
  let written = 0
  return ({ worked: since, ...rest }) => {
    // Also before this start.
    const worked = Math.max(since, before)
    const now = JSON.stringify(rest)
    if (now === last && worked - written < MINUTE) return
    if (now !== last) log({ event: 'mail-pull', ...rest })
    last = now
    written = worked
    try {
      keepPullState(folder, { ...rest, worked })
    } catch (error) {
      // A full disk must not end the pull.
      log({ event: 'failed', ...tracesOf(error) })
    }
  }
}
