import { generateKeyPairSync } from 'node:crypto'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import type { Zone } from './name-server.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const SPKI = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')

/** What example.net publishes: who sends for it, with which key, and that everything else is to be refused. */
export const SENDER_ZONE: Zone = {
  'TXT example.net': 'v=spf1 ip4:127.0.0.1 -all',
  'TXT s1._domainkey.example.net': `v=DKIM1; k=rsa; p=${SPKI}`,
  'TXT _dmarc.example.net': 'v=DMARC1; p=reject',
}

/** A mail with a DKIM signature of example.net, as its mail server makes one. */
export async function signedByDomain(lines: readonly string[]): Promise<readonly string[]> {
  const key = {
    signingDomain: 'example.net',
    selector: 's1',
    privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  }
  const mail = lines.join('\r\n').replace(/\r?\n/g, '\r\n')
  const { signatures } = await dkimSign(Buffer.from(mail), {
    canonicalization: 'relaxed/relaxed',
    signTime: new Date(),
    ...key,
    signatureData: [key],
  })
  return `${signatures}${mail}`.split('\r\n')
}
