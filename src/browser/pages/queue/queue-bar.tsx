import { Button } from '../../parts/button.tsx'
import { KeyHint } from '../../parts/key-hint.tsx'
import { Menu } from '../../parts/menu.tsx'
import { Tag } from '../../parts/tag.tsx'
import { countWords } from '../../size-words.ts'
import { maySign } from '../desk/may-sign.ts'
import { soon } from './queue-state.ts'

/** What the bar of the frame says on this page. */
export function QueueBar({ onAssess }: { readonly onAssess: () => void }) {
  const { over, day } = soon.value
  return (
    <>
      <h1>Queue</h1>
      {over > 0 && (
        <Tag tone="late">
          {over === 1 ? '1 promise broken' : `${countWords(over)} promises broken`}
        </Tag>
      )}
      {day > 0 && <span class="muted">{`${countWords(day)} due within a day`}</span>}
      <div class="end">
        <span class="keys only-wide" aria-hidden="true">
          <span>
            <KeyHint keys="J K" /> move
          </span>
          <span>
            <KeyHint keys="Enter" /> open
          </span>
          {maySign('acknowledge') && (
            <>
              <span>
                <KeyHint keys="A" /> acknowledge
              </span>
              <span>
                <KeyHint keys="X" /> select
              </span>
            </>
          )}
        </span>
        {maySign('assess') && (
          <Menu label="More">
            <Button kind="quiet" wide onPress={onAssess}>
              New assessment…
            </Button>
          </Menu>
        )}
      </div>
    </>
  )
}
