import type { CaseFold, Directory, Json } from '#seal'

/** What a desk chain comes to, in a form that readers in other languages compute too. */
export function summaryOfDesk(directory: Directory): Json {
  const { now } = directory
  return {
    server: now.server,
    rules: now.rules,
    members: [...now.members.values()].map(({ who, handle, roles, active }) => ({
      who,
      handle,
      roles,
      active,
    })),
    desk: now.desk.map(({ readers }) => sorted(readers)),
    mail: now.mail.map(({ readers }) => sorted(readers)),
    pending: sorted(directory.pending),
    approved: sorted(directory.approved),
    withdrawn: sorted(directory.withdrawn),
  }
}

/** What a case chain comes to. */
export function summaryOfCase(fold: CaseFold): Json {
  return {
    source: fold.source,
    reporter: { ...fold.reporter },
    circles: [...fold.circles].map(([circle, epochs]) => ({
      circle,
      epochs: epochs.map(({ readers }) => sorted(readers)),
    })),
    acknowledged: fold.acknowledged,
    taken: fold.taken,
    sort: fold.sort,
    state: fold.state,
    projects: [...fold.projects].map(([project, state]) => ({ project, state })),
    answers: fold.answers,
    embargo: fold.embargo,
    links: fold.links.map((link) => ({ ...link })),
    shred: fold.shred,
    pending: sorted(fold.pending),
    approved: sorted(fold.approved),
    withdrawn: sorted(fold.withdrawn),
  }
}

function sorted(names: Iterable<string>): readonly string[] {
  return [...names].toSorted()
}
