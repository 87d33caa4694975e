import { join } from 'node:path'
import { runCommand } from './run-command.ts'

interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: string
}

interface Cruise {
  readonly modules: number
  readonly violations: readonly Violation[]
}

interface Report {
  readonly summary: {
    readonly totalCruised: number
    readonly violations: readonly {
      readonly from: string
      readonly to: string
      readonly rule: { readonly name: string }
    }[]
  }
}

/**
 * Looks at every module of `root`/src. It throws if it saw none: dependency-cruiser is content
 * with an empty tree, and with a TypeScript that it cannot read.
 */
export async function cruise(root: string): Promise<Cruise> {
  const program = join(process.cwd(), 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const args = [program, 'src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json']
  const { output } = await runCommand(process.execPath, args, { cwd: root })
  const start = output.indexOf('{')
  if (start < 0) throw new Error(`dependency-cruiser gave no report:\n${output}`)
  const report = JSON.parse(output.slice(start)) as Report
  if (report.summary.totalCruised === 0) throw new Error('the wall check looked at no module')
  return {
    modules: report.summary.totalCruised,
    violations: report.summary.violations.map(({ from, to, rule }) => ({
      from,
      to,
      rule: rule.name,
    })),
  }
}
