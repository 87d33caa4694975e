export type TreeFindingCode =
  // The desk chain does not hold, or is of another desk than the one expected.
  | 'chain'
  | 'site'
  // Released, and not here.
  | 'missing'
  // Other bytes than were released, or than a page of this is.
  | 'changed'
  // Nobody released it, or it was withdrawn.
  | 'not-released'
  | 'form'
  // A sheet, a font or a mark that this program does not have: nobody releases these.
  | 'look'
  // The chain ends too long ago, or before a statement that was seen: a copy that was rolled back.
  | 'old'
  | 'leak'
  | 'link'

/** What is wrong at one place of a tree. The path may be a stranger's word: show it as such. */
export type TreeFinding = {
  readonly path: string
  readonly code: TreeFindingCode
  readonly says: string
}
