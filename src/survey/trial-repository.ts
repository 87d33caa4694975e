import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** For tests: a folder of its own, gone when the test ends. */
export function trialFolder(after: (end: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-trial-survey-'))
  after(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/** Writes files and commits them on that day. A text that begins with `-> ` is a link. */
export function commitFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
  day = '2026-03-04',
): string {
  mkdirSync(folder, { recursive: true })
  const date = `${day}T12:00:00Z`
  const git = (...args: readonly string[]) =>
    execFileSync(
      'git',
      [
        '-c',
        'user.name=Volunteer 1',
        '-c',
        'user.email=volunteer@example.org',
        '-c',
        'commit.gpgsign=false',
        ...args,
      ],
      {
        cwd: folder,
        env: {
          PATH: process.env['PATH'],
          HOME: folder,
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_AUTHOR_DATE: date,
          GIT_COMMITTER_DATE: date,
        },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    ).trim()
  git('init', '--quiet', '--initial-branch=main')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    rmSync(join(folder, path), { force: true })
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), join(folder, path))
    else writeFileSync(join(folder, path), text)
  }
  git('add', '--all', '--force')
  git('commit', '--quiet', '--no-verify', '--allow-empty', '--message=A change')
  return git('rev-parse', 'HEAD')
}
