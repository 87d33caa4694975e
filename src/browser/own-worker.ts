/** Set by the build: the only addresses that a worker may have. */
declare const WORKERS: Readonly<Record<'reporter' | 'claim' | 'member' | 'text' | 'mail', string>>

export type WorkerName = keyof typeof WORKERS

/** Starts one of our own workers; there is no other way to a worker, nor to any script, from a page. */
export function startOwnWorker(which: WorkerName): Worker {
  const url = policy.createScriptURL(WORKERS[which])
  return new Worker(url as string, { name: `postern ${which}` })
}

type ScriptPolicy = { readonly createScriptURL: (url: string) => unknown }
type TrustedTypes = {
  readonly createPolicy: (name: string, rules: ScriptPolicy) => ScriptPolicy
}

/** The one policy that the Content-Security-Policy names: it knows five addresses and makes no HTML (R02). */
const policy = trustedTypesOf(globalThis)?.createPolicy('postern', {
  createScriptURL: ownAddress,
}) ?? {
  createScriptURL: ownAddress,
}

function ownAddress(url: string): string {
  if (!Object.values(WORKERS).includes(url)) throw new TypeError('Not our worker.')
  return url
}

function trustedTypesOf(scope: object): TrustedTypes | undefined {
  return 'trustedTypes' in scope ? (scope.trustedTypes as TrustedTypes) : undefined
}
