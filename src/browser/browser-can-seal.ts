/**
 * Can this browser make the keys that everything here needs? Old ones cannot, and none can on a page
 * that came without TLS. It is asked before anybody types, not when they send.
 */
export async function browserCanSeal(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey('X25519', false, ['deriveBits'])
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
    return true
  } catch {
    return false
  }
}
