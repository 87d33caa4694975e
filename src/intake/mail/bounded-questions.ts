import { setTimeout as pause } from 'node:timers/promises'

/** Asks the DNS for the records of a name. Its errors have the codes of `node:dns`. */
export type Resolve = (name: string, type: string) => Promise<string[] | string[][]>

/**
 * A mail names the names. Node.js hands them to C, where a NUL ends a name and a backslash takes a dot its
 * meaning: `selector.evil.example.\0.bank.example` would be answered by evil.example.
 */
const NAME = /^[\w./*-]{1,254}$/

/** A mail names the domains that we ask about: so many questions, in all. */
const MOST_QUESTIONS = 60

/**
 * All questions for one mail together: each asked once, not more of them than somebody honest causes, and
 * from the first one on so much time. Behind that every answer is late, which the checks report as
 * temperror: no mail waits for a name server that its sender chose.
 */
export function boundedQuestions(resolve: Resolve, within: number): Resolve {
  const asked = new Map<string, ReturnType<Resolve>>()
  let late: Promise<never> | undefined
  return async (name, type) => {
    if (!NAME.test(name)) throw nobody()
    const question = `${type} ${name.toLowerCase()}`
    const known = asked.get(question)
    if (known === undefined && asked.size >= MOST_QUESTIONS) throw timeout()
    late ??= tooLate(within)
    const answer = known ?? Promise.race([resolve(name, type), late])
    asked.set(question, answer)
    return answer
  }
}

function tooLate(within: number): Promise<never> {
  const late = pause(within, undefined, { ref: false }).then((): never => {
    throw timeout()
  })
  // Heard by whoever waits then; mostly nobody does.
  late.catch(() => undefined)
  return late
}

function nobody(): Error {
  return Object.assign(new Error('nobody has such a name'), { code: 'ENOTFOUND' })
}

function timeout(): Error {
  return Object.assign(new Error('the time for questions is over'), { code: 'ETIMEOUT' })
}
