import {
  admit,
  type Applicant,
  approve,
  changeRoles,
  ClientError,
  type DeskView,
  invite,
  listApplicants,
  memberNamed,
  noteCompared,
  pendingOf,
  readInvitationCode,
  renewOpenCases,
  revoke,
  withRoot,
} from '#client'
import type { Invitation } from '#contract'
import {
  type DeskHead,
  hasRole,
  isCoordinator,
  isSamePerson,
  keyWords,
  memberOf,
  Refused,
} from '#seal'
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
import type { InvitationShown, MemberShown, PendingShown, PeopleShown } from './shown.ts'

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
  const invitations = async () =>
    (await session.api().call('listInvitations', {})).invitations as readonly Invitation[]
  const invitationOf = async (lookup: string) => {
    const found = (await invitations()).find((each) => each.lookup === lookup)
    if (found === undefined)
      throw new ClientError('not-found', 'This invitation was used, withdrawn, or has ended.')
    return found
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
    const { applicants, forged } = await listApplicants(view, entered.self)
    const { requests } = await session.api().call('listRecoveries', {})
    return {
      members,
      pending,
      applicants,
      forged,
      invitations: (await invitations()).map((each) => invitationShown(entered, each)),
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
  /** Whoever lost a role or a key reads nothing that comes after: every circle of theirs gets a new epoch. */
  const renew = async () => {
    await renewOpenCases(deskOf(session, 'renew'))
    await refreshed(session.open())
  }

  return {
    takeRoot: async ({ words }) => {
      const entered = session.open()
      entered.self = await withRoot(entered.view, entered.self, words)
      return meShown(entered)
    },
    listPeople: list,
    invite: async ({ roles }) => {
      const { code, expires } = await invite(await freshView(), [...roles])
      return { link: linkOf(code.words), words: code.words, expires }
    },
    showInvitation: async ({ lookup }) => {
      const entered = session.open()
      const row = await invitationOf(lookup)
      const { code, expires } = await readInvitationCode(entered.view, keyringOf(entered), row)
      return { link: linkOf(code.words), words: code.words, expires }
    },
    renewInvitation: async ({ lookup }) => {
      const entered = session.open()
      // The roles that the inviter sealed, not those that the server names.
      const { roles } = await readInvitationCode(
        entered.view,
        keyringOf(entered),
        await invitationOf(lookup),
      )
      await session.api().call('withdrawInvitation', { body: { lookup } })
      const { code, expires } = await invite(await freshView(), roles)
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
      return { people: await after(done.view), waits: done.waits }
    },
    approve: async ({ id }) => {
      const people = await after(await approve(await freshView(), session.open().self, id))
      await renew()
      return people
    },
    revoke: async ({ who }) => {
      const view = await freshView()
      const done = await revoke(view, session.open().self, memberNamed(view.directory, who))
      const people = await after(done.view)
      if (!done.waits) await renew()
      return { people, waits: done.waits }
    },
    changeRoles: async ({ who, roles }) => {
      const view = await freshView()
      const member = memberNamed(view.directory, who)
      const done = await changeRoles(view, session.open().self, member, [...roles])
      const people = await after(done.view)
      if (!done.waits) await renew()
      return { people, waits: done.waits }
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

/** The server is asked anew between looking and signing: what is signed is what was looked at (K1). */
function demandCompared(
  { who, keyWords: words }: Applicant,
  compared: { readonly who: string; readonly keyWords: string },
): void {
  if (who === compared.who && words === compared.keyWords) return
  throw new Refused(
    'invitation',
    'Another key answers this invitation than the one that you compared. Nobody was admitted.',
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

function invitationShown({ view, self }: Entered, row: Invitation): InvitationShown {
  return {
    lookup: row.lookup,
    roles: row.roles,
    by: personShown(view, self, row.by),
    expires: row.expires,
    answered: row.joined !== undefined,
  }
}
