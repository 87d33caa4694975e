import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { When } from '../../parts/when.tsx'
import { WordsSheet } from '../../parts/words-sheet.tsx'

export type Link = { readonly link: string; readonly words: string; readonly expires: string }

/** Says that a link was made. It stands there before, for a region that comes with its words is often not heard. */
export function LinkSaid({ links }: { readonly links: number }) {
  return (
    <p class="sr" role="status">
      {links === 0
        ? ''
        : `The link is made${links === 1 ? '' : `, number ${links}`}. It has the focus.`}
    </p>
  )
}

/** The one thing that an invited person needs, and how it should travel. What was pressed for it is gone, so it takes the focus. */
export function InvitationLink(props: Link & { readonly main?: boolean }) {
  const { link, words, expires, main = true } = props
  const [copied, setCopied] = useState('')
  const place = useRef<HTMLPreElement>(null)
  useEffect(() => {
    place.current?.focus()
  }, [link])
  const copy = () => {
    navigator.clipboard.writeText(link).then(
      () => setCopied('Copied.'),
      () => setCopied('This browser did not let us copy: select the link and copy it.'),
    )
  }
  return (
    <div class="stack">
      <p>
        Give this link to the person by a way that you trust, such as a private message. It works
        once, until <When at={expires} />.
      </p>
      <pre class="code" ref={place} tabIndex={-1}>
        {link}
      </pre>
      <div class="line">
        <Button kind={main ? 'main' : 'plain'} onPress={copy}>
          Copy the link
        </Button>
        <span class="muted" role="status">
          {copied}
        </span>
      </div>
      <details>
        <summary>Or read twelve words to them</summary>
        <div class="stack">
          <p>They open /join at this address, or use the command line, and type the words.</p>
          <WordsSheet words={words} label="Invitation words" />
        </div>
      </details>
      <Notice title="Whoever reads the link can answer it.">
        <p>
          So you compare key words before you admit the person. The part after # never reaches the
          server; it keeps the code sealed to the coordinators, who can show it again.
        </p>
      </Notice>
    </div>
  )
}
