import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesOfText } from '#lexicon'
import { checkSecurityTxt, momentOf } from './check-security-txt.ts'
import { readSecurityTxt, valuesOf } from './read-security-txt.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')
const GIVEN = '../shared'
const given = existsSync(join(GIVEN, 'corpora/sectxt/cases.json'))
const skip = given ? false : 'the given corpus is not here'

const SOUND = `Contact: https://example.org/report
Expires: 2027-05-01T00:00:00Z
Canonical: https://example.org/.well-known/security.txt
`
/** A signature packet of no key: what is signed is checked by whoever has one. */
const ARMOR = `-----BEGIN PGP SIGNATURE-----

iHUEABYKAB0WIQQAAAAAAAAAAAAAAAAAAAAAAAAAAAUCZzAAAAAKCRAAAAAAAAAA
AAAA
=abcd
-----END PGP SIGNATURE-----
`

function signed(text: string): string {
  return `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${text}${ARMOR}`
}

function codes(text: string | Uint8Array, more: object = {}): string[] {
  const bytes = typeof text === 'string' ? bytesOfText(text) : text
  return checkSecurityTxt(bytes, { now: NOW, ...more }).findings.map(
    ({ level, code }) => `${level} ${code}`,
  )
}

function errors(text: string, more: object = {}): string[] {
  return codes(text, more)
    .filter((each) => each.startsWith('error '))
    .map((each) => each.slice(6))
}

test('a sound file has no error, signed or not, with either line end', () => {
  assert.deepEqual(codes(signed(SOUND)), [])
  assert.deepEqual(codes(SOUND), ['recommendation not_signed'])
  assert.deepEqual(errors(SOUND.replaceAll('\n', '\r\n')), [])
  assert.deepEqual(errors(signed(SOUND).replaceAll('\n', '\r\n')), [])
  assert.deepEqual(errors(`# a comment\n   \n${SOUND}\n`), [])
})

test('every case of the given corpus has its finding', { skip }, () => {
  const { cases } = JSON.parse(readFileSync(join(GIVEN, 'corpora/sectxt/cases.json'), 'utf8')) as {
    cases: [string, string][]
  }
  assert.ok(cases.length >= 14)
  const whole: Readonly<Record<string, string>> = {
    '<signed example>': signed(SOUND),
    '<signed example without Canonical>': signed(SOUND.replace(/^Canonical.*\n/m, '')),
    "<signed example, dash-escaped '- Expires'>": signed(SOUND.replace('Expires', '- Expires')),
  }
  for (const [input, expected] of cases) {
    const text = whole[input] ?? input.replace('<year+3>', '2029')
    const found = codes(text)
    if (expected === 'valid') assert.deepEqual(found, [], input)
    const [level, ...wanted] = expected === 'valid' ? [''] : expected.split(/,? /)
    for (const code of wanted)
      assert.ok(found.includes(`${level} ${code}`), `${input}: ${found.join()}`)
  }
})

/** What is wrong with each file that somebody really published, judged on one day. */
const REAL: Readonly<Record<string, readonly string[]>> = {
  '2fa.directory.security.txt': ['expired'],
  'certcc-vince.security.txt': ['no_line_separators'],
  'curl.se.security.txt': ['no_expire'],
  'getkirby.com.security-2027.txt': [],
  'jazzband.co.security.txt.tpl': ['expired'],
  'jupyter.org.security-7cf006a.txt': ['no_expire'],
  'jupyter.org.security-cb7b6d8.txt': ['no_expire'],
  'jupyter.org.security-f15790f.txt': ['no_expire'],
  'jupyter.org.security.txt': ['no_expire'],
  'nodemailer-mailparser.SECURITY.txt': [],
  'securitytxt.org.unsigned-body.txt': ['expired'],
}

test('every given real file is judged', { skip }, () => {
  const files = globSync(join(GIVEN, 'data/securitytxt/*'))
  assert.ok(files.length >= 11)
  for (const file of files) {
    const name = basename(file)
    const { findings, signed: isSigned } = checkSecurityTxt(readFileSync(file), { now: NOW })
    const wrong = findings.filter(({ level }) => level === 'error').map(({ code }) => code)
    assert.deepEqual(wrong, REAL[name], name)
    assert.equal(isSigned, /kirby|mailparser/.test(name), name)
  }
  const vince = codes(readFileSync(join(GIVEN, 'data/securitytxt/certcc-vince.security.txt')))
  assert.ok(vince.includes('recommendation long_expiry'))
  const jupyter = codes(readFileSync(join(GIVEN, 'data/securitytxt/jupyter.org.security.txt')))
  assert.ok(jupyter.includes('recommendation no_encryption'))
})

const contact = (value: string) => SOUND.replace('https://example.org/report', value)
const expires = (value: string) => SOUND.replace('2027-05-01T00:00:00Z', value)

test('each fault has its name', () => {
  const faults: readonly (readonly [text: string, ...expected: readonly string[]])[] = [
    ['', 'no_contact', 'no_expire'],
    ['Contact\nExpires: 2027-05-01T00:00:00Z\n', 'no_contact', 'invalid_line'],
    [SOUND.trimEnd(), 'no_line_separators'],
    [`\u{feff}${SOUND}`, 'bom_in_file'],
    [SOUND.replaceAll('\n', '\r'), 'no_contact', 'no_expire', 'no_line_separators', 'invalid_line'],
    [`${SOUND}Expires: 2027-05-01T00:00:00Z\n`, 'multi_expire'],
    [`${SOUND}Preferred-Languages: en\nPreferred-Languages: fr\n`, 'multi_lang'],
    [`${SOUND}Preferred-Languages: en; fr\n`, 'invalid_lang'],
    [`${SOUND}Preferred-Languages: english please\n`, 'invalid_lang'],
    [`${SOUND}CSAF: https://example.org/csaf/\n`, 'no_csaf_file'],
    [`${SOUND}Policy: http://example.org/\n`, 'no_https'],
    [`${SOUND}Po licy: https://example.org/\n`, 'invalid_line'],
    [`${SOUND}Policy:\thttps://example.org/\n`, 'invalid_line'],
    [contact('mailto:nobody'), 'no_uri'],
    [contact('mailto:a b@example.org'), 'no_uri'],
    [contact('https://'), 'no_uri'],
    [contact('{{ mail }}'), 'template'],
    [contact('https://example.org/\u{0}'), 'no_contact', 'invalid_line'],
    [expires('2027-02-30T00:00:00Z'), 'invalid_expiry'],
    [expires('2027-05-01T24:00:00Z'), 'invalid_expiry'],
    [expires('2027-05-01'), 'invalid_expiry'],
    [expires('2027-05-01T00:00:00'), 'invalid_expiry'],
    [expires('2027-05-01T00:00Z'), 'expiry_without_seconds'],
    [expires('2026-11-22T12:00:00Z'), 'expired'],
    [`before\n${signed(SOUND)}`, 'data_before_signed'],
    [`${signed(SOUND)}Contact: mailto:attacker@example.org\n`, 'data_after_sig'],
    [
      signed(SOUND).replace('Hash: SHA512', 'Comment: Contact: https://evil.example/'),
      'signed_format_issue',
    ],
    [signed(SOUND).replace('Contact', '-Contact'), 'no_contact', 'signed_format_issue'],
    [signed(SOUND).replace(/i[A-Za-z0-9/+]{63}/, '????'), 'pgp_data_error'],
    [signed(SOUND).replace('-----END PGP SIGNATURE-----\n', ''), 'signed_format_issue'],
    [signed(signed(SOUND)), 'signed_format_issue'],
    [`${' '.repeat(40_000)}${SOUND}`, 'too_large'],
  ]
  for (const [text, ...expected] of faults)
    for (const code of expected)
      assert.ok(
        errors(text).includes(code),
        `${code}: ${errors(text).join()}\n${text.slice(0, 200)}`,
      )
  assert.deepEqual(codes(Uint8Array.of(0x43, 0xff, 0x0a)), ['error utf8'])
})

test('what is no error is said too', () => {
  assert.ok(codes(expires('2026-12-10T00:00:00Z')).includes('notification expires_soon'))
  assert.ok(codes(expires('2027-11-24T00:00:00+01:00')).includes('recommendation long_expiry'))
  assert.ok(codes(contact('xmpp:security@example.org')).includes('notification unusual_contact'))
  assert.ok(codes(`${SOUND}Greeting: hello\n`).includes('notification unknown_field'))
  assert.ok(codes(contact('mailto:a@example.org')).includes('recommendation no_encryption'))
})

test('where it was found is judged, redirects too', () => {
  const home = 'https://example.org/.well-known/security.txt'
  const found = (from: readonly string[], more: object = {}) =>
    codes(SOUND, { from, contentType: 'text/plain; charset=utf-8', ...more }).filter(
      (each) => !each.endsWith('not_signed'),
    )
  assert.deepEqual(found([home]), [])
  assert.deepEqual(found(['https://other.example/.well-known/security.txt']), [
    'error no_canonical_match',
  ])
  assert.deepEqual(found(['https://other.example/.well-known/security.txt', home]), [
    'recommendation redirected_away',
  ])
  assert.deepEqual(found([home, 'http://example.org/.well-known/security.txt']), [
    'error invalid_uri_scheme',
  ])
  assert.ok(
    found(['https://example.org/security.txt', home]).includes('recommendation legacy_location'),
  )
  assert.ok(
    found(['https://example.org/security.txt', home], { fellBack: true }).includes(
      'error location',
    ),
  )
  assert.ok(found(['https://example.org/security', home]).includes('error location'))
  assert.deepEqual(found([home], { contentType: 'text/html; charset=utf-8' }), [
    'error invalid_media',
  ])
  assert.deepEqual(found([home], { contentType: 'text/plain; charset=latin1' }), [
    'error invalid_charset',
  ])
  assert.deepEqual(found([home], { contentType: null }), ['error no_content_type'])
})

test('what is inside a clear signature is read with its dashes restored, and nothing around it', () => {
  const read = readSecurityTxt(
    bytesOfText(`${signed('- Contact: https://a.example/\n')}Contact: https://b.example/\n`),
  )
  assert.deepEqual(valuesOf(read, 'contact'), ['https://a.example/'])
})

test('whatever the bytes are, an answer comes', () => {
  const piece = fc.constantFrom(
    'Contact',
    ':',
    ' ',
    '\n',
    '\r',
    '-----BEGIN PGP SIGNED MESSAGE-----',
    ARMOR,
    '- ',
    'CSAF: https:x',
    'CSAF: mailto:a@b',
    '\u{0}',
    '%',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), (parts) => {
      checkSecurityTxt(bytesOfText(parts.join('')), { now: NOW })
    }),
  )
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void checkSecurityTxt(bytes, { now: NOW })))
})

test('a moment is read as RFC 3339 has it', () => {
  assert.equal(momentOf('2027-01-01T00:00:00z'), Date.parse('2027-01-01T00:00:00Z'))
  assert.equal(momentOf('2027-01-01t00:00:00.5+01:00'), Date.parse('2026-12-31T23:00:00.500Z'))
  assert.equal(momentOf('2027-13-01T00:00:00Z'), undefined)
})
