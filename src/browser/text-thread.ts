import type { FromText, ToText, Tree } from '#text'

/** What this needs of a worker. */
export type Thread = {
  readonly postMessage: (message: ToText) => void
  readonly terminate: () => void
  readonly listen: (hear: (message: FromText) => void, failed: () => void) => void
}

export type TextThreadDeps = {
  /** Starts the worker; not called before the first text. */
  readonly start: () => Thread
  /** Does something later; returns how to leave it. */
  readonly later: (milliseconds: number, act: () => void) => () => void
}

export type TextThread = {
  /** What is known of a text: its tree; `null`: it stays as it was typed; `undefined`: ask. */
  readonly known: (text: string) => Tree | null | undefined
  readonly read: (text: string) => Promise<Tree | null>
  /** Forgets every text, and the thread with them. */
  readonly forget: () => void
}

/** A text that takes longer is made to hang: it is shown as it was typed. */
const LONGEST = 2000
/** So many texts are remembered, so that scrolling back does not read them anew. */
const REMEMBERED = 400

type Asked = { readonly text: string; readonly answer: (tree: Tree | null) => void }

/**
 * Reads strangers' texts in a thread of their own, one after the other. A text that hangs ends the thread
 * and costs nobody else more than those two seconds: the next one gets a new thread.
 */
export function newTextThread({ start, later }: TextThreadDeps): TextThread {
  const trees = new Map<string, Tree | null>()
  let line: Asked[] = []
  let thread: Thread | undefined
  let ready = false
  let busy = false
  let stopWaiting = () => {}

  const end = () => {
    stopWaiting()
    thread?.terminate()
    thread = undefined
    ready = false
    busy = false
  }

  const done = (tree: Tree | null) => {
    stopWaiting()
    busy = false
    const asked = line.shift()
    if (asked === undefined) return
    remember(trees, asked.text, tree)
    asked.answer(tree)
    next()
  }

  const hear = (message: FromText) => {
    if ('ready' in message) {
      ready = true
      next()
    } else done(message.tree)
  }

  const open = () => {
    const opened = start()
    thread = opened
    // What an ended thread had under way still arrives.
    const heard = (act: () => void) => {
      if (thread === opened) act()
    }
    opened.listen(
      (message) => heard(() => hear(message)),
      () => heard(fail),
    )
  }

  /** It did not load: every text stays as it was typed, and the next one tries again. */
  const fail = () => {
    end()
    const waiting = line
    line = []
    for (const { answer } of waiting) answer(null)
  }

  const next = () => {
    const asked = line[0]
    if (asked === undefined || busy) return
    if (thread === undefined) open()
    // Time counts from where the thread is there: a slow line is no reason to give up.
    if (!ready) return
    busy = true
    stopWaiting = later(LONGEST, () => {
      end()
      done(null)
    })
    thread?.postMessage({ id: 0, text: asked.text })
  }

  return {
    known: (text) => trees.get(text),
    read: (text) =>
      new Promise((answer) => {
        const tree = trees.get(text)
        if (tree !== undefined) return answer(tree)
        line.push({ text, answer })
        next()
      }),
    forget() {
      trees.clear()
      fail()
    },
  }
}

function remember(trees: Map<string, Tree | null>, text: string, tree: Tree | null): void {
  trees.set(text, tree)
  const [oldest] = trees.keys()
  if (trees.size > REMEMBERED && oldest !== undefined) trees.delete(oldest)
}
