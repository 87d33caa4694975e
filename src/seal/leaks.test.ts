import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newCode, recoveryKeys } from './code.ts'
import { idsIn, LEAK_CODES, LEAK_WORDS, type LeakCode, leaksIn, mailAddressesIn } from './leaks.ts'

const code = newCode(new Uint8Array(16).fill(7))
const words = code.words.split(' ')

const PLANTED: Readonly<Record<Exclude<LeakCode, 'case-id'>, readonly string[]>> = {
  'hidden-letters': [
    'a\u200bb',
    'a\u202eb',
    '\ufeffa',
    'a\0b',
    'a\u{e0041}b',
    'a\x1b[2Jb',
    'sec\u00adurity',
    'a\u200cb',
    'a\u200db',
    'a\u061cb',
    'a\u3164b',
    'a\ufe0fb',
    'a\u{e0100}b',
  ],
  'secret-key': [
    '-----BEGIN PGP PRIVATE KEY BLOCK-----',
    '> -----BEGIN OPENSSH PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN EC PRIVATE KEY-----',
    `AGE-SECRET-KEY-1${'Q'.repeat(58)}`,
  ],
  'sealed-message': ['-----BEGIN PGP MESSAGE-----', '    -----BEGIN PGP MESSAGE, PART 01/02-----'],
  'twelve-words': [
    code.words,
    `Your receipt: ${code.words}.`,
    words.map((word, i) => `${i + 1}. ${word}`).join('\n'),
    words.map((word) => `**${word.toUpperCase()}**`).join(' | '),
    `able about ${code.words} zoo`,
  ],
  token: [
    `Authorization: Bearer ${recoveryKeys(code, '0'.repeat(64)).auth}`,
    `ghp_${'a1'.repeat(18)}`,
    `github_pat_${'a1'.repeat(20)}`,
    'AKIAIOSFODNN7EXAMPLE',
    `session=${'0f'.repeat(32)}`,
    `"password": "${'a1'.repeat(12)}"`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.${'a'.repeat(43)}`,
  ],
  'thread-address': [
    `security+r${'a2'.repeat(13)}@example.org`,
    `S+B${'A2'.repeat(13)}@example.org`,
  ],
  address: ['Write to volunteer.one@example.net today.', 'mailto:Private@example.net'],
}

test('each kind of leak is found, with the line', () => {
  for (const [kind, texts] of Object.entries(PLANTED))
    for (const text of texts) {
      const known = kind === 'address' ? { words: '', addresses: new Set<string>() } : { words: '' }
      const found = leaksIn(`# A guide\n\nFirst words.\n${text}\nMore.\n`, known)
      assert.ok(
        found.some((leak) => leak.code === kind && leak.line === 4),
        `${kind} in ${text}: ${JSON.stringify(found)}`,
      )
    }
})

test('plain guides, keys and signed texts are no leaks', () => {
  const plain = [
    'Report it by the form, or by mail to security@example.org. We answer within seven days.\r\n\ttab',
    '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nContact: mailto:security@example.org\n',
    '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxjMEZ\n-----END PGP PUBLIC KEY BLOCK-----\n',
    'The session: ends after a while. A password: never by mail. Use a bearer token.',
    words.slice(0, 11).join(' '),
    [...words.slice(1), words[0]].join(' '),
    `${words.slice(0, 6).join(' ')} xyzzy ${words.slice(6).join(' ')}`,
    `sha256: ${'0f'.repeat(32)}`,
    `This desk’s words: ${newCode(new Uint8Array(16).fill(9)).words}`,
  ]
  const known = {
    words: newCode(new Uint8Array(16).fill(9)).words,
    addresses: new Set(['security@example.org']),
  }
  for (const text of plain) assert.deepEqual(leaksIn(text, known), [], text)
  assert.deepEqual(
    leaksIn('Write to anybody@example.net.', { words: '' }),
    [],
    'addresses are looked at where asked',
  )
})

test('each has a sentence, and none of them quotes what was found', () => {
  assert.ok(LEAK_CODES.every((each) => LEAK_WORDS[each].endsWith('.')))
  const found = leaksIn(`${code.words}\n`, { words: '' })
  assert.ok(!words.some((word) => word.length > 4 && JSON.stringify(found).includes(word)))
})

test('ids and addresses in a text', () => {
  const id = '0F'.repeat(32)
  assert.deepEqual(idsIn(`case ${id}, again ${id.toLowerCase()}, longer ${id}0`), [
    id.toLowerCase(),
  ])
  assert.deepEqual([...mailAddressesIn('A <Team@Example.org>, b@c.')], ['team@example.org'])
})

const MEGABYTE = 1024 * 1024
const filled = (unit: string) => unit.repeat(Math.ceil(MEGABYTE / unit.length)).slice(0, MEGABYTE)

test('a text of a megabyte is looked through quickly, whatever it was made for', () => {
  const rows = Array.from({ length: 16_000 }, (_, i) => words[(i * i + (i >> 3)) % 12])
  for (const text of [
    filled(`${'a'.repeat(40)} about able@ +r `),
    filled('eyJ-'),
    filled(`.eyJ${'a'.repeat(10)}-eyJ`),
    filled(`eyJ${'a'.repeat(10)}.`),
    filled('zoo '),
    filled('add act '),
    filled(`${rows.join(' ')} `),
    filled('session = '),
    filled('-----BEGIN PGP '),
    filled('a@a.'),
    filled(`a@${`${'-'.repeat(60)}.`.repeat(9)}`),
    filled('0f'),
  ]) {
    const before = performance.now()
    leaksIn(text, { words: '', addresses: new Set() })
    idsIn(text)
    const took = performance.now() - before
    assert.ok(took < 3000, `${text.slice(0, 40)} took ${Math.round(took)} ms`)
  }
})

test('the desk’s own words hide nothing beside them, and nothing beside them makes a leak of them', () => {
  const own = newCode(new Uint8Array(16).fill(9)).words
  for (const beside of [
    'begin',
    'able',
    'zoo',
    'abandon',
    'about',
    'zone',
    'young',
    'yard',
    'wood',
  ])
    for (const text of [
      `# Words: ${own}\n-----${beside}`,
      `${beside} ${own}`,
      `${beside}\n${own} ${beside}`,
    ])
      assert.deepEqual(leaksIn(text, { words: own }), [], text)
  for (const text of [`${own} ${code.words}`, `${code.words} ${own}`])
    assert.deepEqual(
      leaksIn(text, { words: own }).map((leak) => leak.code),
      ['twelve-words'],
    )
})

test('hundreds of rows of such words that do not belong together are not searched to the end', () => {
  const rows = Array.from({ length: 600 }, (_, n) =>
    [...words.slice(n % 12), ...words.slice(0, n % 12)]
      .with(Math.floor(n / 12) % 12, words[n % 7] ?? '')
      .join(' '),
  )
  const wrong = [...new Set(rows)].filter((row) => leaksIn(row, { words: '' }).length === 0)
  assert.ok(wrong.length > 400, String(wrong.length))
  const found = (count: number) =>
    leaksIn(wrong.slice(0, count).join(' xyzzy '), { words: '' }).map((leak) => leak.code)
  assert.deepEqual(found(400), [])
  assert.deepEqual(found(401), ['twelve-words'])
})
