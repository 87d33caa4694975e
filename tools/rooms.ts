import { readFileSync } from 'node:fs'

/** One row of rooms.json. */
interface Room {
  readonly says: string
  /** The rooms whose doors it may use. */
  readonly enters: readonly string[]
  /** The npm packages it may import. */
  readonly npm: readonly string[]
  /** It also runs in a browser, so it may import nothing that only Node.js has. */
  readonly everywhere?: boolean
  /** `enters`: may import #unseal. `reaches`: may load it through a room that enters. */
  readonly unseal?: 'enters' | 'reaches'
  /** Rooms that it may not even reach through others. */
  readonly never?: readonly string[]
  /** Named now, built by a later issue. */
  readonly later?: boolean
}

export type Rooms = Readonly<Record<string, Room>>

export function readRooms(file = 'rooms.json'): Rooms {
  const rooms: unknown = JSON.parse(readFileSync(file, 'utf8'))
  assertRooms(rooms)
  return rooms
}

/** The doors of package.json that are not what rooms.json makes of them, as sentences. */
export function wrongDoors(rooms: Rooms, doors: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(doors).flatMap(([door, file]) => {
    const room = door.slice(1)
    const expected =
      door === '#unseal' ? './src/seal/unseal.ts' : room in rooms && `./src/${room}/index.ts`
    return file === expected ? [] : [`package.json: the door ${door} leads to ${String(file)}`]
  })
}

function assertRooms(rooms: unknown): asserts rooms is Rooms {
  if (typeof rooms !== 'object' || rooms === null) throw new Error('rooms.json is not a table')
  const known = Object.keys(rooms)
  for (const [name, room] of Object.entries(rooms as Record<string, Partial<Room>>)) {
    const strangers = [...(room.enters ?? ['nothing']), ...(room.never ?? [])].filter(
      (other) => !known.includes(other),
    )
    if (strangers.length > 0 || !Array.isArray(room.npm) || typeof room.says !== 'string') {
      throw new Error(`rooms.json: the row of ${name} is not complete or names an unknown room`)
    }
  }
}
