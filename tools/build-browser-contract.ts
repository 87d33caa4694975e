/*
 * Browsers get of the contract what a client asks of it: where an endpoint is, whether it takes a body, and
 * the shape of its answer. What a request must look like is for the server, which checks it anyway.
 */

/** A folder's file of the contract as browsers get it; `undefined` where it stays as it is. */
export function clientsContract(path: string, source: string): string | undefined {
  const [, file = ''] = /\/contract\/([a-z-]+)\.ts$/.exec(path) ?? []
  if (file === 'problems') return source.replaceAll(TOLD, '')
  if (file === 'shapes' || file === 'mail-orders') return withPureConstants(source)
  if (!file.endsWith('endpoints')) return undefined
  const left = source
    .replaceAll(TOLD, '')
    .replaceAll(SERVED, '')
    .replaceAll(BODY, "    body: 'bytes',\n")
  const loose = /^ {4}(?:summary|params|query|caller|fresh|cookie|status|body: [^'])/m.exec(left)
  if (loose !== null) throw new Error(`In ${path} “${loose[0].trim()}” is not told apart.`)
  return withPureConstants(left)
}

/** Sentences: what an endpoint is for, what a refusal says. */
const TOLD = /\b(?:summary|title):\s+(['`])[^'`]*\1,?/g
/** In the one form that the formatter leaves: a line, or lines until one closes at the same margin. */
const VALUE = String.raw`(?:[^\n]*[^({\n]|[^\n]*[({]\n[^]*?\n {4}[)}]+[^\n]*),\n`
const SERVED = new RegExp(`^ {4}(?:caller|cookie|fresh|status|params|query): ${VALUE}`, 'gm')
const BODY = new RegExp(`^ {4}body: ${VALUE}`, 'gm')

/** Making a shape does nothing else, so the bundler may drop those that nobody asks for. */
function withPureConstants(source: string): string {
  return source.replaceAll(
    /^((?:export )?const [a-z]\w* = )(.*(?:\n(?: .*|[)}\]].*))*)/gm,
    (_, name: string, made: string) => `${name}/* @__PURE__ */ (() => (${made}))()`,
  )
}
