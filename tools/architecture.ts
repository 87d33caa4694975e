import { readFileSync, writeFileSync } from 'node:fs'
import { drawRooms } from './draw-rooms.ts'
import { readRooms, type Rooms } from './rooms.ts'

/** Files that hold what rooms.json says, each with what it must be. Run this file to write them. */
export interface Drawn {
  readonly file: string
  readonly text: string
}

const PAGE = 'ARCHITECTURE.md'
const PICTURE = 'docs/pictures/rooms.svg'
const BEGIN =
  '<!-- Drawn from rooms.json by tools/architecture.ts: do not edit between these lines. -->'
const END = '<!-- Until here. -->'

if (import.meta.main) {
  for (const { file, text } of drawn(readRooms(), readFileSync(PAGE, 'utf8')))
    writeFileSync(file, text)
}

/** `page` is ARCHITECTURE.md as it is; only what stands between the two marks is made anew. */
export function drawn(rooms: Rooms, page: string): readonly Drawn[] {
  return [
    { file: PAGE, text: withBlock(page, block(rooms)) },
    { file: PICTURE, text: drawRooms(rooms) },
  ]
}

function withBlock(page: string, text: string): string {
  const [before, within, ...others] = page.split(BEGIN)
  const after = within?.split(END)
  if (before === undefined || after?.length !== 2 || others.length > 0)
    throw new Error(`${PAGE} must hold the two marks of tools/architecture.ts, once each.`)
  return `${before}${BEGIN}\n\n${text}\n${END}${after[1] ?? ''}`
}

function block(rooms: Rooms): string {
  const rows = Object.entries(rooms).map(([name, room]) => [
    room.later === true ? `${name} (later)` : `\`${name}\``,
    room.says,
    room.enters.length === 0 ? 'nobody' : room.enters.join(', '),
    room.npm.length === 0 ? '' : room.npm.map((each) => `\`${each}\``).join(', '),
    walls(room),
  ])
  const table = aligned([['room', 'what it is', 'may enter', 'npm', 'walls'], ...rows])
  return `![The rooms, and who may enter whom](${PICTURE})\n\n${table}\n`
}

function walls({ everywhere, unseal, never }: Rooms[string]): string {
  return [
    ...(everywhere === true ? ['nothing of Node.js'] : []),
    ...(unseal === 'enters' ? ['opens by `#unseal`'] : []),
    ...(unseal === 'reaches' ? ['opens through `client`'] : []),
    ...(never === undefined ? [] : [`never reaches ${never.join(', ')}`]),
  ].join('; ')
}

/** As Prettier writes a table, so that the format check agrees with this file. */
function aligned([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => width(row, at)), 3))
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(padded(head, widths)),
    line(widths.map((wide) => '-'.repeat(wide))),
    ...rows.map((row) => line(padded(row, widths))),
  ].join('\n')
}

function padded(row: readonly string[], widths: readonly number[]): string[] {
  return widths.map((wide, at) => (row[at] ?? '').padEnd(wide))
}

function width(row: readonly string[], at: number): number {
  return row[at]?.length ?? 0
}
