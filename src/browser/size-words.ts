const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** `1.9 MB`: decimal units, as file managers count. */
export function sizeWords(bytes: number): string {
  const power = powerOf(bytes)
  return bytes === 1 ? '1 byte' : `${inUnit(bytes, power)} ${UNITS[power] ?? ''}`
}

/** `86 of 141 MB`: both in the unit of the whole, so that they can be compared. */
export function partOfSize(done: number, total: number): string {
  const power = powerOf(total)
  return `${inUnit(Math.min(done, total), power)} of ${sizeWords(total)}`
}

/** `48 207`, with a space that does not break. */
export function countWords(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, '\u00a0')
}

function powerOf(bytes: number): number {
  let power = 0
  while (power < UNITS.length - 1 && bytes >= 999.5 * 1000 ** power) power += 1
  return power
}

function inUnit(bytes: number, power: number): string {
  const value = bytes / 1000 ** power
  if (power === 0) return String(Math.round(value))
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value))
}
