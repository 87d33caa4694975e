import type { TestEvent } from 'node:test/reporters'

/**
 * For node --test, which finds it by path: one JSON line per skipped test, and one with the counts.
 * @public
 */
export default async function* reporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type === 'test:pass' || type === 'test:fail') {
      const reason = data.skip ?? data.todo
      if (reason === undefined || reason === false) continue
      const why = typeof reason === 'string' && reason !== '' ? reason : 'no reason given'
      yield `${JSON.stringify({ skipped: data.name, why })}\n`
    } else if (type === 'test:summary' && data.file === undefined) {
      const { tests, passed, skipped, todo } = data.counts
      // Whatever did not pass and was not left out has failed, cancelled ones too.
      const counts = { passed, failed: tests - passed - skipped - todo }
      yield `${JSON.stringify({ counts })}\n`
    }
  }
}
