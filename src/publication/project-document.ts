import { textOfBytes } from '#lexicon'

/** What the pages show of a project’s document (docs/formats/directory.md). */
export type Channel = {
  readonly kind: string
  readonly value: string
  readonly key: string
  readonly key_at: string
  readonly personal: boolean
  readonly consent: string
  readonly evidence: readonly {
    readonly where: string
    readonly when: string
    readonly says: string
  }[]
  readonly verified: string
  readonly next: string
}

export type Project = {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly homepage: string
  readonly repositories: readonly string[]
  readonly packages: readonly string[]
  readonly imports: readonly string[]
  readonly languages: readonly string[]
  readonly umbrella: string
  readonly channels: readonly Channel[]
  readonly says: readonly {
    readonly where: string
    readonly when: string
    readonly kind: string
    readonly value: string
    readonly differs: string
  }[]
}

export function projectOf(bytes: Uint8Array): Project {
  return JSON.parse(textOfBytes(bytes)) as Project
}
