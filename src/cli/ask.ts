import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { readCode } from '#seal'
import type { Way } from '#client'
import { line } from './print.ts'
import { UsageError } from './usage.ts'

/**
 * How the key file opens: `POSTERN_PASSPHRASE`, `POSTERN_RECOVERY` (twelve words), or asked at the
 * terminal. Never a flag: flags stand in the list of processes.
 */
export async function askWay(): Promise<Way> {
  const recovery = process.env['POSTERN_RECOVERY']
  if (recovery !== undefined && recovery !== '') return { recovery: readCode(recovery) }
  return { passphrase: await askPassphrase('Passphrase of the key file: ') }
}

/** The desk's root words, from `POSTERN_ROOT` or asked at the terminal. They are kept nowhere. */
export async function askRoot(): Promise<string> {
  const given = process.env['POSTERN_ROOT']
  if (given !== undefined && given !== '') return given
  if (!process.stdin.isTTY)
    throw new UsageError('Set POSTERN_ROOT, or run this at a terminal to be asked.')
  return askSilently('Root words of the desk: ')
}

/** A passphrase for a new key file, asked twice at a terminal. */
export async function askNewPassphrase(): Promise<string> {
  const given = process.env['POSTERN_PASSPHRASE']
  if (given !== undefined && given !== '') return given
  const first = await askPassphrase('New passphrase for the key file: ')
  if (first.length < 8) throw new UsageError('A passphrase has at least eight characters.')
  if ((await askPassphrase('The same again: ')) !== first)
    throw new UsageError('The two passphrases differ: nothing was made.')
  return first
}

/** At a terminal, the words are shown and asked for before anything is signed (K1, N6). */
export async function confirmWords(
  name: string,
  words: string,
  roles: readonly string[] = [],
): Promise<void> {
  if (!process.stdin.isTTY) return
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const said = await terminal.question(
      `Key words of ${line(name)}${roles.length === 0 ? '' : ` (${roles.join(', ')})`}, as this machine computed them:\n\n    ${words}\n\nDid they read the same words to you? (yes/no) `,
    )
    if (!/^y(es)?$/i.test(said.trim())) throw new UsageError('Then nobody was admitted.')
  } finally {
    terminal.close()
  }
}

async function askPassphrase(question: string): Promise<string> {
  const given = process.env['POSTERN_PASSPHRASE']
  if (given !== undefined && given !== '') return given
  if (!process.stdin.isTTY)
    throw new UsageError('Set POSTERN_PASSPHRASE, or run this at a terminal to be asked.')
  return askSilently(question)
}

async function askSilently(question: string): Promise<string> {
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}
