import { readFile, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { planSecurityTxt, releaseDocuments, type SecurityTxtPlan } from '#client'
import { bytesOfText } from '#lexicon'
import { checkSecurityTxt, type Checked, writeSecurityTxt } from '#publication'
import { enter, MEMBER_FLAGS } from './enter.ts'
import { EXIT } from './exit.ts'
import { fetchSecurityTxt } from './fetch-security-txt.ts'
import { answer, createPrint, line } from './print.ts'
import { replacedWords } from './replaced-release.ts'
import { SECURITY_TXT } from './security-txt-alarm.ts'
import { readFlags, UsageError, wordsAre } from './usage.ts'

/** `postern securitytxt VERB …`: the file by which strangers find the desk (RFC 9116). */
export async function securityTxt(args: readonly string[]): Promise<void> {
  const [verb, ...rest] = args
  if (verb === 'check') await check(rest)
  else if (verb === 'sign') await sign(rest)
  else throw new UsageError('Say “postern securitytxt check” or “postern securitytxt sign”.')
}

/** Of anybody's file. Exit 5 where it has an error. */
async function check(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { json: 'yes' })
  const [place] = wordsAre(flags.words, 'FILE|URL')
  const isUrl = /^https?:\/\//i.test(place)
  if (isUrl && !URL.canParse(place)) throw new UsageError(`“${line(place)}” is no address.`)
  const given = isUrl ? await fetchSecurityTxt(place) : { bytes: await readFile(place) }
  const { bytes, ...about } = given
  const checked = checkSecurityTxt(bytes, { now: Date.now(), ...about })
  const { valid, signed, fields, findings } = checked
  const from = isUrl && 'from' in about ? { from: about.from } : {}
  answer(createPrint(flags.json), { valid, signed, ...from, fields, findings }, () => [
    ...findings.map(
      (each) =>
        `${each.level}${each.line === 0 ? '' : `, line ${each.line}`}: ${each.sentence} (${each.code})`,
    ),
    verdict(checked),
  ])
  if (!valid) process.exitCode = EXIT.refused
}

function verdict({ valid, signed }: Checked): string {
  if (!valid) return 'This is not a sound security.txt.'
  const told = 'This is a sound security.txt.'
  return signed ? `${told} It is signed; by whom was not checked here.` : told
}

const SIGN_FLAGS = {
  ...MEMBER_FLAGS,
  url: 'text',
  contact: 'many',
  canonical: 'many',
  policy: 'many',
  acknowledgments: 'many',
  language: 'many',
  csaf: 'many',
  expires: 'text',
  out: 'text',
  yes: 'yes',
} as const

/**
 * The desk's own, signed with its mail key on this machine, then released: a contact fact, so it counts by this one
 * signature. A person says yes to what they see. `--out` writes it to a file instead.
 */
async function sign(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, SIGN_FLAGS)
  wordsAre(flags.words)
  if (!flags.yes && !process.stdin.isTTY)
    throw new UsageError('Say --yes, or run this at a terminal to see the file and be asked.')
  const { view, self, keyring, print } = await enter(flags)
  const wishes = {
    contact: flags.contact,
    canonical: flags.canonical,
    acknowledgments: flags.acknowledgments,
    csaf: flags.csaf,
    ...(flags.url !== undefined && { origin: originOf(flags.url) }),
    ...(flags.policy.length > 0 && { policy: flags.policy }),
    ...(flags.language.length > 0 && { languages: flags.language }),
    ...(flags.expires !== undefined && { expires: timeSaid(flags.expires) }),
  }
  const plan = await planSecurityTxt(view, keyring, wishes, writeSecurityTxt)
  const replaces = flags.out === undefined ? replacedWords(view, SECURITY_TXT) : ''
  if (!flags.yes) await confirm(plan, replaces)
  else if (replaces !== '') print.say(replaces)
  const signed = await plan.sign()
  const { expires, fingerprint } = plan
  if (flags.out !== undefined) {
    await writeFile(flags.out, signed)
    answer(print, { expires, fingerprint }, () => [])
  } else {
    const bytes = bytesOfText(signed)
    const release = { path: SECURITY_TXT, bytes, licence: 'CC0-1.0' } as const
    const { id } = await releaseDocuments(view, self, { release })
    answer(print, { expires, fingerprint, release: id, text: signed }, () => [signed.trimEnd()])
    print.say('Released: it is public at once, and the other coordinators see it.')
  }
  print.say(`Signed with the mail key ${fingerprint}. It ends on ${expires}: renew it before.`)
}

function originOf(url: string): string {
  if (!URL.canParse(url)) throw new UsageError(`“${line(url)}” is no address.`)
  return new URL(url).origin
}

/** A day stands for its beginning. */
function timeSaid(text: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text
}

async function confirm({ text, fingerprint }: SecurityTxtPlan, replaces: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const said = await terminal.question(
      `${text}\n${replaces}\nSign this with the mail key ${fingerprint}? (yes/no) `,
    )
    if (!/^y(es)?$/i.test(said.trim())) throw new UsageError('Then nothing was signed.')
  } finally {
    terminal.close()
  }
}
