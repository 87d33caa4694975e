import type { FromText, MailRead, ToText, Tree } from '#text'

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
  /** `null`: it was made to hang, or the thread did not load. */
  readonly readMail: (mail: Uint8Array<ArrayBuffer>) => Promise<MailRead | null>
  readonly attachmentOf: (
    mail: Uint8Array<ArrayBuffer>,
    attachment: number,
  ) => Promise<Uint8Array<ArrayBuffer> | null>
  /** Forgets every text, and the thread with them. */
  readonly forget: () => void
}

/** A text that takes longer is made to hang: it is shown as it was typed. */
const LONGEST = 2000
/** A mail may be a hundred times as large, and bring files. */
const LONGEST_MAIL = 8000
/** So many texts are remembered, so that scrolling back does not read them anew. */
const REMEMBERED = 400

type Asked = {
  readonly message: ToText
  readonly longest: number
  /** `undefined`: nothing came. */
  readonly answer: (heard: FromText | undefined) => void
}

/**
 * Reads strangers' texts in a thread of their own, one after the other. A text that hangs ends the thread
 * and costs nobody else more than those seconds: the next one gets a new thread.
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

  const done = (heard: FromText | undefined) => {
    stopWaiting()
    busy = false
    line.shift()?.answer(heard)
    next()
  }

  const hear = (message: FromText) => {
    if ('ready' in message) {
      ready = true
      next()
    } else done(message)
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
    for (const { answer } of waiting) answer(FAILED)
  }

  const next = () => {
    const asked = line[0]
    if (asked === undefined || busy) return
    if (thread === undefined) open()
    // Time counts from where the thread is there: a slow line is no reason to give up.
    if (!ready) return
    busy = true
    stopWaiting = later(asked.longest, () => {
      end()
      done(undefined)
    })
    thread?.postMessage(asked.message)
  }

  const ask = (message: ToText, longest: number): Promise<FromText | undefined> =>
    new Promise((answer) => {
      line.push({ message, longest, answer })
      next()
    })

  return {
    known: (text) => trees.get(text),
    read: async (text) => {
      const known = trees.get(text)
      if (known !== undefined) return known
      const heard = await ask({ text }, LONGEST)
      const tree = heard !== undefined && 'tree' in heard ? heard.tree : null
      // A thread that did not load is no word about the text.
      if (heard !== FAILED) remember(trees, text, tree)
      return tree
    },
    readMail: async (mail) => {
      const heard = await ask({ mail }, LONGEST_MAIL)
      return heard !== undefined && 'mail' in heard ? heard.mail : null
    },
    attachmentOf: async (mail, attachment) => {
      const heard = await ask({ mail, attachment }, LONGEST_MAIL)
      return heard !== undefined && 'attachment' in heard ? heard.attachment : null
    },
    forget() {
      trees.clear()
      fail()
    },
  }
}

const FAILED: FromText = { ready: true }

function remember(trees: Map<string, Tree | null>, text: string, tree: Tree | null): void {
  trees.set(text, tree)
  const [oldest] = trees.keys()
  if (trees.size > REMEMBERED && oldest !== undefined) trees.delete(oldest)
}
