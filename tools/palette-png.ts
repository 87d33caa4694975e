import { constants, crc32, deflateSync, inflateSync } from 'node:zlib'

type Picture = { readonly width: number; readonly height: number; readonly rgb: Uint8Array }

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const COLOURS = 256

/**
 * The same picture with at most 256 colours, a third as large. Screenshots of pages have few colours and
 * the shades at the edges of letters: the frequent ones stay, each other becomes the nearest of them.
 */
export function palettePng(png: Uint8Array): Buffer {
  const { width, height, rgb } = readPng(png)
  const counts = new Map<number, number>()
  for (let at = 0; at < rgb.length; at += 3) {
    const colour = colourAt(rgb, at)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const frequent = [...counts].toSorted((one, other) => other[1] - one[1])
  const palette = frequent.slice(0, COLOURS).map(([colour]) => colour)
  const places = new Map(palette.map((colour, place) => [colour, place]))
  for (const [colour] of frequent.slice(COLOURS)) places.set(colour, nearest(palette, colour))
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0, from = 0, to = 0; y < height; y++) {
    // The first byte of a row says: no filter.
    to++
    for (let x = 0; x < width; x++, from += 3) rows[to++] = places.get(colourAt(rgb, from)) ?? 0
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header(width, height)),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => parts(colour)))),
    chunk(
      'IDAT',
      deflateSync(rows, { level: 9, memLevel: 9, strategy: constants.Z_DEFAULT_STRATEGY }),
    ),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function readPng(png: Uint8Array): Picture {
  const view = Buffer.from(png.buffer, png.byteOffset, png.byteLength)
  const data: Buffer[] = []
  let [width, height, bytes] = [0, 0, 0]
  for (let at = SIGNATURE.length; at < view.length;) {
    const length = view.readUInt32BE(at)
    const type = view.toString('latin1', at + 4, at + 8)
    const body = view.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR') {
      ;[width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)]
      const plain = body[8] === 8 && body[12] === 0
      bytes = plain && body[9] === 2 ? 3 : plain && body[9] === 6 ? 4 : 0
      if (bytes === 0) throw new RangeError('this is no plain picture of 8 bits a colour')
    }
    if (type === 'IDAT') data.push(body)
    at += length + 12
  }
  const raw = inflateSync(Buffer.concat(data))
  return { width, height, rgb: unfiltered(raw, width, height, bytes) }
}

function unfiltered(raw: Uint8Array, width: number, height: number, bytes: number): Uint8Array {
  const line = width * bytes
  const rgb = new Uint8Array(width * height * 3)
  let above = new Uint8Array(line)
  for (let y = 0, at = 0, to = 0; y < height; y++) {
    const filter = raw[at++] ?? 0
    const row = raw.slice(at, at + line)
    at += line
    for (let x = 0; x < line; x++) {
      const left = x < bytes ? 0 : (row[x - bytes] ?? 0)
      const up = above[x] ?? 0
      const corner = x < bytes ? 0 : (above[x - bytes] ?? 0)
      row[x] = (row[x] ?? 0) + guess(filter, left, up, corner)
    }
    for (let x = 0; x < line; x += bytes, to += 3) rgb.set(row.subarray(x, x + 3), to)
    above = row
  }
  return rgb
}

function guess(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left
    case 2:
      return up
    case 3:
      return (left + up) >> 1
    case 4: {
      const sum = left + up - corner
      const [a, b, c] = [Math.abs(sum - left), Math.abs(sum - up), Math.abs(sum - corner)]
      return a <= b && a <= c ? left : b <= c ? up : corner
    }
    default:
      return 0
  }
}

function nearest(palette: readonly number[], colour: number): number {
  const [r, g, b] = parts(colour)
  let [best, least] = [0, Infinity]
  for (const [place, known] of palette.entries()) {
    const [kr, kg, kb] = parts(known)
    const far = (r - kr) ** 2 + (g - kg) ** 2 + (b - kb) ** 2
    if (far < least) [best, least] = [place, far]
  }
  return best
}

function colourAt(rgb: Uint8Array, at: number): number {
  return ((rgb[at] ?? 0) << 16) | ((rgb[at + 1] ?? 0) << 8) | (rgb[at + 2] ?? 0)
}

function parts(colour: number): readonly [number, number, number] {
  return [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255]
}

function header(width: number, height: number): Buffer {
  const body = Buffer.alloc(13)
  body.writeUInt32BE(width, 0)
  body.writeUInt32BE(height, 4)
  // Eight bits a pixel, each the number of a colour.
  body.set([8, 3], 8)
  return body
}

function chunk(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const whole = Buffer.alloc(named.length + 8)
  whole.writeUInt32BE(body.length, 0)
  whole.set(named, 4)
  whole.writeUInt32BE(crc32(named), named.length + 4)
  return whole
}
