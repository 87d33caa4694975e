import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readBrowserFiles, treeLook } from '#http'
import { openDeskChain } from '#identity'
import { publishTree, type Tree } from '#publication'
import { buildTree } from '#valve'
import { originOf } from './address.ts'
import type { Place } from './arguments.ts'
import { openDataFolder } from './data-folder.ts'
import { enterHouse } from './house.ts'
import { clock } from './rooms.ts'
import { ServerError } from './server-error.ts'

const BROWSER_FILES = join(import.meta.dirname, '../../dist/browser')

export type Built = { readonly files: number; readonly bytes: number; readonly at: string }

/** `postern publish build`: the tree that the server serves, byte for byte, for a host anywhere. Also beside a running server. */
export async function publishBuild(
  { out, ...place }: Place & { readonly out: string },
  say: (step: string) => void,
): Promise<Built> {
  if (existsSync(out) && readdirSync(out).length > 0)
    throw new ServerError('usage', `${resolve(out)} is not empty: name a new folder by --out.`)
  const data = openDataFolder(place.data)
  const house = await enterHouse({ data, databaseUrl: place.databaseUrl, say }, 'publish')
  try {
    const { logins } = house.database
    const directory = await openDeskChain(logins.identity).current()
    const url = originOf(house.settings.url ?? 'http://localhost')
    const look = treeLook(readBrowserFiles(BROWSER_FILES))
    const deps = { db: logins.site, url, publish: publishTree, options: { look } }
    const tree = directory && (await buildTree(deps, directory, clock()))
    if (tree === undefined || tree.counting.length === 0)
      throw new ServerError('not-found', 'Nothing was released yet.')
    const bytes = writeTree(out, tree.files)
    say(`${tree.files.size} files with ${bytes} bytes are in ${resolve(out)}.`)
    return { files: tree.files.size, bytes, at: tree.at }
  } finally {
    await house.close()
  }
}

/** Readable for everybody, unlike all else that is written here. Returns how many bytes it was. */
function writeTree(out: string, files: Tree): number {
  const usual = process.umask(0o022)
  try {
    let bytes = 0
    for (const [path, content] of files) {
      const file = join(out, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content, { flag: 'wx' })
      bytes += content.length
    }
    return bytes
  } finally {
    process.umask(usual)
  }
}
