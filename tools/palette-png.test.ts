import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { palettePng } from './palette-png.ts'

test('a picture of few colours keeps every pixel, whatever filter each row had', () => {
  const width = 5
  const colours = [0x102030, 0xffffff, 0x00ff80, 0x0a0b0c]
  const pixels = Array.from({ length: width * 5 }, (_, i) => colours[(i * 7) % 4] ?? 0)
  for (const filter of [0, 1, 2, 3, 4]) {
    const { palette, places } = readPalette(palettePng(rgbPng(width, pixels, filter)), width)
    const seen = places.map((place) => palette[place])
    assert.deepEqual(seen, pixels, `filter ${filter}`)
  }
})

test('of more than 256 colours the frequent ones stay, and the others become near ones', () => {
  const width = 40
  const greys = Array.from({ length: 400 }, (_, i) => (i < 256 ? i * 0x010101 : 0x7f7f7f))
  const pixels = [...greys, ...Array.from({ length: 40 }, () => 0x808081)]
  const { palette, places } = readPalette(palettePng(rgbPng(width, pixels, 0)), width)
  assert.equal(palette.length, 256)
  assert.equal(palette[places.at(-1) ?? -1], 0x808081)
  const off = pixels.map((colour, i) =>
    Math.abs((colour & 255) - ((palette[places[i] ?? 0] ?? 0) & 255)),
  )
  assert.ok(Math.max(...off) <= 1, `a shade is off by ${Math.max(...off)}`)
})

test('a picture of another kind is refused', () => {
  const grey = rgbPng(1, [0], 0)
  grey[25] = 0
  assert.throws(() => palettePng(grey), /no plain picture/)
})

function rgbPng(width: number, pixels: readonly number[], filter: number): Buffer {
  const height = pixels.length / width
  const line = width * 3
  const raw = Buffer.from(
    pixels.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]),
  )
  const rows: number[] = []
  const at = (y: number, x: number) => (y < 0 || x < 0 ? 0 : (raw[y * line + x] ?? 0))
  for (let y = 0; y < height; y++) {
    rows.push(filter)
    for (let x = 0; x < line; x++) {
      const [left, up, corner] = [at(y, x - 3), at(y - 1, x), x < 3 ? 0 : at(y - 1, x - 3)]
      const near = [left, up, corner].toSorted(
        (a, b) => Math.abs(left + up - corner - a) - Math.abs(left + up - corner - b),
      )[0]
      const guess = [0, left, up, (left + up) >> 1, near ?? 0][filter] ?? 0
      rows.push((at(y, x) - guess) & 255)
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks])
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), body])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

function readPalette(png: Buffer, width: number) {
  const found = new Map<string, Buffer>()
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    const named = png.subarray(at + 4, at + 8 + length)
    assert.equal(png.readUInt32BE(at + 8 + length), crc32(named))
    found.set(named.toString('latin1', 0, 4), named.subarray(4))
    at += length + 12
  }
  const colours = found.get('PLTE') ?? Buffer.alloc(0)
  const palette = Array.from({ length: colours.length / 3 }, (_, i) => colours.readUIntBE(i * 3, 3))
  const rows = inflateSync(found.get('IDAT') ?? Buffer.alloc(0))
  const places = [...rows].filter((_, i) => i % (width + 1) !== 0)
  return { palette, places }
}
