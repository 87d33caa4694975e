import type { Rooms } from './rooms.ts'

/*
 * A picture of rooms.json: a room stands above the rooms that it may enter. A line is left out where a
 * longer way leads to the same room, and lines to one room run together. No clock, no chance: the same
 * rooms give the same bytes.
 */

/** A room, or a bend: the place where lines to `to` pass a row. */
interface Spot {
  readonly name: string
  readonly to: string
  readonly row: number
  readonly wide: number
  x: number
}

interface Line {
  readonly from: Spot
  readonly to: Spot
}

const WIDTH = 880
const BOX = { wide: 108, high: 38 }
const BEND = 16
const GAP = 12
const ROW = 98
const TOP = 24
const ROUNDS = 24

export function drawRooms(rooms: Rooms): string {
  const rows = rowsOf(rooms)
  const { spots, lines } = layOut(shortest(rooms), rows)
  settle(spots, lines)
  centre(spots)
  const last = Math.max(...rows.values())
  const y = (row: number) => TOP + (last - row) * ROW
  const high = y(0) + BOX.high + 64
  const said = Object.entries(rooms).map(
    ([name, { enters }]) => `${name} enters ${enters.length === 0 ? 'nobody' : enters.join(', ')}`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${high}" role="img" aria-labelledby="title what">
  <title id="title">The rooms, and who may enter whom</title>
  <desc id="what">${said.join('; ')}.</desc>
${STYLE}
  <rect class="paper" width="${WIDTH}" height="${high}" rx="6" />
${lines.map((line) => way(line, y)).join('\n')}
${spots.flatMap((spot) => box(rooms, spot, y(spot.row))).join('\n')}
${legend(high - 30)}
</svg>
`
}

/** How many rooms lie below a room on the longest way down. */
function rowsOf(rooms: Rooms): ReadonlyMap<string, number> {
  const rows = new Map<string, number>()
  const rowOf = (name: string): number => {
    const known = rows.get(name)
    if (known !== undefined) return known
    const below = (rooms[name]?.enters ?? []).map((other) => rowOf(other) + 1)
    const row = Math.max(0, ...below)
    rows.set(name, row)
    return row
  }
  for (const name of Object.keys(rooms)) rowOf(name)
  return rows
}

/** Who enters whom, without what a longer way says already. */
function shortest(rooms: Rooms): readonly (readonly [string, string])[] {
  const reaches = (from: string, to: string): boolean =>
    (rooms[from]?.enters ?? []).some((next) => next === to || reaches(next, to))
  return Object.entries(rooms).flatMap(([from, { enters }]) =>
    enters
      .filter((to) => !enters.some((other) => other !== to && reaches(other, to)))
      .map((to) => [from, to] as const),
  )
}

function layOut(
  ways: readonly (readonly [string, string])[],
  rows: ReadonlyMap<string, number>,
): { readonly spots: readonly Spot[]; readonly lines: readonly Line[] } {
  const spots = new Map<string, Spot>()
  const lines = new Map<string, Line>()
  for (const [name, row] of rows) spots.set(name, { name, to: '', row, wide: BOX.wide, x: 0 })
  for (const [from, to] of ways) {
    let upper = demand(spots.get(from))
    const lower = demand(spots.get(to))
    for (let row = upper.row - 1; row >= lower.row; row--) {
      const name = row === lower.row ? to : `${to} ${row}`
      const next = spots.get(name) ?? { name, to, row, wide: BEND, x: 0 }
      spots.set(name, next)
      lines.set(`${upper.name} > ${name}`, { from: upper, to: next })
      upper = next
    }
  }
  return { spots: [...spots.values()], lines: [...lines.values()] }
}

/** Each spot goes to the middle of its neighbours, as far as the others in its row leave room. */
function settle(spots: readonly Spot[], lines: readonly Line[]): void {
  const rows = [...new Set(spots.map(({ row }) => row))].toSorted((a, b) => a - b)
  for (const row of rows) spread(spots.filter((spot) => spot.row === row))
  for (let round = 0; round < ROUNDS; round++) {
    for (const row of round % 2 === 0 ? rows : rows.toReversed()) {
      const own = spots.filter((spot) => spot.row === row)
      const wanted = new Map(own.map((spot) => [spot, middle(spot, lines)]))
      own.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || byName(a, b))
      place(own, wanted)
    }
  }
}

function middle(spot: Spot, lines: readonly Line[]): number {
  const near = lines.flatMap(({ from, to }) =>
    from === spot ? [to.x] : to === spot ? [from.x] : [],
  )
  return near.length === 0 ? spot.x : near.reduce((sum, x) => sum + x, 0) / near.length
}

function spread(own: Spot[]): void {
  for (const [at, spot] of own.entries()) spot.x = ((at + 0.5) * WIDTH) / own.length
}

/** In this order, each as near to its wish as its neighbours allow: between pushing right and pushing left. */
function place(own: readonly Spot[], wanted: ReadonlyMap<Spot, number>): void {
  const right = pushed(own, (spot) => wanted.get(spot) ?? 0)
  const left = pushed(own.toReversed(), (spot) => -(wanted.get(spot) ?? 0))
  for (const spot of own) spot.x = ((right.get(spot) ?? 0) - (left.get(spot) ?? 0)) / 2
}

function pushed(own: readonly Spot[], wish: (spot: Spot) => number): ReadonlyMap<Spot, number> {
  const places = new Map<Spot, number>()
  let free = Number.NEGATIVE_INFINITY
  for (const spot of own) {
    const x = Math.max(wish(spot), free + spot.wide / 2)
    places.set(spot, x)
    free = x + spot.wide / 2 + GAP
  }
  return places
}

/** The whole in the middle of the picture, on whole pixels. */
function centre(spots: readonly Spot[]): void {
  const left = Math.min(...spots.map((spot) => spot.x - spot.wide / 2))
  const right = Math.max(...spots.map((spot) => spot.x + spot.wide / 2))
  for (const spot of spots) spot.x = Math.round(spot.x + (WIDTH - left - right) / 2)
}

function byName(a: Spot, b: Spot): number {
  return a.name < b.name ? -1 : 1
}

function way({ from, to }: Line, y: (row: number) => number): string {
  const start = y(from.row) + (from.to === '' ? BOX.high : BOX.high / 2)
  const end = y(to.row) + (to.to === '' ? 0 : BOX.high / 2)
  const half = Math.round((start + end) / 2)
  return `  <path class="way" d="M${from.x} ${start}C${from.x} ${half} ${to.x} ${half} ${to.x} ${end}" />`
}

function box(rooms: Rooms, { name, to, x }: Spot, top: number): string[] {
  const room = rooms[name]
  if (to !== '' || room === undefined) return []
  const { everywhere, unseal, later } = room
  const fill = everywhere === true ? 'wall' : 'paper'
  const edge = unseal === undefined ? 'edge' : 'edge opens'
  const dashed = later === true ? ' stroke-dasharray="4 3"' : ''
  const { wide, high } = BOX
  const place = `x="${x - wide / 2}" y="${top}" width="${wide}" height="${high}" rx="3"`
  const ink = later === true ? 'third' : 'ink'
  return [
    `  <rect class="${fill} ${edge}" ${place}${dashed} />`,
    `  <text class="name ${ink}" x="${x}" y="${top + 24}">${name}</text>`,
  ]
}

function legend(y: number): string {
  const key = (x: number, look: string, words: string, more = '') =>
    `  <rect class="${look}" x="${x}" y="${y - 11}" width="22" height="14" rx="3"${more} />
  <text class="say second" x="${x + 30}" y="${y + 1}">${words}</text>`
  return [
    key(24, 'wall edge', 'runs in a browser too'),
    key(236, 'paper edge', 'on a server or at a terminal'),
    key(496, 'paper edge opens', 'may open what is sealed'),
    key(716, 'paper edge', 'built later', ' stroke-dasharray="4 3"'),
  ].join('\n')
}

function demand(spot: Spot | undefined): Spot {
  if (spot === undefined) throw new Error('rooms.json names a room that it does not have.')
  return spot
}

const STYLE = `  <style>
    .paper { fill: #ffffff; } .wall { fill: #f4f6f4; }
    .ink { fill: #141816; } .second { fill: #444c48; } .third { fill: #5c6560; }
    .edge { stroke: #737d78; stroke-width: 1.25; } .opens { stroke: #0b5f58; stroke-width: 2.25; }
    .way { fill: none; stroke: #a9b1ac; stroke-width: 1.25; }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #111413; } .wall { fill: #232927; }
      .ink { fill: #e8ecea; } .second { fill: #b8c0bc; } .third { fill: #98a29d; }
      .edge { stroke: #7c8782; } .opens { stroke: #71c9bc; } .way { stroke: #5d6762; }
    }
    text { font-family: "Atkinson Hyperlegible Next", system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
    .name { font-size: 15px; font-weight: 600; text-anchor: middle; } .say { font-size: 13px; }
  </style>`
