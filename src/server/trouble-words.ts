import type { PullSeen } from '#intake'

type Trouble = Exclude<PullSeen['trouble'], ''>

/** What is wrong with a mailbox, and what to do about it. */
export function troubleWords(trouble: Trouble): { readonly what: string; readonly todo: string } {
  return { what: WHAT[trouble], todo: TODO[trouble] }
}

const WHAT: Readonly<Record<Trouble, string>> = {
  login: 'the log-in is refused.',
  secret: 'the file with its secret cannot be read.',
  tls: 'its certificate does not verify.',
  unreachable: 'nobody answers there.',
  late: 'it does not answer in time.',
  folder: 'it has no such folder, or does not open it.',
  marks: 'it is read-only, or refuses what is to become of taken mails.',
  broken: 'the connection broke.',
  desk: 'this desk takes no mail now, and all of it stays there.',
}

const TODO: Readonly<Record<Trouble, string>> = {
  login: 'Look at the user and the secret: many mailboxes want an app password or a token.',
  secret: 'The server’s account must be able to read it, and nobody else.',
  tls: 'Look at the name of the host; for an authority of your own give --pull-ca FILE.',
  unreachable: 'Look at host, port and firewall.',
  late: 'Look at host, port and firewall.',
  folder: 'Name one that exists: --pull imaps://USER@HOST/FOLDER.',
  marks:
    'Give the account the right to change mails, or say another --pull-then: keep, move:FOLDER or delete.',
  broken: 'It is tried again by itself; look at that server if it stays so.',
  desk: 'See what else is said here: the set-up, the database, the disk, a restore.',
}
