import { type Json, parseCanonical } from './canonical.ts'
import type { Form } from './form.ts'
import { Refused } from './refused.ts'

/** What was sealed inside an invitation or an offer: canonical, and of exactly this form. Throws `Refused` with this code. */
export function readInside<T>(
  text: string,
  form: Form<T>,
  { code, sentence }: { readonly code: 'invitation' | 'claim'; readonly sentence: string },
): T {
  const value = canonicalOf(text)
  if (!form(value)) throw new Refused(code, sentence)
  return value

  function canonicalOf(written: string): Json {
    try {
      return parseCanonical(written)
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause
      throw new Refused(code, sentence, { cause })
    }
  }
}
