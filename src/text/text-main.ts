import type { FromText, ToText } from './to-text.ts'
import { treeOf } from './tree-of.ts'

/*
 * The thread that reads strangers' texts. It holds no key and remembers nothing, so whoever asked may end
 * it at any time: a text that is made to hang holds this thread and nobody else.
 */
addEventListener('message', ({ data }: MessageEvent<ToText>) => {
  if ('text' in data) say({ tree: treeOf(data.text) })
})
say({ ready: true })

function say(message: FromText): void {
  postMessage(message)
}
