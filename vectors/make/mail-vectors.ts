import { base64OfBytes, type Bytes, bytesOfText, concatBytes } from '#lexicon'
import type { Changed, Shelf } from './shelf.ts'

/*
 * What is sealed of a mail, opened. Every line here is written by hand from docs/formats/sealing.md, not by
 * the code that it judges.
 */

const CLIENT = '{"helo":"mx.example.net","ip":"192.0.2.7","tls":true}'
const RESULTS =
  '{"arc":"none","dkim":[{"domain":"example.net","verdict":"pass"}],"dmarc":{"domain":"example.net","policy":"reject","verdict":"pass"},"spf":{"domain":"example.net","verdict":"softfail"}}'
const LINE = `{"client":${CLIENT},"from":"reporter@example.net","results":${RESULTS},"thread":"new","to":["security@example.org"],"way":"smtp"}`
const NOBODY = '{"helo":"","ip":"","tls":false}'
const SKIPPED =
  '{"arc":"skipped","dkim":[],"dmarc":{"domain":"","policy":"","verdict":"skipped"},"spf":{"domain":"","verdict":"skipped"}}'
const IMPORTED = `{"client":${NOBODY},"from":"","results":${SKIPPED},"thread":"new","to":[],"way":"import"}`
const RAW = bytesOfText('Subject: A report\r\n\r\nIt overflows.\r\n')

export function makeMails(shelf: Shelf): void {
  acceptances(shelf)
  refusals(shelf)
}

function acceptances(shelf: Shelf): void {
  const accept = (name: string, why: string, line: string, raw: Bytes) =>
    shelf.accept('mail', name, why, {
      payload: base64OfBytes(payloadOf(line, raw)),
      facts: JSON.parse(line) as unknown,
      raw: base64OfBytes(raw),
    })
  accept('plain', 'a mail that came over SMTP', LINE, RAW)
  accept('imported', 'nobody connected, and nothing was asked', IMPORTED, RAW)
  accept('fetched', 'out of a mailbox', LINE.replace('"smtp"', '"imap"'), RAW)
  accept('nothing', 'a mail without a byte', LINE, new Uint8Array(0))
  accept(
    'any-bytes',
    'NUL, line feeds in front, no UTF-8, no end of line',
    LINE,
    Uint8Array.of(10, 10, 0, 255, 254, 13, 128),
  )
  accept('like-facts', 'a mail that begins as the line does', LINE, payloadOf(LINE, RAW))
  for (const thread of ['token', 'returned', 'reference', 'unknown'])
    accept(`thread-${thread}`, 'a word of the list', LINE.replace('"new"', `"${thread}"`), RAW)
  for (const verdict of VERDICTS)
    accept(`spf-${verdict}`, 'a word of the list', LINE.replace('softfail', verdict), RAW)
  accept('twenty-addresses', '20 members', LINE.replace(ONE, addresses(20)), RAW)
  accept('sender-of-320', '320 letters', LINE.replace(SENDER, 'a'.repeat(320)), RAW)
}

const VERDICTS = 'pass fail softfail neutral none policy temperror permerror skipped'.split(' ')
const SENDER = 'reporter@example.net'
const ONE = '["security@example.org"]'

function refusals(shelf: Shelf): void {
  const whole = (name: string, what: string, payload: Bytes, against = 'plain') => {
    const changed: Changed = { against, what }
    shelf.reject('mail', name, 'body', changed, { payload: base64OfBytes(payload) })
  }
  const no = (name: string, what: string, line: string, against = 'plain') => {
    whole(name, what, payloadOf(line, RAW), against)
  }
  whole('no-line-feed', 'the line does not end', bytesOfText(LINE))
  whole('no-line', 'the mail alone', RAW)
  whole('empty', 'nothing at all', new Uint8Array(0), 'nothing')
  whole('empty-line', 'the line is empty', payloadOf('', RAW))
  whole(
    'no-utf8',
    'a byte of the line is no UTF-8',
    concatBytes(Uint8Array.of(0xff), payloadOf(LINE, RAW)),
  )
  no('space-before', 'a space in front of the line', ` ${LINE}`)
  no('space-within', 'not canonical', LINE.replace('{"client":', '{"client": '))
  no(
    'other-order',
    'names are not in order',
    LINE.replace(`"to":${ONE},"way":"smtp"`, `"way":"smtp","to":${ONE}`),
  )
  no('carriage-return', 'the line ends in CR LF', `${LINE}\r`)
  no('a-message', 'the line of a message', '{"files":[],"text":"words","title":""}')
  no('a-list', 'a list', '[]')
  no('one-field-more', 'a field that is not of the form', LINE.replace('}', ',"x":1}'))
  no('one-field-less', 'no way', LINE.replace(',"way":"smtp"', ''))
  no('no-thread', 'the form of before', LINE.replace('"thread":"new",', ''))
  no('other-thread', 'no such thread', LINE.replace('"new"', '"old"'))
  no('other-way', 'no such way', LINE.replace('"smtp"', '"lmtp"'))
  no('way-in-capitals', 'no such way', LINE.replace('"smtp"', '"SMTP"'))
  no('tls-of-one', 'tls is a number', LINE.replace('"tls":true', '"tls":1'))
  no('other-verdict', 'no such verdict', LINE.replace('softfail', 'good'))
  no('verdict-of-nothing', 'a verdict is empty', LINE.replace('softfail', ''))
  no('policy-of-21', 'one letter too many', LINE.replace('"reject"', `"${'r'.repeat(21)}"`))
  no('sender-of-321', 'one letter too many', LINE.replace(SENDER, 'a'.repeat(321)), 'sender-of-320')
  no('helo-of-256', 'one letter too many', LINE.replace('mx.example.net', 'm'.repeat(256)))
  no('address-of-46', 'one letter too many', LINE.replace('192.0.2.7', '1'.repeat(46)))
  no('control', 'a line feed in the sender', LINE.replace(SENDER, 'a\\nb'))
  no('delete', 'U+007F in helo', LINE.replace('mx.example.net', 'm\u007f'))
  no('twenty-one-addresses', '21 members', LINE.replace(ONE, addresses(21)), 'twenty-addresses')
  no('address-of-none', 'a number among the addresses', LINE.replace(ONE, '[1]'))
  no(
    'signature-of-more',
    'a field more in dkim',
    LINE.replace('"verdict":"pass"}]', '"verdict":"pass","x":1}]'),
  )
  whole(
    'line-of-64-kib',
    'the line feed is the byte behind 64 KiB',
    payloadOf(LINE.padEnd(64 * 1024, ' '), RAW),
  )
}

function addresses(count: number): string {
  return JSON.stringify(Array.from({ length: count }, () => 'security@example.org'))
}

function payloadOf(line: string, raw: Bytes): Bytes {
  return concatBytes(bytesOfText(`${line}\n`), raw)
}
