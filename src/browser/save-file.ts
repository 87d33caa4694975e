const LONGEST = 150

/**
 * Gives a file to the person for saving. It is never opened here: a page, script or picture of a
 * stranger's would run or load as ours (R07), so it leaves without its type.
 */
export function saveFile(name: string, content: Blob | string): void {
  const blob = new Blob([content], { type: 'application/octet-stream' })
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = safeName(name)
  link.click()
  // Not at once: some browsers read the address only when the dialog was answered.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** A name without folders, without characters that hide or turn others round (R46), and not hidden itself. */
export function safeName(name: string): string {
  const plain = name
    .toWellFormed()
    .normalize()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\:*?"<>|]/gu, '_')
    .replace(/^[.\s]+|[.\s]+$/gu, '')
  return plain === '' ? 'attachment' : shorten(plain)
}

/** The end says what a file is, so the middle goes. */
function shorten(name: string): string {
  const letters = [...name]
  if (letters.length <= LONGEST) return name
  return `${letters.slice(0, LONGEST - 31).join('')}_${letters.slice(-30).join('')}`
}
