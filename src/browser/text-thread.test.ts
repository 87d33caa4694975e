import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FromText, ToText } from '#text'
import { newTextThread } from './text-thread.ts'

/** Threads that answer when the test says so, and a clock that moves when it says so. */
function stage() {
  const started: Started[] = []
  const timers: { act: () => void; left: boolean }[] = []
  const texts = newTextThread({
    start() {
      const thread: Started = { asked: [], ended: false, hear: () => {}, fail: () => {} }
      started.push(thread)
      return {
        postMessage: (message: ToText) => thread.asked.push(nameOf(message)),
        terminate: () => (thread.ended = true),
        listen(hear, failed) {
          thread.hear = hear
          thread.fail = failed
        },
      }
    },
    later(_, act) {
      const timer = { act, left: false }
      timers.push(timer)
      return () => (timer.left = true)
    },
  })
  /** Two seconds pass. */
  const pass = () => {
    for (const { act, left } of timers.splice(0)) if (!left) act()
  }
  return { texts, started, pass }
}

function nameOf(message: ToText): string {
  return 'text' in message ? message.text : `mail of ${String(message.mail.length)}`
}

type Started = {
  readonly asked: string[]
  ended: boolean
  hear: (message: FromText) => void
  fail: () => void
}

test('no thread is started before the first text, and one reads them all in turn', async () => {
  const { texts, started } = stage()
  assert.equal(started.length, 0)
  const both = Promise.all([texts.read('a'), texts.read('b')])
  assert.deepEqual(started[0]?.asked, [])
  started[0]?.hear({ ready: true })
  assert.deepEqual(started[0]?.asked, ['a'])
  started[0]?.hear({ tree: ['A'] })
  assert.deepEqual(started[0]?.asked, ['a', 'b'])
  started[0]?.hear({ tree: ['B'] })
  assert.deepEqual(await both, [['A'], ['B']])
  assert.equal(started.length, 1)
})

test('what was read once is known', async () => {
  const { texts, started } = stage()
  assert.equal(texts.known('a'), undefined)
  const read = texts.read('a')
  started[0]?.hear({ ready: true })
  started[0]?.hear({ tree: ['A'] })
  await read
  assert.deepEqual(texts.known('a'), ['A'])
  assert.deepEqual(await texts.read('a'), ['A'])
  assert.deepEqual(started[0]?.asked, ['a'])
})

test('a text that hangs stays as it was typed, its thread ends, and the next text gets another', async () => {
  const { texts, started, pass } = stage()
  const hangs = texts.read('hangs')
  const fine = texts.read('fine')
  started[0]?.hear({ ready: true })
  pass()
  assert.equal(await hangs, null)
  assert.equal(started[0]?.ended, true)
  assert.equal(texts.known('hangs'), null)
  started[1]?.hear({ ready: true })
  assert.deepEqual(started[1]?.asked, ['fine'])
  // What the ended thread had under way is not the answer to another text.
  started[0]?.hear({ tree: ['late'] })
  started[1]?.hear({ tree: ['F'] })
  assert.deepEqual(await fine, ['F'])
})

test('a slow line is no reason to give up', async () => {
  const { texts, started, pass } = stage()
  const read = texts.read('a')
  pass()
  assert.equal(started[0]?.ended, false)
  started[0]?.hear({ ready: true })
  started[0]?.hear({ tree: ['A'] })
  assert.deepEqual(await read, ['A'])
  pass()
  assert.equal(started[0]?.ended, false)
})

test('where the thread does not load, texts stay as they were typed, and the next one tries again', async () => {
  const { texts, started } = stage()
  const both = Promise.all([texts.read('a'), texts.read('b')])
  started[0]?.fail()
  assert.deepEqual(await both, [null, null])
  assert.equal(texts.known('a'), undefined)
  void texts.read('a')
  assert.equal(started.length, 2)
})

test('forgetting ends the thread and everything that it read', async () => {
  const { texts, started } = stage()
  const read = texts.read('a')
  started[0]?.hear({ ready: true })
  started[0]?.hear({ tree: ['A'] })
  await read
  const waits = texts.read('b')
  texts.forget()
  assert.equal(await waits, null)
  assert.equal(started[0]?.ended, true)
  assert.equal(texts.known('a'), undefined)
})

test('a mail is read and is not remembered, and one that hangs ends the thread like a text', async () => {
  const { texts, started, pass } = stage()
  const read = { text: 'A', of: 'plain', cut: false, attachments: [] } as const
  const mail = texts.readMail(new Uint8Array(3))
  const file = texts.attachmentOf(new Uint8Array(4), 0)
  const hangs = texts.readMail(new Uint8Array(5))
  started[0]?.hear({ ready: true })
  started[0]?.hear({ mail: read })
  started[0]?.hear({ attachment: new Uint8Array([7]) })
  assert.deepEqual(await mail, read)
  assert.deepEqual(await file, new Uint8Array([7]))
  assert.deepEqual(started[0]?.asked, ['mail of 3', 'mail of 4', 'mail of 5'])
  pass()
  assert.equal(await hangs, null)
  assert.equal(started[0]?.ended, true)
  void texts.readMail(new Uint8Array(3))
  started[1]?.hear({ ready: true })
  assert.deepEqual(started[1]?.asked, ['mail of 3'])
})
