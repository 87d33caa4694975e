import { readFile } from 'node:fs/promises'
import { type DirectoryFile, readDirectoryFile } from '#directory'
import { UsageError } from './usage.ts'

/** A directory in a file, YAML or JSON. Throws `DirectoryError` with every fault. */
export async function openDirectoryFile(path: string): Promise<DirectoryFile> {
  const bytes = await readFile(path)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new UsageError('This file is not UTF-8: save it as UTF-8.', { cause })
  }
  return readDirectoryFile(text)
}
