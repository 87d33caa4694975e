import type { Pin } from '#worker'

/**
 * The desk id that came with the page itself (PROTOCOL 0). It is never taken from an answer of the API:
 * a server that swaps desks later would be believed. `""` before the desk is set up.
 */
export function readPin(): Pin {
  const desk = document.querySelector<HTMLMetaElement>('meta[name="postern-desk"]')?.content ?? ''
  return { desk, origin: location.origin }
}
