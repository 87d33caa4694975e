/** Is this name the domain, or one below it? As mail counts them: without case, and nothing is below the empty one. */
export function isWithinDomain(name: string, domain: string): boolean {
  const [below, above] = [name.toLowerCase(), domain.toLowerCase()]
  return below === above || (above !== '' && below.endsWith(`.${above}`))
}
