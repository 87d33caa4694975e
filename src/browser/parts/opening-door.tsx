import type { MessageShown } from '#worker'
import { Door } from './door.tsx'

/** How the report was kept, beside its title. Of a mail that looks encrypted nobody knows before it was opened. */
export function OpeningDoor({ opening }: { readonly opening: MessageShown }) {
  return opening.mail?.sealed === true ? null : <Door kept={opening.kept} />
}
