import type { FromVerify, VerifyingThread } from './verify-beside.ts'

/** Set by the build: the only address that a worker of this thread may have. */
declare const VERIFIER: string

/** Starts the thread that verifies signatures. This thread starts no other, and loads no other script. */
export function startVerifier(): VerifyingThread {
  const scope: object = globalThis
  const types = 'trustedTypes' in scope ? (scope.trustedTypes as TrustedTypes) : undefined
  const policy = types?.createPolicy('postern', { createScriptURL: ownAddress })
  const url = policy === undefined ? VERIFIER : policy.createScriptURL(VERIFIER)
  const worker = new Worker(url as string, { name: 'postern verifier' })
  return {
    postMessage: (message) => worker.postMessage(message),
    listen: (hear, failed) => {
      worker.addEventListener('message', ({ data }: MessageEvent<FromVerify>) => hear(data))
      worker.addEventListener('error', failed)
      worker.addEventListener('messageerror', failed)
    },
  }
}

type ScriptPolicy = { readonly createScriptURL: (url: string) => unknown }
type TrustedTypes = {
  readonly createPolicy: (name: string, rules: ScriptPolicy) => ScriptPolicy
}

function ownAddress(url: string): string {
  if (url !== VERIFIER) throw new TypeError('Not our worker.')
  return url
}
