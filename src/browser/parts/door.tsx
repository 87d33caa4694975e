const SHUT = 'M3 15V6.5a5 5 0 0 1 10 0V15z'
const HALF = 'M3 15V6.5a5 5 0 0 1 10 0V15zM8 3a3.5 3.5 0 0 1 3.5 3.5v7H8z'
const OPEN = 'M3 15V6.5a5 5 0 0 1 10 0V15zM4.5 13.5h7v-7a3.5 3.5 0 0 0-7 0z'

const DOORS = {
  'end-to-end': {
    path: SHUT,
    style: 'door e2e',
    word: 'End to end',
    says: 'Sealed on the writer’s machine; only the readers named can open it.',
  },
  arrival: {
    path: HALF,
    style: 'door arrival',
    word: 'Sealed on arrival',
    says: 'It was readable on its way, and sealed when it came in.',
  },
  public: { path: OPEN, style: 'door public', word: 'Public', says: 'Everybody can read it.' },
  team: {
    path: SHUT,
    style: 'door team',
    word: 'Team only',
    says: 'Sealed for the coordinators of this desk; the reporter cannot read it.',
  },
} as const

export type DoorProps = {
  readonly kept: keyof typeof DOORS
  readonly readers?: number | undefined
  /** Said instead of the usual word, where an act is meant: `Sealed and sent`. */
  readonly word?: string | undefined
}

/** How a text is kept. The word says it; the door repeats it. */
export function Door({ kept, readers, word = DOORS[kept].word }: DoorProps) {
  const { path, style, says } = DOORS[kept]
  return (
    <span class={style} title={says}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path fill-rule="evenodd" d={path} />
      </svg>
      {readers === undefined
        ? word
        : `${word}: ${readers === 1 ? '1 reader' : `${String(readers)} readers`}`}
    </span>
  )
}
