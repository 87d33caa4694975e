const PATHS = {
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.3 10.3l3.7 3.7',
  clip: 'M12.5 7.5 7.8 12.2a2.6 2.6 0 0 1-3.7-3.7l5.2-5.2a1.8 1.8 0 0 1 2.6 2.6l-5.1 5.1a.8.8 0 0 1-1.2-1.2l4.3-4.3',
  print: 'M4.5 6V2.5h7V6M4.5 12H2.5V6h11v6h-2M4.5 9.5h7v4h-7z',
  out: 'M6.5 3.5h-3v9h9v-3M9 2.5h4.5V7M13.5 2.5 7.5 8.5',
  close: 'M4 4l8 8M12 4l-8 8',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  tick: 'M3 8.5 6.5 12 13 4.5',
  lock: 'M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  plus: 'M8 3v10M3 8h10',
} as const

export type IconName = keyof typeof PATHS

/** Beside a word it is silent; alone it needs a label. */
export function Icon({
  name,
  label,
}: {
  readonly name: IconName
  readonly label?: string | undefined
}) {
  const said =
    label === undefined ? { 'aria-hidden': true } : { role: 'img' as const, 'aria-label': label }
  return (
    <svg class="i" viewBox="0 0 16 16" {...said}>
      <path d={PATHS[name]} />
    </svg>
  )
}
