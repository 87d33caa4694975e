/** What the first coordinator types before any key is made. */
export type DeskForm = {
  readonly secret: string
  readonly name: string
  readonly domain: string
  readonly handle: string
}

export type FormError = { readonly id: keyof DeskForm; readonly text: string }

/** The one-time secret, also out of a whole set-up link; `""` when there is none in it. */
export function setupSecret(text: string): string {
  const secret = text.trim().replace(/^.*#/s, '')
  return /^[0-9a-f]{64}$/.test(secret) ? secret : ''
}

/** As they go into the first statement of the desk: what is wrong with them, field by field. */
export function deskFormErrors(form: DeskForm): readonly FormError[] {
  const { secret, name, domain, handle } = form
  const errors: FormError[] = []
  if (setupSecret(secret) === '')
    errors.push({
      id: 'secret',
      text: 'Paste the whole set-up link, or the 64 letters and digits after # in it.',
    })
  if (!isLine(name, 200))
    errors.push({
      id: 'name',
      text: 'Say the foundation’s name in one line, 200 characters at most.',
    })
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(domain.trim()) || domain.trim().length > 253)
    errors.push({ id: 'domain', text: 'Write the domain in small letters, such as example.org.' })
  if (!isLine(handle, 100)) errors.push({ id: 'handle', text: HANDLE_ERROR })
  return errors
}

export const HANDLE_ERROR = 'Choose a handle of one line, 100 characters at most.'

/** Text of one line as statements take it. */
export function isLine(text: string, most: number): boolean {
  const line = text.trim()
  return line !== '' && line.length <= most && !/\p{Cc}/u.test(line) && line.isWellFormed()
}

/**
 * May a passkey that was made for a try serve the next one? The desk takes its challenge once and for five
 * minutes; when the desk refused, the challenge is gone, when it never answered, perhaps not.
 */
export function mayServeAgain(made: { readonly at: number }, now: number, code: string): boolean {
  return (code === 'unreachable' || code === 'unavailable') && now - made.at < 4 * 60_000
}
