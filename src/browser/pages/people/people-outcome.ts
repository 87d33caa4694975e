/** What was signed and does not count yet. */
export function waitsSentence(what: string): string {
  return `${what} is signed and waits for a second person: another coordinator or a board member approves it under “People”.`
}
