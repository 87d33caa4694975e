import {
  admit,
  type Applicant,
  approve,
  changeRoles,
  ClientError,
  type DeskView,
  type Done,
  invite,
  listApplicants,
  memberNamed,
  type ListedInvitation,
  noteCompared,
  openInvitation,
  pendingOf,
  renewOpenCases,
  revoke,
  withRoot,
} from '#client'
import {
  type DeskHead,
  hasRole,
  isCoordinator,
  isSamePerson,
  keyWords,
  memberOf,
  Refused,
} from '#seal'
import { isAlarm } from './failure-of.ts'
import {
  deskOf,
  type Entered,
  keyringOf,
  meShown,
  type MemberSession,
  refreshed,
} from './member-session.ts'
import type { MemberOperations } from './operations.ts'
import type { Handlers } from './serve-page.ts'
import { personShown } from './show-case.ts'
import type {
  ApplicantShown,
  InvitationShown,
  MemberShown,
  Outcome,
  PendingShown,
  PeopleShown,
  StaleCase,
} from './shown.ts'

type People =
  | 'takeRoot'
  | 'listPeople'
  | 'invite'
  | 'showInvitation'
  | 'renewInvitation'
  | 'withdrawInvitation'
  | 'admit'
  | 'approve'
  | 'revoke'
  | 'changeRoles'
  | 'noteCompared'
  | 'releaseRecovery'

/** Who belongs to the desk: read from the desk chain, changed by statements that this member signs. */
export function peopleHandlers(session: MemberSession): Handlers<Pick<MemberOperations, People>> {
  const invitedBy = async (lookup: string) => {
    const { invitations } = await session.api().call('listInvitations', {})
    const row = invitations.find((each) => each.lookup === lookup)
    if (row === undefined)
      throw new ClientError('not-found', 'This invitation was used, withdrawn, or has ended.')
    // Who may invite is what the desk chain says now, not when this page was opened.
    const view = await freshView()
    return openInvitation(view, keyringOf(session.open()), row)
  }
  const linkOf = (words: string) => `${session.pin().origin}/join#${words.replaceAll(' ', '-')}`

  const list = async (): Promise<PeopleShown> => {
    const entered = session.open()
    const view = await refreshed(entered)
    const mine = isCoordinator(view.directory.now, entered.self.signer.who)
    const members = [...view.directory.now.members.keys()].map((who) => memberShown(entered, who))
    const pending = pendingOf(view).map(([id, head]) => pendingShown(entered, id, head))
    const none = { applicants: [], forged: 0, invitations: [], recoveries: [] }
    if (!mine) return { members, pending, ...none }
    const { applicants, forged, invitations: rows } = await listApplicants(view, entered.self)
    const { requests } = await session.api().call('listRecoveries', {})
    return {
      members,
      pending,
      applicants,
      forged,
      invitations: rows.map((each) => invitationShown(entered, each)),
      recoveries: requests.map(({ who, asked, released }) => ({
        who: personShown(view, entered.self, who),
        asked,
        released,
      })),
    }
  }
  /** The desk as it is after the act; what it shows stands on the new chain. */
  const after = async (view: DeskView) => {
    session.open().view = view
    return list()
  }
  const freshView = () => refreshed(session.open())
  /**
   * Whoever lost a role or a key reads nothing that comes after: every circle of theirs gets a new epoch.
   * The act itself is signed by then, so what fails here is told and does not undo it.
   */
  const renew = async (): Promise<readonly StaleCase[]> => {
    try {
      const failed = await renewOpenCases(deskOf(session, 'renew'))
      for (const { error } of failed) if (isAlarm(error)) throw error
      await refreshed(session.open())
      return failed.map(({ number, error }) => ({ number, why: error.message }))
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      return [{ number: '', why: error.message }]
    }
  }

  return {
    takeRoot: async ({ words }) => {
      const entered = session.open()
      entered.self = await withRoot(entered.view, entered.self, words)
      return meShown(entered)
    },
    listPeople: list,
    invite: async ({ roles, note }) => {
      const { self } = session.open()
      const { code, expires } = await invite(await freshView(), self, [...roles], note)
      return { link: linkOf(code.words), words: code.words, expires }
    },
    showInvitation: async ({ lookup }) => {
      const { code, expires } = await invitedBy(lookup)
      return { link: linkOf(code.words), words: code.words, expires }
    },
    renewInvitation: async ({ lookup }) => {
      // The roles that the inviter signed, not those that the server names.
      const { note, roles } = await invitedBy(lookup)
      await session.api().call('withdrawInvitation', { body: { lookup } })
      const { code, expires } = await invite(await freshView(), session.open().self, roles, note)
      return { link: linkOf(code.words), words: code.words, expires }
    },
    withdrawInvitation: async ({ lookup }) => {
      await session.api().call('withdrawInvitation', { body: { lookup } })
      return list()
    },
    admit: async ({ invite: lookup, met, ...compared }) => {
      const view = await freshView()
      const { self } = session.open()
      const applicant = await applicantOf(view, session.open(), lookup)
      demandCompared(applicant, compared)
      const done = await admit(view, self, applicant, met)
      return { people: await after(done.view), ...cameTo(done, []) }
    },
    approve: async ({ id }) => {
      const people = await after(await approve(await freshView(), session.open().self, id))
      return { people, waits: false, byRoot: false, stale: await renew() }
    },
    revoke: async ({ who }) => {
      const view = await freshView()
      const done = await revoke(view, session.open().self, memberNamed(view.directory, who))
      const people = await after(done.view)
      return { people, ...cameTo(done, done.waits ? [] : await renew()) }
    },
    changeRoles: async ({ who, roles }) => {
      const view = await freshView()
      const member = memberNamed(view.directory, who)
      const done = await changeRoles(view, session.open().self, member, [...roles])
      const people = await after(done.view)
      return { people, ...cameTo(done, done.waits ? [] : await renew()) }
    },
    noteCompared: async ({ who, how }) => {
      await noteCompared(await freshView(), who, how)
      return list()
    },
    releaseRecovery: async ({ who }) => {
      await session.api().call('releaseRecovery', { body: { who } })
      return list()
    },
  }
}

async function applicantOf(view: DeskView, { self }: Entered, lookup: string): Promise<Applicant> {
  const { applicants } = await listApplicants(view, self)
  const found = applicants.find((each) => each.invite === lookup)
  if (found === undefined)
    throw new ClientError('not-found', 'Nobody answered this invitation with its code.')
  return found
}

/**
 * The server is asked anew between looking and signing: what is signed is what was looked at (K1). Whoever
 * invited can seal the same code anew with other roles, and would have the first of two signatures by it (N25).
 */
function demandCompared(
  { who, keyWords: words, roles }: Applicant,
  compared: Pick<ApplicantShown, 'who' | 'keyWords' | 'roles'>,
): void {
  if (who !== compared.who || words !== compared.keyWords)
    throw new Refused(
      'invitation',
      'Another key answers this invitation than the one that you compared. Nobody was admitted.',
    )
  if ([...roles].sort().join() !== [...compared.roles].sort().join())
    throw new Refused(
      'invitation',
      'This invitation is for other roles than those that you saw. Nobody was admitted: look again.',
    )
}

function memberShown({ view, self }: Entered, who: string): MemberShown {
  const { now, statements } = view.directory
  const member = memberOf(now, who)
  const admission = [...statements.values()].find(
    (head) => head.type === 'member.admit' && head.who === who,
  )
  const by = admission?.by ?? ''
  return {
    ...personShown(view, self, who),
    active: member?.active === true,
    since: admission?.at ?? '',
    met: member?.met ?? 'none',
    admittedBy: by === now.root ? 'root' : (memberOf(now, by)?.handle ?? ''),
    keyWords: keyWords(view.id, who, member?.enc ?? ''),
  }
}

function pendingShown({ view, self }: Entered, id: string, head: DeskHead): PendingShown {
  const about = 'who' in head ? head.who : ''
  const handle =
    'handle' in head ? head.handle : (memberOf(view.directory.now, about)?.handle ?? '')
  const mine = maySecond(view, self.signer.who, head)
  return {
    id,
    type: head.type,
    by: personShown(view, self, head.by),
    at: head.at,
    about: handle,
    roles: 'roles' in head ? head.roles : [],
    keyWords: head.type === 'member.admit' ? keyWords(view.id, head.who, head.enc) : '',
    met: head.type === 'member.admit' ? head.met : '',
    mine,
  }
}

/** PROTOCOL 5.3: another human being; about people also somebody of the board. */
function maySecond({ directory: { now } }: DeskView, who: string, head: DeskHead): boolean {
  if (isSamePerson(now, who, head.by)) return false
  const board = head.type.startsWith('member.') && hasRole(now, who, 'board')
  return board || isCoordinator(now, who)
}

/** Who, as what and until when: from what the inviter signed, never from the server's row. */
function invitationShown(
  { view, self }: Entered,
  { row, invited }: ListedInvitation,
): InvitationShown {
  const { lookup } = row
  if (invited === 'forged' || invited === 'closed') return { state: invited, lookup }
  return {
    state: row.joined === undefined ? 'open' : 'answered',
    lookup,
    roles: invited.roles,
    note: invited.note,
    by: personShown(view, self, invited.by),
    expires: invited.expires,
  }
}

function cameTo({ waits, byRoot }: Done, stale: readonly StaleCase[]): Outcome {
  return { waits, byRoot, stale }
}
