import { verifySignature } from '#seal'
import type { FromVerify, ToVerify } from './verify-beside.ts'

/*
 * The thread that verifies signatures for the one that holds keys. It is started by that one, and no page
 * can speak to it: what it says is believed.
 */
addEventListener('message', ({ data: { n, signatures } }: MessageEvent<ToVerify>) => {
  void verifyAll(signatures).then((hold) => say({ n, hold }))
})
say({ ready: true })

async function verifyAll(signatures: ToVerify['signatures']): Promise<readonly boolean[]> {
  return Promise.all(signatures.map((signature) => verifySignature(...signature)))
}

function say(message: FromVerify): void {
  postMessage(message)
}
