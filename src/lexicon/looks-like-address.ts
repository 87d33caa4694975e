/** What a form takes for one mail address, before anything is asked of it. Programs judge more strictly. */
export function looksLikeAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text)
}
