import { transformSync } from 'esbuild'
import { readFileSync } from 'node:fs'
import { type LoadHookSync, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Lets a test load a .tsx file: import this first, then the part with `await import('./part.tsx')`. */
const load: LoadHookSync = (url, context, next) => {
  if (!url.startsWith('file:') || !url.endsWith('.tsx')) return next(url, context)
  const path = fileURLToPath(url)
  const { code } = transformSync(readFileSync(path, 'utf8'), {
    loader: 'tsx',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    format: 'esm',
    target: 'node24',
    sourcemap: 'inline',
    sourcefile: path,
  })
  return { format: 'module', source: code, shortCircuit: true }
}

registerHooks({ load })
