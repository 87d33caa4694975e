import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfText, DAY, timeOf } from '#lexicon'
import { PublicationError } from '../publication-error.ts'
import { checkSecurityTxt } from './check-security-txt.ts'
import { renewalAlarm } from './renewal-alarm.ts'
import { type SecurityTxtSettings, writeSecurityTxt } from './write-security-txt.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')
const SETTINGS: SecurityTxtSettings = {
  contact: ['https://desk.example.org/report', 'mailto:security@example.org'],
  expires: '2027-09-01T00:00:00Z',
  encryption: ['https://desk.example.org/mail-key.asc'],
  acknowledgments: ['https://desk.example.org/thanks/'],
  languages: ['en', 'fr'],
  canonical: ['https://desk.example.org/.well-known/security.txt'],
  policy: ['https://desk.example.org/security/'],
  csaf: ['https://desk.example.org/.well-known/csaf/provider-metadata.json'],
  desk: { id: 'ab'.repeat(32), words: 'abandon ability able' },
}

function refusal(write: () => unknown): string {
  try {
    write()
  } catch (error) {
    if (error instanceof PublicationError) return error.code
    throw error
  }
  return ''
}

test('what is written is sound, and says whose it is', () => {
  const text = writeSecurityTxt(SETTINGS, NOW, Infinity)
  const { findings, comments } = checkSecurityTxt(bytesOfText(text), {
    now: NOW,
    from: ['https://desk.example.org/.well-known/security.txt'],
  })
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['not_signed'],
  )
  assert.ok(comments.includes(`Desk: ${'ab'.repeat(32)}`))
  assert.ok(comments.includes('Words: abandon ability able'))
  for (const line of ['Contact: https://desk.example.org/report', 'Preferred-Languages: en, fr'])
    assert.ok(text.includes(`${line}\n`))
})

test('it is refused one day before it would outlive its key', () => {
  const expires = '2027-09-01T00:00:00Z'
  const end = Date.parse(expires)
  const write = (keyExpires: number) => refusal(() => writeSecurityTxt(SETTINGS, NOW, keyExpires))
  assert.equal(write(end + DAY), '')
  assert.equal(write(end + DAY - 1), 'outlives-key')
  assert.equal(write(end - 1), 'outlives-key')
})

test('it is believed for less than a year, and not in the past', () => {
  const write = (at: number) =>
    refusal(() => writeSecurityTxt({ ...SETTINGS, expires: timeOf(at) }, NOW, Infinity))
  assert.equal(write(NOW + 365 * DAY), 'expires-too-late')
  assert.equal(write(NOW + 364 * DAY), '')
  assert.equal(write(NOW), 'expired-already')
  const odd = { ...SETTINGS, expires: 'tomorrow' }
  assert.equal(
    refusal(() => writeSecurityTxt(odd, NOW, Infinity)),
    'security-txt',
  )
})

test('a value cannot bring a line of its own, nor what a reader would call an error', () => {
  for (const contact of [
    'mailto:a@example.org\nContact: mailto:b@example.org',
    'mailto:a@example.org\u{202e}',
    'http://example.org/',
    'security@example.org',
  ])
    assert.equal(
      refusal(() => writeSecurityTxt({ ...SETTINGS, contact: [contact] }, NOW, Infinity)),
      'security-txt',
    )
  assert.equal(
    refusal(() => writeSecurityTxt({ ...SETTINGS, contact: [] }, NOW, Infinity)),
    'security-txt',
  )
})

test('its end is announced a month, two weeks and three days before', () => {
  const end = Date.parse(SETTINGS.expires)
  const left = (days: number) => renewalAlarm(end, end - days * DAY)
  assert.deepEqual([31, 30, 15, 14, 4, 3, 0, -5].map(left), [undefined, 30, 30, 14, 14, 3, 3, 3])
})
