import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newAttachment, noteAttached, noteSending } from './report-attachments.ts'
import {
  EMPTY_FORM,
  errorsOf,
  hasContent,
  LONGEST_TEXT,
  oneLine,
  type ReportForm,
  reportOf,
} from './report-form.ts'

const FULL: ReportForm = {
  project: 'example-project',
  kind: 'exploited',
  text: 'A crafted header exhausts memory.',
  name: 'finder',
  contact: 'finder@example.org',
  explained: true,
}

test('an empty form says what is missing, in the order of the page', () => {
  assert.deepEqual(Object.keys(errorsOf(EMPTY_FORM, [])), ['project', 'text', 'explained'])
})

test('a full form, and one without name and address, can be sent', () => {
  assert.deepEqual(errorsOf(FULL, []), {})
  assert.deepEqual(errorsOf({ ...FULL, name: '', contact: '' }, []), {})
})

test('an address is whole or absent', () => {
  const bad = ['finder', 'finder@', '@example.org', 'a b@example.org', 'a@b', 'a@b@example.org']
  for (const contact of bad)
    assert.match(errorsOf({ ...FULL, contact }, []).contact ?? '', /leave the field empty/, contact)
  for (const contact of ['f@example.org', ' f.g+h@mail.example.org ', 'ö@exämple.org', ' '])
    assert.equal(errorsOf({ ...FULL, contact }, []).contact, undefined, contact)
})

test('a text that only looks empty is empty, and one that is too long is refused before it is sealed', () => {
  assert.ok(errorsOf({ ...FULL, text: ' \n\t' }, []).text)
  assert.equal(errorsOf({ ...FULL, text: 'x'.repeat(LONGEST_TEXT) }, []).text, undefined)
  assert.match(errorsOf({ ...FULL, text: 'ä'.repeat(LONGEST_TEXT) }, []).text ?? '', /Attach/)
})

test('a file that did not arrive keeps the report back, and names itself', () => {
  const file = new File(['x'], 'core.dump')
  const failed = noteAttached([newAttachment('1', file)], '1', {
    code: 'unreachable',
    message: '',
    check: '',
    evidence: [],
  })
  assert.match(errorsOf(FULL, failed).files ?? '', /core\.dump/)
  const sent = noteAttached(noteSending(failed, '1'), '1', undefined)
  assert.equal(errorsOf(FULL, sent).files, undefined)
  const many = Array.from({ length: 51 }, (_, n) => newAttachment(String(n), file))
  assert.match(errorsOf(FULL, many).files ?? '', /50 files/)
})

test('anything typed or chosen would be lost; a choice among given ones would not', () => {
  assert.equal(hasContent(EMPTY_FORM, []), false)
  assert.equal(hasContent({ ...EMPTY_FORM, kind: 'question', explained: true }, []), false)
  for (const field of ['project', 'text', 'name', 'contact'] as const)
    assert.equal(hasContent({ ...EMPTY_FORM, [field]: 'x' }, []), true)
  assert.equal(hasContent(EMPTY_FORM, [newAttachment('1', new File([], 'a'))]), true)
})

test('project, name and address leave as one visible line, whatever was pasted', () => {
  assert.equal(oneLine('  a\r\nb\u202E\u200Bc\u0000 d '), 'a bc d')
  assert.equal(oneLine('क\u200D्ष'), 'क\u200D्ष')
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const line = oneLine(text)
      assert.doesNotMatch(line, /[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u)
      assert.equal(line, line.trim())
      assert.equal(oneLine(line), line)
    }),
  )
})

test('the text itself is sealed as it was typed', () => {
  const text = '  # Title \r\n\ttab\u200B\n'
  assert.equal(reportOf({ ...FULL, text }).text, text)
})
