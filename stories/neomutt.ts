import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export type MuttLetter = {
  /** A folder of its own. */
  readonly folder: string
  /** Where gpg keeps the keys of its user. */
  readonly home: string
  readonly port: number
  readonly from: string
  /** The key that it signs with. */
  readonly signer: string
  readonly to: string
  /** The key of `to`. */
  readonly recipient: string
  readonly subject: string
  readonly text: string
}

const PATIENCE = 30_000

/**
 * Sends a mail by Debian's neomutt as a person does: on a terminal, with `y` on the screen that shows what will
 * leave, encrypted and signed. Returns what the screen showed.
 */
export async function neomutt(letter: MuttLetter): Promise<string> {
  const { folder, home, port, from, signer, to, recipient, subject, text } = letter
  await mkdir(folder)
  const [settings, body] = [join(folder, 'neomuttrc'), join(folder, 'body')]
  await writeFile(body, text)
  // Whether a key is whose it says is not what this is about.
  await writeFile(join(home, 'gpg.conf'), 'trust-model always\n')
  const lines = [
    `set from="${from}" realname="Reporter" use_from=yes envelope_from=yes hostname="example.net"`,
    `set smtp_url="smtp://127.0.0.1:${port}/" ssl_starttls=no ssl_force_tls=no`,
    `set crypt_use_gpgme=yes crypt_autosign=yes crypt_autoencrypt=yes crypt_confirm_hook=no`,
    `set pgp_default_key=${signer} pgp_sign_as=${signer} crypt_protected_headers_write=yes`,
    `crypt-hook ^${to.replaceAll('.', '\\\\.')}$ ${recipient}`,
    `set editor="cp ${body}" autoedit=yes abort_unmodified=no fast_reply=yes edit_headers=no`,
    `set ask_cc=no ask_bcc=no record="" copy=no confirmcreate=no confirmappend=no`,
    `set folder="${folder}" spoolfile="${join(folder, 'in')}" tmpdir="${folder}"`,
  ]
  await writeFile(settings, `${lines.join('\n')}\n`)
  const words = ['neomutt', '-n', '-F', settings, '-s', `'${subject}'`, '--', to].join(' ')
  const child = spawn('script', ['-q', '-e', '-c', words, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      ...process.env,
      GNUPGHOME: home,
      TERM: 'xterm',
      LANG: 'C.UTF-8',
      COLUMNS: '100',
      LINES: '30',
    },
  })
  const timer = setTimeout(() => child.kill(), PATIENCE)
  let screen = ''
  let pressed = false
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    screen += more
    if (pressed || !screen.includes('Sign, Encrypt')) return
    pressed = true
    child.stdin.write('y')
  })
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(timer)
  const shown = stripVTControlCharacters(screen)
  if (code !== 0) throw new Error(`neomutt ended with ${String(code)}: ${shown.slice(-600)}`)
  return shown
}
