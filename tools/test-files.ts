import { globSync } from 'node:fs'

/** The files of the steps that run tests. */
export const TEST_FILES = {
  unit: ['src/**/*.test.{ts,tsx}', 'tools/**/*.test.ts'],
  vectors: ['vectors/*.test.ts'],
  stories: ['stories/**/*.test.ts'],
} as const
export type TestStep = keyof typeof TEST_FILES

export interface TestFile {
  readonly step: TestStep
  readonly path: string
}

export function isTestStep(step: string): step is TestStep {
  return step in TEST_FILES
}

/** What is long begins first, so that nobody waits at the end for one that has just begun. */
export function filesOf(steps: readonly TestStep[]): readonly TestFile[] {
  const files = steps.flatMap((step) =>
    globSync(TEST_FILES[step]).map((path): TestFile => ({ step, path })),
  )
  return files.toSorted(
    (a, b) => lengthOf(b) - lengthOf(a) || (a.path < b.path ? -1 : Number(a.path > b.path)),
  )
}

/** These are about the making of the database's folder: they make their own. */
const MAKE_CLUSTERS: readonly string[] = [
  'src/store/embedded-postgres.test.ts',
  'src/store/postgres-programs.test.ts',
  'stories/an-acknowledgement-comes-only-after-the-sync.test.ts',
  'stories/one-data-folder-has-one-server.test.ts',
]

export function makesClusters({ path }: TestFile): boolean {
  return MAKE_CLUSTERS.includes(path)
}

/** Rough seconds, for the order alone: a file that is not named here is a usual one of its step. */
const USUAL: Readonly<Record<TestStep, number>> = { unit: 1, vectors: 2, stories: 15 }
const LONG: Readonly<Record<string, number>> = {
  'stories/an-attachment-needs-no-more-memory-than-a-small-one.test.ts': 103,
  'stories/leaving-the-desk-leaves-nothing-behind.test.ts': 96,
  'stories/no-acknowledged-report-is-lost-none-doubled.test.ts': 78,
  'stories/everybody-can-use-it-in-every-width-and-colour.test.ts': 68,
  'stories/restore-gives-back-everything-and-an-older-state-does-not-pass-silently.test.ts': 64,
  'stories/no-page-runs-a-foreign-script.test.ts': 54,
  'src/server/serve.test.ts': 42,
  'stories/a-volunteer-at-midnight-sees-what-is-new.test.ts': 41,
  'stories/one-data-folder-has-one-server.test.ts': 40,
  'stories/a-lost-laptop-reads-nothing-more.test.ts': 39,
  'stories/every-act-of-the-desk-is-signed-once.test.ts': 38,
  'stories/whoever-was-added-to-a-case-is-offered-what-they-may-do.test.ts': 33,
  'stories/a-lost-key-is-replaced-and-nobody-resets-it.test.ts': 31,
  'src/server/backup.test.ts': 29,
  'stories/a-browser-without-prf-still-opens-the-desk.test.ts': 28,
  'stories/the-command-line-keeps-its-contract.test.ts': 28,
  'stories/what-is-seldom-shown-can-be-used-too.test.ts': 27,
  'stories/a-case-is-taken-answered-and-linked.test.ts': 26,
  'stories/a-key-opens-what-it-was-given-and-nothing-else.test.ts': 25,
  'src/store/embedded-postgres.test.ts': 23,
  'stories/a-changed-past-stops-every-page.test.ts': 23,
  'stories/a-report-goes-in-and-an-answer-comes-back.test.ts': 23,
  'stories/the-demo-shows-every-state.test.ts': 23,
  'stories/the-public-pages-are-plain-and-everybody-can-use-them.test.ts': 24,
  'src/server/doctor.test.ts': 20,
  'src/worker/looked-at.test.ts': 18,
  'src/server/open-letterbox.test.ts': 12,
  'src/worker/open-case.test.ts': 10,
  'src/server/usage.test.ts': 8,
  'src/client/admit.test.ts': 7,
  'src/text/read-mail.test.ts': 7,
  'src/worker/reporter.test.ts': 7,
  'tools/build-browser.test.ts': 7,
  'src/intake/mail/take-mail.test.ts': 6,
  'src/worker/queue-looks.test.ts': 6,
  'src/worker/watch-ledger.test.ts': 6,
  'tools/ready.test.ts': 5,
}

function lengthOf({ step, path }: TestFile): number {
  return LONG[path] ?? USUAL[step]
}

/** Every file that is named here, which a test looks for. */
export const NAMED: readonly string[] = [...MAKE_CLUSTERS, ...Object.keys(LONG)]
