import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesOfText } from './bytes.ts'
import { HEADER_BOUNDS, headerValues, readMailHeaders } from './mail-headers.ts'

const headers = (text: string) => readMailHeaders(bytesOfText(text))

test('fields are unfolded, in order, and named in lower case', () => {
  const mail =
    'Subject: one\r\n two\r\n\tthree\r\nFROM : a@example.org\r\nsubject:\r\n\r\nTo: body\r\n'
  const read = headers(mail)
  assert.deepEqual(headerValues(read, 'subject'), ['one two\tthree', ''])
  assert.deepEqual(headerValues(read, 'from'), ['a@example.org'])
  assert.deepEqual(headerValues(read, 'to'), [])
  assert.equal(read.whole, true)
  assert.equal(mail.slice(read.end), 'To: body\r\n')
})

test('lines may end in LF alone, a head may be all there is, and the body may be empty', () => {
  assert.deepEqual(headers('A: 1\nB: 2\n\nC: 3'), {
    fields: [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ],
    end: 11,
    whole: true,
    plain: true,
  })
  assert.equal(headers('A: 1').whole, true)
  assert.equal(headers('').whole, true)
  assert.deepEqual(headers('\r\nA: 1').fields, [])
})

test('what is no field is passed over with its continuation, and what follows is still read', () => {
  const read = headers(
    'From someone Sat\n kept out\nA: 1\n no colon\nnothing here\n nor here\nB: 2\n\n',
  )
  assert.deepEqual(
    read.fields.map(({ name }) => name),
    ['a', 'b'],
  )
  assert.deepEqual(headerValues(read, 'a'), ['1 no colon'])
})

test('a head beyond the bounds is read as far as they go, and says so', () => {
  const many = headers(`${'A: 1\n'.repeat(HEADER_BOUNDS.lines + 5)}\n`)
  assert.equal(many.whole, false)
  assert.equal(many.fields.length, HEADER_BOUNDS.lines)
  const long = headers(`A: 1\nB: ${'x'.repeat(HEADER_BOUNDS.bytes)}\nC: 2\n\n`)
  assert.equal(long.whole, false)
  assert.deepEqual(
    long.fields.map(({ name }) => name),
    ['a'],
  )
})

test('any bytes are read without a throw, and the body begins within them', () => {
  const bytes = fc.uint8Array({ maxLength: 400 })
  fc.assert(
    fc.property(bytes, (mail) => {
      const { end, fields } = readMailHeaders(mail)
      assert.ok(end <= mail.length)
      for (const { name, value } of fields) assert.ok(name !== '' && !value.includes('\n'))
    }),
  )
})

test('a line that others may read as a field is said, whoever it is a field to', () => {
  for (const strange of [
    'From\r\n : a@example.org',
    ' : b',
    'no field',
    ': c',
    '\tfolded',
    'A b: 1',
  ])
    assert.equal(headers(`${strange}\r\nTo: d\r\n\r\n`).plain, false, strange)
  assert.equal(headers('From: a\r\n b\r\nX-Y :c\r\n\r\n').plain, true)
})
