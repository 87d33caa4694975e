/** `Name <a@b>` or `a@b` and nothing else: of whatever can be read in two ways, no address is read. */
export function statedAddress(value: string): string | undefined {
  // Longer is no mailbox, and the patterns below look more than once at every letter.
  if (value.length > 1000) return undefined
  const bare = withoutComments(value)
  if (bare === undefined) return undefined
  const angle = /^(?<name>(?:"(?:[^"\\]|\\.)*"|[^"<>,;:])*)<(?<address>[^<>\s]+)>\s*$/s.exec(bare)
  const address = angle?.groups?.['address'] ?? bare.trim()
  return ADDRESS.test(address) ? address : undefined
}

/** Comments are read by some programs and passed over by others; a quoted bracket is none. */
function withoutComments(value: string): string | undefined {
  const outside = value.replace(/"(?:[^"\\]|\\.)*"/gs, '""')
  const open = outside.split('(').length
  if (open === 1) return value
  const simple = /^([^(]*)\([^()]*\)\s*$/.exec(value)
  return simple?.[1]
}

const ADDRESS = /^[^\s@<>,:;"()[\]\\]+@[^\s@<>,:;"()[\]\\]+$/

/**
 * Is this one mailbox, as a program may say? Nothing is left out of the local part: what stands behind a plus
 * is somebody else's mailbox at some servers. `""` is nobody's.
 */
export function isSameAddress(one: string, other: string): boolean {
  return one !== '' && one.toLowerCase() === other.toLowerCase()
}
