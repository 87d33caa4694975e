import type { CaseState, ProjectState } from '#lexicon'
import type { Act, PersonShown, ThreadName } from '#worker'
import { day } from '../time-words.ts'
import { visibleLine } from '../visible-text.ts'

const SORT_WORDS: Readonly<Record<string, string>> = {
  vulnerability: 'Vulnerability',
  defence: 'Defence in depth',
  question: 'Question',
  invalid: 'Not a vulnerability',
  duplicate: 'Duplicate',
  public: 'Public already',
  'not-security': 'Not security',
}

const STATE_WORDS: Readonly<Record<CaseState | ProjectState, string>> = {
  open: 'Open',
  waiting: 'Waiting',
  closed: 'Closed',
  archived: 'Archived',
  'not-looked': 'Not looked at',
  looking: 'Looking',
  affected: 'Affected',
  'not-affected': 'Not affected',
  fixed: 'Fixed',
}

const SOURCE_WORDS: Readonly<Record<string, string>> = {
  web: 'web form',
  cli: 'command line',
  api: 'program',
  mail: 'plain mail',
  pgp: 'PGP mail',
  import: 'old archive',
  assessment: 'own assessment',
}

const RELATION_WORDS: Readonly<Record<string, string>> = {
  'duplicate-of': 'a duplicate of',
  'part-of': 'part of',
  see: 'to be read with',
}

const STATEMENT_WORDS: Readonly<Record<string, string>> = {
  'case.open': 'opened the case',
  'case.title': 'gave the case a title',
  'case.key': 'made new keys',
  'case.grant': 'gave the keys on',
  'case.take': 'changed who has the case',
  'case.route': 'chose a way to the project',
  'case.handoff': 'handed the case off',
  'case.reporter': 'wrote down who the reporter is',
  'case.review': 'reviewed what is kept',
  'case.shred': 'destroyed the contents',
}

/** What was done, to stand after the name of who did it. */
export function actSentence(act: Act, from?: PersonShown): string {
  switch (act.type) {
    case 'acknowledged':
      return 'acknowledged the report'
    case 'sorted':
      return `sorted as ${lowerFirst(sortWord(act.sort))}`
    case 'state':
      return act.project === '' ? stateAct(act.state) : projectAct(act.project, act.state)
    case 'taken':
      return takenAct(act.by, from)
    case 'titled':
      return 'set the title'
    case 'linked':
      return `linked it as ${RELATION_WORDS[act.relation] ?? visibleLine(act.relation)} ${visibleLine(act.other)}`
    case 'readers':
      return `made a new key for ${threadWord(act.thread)}, read by ${deskAnd(besideDesk(act.readers))}`
    case 'added':
      return `let ${names(act.people)} read ${threadWord(act.thread)}`
    case 'embargo':
      return act.until === '' ? 'lifted the embargo' : `set the embargo until ${day(act.until)}`
    case 'other':
      return act.words ?? STATEMENT_WORDS[act.statement] ?? `signed “${visibleLine(act.statement)}”`
  }
}

export function sortWord(sort: string): string {
  return sort === '' ? 'Not sorted' : (SORT_WORDS[sort] ?? visibleLine(sort))
}

export function stateWord(state: string): string {
  return Object.hasOwn(STATE_WORDS, state)
    ? STATE_WORDS[state as CaseState | ProjectState]
    : visibleLine(state)
}

export function sourceWord(source: string): string {
  return SOURCE_WORDS[source] ?? visibleLine(source)
}

export function threadWord(thread: ThreadName): string {
  if (thread === 'all') return 'General'
  if (thread === 'desk') return 'Team only'
  return visibleLine(thread.slice('p-'.length))
}

export function roleWord(role: string): string {
  if (role.startsWith('maintainer:')) {
    return `maintainer of ${visibleLine(role.slice('maintainer:'.length))}`
  }
  return role === 'steward' ? 'data steward' : visibleLine(role)
}

/** The desk's key is always among those that a thread is sealed to; coordinators need no line of their own. */
function besideDesk(readers: readonly PersonShown[]): readonly PersonShown[] {
  return readers.filter(({ roles }) => !roles.includes('coordinator'))
}

function deskAnd(others: readonly PersonShown[]): string {
  return others.length === 0 ? 'the desk alone' : `the desk and ${names(others)}`
}

/** `Volunteer 1, Volunteer 2 and 3 more` */
function names(people: readonly PersonShown[]): string {
  if (people.length === 0) return 'nobody'
  const shown = people.slice(0, people.length > 4 ? 3 : 4).map(({ name }) => visibleLine(name))
  const more = people.length - shown.length
  if (more > 0) return `${shown.join(', ')} and ${String(more)} more`
  return shown.length === 1
    ? (shown[0] ?? '')
    : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`
}

function stateAct(state: string): string {
  switch (state) {
    case 'open':
      return 'opened the case again'
    case 'waiting':
      return 'set the case to waiting'
    case 'closed':
      return 'closed the case'
    case 'archived':
      return 'archived the case'
    default:
      return `set the case to ${lowerFirst(stateWord(state))}`
  }
}

function projectAct(project: string, state: string): string {
  return `said for ${visibleLine(project)}: ${lowerFirst(stateWord(state))}`
}

function takenAct(by: PersonShown | undefined, from: PersonShown | undefined): string {
  if (by === undefined) return 'gave the case back'
  return from !== undefined && by.who === from.who && by.who !== ''
    ? 'took the case'
    : `gave the case to ${visibleLine(by.name)}`
}

function lowerFirst(word: string): string {
  return word.slice(0, 1).toLowerCase() + word.slice(1)
}
