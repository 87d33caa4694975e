import { useEffect, useRef } from 'preact/hooks'
import { bindKeys } from '../../keyboard.ts'

/** Keys for as long as a component is there. The acts may close over what was drawn last. */
export function useKeys<K extends string>(acts: Readonly<Partial<Record<K, () => void>>>): void {
  const latest = useRef(acts)
  latest.current = acts
  const names = Object.keys(acts).join('|')
  useEffect(
    () =>
      bindKeys(
        names.split('|').map((keys) => ({ keys, act: () => latest.current[keys as K]?.() })),
      ),
    [names],
  )
}
