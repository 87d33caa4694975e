import { wordlist } from '@scure/bip39/wordlists/english.js'
import { build, type Plugin } from 'esbuild'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { clientsContract } from './build-browser-contract.ts'
import { neverLoaded, reportersOpenpgp } from './build-browser-openpgp.ts'

export type Script = {
  readonly entry: string
  /** Which OpenPGP.js it gets. */
  readonly openpgp: 'whole' | 'reporters' | 'none'
  /** Does it claim cases? Only then it knows how to ask for that. */
  readonly claims?: boolean
  /** It uses a function or two of what it imports, and none of what that does when it is loaded. */
  readonly small?: boolean
  readonly define?: Readonly<Record<string, string>>
}

/** One script for browsers, in one file. */
export async function bundleScript({
  entry,
  openpgp,
  claims = false,
  small = false,
  define = {},
}: Script): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    // One file, one scope: nothing is loaded later, so nothing escapes integrity.
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    minify: true,
    legalComments: 'inline',
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define,
    plugins: [
      openpgpOf(openpgp),
      withoutNamedCharacters(),
      foldedWords(),
      readsNoMailByItself(openpgp),
      withoutServersPart(openpgp, claims),
      ...(small ? [withoutWhatNobodyAsks()] : []),
      withoutPublicPages(),
    ],
    logLevel: 'warning',
  })
  return outputFiles[0]?.contents ?? new Uint8Array()
}

const NO_OPENPGP = `module.exports = {}; throw new Error('OpenPGP.js is not part of this script')`
/** Mails are read at the desk alone: whoever follows a report is told that there is one. */
const NO_MAIL = `export const mailOf = ({ facts, raw }) => ({
  facts,
  sender: { shown: '', address: '', doubts: [], confirmed: false },
  subject: '',
  kind: 'person',
  returned: undefined,
  date: '',
  size: raw.length,
  sealed: false,
  raw: undefined,
})
export const isFromElsewhere = () => false`
const OPENPGP = {
  whole: 'openpgp.min.mjs',
  reporters: 'lightweight/openpgp.mjs',
  none: '',
} as const

/** Older browsers without X25519 in WebCrypto get a page that says so, not a slower cipher. */
function openpgpOf(which: Script['openpgp']): Plugin {
  const folder = join(process.cwd(), 'node_modules/openpgp/dist')
  return {
    name: 'openpgp',
    setup(hooks) {
      hooks.onResolve({ filter: /^openpgp$/ }, () =>
        which === 'none'
          ? { path: 'openpgp', namespace: 'nothing' }
          : { path: join(folder, OPENPGP[which]) },
      )
      hooks.onLoad({ filter: /./, namespace: 'nothing' }, () => ({ contents: NO_OPENPGP }))
      hooks.onLoad({ filter: /openpgp\/dist\/lightweight\// }, ({ path }) => ({
        contents: neverLoaded(path) ?? reportersOpenpgp(readFileSync(path, 'utf8')),
      }))
    },
  }
}

/**
 * The browser form of this package writes into innerHTML to learn what `&copy;` means, which our pages
 * refuse (R38), and its other form is a table of two thousand names. The parser sees no such name.
 */
function withoutNamedCharacters(): Plugin {
  return {
    name: 'without-named-characters',
    setup(hooks) {
      const stub = { path: 'decode-named-character-reference', namespace: 'stub' }
      hooks.onResolve({ filter: /^decode-named-character-reference$/ }, () => stub)
      hooks.onLoad({ filter: /./, namespace: 'stub' }, () => ({
        contents: 'export const decodeNamedCharacterReference = () => false',
      }))
    },
  }
}

/** Pages know what a mail looks like when it was read. What reads it is only in the threads that do. */
function readsNoMailByItself(openpgp: Script['openpgp']): Plugin {
  return {
    name: 'reads-no-mail-by-itself',
    setup(hooks) {
      const path = join(process.cwd(), 'node_modules/postal-mime/dist/esm/postal-mime.js')
      hooks.onResolve({ filter: /^postal-mime$/ }, () => ({ path, sideEffects: false }))
      hooks.onLoad({ filter: /src\/client\/mail-of\.ts$/ }, () =>
        openpgp === 'reporters' ? { contents: NO_MAIL } : undefined,
      )
    },
  }
}

/**
 * The words of a code stand in order, each begins like the one before: told as how many letters are the
 * same, and the rest, they are a third smaller. The list stays that of the package, word for word.
 */
function foldedWords(): Plugin {
  return {
    name: 'folded-words',
    setup(hooks) {
      hooks.onLoad({ filter: /@scure\/bip39\/wordlists\/english\.js$/ }, () => ({
        contents: wordsModule(wordlist),
      }))
    },
  }
}

/** A capital letter begins each word: A none of the letters before it, B the first, C the first two. */
export function wordsModule(words: readonly string[]): string {
  const told = words.map((word, n) => {
    const before = words[n - 1] ?? ''
    let same = 0
    while (same < word.length && word[same] === before[same]) same += 1
    return `${String.fromCharCode(65 + same)}${word.slice(same)}`
  })
  return `let before = ''
export const wordlist = Object.freeze('${told.join('')}'.match(/[A-Z][a-z]*/g).map((told) =>
  (before = before.slice(0, told.charCodeAt(0) - 65) + told.slice(1))))`
}

/** The bundler keeps a file of ours that makes anything when it is loaded, though nobody asks for it. */
function withoutWhatNobodyAsks(): Plugin {
  const asked = Symbol('asked')
  return {
    name: 'without-what-nobody-asks',
    setup(hooks) {
      hooks.onResolve({ filter: /^[.#]/ }, async ({ path, ...args }) => {
        if (args.pluginData === asked) return undefined
        const { kind, importer, resolveDir } = args
        const found = await hooks.resolve(path, { kind, importer, resolveDir, pluginData: asked })
        return { path: found.path, errors: found.errors, sideEffects: false }
      })
    },
  }
}

function withoutServersPart(openpgp: Script['openpgp'], claims: boolean): Plugin {
  return {
    name: 'without-servers-part',
    setup(hooks) {
      hooks.onLoad({ filter: /src\/contract\/[a-z-]+\.ts$/ }, ({ path }) => {
        // A reporter calls none of these.
        const [, members] = /\/(people|mail|answer|release)-endpoints\.ts$/.exec(path) ?? []
        if (openpgp === 'reporters' && members !== undefined)
          return { contents: `export const ${members.toUpperCase()}_ENDPOINTS = {}` }
        if (openpgp === 'reporters' && !claims && path.endsWith('/claim-endpoints.ts'))
          return { contents: 'export const CLAIM_ENDPOINTS = {}' }
        const contents = clientsContract(path, readFileSync(path, 'utf8'))
        return contents === undefined ? undefined : { contents, loader: 'ts' }
      })
    },
  }
}

const PURE = 'pure'

/**
 * Nothing happens by loading what makes public pages, reads directories and what these need: of them a script gets
 * what it calls, mostly nothing.
 */
function withoutPublicPages(): Plugin {
  const named = /^(?:#(?:publication|directory)|yaml|packageurl-js|micromark)$|^\.\.?\//
  const within = /\/src\/(?:publication|directory)\//
  return {
    name: 'without-public-pages',
    setup(hooks) {
      hooks.onResolve({ filter: named }, async (given) => {
        const { path, importer, resolveDir, kind } = given
        if (given.pluginData === PURE || (path.startsWith('.') && !within.test(importer)))
          return undefined
        const found = await hooks.resolve(path, { importer, resolveDir, kind, pluginData: PURE })
        if (found.errors.length > 0) return { errors: found.errors }
        return { path: found.path, namespace: found.namespace, sideEffects: false }
      })
    },
  }
}
