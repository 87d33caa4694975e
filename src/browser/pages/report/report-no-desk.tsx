import { PublicFrame } from '../../parts/frame-public.tsx'
import { UNKNOWN_DESK } from './report-brand.ts'

/** Also for /follow: the page came without a pin, so there is nobody to seal for. */
export function NoDeskYet() {
  return (
    <PublicFrame
      brand={UNKNOWN_DESK}
      head={
        <>
          <h1>This desk is not set up yet</h1>
          <p class="lead">It takes no reports until its first coordinator has made its keys.</p>
        </>
      }
    >
      <p>
        Keep what you found to yourself until then, and <a href="/">look at the front page</a> again
        later.
      </p>
    </PublicFrame>
  )
}
