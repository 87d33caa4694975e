import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'

export interface Offence {
  readonly file: string
  readonly line: number
  readonly law: Law
}

export type Law =
  | 'only-seal-says-opened-or-sealed'
  | 'imports-are-written-out'
  | 'nothing-is-silenced'
  | 'files-have-a-name'

const silencers = /\b(ox|es)lint-disable|@ts-(ignore|expect-error|nocheck)|prettier-(ignore)/
const nameless = /^(utils?|helpers?|common|core|manager|misc|types|interfaces|shared)\.tsx?$/

/** What no import rule can see: laws about the text of a file. */
export function offencesIn(root: string): { readonly files: number; readonly offences: Offence[] } {
  const files = globSync('{src,tools,stories,vectors}/**/*.{ts,tsx}', { cwd: root }).toSorted()
  return {
    files: files.length,
    offences: files.flatMap((file) => offencesOf(file, readFileSync(join(root, file), 'utf8'))),
  }
}

export function offencesOf(file: string, text: string): Offence[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const offences: Offence[] = []
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1
  const refuse = (law: Law, position: number) =>
    offences.push({ file, line: lineAt(position), law })

  if (nameless.test(basename(file))) refuse('files-have-a-name', 0)
  const silencer = silencers.exec(text)
  if (silencer !== null) refuse('nothing-is-silenced', silencer.index)

  const visit = (node: ts.Node): void => {
    if (isAssertion(node) && !file.startsWith('src/seal/') && namesSealedOrOpened(node.type)) {
      refuse('only-seal-says-opened-or-sealed', node.getStart())
    }
    if (isImportByVariable(node)) refuse('imports-are-written-out', node.getStart())
    ts.forEachChild(node, visit)
  }
  visit(source)
  return offences
}

function isAssertion(node: ts.Node): node is ts.AsExpression | ts.TypeAssertion {
  return ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)
}

function namesSealedOrOpened(type: ts.TypeNode): boolean {
  return /\b(Opened|Sealed)\b/.test(type.getText())
}

// The wall check follows only imports that it can read.
function isImportByVariable(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) {
    return false
  }
  const what = node.arguments[0]
  return what === undefined || !ts.isStringLiteralLike(what)
}
