import type { Place, Statement } from '#seal'

/**
 * What this machine remembers of a desk, so that a server cannot show it an older or another past
 * (H1, H3), and who was compared. It holds no content and no secret. Stored together, after all checks.
 */
export type Remembered = {
  /** The desk chain in full, as it was last verified. */
  readonly statements: readonly Statement[]
  /** Per chain the newest place that was seen. */
  readonly marks: Readonly<Record<string, Place>>
  /** The signed note of the newest verified checkpoint, for showing to others. */
  readonly checkpoint: string | undefined
  /** Members whose keys were compared on this machine, by key (PROTOCOL 4.4). */
  readonly compared: Readonly<Record<string, Compared>>
}

/** Whose key it was said to be at that time, and how it was compared. */
export type Compared = {
  readonly handle: string
  readonly how: 'words' | 'seen'
  readonly at: string
}

export const NOTHING_REMEMBERED: Remembered = {
  statements: [],
  marks: {},
  checkpoint: undefined,
  compared: {},
}

/** Where it is kept: a folder for the command line, IndexedDB for a browser. */
export type Memory = {
  /** The desk id first seen at this origin, if any (trust on first use). */
  readonly deskAt: (origin: string) => Promise<string | undefined>
  readonly pinDesk: (origin: string, desk: string) => Promise<void>
  readonly read: (desk: string) => Promise<Remembered>
  /** Reads, changes and stores in one step, so that two readers at once lose no mark. */
  readonly update: (desk: string, change: (before: Remembered) => Remembered) => Promise<void>
  /** Keeps two conflicting signed texts for showing to others. */
  readonly keepEvidence: (desk: string, name: string, text: string) => Promise<void>
}
