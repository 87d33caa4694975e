import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkSecurityTxt, PublicationError, publishTree, renewalAlarm } from '#publication'
import type { Directory } from '#seal'
import {
  buildTree,
  type BuiltTree,
  type Git,
  holdsEnded,
  openHistory,
  pushedState,
  ValveError,
} from '#valve'
import { bad, type Finding, good, look } from './finding.ts'
import type { House } from './house.ts'
import { HISTORY } from './public-side.ts'
import { clock } from './rooms.ts'

type Seen = Pick<House, 'data' | 'settings' | 'database'>

/** What the doctor sees of the public tree: whether it can be built, what ends soon, and what waits to be pushed. */
export async function examinePublic(house: Seen, directory: Directory): Promise<Finding[]> {
  const deps = {
    db: house.database.logins.site,
    url: house.settings.url ?? 'http://localhost',
    publish: publishTree,
    options: {},
  }
  try {
    const tree = await buildTree(deps, directory, clock())
    if (tree.counting.length === 0)
      return [
        good('Nothing is published: a coordinator releases it.'),
        ...(await kept(house, directory)),
      ]
    const said = `${tree.counting.length} released documents make ${tree.files.size} public files.`
    return [good(said), ...securityTxt(tree), ...(await kept(house, directory))]
  } catch (error) {
    if (!(error instanceof ValveError || error instanceof PublicationError)) throw error
    return [
      bad(
        `The public tree cannot be built: ${error.message}`,
        'Visitors see the one before, or none.',
      ),
      ...(await kept(house, directory)),
    ]
  }
}

function securityTxt({ files }: BuiltTree): Finding[] {
  const bytes = files.get('.well-known/security.txt')
  if (bytes === undefined)
    return [look('There is no security.txt.', 'Let a coordinator run postern securitytxt sign.')]
  const { fields } = checkSecurityTxt(bytes, { now: clock() })
  const expires = fields.find(({ name }) => name === 'expires')?.value ?? ''
  const alarm = renewalAlarm(Date.parse(expires), clock())
  const todo = 'Let a coordinator run postern securitytxt sign.'
  if (alarm === undefined) return [good(`security.txt holds until ${expires}.`)]
  if (alarm <= 3) return [bad(`security.txt ends on ${expires}.`, todo)]
  return [look(`security.txt ends on ${expires}.`, todo)]
}

/** The history, whatever became of the build: it stands in public where it was pushed. */
async function kept({ data, settings }: Seen, directory: Directory): Promise<Finding[]> {
  const to = settings.publishTo ?? ''
  const folder = join(data.path, HISTORY)
  const todo = `Start the server, and see that this account may push to ${to}.`
  if (!existsSync(folder)) return to === '' ? [] : [look(`Nothing was pushed to ${to} yet.`, todo)]
  const git = await openHistory(folder)
  const ended = await holdsEnded(git, directory, clock())
  const findings = ended
    ? [bad(`The newest state in ${HISTORY} holds what counts no more.`, 'Start the server.')]
    : []
  return to === '' ? findings : [...findings, ...(await pushed(git, to, todo))]
}

async function pushed(git: Git, to: string, todo: string): Promise<Finding[]> {
  const state = await pushedState(git, to)
  if (state === 'pushed') return [good(`The public tree was pushed to ${to}.`)]
  return [look(`The newest public tree was not pushed to ${to}.`, todo)]
}
