import type { Channel } from './channel.ts'
import type { Directory } from './directory.ts'
import type { Project } from './project.ts'

/** One change between two directories, as a person says it. */
export type Change = { readonly project: string; readonly says: string }

/** What changed from one directory to the other, in words, by project. */
export function differenceOf(before: Directory, after: Directory): readonly Change[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])].toSorted()
  return ids.flatMap((id) => {
    const [old, now] = [before.get(id), after.get(id)]
    if (old === undefined) return now === undefined ? [] : [{ project: id, says: added(now) }]
    if (now === undefined) return [{ project: id, says: `${old.name} is gone.` }]
    return [...changes(old, now)].map((says) => ({ project: id, says }))
  })
}

function added({ name, status, channels }: Project): string {
  return `${name} is new (${status}): ${channels.map(channelWords).join(', then ')}.`
}

function* changes(old: Project, now: Project): Generator<string> {
  for (const what of ['name', 'status', 'homepage', 'umbrella'] as const)
    if (old[what] !== now[what]) yield `${what} was ${shown(old[what])} and is ${shown(now[what])}.`
  for (const what of ['repositories', 'packages', 'imports', 'languages'] as const) {
    const gone = old[what].filter((one) => !now[what].includes(one))
    const come = now[what].filter((one) => !old[what].includes(one))
    for (const one of gone) yield `${what}: ${one} is gone.`
    for (const one of come) yield `${what}: ${one} is new.`
    if (gone.length + come.length === 0 && !same(old[what], now[what]))
      yield `${what} stand in another order.`
  }
  yield* channelChanges(old.channels, now.channels)
  if (!same(old.says, now.says)) yield 'What other sources say changed.'
}

function* channelChanges(old: readonly Channel[], now: readonly Channel[]): Generator<string> {
  for (const one of old)
    if (!now.some((other) => isSame(one, other))) yield `${channelWords(one)} is gone.`
  for (const one of now) {
    const before = old.find((other) => isSame(one, other))
    if (before === undefined) {
      yield `${channelWords(one)} is new.`
      continue
    }
    for (const what of ['key', 'key_at', 'personal', 'consent', 'verified', 'next'] as const)
      if (before[what] !== one[what])
        yield `${channelWords(one)}: ${what} was ${shown(before[what])} and is ${shown(one[what])}.`
    if (!same(before.evidence, one.evidence)) yield `${channelWords(one)}: its evidence changed.`
  }
  const kept = (list: readonly Channel[], other: readonly Channel[]) =>
    list.filter((one) => other.some((another) => isSame(one, another))).map(channelWords)
  if (!same(kept(old, now), kept(now, old)))
    yield `First comes ${now[0] === undefined ? 'nothing' : channelWords(now[0])}: the order changed.`
}

/** `mail security@example.org` */
export function channelWords({ kind, value }: Pick<Channel, 'kind' | 'value'>): string {
  return value === '' ? kind : `${kind} ${value}`
}

function isSame(one: Channel, other: Channel): boolean {
  return one.kind === other.kind && one.value === other.value
}

function shown(value: string | boolean): string {
  return value === '' ? 'empty' : String(value)
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
