import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'

export type SecondTouch = {
  /** For `makePasskey`: resolves when the person pressed the button. */
  readonly again: () => Promise<void>
  /** The question, while it is asked. */
  readonly question: (() => void) | undefined
}

/** Asks the person before an older security key wants its second touch. */
export function useSecondTouch(): SecondTouch {
  const [question, setQuestion] = useState<() => void>()
  const again = () =>
    new Promise<void>((resolve) => {
      setQuestion(() => () => {
        setQuestion(undefined)
        resolve()
      })
    })
  return { again, question }
}

export function SecondTouchNotice({ touch }: { readonly touch: SecondTouch }) {
  const { question } = touch
  if (question === undefined) return null
  return (
    <Notice tone="accent" title="Your passkey is made. It needs one more touch." alert>
      <p>
        This key gives the secret that opens your desk only when it is used. Touch it once more, and
        from then on one touch is enough.
      </p>
      <div class="line">
        <Button kind="main" onPress={question}>
          Touch it once more
        </Button>
      </div>
    </Notice>
  )
}
