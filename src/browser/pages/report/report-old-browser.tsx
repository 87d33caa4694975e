import { PublicFrame } from '../../parts/frame-public.tsx'
import { UNKNOWN_DESK } from './report-brand.ts'

export type OldBrowserProps = {
  readonly origin: string
  readonly here: 'report' | 'follow' | 'claim'
}

/** Without these keys nothing can be sealed, and nothing is sent unsealed. */
export function OldBrowserPage({ origin, here }: OldBrowserProps) {
  const command = {
    report: `bin/postern report \\\n  --to ${origin} \\\n  --text report.md`,
    follow: `bin/postern follow \\\n  --to ${origin} \\\n  --receipt 'the twelve words'`,
    claim: `bin/postern claim 'the whole link'`,
  }[here]
  return (
    <PublicFrame
      brand={UNKNOWN_DESK}
      here={here === 'claim' ? undefined : here}
      head={
        <>
          <h1>This browser cannot seal</h1>
          <p class="lead">
            It lacks the keys that this page needs (X25519 and Ed25519), or the page came without an
            encrypted connection. We send nothing unsealed instead.
          </p>
        </>
      }
    >
      <p>
        A current Firefox, Chrome, Edge or Safari can do it. So can the command line, from a copy of
        Postern’s source:
      </p>
      <pre class="code">{command}</pre>
    </PublicFrame>
  )
}
