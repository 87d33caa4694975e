import type { Shelf } from './sealed-shelf.ts'
import { MARKS } from './shelf-memory.ts'

/**
 * How far a person read a case, and up to where they said that nobody waits for an answer. `-1`: never.
 * Apart from the marks of `Remembered`, which move whenever a machine looks: a title that is made in the
 * background, or a glance from the queue, is not reading.
 */
export type ReadPlace = { readonly read: number; readonly quiet: number }

export const NEVER: ReadPlace = { read: -1, quiet: -1 }

export type ReadPlaces = Readonly<Record<string, ReadPlace>>

export async function readPlaces(shelf: Shelf): Promise<ReadPlaces> {
  const text = await shelf.read(MARKS)
  return text === undefined ? {} : placesIn(text)
}

/** Never lowers one: two tabs of a browser read side by side. */
export async function raisePlace(shelf: Shelf, id: string, to: ReadPlace): Promise<void> {
  await shelf.alone(MARKS, async () => {
    const text = (await shelf.read(MARKS)) ?? '{}'
    const places = placesIn(text)
    const { read, quiet } = places[id] ?? NEVER
    const raised = { read: Math.max(read, to.read), quiet: Math.max(quiet, to.quiet) }
    if (raised.read === read && raised.quiet === quiet) return
    const kept = JSON.parse(text) as object
    await shelf.write(MARKS, JSON.stringify({ ...kept, places: { ...places, [id]: raised } }))
  })
}

/**
 * They stand in one record with the marks, and stay with them when somebody logs out: they are high-water
 * marks too, hold no content, and who comes back tomorrow would else find everything new and look at none of it.
 */
function placesIn(text: string): ReadPlaces {
  const { places = {} } = JSON.parse(text) as { readonly places?: ReadPlaces }
  return places
}
