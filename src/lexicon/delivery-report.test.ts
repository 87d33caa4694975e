import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfText, readDeliveryReport, readMailHeaders } from './index.ts'

function report(body: string) {
  const raw = bytesOfText(`From: a@example.org\r\nStatus: 5.9.9\r\n\r\n${body}`)
  return readDeliveryReport(raw, readMailHeaders(raw))
}

const part = (lines: string) =>
  `--b\r\n\r\nwords\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\n${lines}`

test('a report of a delivery says what became of it', () => {
  const one = 'Final-Recipient: rfc822; a@b\r\nAction: failed\r\nStatus: 5.1.1 (no such user)\r\n'
  assert.deepEqual(report(part(one)), { action: 'failed', status: '5.1.1' })
  assert.deepEqual(report(part('action: Delayed\nstatus:4.4.7\n').replaceAll('\r\n', '\n')), {
    action: 'delayed',
    status: '4.4.7',
  })
  const two = 'Final-Recipient: rfc822; a@b\r\nAction: relayed\r\nStatus: 2.0.0\r\n\r\n'
  assert.deepEqual(report(part(`${two}${one}`)), { action: 'failed', status: '5.1.1' })
})

test('nothing is read from the head, from what was sent, or from a form that is none', () => {
  const none = { action: '', status: '' }
  assert.deepEqual(report('Action: failed\r\nStatus: 5.1.1\r\n'), none)
  assert.deepEqual(
    report(part('Action: <b>failed\r\nStatus: 5.1.1;DROP\r\n').replace('5.1.1', '9.1.1')),
    none,
  )
  const back =
    'Action: delayed\r\nStatus: 4.0.0\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n'
  assert.deepEqual(report(part(back)), { action: 'delayed', status: '4.0.0' })
  assert.deepEqual(report(`${'x'.repeat(70_000)}${part('Action: failed\r\n')}`), none)
})
