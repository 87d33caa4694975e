import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, faultOf, type Shipped } from './licence-law.ts'

interface Locked {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
}

const texts = ['LICENSE', 'NOTICE', 'licences/LGPL-3.0.txt', 'licences/GPL-3.0.txt']

const shipped = shippedPackages()
for (const one of shipped) console.log(describe(one))
const faults = [
  ...shipped.map(faultOf).filter((fault) => fault !== undefined),
  ...texts.filter((file) => !existsSync(file)).map((file) => `${file} is missing`),
]
for (const fault of faults) console.log(fault)
if (shipped.length === 0) console.log('the licence check looked at no package')
process.exitCode = faults.length === 0 && shipped.length > 0 ? 0 : 1
console.log(`${shipped.length} shipped packages, ${faults.length} faults`)

/** Every package that runs in production. The licence is the one in the package, not in the lock. */
function shippedPackages(): Shipped[] {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, Locked>
  }
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .flatMap(([path, locked]) => {
      const file = join(path, 'package.json')
      // An optional package for another machine is not installed and not shipped from here.
      if (locked.optional === true && !existsSync(file)) return []
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as { license?: unknown }
      const licence = typeof manifest.license === 'string' ? manifest.license : undefined
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      return [{ name, version: locked.version ?? '', ...(licence !== undefined && { licence }) }]
    })
}
