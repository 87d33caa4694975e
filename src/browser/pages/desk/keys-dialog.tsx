import { singleKeys } from '../../desk-state.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { KeyMap } from '../../parts/key-hint.tsx'
import { Check } from '../../parts/pick.tsx'
import { keyGroups } from './keys-map.ts'
import { switchSingleKeys } from './keys-switch.ts'
import { maySign } from './may-sign.ts'

/** Every key, and the switch for those who speak to their machine or press keys by mistake. */
export function KeysDialog({
  open,
  onClose,
}: {
  readonly open: boolean
  readonly onClose: () => void
}) {
  return (
    <Dialog
      open={open}
      wide
      title="Keys"
      onClose={onClose}
      foot={
        <Check
          label="Single keys are on"
          hint="Off: letters work only together with Alt. Keys are always dead in fields."
          checked={singleKeys.value}
          onCheck={switchSingleKeys}
        />
      }
    >
      <KeyMap groups={keyGroups(maySign)} />
    </Dialog>
  )
}
