import { createHash } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { type Bytes, bytesOfBase64 } from '#lexicon'
import { armorCertificate } from '#seal'
import type { Env } from './door-env.ts'
import type { Rooms } from './handlers.ts'
import { HttpError } from './http-error.ts'

const WKD = '/.well-known/openpgpkey'
const BINARY = 'application/octet-stream'
/** Mail programs in a browser look keys up too. */
const FOR_EVERYBODY = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
} as const

/**
 * The key for encrypted mail to the desk, as its people signed it: as a file, and by its address in both
 * ways of the Web Key Directory, `openpgpkey.DOMAIN` and DOMAIN itself. The letters of `?l=` count for
 * nothing: the hash says which address is meant.
 */
export function serveMailKey(
  app: Hono<Env>,
  { identity, mail }: Pick<Rooms, 'identity' | 'mail'>,
  limit: (context: Context<Env>) => void,
): void {
  const found = async (context: Context<Env>): Promise<string> => {
    limit(context)
    const cert = (await identity.deskChain.current())?.now.mail.at(-1)?.cert
    if (cert === undefined) throw new HttpError('not-found')
    return cert
  }
  const given = (context: Context<Env>, body: Bytes | string, type = BINARY): Response => {
    context.set('headers', FOR_EVERYBODY)
    return new Response(body, { headers: { 'content-type': type } })
  }
  const key = (path: string) =>
    app.get(path, async (context) => {
      const { domain, hash = '' } = context.req.param() as { domain?: string; hash?: string }
      const cert = await found(context)
      if (!mail.addresses.some((address) => isMeant(address, hash, domain)))
        throw new HttpError('not-found')
      return given(context, bytesOfBase64(cert))
    })
  const policy = (path: string) =>
    app.get(path, async (context) => {
      const { domain } = context.req.param() as { domain?: string }
      await found(context)
      if (!mail.addresses.some((address) => domain === undefined || isOf(address, domain)))
        throw new HttpError('not-found')
      // Every line would ask for something; there is nothing to ask for.
      return given(context, '')
    })

  app.get('/mail-key.asc', async (context) => {
    const { armored } = await armorCertificate(await found(context))
    return given(context, armored, 'application/pgp-keys')
  })
  key(`${WKD}/hu/:hash`)
  policy(`${WKD}/policy`)
  key(`${WKD}/:domain/hu/:hash`)
  policy(`${WKD}/:domain/policy`)
}

function isMeant(address: string, hash: string, domain: string | undefined): boolean {
  const local = address.slice(0, address.lastIndexOf('@'))
  return hash === wkdHash(local) && (domain === undefined || isOf(address, domain))
}

function isOf(address: string, domain: string): boolean {
  return address.slice(address.lastIndexOf('@') + 1) === domain.toLowerCase()
}

const Z_BASE_32 = 'ybndrfg8ejkmcpqxot1uwisza345h769'

/** SHA-1 of the local part in z-base-32, 32 letters. It is a name here and protects nothing. */
function wkdHash(local: string): string {
  const bytes = createHash('sha1').update(local.toLowerCase()).digest()
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return bits.replaceAll(/.{5}/g, (five) => Z_BASE_32[parseInt(five, 2)] ?? '')
}
